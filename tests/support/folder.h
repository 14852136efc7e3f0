/* Temporary folders for tests. */
#ifndef GAOSHI_TESTS_SUPPORT_FOLDER_H
#define GAOSHI_TESTS_SUPPORT_FOLDER_H

#include <stdbool.h>

/* A new folder for this user alone; its path is the caller's to free, the
 * folder goes with folder_remove. NULL: it could not be made. */
char *folder_make(void);

/* Removes the folder with everything in it. NULL: nothing. */
void folder_remove(const char *folder);

/* folder/name; the caller frees it. */
char *folder_path(const char *folder, const char *name);

/* Writes, or reads, a whole file of the folder. What is read is the caller's
 * to free; NULL: no such file. */
bool folder_write(const char *folder, const char *name, const char *text);
char *folder_read(const char *folder, const char *name);

#endif
