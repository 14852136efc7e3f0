/* The window, the keys and the waiting of a rehearsal. */
#include "display/edge/rehearse/rehearsal_loop.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/language.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "display/edge/rehearse/export.h"
#include "display/edge/rehearse/keys.h"
#include "display/edge/rehearse/rehearsal_clock.h"
#include "display/edge/rehearse/view.h"
#include "display/edge/render/picture.h"

enum {
    NOTE_MS = 2500,
    /* While the page's time is shown, it is painted so often. */
    TIMES_MS = 100,
    HOUR_MS = 3600 * 1000,
    PROMPT_DIGITS = 4,
    TEXT_BYTES = 256,
    PROBLEM_TEXT_BYTES = 600,
    PROBLEMS_MAX = 16,
    PICTURES_MAX = 10000,
    /* An export that comes to no end by itself. */
    EXPORT_MOST_MS = 10 * 60 * 1000,
};

/* The shapes that the key S goes through, behind the first one. */
static const struct {
    int width_px, height_px;
    const char *name;
} shapes[] = {
    {1920, 1080, "1080p"},        {1080, 1920, N_("portrait")},
    {1080, 1080, N_("square")},   {1920, 480, N_("strip")},
    {1920, 240, N_("low strip")}, {0, 0, N_("as the window")},
};

enum { SHAPES = sizeof shapes / sizeof shapes[0] };

struct rehearsal_window {
    struct rehearsal *rehearsal;
    struct window *window;
    struct view view;
    struct rehearsal_clock clock;
    bool help, boxes, changes, times, sizes;
    int shape; /* index in shapes; -1: that of the command line */
    int first_width_px, first_height_px;
    bool dirty;        /* the window must be painted */
    bool ending, over; /* over: the end of the replay was told */
    char note[PROBLEM_TEXT_BYTES];
    int64_t note_until_ms; /* real */
    bool asks;             /* for a time of day */
    char digits[PROMPT_DIGITS + 1];
    int times_us[VIEW_TIMES_MAX];
    size_t time_count;
    char title[TEXT_BYTES];
    char status[TEXT_BYTES];
};

static void print_hash(const struct rehearsal *rehearsal)
{
    language_print(stdout, "%s: %" PRId64 " frames, hash %016" PRIx64 "%s\n",
                   rehearsal->replays ? tr("replay") : tr("rehearsal"),
                   rehearsal->frames, rehearsal->hash,
                   rehearsal->replays && rehearsal->touched
                       ? tr(", changed by keys")
                       : "");
    fflush(stdout);
}

static void tell(struct rehearsal_window *own, const char *text)
{
    snprintf(own->note, sizeof own->note, "%s", tr(text));
    own->note_until_ms = clock_monotonic_ms() + NOTE_MS;
    own->dirty = true;
}

static void tell_problem(struct rehearsal_window *own,
                         const struct problem *problem)
{
    char text[PROBLEM_TEXT_BYTES];

    problem_format(problem, text, sizeof text);
    log_problem(LOG_WARNING, "rehearse", problem);
    tell(own, text);
}

/* What a key changed is drawn at once, at the present time. A replay keeps the
 * times of its own frames. */
static void refresh(struct rehearsal_window *own)
{
    struct rehearsal *rehearsal = own->rehearsal;
    int64_t at_ms = rehearsal_clock_read(&own->clock, clock_monotonic_ms());

    if (at_ms >= rehearsal->next_ms)
        at_ms = rehearsal->next_ms - 1;
    if (at_ms < rehearsal->now_ms)
        at_ms = rehearsal->now_ms;
    rehearsal_turn(rehearsal, at_ms, !rehearsal->replays);
    own->dirty = true;
}

static void note_time(struct rehearsal_window *own, int us)
{
    if (own->time_count == VIEW_TIMES_MAX)
        memmove(own->times_us, own->times_us + 1,
                (VIEW_TIMES_MAX - 1) * sizeof own->times_us[0]);
    else
        own->time_count++;
    own->times_us[own->time_count - 1] = us;
}

