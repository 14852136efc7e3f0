/* One CAP file of a warning centre: reading it, mapping it to alerts, sending
 * it. */
#ifndef GAOSHI_PUBLISHER_CAP_FILE_H
#define GAOSHI_PUBLISHER_CAP_FILE_H

#include "base/files.h"
#include "cap/cap_map.h"
#include "publisher/cap/cap_state.h"
#include "publisher/cli/command.h"

struct cap_file {
    const char *place; /* borrowed */
    struct cap_alert *alert;
    struct cap_mapping mapping;
    char hash[CAP_HASH_BYTES]; /* SHA-256 of its bytes */
};

/* Reads a file and maps it to alerts; path "-" is standard input. listed: the
 * file as it was found in a folder that others write to; it is refused if the
 * path now refers to another one. NULL: not listed. history may be NULL. On
 * success the caller finishes *out. */
bool cap_file_read(struct cap_file *out, const char *path,
                   const struct file_identity *listed,
                   const struct cap_history *history, struct problem *problem);
void cap_file_finish(struct cap_file *file);

/* Prints what could not be used, one line each. */
void cap_file_tell_notes(const struct cap_file *file);

/* The same as an array of texts, which the caller owns. */
json_t *cap_file_notes(const struct cap_file *file);

/* False for a message whose sent time is more than a day ahead of this clock:
 * all later messages of its chain would count as older. */
bool cap_file_check_sent(const struct cap_file *file, int64_t now_ms,
                         struct problem *problem);

/* Reads the file and sends its alerts, or prints them for a dry run. Prints
 * every complaint; the problem also says why a file was not sent. listed as
 * above; if it is NULL, an operator named the file and is told about characters
 * that no font has. */
enum publish_exit cap_file_send(const struct options *options, const char *path,
                                const struct file_identity *listed,
                                struct problem *problem);

#endif
