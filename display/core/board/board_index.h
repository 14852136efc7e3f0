/* The newest index of each key in each scope, which lists the messages that
 * should be here. Pure. */
#ifndef GAOSHI_DISPLAY_BOARD_INDEX_H
#define GAOSHI_DISPLAY_BOARD_INDEX_H

#include "display/core/alerts/lifecycle.h"
#include "display/core/validation/slot_table.h"
#include "display/core/validation/trust.h"
#include "protocol/message.h"

enum {
    /* Room for three keys that have something live in every scope of a screen.
     */
    BOARD_INDEXES_MAX = 3 * SCOPE_MAX,
};

/* Zeroed is empty. */
struct board_index {
    struct message *messages[BOARD_INDEXES_MAX]; /* owned */
    size_t count;
};

/* Takes the newest index of a key in a scope. False: there is no room for
 * another one; the message stays the caller's. */
bool board_index_take(struct board_index *index, struct message *message);
/* Forgets the indexes of keys that are no longer trusted. */
void board_index_distrust(struct board_index *index, const struct trust *trust);
void board_index_finish(struct board_index *index);

/* The slot of a key's index in a scope. */
void board_index_slot(const char *scope, const char *key_id,
                      char out[SLOT_NAME_BYTES]);

/* What the indexes are compared with; borrowed. */
struct board_index_holdings {
    const struct trust *trust;
    const struct slot_table *slots;
    const struct lifecycle *lifecycle;
};

/* The number of listed slots that have not reached their listed sequence
 * number, plus the number of missing indexes of this screen's scopes. Entries
 * for which the key has no role or scope do not count. */
int board_index_missing(const struct board_index *index,
                        const struct board_index_holdings *holdings);

#endif