/* The next frame of the course. */
static void advance(struct rehearsal_window *own)
{
    struct rehearsal *rehearsal = own->rehearsal;
    int64_t at_ms = rehearsal->next_ms;

    rehearsal_turn(rehearsal, at_ms, true);
    if (rehearsal->changed) {
        note_time(own, rehearsal->draw_us);
        own->dirty = true;
    }
    rehearsal_clock_drew(&own->clock, at_ms, clock_monotonic_ms());
}

/* The date and the time of day at the place. */
static void format_clock(const struct rehearsal *rehearsal, bool with_seconds,
                         char *out, size_t size)
{
    const struct moment now = rehearsal_moment(rehearsal);
    const struct zone_local local = zone_local(&rehearsal->calendar.zone,
                                               now.wall_ms);
    char date[TIMESTAMP_DATE_BYTES], seconds[8] = "";
    int second = local.day_ms / 1000;

    timestamp_format_date(local.day, date);
    if (with_seconds)
        snprintf(seconds, sizeof seconds, ":%02d", second % 60);
    snprintf(out, size, "%s %02d:%02d%s", date, second / 3600, second / 60 % 60,
             seconds);
}

static const char *theme_name(const struct rehearsal *rehearsal)
{
    const char *slash = strrchr(rehearsal->theme, '/');

    return slash ? slash + 1 : rehearsal->theme;
}

static void set_title(struct rehearsal_window *own)
{
    const struct rehearsal *rehearsal = own->rehearsal;
    const struct glass_options *glass = &rehearsal->glass.options;
    enum glass_light light = rehearsal->light.light;
    char time[64], title[TEXT_BYTES], speed[32] = "";

    format_clock(rehearsal, false, time, sizeof time);
    if (own->clock.speed != REHEARSAL_SPEED_USUAL)
        snprintf(speed, sizeof speed, " · ×%g",
                 own->clock.speed / (double)REHEARSAL_SPEED_USUAL);
    snprintf(title, sizeof title,
             "告示 · %s%s%s · %dx%d · %d° · %.80s · %s%s%s",
             rehearsal->replays ? tr("replay") : tr("rehearsal"),
             own->clock.paused ? tr(" · PAUSED") : "", speed, glass->width_px,
             glass->height_px, glass->rotation, theme_name(rehearsal), time,
             light == LIGHT_BRIGHT ? "" : " · ",
             light == LIGHT_BRIGHT ? "" : tr(glass_light_name(light)));
    if (strcmp(title, own->title) == 0)
        return;
    memcpy(own->title, title, sizeof title);
    window_set_title(own->window, title);
}

static void format_status(struct rehearsal_window *own)
{
    const struct rehearsal *rehearsal = own->rehearsal;
    const struct scene *scene = &rehearsal->scene;
    int64_t since_ms = rehearsal_clock_read(&own->clock, clock_monotonic_ms()) -
                       rehearsal->now_ms;
    int64_t t_ms = scene->t_ms + (since_ms > 0 ? since_ms : 0);
    int last = 0, most = 0;
    long long sum = 0;
    char time[64];

    for (size_t i = 0; i < own->time_count; i++) {
        last = own->times_us[i];
        sum += last;
        most = last > most ? last : most;
    }
    format_clock(rehearsal, true, time, sizeof time);
    snprintf(own->status, sizeof own->status,
             tr("%s · %.60s page %zu · t %lld ms · ×%g · frame %.1f ms, mean "
                "%.1f, most %.1f"),
             time, scene->message ? scene->message->id : tr("plain"),
             scene->page + 1, (long long)t_ms,
             own->clock.speed / (double)REHEARSAL_SPEED_USUAL, last / 1000.0,
             own->time_count > 0 ? sum / 1000.0 / (double)own->time_count : 0.0,
             most / 1000.0);
}

struct problem_texts {
    char texts[PROBLEMS_MAX][PROBLEM_TEXT_BYTES];
    const char *list[PROBLEMS_MAX];
    size_t count;
};

