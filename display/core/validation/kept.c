/* Holds rows in blocks of their own, looked up by the hash of their slot. */
#include "display/core/validation/kept.h"

#include "display/core/validation/key_tally.h"
#include "protocol/envelope.h"

#include <stdlib.h>
#include <string.h>

enum kept_progress { KEPT_UNWRITTEN, KEPT_WRITING, KEPT_WRITTEN };

struct kept_entry {
    struct kept_row row; /* texts stand behind the entry */
    enum ledger_class class;
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* that the payload bears */
    uint64_t hash;
    enum kept_progress progress;
    bool fresh;
    bool spared; /* while room is made: it is in force */
    char texts[];
};

struct kept {
    struct kept_holder holder;
    struct kept_entry *entries[KEPT_ROWS_MAX + 1]; /* one more while one goes */
    size_t count;
    size_t rows[LEDGER_CLASS_COUNT], bytes[LEDGER_CLASS_COUNT];
    struct watermarks watermarks[LEDGER_CLASS_COUNT];
    bool strays;
};

static const struct {
    size_t rows, bytes;
} bounds[LEDGER_CLASS_COUNT] = {
    [LEDGER_KEYS] = {KEPT_KEYS_ROWS, KEPT_KEYS_BYTES},
    [LEDGER_SERVICE] = {KEPT_SERVICE_ROWS, KEPT_SERVICE_BYTES},
    [LEDGER_ALERTS] = {KEPT_ALERT_ROWS, KEPT_ALERT_BYTES},
    [LEDGER_PANELS] = {KEPT_PANEL_ROWS, KEPT_PANEL_BYTES},
};

struct kept *kept_create(const struct kept_holder *holder)
{
    struct kept *kept = calloc(1, sizeof *kept);

    if (!kept)
        return NULL;
    kept->holder = *holder;
    return kept;
}

void kept_destroy(struct kept *kept)
{
    if (!kept)
        return;
    for (size_t i = 0; i < kept->count; i++)
        free(kept->entries[i]);
    free(kept);
}

enum ledger_class kept_class(const char *topic)
{
    struct topic parts;

    return topic_parse(topic, &parts) ? ledger_class_of(parts.kind)
                                      : LEDGER_SERVICE;
}

static size_t weight(const struct kept_row *row)
{
    return strlen(row->topic) + row->bytes;
}

static size_t find(const struct kept *kept, const char *slot)
{
    uint64_t hash = ledger_hash(slot, strlen(slot));
    size_t at = 0;

    while (at < kept->count && (kept->entries[at]->hash != hash ||
                                strcmp(kept->entries[at]->row.slot, slot) != 0))
        at++;
    return at;
}

static char *append(char **end, const void *bytes, size_t size)
{
    char *start = memcpy(*end, bytes, size);

    *end += size;
    return start;
}

static struct kept_entry *make_entry(const struct kept_row *row)
{
    size_t slot_bytes = strlen(row->slot) + 1;
    size_t topic_bytes = strlen(row->topic) + 1;
    const char *key_id = envelope_peek_key_id(row->payload, row->bytes);
    struct kept_entry *entry =
        malloc(sizeof *entry + slot_bytes + topic_bytes + row->bytes);

    if (!entry)
        return NULL;
    char *end = entry->texts;
    *entry = (struct kept_entry){
        .row = *row,
        .class = kept_class(row->topic),
        .hash = ledger_hash(row->slot, slot_bytes - 1),
    };
    if (key_id)
        memcpy(entry->key_id, key_id, LIMIT_KEY_ID_BYTES);
    entry->row.slot = append(&end, row->slot, slot_bytes);
    entry->row.topic = append(&end, row->topic, topic_bytes);
    entry->row.payload = append(&end, row->payload, row->bytes);
    return entry;
}

/* The caller owns what is taken out; the last one moves into the gap. */
static struct kept_entry *take_out(struct kept *kept, size_t at)
{
    struct kept_entry *entry = kept->entries[at];

    kept->rows[entry->class]--;
    kept->bytes[entry->class] -= weight(&entry->row);
    kept->entries[at] = kept->entries[--kept->count];
    return entry;
}

static void take_in(struct kept *kept, struct kept_entry *entry)
{
    kept->entries[kept->count++] = entry;
    kept->rows[entry->class]++;
    kept->bytes[entry->class] += weight(&entry->row);
}

