/* Looks the slots up by the hash of their names: finding, taking and writing
 * one costs the same for ten slots as for thousands. Only what is forgotten is
 * chosen by looking at all slots. Memory grows with the slots that are used. */
#include "display/core/validation/slot_table.h"

#include "display/core/validation/watermarks.h"
#include "protocol/envelope.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum slot_progress { SLOT_UNWRITTEN, SLOT_WRITING, SLOT_WRITTEN };

struct slot {
    char name[SLOT_NAME_BYTES];
    uint64_t hash;      /* of the name */
    struct slot *chain; /* of the same bucket */
    size_t at;          /* in table->slots */
    enum slot_class class;
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* of the newest message */

    bool reached; /* seq, order_ms and body_hash are valid */
    int64_t seq, order_ms;
    uint64_t body_hash;

    char *texts; /* owned: topic and payload; NULL: no row is kept */
    struct slot_row row;
    enum slot_progress progress;
    bool fresh;
};

enum {
    /* One more slot while another is being removed, and one that is being
     * judged. */
    SLOTS_MOST = SLOT_TABLE_MAX + 2,
    ROOM_FIRST = 32, /* doubled */
};

struct slot_table {
    struct slot_holder holder;
    /* Owned. Those from count to made were dropped and are used again. */
    struct slot **slots;
    size_t count, made;
    size_t room;           /* of slots, buckets and fresh */
    struct slot **buckets; /* owned */
    /* Before these indexes no row waits to be written: no urgent one, none. */
    size_t urgent_from, unwritten_from;
    struct slot **fresh; /* owned; in the order in which they are judged */
    size_t fresh_count, fresh_next;
    bool fresh_known; /* the order is that of all fresh rows */
    size_t counts[SLOT_CLASS_COUNT];
    size_t rows[SLOT_CLASS_COUNT], bytes[SLOT_CLASS_COUNT];
    struct watermarks watermarks[SLOT_CLASS_COUNT];
    struct watermarks loaded[SLOT_CLASS_COUNT];
    struct slot *judged; /* the fresh row that is being judged, or NULL */
    bool strays;
};

static const struct {
    size_t slots, rows, bytes;
} bounds[SLOT_CLASS_COUNT] = {
    [SLOT_KEYS] = {SLOT_KEYS_MAX, SLOT_KEYS_MAX, SLOT_KEYS_BYTES},
    [SLOT_SERVICE] = {SLOT_SERVICE_MAX, SLOT_SERVICE_MAX, SLOT_SERVICE_BYTES},
    [SLOT_ALERTS] = {SLOT_ALERTS_MAX, SLOT_ALERT_ROWS, SLOT_ALERT_BYTES},
    [SLOT_PANELS] = {SLOT_PANELS_MAX, SLOT_PANEL_ROWS, SLOT_PANEL_BYTES},
    [SLOT_FIGURES] = {SLOT_FIGURES_MAX, SLOT_FIGURES_MAX, SLOT_FIGURES_BYTES},
};

uint64_t slot_hash(const char *bytes, size_t size)
{
    uint64_t hash = 14695981039346656037U;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211U;
    return hash;
}

enum slot_class slot_class_of(enum topic_kind kind)
{
    switch (kind) {
    case TOPIC_KEYS:
        return SLOT_KEYS;
    case TOPIC_ALERT:
        return SLOT_ALERTS;
    case TOPIC_PANEL:
        return SLOT_PANELS;
    case TOPIC_FIGURE:
        return SLOT_FIGURES;
    default:
        return SLOT_SERVICE;
    }
}

/* A text that is no topic counts as service. */
static enum slot_class class_of_topic(const char *topic)
{
    struct topic parts;

    return topic_parse(topic, &parts) ? slot_class_of(parts.kind)
                                      : SLOT_SERVICE;
}

struct slot_table *slot_table_create(const struct slot_holder *holder)
{
    struct slot_table *table = calloc(1, sizeof *table);

    if (!table)
        return NULL;
    table->holder = *holder;
    return table;
}

