/* The status panel of an emergency: whether the emergency continues or is over.
 * Pure. */
#ifndef GAOSHI_DISPLAY_SITUATION_H
#define GAOSHI_DISPLAY_SITUATION_H

#include "protocol/message.h"

#include <stdbool.h>

/* How the programme changes while an emergency goes on. */
enum situation_share {
    SITUATION_OFTEN, /* its panels alternate with the ordinary ones */
    SITUATION_ONLY,  /* only they and the emergency section are shown */
};

/* A situation panel whose response level is not 终止. */
bool situation_is_live(const struct message *panel);

/* A situation panel whose response level is 终止: the emergency is over. */
bool situation_is_over(const struct message *panel);

/* The level when the emergency is over. */
extern const char situation_over_level[]; /* 终止 */

#endif
