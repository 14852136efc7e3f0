/* Converts between the time of a rehearsal and the machine's. */
#include "display/edge/rehearse/rehearsal_clock.h"

enum { LATE_MS = 100 };

void rehearsal_clock_init(struct rehearsal_clock *clock, int speed,
                          int64_t real_ms)
{
    *clock = (struct rehearsal_clock){.speed = speed, .real_ms = real_ms};
}

int64_t rehearsal_clock_read(const struct rehearsal_clock *clock,
                             int64_t real_ms)
{
    if (clock->paused || real_ms <= clock->real_ms)
        return clock->now_ms;
    return clock->now_ms +
           (real_ms - clock->real_ms) * clock->speed / REHEARSAL_SPEED_USUAL;
}

int64_t rehearsal_clock_due_ms(const struct rehearsal_clock *clock,
                               int64_t at_ms)
{
    int64_t ahead_ms = at_ms - clock->now_ms;

    if (clock->paused || at_ms == INT64_MAX)
        return INT64_MAX;
    if (ahead_ms <= 0)
        return clock->real_ms;
    return clock->real_ms +
           (ahead_ms * REHEARSAL_SPEED_USUAL + clock->speed - 1) / clock->speed;
}

void rehearsal_clock_set(struct rehearsal_clock *clock, int64_t now_ms,
                         int64_t real_ms)
{
    clock->now_ms = now_ms;
    clock->real_ms = real_ms;
}

void rehearsal_clock_drew(struct rehearsal_clock *clock, int64_t at_ms,
                          int64_t real_ms)
{
    if (!clock->paused &&
        real_ms - rehearsal_clock_due_ms(clock, at_ms) > LATE_MS)
        rehearsal_clock_set(clock, at_ms, real_ms);
}

void rehearsal_clock_pause(struct rehearsal_clock *clock, bool paused,
                           int64_t real_ms)
{
    rehearsal_clock_set(clock, rehearsal_clock_read(clock, real_ms), real_ms);
    clock->paused = paused;
}

void rehearsal_clock_speed(struct rehearsal_clock *clock, int direction,
                           int64_t real_ms)
{
    int speed = direction > 0   ? clock->speed * 2
                : direction < 0 ? clock->speed / 2
                                : REHEARSAL_SPEED_USUAL;

    rehearsal_clock_set(clock, rehearsal_clock_read(clock, real_ms), real_ms);
    if (speed >= REHEARSAL_SPEED_MIN && speed <= REHEARSAL_SPEED_MAX)
        clock->speed = speed;
}
