/* Looks at the news once a turn and tells what changed. */
#include "display/edge/app/news_watch.h"

#include <string.h>

#include "base/log.h"
#include "display/edge/app/line_watch.h"

static void note(struct display *display, const char *event, const char *reason,
                 const struct moment *now)
{
    const struct journal_entry entry = {
        .event = event, .wall_ms = now->wall_ms, .reason = reason};

    journal_write(display->journal, &entry);
}

static void tell_frozen(struct display *display,
                        const struct board_figures *figures,
                        const struct moment *now)
{
    if (figures->frozen == display->told_frozen)
        return;
    display->told_frozen = figures->frozen;
    note(display, figures->frozen ? "frozen" : "unfrozen", figures->silent_key,
         now);
    if (figures->frozen)
        log_write(LOG_WARNING,
                  "news: key %s promised a tick and none comes, though the "
                  "line is up; the glass tells up to when the news reaches",
                  figures->silent_key);
    else
        log_write(LOG_INFO, "news: every key that promised a tick sends it");
}

static void tell_missing(struct display *display,
                         const struct board_figures *figures,
                         const struct moment *now)
{
    bool missing = figures->missing > 0;

    if (missing == display->told_missing)
        return;
    display->told_missing = missing;
    note(display, missing ? "withheld" : "whole", NULL, now);
    if (!missing) {
        log_write(LOG_INFO, "news: all that is listed as live is here");
        return;
    }
    log_write(LOG_WARNING,
              "news: %d messages, indexes or lists of keys that are "
              "listed as live did not come; the glass tells up to when "
              "the news reaches, and the broker is asked again",
              figures->missing);
    line_watch_ask_again(display, now);
}

void news_watch(struct display *display, const struct moment *now)
{
    struct board_figures figures = board_figures(display->board);

    if (!display->line.up)
        return;
    tell_frozen(display, &figures, now);
    tell_missing(display, &figures, now);
}
