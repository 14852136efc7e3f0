/* Compares the board's figures with what was logged last. */
#include "display/edge/app/news.h"

#include "base/log.h"

static void tell_frozen(struct news *news, struct telemetry *telemetry,
                        const struct board_figures *figures,
                        const struct moment *now)
{
    if (figures->frozen == news->told_frozen)
        return;
    news->told_frozen = figures->frozen;
    telemetry_note(telemetry, figures->frozen ? "frozen" : "unfrozen", NULL,
                   figures->silent_key, now);
    if (figures->frozen)
        log_write(
            LOG_WARNING,
            "news: key %s promised a tick and none comes, though the "
            "line is up; the glass shows up to when messages are complete",
            figures->silent_key);
    else
        log_write(LOG_INFO, "news: every key that promised a tick sends it");
}

static void tell_missing(struct news *news, struct screen_line *line,
                         struct telemetry *telemetry,
                         const struct board_figures *figures,
                         const struct moment *now)
{
    bool missing = figures->missing > 0;

    if (missing == news->told_missing)
        return;
    news->told_missing = missing;
    telemetry_note(telemetry, missing ? "withheld" : "whole", NULL, NULL, now);
    if (!missing) {
        log_write(LOG_INFO, "news: all that is listed as live is here");
        return;
    }
    log_write(LOG_WARNING,
              "news: %d messages, indexes or lists of keys that are "
              "listed as live did not come; the glass shows up to when "
              "messages are complete, and the broker is asked again",
              figures->missing);
    screen_line_ask_again(line, now);
}

void news_watch(struct news *news, const struct board_figures *figures,
                struct screen_line *line, struct telemetry *telemetry,
                const struct moment *now)
{
    if (!line->seen.up)
        return;
    tell_frozen(news, telemetry, figures, now);
    tell_missing(news, line, telemetry, figures, now);
}
