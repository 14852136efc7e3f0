/* What the board asks about pages, answered from the cache of pages, and the
 * options of a board that follow from configuration and theme. Shared by a
 * running display and a rehearsal. */
#ifndef GAOSHI_DISPLAY_BOARD_PLAN_H
#define GAOSHI_DISPLAY_BOARD_PLAN_H

#include "display/core/board/board.h"
#include "display/edge/app/page_cache.h"
#include "display/edge/config/config.h"

/* Everything is borrowed. */
struct board_plan {
    const struct glass *glass;
    struct page_cache *cache;
    const struct run_note *note; /* NULL: no panel is barred */
    int64_t dwell_ms; /* rehearsal: time of each page, with transition and
                         entrance; 0: by the reading rule */
};

/* With dwell_ms a transition takes at most a tenth of a page's time. */
int board_plan_transition_ms(const struct board_plan *plan);

/* Ring, calendar and what else is shown are the caller's to set. The plan must
 * live as long as the board. */
struct board_options board_plan_options(struct board_plan *plan,
                                        const struct config *config);

#endif
