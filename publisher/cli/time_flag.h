/* Reads the times of flags and of cells in the time zone of the operator. */
#ifndef GAOSHI_PUBLISHER_TIME_FLAG_H
#define GAOSHI_PUBLISHER_TIME_FLAG_H

#include "base/problem.h"
#include "publisher/cli/time_words.h"

/* Reads a timestamp, or words (time_words.h). Words are told in full, unless
 * they are a span from now; those of an end must lie ahead. Whether a timestamp
 * has passed is checked with the message. name is what the time is
 * called in that line: "--until"; the problem does not say it. */
bool time_flag_read(const char *name, const char *text, enum time_words_use use,
                    int64_t now_ms, int64_t *out, struct problem *problem);

#endif
