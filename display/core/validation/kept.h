/* What a screen keeps for its next start, in memory: the newest message of
 * each slot, bounded in rows and bytes. The store's file follows this set, so
 * that a file that was full, read-only, lost or damaged can be brought up to
 * date, or written anew, whenever it works again.
 *
 * Memory: what the bounds below allow is 30 MiB, a real programme has less
 * than one. Payloads have to be kept as they came, because only a signed
 * message is believed at the next start; and they have to be kept here,
 * because the file is just what may be gone. Pure. */
#ifndef GAOSHI_DISPLAY_KEPT_H
#define GAOSHI_DISPLAY_KEPT_H

#include "display/core/validation/ledger.h"
#include "protocol/limits.h"

/* Rows and bytes of topics and payloads, by class. Rows are never more than
 * the ledger's slots, and those of alerts no more than the lifecycle's
 * records. The bytes hold 256 panels of the greatest size, which is the whole
 * programme, and every alert row at its greatest. */
enum {
    KEPT_KEYS_ROWS = LEDGER_KEYS_SLOTS,
    KEPT_SERVICE_ROWS = LEDGER_SERVICE_SLOTS,
    KEPT_ALERT_ROWS = 512,
    KEPT_PANEL_ROWS = LEDGER_PANEL_SLOTS,
    KEPT_ROWS_MAX = KEPT_KEYS_ROWS + KEPT_SERVICE_ROWS + KEPT_ALERT_ROWS +
                    KEPT_PANEL_ROWS,
    KEPT_KEYS_BYTES = 512 * 1024,
    KEPT_SERVICE_BYTES = 2 * 1024 * 1024,
    KEPT_ALERT_BYTES = KEPT_ALERT_ROWS *
                       (LIMIT_ALERT_BYTES + LIMIT_TOPIC_BYTES),
    KEPT_PANEL_BYTES = 20 * 1024 * 1024,
    KEPT_BYTES_MAX = KEPT_KEYS_BYTES + KEPT_SERVICE_BYTES + KEPT_ALERT_BYTES +
                     KEPT_PANEL_BYTES,
};

/* Pointers are borrowed. */
struct kept_row {
    const char *slot; /* of the ledger; fewer than LEDGER_SLOT_BYTES */
    const char *topic;
    const char *payload; /* signed, as it came */
    size_t bytes;
    int64_t seq;
    int64_t received_ms; /* TIMESTAMP_NONE: the clock was not trusted */
    int64_t order_ms;    /* its age: what is older is forgotten first */
    int64_t ends_ms;     /* nothing of it is to be seen any more; of what takes
                            something off not later than order_ms */
};

/* Says whether a row is in force; such a row is not forgotten while another
 * of its class can be. */
struct kept_holder {
    void *context;
    bool (*holds)(void *context, enum ledger_class class,
                  const struct kept_row *row);
};

struct kept;

struct kept *kept_create(const struct kept_holder *holder); /* NULL: no room */
void kept_destroy(struct kept *kept);                       /* NULL: nothing */

/* Copies the slot's newest; it is to be written. Over a bound one row of its
 * class goes, the oldest of the key that has the most, and the class's
 * watermark rises to it. False: no memory, or a row that no bound allows;
 * nothing changed. */
bool kept_put(struct kept *kept, const struct kept_row *row);

/* A row of the file. Known with the same content: it needs no writing. Known
 * otherwise: memory is right, it will be written. Unknown: taken in as fresh,
 * for kept_next_fresh. */
void kept_load(struct kept *kept, const struct kept_row *row);

/* The next fresh row to be judged: by class; alerts and panels what took
 * something off first, then what ends last. NULL: none is left. Valid until
 * the set changes. */
const struct kept_row *kept_next_fresh(const struct kept *kept);

/* The fresh row was judged: as the judge has it, or NULL when it was refused
 * and stays as it is. */
void kept_settle(struct kept *kept, const struct kept_row *row,
                 const struct kept_row *judged);

/* Takes a row to be written: keys, alerts and what takes something off first.
 * NULL: none is left. Valid until the set changes. */
const struct kept_row *kept_next_unwritten(struct kept *kept);

/* All that was taken since the last call is on the disk, or is not. */
void kept_end_writing(struct kept *kept, bool done);

/* Nothing is known of the file any more: rows that kept_load does not find
 * there will be written again. */
void kept_distrust(struct kept *kept);

bool kept_knows(const struct kept *kept, const char *slot);
bool kept_is_written(const struct kept *kept); /* rows, not what follows */

/* The file holds rows that are forgotten here. */
bool kept_has_strays(const struct kept *kept);
void kept_end_strays(struct kept *kept);

/* The newest order_ms that was forgotten, by key. */
const struct watermarks *kept_watermarks(const struct kept *kept,
                                         enum ledger_class class);
void kept_raise_watermark(struct kept *kept, enum ledger_class class,
                          const struct watermark *watermark);

/* The watermarks of keys that are not believed any more go. */
void kept_distrust_watermarks(struct kept *kept, const struct trust *trust);

/* By the topic; what is no topic counts as service. */
enum ledger_class kept_class(const char *topic);

#endif
