/* The watermarks of the file, kept in step with those of memory. */
#ifndef GAOSHI_DISPLAY_KEEPER_WATERMARKS_H
#define GAOSHI_DISPLAY_KEEPER_WATERMARKS_H

#include "display/core/validation/kept.h"
#include "display/edge/store/store.h"

/* As the file has them. Zeroed: none. */
struct keeper_watermarks {
    struct watermarks of[LEDGER_CLASS_COUNT];
    bool stray; /* it has more of them, which memory does not have any more */
};

/* Whether the file has all that memory has. */
bool keeper_watermarks_are_written(const struct keeper_watermarks *watermarks,
                                   const struct kept *kept);

/* Within a transaction: puts what the file lacks. */
bool keeper_watermarks_put(const struct keeper_watermarks *watermarks,
                           const struct kept *kept, struct store *store,
                           struct problem *problem);

/* The transaction was committed. */
void keeper_watermarks_note(struct keeper_watermarks *watermarks,
                            const struct kept *kept);

#endif
