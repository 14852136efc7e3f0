/* What of a message a screen with these fonts does not draw as it is written:
 * what a person should know before it hangs on a wall. */
#ifndef GAOSHI_DISPLAY_MISSING_H
#define GAOSHI_DISPLAY_MISSING_H

#include "display/edge/text/fonts.h"
#include "protocol/message.h"

#include <stdio.h>

/* Of one message; what is beyond is not told. */
enum { MISSING_MAX = 64 };

/* One line for each sign, with the first field that has it:
 * «place: panel.title: no font has U+E000 '…'; a box will stand there», and for
 * each field with lines in a script that cannot be set. These are then taken
 * out of the message. Returns how much there is. */
size_t missing_print(struct fonts *fonts, struct message *message,
                     const char *place, FILE *out);

#endif
