/* One file of a warning centre: read, mapped, told, sent. */
#ifndef GAOSHI_PUBLISHER_CAP_FILE_H
#define GAOSHI_PUBLISHER_CAP_FILE_H

#include "cap/cap_map.h"
#include "publisher/cap_state.h"
#include "publisher/command.h"

struct cap_file {
    const char *place; /* borrowed */
    struct cap_alert *alert;
    struct cap_mapping mapping;
    char hash[CAP_HASH_BYTES]; /* SHA-256 of its bytes */
};

/* Reads and maps; path "-" is standard input. history may be NULL. On
 * failure nothing is held. cap_file_finish. */
bool cap_file_read(struct cap_file *out, const char *path,
                   const struct cap_history *history, struct problem *problem);
void cap_file_finish(struct cap_file *file);

/* Tells what could not be used, a line each. */
void cap_file_tell_notes(const struct cap_file *file);

/* Reads the file and sends what it says, or prints it for a dry run. Every
 * complaint is told; why a file was not sent is in the problem too. */
enum publish_exit cap_file_send(const struct options *options, const char *path,
                                struct problem *problem);

#endif
