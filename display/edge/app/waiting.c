/* Sleeps in poll with timerfds and absolute deadlines: the window library's
 * own waiting looks 890 times a second on most drivers. */
#include "display/edge/app/waiting.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

int waiting_catch_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
        return -1;
    signal(SIGPIPE, SIG_IGN); /* a broker that goes is no reason to go */
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void arm_jump(const struct waiting *waiting)
{
    /* Far away: it is there to be cancelled when the wall clock is set. */
    const struct itimerspec far = {.it_value = {.tv_sec = INT32_MAX}};

    timerfd_settime(waiting->jump_fd,
                    TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far, NULL);
}

bool waiting_init(struct waiting *waiting, struct problem *problem)
{
    const int flags = TFD_CLOEXEC | TFD_NONBLOCK;

    waiting->timer_fd = timerfd_create(CLOCK_MONOTONIC, flags);
    waiting->jump_fd = timerfd_create(CLOCK_REALTIME, flags);
    if (waiting->timer_fd < 0 || waiting->jump_fd < 0) {
        problem_set(problem, PROBLEM_SYSTEM, "timerfd: %s", strerror(errno));
        waiting_finish(waiting);
        return false;
    }
    arm_jump(waiting);
    return true;
}

void waiting_finish(struct waiting *waiting)
{
    if (waiting->timer_fd >= 0)
        close(waiting->timer_fd);
    if (waiting->jump_fd >= 0)
        close(waiting->jump_fd);
}

/* Empties a descriptor that only says that something happened. */
static bool drain(int fd)
{
    char bytes[sizeof(struct signalfd_siginfo)];

    return read(fd, bytes, sizeof bytes) > 0 || errno == ECANCELED;
}

bool waiting_until(const struct waiting *waiting, int64_t deadline_ms,
                   int64_t now_ms)
{
    const struct itimerspec due = {
        .it_value = {deadline_ms / 1000, deadline_ms % 1000 * 1000000}};
    struct pollfd fds[] = {
        {.fd = waiting->signal_fd, .events = POLLIN},
        {.fd = waiting->timer_fd, .events = POLLIN},
        {.fd = waiting->jump_fd, .events = POLLIN},
        {.fd = waiting->inbox_fd, .events = POLLIN},
        {.fd = waiting->window_fd, .events = POLLIN},
        {.fd = waiting->tend_fd, .events = POLLIN},
    };
    bool due_now = deadline_ms <= now_ms;

    if (!due_now)
        timerfd_settime(waiting->timer_fd, TFD_TIMER_ABSTIME, &due, NULL);
    if (poll(fds, sizeof fds / sizeof fds[0], due_now ? 0 : -1) < 0)
        return false; /* interrupted: one turn more does no harm */
    if (fds[1].revents)
        drain(waiting->timer_fd);
    if (fds[2].revents && drain(waiting->jump_fd))
        arm_jump(waiting);
    return fds[0].revents && drain(waiting->signal_fd);
}
