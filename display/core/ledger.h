/* The highest sequence number of every slot: what makes a replayed, stale or
 * contradictory message known for what it is. Bounded. Pure. */
#ifndef GAOSHI_DISPLAY_LEDGER_H
#define GAOSHI_DISPLAY_LEDGER_H

#include "display/core/trust.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /* When so many slots are known, the one issued first is forgotten, and
     * from then on nothing issued before it is believed in a new slot. */
    LEDGER_SLOTS_MAX = 2048,
    LEDGER_SLOT_BYTES = SCOPE_BYTES + LIMIT_IDENTIFIER_BYTES + 16,
};

enum ledger_verdict {
    LEDGER_NEW,
    LEDGER_DUPLICATE, /* the same number, the same body */
    LEDGER_CONFLICT,  /* the same number, another body */
    LEDGER_STALE,     /* a higher number is known */
    LEDGER_FORGOTTEN, /* older than anything the ledger can answer for */
};

/* What a message that was taken in leaves behind. */
struct ledger_mark {
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* who signed it */
    uint64_t body_hash;                  /* ledger_hash */
    int64_t seq;
    int64_t issued_ms;
};

struct ledger_entry {
    char slot[LEDGER_SLOT_BYTES];
    uint64_t slot_hash;
    struct ledger_mark mark;
};

/* ledger_init, no finish. */
struct ledger {
    struct ledger_entry entries[LEDGER_SLOTS_MAX];
    size_t count;
    int64_t floor_ms; /* issue of the newest that was forgotten */
};

void ledger_init(struct ledger *ledger);

/* Of a body. Both answers to a collision (duplicate for conflict) change
 * nothing on the glass, so that a plain hash is enough (FNV-1a, 64 bits). */
uint64_t ledger_hash(const char *bytes, size_t size);

enum ledger_verdict ledger_judge(const struct ledger *ledger, const char *slot,
                                 const struct ledger_mark *mark);

/* To be called when the message was taken in. */
void ledger_note(struct ledger *ledger, const char *slot,
                 const struct ledger_mark *mark);

/* Forgets the numbers that keys reached which are not believed any more: a
 * stolen key must not block a slot for good. */
void ledger_distrust(struct ledger *ledger, const struct trust *trust);

/* The highest number of the slot; 0: not known. */
int64_t ledger_sequence(const struct ledger *ledger, const char *slot);

#endif
