/* The drills of a rehearsal, one of each level. The messages are signed by the
 * rehearsal's own key and then take the way of any message. */
#ifndef GAOSHI_DISPLAY_DRILL_H
#define GAOSHI_DISPLAY_DRILL_H

#include "base/data_path.h"
#include "display/edge/app/own_sender.h"
#include "protocol/alert.h"

struct drill;

/* The sender is borrowed; its key needs the role for alerts. */
bool drill_create(struct own_sender *sender, const struct data_path *data,
                  struct drill **out, struct problem *problem);
void drill_destroy(struct drill *drill); /* NULL: nothing */

/* The signed message that raises the drill of this level (red to blue), or
 * cancels it if the last one raised it. The caller frees out->payload. */
bool drill_next(struct drill *drill, enum alert_level level, int64_t wall_ms,
                struct own_message *out, struct problem *problem);

bool drill_is_raised(const struct drill *drill, enum alert_level level);

/* The screen begins anew and knows of no drill. */
void drill_forget(struct drill *drill);

#endif
