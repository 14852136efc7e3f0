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

/* The same is done to a plain line and to one over mutual TLS. */
#define SECURE .lane = {.secure = true}
#define CUT                                                                    \
    fault_run_lane, .strike = cut, .mend = pass, .hold_ms = 5000,              \
                    .brief_ms = 300
#define HELD                                                                   \
    fault_run_lane, .strike = hold, .mend = pass, .hold_ms = 11000,            \
                    .brief_ms = 1000
#define HALF_OPEN                                                              \
    fault_run_lane, .strike = forget, .mend = pass, .rest_ms = 14000
#define HALF_OPEN_LONG                                                         \
    fault_run_lane, .strike = forget_and_hold, .mend = pass, .hold_ms = 15000, \
                    .rest_ms = 14000
#define SLOW                                                                   \
    fault_run_lane, .strike = slow_down, .mend = pass, .hold_ms = 12000,       \
                    .brief_ms = 2000

const struct fault line_faults[] = {
    {"line-cut", "every connection is reset, new ones too", 20, 1, CUT},
    {"line-held", "nothing moves, no SYN is answered; then all goes on", 10, 1,
     HELD},
    {"line-half-open",
     "the connection is swallowed without a word; a new one "
     "would get through at once",
     10, 1, HALF_OPEN},
    {"line-half-open-long", "half open, and no SYN is answered for a while", 10,
     0, HALF_OPEN_LONG},
    {"line-slow", "one byte a second each way", 10, 1, SLOW},
    {"tls-cut", "line-cut over TLS", 20, 1, CUT, SECURE},
    {"tls-held", "line-held over TLS", 10, 1, HELD, SECURE},
    {"tls-half-open", "line-half-open over TLS", 10, 1, HALF_OPEN, SECURE},
    {"tls-half-open-long", "line-half-open-long over TLS", 10, 0,
     HALF_OPEN_LONG, SECURE},
    {"tls-slow", "line-slow over TLS: no handshake comes to its end", 10, 1,
     SLOW, SECURE},
    {.name = NULL},
};
