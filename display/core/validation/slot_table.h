/* What a screen remembers of every slot (a panel, an alert, an index …): the
 * sequence number that its messages have reached, which identifies replayed,
 * stale and contradictory messages; and its newest message, which is kept for
 * the next start. The store's file follows this table: a file that was full,
 * read-only, lost or damaged is updated or written anew when it works again.
 *
 * Each class of slots has its own limits. Above them the oldest slot of the key
 * that has the most is forgotten; slots in force go last. Watermarks keep how
 * far each key was forgotten (watermarks.h).
 *
 * The limits allow 30 MiB, a real programme has less than one. Payloads are
 * kept as they arrived, because only a signed message is accepted at the next
 * start, and they are kept in memory, because the file may be lost. Pure. */
#ifndef GAOSHI_DISPLAY_SLOT_TABLE_H
#define GAOSHI_DISPLAY_SLOT_TABLE_H

#include "display/core/validation/watermarks.h"
#include "protocol/limits.h"
#include "protocol/topic.h"

/* Slots of a class share limits and watermarks; different classes share
 * nothing, so a key that signs panels cannot make a screen forget or refuse an
 * alert. The order is that of loading at a start. */
enum slot_class {
    SLOT_KEYS,    /* the list of keys, which verifies the others */
    SLOT_SERVICE, /* index, tick, command */
    SLOT_ALERTS,  /* alerts and cancels, drills too */
    SLOT_PANELS,  /* panels and removals */
    SLOT_FIGURES, /* live figures */
    SLOT_CLASS_COUNT
};

enum {
    /* Slots of a class. If there are more, one is forgotten, and nothing as old
     * is accepted any more in a new slot of the class (for alerts: in a new
     * slot of the same key). */
    SLOT_KEYS_MAX = 8,
    /* As many indexes as a board watches, plus a tick and a command of each
     * key: a forgotten one would look withheld. */
    SLOT_SERVICE_MAX = 256,
    SLOT_ALERTS_MAX = 1024,
    SLOT_PANELS_MAX = 10240,
    SLOT_FIGURES_MAX = 512,
    SLOT_TABLE_MAX = SLOT_KEYS_MAX + SLOT_SERVICE_MAX + SLOT_ALERTS_MAX +
                     SLOT_PANELS_MAX + SLOT_FIGURES_MAX,
    SLOT_NAME_BYTES = SCOPE_BYTES + LIMIT_IDENTIFIER_BYTES + 16,

    /* Rows kept for the next start; for alerts no more than the lifecycle has
     * records. Above the limits a slot loses its row and keeps its number until
     * the next start. */
    SLOT_ALERT_ROWS = 512,
    SLOT_PANEL_ROWS = SLOT_PANELS_MAX,
    SLOT_ROWS_MAX = SLOT_KEYS_MAX + SLOT_SERVICE_MAX + SLOT_ALERT_ROWS +
                    SLOT_PANEL_ROWS + SLOT_FIGURES_MAX,
    /* Bytes of topics and payloads: 256 panels of the greatest size, which is
     * the whole programme, and every alert row at its greatest. */
    SLOT_KEYS_BYTES = 512 * 1024,
    SLOT_SERVICE_BYTES = 2 * 1024 * 1024,
    SLOT_ALERT_BYTES = SLOT_ALERT_ROWS *
                       (LIMIT_ALERT_BYTES + LIMIT_TOPIC_BYTES),
    SLOT_PANEL_BYTES = 20 * 1024 * 1024,
    SLOT_FIGURES_BYTES = SLOT_FIGURES_MAX *
                         (LIMIT_FIGURE_BYTES + LIMIT_TOPIC_BYTES),
    SLOT_BYTES_MAX = SLOT_KEYS_BYTES + SLOT_SERVICE_BYTES + SLOT_ALERT_BYTES +
                     SLOT_PANEL_BYTES + SLOT_FIGURES_BYTES,
};

/* The class of a kind of topic that screens read; all others are service. */
enum slot_class slot_class_of(enum topic_kind kind);

/* The hash of a body (FNV-1a, 64 bits). A collision would only turn a conflict
 * into a duplicate; neither changes the glass, so a plain hash is enough. */
uint64_t slot_hash(const char *bytes, size_t size);

/* Tells whether the slot's message with this number is in force. */
struct slot_holder {
    void *context;
    bool (*holds)(void *context, enum slot_class class, const char *slot,
                  int64_t seq);
};

struct slot_table;

/* NULL: no memory. */
struct slot_table *slot_table_create(const struct slot_holder *holder);
void slot_table_destroy(struct slot_table *table); /* NULL: nothing */

