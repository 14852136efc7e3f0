/* Raw bytes into a board, as the feed gives them to it: verified, then taken.
 */
#ifndef GAOSHI_TESTS_SUPPORT_RECEIVE_H
#define GAOSHI_TESTS_SUPPORT_RECEIVE_H

#include "display/core/board/board.h"

/* Over the line. */
static inline struct board_intake
receive_message(struct board *board, const char *topic, const char *payload,
                size_t bytes, int64_t received_ms, const struct moment *now,
                struct problem *problem)
{
    const struct trust trust = board_trust(board);
    struct verified_message verified;

    if (!verified_message_init(&verified, &trust, topic, payload, bytes,
                               problem))
        return board_refusal(topic);
    return board_take(board, &verified, received_ms, now, problem);
}

/* Out of the store. */
static inline struct board_intake
receive_row(struct board *board, const char *topic, const char *payload,
            size_t bytes, int64_t received_ms, const struct moment *now,
            struct problem *problem)
{
    const struct trust trust = board_trust(board);
    struct verified_message verified;

    if (!verified_message_init(&verified, &trust, topic, payload, bytes,
                               problem))
        return board_refusal(topic);
    return board_recall(board, &verified, received_ms, now, problem);
}

#endif
