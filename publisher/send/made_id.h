/* Makes an id for a message that got none. */
#ifndef GAOSHI_PUBLISHER_MADE_ID_H
#define GAOSHI_PUBLISHER_MADE_ID_H

#include "base/problem.h"
#include "protocol/limits.h"

enum { MADE_ID_BYTES = LIMIT_IDENTIFIER_BYTES + 1 };

/* STEM-20210720-1830-k7pm in local time. False: the stem is too long, or there
 * are no random numbers. */
bool made_id(const char *stem, char out[MADE_ID_BYTES],
             struct problem *problem);

#endif
