/* Feeds systemd's watchdog from presented frames: a display that hangs or
 * cannot draw is restarted. Without systemd nothing is told to anybody. */
#include "display/edge/app/health.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

bool health_is_supervised(void)
{
    return getenv("NOTIFY_SOCKET") != NULL;
}

void health_init(struct health *health, int64_t mono_ms)
{
    *health = (struct health){.next_ms = INT64_MAX,
                              .supervised = health_is_supervised()};
#ifdef HAVE_SYSTEMD
    uint64_t limit_us = 0;
    if (sd_watchdog_enabled(0, &limit_us) > 0 && limit_us > 2000)
        health->interval_ms = (int64_t)(limit_us / 1000 / 2);
    if (health->interval_ms > 0)
        health->next_ms = mono_ms;
#else
    (void)mono_ms;
#endif
}

bool health_is_due(const struct health *health, int64_t mono_ms)
{
    return mono_ms >= health->next_ms;
}

void health_feed(struct health *health, int64_t mono_ms)
{
#ifdef HAVE_SYSTEMD
    if (!health->ready)
        sd_notify(0, "READY=1");
    if (health_is_due(health, mono_ms)) {
        sd_notify(0, "WATCHDOG=1");
        health->next_ms = mono_ms + health->interval_ms;
    }
#else
    (void)mono_ms;
#endif
    health->ready = true;
}

void health_tell_stopping(void)
{
#ifdef HAVE_SYSTEMD
    sd_notify(0, "STOPPING=1");
#endif
}

void health_tell_dark(const struct problem *why)
{
    char text[512];

    problem_format(why, text, sizeof text);
#ifdef HAVE_SYSTEMD
    sd_notifyf(0, "STATUS=dark: %s", text);
#endif
}

void health_tell_status(bool safe, const char *line)
{
#ifdef HAVE_SYSTEMD
    sd_notifyf(0, "STATUS=%s%s%s", safe ? "safe mode" : "normal",
               line[0] ? "; no line: " : "", line);
#else
    (void)safe, (void)line;
#endif
}

int64_t health_resident_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    if (!file)
        return 0;
    if (fscanf(file, "%*s %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}
