/* What a broker keeps from this screen: told once when it begins and once when
 * it ends. */
#ifndef GAOSHI_DISPLAY_NEWS_H
#define GAOSHI_DISPLAY_NEWS_H

#include "display/core/board/board.h"
#include "display/edge/app/screen_line.h"
#include "display/edge/app/telemetry.h"

/* Zeroed: nothing was told. */
struct news {
    bool told_frozen;
    bool told_missing;
};

/* Once a turn, after board_advance: logs what changed, and asks the broker
 * once more for what is missing. While the line is down only that is told. */
void news_watch(struct news *news, const struct board_figures *figures,
                struct screen_line *line, struct telemetry *telemetry,
                const struct moment *now);

#endif
