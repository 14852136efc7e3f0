/* What stands on the glass, told after it was presented: the state topic and,
 * in a rehearsal, the pages and pictures of the journal. */
#ifndef GAOSHI_DISPLAY_TELEMETRY_H
#define GAOSHI_DISPLAY_TELEMETRY_H

#include "display/edge/app/display.h"

/* A line of each page when it comes, one picture when it has come to rest. */
void telemetry_record(struct display *display, const struct scene *scene,
                      const struct stage_result *result);

/* Publishes the state if it changed or is due. Returns the monotonic moment
 * at which to be called again. */
int64_t telemetry_state(struct display *display, const struct scene *scene,
                        const struct moment *now);

#endif
