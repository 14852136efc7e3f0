/* Remembers which sequence number each slot has reached. */
#include "display/core/ledger.h"

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

void ledger_init(struct ledger *ledger)
{
    ledger->count = 0;
    ledger->floor_ms = INT64_MIN;
}

enum ledger_verdict ledger_judge(const struct ledger *ledger, const char *slot,
                                 const struct ledger_mark *mark)
{
    const struct ledger_entry *entry = find(ledger, slot);

    if (!entry)
        return mark->issued_ms <= ledger->floor_ms ? LEDGER_FORGOTTEN
                                                   : LEDGER_NEW;
    if (mark->seq > entry->mark.seq)
        return LEDGER_NEW;
    if (mark->seq < entry->mark.seq)
        return LEDGER_STALE;
    return mark->body_hash == entry->mark.body_hash ? LEDGER_DUPLICATE
                                                    : LEDGER_CONFLICT;
}

static struct ledger_entry *oldest(struct ledger *ledger)
{
    struct ledger_entry *found = &ledger->entries[0];

    for (size_t i = 1; i < ledger->count; i++)
        if (ledger->entries[i].mark.issued_ms < found->mark.issued_ms)
            found = &ledger->entries[i];
    return found;
}

static struct ledger_entry *make_room(struct ledger *ledger)
{
    if (ledger->count < LEDGER_SLOTS_MAX)
        return &ledger->entries[ledger->count++];
    struct ledger_entry *entry = oldest(ledger);
    if (entry->mark.issued_ms > ledger->floor_ms)
        ledger->floor_ms = entry->mark.issued_ms;
    return entry;
}

void ledger_note(struct ledger *ledger, const char *slot,
                 const struct ledger_mark *mark)
{
    assert(strlen(slot) < LEDGER_SLOT_BYTES);
    struct ledger_entry *entry = (struct ledger_entry *)find(ledger, slot);
    if (!entry) {
        entry = make_room(ledger);
        strcpy(entry->slot, slot);
        entry->slot_hash = ledger_hash(slot, strlen(slot));
    }
    entry->mark = *mark;
}

void ledger_distrust(struct ledger *ledger, const struct trust *trust)
{
    for (size_t i = ledger->count; i-- > 0;)
        if (!trust_in_key(trust, ledger->entries[i].mark.key_id))
            ledger->entries[i] = ledger->entries[--ledger->count];
}

int64_t ledger_sequence(const struct ledger *ledger, const char *slot)
{
    const struct ledger_entry *entry = find(ledger, slot);

    return entry ? entry->mark.seq : 0;
}
