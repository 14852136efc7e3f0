/* Builds a display from its configuration, in the order in which its parts need
 * each other, and destroys it in the reverse order. */
#include "display/edge/app/display.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static bool find_live(void *context, const struct message *panel,
                      struct page_live *out)
{
    const struct display *display = context;
    const struct moment now = timekeeper_moment(&display->clock.timekeeper);

    return display->board && board_live(display->board, panel, &now, out);
}

static bool make_board(struct display *display, struct problem *problem)
{
    display->plan = (struct board_plan){.glass = &display->glass,
                                        .cache = display->cache,
                                        .note = &display->recovery.note,
                                        .dwell_ms = display->options->dwell_ms};
    struct board_options options = board_plan_options(&display->plan,
                                                      display->config);

    options.ring = &display->ring;
    options.calendar = &display->calendar;
    options.show_exercises |= display->drill != NULL;
    display->board = board_create(&options);
    return display->board ||
           problem_set(problem, PROBLEM_SYSTEM, "no memory for the board");
}

static bool make_window(struct display *display, int *width_px, int *height_px,
                        struct problem *problem)
{
    struct window_options options = {
        .fullscreen = display->options->mode == DISPLAY_FULLSCREEN,
        .width_px = display->options->width_px,
        .height_px = display->options->height_px,
        .safe = display->recovery.safe,
        .title = "告示",
        .keys = display->options->mode == DISPLAY_WINDOWED ? WINDOW_KEYS_FEW
                                                           : WINDOW_KEYS_NONE,
    };

    *width_px = options.width_px;
    *height_px = options.height_px;
    if (display->options->mode == DISPLAY_HEADLESS)
        return true;
    problem_set_place(problem, "window");
    if (!window_create(&options, &display->window, problem))
        return false;
    window_size(display->window, width_px, height_px);
    /* An earlier run may have ended in the dark. */
    if (display->config->hours[LIGHT_DARK][0])
        window_set_lit(display->window, true);
    log_write(LOG_INFO, "window: %dx%d on %s", *width_px, *height_px,
              window_driver(display->window));
    return true;
}

/* Safe mode keeps only the texts beside the page: the place, the clock, the
 * mark of a line that is down. */
static void make_safe(const struct display *display,
                      struct glass_options *options)
{
    options->safe = true;
    options->bare = display->recovery.note.crashes >= RUN_NOTE_BARE_CRASHES;
    options->motion = MOTION_NONE;
    options->furniture &= FURNITURE_PLACE | FURNITURE_CLOCK |
                          FURNITURE_LINE_MARK;
}

static struct glass_options choose_glass_options(const struct display *display)
{
    struct glass_options options = glass_options_of(display->config,
                                                    &display->calendar.zone);

    options.forgiving = true;
    if (display->recovery.safe)
        make_safe(display, &options);
    return options;
}

/* Pictures lie beside the store. */
static bool make_album(struct display *display, struct problem *problem)
{
    const char *store = display->config->store_file;
    char *folder = NULL;

    if (asprintf(&folder, "%s%s", store, store[0] ? ".pictures" : "") < 0)
        folder = NULL;
    if (folder)
        display->album = album_create(folder, ALBUM_FOLDER_BYTES);
    free(folder);
    if (!display->album)
        return problem_set(problem, PROBLEM_SYSTEM, "no thread for pictures");
    glass_use_album(&display->glass, display->album);
    return true;
}

/* Without a window nobody waits for pixels; safe mode has other pages. */
static void begin_ahead(struct display *display)
{
    ahead_destroy(display->ahead);
    display->ahead = NULL;
    if (display->window && !display->recovery.safe)
        display->ahead = ahead_create(&display->glass, display->config,
                                      &display->data);
}

static bool make_glass(struct display *display, struct problem *problem)
{
    struct glass_options options = choose_glass_options(display);

    if (!make_window(display, &options.width_px, &options.height_px, problem))
        return false;
    if (!glass_init(&display->glass, &options, &display->data, problem) ||
        !make_album(display, problem))
        return false;
    display->cache = page_cache_create(&display->glass,
                                       &display->recovery.note);
    if (display->cache)
        page_cache_follow(display->cache,
                          &(struct page_cache_live){find_live, display});
    display->stage = (struct stage){.glass = &display->glass,
                                    .cache = display->cache,
                                    .window = display->window};
    begin_ahead(display);
    return display->cache ||
           problem_set(problem, PROBLEM_SYSTEM, "no memory for pages");
}

