/* What a screen remembers of every slot (a panel, an alert, an index …): the
 * number that its messages have reached, by which a replayed, stale or
 * contradictory message is known, and its newest message, which is kept for the
 * next start. The store's file follows this table, so that a file that was
 * full, read-only, lost or damaged is brought up to date, or written anew,
 * whenever it works again.
 *
 * Bounded by class. One rule says who is forgotten: the oldest slot of the key
 * that has the most; what is in force goes last. How far was forgotten is kept
 * by key (watermarks.h).
 *
 * Memory: what the bounds allow is 30 MiB, a real programme has less than one.
 * Payloads are kept as they came, because only a signed message is believed at
 * the next start, and they are kept in memory, because the file is what may be
 * gone. Pure. */
#ifndef GAOSHI_DISPLAY_SLOT_TABLE_H
#define GAOSHI_DISPLAY_SLOT_TABLE_H

#include "display/core/validation/watermarks.h"
#include "protocol/limits.h"
#include "protocol/topic.h"

/* Slots of a class share room and watermarks, those of different classes share
 * nothing: whoever may sign panels cannot make a screen forget, or refuse, an
 * alert. In the order in which a start takes them up. */
enum slot_class {
    SLOT_KEYS,    /* the list of keys, by which the others are verified */
    SLOT_SERVICE, /* index, tick, command */
    SLOT_ALERTS,  /* alerts and cancels, drills too */
    SLOT_PANELS,  /* panels and removals */
    SLOT_CLASS_COUNT
};

enum {
    /* Slots of a class. Where there are more, one is forgotten, and nothing as
     * old is believed any more in a new slot of the class (of alerts: in one of
     * the same key). */
    SLOT_KEYS_MAX = 8,
    /* As many indexes as a board watches, a tick and a command of each key:
     * one of these forgotten would be taken for withheld. */
    SLOT_SERVICE_MAX = 256,
    SLOT_ALERTS_MAX = 1024,
    SLOT_PANELS_MAX = 2048,
    SLOT_TABLE_MAX = SLOT_KEYS_MAX + SLOT_SERVICE_MAX + SLOT_ALERTS_MAX +
                     SLOT_PANELS_MAX,
    SLOT_NAME_BYTES = SCOPE_BYTES + LIMIT_IDENTIFIER_BYTES + 16,

    /* Rows that are kept for the next start: of alerts no more than the
     * lifecycle has records. Where there are more rows or bytes, a slot loses
     * its row and keeps its number until the next start. */
    SLOT_ALERT_ROWS = 512,
    SLOT_PANEL_ROWS = SLOT_PANELS_MAX,
    SLOT_ROWS_MAX = SLOT_KEYS_MAX + SLOT_SERVICE_MAX + SLOT_ALERT_ROWS +
                    SLOT_PANEL_ROWS,
    /* Of topics and payloads: 256 panels of the greatest size, which is the
     * whole programme, and every alert row at its greatest. */
    SLOT_KEYS_BYTES = 512 * 1024,
    SLOT_SERVICE_BYTES = 2 * 1024 * 1024,
    SLOT_ALERT_BYTES = SLOT_ALERT_ROWS *
                       (LIMIT_ALERT_BYTES + LIMIT_TOPIC_BYTES),
    SLOT_PANEL_BYTES = 20 * 1024 * 1024,
    SLOT_BYTES_MAX = SLOT_KEYS_BYTES + SLOT_SERVICE_BYTES + SLOT_ALERT_BYTES +
                     SLOT_PANEL_BYTES,
};

/* Of the topics that screens read; the others count as service. */
enum slot_class slot_class_of(enum topic_kind kind);

/* Of a body. Both answers to a collision (duplicate for conflict) change
 * nothing on the glass, so that a plain hash is enough (FNV-1a, 64 bits). */
uint64_t slot_hash(const char *bytes, size_t size);

/* Says whether the slot's message of this number is in force. */
struct slot_holder {
    void *context;
    bool (*holds)(void *context, enum slot_class class, const char *slot,
                  int64_t seq);
};

struct slot_table;

/* NULL: no memory. */
struct slot_table *slot_table_create(const struct slot_holder *holder);
void slot_table_destroy(struct slot_table *table); /* NULL: nothing */

/* The first half: what each slot has reached. */

