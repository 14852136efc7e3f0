/* Messages out of files: drafts, and bodies as they were on the wire. */
#ifndef GAOSHI_DISPLAY_DRAFT_H
#define GAOSHI_DISPLAY_DRAFT_H

#include "protocol/message.h"

/* file "-": standard input. Skips the envelope's line of a signed message and
 * does not verify it, so never use this for what a screen shows. The caller
 * owns *out. */
bool draft_read(const char *file, struct message **out,
                struct problem *problem);

#endif
