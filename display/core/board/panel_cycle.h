/* The position in the cycle of the programme. Pure. */
#ifndef GAOSHI_DISPLAY_PANEL_CYCLE_H
#define GAOSHI_DISPLAY_PANEL_CYCLE_H

#include "display/core/board/tracks.h"

/* Zeroed: nothing was shown yet. */
struct panel_cycle {
    struct panel_place shown;               /* the panel shown last */
    struct panel_place places[GROUP_COUNT]; /* the last panel of each group */
    unsigned laps[GROUP_COUNT];    /* how often the group was gone through */
    int64_t given_ms[GROUP_COUNT]; /* time that the group got, while campaigns
                                      share the programme */
    enum panel_group base; /* whose turn it is beside the situation's panels */
    size_t base_page; /* page of its panel that follows the situation's panel */
    int pages_between; /* other pages since the situation's last panel */
    struct message_identity farewell;
    bool farewell_known, farewell_told;
};

/* Brings the programme's track up to now, in the part of the glass that alerts
 * leave. False: there is nothing to show, and the track is unchanged. */
bool panel_cycle_follow(struct panel_cycle *cycle, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now);

/* Shows the next panel of the shown one's group, or the one before it, at once.
 */
void panel_cycle_step(struct panel_cycle *cycle, struct tracks *tracks,
                      const struct director_stage *stage, int direction,
                      const struct moment *now);

/* See director_has_told. */
bool panel_cycle_has_told(const struct panel_cycle *cycle,
                          const struct message *farewell);

#endif