void slot_table_destroy(struct slot_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->count; i++)
        free(table->slots[i]->texts);
    for (size_t i = 0; i < table->made; i++)
        free(table->slots[i]);
    free(table->slots);
    free(table->buckets);
    free(table->fresh);
    free(table);
}

static struct slot **bucket_of(const struct slot_table *table, uint64_t hash)
{
    return &table->buckets[hash % table->room];
}

/* NULL: not known. */
static struct slot *find(const struct slot_table *table, const char *name)
{
    uint64_t hash = slot_hash(name, strlen(name));
    struct slot *slot = table->room > 0 ? *bucket_of(table, hash) : NULL;

    while (slot && (slot->hash != hash || strcmp(slot->name, name) != 0))
        slot = slot->chain;
    return slot;
}

static void chain_in(struct slot_table *table, struct slot *slot)
{
    struct slot **bucket = bucket_of(table, slot->hash);

    slot->chain = *bucket;
    *bucket = slot;
}

static void chain_out(struct slot_table *table, struct slot *slot)
{
    struct slot **link = bucket_of(table, slot->hash);

    while (*link != slot)
        link = &(*link)->chain;
    *link = slot->chain;
}

static void look_from(struct slot_table *table, size_t at)
{
    if (at < table->urgent_from)
        table->urgent_from = at;
    if (at < table->unwritten_from)
        table->unwritten_from = at;
}

static void set_unwritten(struct slot_table *table, struct slot *slot)
{
    slot->progress = SLOT_UNWRITTEN;
    look_from(table, slot->at);
}

static size_t weight(const struct slot *slot)
{
    return strlen(slot->row.topic) + slot->row.bytes;
}

/* Removes the slot from the totals of its class, before a change; count_in adds
 * it again. */
static void count_out(struct slot_table *table, const struct slot *slot)
{
    table->counts[slot->class]--;
    if (!slot->texts)
        return;
    table->rows[slot->class]--;
    table->bytes[slot->class] -= weight(slot);
}

static void count_in(struct slot_table *table, const struct slot *slot)
{
    table->counts[slot->class]++;
    if (!slot->texts)
        return;
    table->rows[slot->class]++;
    table->bytes[slot->class] += weight(slot);
}

static bool resize(struct slot ***list, size_t room)
{
    struct slot **grown = realloc(*list, room * sizeof *grown);

    if (grown)
        *list = grown;
    return grown != NULL;
}

/* False: no memory; all slots are still there. */
static bool grow(struct slot_table *table)
{
    size_t room = table->room > 0 ? 2 * table->room : ROOM_FIRST;
    struct slot **buckets = NULL;

    if (!resize(&table->slots, room) || !resize(&table->fresh, room) ||
        !(buckets = calloc(room, sizeof *buckets)))
        return false;
    free(table->buckets);
    table->buckets = buckets;
    table->room = room;
    for (size_t i = 0; i < table->count; i++)
        chain_in(table, table->slots[i]);
    return true;
}

/* Makes sure that there is a free slot. False: no memory. */
static bool make_slot(struct slot_table *table)
{
    if (table->count < table->made)
        return true;
    if (table->made == table->room && !grow(table))
        return false;
    struct slot *slot = malloc(sizeof *slot);
    if (slot)
        table->slots[table->made++] = slot;
    return slot != NULL;
}

/* NULL: no memory. */
static struct slot *find_or_add(struct slot_table *table, const char *name,
                                enum slot_class class)
{
    struct slot *slot = find(table, name);

    if (slot) {
        count_out(table, slot);
        slot->class = class;
        count_in(table, slot);
        return slot;
    }
    assert(strlen(name) < SLOT_NAME_BYTES && table->count < SLOTS_MOST);
    if (!make_slot(table))
        return NULL;
    slot = table->slots[table->count];
    *slot = (struct slot){.class = class,
                          .at = table->count++,
                          .hash = slot_hash(name, strlen(name))};
    strcpy(slot->name, name);
    chain_in(table, slot);
    count_in(table, slot);
    return slot;
}

static void drop(struct slot_table *table, struct slot *slot)
{
    struct slot *last = table->slots[--table->count];

    count_out(table, slot);
    chain_out(table, slot);
    free(slot->texts);
    table->slots[slot->at] = last;
    last->at = slot->at;
    table->slots[table->count] = slot;
    slot->fresh = false;
    look_from(table, last->at);
}

