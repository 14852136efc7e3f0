/* Where the program's own data (themes, chain of fonts, templates) and the
 * other installed program are. */
#ifndef GAOSHI_BASE_DATA_PATH_H
#define GAOSHI_BASE_DATA_PATH_H

#include "base/problem.h"

enum { DATA_PATH_BYTES = 1024 };

/* A folder that holds data/ and fonts/. */
struct data_path {
    char root[DATA_PATH_BYTES];
};

/* Takes the given folder, or for NULL or "" the folder ../share/gaoshi beside
 * the program. The folder must contain data/themes. */
bool data_path_find(const char *given, struct data_path *out,
                    struct problem *problem);

/* The folder ../share/gaoshi beside the program, even if it does not exist.
 * False: the path of the program is not known. */
bool data_path_installed(struct data_path *out);

/* The path of a program in the same folder as this one, if there is one;
 * otherwise the bare name, which is looked up in PATH. */
void program_beside(const char *name, char out[DATA_PATH_BYTES]);

/* Writes root/relative into out. False: it is too long. */
bool data_path_join(const struct data_path *path, const char *relative,
                    char *out, size_t size);

#endif
