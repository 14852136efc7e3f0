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
                                 int64_t seq, uint64_t body_hash,
                                 int64_t issued_ms)
{
    const struct ledger_entry *entry = find(ledger, slot);

    if (!entry)
        return issued_ms <= ledger->floor_ms ? LEDGER_FORGOTTEN : LEDGER_NEW;
    if (seq > entry->seq)
        return LEDGER_NEW;
    if (seq < entry->seq)
        return LEDGER_STALE;
    return body_hash == entry->body_hash ? LEDGER_DUPLICATE : LEDGER_CONFLICT;
}

static struct ledger_entry *oldest(struct ledger *ledger)
{
    struct ledger_entry *found = &ledger->entries[0];

    for (size_t i = 1; i < ledger->count; i++)
        if (ledger->entries[i].issued_ms < found->issued_ms)
            found = &ledger->entries[i];
    return found;
}

static struct ledger_entry *make_room(struct ledger *ledger)
{
    if (ledger->count < LEDGER_SLOTS_MAX)
        return &ledger->entries[ledger->count++];
    struct ledger_entry *entry = oldest(ledger);
    if (entry->issued_ms > ledger->floor_ms)
        ledger->floor_ms = entry->issued_ms;
    return entry;
}

void ledger_note(struct ledger *ledger, const char *slot, int64_t seq,
                 uint64_t body_hash, int64_t issued_ms)
{
    assert(strlen(slot) < LEDGER_SLOT_BYTES);
    struct ledger_entry *entry = (struct ledger_entry *)find(ledger, slot);
    if (!entry) {
        entry = make_room(ledger);
        strcpy(entry->slot, slot);
        entry->slot_hash = ledger_hash(slot, strlen(slot));
    }
    entry->seq = seq;
    entry->body_hash = body_hash;
    entry->issued_ms = issued_ms;
}

int64_t ledger_sequence(const struct ledger *ledger, const char *slot)
{
    const struct ledger_entry *entry = find(ledger, slot);

    return entry ? entry->seq : 0;
}