static void drop_number(struct slot_table *table, struct slot *slot)
{
    slot->reached = false;
    if (!slot->texts)
        drop(table, slot);
}

/* Gives the slot this row and the texts that the row points to. */
static void give_row(struct slot_table *table, struct slot *slot,
                     const struct slot_row *row, char *texts)
{
    const char *key_id = envelope_peek_key_id(row->payload, row->bytes);

    count_out(table, slot);
    if (slot->texts != texts)
        free(slot->texts);
    slot->texts = texts;
    slot->row = *row;
    slot->row.slot = slot->name;
    set_unwritten(table, slot);
    slot->fresh = false;
    if (key_id && !slot->reached)
        memcpy(slot->key_id, key_id, LIMIT_KEY_ID_BYTES);
    count_in(table, slot);
}

/* The caller owns the texts. */
static char *take_texts(struct slot_table *table, struct slot *slot)
{
    char *texts = slot->texts;

    count_out(table, slot);
    slot->texts = NULL;
    slot->fresh = false;
    count_in(table, slot);
    table->strays = true;
    return texts;
}

static void drop_row(struct slot_table *table, struct slot *slot)
{
    free(take_texts(table, slot));
    if (!slot->reached)
        drop(table, slot);
}

/* Choosing the slot that is forgotten. */

static int64_t age_of(const struct slot *slot)
{
    if (!slot->texts)
        return slot->order_ms;
    if (!slot->reached || slot->row.order_ms > slot->order_ms)
        return slot->row.order_ms;
    return slot->order_ms;
}

static bool takes_off(const struct slot *slot)
{
    return slot->texts && slot->row.ends_ms <= slot->row.order_ms;
}

/* In the same second an ended message goes before the one that ended it. */
static bool is_older(const struct slot *a, const struct slot *b)
{
    int64_t a_ms = age_of(a), b_ms = age_of(b);

    return a_ms != b_ms ? a_ms < b_ms : !takes_off(a) && takes_off(b);
}

static bool may_go(const struct slot_table *table, const struct slot *slot,
                   enum slot_class class, bool row)
{
    return slot->class == class && slot != table->judged &&
           (slot->texts || !row);
}

static const char *busiest_key(const struct slot_table *table,
                               enum slot_class class, bool row)
{
    struct key_tally tally = {.count = 0};

    for (size_t i = 0; i < table->count; i++)
        if (may_go(table, table->slots[i], class, row))
            key_tally_add(&tally, table->slots[i]->key_id);
    return key_tally_busiest(&tally);
}

static bool is_in_force(const struct slot_table *table, const struct slot *slot)
{
    const struct slot_holder *holder = &table->holder;

    return (slot->texts && holder->holds(holder->context, slot->class,
                                         slot->name, slot->row.seq)) ||
           (slot->reached &&
            holder->holds(holder->context, slot->class, slot->name, slot->seq));
}

/* key_id NULL: of any key. sparing: none that is in force. Returns NULL if
 * there is none. */
static struct slot *find_oldest(const struct slot_table *table,
                                enum slot_class class, bool row,
                                const char *key_id, bool sparing)
{
    struct slot *oldest = NULL;

    for (size_t i = 0; i < table->count; i++) {
        struct slot *slot = table->slots[i];
        if (may_go(table, slot, class, row) &&
            (!key_id || strcmp(slot->key_id, key_id) == 0) &&
            (!oldest || is_older(slot, oldest)) &&
            !(sparing && is_in_force(table, slot)))
            oldest = slot;
    }
    return oldest;
}

/* The oldest slot of the key that has the most, or of another key; if all are
 * in force, the oldest. row: only slots with a row. */
static struct slot *choose_leaver(const struct slot_table *table,
                                  enum slot_class class, bool row)
{
    struct slot *slot = find_oldest(table, class, row,
                                    busiest_key(table, class, row), true);

    if (!slot)
        slot = find_oldest(table, class, row, NULL, true);
    return slot ? slot : find_oldest(table, class, row, NULL, false);
}

