/* What may befall the broker. */
#include "tests/faults/fault.h"

static bool end_it(struct lane *lane, int time)
{
    (void)time;
    broker_stop(lane->broker);
    return true;
}

static bool kill_it(struct lane *lane, int time)
{
    (void)time;
    broker_kill(lane->broker);
    return true;
}

static bool forget_all(struct lane *lane, int time)
{
    (void)time;
    broker_kill(lane->broker);
    broker_forget(lane->broker);
    return true;
}

static bool start_again(struct lane *lane, int time)
{
    (void)time;
    return broker_restart(lane->broker);
}

static bool stop_it(struct lane *lane, int time)
{
    (void)time;
    broker_pause(lane->broker);
    return true;
}

static bool let_go_on(struct lane *lane, int time)
{
    (void)time;
    broker_resume(lane->broker);
    return true;
}

/* What a handshake was begun on is swallowed. */
static bool forget_and_go_on(struct lane *lane, int time)
{
    proxy_forget(lane->proxy);
    return let_go_on(lane, time);
}

/* The same is done to a plain broker and to one with mutual TLS. */
#define SECURE .lane = {.secure = true}
#define TERM                                                                   \
    fault_run_lane, .strike = end_it, .mend = start_again, .hold_ms = 3000,    \
                    .brief_ms = 200, .update_late = true
#define KILL                                                                   \
    fault_run_lane, .strike = kill_it, .mend = start_again, .hold_ms = 3000,   \
                    .brief_ms = 200, .update_late = true
#define STOPPED                                                                \
    fault_run_lane, .strike = stop_it, .mend = let_go_on, .hold_ms = 20000,    \
                    .brief_ms = 1000, .update_late = true

const struct fault broker_faults[] = {
    {"broker-term", "the broker ends and is started again", 20, 1, TERM},
    {"broker-kill", "kill -9 of the broker, started again", 20, 1, KILL},
    {"broker-empty",
     "kill -9 of the broker; it comes back without its "
     "database",
     20, 1, fault_run_lane, .strike = forget_all, .mend = start_again,
     .hold_ms = 3000, .brief_ms = 200, .update_late = true},
    {"broker-stopped", "SIGSTOP of the broker: it accepts and says nothing", 10,
     1, STOPPED},
    {"tls-broker-term", "broker-term over TLS", 20, 1, TERM, SECURE},
    {"tls-broker-kill", "broker-kill over TLS", 20, 1, KILL, SECURE},
    {"tls-broker-stopped", "broker-stopped over TLS: no handshake is answered",
     10, 1, STOPPED, SECURE},
    {"tls-handshake", "a handshake has no answer, and its connection is gone",
     10, 0, fault_run_lane, .strike = stop_it, .mend = forget_and_go_on,
     .hold_ms = 12000, .rest_ms = 14000, .update_late = true, SECURE},
    {.name = NULL},
};
