/* Remembers which sequence number each slot has reached. */
#include "display/core/validation/ledger.h"

#include "display/core/validation/key_tally.h"

#include <assert.h>
#include <string.h>

uint64_t ledger_hash(const char *bytes, size_t size)
{
    uint64_t hash = 14695981039346656037U;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211U;
    return hash;
}

static const struct ledger_entry *find(const struct ledger *ledger,
                                       const char *slot)
{
    uint64_t hash = ledger_hash(slot, strlen(slot));

    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_entry *entry = &ledger->entries[i];
        if (entry->slot_hash == hash && strcmp(entry->slot, slot) == 0)
            return entry;
    }
    return NULL;
}

static size_t limit_of(enum ledger_class class)
{
    static const size_t limits[LEDGER_CLASS_COUNT] = {
        [LEDGER_KEYS] = LEDGER_KEYS_SLOTS,
        [LEDGER_SERVICE] = LEDGER_SERVICE_SLOTS,
        [LEDGER_ALERTS] = LEDGER_ALERT_SLOTS,
        [LEDGER_PANELS] = LEDGER_PANEL_SLOTS,
    };

    return limits[class];
}

enum ledger_class ledger_class_of(enum topic_kind kind)
{
    switch (kind) {
    case TOPIC_KEYS:
        return LEDGER_KEYS;
    case TOPIC_ALERT:
        return LEDGER_ALERTS;
    case TOPIC_PANEL:
        return LEDGER_PANELS;
    default:
        return LEDGER_SERVICE;
    }
}

void ledger_init(struct ledger *ledger)
{
    ledger->count = 0;
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++) {
        ledger->counts[i] = 0;
        ledger->watermarks[i].count = 0;
    }
}

/* A key has slots of its own for its alerts, so what was forgotten of others
 * says nothing about them. */
static int64_t watermark_for(const struct ledger *ledger,
                             const struct ledger_mark *mark)
{
    const struct watermarks *watermarks = &ledger->watermarks[mark->class];

    if (mark->class != LEDGER_ALERTS)
        return watermarks_highest(watermarks);
    int64_t own_ms = watermarks_find(watermarks, mark->key_id);
    int64_t nobodys_ms = watermarks_find(watermarks, "");
    return own_ms > nobodys_ms ? own_ms : nobodys_ms;
}

enum ledger_verdict ledger_judge(const struct ledger *ledger, const char *slot,
                                 const struct ledger_mark *mark)
{
    const struct ledger_entry *entry = find(ledger, slot);

    if (!entry)
        return mark->issued_ms <= watermark_for(ledger, mark) ? LEDGER_FORGOTTEN
                                                              : LEDGER_NEW;
    if (mark->seq > entry->mark.seq)
        return LEDGER_NEW;
    if (mark->seq < entry->mark.seq)
        return LEDGER_STALE;
    return mark->body_hash == entry->mark.body_hash ? LEDGER_DUPLICATE
                                                    : LEDGER_CONFLICT;
}

static const char *busiest_key(const struct ledger *ledger,
                               enum ledger_class class)
{
    struct key_tally tally = {.count = 0};

    for (size_t i = 0; i < ledger->count; i++)
        if (ledger->entries[i].mark.class == class)
            key_tally_add(&tally, ledger->entries[i].mark.key_id);
    return key_tally_busiest(&tally);
}

static struct ledger_entry *oldest(struct ledger *ledger,
                                   enum ledger_class class)
{
    const char *key_id = busiest_key(ledger, class);
    struct ledger_entry *found = NULL;

    for (size_t i = 0; i < ledger->count; i++) {
        struct ledger_entry *entry = &ledger->entries[i];
        if (entry->mark.class == class &&
            strcmp(entry->mark.key_id, key_id) == 0 &&
            (!found || entry->mark.issued_ms < found->mark.issued_ms))
            found = entry;
    }
    return found;
}

void ledger_raise_watermark(struct ledger *ledger, enum ledger_class class,
                            const struct watermark *watermark)
{
    watermarks_raise(&ledger->watermarks[class], watermark);
}

static struct ledger_entry *make_room(struct ledger *ledger,
                                      enum ledger_class class)
{
    if (ledger->counts[class] < limit_of(class)) {
        ledger->counts[class]++;
        return &ledger->entries[ledger->count++];
    }
    struct ledger_entry *entry = oldest(ledger, class);
    const struct watermark watermark = watermark_of(entry->mark.key_id,
                                                    entry->mark.issued_ms);
    ledger_raise_watermark(ledger, class, &watermark);
    return entry;
}

void ledger_note(struct ledger *ledger, const char *slot,
                 const struct ledger_mark *mark)
{
    assert(strlen(slot) < LEDGER_SLOT_BYTES);
    struct ledger_entry *entry = (struct ledger_entry *)find(ledger, slot);
    if (!entry) {
        entry = make_room(ledger, mark->class);
        strcpy(entry->slot, slot);
        entry->slot_hash = ledger_hash(slot, strlen(slot));
    }
    entry->mark = *mark;
}

static void drop(struct ledger *ledger, struct ledger_entry *entry)
{
    ledger->counts[entry->mark.class]--;
    *entry = ledger->entries[--ledger->count];
}

void ledger_forget(struct ledger *ledger, const char *slot)
{
    struct ledger_entry *entry = (struct ledger_entry *)find(ledger, slot);

    if (entry)
        drop(ledger, entry);
}

void ledger_distrust(struct ledger *ledger, const struct trust *trust)
{
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++)
        watermarks_distrust(&ledger->watermarks[i], trust);
    for (size_t i = ledger->count; i-- > 0;) {
        struct ledger_entry *entry = &ledger->entries[i];
        if (!trust_in_key(trust, entry->mark.key_id))
            drop(ledger, entry);
    }
}

int64_t ledger_sequence(const struct ledger *ledger, const char *slot)
{
    const struct ledger_entry *entry = find(ledger, slot);

    return entry ? entry->mark.seq : 0;
}

int64_t ledger_alert_sequence(const struct ledger *ledger, const char *slot,
                              const struct trust *trust, const char *scope)
{
    size_t length = strlen(slot);
    int64_t highest = 0;

    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_entry *entry = &ledger->entries[i];
        if (entry->mark.class == LEDGER_ALERTS && entry->mark.seq > highest &&
            strncmp(entry->slot, slot, length) == 0 &&
            trust_covers_alert(trust, entry->mark.key_id, scope))
            highest = entry->mark.seq;
    }
    return highest;
}
