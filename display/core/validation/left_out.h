/* Takes out of a message what this screen cannot set: paragraphs in a script
 * that needs shaping. The rest of the message stays. */
#ifndef GAOSHI_DISPLAY_LEFT_OUT_H
#define GAOSHI_DISPLAY_LEFT_OUT_H

#include "protocol/message.h"

/* Shortens the message's texts where they lie, so that its root says something
 * else afterwards, and notes each field in message->left_out. An alert always
 * stays: its level, and what else is left. False: a panel of which nothing is
 * left that makes sense alone; the problem says so. */
bool left_out_apply(struct message *message, struct problem *problem);

#endif
