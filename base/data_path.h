/* Where the program's own data lies: themes, chain of fonts, drills. */
#ifndef GAOSHI_BASE_DATA_PATH_H
#define GAOSHI_BASE_DATA_PATH_H

#include "base/problem.h"

enum { DATA_PATH_BYTES = 1024 };

/* A folder that holds data/ and fonts/. */
struct data_path {
    char root[DATA_PATH_BYTES];
};

/* Takes the given folder; NULL or "": the first that holds data/themes of
 * ../share/gaoshi beside the program, and the source tree. */
bool data_path_find(const char *given, struct data_path *out,
                    struct problem *problem);

/* root/relative in out. False: too long. */
bool data_path_join(const struct data_path *path, const char *relative,
                    char *out, size_t size);

#endif
