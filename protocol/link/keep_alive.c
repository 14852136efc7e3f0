/* Asks the broker after a silence, and takes a missing answer as a dead line.
 */
#include "protocol/link/keep_alive.h"

enum {
    /* The broker is asked after this much silence. A little less than the
     * limit, so that after a quick answer one wake-up looks whether it came and
     * asks again. */
    SILENCE_MS = 1900,
    /* The limit is doubled each time an answer came too late, so that a slow
     * line is not cut again and again. It returns to the first value after
     * several quick answers in a row. */
    LIMIT_FIRST_MS = 2000,
    LIMIT_LAST_MS = 32000,
    QUICK_ANSWERS = 3,
};

static int64_t first_limit_ms(const struct keep_alive *alive)
{
    return LIMIT_FIRST_MS + alive->patience_ms;
}

void keep_alive_begin(struct keep_alive *alive, int64_t now_ms)
{
    alive->heard_ms = now_ms;
    alive->asked_ms = 0;
    alive->quick_answers = 0;
    if (alive->limit_ms < first_limit_ms(alive))
        alive->limit_ms = first_limit_ms(alive);
}

void keep_alive_heard(struct keep_alive *alive, int64_t now_ms)
{
    alive->heard_ms = now_ms;
    if (alive->asked_ms) {
        bool quick = now_ms - alive->asked_ms <= first_limit_ms(alive);
        alive->quick_answers = quick ? alive->quick_answers + 1 : 0;
    }
    if (alive->quick_answers >= QUICK_ANSWERS)
        alive->limit_ms = first_limit_ms(alive);
    alive->asked_ms = 0;
}

int64_t keep_alive_due_ms(const struct keep_alive *alive)
{
    return alive->asked_ms ? alive->asked_ms + alive->limit_ms
                           : alive->heard_ms + SILENCE_MS;
}

int64_t keep_alive_turn(struct keep_alive *alive, int64_t now_ms)
{
    int64_t waited_ms = 0;

    if (alive->asked_ms) {
        waited_ms = alive->limit_ms;
        if (alive->limit_ms < LIMIT_LAST_MS)
            alive->limit_ms *= 2;
    }
    alive->asked_ms = now_ms;
    return waited_ms;
}
