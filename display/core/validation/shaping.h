/* Scripts that this program cannot display, because they stand in columns from
 * top to bottom: traditional Mongolian and Phags-pa. */
#ifndef GAOSHI_DISPLAY_SHAPING_H
#define GAOSHI_DISPLAY_SHAPING_H

#include "protocol/message.h"

#include <stddef.h>

/* The English name of the first such script among the text's bytes, or NULL.
 * Punctuation and digits belong to no script. */
const char *shaping_script_of(const char *text, size_t bytes);

/* Removes the paragraphs with such letters from a message; the rest stays. The
 * texts are shortened in the message's JSON tree, and each field is noted in
 * message->left_out. An alert always stays, at least with its level. False: the
 * rest of a panel would make no sense alone; the problem says so. */
bool shaping_leave_out(struct message *message, struct problem *problem);

#endif
