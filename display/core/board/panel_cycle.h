/* How far the programme's cycle has come. Pure. */
#ifndef GAOSHI_DISPLAY_PANEL_CYCLE_H
#define GAOSHI_DISPLAY_PANEL_CYCLE_H

#include "display/core/board/tracks.h"

/* Where a panel stands in the programme, when it may be gone. */
struct panel_place {
    bool known;
    enum panel_section section;
    int order;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
};

/* Ordinary panels, and those of an emergency that goes on. */
enum panel_group { GROUP_ORDINARY, GROUP_SITUATION, GROUP_COUNT };

/* Zeroed: nothing was shown yet. */
struct panel_cycle {
    struct panel_place shown;               /* the panel shown last */
    struct panel_place places[GROUP_COUNT]; /* and of each group */
    size_t ordinary_page; /* of its panel, that comes after the situation's */
    int pages_between;    /* ordinary ones since the situation's last */
    struct message_identity farewell;
    bool farewell_known, farewell_told;
};

/* Moves the programme's track on to now, in what alerts leave of the glass.
 * The stage has a panel or a farewell. */
void panel_cycle_follow(struct panel_cycle *cycle, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now);

/* As director_has_told. */
bool panel_cycle_has_told(const struct panel_cycle *cycle,
                          const struct message *farewell);

#endif
