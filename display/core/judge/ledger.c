/* Remembers which sequence number each slot has reached. */
#include "display/core/judge/ledger.h"

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
        ledger->floors_ms[i] = INT64_MIN;
    }
}

enum ledger_verdict ledger_judge(const struct ledger *ledger, const char *slot,
                                 const struct ledger_mark *mark)
{
    const struct ledger_entry *entry = find(ledger, slot);

    if (!entry)
        return mark->issued_ms <= ledger->floors_ms[mark->class]
                   ? LEDGER_FORGOTTEN
                   : LEDGER_NEW;
    if (mark->seq > entry->mark.seq)
        return LEDGER_NEW;
    if (mark->seq < entry->mark.seq)
        return LEDGER_STALE;
    return mark->body_hash == entry->mark.body_hash ? LEDGER_DUPLICATE
                                                    : LEDGER_CONFLICT;
}

static struct ledger_entry *oldest(struct ledger *ledger,
                                   enum ledger_class class)
{
    struct ledger_entry *found = NULL;

    for (size_t i = 0; i < ledger->count; i++) {
        struct ledger_entry *entry = &ledger->entries[i];
        if (entry->mark.class == class &&
            (!found || entry->mark.issued_ms < found->mark.issued_ms))
            found = entry;
    }
    return found;
}

void ledger_raise_floor(struct ledger *ledger, enum ledger_class class,
                        int64_t issued_ms)
{
    if (issued_ms > ledger->floors_ms[class])
        ledger->floors_ms[class] = issued_ms;
}

static struct ledger_entry *make_room(struct ledger *ledger,
                                      enum ledger_class class)
{
    if (ledger->counts[class] < limit_of(class)) {
        ledger->counts[class]++;
        return &ledger->entries[ledger->count++];
    }
    struct ledger_entry *entry = oldest(ledger, class);
    ledger_raise_floor(ledger, class, entry->mark.issued_ms);
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

void ledger_distrust(struct ledger *ledger, const struct trust *trust)
{
    for (size_t i = ledger->count; i-- > 0;) {
        const struct ledger_mark *mark = &ledger->entries[i].mark;
        if (trust_in_key(trust, mark->key_id))
            continue;
        ledger->counts[mark->class]--;
        ledger->entries[i] = ledger->entries[--ledger->count];
    }
}

int64_t ledger_sequence(const struct ledger *ledger, const char *slot)
{
    const struct ledger_entry *entry = find(ledger, slot);

    return entry ? entry->mark.seq : 0;
}