/* First half: the numbers that slots have reached. */

enum slot_verdict {
    SLOT_NEW,
    SLOT_DUPLICATE, /* the same number, the same body */
    SLOT_CONFLICT,  /* the same number, another body */
    SLOT_STALE,     /* a higher number is known */
    SLOT_FORGOTTEN, /* older than the watermark */
};

/* What the table remembers of an accepted message. */
struct slot_mark {
    enum slot_class class;
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* who signed it */
    uint64_t body_hash;                  /* slot_hash */
    int64_t seq;
    int64_t order_ms; /* its age as far as it is credible; the lowest is
                         forgotten first */
};

enum slot_verdict slot_table_judge(const struct slot_table *table,
                                   const char *slot,
                                   const struct slot_mark *mark);

/* Call it when the message was accepted. Without memory the table forgets the
 * message at once, as it does when it is full. */
void slot_table_note(struct slot_table *table, const char *slot,
                     const struct slot_mark *mark);

/* Forgets the number of the slot. */
void slot_table_forget(struct slot_table *table, const char *slot);

/* Forgets the numbers and watermarks of keys that are no longer trusted, so
 * that a stolen key cannot block a slot, or all slots, for good. */
void slot_table_distrust(struct slot_table *table, const struct trust *trust);

/* The highest number of the slot; 0: not known. */
int64_t slot_table_sequence(const struct slot_table *table, const char *slot);

/* The highest number of the alert slots whose names begin with `slot`, of keys
 * that could have sent an alert to the scope; 0: none is known. */
int64_t slot_table_alert_sequence(const struct slot_table *table,
                                  const char *slot, const struct trust *trust,
                                  const char *scope);

/* How far each key was forgotten. */
const struct watermarks *slot_table_watermarks(const struct slot_table *table,
                                               enum slot_class class);
void slot_table_raise_watermark(struct slot_table *table, enum slot_class class,
                                const struct watermark *watermark);

/* Second half: the rows kept for the next start. */

/* Pointers are borrowed. */
struct slot_row {
    const char *slot; /* fewer than SLOT_NAME_BYTES */
    const char *topic;
    const char *payload; /* signed, as it arrived */
    size_t bytes;
    int64_t seq;
    int64_t received_ms; /* TIMESTAMP_NONE: the clock was not trusted */
    int64_t order_ms;    /* see struct slot_mark */
    int64_t ends_ms; /* from then on the message shows nothing; for a removal or
                        cancel not later than order_ms */
};

/* Copies the newest message of the slot, which is then to be written. False: no
 * memory, or a row over a limit; nothing changed. */
bool slot_table_put(struct slot_table *table, const struct slot_row *row);

/* Compares a row of the file with the table. Same content: it needs no writing.
 * Other content: the table is right and will be written. Unknown slot: the row
 * becomes fresh, for slot_table_next_fresh. */
void slot_table_load(struct slot_table *table, const struct slot_row *row);

/* Notes a watermark of the file; slot_table_raise_watermark applies it later.
 * The rows of the file are judged first, because they were accepted once. */
void slot_table_load_watermark(struct slot_table *table, enum slot_class class,
                               const struct watermark *watermark);

/* The next fresh row to be judged: ordered by class; for alerts and panels
 * first removals and cancels, then the row that ends last. NULL: none is left.
 * Valid until slot_table_settle. */
const struct slot_row *slot_table_next_fresh(struct slot_table *table);

/* The fresh row was judged. judged is the row as the board describes it, or
 * NULL when it was refused and stays unchanged. */
void slot_table_settle(struct slot_table *table, const struct slot_row *row,
                       const struct slot_row *judged);

/* The watermarks of the file, and of rows that were forgotten while it was
 * loaded. */
const struct watermarks *
slot_table_loaded_watermarks(const struct slot_table *table,
                             enum slot_class class);
void slot_table_end_loading(struct slot_table *table);

/* Takes a row to be written: keys, alerts, removals and cancels first. NULL:
 * none is left. Valid until the table changes. */
const struct slot_row *slot_table_next_unwritten(struct slot_table *table);

/* The rows taken since the last call were written to the disk (done) or not. */
void slot_table_end_writing(struct slot_table *table, bool done);

/* The content of the file is unknown: rows that slot_table_load does not find
 * in it are written again. */
void slot_table_forget_file(struct slot_table *table);

bool slot_table_keeps(const struct slot_table *table, const char *slot);
bool slot_table_is_written(const struct slot_table *table); /* all rows */

/* The file contains rows that are forgotten here. */
bool slot_table_has_strays(const struct slot_table *table);
void slot_table_end_strays(struct slot_table *table);

#endif
