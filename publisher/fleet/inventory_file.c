/* Reads the inventory, and adds rows to it. */
#include "publisher/fleet/inventory_file.h"

#include "base/files.h"
#include "base/translate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MODE_NEW = 0644, MODE_BITS = 0777 };

#define HEADINGS "\xEF\xBB\xBFid,place,area,groups,notes\r\n"

bool inventory_load(const char *path, struct inventory *out,
                    struct problem *problem)
{
    size_t size = 0;
    char *bytes = file_read(path, INVENTORY_BYTES_MAX, &size, problem);

    if (!bytes)
        return false;
    problem_set_place(problem, path);
    bool read = inventory_parse(bytes, size, out, problem);
    free(bytes);
    return read;
}

/* The bytes of the file with the row behind them, the caller's. */
static char *join(const char *bytes, const struct inventory_form *form,
                  const struct inventory_screen *screen,
                  struct problem *problem)
{
    char *row = inventory_format_row(form, screen);
    char *encoded = row ? inventory_encode(form, row) : NULL;
    char *whole = NULL;

    if (!encoded)
        problem_set(
            problem, PROBLEM_SYSTEM, "%s",
            form->encoding == CSV_UTF16
                ? tr("UTF-16 is read and not written: save it as UTF-8")
                : tr("the row cannot be written in the file's encoding"));
    else if (asprintf(&whole, "%s%s%s", bytes,
                      form->ends_with_line ? "" : form->line_end, encoded) < 0)
        whole = NULL;
    free(encoded);
    free(row);
    return whole;
}

static bool append_to(const char *path, const char *bytes, size_t size,
                      unsigned mode, const struct inventory_screen *screen,
                      bool *added, struct problem *problem)
{
    struct inventory inventory;

    problem_set_place(problem, path);
    if (!inventory_parse(bytes, size, &inventory, problem))
        return false;
    bool known = inventory_find(&inventory, screen->id) != NULL;
    char *whole = known ? NULL : join(bytes, &inventory.form, screen, problem);
    bool done = known || (whole && file_replace(path, mode, whole, problem));
    *added = done && !known;
    free(whole);
    inventory_finish(&inventory);
    return done;
}

bool inventory_append(const char *path, const struct inventory_screen *screen,
                      bool *added, struct problem *problem)
{
    char *folder = file_folder(path);
    struct stat status;
    int lock = folder ? folder_lock(folder, problem) : -1;
    bool done = false;

    free(folder);
    if (lock < 0)
        return false;
    if (stat(path, &status) != 0 && errno == ENOENT) {
        done = append_to(path, HEADINGS, sizeof HEADINGS - 1, MODE_NEW, screen,
                         added, problem);
    } else {
        size_t size = 0;
        char *bytes = file_read(path, INVENTORY_BYTES_MAX, &size, problem);
        done = bytes && append_to(path, bytes, size, status.st_mode & MODE_BITS,
                                  screen, added, problem);
        free(bytes);
    }
    folder_unlock(lock);
    return done;
}
