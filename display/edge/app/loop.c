/* Runs the display. Each turn judges received messages, advances the time,
 * draws and presents changes and reports events; then the loop sleeps until the
 * next known deadline or until something arrives. */
#include "display/edge/app/loop.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "base/translate.h"

enum {
    LOOP_FRAME_MS = 16,
    LOOP_MINUTE_MS = 60000,
    /* The pause after a frame that could not be drawn or presented. */
    LOOP_RETRY_MS = 1000,
    /* A page that waits for its picture is looked at so often. */
    LOOP_PICTURE_MS = 250,
};

/* State from one turn to the next. */
struct pace {
    int64_t end_ms;   /* monotonic; INT64_MAX: never */
    int64_t frame_ms; /* monotonic: when the next moving frame is due */
    bool moving;      /* the last turn's frame was a moving one */
};

static void raise_drill(struct display *display, const struct moment *now)
{
    struct own_message message = {.payload = NULL};
    struct problem problem = {0};

    if (!display->drill)
        return;
    if (!drill_next(display->drill, ALERT_LEVEL_ORANGE, now->wall_ms, &message,
                    &problem)) {
        log_problem(LOG_WARNING, "drill", &problem);
        return;
    }
    feed_own(&display->feed, message.topic, message.payload, message.bytes,
             now);
    free(message.payload);
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
    case WINDOW_KEY:
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
            telemetry_ended(&display->telemetry, &ended[i], now);
    } while (count == BOARD_ENDED_MAX);
}

static bool is_identifying(const struct display *display,
                           const struct scene *scene, const struct moment *now)
{
    return scene->kind != SCENE_ALERT && !scene->alert.message &&
           now->mono_ms < display->remote.identify_until_ms;
}

/* The command identify shows the plain page in place of the programme. */
static struct scene choose_scene(const struct display *display,
                                 const struct moment *now)
{
    struct scene scene = board_scene(display->board, now);

    if (!is_identifying(display, &scene, now))
        return scene;
    return (struct scene){.kind = SCENE_PLAIN,
                          .showing = UINT64_MAX,
                          .next_ms = display->remote.identify_until_ms};
}

