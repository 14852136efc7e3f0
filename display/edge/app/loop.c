/* Turns the display: what came in is judged, time moves on, what changed is
 * drawn and presented, what happened is told; then it sleeps until the next
 * deadline that is known, or until something comes in. */
#include "display/edge/app/loop.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "display/edge/app/clock_watch.h"
#include "display/edge/app/feed.h"
#include "display/edge/app/line_watch.h"
#include "display/edge/app/news_watch.h"
#include "display/edge/app/recovery.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/app/waiting.h"

enum {
    LOOP_FRAME_MS = 16,
    LOOP_MINUTE_MS = 60000,
    /* A line that is down for less is not worth a mark on the glass. */
    LOOP_LINE_GRACE_MS = 5000,
    /* After a frame that could not be drawn or presented. */
    LOOP_RETRY_MS = 1000,
};

/* What one turn leaves for the next. */
struct pace {
    int64_t end_ms;   /* monotonic; INT64_MAX: never */
    int64_t frame_ms; /* monotonic: when the next moving frame is due */
    bool moving;      /* the last turn's frame was one */
};

static void raise_drill(struct display *display, const struct moment *now)
{
    char topic[LIMIT_TOPIC_BYTES];
    char *payload = NULL;
    size_t bytes = 0;
    struct problem problem = {0};

    if (!display->drill)
        return;
    if (!drill_next(display->drill, now->wall_ms, topic, &payload, &bytes,
                    &problem)) {
        log_problem(LOG_WARNING, "drill", &problem);
        return;
    }
    feed_own(display, topic, payload, bytes, now);
    free(payload);
}

static void handle_event(struct display *display, enum window_event event,
                         const struct moment *now)
{
    int width, height;

    switch (event) {
    case WINDOW_QUIT:
        display->ending = true;
        return;
    case WINDOW_RESIZED:
        window_size(display->window, &width, &height);
        stage_resize(&display->stage, width, height);
        return;
    case WINDOW_EXPOSED:
        stage_expose(&display->stage);
        return;
    case WINDOW_PAUSE:
        display->paused = !display->paused;
        board_pause(display->board, display->paused, now);
        return;
    case WINDOW_STEP_BACK:
    case WINDOW_STEP_ON:
        board_step(display->board, event == WINDOW_STEP_ON ? 1 : -1, now);
        return;
    case WINDOW_FULLSCREEN:
        window_toggle_fullscreen(display->window);
        return;
    case WINDOW_DRILL:
        raise_drill(display, now);
        return;
    case WINDOW_NOTHING:
        return;
    }
}

/* True: there were events, so more may follow at once. */
static bool handle_events(struct display *display, const struct moment *now)
{
    enum window_event event;
    bool any = false;

    while (display->window &&
           (event = window_next_event(display->window)) != WINDOW_NOTHING) {
        handle_event(display, event, now);
        any = true;
    }
    return any;
}

static void advance(struct display *display, const struct moment *now)
{
    struct board_ended ended[BOARD_ENDED_MAX];
    size_t count;

    do {
        count = board_advance(display->board, now, ended);
        for (size_t i = 0; i < count; i++)
            reporter_ended(&display->reporter, &ended[i], now);
    } while (count == BOARD_ENDED_MAX);
}

static bool is_identifying(const struct display *display,
                           const struct scene *scene, const struct moment *now)
{
    return scene->kind != SCENE_ALERT && !scene->alert.message &&
           now->mono_ms < display->identify_until_ms;
}

/* The command identify puts the plain page over the programme. */
static struct scene choose_scene(const struct display *display,
                                 const struct moment *now)
{
    struct scene scene = board_scene(display->board, now);

    if (!is_identifying(display, &scene, now))
        return scene;
    return (struct scene){.kind = SCENE_PLAIN,
                          .showing = UINT64_MAX,
                          .next_ms = display->identify_until_ms};
}

static bool line_is_down(const struct display *display,
                         const struct moment *now)
{
    return !display->line.up &&
           now->mono_ms - display->line_changed_ms >= LOOP_LINE_GRACE_MS;
}

