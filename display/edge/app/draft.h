/* Messages out of files: drafts, and bodies as they were on the wire. */
#ifndef GAOSHI_DISPLAY_DRAFT_H
#define GAOSHI_DISPLAY_DRAFT_H

#include "protocol/message.h"

/* «-» is standard input. Of a signed message the envelope's line is left
 * out, unverified: for what never goes to a screen. The caller owns *out. */
bool draft_read(const char *file, struct message **out,
                struct problem *problem);

#endif