static void add_problem(struct problem_texts *out,
                        const struct problem *problem)
{
    if (problem->code == PROBLEM_NONE || out->count == PROBLEMS_MAX)
        return;
    problem_format(problem, out->texts[out->count], PROBLEM_TEXT_BYTES);
    out->list[out->count] = out->texts[out->count];
    out->count++;
}

static void list_problems(const struct rehearsal *rehearsal,
                          struct problem_texts *out)
{
    const struct draft_folder *folder = &rehearsal->folder;

    out->count = 0;
    add_problem(out, &rehearsal->theme_problem);
    for (size_t i = 0; i < folder->count; i++)
        add_problem(out, &folder->drafts[i].problem);
}

static bool paint(struct rehearsal_window *own)
{
    struct rehearsal *rehearsal = own->rehearsal;
    const struct glass *glass = &rehearsal->glass;
    char prompt[TEXT_BYTES], typed[] = "____";
    struct problem_texts *problems = malloc(sizeof *problems);
    int width, height;

    if (!problems)
        return false;
    list_problems(rehearsal, problems);
    format_status(own);
    memcpy(typed, own->digits, strlen(own->digits));
    snprintf(prompt, sizeof prompt, tr("go to %.2s:%.2s (HHMM, Enter)"), typed,
             typed + 2);
    const struct view_state state = {
        .glass = renderer_pixels(glass->renderer),
        .rotation = glass->options.rotation,
        .list = &glass->list,
        .damage = rehearsal->stage.damage,
        .damage_count = rehearsal->stage.damage_count,
        .legal_px = glass->whole.geometry.legal_px,
        .legal_mm = rehearsal->pitch_mm > 0
                        ? glass->whole.geometry.legal_px *
                              (double)rehearsal->pitch_mm / rehearsal->pitch_px
                        : 0,
        .help = own->help,
        .boxes = own->boxes,
        .changes = own->changes,
        .times = own->times,
        .sizes = own->sizes,
        .paused = own->clock.paused,
        .status = own->status,
        .prompt = own->asks ? prompt : NULL,
        .note = own->note[0] ? own->note : NULL,
        .problems = problems->list,
        .problem_count = problems->count,
        .times_us = own->times_us,
        .time_count = own->time_count,
    };
    window_size(own->window, &width, &height);
    bool drawn = view_draw(&own->view, &state, width, height, glass->fonts);
    free(problems);
    if (!drawn)
        return false;
    const struct renderer_pixels pixels = view_pixels(&own->view);
    const struct rect whole = {0, 0, pixels.width, pixels.height};
    set_title(own);
    return window_present(own->window, &pixels, &whole, 1);
}

static void set_paused(struct rehearsal_window *own, bool paused)
{
    rehearsal_clock_pause(&own->clock, paused, clock_monotonic_ms());
    refresh(own);
}

/* One frame on; what would have come in between comes. */
static void step_frame(struct rehearsal_window *own)
{
    struct rehearsal *rehearsal = own->rehearsal;

    if (!own->clock.paused)
        set_paused(own, true);
    int64_t to_ms = own->clock.now_ms + REHEARSAL_FRAME_MS;
    while (rehearsal->next_ms <= to_ms && !own->over) {
        advance(own);
        own->over = rehearsal_is_over(rehearsal);
    }
    rehearsal_clock_set(&own->clock, to_ms, clock_monotonic_ms());
    refresh(own);
}

static void go(struct rehearsal_window *own, int64_t wall_ms)
{
    if (own->rehearsal->writer) {
        tell(own, "no jumps while a session is recorded");
        return;
    }
    rehearsal_go(own->rehearsal, wall_ms);
    rehearsal_clock_set(&own->clock, own->rehearsal->now_ms,
                        clock_monotonic_ms());
    own->over = false;
    own->dirty = true;
    char time[64];
    format_clock(own->rehearsal, false, time, sizeof time);
    tell(own, time);
}

