/* Terms that the parts of the board share: how a message came, what it did,
 * what ended. */
#ifndef GAOSHI_DISPLAY_BOARD_TERMS_H
#define GAOSHI_DISPLAY_BOARD_TERMS_H

#include "display/core/validation/moment.h"
#include "protocol/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* How a message came to this screen. */
struct arrival {
    bool live;           /* over the line just now; false: out of the store */
    int64_t received_ms; /* trusted wall clock of the first arrival, or
                            TIMESTAMP_NONE */
    uint64_t body_hash;  /* slot_hash: tells a copy from another body */
};

/* What a message did. */
enum board_effect {
    BOARD_REFUSED,   /* problem says why; the glass stays as it is */
    BOARD_DUPLICATE, /* known already; nothing changed */
    BOARD_ACCEPTED,  /* put something up or changed it */
    BOARD_TOOK_OFF,  /* removal or cancel: commit before the next frame */
    BOARD_NOTED,     /* tick, index: nothing to see */
    BOARD_COMMAND,   /* the loop carries it out */
};

/* What a part did with a message that it was given. */
struct board_taken {
    enum board_effect effect;
    bool known; /* its sequence number counts as seen; false: it may come
                   again, as what was refused for want of room does */
    bool keep;  /* the store keeps it */
};

/* Something that ended by itself, for receipts. */
struct board_ended {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq;
    const char *reason; /* "expired", "cancelled", "replaced", "removed" */
};
enum { BOARD_ENDED_MAX = 32 };

/* What ended and was not fetched yet, oldest first. Zeroed is empty. When it is
 * full, the newest event is dropped: it only informs, no behaviour depends on
 * it. */
enum { BOARD_ENDED_QUEUE_MAX = 512 };
struct board_ended_queue {
    struct board_ended events[BOARD_ENDED_QUEUE_MAX];
    size_t count;
};

static inline void board_ended_add(struct board_ended_queue *queue,
                                   enum message_kind kind, const char *id,
                                   int64_t seq, const char *reason)
{
    if (queue->count == BOARD_ENDED_QUEUE_MAX)
        return;
    struct board_ended *event = &queue->events[queue->count++];
    *event = (struct board_ended){.kind = kind, .seq = seq, .reason = reason};
    snprintf(event->id, sizeof event->id, "%s", id);
}

/* Takes the oldest out. Returns how many. */
static inline size_t board_ended_fetch(struct board_ended_queue *queue,
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

#endif
