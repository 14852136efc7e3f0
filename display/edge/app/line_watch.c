/* Looks at the line once a turn and tells what changed. */
#include "display/edge/app/line_watch.h"

#include <string.h>

#include "base/log.h"

enum {
    /* The broker sends what it retains, once more: soon, then after twice the
     * time and so on, so as to be no flood itself; soon again after a time in
     * which nothing was asked for. */
    REFRESH_FIRST_MS = 1000,
    REFRESH_LAST_MS = 60000,
    REFRESH_CALM_MS = 2 * REFRESH_LAST_MS,
};

void line_watch_ask_again(struct display *display, const struct moment *now)
{
    int64_t step_ms = 2 * display->refresh_step_ms;

    if (display->refresh_ms < INT64_MAX)
        return;
    if (step_ms == 0 || now->mono_ms - display->refreshed_ms >= REFRESH_CALM_MS)
        step_ms = REFRESH_FIRST_MS;
    display->refresh_step_ms = step_ms < REFRESH_LAST_MS ? step_ms
                                                         : REFRESH_LAST_MS;
    display->refresh_ms = now->mono_ms + display->refresh_step_ms;
}

static void note_losses(struct display *display,
                        const struct inbox_losses *losses,
                        const struct moment *now)
{
    const struct inbox_losses *before = &display->losses;
    bool alerts = losses->alerts != before->alerts;

    if (!alerts && losses->ordinary == before->ordinary)
        return;
    /* A flood loses thousands a second; it is told once until it is over. */
    bool told = display->refresh_ms < INT64_MAX;
    if (!told)
        log_write(alerts ? LOG_ERROR : LOG_WARNING,
                  "inbox: full; %lu panels and %lu alerts were lost so far; "
                  "the broker will be asked again",
                  losses->ordinary, losses->alerts);
    line_watch_ask_again(display, now);
    display->losses = *losses;
}

static void refresh(struct display *display, const struct moment *now)
{
    if (now->mono_ms < display->refresh_ms)
        return;
    display->refresh_ms = INT64_MAX;
    display->refreshed_ms = now->mono_ms;
    if (!display->line.up)
        return; /* a new line brings it all */
    log_write(LOG_INFO, "subscriber: what the broker retains is asked for "
                        "again");
    if (!subscriber_refresh(display->subscriber))
        line_watch_ask_again(display, now);
}

void line_watch(struct display *display, const struct moment *now)
{
    struct inbox_line line = inbox_line(display->inbox);
    struct inbox_losses losses = inbox_losses(display->inbox);
    const struct inbox_line *before = &display->line;
    bool came = line.ups != before->ups;
    bool went = line.downs != before->downs;

    if (line.denials != before->denials)
        log_write(LOG_ERROR,
                  "subscriber: the broker refuses '%s'; nothing will come "
                  "from there",
                  line.denied);
    if (line.up != before->up)
        display->line_changed_ms = now->mono_ms;
    /* While it tries to come up, the same reason is told once. */
    if (went && (came || before->up || strcmp(line.reason, before->reason)))
        reporter_line(&display->reporter, false, line.reason, now);
    if (came && line.up)
        reporter_line(&display->reporter, true, NULL, now);
    display->line = line;
    note_losses(display, &losses, now);
    refresh(display, now);
}
