/* What a screen with these fonts cannot draw of a message as it is written. */
#ifndef GAOSHI_DISPLAY_MISSING_H
#define GAOSHI_DISPLAY_MISSING_H

#include "display/edge/text/fonts.h"
#include "protocol/message.h"

#include <stdio.h>

/* The most lines for one message; more are not printed. */
enum { MISSING_MAX = 64 };

/* Prints one line for each missing character, with the first field that has it:
 * «place: panel.title: no font has U+E000 '…'; a box will stand there», and one
 * for each field with lines in a script that stands in columns. These are
 * then removed from the message. Returns the number of lines. */
size_t missing_print(struct fonts *fonts, struct message *message,
                     const char *place, FILE *out);

#endif