/* A row that was not judged yet must not change what is accepted now. */
static void note_forgotten(struct slot_table *table, const struct slot *slot)
{
    struct watermarks *watermarks = slot->fresh ? table->loaded
                                                : table->watermarks;
    const struct watermark watermark = watermark_of(slot->key_id, age_of(slot));

    watermarks_raise(&watermarks[slot->class], &watermark);
}

static void make_room(struct slot_table *table, enum slot_class class)
{
    size_t more = table->judged && table->judged->class == class;

    while (table->rows[class] > bounds[class].rows ||
           table->bytes[class] > bounds[class].bytes) {
        struct slot *slot = choose_leaver(table, class, true);
        if (!slot)
            break;
        note_forgotten(table, slot);
        drop_row(table, slot);
    }
    while (table->counts[class] > bounds[class].slots + more) {
        struct slot *slot = choose_leaver(table, class, false);
        note_forgotten(table, slot);
        table->strays |= slot->texts != NULL;
        drop(table, slot);
    }
}

/* First half: sequence numbers. */

/* Each key has its own slots for alerts, so only its own watermark counts. */
static int64_t watermark_for(const struct slot_table *table,
                             const struct slot_mark *mark)
{
    const struct watermarks *watermarks = &table->watermarks[mark->class];

    if (mark->class != SLOT_ALERTS)
        return watermarks_highest(watermarks);
    int64_t own_ms = watermarks_find(watermarks, mark->key_id);
    int64_t nobodys_ms = watermarks_find(watermarks, "");
    return own_ms > nobodys_ms ? own_ms : nobodys_ms;
}

enum slot_verdict slot_table_judge(const struct slot_table *table,
                                   const char *name,
                                   const struct slot_mark *mark)
{
    const struct slot *slot = find(table, name);

    if (!slot || !slot->reached)
        return mark->order_ms <= watermark_for(table, mark) ? SLOT_FORGOTTEN
                                                            : SLOT_NEW;
    if (mark->seq != slot->seq)
        return mark->seq > slot->seq ? SLOT_NEW : SLOT_STALE;
    return mark->body_hash == slot->body_hash ? SLOT_DUPLICATE : SLOT_CONFLICT;
}

void slot_table_note(struct slot_table *table, const char *name,
                     const struct slot_mark *mark)
{
    struct slot *slot = find_or_add(table, name, mark->class);

    if (!slot) {
        /* Without memory it counts as forgotten at once. */
        const struct watermark watermark = watermark_of(mark->key_id,
                                                        mark->order_ms);
        watermarks_raise(&table->watermarks[mark->class], &watermark);
        return;
    }
    slot->reached = true;
    slot->seq = mark->seq;
    slot->order_ms = mark->order_ms;
    slot->body_hash = mark->body_hash;
    memcpy(slot->key_id, mark->key_id, sizeof slot->key_id);
    make_room(table, mark->class);
}

void slot_table_forget(struct slot_table *table, const char *name)
{
    struct slot *slot = find(table, name);

    if (slot)
        drop_number(table, slot);
}

void slot_table_distrust(struct slot_table *table, const struct trust *trust)
{
    for (int i = 0; i < SLOT_CLASS_COUNT; i++)
        watermarks_distrust(&table->watermarks[i], trust);
    for (size_t i = table->count; i-- > 0;)
        if (table->slots[i]->reached &&
            !trust_in_key(trust, table->slots[i]->key_id))
            drop_number(table, table->slots[i]);
}

int64_t slot_table_sequence(const struct slot_table *table, const char *name)
{
    const struct slot *slot = find(table, name);

    return slot && slot->reached ? slot->seq : 0;
}

int64_t slot_table_alert_sequence(const struct slot_table *table,
                                  const char *name, const struct trust *trust,
                                  const char *scope)
{
    size_t length = strlen(name);
    int64_t highest = 0;

    for (size_t i = 0; i < table->count; i++) {
        const struct slot *slot = table->slots[i];
        if (slot->class == SLOT_ALERTS && slot->reached &&
            slot->seq > highest && strncmp(slot->name, name, length) == 0 &&
            trust_covers_alert(trust, slot->key_id, scope))
            highest = slot->seq;
    }
    return highest;
}