static struct frame_setting make_setting(const struct display *display,
                                         const struct scene *scene,
                                         const struct moment *now)
{
    struct board_figures figures = board_figures(display->board);
    bool known = figures.until_mono_ms != TIMESTAMP_NONE;
    bool identify = scene->showing == UINT64_MAX;

    return (struct frame_setting){
        .place_name = display->recovery.safe ? display->recovery.safe_place
                                             : display->config->place_name,
        .ticker = display->config->ticker,
        .line = identify ? display->config->identity.screen : NULL,
        .mono_ms = now->mono_ms,
        .clock_ms = moment_trusted_wall_ms(now),
        .news_old = screen_line_is_down(&display->line, now) ||
                    figures.frozen || figures.missing > 0,
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

/* Converts a wall time to a monotonic time, by the present wall clock. */
static int64_t mono_of_wall(int64_t wall_ms, const struct moment *now)
{
    if (wall_ms == INT64_MAX)
        return INT64_MAX;
    return now->mono_ms + (wall_ms - now->wall_ms);
}

/* When the next moving frame is due. A turn before that, because a message woke
 * the loop, does not change the rhythm of the frames. */
static int64_t next_frame(struct display *display, struct pace *pace,
                          int64_t now_ms)
{
    int64_t late_ms = now_ms - pace->frame_ms;

    if (!pace->moving || late_ms >= 2 * LOOP_FRAME_MS) {
        /* After a pause, or when drawing took too long, the rhythm begins anew.
         */
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

    if (result->in_transition || result->frame.moving)
        next_ms = earlier(next_ms, next_frame(display, pace, now->mono_ms));
    else
        pace->moving = false;
    if (result->frame.step_ms < INT64_MAX)
        next_ms = earlier(next_ms, now->mono_ms + result->frame.step_ms);
    next_ms = earlier(next_ms, mono_of_wall(minute_ms, now));
    next_ms = earlier(next_ms, display->light.next_ms);
    next_ms = earlier(next_ms, mono_of_wall(result->frame.next_change_ms, now));
    next_ms = earlier(next_ms, display->recovery.health.next_ms);
    next_ms = earlier(next_ms, screen_line_next_ms(&display->line, now));
    next_ms = earlier(next_ms, keeper_next_ms(display->keeper));
    next_ms = earlier(next_ms, feed_next_ms(&display->feed, now));
    if (!result->healthy)
        next_ms = earlier(next_ms, now->mono_ms + LOOP_RETRY_MS);
    if (display->window)
        next_ms = earlier(next_ms,
                          window_next_ms(display->window, now->mono_ms));
    if (display->window && window_fd(display->window) < 0)
        next_ms = earlier(next_ms, now->mono_ms + WINDOW_LOOK_MS);
    return next_ms;
}

/* Whether people in front of the screen see what was presented. Without a
 * window it is always true. */
static bool is_seen(struct display *display, const struct moment *now)
{
    struct renderer_pixels pixels = renderer_pixels(display->glass.renderer);

    return !display->window ||
           window_covers_glass(display->window, &pixels, now->mono_ms);
}

/* Sets the light of this turn. False: the glass is dark. */
static bool set_light(struct display *display, const struct scene *scene,
                      const struct moment *now)
{
    struct light *light = &display->light;
    enum glass_light before = light->light;
    enum glass_light after = light_turn(light, display->board, scene, now);

    display->remote.brightness.hours_percent = light->percent;
    if (display->window && (before == LIGHT_DARK) != (after == LIGHT_DARK))
        window_set_lit(display->window, after != LIGHT_DARK);
    return after != LIGHT_DARK;
}

/* «shown» is reported only after the frame was presented and the window was
 * found visible, with that time. */
static void tell_shown(struct display *display, const struct scene *scene,
                       const struct moment *now)
{
    struct telemetry *telemetry = &display->telemetry;
    struct moment presented = *now;

    if ((telemetry_has_shown(telemetry, scene->message) &&
         telemetry_has_shown(telemetry, scene->alert.message)) ||
        !is_seen(display, now))
        return;
    presented.wall_ms = clock_wall_ms();
    telemetry_shown(telemetry, scene->message, &presented);
    telemetry_shown(telemetry, scene->alert.message, &presented);
}

/* As the window system told it last; nobody asks it for each frame. */
static bool is_covered(const struct display *display)
{
    return !display->window ||
           window_cover(display->window)->state == WINDOW_COVERED;
}

static struct stage_result draw(struct display *display,
                                const struct scene *scene,
                                const struct moment *now)
{
    struct frame_setting setting = make_setting(display, scene, now);
    if (!set_light(display, scene, now))
        return stage_darken(&display->stage);
    recovery_before_frame(&display->recovery, scene);
    brightness_apply(&display->remote.brightness, display->glass.renderer,
                     scene_is_alerting(scene));
    struct stage_result result = stage_draw(&display->stage, scene, &setting);
    bool moves = result.in_transition || result.frame.moving;
    recovery_behind_frame(&display->recovery, scene, result.healthy && !moves);

    if (result.healthy && !result.in_transition && !result.preparing)
        tell_shown(display, scene, now);
    if (!result.preparing)
        play_recorder_note(&display->plays, scene,
                           result.healthy && is_covered(display), now);
    return result;
}

/* How much of the window is covered; NULL: all of it. */
static const char *find_glass(const struct display *display,
                              char out[WINDOW_COVER_TEXT_BYTES])
{
    if (!display->window)
        return NULL;
    const struct window_cover *cover = window_cover(display->window);
    if (cover->state == WINDOW_COVERED)
        return NULL;
    window_cover_format(cover, out);
    return out;
}

static size_t list_live(const struct board *board,
                        struct screen_alert out[SCREEN_STATE_ALERTS])
{
    size_t count;
    const struct message *const *alerts = board_alerts(board, &count);

    if (count > SCREEN_STATE_ALERTS)
        count = SCREEN_STATE_ALERTS;
    for (size_t i = 0; i < count; i++)
        out[i] = (struct screen_alert){alerts[i]->id, alerts[i]->seq,
                                       TIMESTAMP_NONE};
    return count;
}

static int64_t tell_state(struct display *display, const struct scene *scene,
                          const struct moment *now)
{
    struct board_figures figures = board_figures(display->board);
    const struct album_figures pictures = album_figures(display->album);
    struct screen_alert live[SCREEN_STATE_ALERTS];
    const char *problem = display->line.problem;
    const char *verdict =
        timekeeper_verdict_name(display->clock.timekeeper.verdict);
    char glass[WINDOW_COVER_TEXT_BYTES];
    const struct screen_state state = {
        .glass = find_glass(display, glass),
        .panels = figures.panels,
        .alerts = figures.alerts,
        .live = live,
        .live_count = list_live(display->board, live),
        .waiting = figures.waiting,
        .pictures_missing = pictures.missing,
        .pictures_spoilt = pictures.spoilt,
        .light = display->light.light == LIGHT_BRIGHT
                     ? NULL
                     : glass_light_name(display->light.light),
        .missing = figures.missing,
        .frozen = figures.frozen,
        .tick_ms = figures.tick_ms,
        .keys_seq = figures.keys_seq,
        .clock_trusted = now->wall_trusted,
        .clock_reason = now->wall_trusted ? NULL : verdict,
        .store_ok = keeper_is_well(display->keeper),
        .line_problem = problem[0] ? problem : NULL,
        .news_ms = figures.news_ms,
        .frames = display->stage.frames,
        .frames_late = display->frames_late,
        .safe_mode = display->recovery.safe,
    };

    display->telemetry.screens = figures.screens;
    return telemetry_state(&display->telemetry, scene, &state, now);
}

static void name_picture(void *context, const struct panel_picture *picture)
{
    album_name(context, picture);
}

/* Tells the album what panels name, and the line what the album wants. */
static void tend_pictures(struct display *display, const struct moment *now)
{
    uint64_t version = board_pictures_version(display->board);

    if (version != display->pictures_named) {
        album_name_begin(display->album);
        board_each_picture(display->board, name_picture, display->album);
        album_name_end(display->album);
        display->pictures_named = version;
    }
    if (album_turn(display->album, now->mono_ms))
        page_cache_forget_pictures(display->cache);
    const struct album_wish wish = album_wish(display->album);
    screen_line_want_picture(&display->line, wish.digest, wish.round);
}

/* Judges received messages and reports those that ended. True: more may wait.
 */
static bool take_in(struct display *display, struct moment *now)
{
    inbox_quieten(display->line.inbox);
    screen_line_watch(&display->line, &display->telemetry, now);
    bool more = feed_drain(&display->feed, now);
    *now = screen_clock_after_messages(&display->clock);
    if (display->window)
        window_tend(display->window, now->mono_ms);
    handle_events(display, now);
    advance(display, now);
    tend_pictures(display, now);
    const struct board_figures figures = board_figures(display->board);
    news_watch(&display->news, &figures, &display->line, &display->telemetry,
               now);
    return more;
}

/* After a frame: reports to the watchdog if the screen is well. While nothing
 * changes, one pixel is presented to prove it. False: it is not well. */
static bool check_health(struct display *display,
                         const struct stage_result *result,
                         const struct moment *now)
{
    struct recovery *recovery = &display->recovery;
    bool healthy = result->healthy;

    if (healthy && !result->presented &&
        health_is_due(&recovery->health, now->mono_ms))
        healthy = stage_prove(&display->stage);
    if (healthy)
        health_feed(&recovery->health, now->mono_ms);
    if (recovery_watch(recovery, healthy, board_figures(display->board).alerts,
                       now))
        display->ending = true;
    return healthy;
}

/* Whether nothing moves or waits: then glyphs are drawn ahead. A message that
 * comes meanwhile waits for one step of that. */
static bool is_idle(const struct scene *scene,
                    const struct stage_result *result, const struct moment *now,
                    int64_t next_ms)
{
    return !scene->alert.message && scene->kind != SCENE_ALERT &&
           !result->in_transition && !result->frame.moving && result->healthy &&
           next_ms - now->mono_ms >= LOOP_FRAME_MS;
}

/* Runs one turn; returns the monotonic time of the next. */
static int64_t turn(struct display *display, struct pace *pace)
{
    struct moment now = screen_clock_turn(&display->clock);

    display->turns++;
    bool more = take_in(display, &now);
    keeper_before_frame(display->keeper, &now);
    struct scene scene = choose_scene(display, &now);
    struct stage_result result = draw(display, &scene, &now);
    bool judged = keeper_behind_frame(display->keeper, &now);
    if (remote_restarts(&display->remote, &now) ||
        (display->leaving && board_figures(display->board).alerts == 0))
        display->ending = true;
    telemetry_release(&display->telemetry);
    if (!result.preparing && display->light.light != LIGHT_DARK)
        telemetry_record(&display->telemetry, &scene, &display->stage, &result);
    result.healthy = check_health(display, &result, &now);
    int64_t next_ms = next_deadline(display, pace, &scene, &result, &now);
    next_ms = earlier(next_ms, tell_state(display, &scene, &now));
    next_ms = earlier(next_ms, play_recorder_next_ms(&display->plays));
    next_ms = earlier(next_ms, album_next_ms(display->album));
    if (result.waiting)
        next_ms = earlier(next_ms, now.mono_ms + LOOP_PICTURE_MS);
    next_ms = earlier(next_ms, upload_turn(&display->remote.upload,
                                           &display->telemetry, &now));
    /* Events that SDL read while presenting do not wake poll. */
    more |= handle_events(display, &now) || judged ||
            (result.preparing && !result.waiting);
    if (!more && is_idle(&scene, &result, &now, next_ms)) {
        more = ahead_step(display->ahead);
        if (!more)
            glass_rest(&display->glass);
    }
    return more ? now.mono_ms : next_ms;
}

static void say_end(struct display *display)
{
    const struct album_figures pictures = album_figures(display->album);

    telemetry_end(&display->telemetry, display->turns, display->stage.frames);
    if (pictures.decoded > 0)
        log_write(LOG_INFO, "pictures: %lu decoded, %lu of them by the loop",
                  pictures.decoded, image_decoded_here());
    health_tell_stopping();
    log_write(LOG_INFO,
              "display: ends after %lld frames in %lld turns, %lld frames left "
              "out",
              (long long)display->stage.frames, (long long)display->turns,
              (long long)display->frames_late);
}

/* Asks for the end as soon as no alert stands: for a new version of the
 * program.
 */
enum { SIGNAL_LEAVE = SIGUSR1 };

/* The descriptors on which the loop sleeps. SDL's own waiting polls 890 times a
 * second on most drivers. */
struct waiting {
    int signal_fd; /* the caller's, like the next three */
    int inbox_fd;
    int window_fd; /* -1: none; likewise below */
    int tend_fd;   /* for window_tend */
    int upload_fd; /* the caller's, too, like the next */
    int album_fd;
    int timer_fd; /* CLOCK_MONOTONIC: the next deadline */
    int jump_fd;  /* CLOCK_REALTIME: readable when somebody sets the clock */
};

int loop_catch_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGNAL_LEAVE);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
        return -1;
    signal(SIGPIPE, SIG_IGN); /* a broken connection must not end the program */
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void arm_jump(const struct waiting *waiting)
{
    /* This timer never expires; the kernel cancels it when the wall clock is
     * set. */
    const struct itimerspec far = {.it_value = {.tv_sec = INT32_MAX}};

    timerfd_settime(waiting->jump_fd,
                    TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far, NULL);
}

static void waiting_finish(struct waiting *waiting)
{
    if (waiting->timer_fd >= 0)
        close(waiting->timer_fd);
    if (waiting->jump_fd >= 0)
        close(waiting->jump_fd);
}

static bool waiting_init(struct waiting *waiting, struct problem *problem)
{
    const int flags = TFD_CLOEXEC | TFD_NONBLOCK;

    waiting->timer_fd = timerfd_create(CLOCK_MONOTONIC, flags);
    waiting->jump_fd = timerfd_create(CLOCK_REALTIME, flags);
    if (waiting->timer_fd < 0 || waiting->jump_fd < 0) {
        problem_set(problem, PROBLEM_SYSTEM, "timerfd: %s", tr_error(errno));
        waiting_finish(waiting);
        return false;
    }
    arm_jump(waiting);
    return true;
}

/* Empties a descriptor; the content does not matter. */
static bool drain(int fd)
{
    char bytes[sizeof(struct signalfd_siginfo)];

    return read(fd, bytes, sizeof bytes) > 0 || errno == ECANCELED;
}

/* The number of the signal that came; 0: none. */
static int take_signal(int fd)
{
    struct signalfd_siginfo signal;

    return read(fd, &signal, sizeof signal) == sizeof signal
               ? (int)signal.ssi_signo
               : 0;
}

/* Waits until deadline_ms (CLOCK_MONOTONIC) or until something wakes it.
 * Returns the signal that came; 0: none. */
static int waiting_until(const struct waiting *waiting, int64_t deadline_ms,
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
        {.fd = waiting->upload_fd, .events = POLLIN},
        {.fd = waiting->album_fd, .events = POLLIN},
    };
    bool due_now = deadline_ms <= now_ms;

    if (!due_now)
        timerfd_settime(waiting->timer_fd, TFD_TIMER_ABSTIME, &due, NULL);
    if (poll(fds, sizeof fds / sizeof fds[0], due_now ? 0 : -1) < 0)
        return 0; /* interrupted: one more turn does no harm */
    if (fds[1].revents)
        drain(waiting->timer_fd);
    if (fds[2].revents && drain(waiting->jump_fd))
        arm_jump(waiting);
    return fds[0].revents ? take_signal(waiting->signal_fd) : 0;
}

static void obey_signal(struct display *display, int number)
{
    if (number == SIGNAL_LEAVE && !display->leaving)
        log_write(LOG_INFO, "display: ends when no alert stands");
    display->leaving |= number == SIGNAL_LEAVE;
    display->ending |= number && number != SIGNAL_LEAVE;
}

bool loop_run(struct display *display, int signal_fd, struct problem *problem)
{
    struct waiting waiting = {
        .signal_fd = signal_fd,
        .inbox_fd = inbox_fd(display->line.inbox),
        .window_fd = display->window ? window_fd(display->window) : -1,
        .tend_fd = display->window ? window_tend_fd(display->window) : -1,
        .upload_fd = display->remote.upload.fd,
        .album_fd = album_fd(display->album),
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
        if (!display->ending)
            obey_signal(display, waiting_until(&waiting, next_ms, now_ms));
        now_ms = clock_monotonic_ms();
    }
    say_end(display);
    waiting_finish(&waiting);
    return true;
}
