/* What the loop, the store and receipts need to know of a message. */
#include "base/timestamp.h"
#include "display/core/board/board_state.h"
#include "protocol/alert_life.h"

#include <stdio.h>
#include <string.h>

/* Its age for whoever has to forget something: what an alert ends was sent
 * before it, so that it is forgotten before, too. */
static int64_t order_ms(const struct message *message, int64_t issued_ms)
{
    int64_t sent_ms = message->kind == MESSAGE_ALERT
                          ? alert_life_sent_ms(message)
                          : issued_ms;

    return sent_ms < issued_ms ? sent_ms : issued_ms;
}

/* When nothing of it is to be seen any more. */
static int64_t end_ms(const struct message *message, int64_t issued_ms)
{
    switch (message->kind) {
    case MESSAGE_ALERT:
        return alert_life_end_ms(message);
    case MESSAGE_PANEL:
        return message->expires_ms == TIMESTAMP_NONE ? INT64_MAX
                                                     : message->expires_ms;
    case MESSAGE_INDEX:
    case MESSAGE_TICK:
    case MESSAGE_KEYS:
        return INT64_MAX;
    default:
        return issued_ms;
    }
}

void board_describe(const struct verified_message *verified,
                    const struct ledger_mark *mark, const char *slot,
                    const struct trust *trust, struct board_intake *result)
{
    const struct message *message = verified->message;

    result->kind = message->kind;
    result->seq = message->seq;
    result->issued_ms = message->issued_ms;
    memcpy(result->key_id, message->key_id, sizeof result->key_id);
    result->tells_time = message->kind != MESSAGE_KEYS &&
                         trust_in_time(trust, message->key_id);
    snprintf(result->id, sizeof result->id, "%s", message->id);
    result->class = mark->class;
    snprintf(result->slot, sizeof result->slot, "%s", slot);
    result->order_ms = order_ms(message, mark->issued_ms);
    result->ends_ms = end_ms(message, mark->issued_ms);
    memcpy(result->ignored, message->passed.paths, sizeof result->ignored);
    memcpy(result->left_out, message->left_out.paths, sizeof result->left_out);
    if (message->kind == MESSAGE_COMMAND) {
        result->verb = message->command.verb;
        result->value = message->command.value;
    }
}
