/* The light of the glass: bright, dimmed or dark by its hours, and bright for
 * alerts that wake it. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_LIGHT_H
#define GAOSHI_DISPLAY_LIGHT_H

#include "display/core/board/board.h"
#include "display/core/schedule/glass_hours.h"
#include "display/edge/config/config.h"

/* light_init, no finish. */
struct light {
    struct glass_hours hours;
    const struct calendar *calendar; /* borrowed */
    enum alert_level wake;           /* the least level that wakes it */
    int dimmed_percent;
    const struct settings *settings; /* of operators; only within a turn */
    enum glass_light light;          /* as of the last turn */
    int percent;                     /* of the light; likewise */
    int64_t next_ms;                 /* monotonic: when its hours may change */
};

void light_init(struct light *light, const struct config *config,
                const struct calendar *calendar);

/* Decides the light for this turn, and logs a change. Without a trusted clock
 * the glass is bright. */
enum glass_light light_turn(struct light *light, const struct board *board,
                            const struct scene *scene,
                            const struct moment *now);

#endif