static bool takes_off(const struct kept_row *row)
{
    return row->ends_ms <= row->order_ms;
}

/* In the same second what was ended goes before what ended it. */
static bool is_older(const struct kept_row *a, const struct kept_row *b)
{
    if (a->order_ms != b->order_ms)
        return a->order_ms < b->order_ms;
    return !takes_off(a) && takes_off(b);
}

static const char *busiest_key(const struct kept *kept, enum ledger_class class)
{
    struct key_tally tally = {.count = 0};

    for (size_t i = 0; i < kept->count; i++)
        if (kept->entries[i]->class == class)
            key_tally_add(&tally, kept->entries[i]->key_id);
    return key_tally_busiest(&tally);
}

/* key_id NULL: whoever signed it. */
static size_t find_oldest(const struct kept *kept, enum ledger_class class,
                          const char *key_id)
{
    size_t oldest = kept->count;

    for (size_t i = 0; i < kept->count; i++) {
        const struct kept_entry *entry = kept->entries[i];
        if (entry->class == class && !entry->spared &&
            (!key_id || strcmp(entry->key_id, key_id) == 0) &&
            (oldest == kept->count ||
             is_older(&entry->row, &kept->entries[oldest]->row)))
            oldest = i;
    }
    return oldest;
}

static void unspare(struct kept *kept)
{
    for (size_t i = 0; i < kept->count; i++)
        kept->entries[i]->spared = false;
}

/* The oldest that is not in force. */
static size_t find_leaver(struct kept *kept, enum ledger_class class,
                          const char *key_id)
{
    size_t at = find_oldest(kept, class, key_id);

    while (at < kept->count && kept->holder.holds(kept->holder.context, class,
                                                  &kept->entries[at]->row)) {
        kept->entries[at]->spared = true;
        at = find_oldest(kept, class, key_id);
    }
    return at;
}

/* Of the key that has the most, else of another; where all rows are in force
 * the oldest of them. */
static size_t choose_leaver(struct kept *kept, enum ledger_class class)
{
    size_t at = find_leaver(kept, class, busiest_key(kept, class));

    if (at == kept->count)
        at = find_leaver(kept, class, NULL);
    unspare(kept);
    return at < kept->count ? at : find_oldest(kept, class, NULL);
}

void kept_raise_watermark(struct kept *kept, enum ledger_class class,
                          const struct watermark *watermark)
{
    watermarks_raise(&kept->watermarks[class], watermark);
}

void kept_distrust_watermarks(struct kept *kept, const struct trust *trust)
{
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++)
        watermarks_distrust(&kept->watermarks[i], trust);
}

static void make_room(struct kept *kept, enum ledger_class class)
{
    while (kept->rows[class] > bounds[class].rows ||
           kept->bytes[class] > bounds[class].bytes) {
        struct kept_entry *entry = take_out(kept, choose_leaver(kept, class));
        const struct watermark watermark = watermark_of(entry->key_id,
                                                        entry->row.order_ms);
        kept_raise_watermark(kept, class, &watermark);
        kept->strays = true;
        free(entry);
    }
}

static bool is_bounded(const struct kept_row *row)
{
    return strlen(row->slot) < LEDGER_SLOT_BYTES &&
           strlen(row->topic) < LIMIT_TOPIC_BYTES &&
           row->bytes <= LIMIT_MESSAGE_BYTES;
}

static bool add(struct kept *kept, const struct kept_row *row, bool fresh)
{
    struct kept_entry *entry = is_bounded(row) ? make_entry(row) : NULL;

    if (!entry)
        return false;
    if (fresh) {
        entry->fresh = true;
        entry->progress = KEPT_WRITTEN;
    }
    size_t at = find(kept, row->slot);
    if (at < kept->count)
        free(take_out(kept, at));
    take_in(kept, entry);
    make_room(kept, entry->class);
    return true;
}

bool kept_put(struct kept *kept, const struct kept_row *row)
{
    return add(kept, row, false);
}

static bool is_same(const struct kept_row *a, const struct kept_row *b)
{
    return a->seq == b->seq && a->order_ms == b->order_ms &&
           a->ends_ms == b->ends_ms && a->bytes == b->bytes &&
           strcmp(a->topic, b->topic) == 0 &&
           memcmp(a->payload, b->payload, a->bytes) == 0;
}

