/* The floors of the file, kept in step with those of memory. */
#ifndef GAOSHI_DISPLAY_KEEPER_FLOORS_H
#define GAOSHI_DISPLAY_KEEPER_FLOORS_H

#include "display/core/validation/kept.h"
#include "display/edge/store/store.h"

/* As the file has them. Zeroed: none. */
struct keeper_floors {
    struct floors of[LEDGER_CLASS_COUNT];
    bool stray; /* it has more of them, which memory does not have any more */
};

/* Whether the file has all that memory has. */
bool keeper_floors_are_written(const struct keeper_floors *floors,
                               const struct kept *kept);

/* Within a transaction: puts what the file lacks. */
bool keeper_floors_put(const struct keeper_floors *floors,
                       const struct kept *kept, struct store *store,
                       struct problem *problem);

/* The transaction was committed. */
void keeper_floors_note(struct keeper_floors *floors, const struct kept *kept);

#endif
