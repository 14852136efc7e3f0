/* Operations on the store's file and its companions: size, moving aside,
 * copying. */
#ifndef GAOSHI_DISPLAY_STORE_FILE_H
#define GAOSHI_DISPLAY_STORE_FILE_H

#include <stdbool.h>
#include <stdint.h>

enum { STORE_PATH_BYTES = 4096 };

/* Bytes of the file; -1: there is none. */
int64_t store_file_bytes(const char *file);

/* Moves the file and its companions aside. The first damaged file stays as
 * FILE.damaged, so that people can examine it; the latest of all others is
 * FILE.damaged-latest. So there are never more than two. */
bool store_file_move_aside(const char *file);

/* The path of the damaged file that was moved aside last; false: the path is
 * too long. */
bool store_file_aside(const char *file, char out[STORE_PATH_BYTES]);

/* Copies the file and its log, limit_bytes each at most, into a new folder in
 * memory or among temporary files; the copy's path is written to out. */
bool store_file_copy(const char *file, int64_t limit_bytes,
                     char out[STORE_PATH_BYTES]);

/* Removes such a copy with its folder. */
void store_file_remove_copy(const char *copy);

#endif
