/* Connects, checks the line once a turn, and reports what changed. */
#include "display/edge/app/screen_line.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

#define NO_LINE "the screen shows what it kept, and nothing that is new"

enum {
    /* After a loss the broker is asked a second later, and each further time
     * after twice as long, because its answer is itself a flood. After a calm
     * time the intervals begin anew. */
    REFRESH_FIRST_MS = 1000,
    REFRESH_LAST_MS = 60000,
    REFRESH_CALM_MS = 2 * REFRESH_LAST_MS,
    /* A line that is down for less time gets no mark on the glass. */
    LINE_GRACE_MS = 5000,
};

bool screen_line_init(struct screen_line *line, int64_t mono_ms,
                      struct problem *problem)
{
    *line = (struct screen_line){.inbox = inbox_create(),
                                 .changed_ms = mono_ms,
                                 .refresh_ms = INT64_MAX};
    return line->inbox ||
           problem_set(problem, PROBLEM_SYSTEM, "no memory for the inbox");
}

/* Logs a problem of the line; the service manager and the state topic report it
 * too. */
static void note_problem(struct screen_line *line, struct problem *why,
                         const char *consequence)
{
    snprintf(why->consequence, sizeof why->consequence, "%s", consequence);
    log_problem(LOG_ERROR, "line", why);
    why->consequence[0] = '\0';
    problem_format(why, line->problem, sizeof line->problem);
}

void screen_line_connect(struct screen_line *line, const struct config *config,
                         int64_t wall_ms)
{
    struct problem why = config->state.lenient_problem;
    bool usable = config->brokers.count > 0;

    if (why.code != PROBLEM_NONE) {
        note_problem(line, &why,
                     usable ? "the screen does with what is left of [broker]"
                            : NO_LINE);
        if (!usable)
            return;
    }
    why = (struct problem){0};
    if (!subscriber_create(config, line->inbox, wall_ms, &line->subscriber,
                           &why))
        note_problem(line, &why, NO_LINE);
}

void screen_line_disconnect(struct screen_line *line, int64_t wall_ms)
{
    subscriber_destroy(line->subscriber, wall_ms);
    line->subscriber = NULL;
}

void screen_line_finish(struct screen_line *line)
{
    inbox_destroy(line->inbox);
    line->inbox = NULL;
}

void screen_line_ask_again(struct screen_line *line, const struct moment *now)
{
    int64_t step_ms = 2 * line->refresh_step_ms;

    if (line->refresh_ms < INT64_MAX)
        return;
    if (step_ms == 0 || now->mono_ms - line->refreshed_ms >= REFRESH_CALM_MS)
        step_ms = REFRESH_FIRST_MS;
    line->refresh_step_ms = step_ms < REFRESH_LAST_MS ? step_ms
                                                      : REFRESH_LAST_MS;
    line->refresh_ms = now->mono_ms + line->refresh_step_ms;
}

void screen_line_ask_at(struct screen_line *line, int64_t mono_ms)
{
    if (mono_ms < line->refresh_ms)
        line->refresh_ms = mono_ms;
}

bool screen_line_asks(const struct screen_line *line)
{
    return line->refresh_ms < INT64_MAX;
}

static void note_losses(struct screen_line *line,
                        const struct inbox_losses *losses,
                        const struct moment *now)
{
    const struct inbox_losses *before = &line->losses;
    bool alerts = losses->alerts != before->alerts;

    if (!alerts && losses->ordinary == before->ordinary)
        return;
    /* A flood loses thousands a second; this is logged once until it is over.
     */
    bool told = line->refresh_ms < INT64_MAX;
    if (!told)
        log_write(alerts ? LOG_ERROR : LOG_WARNING,
                  "inbox: full; %lu panels and %lu alerts were lost so far; "
                  "the broker will be asked again",
                  losses->ordinary, losses->alerts);
    screen_line_ask_again(line, now);
    line->losses = *losses;
}

static void refresh(struct screen_line *line, const struct moment *now)
{
    if (now->mono_ms < line->refresh_ms)
        return;
    line->refresh_ms = INT64_MAX;
    line->refreshed_ms = now->mono_ms;
    if (!line->seen.up)
        return; /* a new line brings everything */
    log_write(LOG_INFO,
              "subscriber: what the broker retains is asked for again");
    if (!subscriber_refresh(line->subscriber))
        screen_line_ask_again(line, now);
}

void screen_line_ask_now(struct screen_line *line, const struct moment *now)
{
    line->refresh_ms = now->mono_ms;
}

void screen_line_watch(struct screen_line *line, struct telemetry *telemetry,
                       const struct moment *now)
{
    const struct inbox_line before = line->seen;
    struct inbox_losses losses = inbox_losses(line->inbox);

    line->seen = inbox_line(line->inbox);
    bool came = line->seen.ups != before.ups;
    bool went = line->seen.downs != before.downs;
    if (line->seen.denials != before.denials)
        log_write(LOG_ERROR,
                  "subscriber: the broker refuses '%s'; nothing will come "
                  "from there",
                  line->seen.denied);
    if (line->seen.up != before.up)
        line->changed_ms = now->mono_ms;
    /* While the line tries to come up, the same reason is logged once. */
    if (went &&
        (came || before.up || strcmp(line->seen.reason, before.reason) != 0))
        telemetry_line(telemetry, false, line->seen.reason, now);
    if (came && line->seen.up)
        telemetry_line(telemetry, true, NULL, now);
    note_losses(line, &losses, now);
    refresh(line, now);
}

/* When too many items wait to be sent, the next turn tries again. */
void screen_line_want_picture(struct screen_line *line, const char *digest,
                              uint64_t round)
{
    const char *wanted = digest ? digest : "";
    bool same = strcmp(line->picture, wanted) == 0;

    if (!line->subscriber ||
        (same && (!digest || line->picture_round == round)))
        return;
    if (!same && line->picture[0] &&
        !subscriber_want_picture(line->subscriber, line->picture, false))
        return;
    line->picture[0] = '\0';
    inbox_want_picture(line->inbox, digest);
    if (!digest || !subscriber_want_picture(line->subscriber, digest, true))
        return;
    snprintf(line->picture, sizeof line->picture, "%s", digest);
    line->picture_round = round;
}

bool screen_line_is_down(const struct screen_line *line,
                         const struct moment *now)
{
    return !line->seen.up && now->mono_ms - line->changed_ms >= LINE_GRACE_MS;
}

int64_t screen_line_next_ms(const struct screen_line *line,
                            const struct moment *now)
{
    int64_t grace_ms = line->changed_ms + LINE_GRACE_MS;

    if (!line->seen.up && grace_ms > now->mono_ms &&
        grace_ms < line->refresh_ms)
        return grace_ms;
    return line->refresh_ms;
}
