/* What may befall the line between screen and broker. */
#include "tests/faults/fault.h"

static bool cut(struct lane *lane, int time)
{
    (void)time;
    proxy_set(lane->proxy, PROXY_REFUSE);
    proxy_cut(lane->proxy);
    return true;
}

static bool hold(struct lane *lane, int time)
{
    (void)time;
    proxy_set(lane->proxy, PROXY_HOLD);
    return true;
}

/* Half open from here on, though whoever connects anew gets through. */
static bool forget(struct lane *lane, int time)
{
    (void)time;
    proxy_forget(lane->proxy);
    return true;
}

static bool forget_and_hold(struct lane *lane, int time)
{
    return forget(lane, time) && hold(lane, time);
}

static bool slow_down(struct lane *lane, int time)
{
    (void)time;
    proxy_set(lane->proxy, PROXY_SLOW);
    return true;
}

static bool pass(struct lane *lane, int time)
{
    (void)time;
    proxy_set(lane->proxy, PROXY_PASS);
    return true;
}

const struct fault line_faults[] = {
    {"line-cut", "every connection is reset, new ones too", 20, 1,
     fault_run_lane, .strike = cut, .mend = pass, .hold_ms = 5000,
     .brief_ms = 300},
    {"line-held", "nothing moves, no SYN is answered; then all goes on", 10, 1,
     fault_run_lane, .strike = hold, .mend = pass, .hold_ms = 11000,
     .brief_ms = 1000},
    {"line-half-open",
     "the connection is swallowed without a word; a new one "
     "would get through at once",
     10, 1, fault_run_lane, .strike = forget, .mend = pass, .rest_ms = 14000},
    {"line-half-open-long", "half open, and no SYN is answered for a while", 10,
     0, fault_run_lane, .strike = forget_and_hold, .mend = pass,
     .hold_ms = 15000, .rest_ms = 14000},
    {"line-slow", "one byte a second each way", 10, 1, fault_run_lane,
     .strike = slow_down, .mend = pass, .hold_ms = 12000, .brief_ms = 2000},
    {.name = NULL},
};