void kept_load(struct kept *kept, const struct kept_row *row)
{
    size_t at = find(kept, row->slot);

    if (at == kept->count) {
        if (!add(kept, row, true))
            kept->strays = true;
    } else if (is_same(&kept->entries[at]->row, row)) {
        kept->entries[at]->progress = KEPT_WRITTEN;
    }
}

static bool comes_before(const struct kept_entry *a, const struct kept_entry *b)
{
    if (a->class != b->class)
        return a->class < b->class;
    if (takes_off(&a->row) != takes_off(&b->row))
        return takes_off(&a->row);
    if (a->row.ends_ms != b->row.ends_ms)
        return a->row.ends_ms > b->row.ends_ms;
    if (a->row.order_ms != b->row.order_ms)
        return a->row.order_ms < b->row.order_ms;
    return strcmp(a->row.slot, b->row.slot) < 0;
}

const struct kept_row *kept_next_fresh(const struct kept *kept)
{
    const struct kept_entry *first = NULL;

    for (size_t i = 0; i < kept->count; i++) {
        const struct kept_entry *entry = kept->entries[i];
        if (entry->fresh && (!first || comes_before(entry, first)))
            first = entry;
    }
    return first ? &first->row : NULL;
}

/* Written by an earlier version, or by another's hand. The entry leaves before
 * its successor comes, which has its texts: so nobody is forgotten for want of
 * room, least of all this one. */
static void rename_slot(struct kept *kept, size_t at,
                        const struct kept_row *judged)
{
    struct kept_entry *entry = take_out(kept, at);
    size_t other = find(kept, judged->slot);
    bool newest = other == kept->count ||
                  kept->entries[other]->row.seq < judged->seq;

    if (newest && !kept_put(kept, judged)) {
        take_in(kept, entry);
        return;
    }
    kept->strays = true;
    free(entry);
}

void kept_settle(struct kept *kept, const struct kept_row *row,
                 const struct kept_row *judged)
{
    size_t at = find(kept, row->slot);
    struct kept_entry *entry = kept->entries[at];

    entry->fresh = false;
    if (!judged)
        return;
    if (strcmp(judged->slot, row->slot) != 0) {
        rename_slot(kept, at, judged);
        return;
    }
    if (!is_same(&entry->row, judged))
        entry->progress = KEPT_UNWRITTEN;
    entry->row.order_ms = judged->order_ms;
    entry->row.ends_ms = judged->ends_ms;
}

static bool is_urgent(const struct kept_entry *entry)
{
    return entry->class == LEDGER_KEYS || entry->class == LEDGER_ALERTS ||
           takes_off(&entry->row);
}

static struct kept_entry *find_unwritten(const struct kept *kept, bool urgent)
{
    for (size_t i = 0; i < kept->count; i++) {
        struct kept_entry *entry = kept->entries[i];
        if (entry->progress == KEPT_UNWRITTEN && (!urgent || is_urgent(entry)))
            return entry;
    }
    return NULL;
}

const struct kept_row *kept_next_unwritten(struct kept *kept)
{
    struct kept_entry *entry = find_unwritten(kept, true);

    if (!entry)
        entry = find_unwritten(kept, false);
    if (!entry)
        return NULL;
    entry->progress = KEPT_WRITING;
    return &entry->row;
}

void kept_end_writing(struct kept *kept, bool done)
{
    for (size_t i = 0; i < kept->count; i++)
        if (kept->entries[i]->progress == KEPT_WRITING)
            kept->entries[i]->progress = done ? KEPT_WRITTEN : KEPT_UNWRITTEN;
}

void kept_distrust(struct kept *kept)
{
    for (size_t i = 0; i < kept->count; i++)
        kept->entries[i]->progress = KEPT_UNWRITTEN;
}

bool kept_knows(const struct kept *kept, const char *slot)
{
    return find(kept, slot) < kept->count;
}

bool kept_is_written(const struct kept *kept)
{
    return !find_unwritten(kept, false);
}

bool kept_has_strays(const struct kept *kept)
{
    return kept->strays;
}

void kept_end_strays(struct kept *kept)
{
    kept->strays = false;
}

const struct watermarks *kept_watermarks(const struct kept *kept,
                                         enum ledger_class class)
{
    return &kept->watermarks[class];
}
