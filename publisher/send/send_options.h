/* What the options of a command mean for its sending: scope, key, broker and
 * outbox. */
#ifndef GAOSHI_PUBLISHER_SEND_OPTIONS_H
#define GAOSHI_PUBLISHER_SEND_OPTIONS_H

#include "protocol/message.h"
#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/outbox/sent_alerts.h"

/* The scope of a draft: its own, otherwise that of the options, otherwise all.
 * Borrowed. */
const char *send_options_scope(const struct options *options,
                               const struct message *message);

/* False for a dry run and for a preview. */
bool send_options_send(const struct options *options);

/* Prints which of org, key and broker is missing; false if one is. Without
 * sending only the org is needed. */
bool send_options_check(const struct options *options);

/* The same for the org alone. */
bool send_options_check_org(const struct options *options);

/* Opens the outbox that the options name, or the user's own. */
bool send_options_open_outbox(const struct options *options,
                              struct outbox **out, struct problem *problem);

/* The path of a file of that name in the folder of the outbox, which is made.
 * The caller frees it; NULL: failed. */
char *send_options_beside_outbox(const struct options *options,
                                 const char *name, struct problem *problem);

/* Opens it for reading, also if it cannot be written. Makes none: *out is NULL
 * if there is none. */
bool send_options_open_reading(const struct options *options,
                               struct outbox **out, struct problem *problem);

/* Reads what the outbox knows of an alert; id NULL: of all alerts. Without an
 * outbox that is nothing. *out is empty before; the caller finishes it. */
bool send_options_load_sent(const struct options *options, const char *id,
                            struct sent_alerts *out, struct problem *problem);

/* The last sequence number of an outbox that cannot be written; 0 if it cannot
 * be read either. */
int64_t send_options_last_sequence(const struct options *options);

/* The exit code of a command that this problem stopped. */
enum publish_exit send_exit_code(const struct problem *problem);

#endif
