/* Computes beginnings and ends for the programme and the lifecycle of alerts.
 */
#include "display/core/alerts/lifecycle_span.h"

#include "base/timestamp.h"

static void shrink(struct lifecycle_span *span, int64_t left_ms,
                   const struct moment *now)
{
    int64_t end = now->mono_ms + (left_ms > 0 ? left_ms : 0);

    if (end < span->deadline_mono_ms)
        span->deadline_mono_ms = end;
}

void lifecycle_span_start(struct lifecycle_span *span, int64_t begins_ms,
                          int64_t ends_ms, int64_t known_ms,
                          const struct moment *now)
{
    *span = (struct lifecycle_span){
        .begins_ms = begins_ms,
        .ends_ms = ends_ms,
        .known_ms = known_ms,
        .known_mono_ms = now->mono_ms,
        .deadline_mono_ms = LIFECYCLE_NEVER_MS,
    };
    if (!now->wall_trusted && ends_ms != LIFECYCLE_NEVER_MS)
        shrink(span, ends_ms - known_ms, now);
    lifecycle_span_watch(span, now);
}

/* The known time of the span, carried on to now by the monotonic clock. */
static int64_t reckoned_ms(const struct lifecycle_span *span,
                           const struct moment *now)
{
    return span->known_ms + (now->mono_ms - span->known_mono_ms);
}

void lifecycle_span_watch(struct lifecycle_span *span, const struct moment *now)
{
    int64_t passed_ms = moment_passed_ms(now);

    if (passed_ms == TIMESTAMP_NONE)
        return;
    if (passed_ms > reckoned_ms(span, now)) {
        span->known_ms = passed_ms;
        span->known_mono_ms = now->mono_ms;
    }
    if (span->ends_ms != LIFECYCLE_NEVER_MS)
        shrink(span, span->ends_ms - passed_ms, now);
}

bool lifecycle_span_has_begun(const struct lifecycle_span *span,
                              const struct moment *now)
{
    return lifecycle_span_begin_mono_ms(span, now) <= now->mono_ms;
}

bool lifecycle_span_is_over(const struct lifecycle_span *span,
                            const struct moment *now)
{
    return now->mono_ms >= span->deadline_mono_ms;
}

int64_t lifecycle_span_begin_mono_ms(const struct lifecycle_span *span,
                                     const struct moment *now)
{
    if (span->begins_ms == TIMESTAMP_NONE)
        return now->mono_ms;
    if (now->wall_trusted)
        return now->mono_ms + (span->begins_ms - now->wall_ms);
    return now->mono_ms + (span->begins_ms - reckoned_ms(span, now));
}
