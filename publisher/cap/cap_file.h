/* One file of a warning centre: read, mapped, told, sent. */
#ifndef GAOSHI_PUBLISHER_CAP_FILE_H
#define GAOSHI_PUBLISHER_CAP_FILE_H

#include "cap/cap_map.h"
#include "publisher/cap/cap_state.h"
#include "publisher/cli/command.h"
#include "base/files.h"

struct cap_file {
    const char *place; /* borrowed */
    struct cap_alert *alert;
    struct cap_mapping mapping;
    char hash[CAP_HASH_BYTES]; /* SHA-256 of its bytes */
};

/* Reads and maps; path "-" is standard input. listed: which file it must be,
 * for one that lay in a folder that others write to, or NULL. history may be
 * NULL. On failure nothing is held. cap_file_finish. */
bool cap_file_read(struct cap_file *out, const char *path,
                   const struct file_identity *listed,
                   const struct cap_history *history, struct problem *problem);
void cap_file_finish(struct cap_file *file);

/* Tells what could not be used, a line each. */
void cap_file_tell_notes(const struct cap_file *file);

/* False for a message that says it was sent more than a day ahead of this
 * clock: everything that comes later would count as older. */
bool cap_file_check_sent(const struct cap_file *file, int64_t now_ms,
                         struct problem *problem);

/* Tells which characters of its alerts no font has, once for each text. */
struct drafts;
void cap_file_tell_glyphs(const struct cap_file *file,
                          const struct drafts *drafts);

/* Reads the file and sends what it says, or prints it for a dry run. Every
 * complaint is told; why a file was not sent is in the problem too. listed as
 * above; where it is NULL an operator named the file, and is told of characters
 * that no font has before it goes out. */
enum publish_exit cap_file_send(const struct options *options, const char *path,
                                const struct file_identity *listed,
                                struct problem *problem);

#endif