const struct watermarks *slot_table_watermarks(const struct slot_table *table,
                                               enum slot_class class)
{
    return &table->watermarks[class];
}

void slot_table_raise_watermark(struct slot_table *table, enum slot_class class,
                                const struct watermark *watermark)
{
    watermarks_raise(&table->watermarks[class], watermark);
}

/* Second half: rows. */

/* Copies topic and payload; *copy points to the copies. NULL: no memory, or a
 * row over a limit. */
static char *copy_row(const struct slot_row *row, struct slot_row *copy)
{
    size_t topic_bytes = strlen(row->topic) + 1;

    if (strlen(row->slot) >= SLOT_NAME_BYTES ||
        topic_bytes > LIMIT_TOPIC_BYTES || row->bytes > LIMIT_MESSAGE_BYTES)
        return NULL;
    char *texts = malloc(topic_bytes + row->bytes);
    if (!texts)
        return NULL;
    *copy = *row;
    copy->topic = memcpy(texts, row->topic, topic_bytes);
    copy->payload = texts + topic_bytes;
    memcpy(texts + topic_bytes, row->payload, row->bytes);
    return texts;
}

static struct slot *put(struct slot_table *table, const struct slot_row *row)
{
    struct slot_row copy;
    char *texts = copy_row(row, &copy);

    if (!texts)
        return NULL;
    struct slot *slot = find_or_add(table, row->slot,
                                    class_of_topic(row->topic));
    if (slot)
        give_row(table, slot, &copy, texts);
    else
        free(texts);
    return slot;
}

bool slot_table_put(struct slot_table *table, const struct slot_row *row)
{
    struct slot *slot = put(table, row);

    if (slot)
        make_room(table, slot->class);
    return slot != NULL;
}

static bool is_same(const struct slot_row *a, const struct slot_row *b)
{
    return a->seq == b->seq && a->order_ms == b->order_ms &&
           a->ends_ms == b->ends_ms && a->bytes == b->bytes &&
           strcmp(a->topic, b->topic) == 0 &&
           memcmp(a->payload, b->payload, a->bytes) == 0;
}

void slot_table_load(struct slot_table *table, const struct slot_row *row)
{
    struct slot *slot = find(table, row->slot);

    if (slot && slot->texts) {
        if (is_same(&slot->row, row))
            slot->progress = SLOT_WRITTEN;
        return;
    }
    bool foreign = slot && slot->class != class_of_topic(row->topic);
    slot = foreign ? NULL : put(table, row);
    if (!slot) {
        table->strays = true;
        return;
    }
    slot->fresh = true;
    slot->progress = SLOT_WRITTEN;
    table->fresh_known = false;
    make_room(table, slot->class);
}

void slot_table_load_watermark(struct slot_table *table, enum slot_class class,
                               const struct watermark *watermark)
{
    watermarks_raise(&table->loaded[class], watermark);
}

static bool comes_before(const struct slot *a, const struct slot *b)
{
    if (a->class != b->class)
        return a->class < b->class;
    if (takes_off(a) != takes_off(b))
        return takes_off(a);
    if (a->row.ends_ms != b->row.ends_ms)
        return a->row.ends_ms > b->row.ends_ms;
    if (a->row.order_ms != b->row.order_ms)
        return a->row.order_ms < b->row.order_ms;
    return strcmp(a->name, b->name) < 0;
}

static int compare_fresh(const void *left, const void *right)
{
    const struct slot *const *a = left, *const *b = right;

    return *a == *b ? 0 : comes_before(*a, *b) ? -1 : 1;
}

static void order_fresh(struct slot_table *table)
{
    table->fresh_count = table->fresh_next = 0;
    for (size_t i = 0; i < table->count; i++)
        if (table->slots[i]->fresh)
            table->fresh[table->fresh_count++] = table->slots[i];
    if (table->fresh_count > 0)
        qsort(table->fresh, table->fresh_count, sizeof *table->fresh,
              compare_fresh);
    table->fresh_known = true;
}

