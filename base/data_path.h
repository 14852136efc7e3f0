/* Where the program's own data lies (themes, chain of fonts, templates), and
 * the program that was installed beside it. */
#ifndef GAOSHI_BASE_DATA_PATH_H
#define GAOSHI_BASE_DATA_PATH_H

#include "base/problem.h"

enum { DATA_PATH_BYTES = 1024 };

/* A folder that holds data/ and fonts/. */
struct data_path {
    char root[DATA_PATH_BYTES];
};

/* Takes the given folder; NULL or "": ../share/gaoshi beside the program. The
 * folder has to hold data/themes. */
bool data_path_find(const char *given, struct data_path *out,
                    struct problem *problem);

/* ../share/gaoshi beside the program, whether it is there or not. False: the
 * program cannot tell where it is. */
bool data_path_installed(struct data_path *out);

/* The program of that name in the folder of this one; else the bare name, for
 * PATH. */
void program_beside(const char *name, char out[DATA_PATH_BYTES]);

/* root/relative in out. False: too long. */
bool data_path_join(const struct data_path *path, const char *relative,
                    char *out, size_t size);

#endif
