/* Adds days and hours to the schedule of a panel. Pure. */
#ifndef GAOSHI_PUBLISHER_SCHEDULE_WORDS_H
#define GAOSHI_PUBLISHER_SCHEDULE_WORDS_H

#include <jansson.h>
#include <stdbool.h>

/* «mon-fri», «sat, sun», «周一至周五», or a kind of days: workday (工作日),
 * restday (休息日), holiday (节假日). The object «schedule» is made when it is
 * needed. False: none of these. */
bool schedule_words_add_days(json_t *panel, const char *text);

/* «7:10-8:20», «07:10至08:20». Whether such hours exist is checked with the
 * panel. */
bool schedule_words_add_hours(json_t *panel, const char *text);

/* «7:10» as 07:10. Whether there is such a time is not checked. */
enum { SCHEDULE_TIME_BYTES = 8 };
bool schedule_words_time(const char *text, char out[SCHEDULE_TIME_BYTES]);

#endif
