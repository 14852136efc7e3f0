/* When the glass is bright, dimmed or dark. Pure. */
#ifndef GAOSHI_DISPLAY_GLASS_HOURS_H
#define GAOSHI_DISPLAY_GLASS_HOURS_H

#include "display/core/schedule/timetable.h"
#include "protocol/settings.h"

/* Reads the rules of one light, parted by commas; see schedule_times_parse. On
 * failure *out is unchanged, and *wrong and *bytes are the first word that is
 * none. */
bool glass_rules_parse(const char *words, struct glass_rules *out,
                       const char **wrong, size_t *bytes);

/* The light at this time: bright where a rule says so, otherwise dark,
 * otherwise dimmed, and bright where no rule holds. */
enum glass_light glass_hours_light(const struct glass_hours *hours,
                                   const struct calendar *calendar, int64_t ms);

/* A time after ms before which the light does not change; INT64_MAX: never. */
int64_t glass_hours_next_ms(const struct glass_hours *hours,
                            const struct calendar *calendar, int64_t ms);

/* "bright", "dimmed", "dark". */
const char *glass_light_name(enum glass_light light);

#endif
