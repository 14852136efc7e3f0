/* Compares the messages that should be live with those that arrived. */
#include "display/core/board/board_index.h"

#include "display/core/board/programme.h"

#include <stdio.h>
#include <string.h>

bool board_index_take(struct board_index *index, struct message *message)
{
    for (size_t i = 0; i < index->count; i++) {
        if (strcmp(index->messages[i]->scope, message->scope) != 0 ||
            strcmp(index->messages[i]->id, message->id) != 0)
            continue;
        message_destroy(index->messages[i]);
        index->messages[i] = message;
        return true;
    }
    if (index->count == BOARD_INDEXES_MAX)
        return false;
    index->messages[index->count++] = message;
    return true;
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

_Static_assert(BOARD_INDEXES_MAX + 2 * KEY_RING_MAX <= SLOT_SERVICE_MAX,
               "the table remembers every index, tick and command");

void board_index_finish(struct board_index *index)
{
    for (size_t i = 0; i < index->count; i++)
        message_destroy(index->messages[i]);
    index->count = 0;
}

void board_index_slot(const char *scope, const char *key_id,
                      char out[SLOT_NAME_BYTES])
{
    snprintf(out, SLOT_NAME_BYTES, "index/%.*s/%.*s", SCOPE_BYTES, scope,
             LIMIT_KEY_ID_BYTES, key_id);
}

static int64_t panel_sequence(const struct slot_table *slots, const char *scope,
                              const char *id)
{
    char slot[PROGRAMME_SLOT_BYTES];

    programme_slot(scope, id, slot);
    return slot_table_sequence(slots, slot);
}

/* Only the lifecycle knows what is in quarantine, and only the table of slots
 * knows what the lifecycle has forgotten. At the broker a message of another
 * key with the same id may have replaced the listed one. */
static int64_t alert_sequence(const struct board_index_holdings *holdings,
                              const char *scope, const char *id)
{
    int64_t highest = lifecycle_sequence(holdings->lifecycle, id, scope);

    if (strlen(id) > LIMIT_IDENTIFIER_BYTES)
        return 0;
    for (int status = 0; status < ALERT_STATUS_COUNT; status++) {
        char slot[LIFECYCLE_SLOT_BYTES];
        lifecycle_slot((enum alert_status)status, id, "", slot);
        int64_t seq = slot_table_alert_sequence(holdings->slots, slot,
                                                holdings->trust, scope);
        if (seq > highest)
            highest = seq;
    }
    return highest;
}

static bool is_missing(const struct message_index_entry *entry,
                       const char *scope, unsigned roles,
                       const struct board_index_holdings *holdings)
{
    const char *id = strchr(entry->slot, '/');
    bool panel = strncmp(entry->slot, "panel/", 6) == 0;

    if (!(roles & (panel ? KEY_ROLE_PANELS : KEY_ROLE_ALERTS)))
        return false;
    if (!id)
        return true;
    int64_t seq = panel ? panel_sequence(holdings->slots, scope, id + 1)
                        : alert_sequence(holdings, scope, id + 1);
    return seq < entry->seq;
}

/* All settings of a scope have one slot. */
static bool lacks_settings(const struct message_index_entry *entry,
                           const char *scope, unsigned roles,
                           const struct board_index_holdings *holdings)
{
    char slot[SLOT_NAME_BYTES];

    snprintf(slot, sizeof slot, "settings/%.*s", SCOPE_BYTES, scope);
    return (roles & KEY_ROLE_COMMANDS) &&
           slot_table_sequence(holdings->slots, slot) < entry->seq;
}

static bool lacks_scope(const struct message_index_scope *listed,
                        const struct message *index,
                        const struct board_index_holdings *holdings)
{
    char slot[SLOT_NAME_BYTES];

    if (!scope_covers(listed->scope, holdings->trust->screen) ||
        trust_in_roles(holdings->trust, index, listed->scope) == 0)
        return false;
    board_index_slot(listed->scope, index->id, slot);
    return slot_table_sequence(holdings->slots, slot) < listed->seq;
}

static int count_missing(const struct message *message,
                         const struct board_index_holdings *holdings)
{
    const struct message_index *index = message->index;
    unsigned roles = trust_in_roles(holdings->trust, message, message->scope);
    int missing = 0;

    for (size_t i = 0; i < index->count; i++)
        missing += is_missing(&index->entries[i], message->scope, roles,
                              holdings);
    for (size_t i = 0; i < index->settings_count; i++)
        missing += lacks_settings(&index->settings[i], message->scope, roles,
                                  holdings);
    for (size_t i = 0; i < index->scope_count; i++)
        missing += lacks_scope(&index->scopes[i], message, holdings);
    return missing;
}

int board_index_missing(const struct board_index *index,
                        const struct board_index_holdings *holdings)
{
    int missing = 0;

    for (size_t i = 0; i < index->count; i++)
        missing += count_missing(index->messages[i], holdings);
    return missing;
}
