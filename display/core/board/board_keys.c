/* Changes whom the screen believes, and with it what it holds. */
#include "display/core/board/board_keys.h"

static bool make_ring(const struct board *board, const struct key_list *list,
                      struct key_ring *out, struct problem *problem)
{
    if (!key_ring_copy(board->options.ring, out))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for keys");
    if (key_list_apply(list, out, problem))
        return true;
    key_ring_finish(out);
    return false;
}

/* What is over already ended in its own way; of the rest nothing stays that
 * would be refused if it came now. */
static bool distrust(struct board *board, const struct moment *now)
{
    const struct trust trust = {&board->ring, &board->options.identity};
    size_t dropped = programme_distrust(board->programme, &trust,
                                        &board->ended) +
                     lifecycle_distrust(board->lifecycle, &board->ledger,
                                        &trust, now, &board->ended);

    board_index_distrust(&board->index, &trust);
    ledger_distrust(&board->ledger, &trust);
    return dropped > 0;
}

struct board_taken board_keys_take(struct board *board, struct message *message,
                                   const struct moment *now,
                                   struct problem *problem)
{
    struct key_ring ring = {.count = 0};

    if (!make_ring(board, message->keys, &ring, problem)) {
        message_destroy(message);
        return (struct board_taken){BOARD_REFUSED, false, false};
    }
    key_ring_finish(&board->ring);
    board->ring = ring;
    board->keys_seq = message->seq;
    message_destroy(message);
    return (struct board_taken){
        distrust(board, now) ? BOARD_TOOK_OFF : BOARD_NOTED, true, true};
}
