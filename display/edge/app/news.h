/* Logs when a broker withholds messages from this screen, once when it begins
 * and once when it ends, and asks the broker for them meanwhile. */
#ifndef GAOSHI_DISPLAY_NEWS_H
#define GAOSHI_DISPLAY_NEWS_H

#include "display/core/board/board.h"
#include "display/edge/app/screen_line.h"
#include "display/edge/app/telemetry.h"

/* Zeroed: nothing was logged. */
struct news {
    bool told_frozen;
    bool told_missing;
    int64_t pause_ms; /* before the last question; 0: nothing was asked */
};

/* Call it once a turn, after board_advance: logs what changed, and asks the
 * broker once more for what it retains. A cluster whose nodes do not agree yet,
 * or that lost a subscription of ours, may bring it on a later question. While
 * the line is down it does nothing. */
void news_watch(struct news *news, const struct board_figures *figures,
                struct screen_line *line, struct telemetry *telemetry,
                const struct moment *now);

#endif
