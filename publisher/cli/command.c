/* What a command checks and opens before its work. */
#include "publisher/cli/command.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "protocol/limits.h"

#include <signal.h>
#include <sys/signalfd.h>

bool command_check_clock(struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    char now[TIMESTAMP_BYTES];

    if (now_ms >= LIMIT_RELEASE_MS)
        return true;
    timestamp_format(now_ms, clock_utc_offset_minutes(now_ms), now);
    return problem_set(problem, PROBLEM_STALE,
                       "this machine's clock stands at %s: set it first", now);
}

int command_open_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