/* HHMM, on the present day of the place. */
static void go_to_digits(struct rehearsal_window *own)
{
    const struct zone *zone = &own->rehearsal->calendar.zone;
    const struct moment now = rehearsal_moment(own->rehearsal);
    int typed = atoi(own->digits), minutes = typed / 100 * 60 + typed % 100;

    own->asks = false;
    own->dirty = true;
    if (strlen(own->digits) != PROMPT_DIGITS || typed / 100 > 23 ||
        typed % 100 > 59) {
        tell(own, "expected a time of day: four digits, HHMM");
        return;
    }
    int64_t begin_ms = zone_day_begin_ms(zone,
                                         zone_local(zone, now.wall_ms).day);
    go(own, begin_ms + minutes * (int64_t)60000);
}

/* The keys while a time is typed. */
static void type(struct rehearsal_window *own, const struct window_key *key)
{
    size_t length = strlen(own->digits);

    own->dirty = true;
    if (key->code >= '0' && key->code <= '9' && length < PROMPT_DIGITS)
        own->digits[length] = (char)key->code;
    else if (key->code == WINDOW_KEY_BACKSPACE && length > 0)
        own->digits[length - 1] = '\0';
    else if (key->code == WINDOW_KEY_ENTER)
        go_to_digits(own);
    else if (key->code == WINDOW_KEY_ESCAPE || key->code == 'g')
        own->asks = false;
}

static void set_glass(struct rehearsal_window *own, int width_px, int height_px,
                      int rotation)
{
    if (width_px < GLASS_SIDE_MIN_PX || height_px < GLASS_SIDE_MIN_PX ||
        width_px > GLASS_SIDE_MAX_PX || height_px > GLASS_SIDE_MAX_PX)
        return;
    if (!rehearsal_set_glass(own->rehearsal, width_px, height_px, rotation))
        tell(own, "no memory for this glass; the old one stays");
    refresh(own);
}

static void change_shape(struct rehearsal_window *own, int direction)
{
    const struct glass_options *now = &own->rehearsal->glass.options;
    int width = own->first_width_px, height = own->first_height_px;
    const char *name = N_("as it began");
    char text[TEXT_BYTES];

    own->shape += direction;
    if (own->shape < -1)
        own->shape = SHAPES - 1;
    if (own->shape == SHAPES)
        own->shape = -1;
    if (own->shape >= 0) {
        width = shapes[own->shape].width_px;
        height = shapes[own->shape].height_px;
        name = shapes[own->shape].name;
        if (width == 0)
            window_size(own->window, &width, &height);
    }
    set_glass(own, width, height, now->rotation);
    snprintf(text, sizeof text, "%s: %dx%d", tr(name), width, height);
    tell(own, text);
}

static void rotate(struct rehearsal_window *own, int direction)
{
    const struct glass_options *now = &own->rehearsal->glass.options;
    int rotation = (now->rotation + 360 + direction * 90) % 360;
    char text[TEXT_BYTES];

    set_glass(own, now->width_px, now->height_px, rotation);
    snprintf(text, sizeof text, tr("rotation %d°"), rotation);
    tell(own, text);
}

static void drill(struct rehearsal_window *own, enum alert_level level)
{
    struct problem problem = {0};

    refresh(own); /* it comes now, not at the last frame */
    if (!rehearsal_drill(own->rehearsal, level, &problem))
        tell_problem(own, &problem);
    refresh(own);
}

static void change_speed(struct rehearsal_window *own, int direction)
{
    char text[32];

    rehearsal_clock_speed(&own->clock, direction, clock_monotonic_ms());
    snprintf(text, sizeof text, "×%g",
             own->clock.speed / (double)REHEARSAL_SPEED_USUAL);
    tell(own, text);
}

/* The glass itself, without what lies over it, under the first free name. */
static void write_picture(struct rehearsal_window *own)
{
    const struct renderer_pixels pixels =
        renderer_pixels(own->rehearsal->glass.renderer);
    struct problem problem = {0};
    char file[32], text[TEXT_BYTES];
    int number = 1;

    do
        snprintf(file, sizeof file, "gaoshi-%04d.png", number);
    while (access(file, F_OK) == 0 && ++number < PICTURES_MAX);
    if (!picture_write(file, &pixels, &problem)) {
        tell_problem(own, &problem);
        return;
    }
    snprintf(text, sizeof text, tr("written: %s"), file);
    tell(own, text);
}

