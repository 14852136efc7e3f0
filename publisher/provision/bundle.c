/* Writes the files of a provision, and takes them back when one fails. */
#include "publisher/provision/bundle.h"

#include "base/files.h"

#include <stdio.h>
#include <unistd.h>

bool bundle_add(struct bundle *bundle, const char *folder, const char *name,
                unsigned mode, const char *text, struct problem *problem)
{
    if (!text)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (bundle->count == BUNDLE_FILES_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "more than %d files in one folder",
                           BUNDLE_FILES_MAX);
    char *path = bundle->paths[bundle->count];
    int length = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    if (length < 0 || length >= PATH_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "the folder's name is too long");
    if (!folder_ensure(folder, problem) ||
        !file_create(path, mode, text, problem))
        return false;
    bundle->count++;
    return true;
}

void bundle_undo(struct bundle *bundle)
{
    while (bundle->count > 0)
        unlink(bundle->paths[--bundle->count]);
}