/* The new glass stands where the old one stood, because pages point to it. */
static bool renew_glass(struct display *display, struct problem *problem)
{
    struct glass_options options = choose_glass_options(display);
    struct glass old = display->glass;

    options.width_px = old.options.width_px;
    options.height_px = old.options.height_px;
    if (!glass_init(&display->glass, &options, &display->data, problem)) {
        display->glass = old;
        return false;
    }
    glass_use_album(&display->glass, display->album);
    glass_finish(&old);
    stage_renew(&display->stage);
    begin_ahead(display);
    return true;
}

static bool read_again(struct display *display, struct config *next,
                       struct problem *problem)
{
    const struct display_options *options = display->options;
    struct config *fresh = calloc(1, sizeof *fresh);
    bool read = fresh && options->reread &&
                options->reread(options->reread_context, fresh, problem);

    if (read) {
        *next = *display->config;
        config_take_live(next, fresh);
    } else if (problem->code == PROBLEM_NONE) {
        problem_set(problem, PROBLEM_SYSTEM,
                    "the configuration cannot be read again");
    }
    if (fresh)
        option_state_finish(&fresh->state);
    free(fresh);
    return read;
}

static void set_light(struct display *display)
{
    display->remote.brightness.percent = display->config->light_percent;
    display->remote.brightness.night_percent = display->config->night_percent;
}

/* A screen that cannot read a table of holidays goes on without it. */
static void find_calendar(struct display *display)
{
    enum glass_light light = display->light.light;
    struct problem why = {.consequence = "the days that it names are like "
                                         "others"};

    calendar_finish(&display->calendar);
    if (!calendar_load(display->config, &display->data, &display->calendar,
                       &why))
        log_problem(LOG_ERROR, "holidays", &why);
    light_init(&display->light, display->config, &display->calendar);
    display->light.light = light; /* what the output has */
}

static bool reload(void *context, const struct moment *now,
                   struct problem *problem)
{
    struct display *display = context;
    const struct config *before = display->config;
    struct config *next = calloc(1, sizeof *next);

    if (!next)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (!read_again(display, next, problem)) {
        free(next);
        return false;
    }
    display->config = next;
    if (!renew_glass(display, problem)) {
        display->config = before;
        free(next);
        return false;
    }
    free(display->live);
    display->live = next;
    set_light(display);
    find_calendar(display);
    recovery_name_place(&display->recovery, next->place_name,
                        display->glass.theme.words[WORD_SAFE]);
    screen_line_ask_now(&display->line, now);
    return true;
}

static char *describe(void *context)
{
    const struct display *display = context;

    return config_print(display->config);
}

static bool make_remote(struct display *display, const struct moment *now,
                        struct problem *problem)
{
    const struct config *config = display->config;
    const char *backlight = config->backlight;

    if (!backlight[0] && display->options->mode == DISPLAY_FULLSCREEN)
        backlight = CONFIG_BACKLIGHT;
    play_recorder_init(&display->plays, config->store_file, now);
    display->remote = (struct remote){.board = display->board,
                                      .stage = &display->stage,
                                      .telemetry = &display->telemetry,
                                      .plays = &display->plays,
                                      .reload = reload,
                                      .describe = describe,
                                      .context = display,
                                      .started_ms = now->mono_ms};
    brightness_init(&display->remote.brightness, backlight,
                    config->light_percent, config->night_percent);
    return upload_init(&display->remote.upload) ||
           problem_set(problem, PROBLEM_SYSTEM, "no eventfd");
}

static bool make_drill(struct display *display, struct problem *problem)
{
    return display->options->mode != DISPLAY_WINDOWED ||
           (own_sender_create(&display->ring, &display->config->identity,
                              KEY_ROLE_ALERTS, &display->sender, problem) &&
            drill_create(display->sender, &display->data, &display->drill,
                         problem));
}

static bool make_session(struct display *display, const struct moment *now,
                         struct problem *problem)
{
    const struct renderer_pixels pixels =
        renderer_pixels(display->glass.renderer);
    const struct session_start start = {.config = display->config,
                                        .ring = &display->ring,
                                        .width_px = pixels.width,
                                        .height_px = pixels.height,
                                        .dwell_ms = display->options->dwell_ms,
                                        .wall_ms = now->wall_ms,
                                        .mono_ms = now->mono_ms};

