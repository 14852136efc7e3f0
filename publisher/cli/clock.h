/* The clock of the operator's machine, as far as a signature may rely on it. */
#ifndef GAOSHI_PUBLISHER_CLOCK_H
#define GAOSHI_PUBLISHER_CLOCK_H

#include "base/clock.h"
#include "base/problem.h"

/* False, told: the wall clock stands before the release of this program, so
 * nobody set it, and no time may be signed by it. */
bool clock_check_set(struct problem *problem);

#endif
