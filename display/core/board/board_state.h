/* The board's inside, shared by board.c and board_take.c. */
#ifndef GAOSHI_DISPLAY_BOARD_STATE_H
#define GAOSHI_DISPLAY_BOARD_STATE_H

#include "display/core/alerts/lifecycle.h"
#include "display/core/board/board.h"
#include "display/core/board/board_index.h"
#include "display/core/board/programme.h"
#include "display/core/validation/liveness.h"
#include "display/core/validation/slot_table.h"
#include "display/core/validation/verified_message.h"

struct board {
    struct board_options options;
    struct key_ring ring; /* whom it believes now */
    int64_t keys_seq;     /* of the key list in force; 0: none */
    struct slot_table *slots;
    struct programme *programme;
    struct lifecycle *lifecycle;
    struct director *director;
    struct board_index index;
    struct board_ended_queue ended;
    struct liveness liveness;
    struct liveness_report report; /* as of the last advance */
    bool changed; /* something came in since what is missing was counted */
    int64_t news_ms, news_mono_ms;
    int64_t next_tick_kept_mono_ms; /* from then on a tick is kept again */
};

/* Brings the glass up to date. */
void board_settle(struct board *board, const struct moment *now);

#endif
