/* Compares the board's figures with what was logged last. */
#include "display/edge/app/news.h"

#include "base/log.h"

#include <sys/random.h>

enum {
    PAUSE_FIRST_MS = 30000, /* doubled after each question */
    PAUSE_LAST_MS = 10 * 60 * 1000,
};

/* Between half of the span and all of it: screens that miss the same message
 * do not ask together. */
static int64_t draw_pause_ms(int64_t span_ms)
{
    uint32_t random = 0;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = 0;
    return span_ms / 2 + random % (span_ms / 2 + 1);
}

/* What is missing is asked for at once. A silent key is most often one whose
 * heartbeat stopped, which all screens notice at the same time. */
static void ask(struct news *news, const struct board_figures *figures,
                struct screen_line *line, const struct moment *now)
{
    bool first = news->pause_ms == 0;

    if (figures->missing == 0 && !figures->frozen) {
        news->pause_ms = 0;
        return;
    }
    if (screen_line_asks(line))
        return;
    news->pause_ms = first ? PAUSE_FIRST_MS : 2 * news->pause_ms;
    if (news->pause_ms > PAUSE_LAST_MS)
        news->pause_ms = PAUSE_LAST_MS;
    if (first && figures->missing > 0)
        screen_line_ask_again(line, now);
    else
        screen_line_ask_at(line, now->mono_ms + draw_pause_ms(news->pause_ms));
}

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

static void tell_missing(struct news *news, struct telemetry *telemetry,
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
}

void news_watch(struct news *news, const struct board_figures *figures,
                struct screen_line *line, struct telemetry *telemetry,
                const struct moment *now)
{
    if (!line->seen.up)
        return;
    tell_frozen(news, telemetry, figures, now);
    tell_missing(news, telemetry, figures, now);
    ask(news, figures, line, now);
}
