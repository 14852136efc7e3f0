/* What the board says of its news: how much is missing, how far it reaches. */
#include "display/core/board/board_state.h"

#include "base/timestamp.h"

#include <string.h>

/* A tick names the newest index of its key: that one withheld is found out. */
static int unreached_indexes(const struct board *board,
                             const struct trust *trust)
{
    int missing = 0;

    for (size_t i = 0; i < board->liveness.count; i++) {
        const struct liveness_pulse *pulse = &board->liveness.pulses[i];
        char slot[LEDGER_SLOT_BYTES];
        board_index_slot("all", pulse->key_id, slot);
        missing += trust_expects(trust, pulse->key_id, TIMESTAMP_NONE) &&
                   ledger_sequence(&board->ledger, slot) < pulse->index_seq;
    }
    return missing;
}

/* A list of keys may revoke: it is named by whoever knows of it. */
static bool lacks_keys(const struct board *board, const struct trust *trust)
{
    if (!key_ring_has_root(&board->ring))
        return false;
    for (size_t i = 0; i < board->liveness.count; i++) {
        const struct liveness_pulse *pulse = &board->liveness.pulses[i];
        if (trust_expects(trust, pulse->key_id, TIMESTAMP_NONE) &&
            board->keys_seq < pulse->keys_seq)
            return true;
    }
    return false;
}

void board_watch(struct board *board, const struct moment *now)
{
    const struct trust trust = {&board->ring, &board->options.identity};
    const struct board_index_holdings holdings = {
        .trust = &trust,
        .ledger = &board->ledger,
        .lifecycle = board->lifecycle,
    };

    if (board->changed)
        liveness_note_missing(&board->liveness,
                              board_index_missing(&board->index, &holdings) +
                                  unreached_indexes(board, &trust) +
                                  lacks_keys(board, &trust),
                              now);
    board->changed = false;
    board->report = liveness_report(&board->liveness, &trust, now);
}

struct board_figures board_figures(const struct board *board)
{
    const struct liveness_report *report = &board->report;
    bool old = report->frozen || report->withheld;
    struct board_figures figures = {
        .missing = report->withheld ? board->liveness.missing : 0,
        .frozen = report->frozen,
        .tick_ms = report->tick_ms,
        .keys_seq = board->keys_seq,
        .news_ms = board->news_ms,
        .news_mono_ms = board->news_mono_ms,
        .until_ms = old ? report->until_ms : board->news_ms,
        .until_mono_ms = old ? report->until_mono_ms : board->news_mono_ms,
    };
    size_t count;

    memcpy(figures.silent_key, report->silent_key, sizeof figures.silent_key);
    programme_list(board->programme, &count);
    figures.panels = (int)count;
    lifecycle_list(board->lifecycle, &count);
    figures.alerts = (int)count;
    return figures;
}
