/* The queue of what ended, from the parts of the board to receipts. */
#include "display/core/validation/board_terms.h"

#include <string.h>

void board_ended_add(struct board_ended_queue *queue, enum message_kind kind,
                     const char *id, int64_t seq, const char *reason)
{
    if (queue->count == BOARD_ENDED_QUEUE_MAX)
        return;
    struct board_ended *event = &queue->events[queue->count++];
    *event = (struct board_ended){.kind = kind, .seq = seq, .reason = reason};
    strncpy(event->id, id, LIMIT_IDENTIFIER_BYTES);
}

size_t board_ended_fetch(struct board_ended_queue *queue,
                         struct board_ended out[BOARD_ENDED_MAX])
{
    size_t count = queue->count < BOARD_ENDED_MAX ? queue->count
                                                  : BOARD_ENDED_MAX;

    memcpy(out, queue->events, count * sizeof *out);
    queue->count -= count;
    memmove(queue->events, queue->events + count,
            queue->count * sizeof *queue->events);
    return count;
}
