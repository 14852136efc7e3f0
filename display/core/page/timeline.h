/* Motion as functions of time: the same t gives the same value. Pure. */
#ifndef GAOSHI_DISPLAY_TIMELINE_H
#define GAOSHI_DISPLAY_TIMELINE_H

#include "protocol/decimal.h"

#include <stdint.h>

/* How far something that begins at begin_ms and lasts duration_ms has come
 * at t_ms: 0 … 1, exactly 0 before and exactly 1 from the end on. */
double timeline_progress(int64_t t_ms, int64_t begin_ms, int64_t duration_ms);

/* Fast at first, then settling: cubic, 0 → 0, 1 → 1, never over 1. */
double timeline_ease_out(double progress);

/* The same for a number that counts: in so many steps, so that no part of a
 * digit lights up and goes out more than three times (WCAG 2.3.1). */
enum { TIMELINE_COUNT_STEPS = 6 };
double timeline_count_out(double progress);

/* A figure on its way: `from` at progress 0, exactly `to` at 1, with the
 * places of `to` throughout; never leaves the range between both. */
struct decimal timeline_count(struct decimal from, struct decimal to,
                              double progress);

/* A length on its way from 0, rounded to whole pixels. */
int timeline_length(int length_px, double progress);

#endif