static void toggle_overlay(struct rehearsal_window *own)
{
    bool all = own->boxes && own->changes && own->times && own->sizes;

    own->boxes = own->changes = own->times = own->sizes = !all;
}

static void change_theme(struct rehearsal_window *own, int direction)
{
    char name[TEXT_BYTES];

    refresh(own);
    rehearsal_change_theme(own->rehearsal, direction, name, sizeof name);
    refresh(own);
    tell(own, name);
}

/* Keys that change what is on the glass or the time. False: another one. */
static bool act_on_glass(struct rehearsal_window *own,
                         const struct rehearsal_key *key)
{
    struct rehearsal *rehearsal = own->rehearsal;
    const struct moment now = rehearsal_moment(rehearsal);

    switch (key->action) {
    case ACTION_PAUSE:
        set_paused(own, !own->clock.paused);
        return true;
    case ACTION_FRAME:
        step_frame(own);
        return true;
    case ACTION_PAGE:
    case ACTION_SEEK:
        refresh(own);
        if (key->action == ACTION_PAGE)
            rehearsal_step(rehearsal, key->argument);
        else
            rehearsal_seek(rehearsal, key->argument);
        refresh(own);
        return true;
    case ACTION_SPEED:
        change_speed(own, key->argument);
        return true;
    case ACTION_HOURS:
        go(own, now.wall_ms + key->argument * (int64_t)HOUR_MS);
        return true;
    case ACTION_RESTART:
        go(own, rehearsal->begin_wall_ms);
        return true;
    case ACTION_SHAPE:
        change_shape(own, key->argument);
        return true;
    case ACTION_THEME:
        change_theme(own, key->argument);
        return true;
    case ACTION_ROTATION:
        rotate(own, key->argument);
        return true;
    case ACTION_DRILL:
        drill(own, (enum alert_level)key->argument);
        return true;
    default:
        return false;
    }
}

static void act(struct rehearsal_window *own, const struct rehearsal_key *key)
{
    own->dirty = true;
    if (act_on_glass(own, key))
        return;
    switch (key->action) {
    case ACTION_HELP:
        own->help = !own->help;
        return;
    case ACTION_GO:
        own->asks = true;
        memset(own->digits, 0, sizeof own->digits);
        return;
    case ACTION_OVERLAY:
        toggle_overlay(own);
        return;
    case ACTION_BOXES:
        own->boxes = !own->boxes;
        return;
    case ACTION_DAMAGE:
        own->changes = !own->changes;
        return;
    case ACTION_TIMES:
        own->times = !own->times;
        return;
    case ACTION_SIZES:
        own->sizes = !own->sizes;
        return;
    case ACTION_PICTURE:
        write_picture(own);
        return;
    case ACTION_FULLSCREEN:
        window_toggle_fullscreen(own->window);
        return;
    case ACTION_END:
        own->ending = true;
        return;
    default:
        return;
    }
}

static void press(struct rehearsal_window *own)
{
    const struct window_key key = window_key(own->window);
    const struct rehearsal_key *row = rehearsal_key_find(&key);

    if (own->asks)
        type(own, &key);
    else if (row)
        act(own, row);
}

static void follow_size(struct rehearsal_window *own)
{
    int width, height;

    own->dirty = true;
    if (own->shape < 0 || shapes[own->shape].width_px != 0)
        return;
    window_size(own->window, &width, &height);
    set_glass(own, width, height, own->rehearsal->glass.options.rotation);
}