enum slot_verdict {
    SLOT_NEW,
    SLOT_DUPLICATE, /* the same number, the same body */
    SLOT_CONFLICT,  /* the same number, another body */
    SLOT_STALE,     /* a higher number is known */
    SLOT_FORGOTTEN, /* older than what the table can answer for */
};

/* What a message that was taken in leaves behind. */
struct slot_mark {
    enum slot_class class;
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* who signed it */
    uint64_t body_hash;                  /* slot_hash */
    int64_t seq;
    int64_t order_ms; /* its age, as far as it is credible: what is older is
                         forgotten first */
};

enum slot_verdict slot_table_judge(const struct slot_table *table,
                                   const char *slot,
                                   const struct slot_mark *mark);

/* To be called when the message was taken in. */
void slot_table_note(struct slot_table *table, const char *slot,
                     const struct slot_mark *mark);

/* What the slot reached does not count any more. */
void slot_table_forget(struct slot_table *table, const char *slot);

/* Forgets the numbers and watermarks that keys reached which are not believed
 * any more: a stolen key must not block a slot for good, or all of them. */
void slot_table_distrust(struct slot_table *table, const struct trust *trust);

/* The highest number of the slot; 0: not known. */
int64_t slot_table_sequence(const struct slot_table *table, const char *slot);

/* The highest number of the alerts' slots that begin so, of keys that could
 * have sent an alert to the scope; 0: none is known. */
int64_t slot_table_alert_sequence(const struct slot_table *table,
                                  const char *slot, const struct trust *trust,
                                  const char *scope);

/* How far was forgotten, by key. */
const struct watermarks *slot_table_watermarks(const struct slot_table *table,
                                               enum slot_class class);
void slot_table_raise_watermark(struct slot_table *table, enum slot_class class,
                                const struct watermark *watermark);

/* The second half: what is kept for the next start. */

/* Pointers are borrowed. */
struct slot_row {
    const char *slot; /* fewer than SLOT_NAME_BYTES */
    const char *topic;
    const char *payload; /* signed, as it came */
    size_t bytes;
    int64_t seq;
    int64_t received_ms; /* TIMESTAMP_NONE: the clock was not trusted */
    int64_t order_ms;    /* as struct slot_mark has it */
    int64_t ends_ms;     /* nothing of it is to be seen any more; of what takes
                            something off not later than order_ms */
};

/* Copies the slot's newest; it is to be written. False: no memory, or a row
 * that no bound allows; nothing changed. */
bool slot_table_put(struct slot_table *table, const struct slot_row *row);

/* A row of the file. Known with the same content: it needs no writing. Known
 * otherwise: memory is right, it will be written. Unknown: taken in as fresh,
 * for slot_table_next_fresh. */
void slot_table_load(struct slot_table *table, const struct slot_row *row);

/* A watermark of the file; it counts once slot_table_raise_watermark says so.
 * The rows of the file are judged before: they were accepted once. */
void slot_table_load_watermark(struct slot_table *table, enum slot_class class,
                               const struct watermark *watermark);

/* The next fresh row to be judged: by class; alerts and panels what took
 * something off first, then what ends last. NULL: none is left. Valid until it
 * is settled. */
const struct slot_row *slot_table_next_fresh(struct slot_table *table);

/* The fresh row was judged: as the judge has it, or NULL when it was refused
 * and stays as it is. */
void slot_table_settle(struct slot_table *table, const struct slot_row *row,
                       const struct slot_row *judged);

/* What the file had forgotten, and what was forgotten while it was loaded. */
const struct watermarks *
slot_table_loaded_watermarks(const struct slot_table *table,
                             enum slot_class class);
void slot_table_end_loading(struct slot_table *table);

/* Takes a row to be written: keys, alerts and what takes something off first.
 * NULL: none is left. Valid until the table changes. */
const struct slot_row *slot_table_next_unwritten(struct slot_table *table);

/* All that was taken since the last call is on the disk, or is not. */
void slot_table_end_writing(struct slot_table *table, bool done);

/* Nothing is known of the file any more: rows that slot_table_load does not
 * find there will be written again. */
void slot_table_forget_file(struct slot_table *table);

bool slot_table_keeps(const struct slot_table *table, const char *slot);
bool slot_table_is_written(const struct slot_table *table); /* of rows */

/* The file holds rows that are forgotten here. */
bool slot_table_has_strays(const struct slot_table *table);
void slot_table_end_strays(struct slot_table *table);

#endif
