/* Somebody who stands before the glass and hears what the screen tells: at
 * each «shown» of an alert the root window's pixels are looked at, at once. */
#ifndef GAOSHI_TESTS_SUPPORT_WITNESS_H
#define GAOSHI_TESTS_SUPPORT_WITNESS_H

#include "protocol/receipt.h"
#include "tests/support/peer.h"

#include <X11/Xlib.h>
#include <stdbool.h>

struct witness;

/* An alert's level, which is also how the witness knows it again: its id
 * begins with the name. */
enum witness_level { WITNESS_ORANGE, WITNESS_RED, WITNESS_LEVELS };
extern const char *const witness_level_names[WITNESS_LEVELS];

/* display: of the X server; the peer hears the receipts and is borrowed. NULL:
 * failed. */
struct witness *witness_create(const char *display, struct peer *peer);
void witness_destroy(struct witness *witness); /* NULL: nothing */

/* Now, and within a bound: an alert of this level reaches every edge of the
 * root window and fills most of it. */
bool witness_sees(struct witness *witness, enum witness_level level);
bool witness_wait_sees(struct witness *witness, enum witness_level level);

/* Receipts of an event that arrived for a message. */
int witness_count(struct witness *witness, enum receipt_event event,
                  const char *id);
bool witness_wait(struct witness *witness, enum receipt_event event,
                  const char *id);

/* Waits until the newest state has the text (has: true) or has it not. */
bool witness_wait_state(struct witness *witness, const char *text, bool has);

/* «shown» that were not to be seen when they arrived, and states that call an
 * alert shown though none is live. */
int witness_untrue(struct witness *witness);

#endif