/* True: there were some. */
static bool handle_events(struct rehearsal_window *own)
{
    enum window_event event;
    bool any = false;

    window_tend(own->window, clock_monotonic_ms());
    while (!own->ending &&
           (event = window_next_event(own->window)) != WINDOW_NOTHING) {
        any = true;
        switch (event) {
        case WINDOW_QUIT:
            own->ending = true;
            break;
        case WINDOW_RESIZED:
            follow_size(own);
            break;
        case WINDOW_EXPOSED:
            own->dirty = true;
            break;
        case WINDOW_KEY:
            press(own);
            break;
        default:
            break;
        }
    }
    return any;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void wait_for(struct rehearsal_window *own, int signal_fd)
{
    struct pollfd fds[] = {
        {.fd = signal_fd, .events = POLLIN},
        {.fd = window_fd(own->window), .events = POLLIN},
        {.fd = window_tend_fd(own->window), .events = POLLIN},
        {.fd = own->rehearsal->folder.watch_fd, .events = POLLIN},
    };
    int64_t now_ms = clock_monotonic_ms();
    int64_t next_ms = own->over ? INT64_MAX
                                : rehearsal_clock_due_ms(
                                      &own->clock, own->rehearsal->next_ms);

    next_ms = earlier(next_ms, window_next_ms(own->window, now_ms));
    if (own->note[0])
        next_ms = earlier(next_ms, own->note_until_ms);
    if (own->times && !own->clock.paused)
        next_ms = earlier(next_ms, now_ms + TIMES_MS);
    if (fds[1].fd < 0)
        next_ms = earlier(next_ms, now_ms + WINDOW_LOOK_MS);
    int64_t pause_ms = next_ms == INT64_MAX ? -1 : next_ms - now_ms;
    if (pause_ms < 0 && next_ms != INT64_MAX)
        pause_ms = 0;
    poll(fds, sizeof fds / sizeof fds[0],
         pause_ms > INT32_MAX ? INT32_MAX : (int)pause_ms);
    own->ending |= fds[0].revents != 0;
    if (fds[3].revents && draft_folder_is_stale(&own->rehearsal->folder)) {
        refresh(own);
        rehearsal_reload(own->rehearsal);
        refresh(own);
    }
}

static void check_over(struct rehearsal_window *own)
{
    if (own->over || !rehearsal_is_over(own->rehearsal))
        return;
    own->over = true;
    print_hash(own->rehearsal);
    tell(own, "end of the session");
    set_paused(own, true);
}

/* Draws the frames that are due; the window is painted once for all of them. */
static void catch_up(struct rehearsal_window *own)
{
    int64_t began_ms = clock_monotonic_ms(), now_ms = began_ms;

    while (!own->over && !own->clock.paused &&
           now_ms - began_ms < REHEARSAL_FRAME_MS &&
           rehearsal_clock_read(&own->clock, now_ms) >=
               own->rehearsal->next_ms) {
        advance(own);
        check_over(own);
        now_ms = clock_monotonic_ms();
    }
}

static void run(struct rehearsal_window *own, int signal_fd)
{
    struct rehearsal *rehearsal = own->rehearsal;
    int64_t end_ms = rehearsal->config.flags.seconds > 0
                         ? rehearsal->config.flags.seconds * (int64_t)1000
                         : INT64_MAX;

    rehearsal_turn(rehearsal, 0, true);
    own->dirty = true;
    while (!own->ending && rehearsal->now_ms < end_ms) {
        handle_events(own);
        catch_up(own);
        int64_t now_ms = clock_monotonic_ms();
        if (own->note[0] && now_ms >= own->note_until_ms) {
            own->note[0] = '\0';
            own->dirty = true;
        }
        if (own->dirty || (own->times && !own->clock.paused))
            own->dirty = !paint(own);
        /* Events that SDL read while presenting do not wake poll. */
        if (!handle_events(own) && !own->ending)
            wait_for(own, signal_fd);
    }
}

static bool open_window(struct rehearsal_window *own, struct problem *problem)
{
    const struct glass_options *glass = &own->rehearsal->glass.options;
    int width = glass->width_px, height = glass->height_px;
    const struct window_options options = {.width_px = width,
                                           .height_px = height,
                                           .keys = WINDOW_KEYS_ALL,
                                           .title = "告示"};

    problem_set_place(problem, "window");
    if (!window_create(&options, &own->window, problem))
        return false;
    own->first_width_px = width;
    own->first_height_px = height;
    window_fit(own->window, &width, &height);
    if (width != glass->width_px || height != glass->height_px)
        window_resize(own->window, width, height);
    problem_set_place(problem, "");
    return true;
}

bool rehearsal_loop_window(struct rehearsal *rehearsal, int signal_fd,
                           struct problem *problem)
{
    struct rehearsal_window *own = calloc(1, sizeof *own);
    bool opened = false;

    if (!own)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    own->rehearsal = rehearsal;
    own->shape = -1;
    opened = open_window(own, problem);
    if (opened) {
        rehearsal_clock_init(&own->clock, rehearsal->config.flags.speed,
                             clock_monotonic_ms());
        tell(own, "? shows the keys");
        run(own, signal_fd);
    }
    window_destroy(own->window);
    view_finish(&own->view);
    free(own);
    return opened;
}

void rehearsal_loop_headless(struct rehearsal *rehearsal)
{
    int64_t end_ms = rehearsal->config.flags.seconds > 0
                         ? rehearsal->config.flags.seconds * (int64_t)1000
                         : INT64_MAX;

    rehearsal_turn(rehearsal, 0, true);
    while (!rehearsal_is_over(rehearsal) && rehearsal->next_ms <= end_ms)
        rehearsal_turn(rehearsal, rehearsal->next_ms, true);
    if (!rehearsal->replays)
        rehearsal->now_ms = end_ms;
    print_hash(rehearsal);
}

/* Which page stands, to see that the first one has come again. */
struct page_mark {
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    size_t page;
    bool known;
    bool left; /* another page came behind it */
};

/* Whether every page was shown once. A page that stands alone is shown for the
 * time that it would have among others. */
static bool is_through(struct rehearsal *rehearsal, struct page_mark *first)
{
    const struct scene *scene = &rehearsal->scene;
    const struct message *message = scene->message;

    if (!message)
        return false;
    bool same = first->known && strcmp(first->id, message->id) == 0 &&
                first->page == scene->page;
    if (!first->known) {
        snprintf(first->id, sizeof first->id, "%s", message->id);
        first->page = scene->page;
        first->known = true;
    } else if (same && first->left) {
        return true;
    } else if (!same) {
        first->left = true;
    }
    return scene->next_ms == INT64_MAX &&
           scene->t_ms >= page_cache_dwell_ms(rehearsal->cache, message,
                                              &scene->place, scene->page);
}

static bool write_frames(struct rehearsal *rehearsal,
                         struct frame_export *frames, struct problem *problem)
{
    const struct config_flags *flags = &rehearsal->config.flags;
    int64_t end_ms = flags->seconds > 0 ? flags->seconds * (int64_t)1000
                                        : EXPORT_MOST_MS;
    struct page_mark first = {.known = false};
    int64_t at_ms = 0;

    for (int64_t i = 0; (at_ms = i * 1000 / flags->frames_per_second) < end_ms;
         i++) {
        bool changed = false;
        while (i > 0 && rehearsal->next_ms < at_ms) {
            rehearsal_turn(rehearsal, rehearsal->next_ms, true);
            changed |= rehearsal->changed;
        }
        rehearsal_turn(rehearsal, at_ms, true);
        changed |= rehearsal->changed;
        if (rehearsal_is_over(rehearsal) ||
            (flags->seconds == 0 && is_through(rehearsal, &first)))
            break;
        const struct renderer_pixels pixels =
            renderer_pixels(rehearsal->glass.renderer);
        if (!frame_export_add(frames, &pixels, at_ms, changed, problem))
            return false;
    }
    return frame_export_end(frames, at_ms, problem);
}

bool rehearsal_loop_export(struct rehearsal *rehearsal, struct problem *problem)
{
    const struct config_flags *flags = &rehearsal->config.flags;
    struct frame_export *frames = NULL;
    bool written = frame_export_create(flags->export_to, flags->size.width_px,
                                       flags->size.height_px, &frames,
                                       problem) &&
                   write_frames(rehearsal, frames, problem);

    frame_export_destroy(frames);
    return written;
}
