/* The calendar of a screen's place: the zone of its configuration, the holidays
 * of the program and those of its configuration. */
#ifndef GAOSHI_DISPLAY_CALENDAR_FILES_H
#define GAOSHI_DISPLAY_CALENDAR_FILES_H

#include "base/data_path.h"
#include "display/core/schedule/timetable.h"
#include "display/edge/config/config.h"

/* On failure *out has the zone and the tables that were read before. The caller
 * ends it with calendar_finish in any case. */
bool calendar_load(const struct config *config, const struct data_path *data,
                   struct calendar *out, struct problem *problem);

#endif
