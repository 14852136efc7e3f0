/* Temporary folders: every test that writes files gets one of its own. */
#include "tests/support/folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *folder_make(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = NULL;

    if (asprintf(&path, "%s/gaoshi-test-XXXXXX",
                 parent && parent[0] ? parent : "/tmp") < 0)
        return NULL;
    if (!mkdtemp(path)) {
        perror(path);
        free(path);
        return NULL;
    }
    return path;
}

static int remove_entry(const char *path, const struct stat *status, int type,
                        struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void folder_remove(const char *folder)
{
    enum { OPEN_FOLDERS = 8 };

    if (folder)
        nftw(folder, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

char *folder_path(const char *folder, const char *name)
{
    char *path = NULL;

    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

bool folder_write(const char *folder, const char *name, const char *text)
{
    char *path = folder_path(folder, name);
    FILE *file = path ? fopen(path, "w") : NULL;

    free(path);
    if (!file)
        return false;
    bool written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

static char *read_all(FILE *file)
{
    char *text = NULL;
    size_t size = 0;

    /* Up to a NUL that is not there: the whole file. */
    if (getdelim(&text, &size, '\0', file) < 0) {
        free(text);
        return ferror(file) ? NULL : calloc(1, 1);
    }
    return text;
}

char *folder_read(const char *folder, const char *name)
{
    char *path = folder_path(folder, name);
    FILE *file = path ? fopen(path, "r") : NULL;

    free(path);
    if (!file)
        return NULL;
    char *text = read_all(file);
    fclose(file);
    return text;
}
