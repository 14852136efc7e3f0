/* What a screen with these fonts does not draw of a message as it is written.
 */
#ifndef GAOSHI_DISPLAY_MISSING_H
#define GAOSHI_DISPLAY_MISSING_H

#include "display/edge/text/fonts.h"
#include "protocol/message.h"

#include <stdio.h>

/* Of one message; more are not told. */
enum { MISSING_MAX = 64 };

/* Prints one line for each character, with the first field that has it:
 * «place: panel.title: no font has U+E000 '…'; a box will stand there», and for
 * each field with lines in a script that cannot be set. These are then taken
 * out of the message. Returns how much there is. */
size_t missing_print(struct fonts *fonts, struct message *message,
                     const char *place, FILE *out);

#endif
