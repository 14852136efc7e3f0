/* Which characters of a message no font of the chain has: what a person
 * should know before it hangs on a wall. */
#ifndef GAOSHI_DISPLAY_MISSING_H
#define GAOSHI_DISPLAY_MISSING_H

#include "display/edge/fonts.h"
#include "protocol/message.h"

#include <stdio.h>

/* Of one message; what is beyond is not told. */
enum { MISSING_MAX = 64 };

/* One line for each code point, with the first field that has it:
 * «place: panel.title: no font has U+E000 '…'; a box will stand there».
 * Returns how many lines. */
size_t missing_print(struct fonts *fonts, const struct message *message,
                     const char *place, FILE *out);

#endif
