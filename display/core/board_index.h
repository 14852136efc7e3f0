/* The newest index of each scope: what should be here. Pure. */
#ifndef GAOSHI_DISPLAY_BOARD_INDEX_H
#define GAOSHI_DISPLAY_BOARD_INDEX_H

#include "display/core/ledger.h"
#include "display/core/lifecycle.h"
#include "display/core/trust.h"
#include "protocol/message.h"

/* Zeroed is empty. */
struct board_index {
    struct message *messages[SCOPE_MAX]; /* owned, one a scope */
    size_t count;
};

/* Takes the index, which is the newest of its scope. */
void board_index_take(struct board_index *index, struct message *message);
/* Forgets what is not believed any more. */
void board_index_distrust(struct board_index *index, const struct trust *trust);
void board_index_finish(struct board_index *index);

/* How many listed slots have not reached the listed sequence number. */
int board_index_missing(const struct board_index *index,
                        const struct ledger *ledger,
                        const struct lifecycle *lifecycle);

#endif
