/* The folder of a hand-over: what is in it, and where it goes. */
#ifndef GAOSHI_PUBLISHER_CAP_FOLDER_H
#define GAOSHI_PUBLISHER_CAP_FOLDER_H

#include "publisher/cap/cap_file.h"

/* Makes done/ and refused/ within the folder, which must be there: whoever
 * mistypes its name would wait for warnings that come elsewhere. */
bool cap_folder_prepare(const char *folder, struct problem *problem);

/* Something in the folder. */
struct cap_folder_entry {
    char *name;
    char *path;
    const char *odd; /* what it is in place of a file, which must not be opened;
                      * NULL: it is one */
    struct file_identity identity;
    int64_t changed_ns;
};

/* Calls back for each *.xml and *.cap, the gravest first (cap_order.h) and of
 * equals the oldest, until one returns false; returns that. False too when the
 * folder can't be read, which is told. */
bool cap_folder_each(const char *folder,
                     bool (*each)(void *context,
                                  const struct cap_folder_entry *entry),
                     void *context);

/* True when nobody has the file open for writing; where that can't be known,
 * when it is two seconds old. */
bool cap_folder_is_settled(const char *path);

/* Moves the file into a folder within the folder, under a further name if
 * that one is taken; with a reason, beside NAME.reason.txt. False: told. */
bool cap_folder_move(const char *folder, const char *name, const char *into,
                     const char *reason);

#endif
