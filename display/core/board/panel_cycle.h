/* The position in the cycle of the programme. Pure. */
#ifndef GAOSHI_DISPLAY_PANEL_CYCLE_H
#define GAOSHI_DISPLAY_PANEL_CYCLE_H

#include "display/core/board/tracks.h"

/* The place of a panel in the programme, valid even when the panel is gone. */
struct panel_place {
    bool known;
    enum panel_section section;
    int order;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
};

/* Ordinary panels, and those of an emergency that continues. */
enum panel_group { GROUP_ORDINARY, GROUP_SITUATION, GROUP_COUNT };

/* Zeroed: nothing was shown yet. */
struct panel_cycle {
    struct panel_place shown;               /* the panel shown last */
    struct panel_place places[GROUP_COUNT]; /* the last panel of each group */
    size_t ordinary_page; /* page of the ordinary panel that follows the
                             situation's panel */
    int pages_between;    /* ordinary pages since the situation's last panel */
    struct message_identity farewell;
    bool farewell_known, farewell_told;
};

/* Brings the programme's track up to now, in the part of the glass that alerts
 * leave. The stage has a panel or a farewell. */
void panel_cycle_follow(struct panel_cycle *cycle, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now);

/* See director_has_told. */
bool panel_cycle_has_told(const struct panel_cycle *cycle,
                          const struct message *farewell);

#endif
