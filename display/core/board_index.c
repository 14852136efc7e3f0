/* Compares what should be live with what has come. */
#include "display/core/board_index.h"

#include <stdio.h>
#include <string.h>

void board_index_take(struct board_index *index, struct message *message)
{
    for (size_t i = 0; i < index->count; i++) {
        if (strcmp(index->messages[i]->scope, message->scope) != 0)
            continue;
        message_destroy(index->messages[i]);
        index->messages[i] = message;
        return;
    }
    if (index->count < SCOPE_MAX)
        index->messages[index->count++] = message;
    else
        message_destroy(message);
}

void board_index_distrust(struct board_index *index, const struct trust *trust)
{
    for (size_t i = index->count; i-- > 0;) {
        if (trust_in_message(trust, index->messages[i], NULL))
            continue;
        message_destroy(index->messages[i]);
        index->messages[i] = index->messages[--index->count];
    }
}

void board_index_finish(struct board_index *index)
{
    for (size_t i = 0; i < index->count; i++)
        message_destroy(index->messages[i]);
    index->count = 0;
}

static int64_t panel_sequence(const struct ledger *ledger, const char *scope,
                              const char *id)
{
    char slot[LEDGER_SLOT_BYTES];
    int length = snprintf(slot, sizeof slot, "panel/%s/%s", scope, id);

    if (length < 0 || length >= (int)sizeof slot)
        return 0;
    return ledger_sequence(ledger, slot);
}

/* What came out of quarantine is known to the lifecycle alone, what it has
 * forgotten to the ledger. */
static int64_t alert_sequence(const struct ledger *ledger,
                              const struct lifecycle *lifecycle, const char *id)
{
    int64_t highest = lifecycle_sequence(lifecycle, id);

    if (strlen(id) > LIMIT_IDENTIFIER_BYTES)
        return 0;
    for (int status = 0; status < ALERT_STATUS_COUNT; status++) {
        char slot[LIFECYCLE_SLOT_BYTES];
        lifecycle_slot((enum alert_status)status, id, slot);
        int64_t seq = ledger_sequence(ledger, slot);
        if (seq > highest)
            highest = seq;
    }
    return highest;
}

static bool is_missing(const struct message_index_entry *entry,
                       const char *scope, const struct ledger *ledger,
                       const struct lifecycle *lifecycle)
{
    const char *id = strchr(entry->slot, '/');

    if (!id)
        return true;
    int64_t seq = strncmp(entry->slot, "panel/", 6) == 0
                      ? panel_sequence(ledger, scope, id + 1)
                      : alert_sequence(ledger, lifecycle, id + 1);
    return seq < entry->seq;
}

int board_index_missing(const struct board_index *index,
                        const struct ledger *ledger,
                        const struct lifecycle *lifecycle)
{
    int missing = 0;

    for (size_t i = 0; i < index->count; i++) {
        const struct message *message = index->messages[i];
        for (size_t j = 0; j < message->index->count; j++)
            if (is_missing(&message->index->entries[j], message->scope, ledger,
                           lifecycle))
                missing++;
    }
    return missing;
}
