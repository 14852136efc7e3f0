/* Types that the parts of the board share: how a message arrived, what it did,
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
    bool live;           /* just now from the broker; false: from the store */
    int64_t received_ms; /* trusted wall clock of the first arrival, or
                            TIMESTAMP_NONE */
    uint64_t body_hash;  /* slot_hash of the body: equal for a copy */
};

/* What a message did. */
enum board_effect {
    BOARD_REFUSED,   /* problem says why; nothing changes on the glass */
    BOARD_DUPLICATE, /* known already; nothing changed */
    BOARD_ACCEPTED,  /* something appears or changes */
    BOARD_TOOK_OFF,  /* removal or cancel: commit to the disk before the next
                        frame */
    BOARD_NOTED,     /* tick, index: nothing changes on the glass */
    BOARD_COMMAND,   /* the loop carries it out */
};

/* The result of a part of the board for a message. */
struct board_taken {
    enum board_effect effect;
    bool known; /* its sequence number counts as seen; false: it may come again,
                   such as one refused for lack of room */
    bool keep;  /* the store keeps it */
};

/* A message that ended by itself, for receipts. */
struct board_ended {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq;
    const char *reason; /* "expired", "cancelled", "replaced", "removed" */
};
enum { BOARD_ENDED_MAX = 32 };

/* Messages that ended and were not fetched yet, oldest first. Zeroed is empty.
 * When it is full, further events are dropped: they are only reported, no
 * behaviour depends on them. */
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

/* Takes the oldest events out and returns how many. */
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