static struct frame_setting make_setting(const struct display *display,
                                         const struct scene *scene,
                                         const struct moment *now)
{
    struct board_figures figures = board_figures(display->board);
    bool known = figures.until_mono_ms != TIMESTAMP_NONE;
    bool identify = scene->showing == UINT64_MAX;

    return (struct frame_setting){
        .place_name = display->safe ? display->safe_place
                                    : display->config->place_name,
        .ticker = display->config->ticker,
        .line = identify ? display->config->identity.screen : NULL,
        .mono_ms = now->mono_ms,
        .clock_ms = moment_trusted_wall_ms(now),
        .news_old = line_is_down(display, now) || figures.frozen ||
                    figures.missing > 0,
        .news = {.until_ms = figures.until_ms,
                 .age_ms = known ? now->mono_ms - figures.until_mono_ms
                                 : TIMESTAMP_NONE},
        .hurry_ms = display->options->dwell_ms / 2,
    };
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A wall-clock moment as a monotonic one, as far as the clock stands now. */
static int64_t mono_of_wall(int64_t wall_ms, const struct moment *now)
{
    if (wall_ms == INT64_MAX)
        return INT64_MAX;
    return now->mono_ms + (wall_ms - now->wall_ms);
}

/* Turns that come before their frame is due (messages wake the loop at any
 * time) do not move the beat. */
static int64_t next_frame(struct display *display, struct pace *pace,
                          int64_t now_ms)
{
    int64_t late_ms = now_ms - pace->frame_ms;

    if (!pace->moving || late_ms >= 2 * LOOP_FRAME_MS) {
        /* After a pause, or when drawing took too long, a new beat begins. */
        if (pace->moving)
            display->frames_late += late_ms / LOOP_FRAME_MS - 1;
        pace->frame_ms = now_ms + LOOP_FRAME_MS;
    } else if (late_ms >= 0) {
        pace->frame_ms += LOOP_FRAME_MS;
    }
    pace->moving = true;
    return pace->frame_ms;
}

static int64_t next_deadline(struct display *display, struct pace *pace,
                             const struct scene *scene,
                             const struct stage_result *result,
                             const struct moment *now)
{
    int64_t next_ms = earlier(scene->next_ms, pace->end_ms);
    int64_t minute_ms = (now->wall_ms / LOOP_MINUTE_MS + 1) * LOOP_MINUTE_MS;
    int64_t grace_ms = display->line_changed_ms + LOOP_LINE_GRACE_MS;

    if (result->in_transition || result->frame.moving)
        next_ms = earlier(next_ms, next_frame(display, pace, now->mono_ms));
    else
        pace->moving = false;
    if (result->frame.step_ms < INT64_MAX)
        next_ms = earlier(next_ms, now->mono_ms + result->frame.step_ms);
    next_ms = earlier(next_ms, mono_of_wall(minute_ms, now));
    next_ms = earlier(next_ms, mono_of_wall(result->frame.next_change_ms, now));
    next_ms = earlier(next_ms, display->health.next_ms);
    next_ms = earlier(next_ms, display->refresh_ms);
    next_ms = earlier(next_ms, keeper_next_ms(display->keeper));
    if (display->refusals_ms > now->mono_ms)
        next_ms = earlier(next_ms, display->refusals_ms);
    if (!result->healthy)
        next_ms = earlier(next_ms, now->mono_ms + LOOP_RETRY_MS);
    if (!display->line.up && grace_ms > now->mono_ms)
        next_ms = earlier(next_ms, grace_ms);
    if (display->window)
        next_ms = earlier(next_ms,
                          window_next_ms(display->window, now->mono_ms));
    if (display->window && window_fd(display->window) < 0)
        next_ms = earlier(next_ms, now->mono_ms + WINDOW_LOOK_MS);
    return next_ms;
}

/* Whoever stands before the glass sees what was presented. Without a window
 * the pixels are the glass. */
static bool is_seen(struct display *display, const struct moment *now)
{
    struct renderer_pixels pixels = renderer_pixels(display->glass.renderer);

    return !display->window ||
           window_covers_glass(display->window, &pixels, now->mono_ms);
}

/* «shown» is the truth: the glass is looked at, and the clock read, after
 * presenting. */
static void tell_shown(struct display *display, const struct scene *scene,
                       const struct moment *now)
{
    struct reporter *reporter = &display->reporter;
    struct moment presented = *now;

    if ((reporter_has_shown(reporter, scene->message) &&
         reporter_has_shown(reporter, scene->alert.message)) ||
        !is_seen(display, now))
        return;
    presented.wall_ms = clock_wall_ms();
    reporter_shown(reporter, scene->message, &presented);
    reporter_shown(reporter, scene->alert.message, &presented);
}

static struct stage_result draw(struct display *display,
                                const struct scene *scene,
                                const struct moment *now)
{
    struct frame_setting setting = make_setting(display, scene, now);
    recovery_before_frame(display, scene);
    struct stage_result result = stage_draw(&display->stage, scene, &setting);
    bool moves = result.in_transition || result.frame.moving;
    recovery_behind_frame(display, scene, result.healthy && !moves);

    if (result.healthy && !result.in_transition && !result.preparing)
        tell_shown(display, scene, now);
    return result;
}

/* One turn; returns the monotonic moment of the next. */
static int64_t turn(struct display *display, struct pace *pace)
{
    struct moment now = clock_watch(display);

    display->turns++;
    inbox_quieten(display->inbox);
    line_watch(display, &now);
    struct feed feed = feed_drain(display, &now);
    now = clock_after_messages(display);
    if (display->window)
        window_tend(display->window, now.mono_ms);
    handle_events(display, &now);
    advance(display, &now);
    news_watch(display, &now);
    keeper_before_frame(display->keeper, &now);
    struct scene scene = choose_scene(display, &now);
    struct stage_result result = draw(display, &scene, &now);
    bool judged = keeper_behind_frame(display->keeper, &now);
    feed_restart(display, &now);
    reporter_release(&display->reporter);
    if (!result.preparing)
        telemetry_record(display, &scene, &result);
    if (result.healthy && !result.presented &&
        health_is_due(&display->health, now.mono_ms))
        result.healthy = stage_prove(&display->stage);
    if (result.healthy)
        health_feed(&display->health, now.mono_ms);
    recovery_watch(display, result.healthy, &now);
    int64_t next_ms = next_deadline(display, pace, &scene, &result, &now);
    next_ms = earlier(next_ms, telemetry_state(display, &scene, &now));
    /* What the window library read while presenting, no poll will tell. */
    bool more = handle_events(display, &now) || feed.more || judged ||
                result.preparing;
    return more ? now.mono_ms : next_ms;
}

static void say_end(struct display *display)
{
    const struct journal_entry entry = {
        .event = "end",
        .wall_ms = clock_wall_ms(),
        .turns = display->turns,
        .frames = display->stage.frames,
    };

    journal_write(display->journal, &entry);
    health_tell_stopping();
    log_write(LOG_INFO,
              "display: ends after %lld frames in %lld turns, %lld frames left "
              "out",
              (long long)display->stage.frames, (long long)display->turns,
              (long long)display->frames_late);
}

bool loop_run(struct display *display, int signal_fd, struct problem *problem)
{
    struct waiting waiting = {
        .signal_fd = signal_fd,
        .inbox_fd = inbox_fd(display->inbox),
        .window_fd = display->window ? window_fd(display->window) : -1,
        .tend_fd = display->window ? window_tend_fd(display->window) : -1,
    };
    int64_t seconds = display->options->seconds;
    int64_t now_ms = clock_monotonic_ms();
    struct pace pace = {.end_ms = INT64_MAX};

    if (!waiting_init(&waiting, problem))
        return false;
    if (seconds > 0)
        pace.end_ms = now_ms + seconds * 1000;
    while (!display->ending && now_ms < pace.end_ms) {
        int64_t next_ms = turn(display, &pace);
        now_ms = clock_monotonic_ms();
        if (!display->ending && waiting_until(&waiting, next_ms, now_ms))
            display->ending = true;
        now_ms = clock_monotonic_ms();
    }
    say_end(display);
    waiting_finish(&waiting);
    return true;
}
