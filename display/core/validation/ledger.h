/* The highest sequence number of every slot: what makes a replayed, stale or
 * contradictory message known for what it is. Bounded. Pure. */
#ifndef GAOSHI_DISPLAY_LEDGER_H
#define GAOSHI_DISPLAY_LEDGER_H

#include "display/core/validation/watermarks.h"
#include "protocol/topic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Slots of a class share room and watermark, and those of another are none of
 * their business: whoever may sign panels cannot make a screen forget, or
 * refuse, an alert. In the order in which a start takes them up. */
enum ledger_class {
    LEDGER_KEYS,    /* the list of keys, by which the others are verified */
    LEDGER_SERVICE, /* index, tick, command */
    LEDGER_ALERTS,  /* alerts and cancels, drills too */
    LEDGER_PANELS,  /* panels and removals */
    LEDGER_CLASS_COUNT
};

enum {
    /* When so many slots of a class are known, one of the key that has the
     * most is forgotten, the one issued first, and from then on nothing issued
     * before it is believed in a new slot of that class. */
    LEDGER_KEYS_SLOTS = 8,
    /* As many indexes as a board watches, a tick and a command of each key:
     * one of these forgotten would be taken for withheld. */
    LEDGER_SERVICE_SLOTS = 256,
    LEDGER_ALERT_SLOTS = 1024,
    LEDGER_PANEL_SLOTS = 2048,
    LEDGER_SLOTS_MAX = LEDGER_KEYS_SLOTS + LEDGER_SERVICE_SLOTS +
                       LEDGER_ALERT_SLOTS + LEDGER_PANEL_SLOTS,
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
    enum ledger_class class;
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* who signed it */
    uint64_t body_hash;                  /* ledger_hash */
    int64_t seq;
    int64_t issued_ms; /* as far as it is credible */
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
    size_t counts[LEDGER_CLASS_COUNT];
    struct watermarks watermarks[LEDGER_CLASS_COUNT];
};

void ledger_init(struct ledger *ledger);

/* Of a body. Both answers to a collision (duplicate for conflict) change
 * nothing on the glass, so that a plain hash is enough (FNV-1a, 64 bits). */
uint64_t ledger_hash(const char *bytes, size_t size);

/* Of the topics that screens read; the others count as service. */
enum ledger_class ledger_class_of(enum topic_kind kind);

enum ledger_verdict ledger_judge(const struct ledger *ledger, const char *slot,
                                 const struct ledger_mark *mark);

/* To be called when the message was taken in. */
void ledger_note(struct ledger *ledger, const char *slot,
                 const struct ledger_mark *mark);

/* Something issued then was forgotten, by the store for example. */
void ledger_raise_watermark(struct ledger *ledger, enum ledger_class class,
                            const struct watermark *watermark);

/* Forgets the numbers and watermarks that keys reached which are not believed
 * any more: a stolen key must not block a slot for good, or all of them. */
void ledger_distrust(struct ledger *ledger, const struct trust *trust);

/* What the slot reached does not count any more. */
void ledger_forget(struct ledger *ledger, const char *slot);

/* The highest number of the slot; 0: not known. */
int64_t ledger_sequence(const struct ledger *ledger, const char *slot);

/* The highest number of the alerts' slots that begin so, of keys that could
 * have sent an alert to the scope; 0: none is known. */
int64_t ledger_alert_sequence(const struct ledger *ledger, const char *slot,
                              const struct trust *trust, const char *scope);

#endif
