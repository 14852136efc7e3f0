/* When a message is in force, on a clock that may not be trusted. The end is a
 * moment of the monotonic clock that can only come nearer: neither a clock nor
 * the floor extends anything. Pure. */
#ifndef GAOSHI_DISPLAY_LIFECYCLE_SPAN_H
#define GAOSHI_DISPLAY_LIFECYCLE_SPAN_H

#include "display/core/validation/board_terms.h"

#define LIFECYCLE_NEVER_MS INT64_MAX

struct lifecycle_span {
    int64_t begins_ms;        /* wall clock; TIMESTAMP_NONE: at once */
    int64_t ends_ms;          /* wall clock; LIFECYCLE_NEVER_MS */
    int64_t known_ms;         /* it was at least this late … */
    int64_t known_mono_ms;    /* … at this monotonic moment */
    int64_t deadline_mono_ms; /* the end; it only shrinks */
};

/* known_ms: a wall time that has surely passed (time of issue, of the first
 * arrival); like the floor it counts while the clock is not trusted. */
void lifecycle_span_start(struct lifecycle_span *span, int64_t begins_ms,
                          int64_t ends_ms, int64_t known_ms,
                          const struct moment *now);

/* A trusted clock, or else the floor, may bring the end nearer. To be called
 * at every advance. */
void lifecycle_span_watch(struct lifecycle_span *span,
                          const struct moment *now);

bool lifecycle_span_has_begun(const struct lifecycle_span *span,
                              const struct moment *now);
bool lifecycle_span_is_over(const struct lifecycle_span *span,
                            const struct moment *now);

/* The monotonic moment at which it begins; never LIFECYCLE_NEVER_MS. */
int64_t lifecycle_span_begin_mono_ms(const struct lifecycle_span *span,
                                     const struct moment *now);

#endif
