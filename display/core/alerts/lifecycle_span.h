/* When a message is in force, on a clock that may not be trusted. The end is a
 * monotonic time that can only come nearer: neither a clock nor the floor (a
 * time that has surely passed) extends anything. Pure. */
#ifndef GAOSHI_DISPLAY_LIFECYCLE_SPAN_H
#define GAOSHI_DISPLAY_LIFECYCLE_SPAN_H

#include "display/core/validation/board_terms.h"

#define LIFECYCLE_NEVER_MS INT64_MAX

struct lifecycle_span {
    int64_t begins_ms;        /* wall clock; TIMESTAMP_NONE: at once */
    int64_t ends_ms;          /* wall clock; LIFECYCLE_NEVER_MS */
    int64_t known_ms;         /* a wall time that had passed … */
    int64_t known_mono_ms;    /* … at this monotonic time */
    int64_t deadline_mono_ms; /* the end; it never moves later */
};

/* known_ms: a wall time that has surely passed (the time of issue or of the
 * first arrival). Like the floor it counts while the clock is not trusted. */
void lifecycle_span_start(struct lifecycle_span *span, int64_t begins_ms,
                          int64_t ends_ms, int64_t known_ms,
                          const struct moment *now);

/* A trusted clock, or otherwise the floor, may bring the end nearer. Call it at
 * every advance. */
void lifecycle_span_watch(struct lifecycle_span *span,
                          const struct moment *now);

bool lifecycle_span_has_begun(const struct lifecycle_span *span,
                              const struct moment *now);
bool lifecycle_span_is_over(const struct lifecycle_span *span,
                            const struct moment *now);

/* The monotonic time at which it begins; never LIFECYCLE_NEVER_MS. */
int64_t lifecycle_span_begin_mono_ms(const struct lifecycle_span *span,
                                     const struct moment *now);

#endif
