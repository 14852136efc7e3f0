/* Finds the data of the program, and the program beside it. */
#include "base/data_path.h"

#include <stdio.h>
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

/* The folder of the running program, with a slash at its end. */
static bool find_program_folder(char *out, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", out, size - 1);

    while (length > 0 && out[length - 1] != '/')
        length--;
    out[length > 0 ? length : 0] = '\0';
    return length > 0;
}

bool data_path_installed(struct data_path *out)
{
    static const char behind[] = "../share/gaoshi";
    char folder[DATA_PATH_BYTES - sizeof behind];

    if (!find_program_folder(folder, sizeof folder))
        return false;
    snprintf(out->root, sizeof out->root, "%s%s", folder, behind);
    return true;
}

void program_beside(const char *name, char out[DATA_PATH_BYTES])
{
    char folder[DATA_PATH_BYTES - 64];

    if (find_program_folder(folder, sizeof folder)) {
        snprintf(out, DATA_PATH_BYTES, "%s%.60s", folder, name);
        if (access(out, X_OK) == 0)
            return;
    }
    snprintf(out, DATA_PATH_BYTES, "%s", name);
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
    } else if (!data_path_installed(&path) || !holds_data(&path)) {
        return problem_set(problem, PROBLEM_SYSTEM,
                           "no ../share/gaoshi/data/themes beside the "
                           "program; say --data DIR");
    }
    *out = path;
    return true;
}
