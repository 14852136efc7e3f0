/* Scripts that stand in columns from top to bottom: traditional Mongolian and
 * Phags-pa. What a message says in them among its languages (`texts`) has pages
 * of its own, where the glass is high enough; everywhere else it is left out. */
#ifndef GAOSHI_DISPLAY_SHAPING_H
#define GAOSHI_DISPLAY_SHAPING_H

#include "protocol/message.h"

#include <stddef.h>

/* The English name of the first such script among the text's bytes, or NULL.
 * Punctuation and digits belong to no script. */
const char *shaping_script_of(const char *text, size_t bytes);

/* Removes the paragraphs with such letters from a message, but for its
 * languages; the rest stays. The texts are shortened in the message's JSON tree, and each field is noted in
 * message->left_out. An alert always stays, at least with its level. False: the
 * rest of a panel would make no sense alone; the problem says so. */
bool shaping_leave_out(struct message *message, struct problem *problem);

/* For a glass that is too low for columns: notes the languages that stand in
 * them in message->left_out, with the script and the reason. */
void shaping_note_low(struct message *message);

#endif