    return !display->options->session ||
           session_writer_create(display->options->session, &start,
                                 &display->session, problem);
}

/* Without a usable store file the screen still shows new messages; the keeper
 * logs the failure. */
static bool start_keeper(struct display *display, const struct moment *now,
                         struct problem *problem)
{
    const struct keeper_judge judge = feed_judge(&display->feed);

    display->feed = (struct feed){.board = display->board,
                                  .session = display->session,
                                  .clock = &display->clock,
                                  .remote = &display->remote,
                                  .telemetry = &display->telemetry};
    display->keeper = keeper_create(display->config->store_file,
                                    board_slots(display->board), &judge);
    if (!display->keeper)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for the store");
    display->feed.keeper = display->remote.keeper = display->keeper;
    display->feed.album = display->album;
    keeper_start(display->keeper, now);
    return true;
}

/* The screen starts even if the configuration of the line is wrong. */
static bool start_line(struct display *display, const struct moment *now,
                       struct problem *problem)
{
    if (!screen_line_init(&display->line, now->mono_ms, problem))
        return false;
    feed_begin(&display->feed, &display->line);
    screen_line_connect(&display->line, display->config, now->wall_ms);
    display->telemetry.subscriber = display->line.subscriber;
    return true;
}

/* Missing data files are logged and replaced by those in the program. A folder
 * that the command line names must exist. */
static bool find_data(struct display *display, struct problem *problem)
{
    struct problem why = {0};

    if (display->options->data)
        return data_path_find(display->options->data, &display->data, problem);
    if (!data_path_find(NULL, &display->data, &why))
        log_problem(LOG_ERROR, "data", &why);
    return true;
}

static bool build(struct display *display, const struct moment *now,
                  struct problem *problem)
{
    const struct config *config = display->config;

    if (!find_data(display, problem) ||
        !trusted_keys_load(config, &display->ring, problem))
        return false;
    find_calendar(display);
    problem->place[0] = '\0'; /* later problems are not about the key's file */
    if (!telemetry_init(&display->telemetry, &config->identity,
                        config->store_file, config->cert_file,
                        display->options->record, problem) ||
        !make_drill(display, problem) || !make_glass(display, problem) ||
        !make_board(display, problem))
        return false;
    recovery_name_place(&display->recovery, config->place_name,
                        display->glass.theme.words[WORD_SAFE]);
    if (!make_remote(display, now, problem) ||
        !make_session(display, now, problem) ||
        !start_keeper(display, now, problem))
        return false;
    const struct moment known = screen_clock_after_messages(&display->clock);
    return start_line(display, &known, problem);
}

bool display_init(struct display *display, const struct config *config,
                  const struct display_options *options,
                  struct problem *problem)
{
    memset(display, 0, sizeof *display);
    display->config = config;
    display->options = options;
    screen_clock_init(&display->clock);
    struct moment now = screen_clock_turn(&display->clock);
    recovery_init(&display->recovery, config->store_file, options->safe,
                  now.mono_ms);
    if (build(display, &now, problem)) {
        health_tell_status(display->recovery.safe, display->line.problem);
        return true;
    }
    recovery_finish(&display->recovery, false);
    return false;
}

void display_finish(struct display *display)
{
    const struct moment now = timekeeper_moment(&display->clock.timekeeper);

    upload_finish(&display->remote.upload);
    if (display->window && display->light.light == LIGHT_DARK)
        window_set_lit(display->window, true);
    screen_line_disconnect(&display->line, clock_wall_ms());
    play_recorder_finish(&display->plays, &now);
    /* The keeper may still find a list of keys, which the inbox needs. */
    keeper_destroy(display->keeper, &now);
    screen_line_finish(&display->line);
    board_destroy(display->board);
    page_cache_destroy(display->cache);
    ahead_destroy(display->ahead);
    glass_finish(&display->glass);
    album_destroy(display->album);
    window_destroy(display->window);
    drill_destroy(display->drill);
    own_sender_destroy(display->sender);
    session_writer_destroy(display->session, &now);
    telemetry_finish(&display->telemetry);
    key_ring_finish(&display->ring);
    free(display->live);
    display->live = NULL;
    calendar_finish(&display->calendar);
}
