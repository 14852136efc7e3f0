/* Reads and writes the files of a backlight. */
#include "display/edge/render/backlight.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_number(const char *path)
{
    FILE *file = fopen(path, "re");
    int number = 0;

    if (file && fscanf(file, "%d", &number) != 1)
        number = 0;
    if (file)
        fclose(file);
    return number;
}

static bool try_device(struct backlight *backlight, const char *folder,
                       const char *name)
{
    char path[BACKLIGHT_PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/%s/max_brightness", folder,
                          name);

    if (length < 0 || length >= (int)sizeof path)
        return false;
    backlight->most = read_number(path);
    snprintf(backlight->file, sizeof backlight->file, "%s/%s/brightness",
             folder, name);
    return backlight->most > 0;
}

bool backlight_find(struct backlight *backlight, const char *folder)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, NULL, alphasort);
    bool found = false;

    for (int i = 0; i < count; i++) {
        found = found || (names[i]->d_name[0] != '.' &&
                          try_device(backlight, folder, names[i]->d_name));
        free(names[i]);
    }
    free(names);
    if (!found)
        *backlight = (struct backlight){.most = 0};
    return found;
}

bool backlight_set(const struct backlight *backlight, int percent)
{
    char text[16];
    int value = (int)((long long)backlight->most * percent / 100);
    int length = snprintf(text, sizeof text, "%d\n", value > 0 ? value : 1);
    int fd = backlight->file[0]
                 ? open(backlight->file, O_WRONLY | O_TRUNC | O_CLOEXEC)
                 : -1;

    bool written = fd >= 0 && write(fd, text, (size_t)length) == length;
    if (fd >= 0)
        close(fd);
    return written;
}