const struct slot_row *slot_table_next_fresh(struct slot_table *table)
{
    if (!table->fresh_known)
        order_fresh(table);
    while (table->fresh_next < table->fresh_count &&
           !table->fresh[table->fresh_next]->fresh)
        table->fresh_next++;
    table->judged = table->fresh_next < table->fresh_count
                        ? table->fresh[table->fresh_next]
                        : NULL;
    return table->judged ? &table->judged->row : NULL;
}

/* The row has the slot name of an earlier version, or somebody changed the
 * file. The row moves with its texts, so that nothing is forgotten for lack of
 * room. */
static void move_row(struct slot_table *table, struct slot *slot,
                     const struct slot_row *judged)
{
    struct slot_row row = *judged;

    row.topic = slot->row.topic;
    row.payload = slot->row.payload;
    row.bytes = slot->row.bytes;
    char *texts = take_texts(table, slot);
    if (!slot->reached)
        drop(table, slot);
    slot = find_or_add(table, row.slot, class_of_topic(row.topic));
    if (!slot || (slot->texts && slot->row.seq >= row.seq))
        free(texts);
    else
        give_row(table, slot, &row, texts);
}

void slot_table_settle(struct slot_table *table, const struct slot_row *row,
                       const struct slot_row *judged)
{
    struct slot *slot = find(table, row->slot);
    enum slot_class class = slot->class;

    table->judged = NULL;
    slot->fresh = false;
    if (judged && strcmp(judged->slot, slot->name) != 0) {
        class = class_of_topic(slot->row.topic);
        move_row(table, slot, judged);
    } else if (judged) {
        if (!is_same(&slot->row, judged))
            set_unwritten(table, slot);
        slot->row.seq = judged->seq;
        slot->row.order_ms = judged->order_ms;
        slot->row.ends_ms = judged->ends_ms;
    }
    make_room(table, class);
}

const struct watermarks *
slot_table_loaded_watermarks(const struct slot_table *table,
                             enum slot_class class)
{
    return &table->loaded[class];
}

void slot_table_end_loading(struct slot_table *table)
{
    memset(table->loaded, 0, sizeof table->loaded);
}

static bool is_urgent(const struct slot *slot)
{
    return slot->class == SLOT_KEYS || slot->class == SLOT_ALERTS ||
           takes_off(slot);
}

/* Index of the first row from there on that is to be written, or count. */
static size_t find_unwritten(const struct slot_table *table, size_t from,
                             bool urgent)
{
    for (size_t i = from; i < table->count; i++) {
        const struct slot *slot = table->slots[i];
        if (slot->texts && slot->progress == SLOT_UNWRITTEN &&
            (!urgent || is_urgent(slot)))
            return i;
    }
    return table->count;
}

const struct slot_row *slot_table_next_unwritten(struct slot_table *table)
{
    table->urgent_from = find_unwritten(table, table->urgent_from, true);
    size_t at = table->urgent_from;
    if (at == table->count)
        at = table->unwritten_from =
            find_unwritten(table, table->unwritten_from, false);
    if (at == table->count)
        return NULL;
    table->slots[at]->progress = SLOT_WRITING;
    return &table->slots[at]->row;
}

void slot_table_end_writing(struct slot_table *table, bool done)
{
    for (size_t i = 0; i < table->count; i++) {
        struct slot *slot = table->slots[i];
        if (slot->progress == SLOT_WRITING && done)
            slot->progress = SLOT_WRITTEN;
        else if (slot->progress == SLOT_WRITING)
            set_unwritten(table, slot);
    }
}

void slot_table_forget_file(struct slot_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        set_unwritten(table, table->slots[i]);
}

bool slot_table_keeps(const struct slot_table *table, const char *name)
{
    const struct slot *slot = find(table, name);

    return slot && slot->texts;
}

bool slot_table_is_written(const struct slot_table *table)
{
    return find_unwritten(table, table->unwritten_from, false) == table->count;
}

bool slot_table_has_strays(const struct slot_table *table)
{
    return table->strays;
}

void slot_table_end_strays(struct slot_table *table)
{
    table->strays = false;
}
