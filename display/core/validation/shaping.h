/* Scripts whose letters this program cannot set yet: they join, move around
 * each other, or run from right to left. */
#ifndef GAOSHI_DISPLAY_SHAPING_H
#define GAOSHI_DISPLAY_SHAPING_H

#include "protocol/message.h"

#include <stddef.h>

/* The English name of the first such script among the text's bytes, or NULL.
 * Punctuation and digits belong to no script. */
const char *shaping_script_of(const char *text, size_t bytes);

/* Takes out of a message the paragraphs that have such letters; the rest of
 * the message stays. Shortens the message's texts where they lie, so that its
 * root says something else afterwards, and notes each field in
 * message->left_out. An alert always stays: its level, and what else is left.
 * False: a panel of which nothing is left that makes sense alone; the problem
 * says so. */
bool shaping_leave_out(struct message *message, struct problem *problem);

#endif
