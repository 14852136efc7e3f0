/* Finds data/ and fonts/ for the edges that read them. */
#include "base/data_path.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char marker[] = "data/themes";

bool data_path_join(const struct data_path *path, const char *relative,
                    char *out, size_t size)
{
    int length = snprintf(out, size, "%s/%s", path->root, relative);

    return length >= 0 && (size_t)length < size;
}

static bool holds_data(const struct data_path *path)
{
    char folder[DATA_PATH_BYTES + sizeof marker];

    return data_path_join(path, marker, folder, sizeof folder) &&
           access(folder, R_OK | X_OK) == 0;
}

/* Where the program was installed: bin/gaoshi-display → share/gaoshi. */
static bool find_installed(struct data_path *path)
{
    static const char behind[] = "/../share/gaoshi";
    char program[DATA_PATH_BYTES - sizeof behind];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

    if (length <= 0)
        return false;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = '\0';
    snprintf(path->root, sizeof path->root, "%s%s", program, behind);
    return holds_data(path);
}

bool data_path_find(const char *given, struct data_path *out,
                    struct problem *problem)
{
    struct data_path path;

    if (given && given[0]) {
        int length = snprintf(path.root, sizeof path.root, "%s", given);
        if (length < 0 || (size_t)length >= sizeof path.root ||
            !holds_data(&path))
            return problem_set(problem, PROBLEM_SYSTEM,
                               "%.120s: no folder data/themes in it", given);
    } else if (!find_installed(&path)) {
        return problem_set(problem, PROBLEM_SYSTEM,
                           "no ../share/gaoshi/data/themes beside the "
                           "program; say --data DIR");
    }
    *out = path;
    return true;
}
