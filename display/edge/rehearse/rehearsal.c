/* Runs the core of a screen on a time that the caller chooses. */
#include "display/edge/rehearse/rehearsal.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

enum {
    MINUTE_MS = 60000,
    /* The core's monotonic clock never stands at its beginning. */
    MONO_BASE_MS = 1000000,
    THEMES_MAX = 64,
};

struct moment rehearsal_moment(const struct rehearsal *rehearsal)
{
    return (struct moment){.mono_ms = MONO_BASE_MS + rehearsal->now_ms,
                           .wall_ms = rehearsal->wall_ms + rehearsal->now_ms,
                           .wall_trusted = true,
                           .wall_confirmed = true,
                           .floor_ms = TIMESTAMP_NONE};
}

/* Verifies and takes one message; recorded, if a session is. */
static bool take(struct rehearsal *rehearsal,
                 const struct session_message *message, struct problem *problem)
{
    const struct moment now = rehearsal_moment(rehearsal);
    const struct trust trust = board_trust(rehearsal->board);
    struct verified_message verified;
    struct board_intake intake;

    session_note(rehearsal->writer, message, &now);
    if (!verified_message_init(&verified, &trust, message->topic,
                               message->payload, message->bytes, problem))
        return false;
    if (message->stored)
        intake = board_recall(rehearsal->board, &verified, message->received_ms,
                              &now, problem);
    else
        intake = board_take(rehearsal->board, &verified, now.wall_ms, &now,
                            problem);
    verified_message_finish(&verified);
    return intake.effect != BOARD_REFUSED;
}

/* Signs and takes a message of this rehearsal. */
static bool take_own(struct rehearsal *rehearsal, json_t *body,
                     struct problem *problem)
{
    struct own_message own = {.payload = NULL};
    const struct moment now = rehearsal_moment(rehearsal);

    if (!own_sender_seal(rehearsal->sender, body, now.wall_ms, &own, problem))
        return false;
    const struct session_message message = {
        .topic = own.topic, .payload = own.payload, .bytes = own.bytes};
    bool taken = take(rehearsal, &message, problem);
    free(own.payload);
    return taken;
}

/* Removes what a draft showed before: it is gone, or has another id. */
static void withdraw(struct rehearsal *rehearsal, struct draft *draft)
{
    bool alert = strcmp(draft->shown_kind, "alert") == 0;
    struct problem problem = {0};
    json_t *body = NULL;

    if (!draft->shown_kind[0])
        return;
    const json_t *old = json_object_get(draft->body, "alert");
    if (alert)
        body = json_pack(
            "{s:i, s:s, s:s, s:{s:s, s:s}}", "gaoshi", 1, "kind",
            "alert-cancel", "id", draft->shown_id, "cancel", "status",
            old ? json_string_value(json_object_get(old, "status")) : "actual",
            "event",
            old ? json_string_value(json_object_get(old, "event")) : "预警");
    else
        body = json_pack("{s:i, s:s, s:s}", "gaoshi", 1, "kind",
                         "panel-removal", "id", draft->shown_id);
    if (!body || !take_own(rehearsal, body, &problem))
        log_problem(LOG_WARNING, "rehearse", &problem);
    json_decref(body);
    draft->shown_kind[0] = '\0';
}

static const struct draft *find_twin(const struct rehearsal *rehearsal,
                                     const struct draft *draft, const char *id,
                                     const char *kind)
{
    for (size_t i = 0; i < rehearsal->folder.count; i++) {
        const struct draft *other = &rehearsal->folder.drafts[i];
        if (other != draft && !other->gone &&
            strcmp(other->shown_id, id) == 0 &&
            strcmp(other->shown_kind, kind) == 0)
            return other;
    }
    return NULL;
}

/* The publisher would not send it, and no screen would show it. */
static bool is_over(const struct rehearsal *rehearsal, const json_t *body,
                    struct problem *problem)
{
    const char *expires = json_string_value(json_object_get(body, "expires"));
    int64_t end_ms = 0;

    if (!expires || !timestamp_parse(expires, &end_ms) ||
        end_ms > rehearsal_moment(rehearsal).wall_ms)
        return false;
    problem_set_field(problem, "expires",
                      "'%.40s' is over; --start or the key Page Up goes to an "
                      "earlier time",
                      expires);
    return true;
}

static void publish(struct rehearsal *rehearsal, struct draft *draft)
{
    const char *id = json_string_value(json_object_get(draft->body, "id"));
    const char *kind = json_string_value(json_object_get(draft->body, "kind"));
    const struct draft *twin = find_twin(rehearsal, draft, id, kind);
    struct problem problem = {.code = PROBLEM_NONE};
    bool was_refused = draft->refused;
    bool again = was_refused && !draft->changed;

    draft->changed = draft->refused = false;
    if (draft->shown_kind[0] && (strcmp(draft->shown_id, id) != 0 ||
                                 strcmp(draft->shown_kind, kind) != 0))
        withdraw(rehearsal, draft);
    if (twin)
        problem_set_field(&problem, "id", "'%s' is that of %s, too", id,
                          twin->path);
    else if (!is_over(rehearsal, draft->body, &problem) &&
             take_own(rehearsal, draft->body, &problem)) {
        snprintf(draft->shown_kind, sizeof draft->shown_kind, "%s", kind);
        snprintf(draft->shown_id, sizeof draft->shown_id, "%s", id);
        if (was_refused)
            draft->problem.code = PROBLEM_NONE;
        return;
    }
    problem_set_place(&problem, draft->path);
    snprintf(problem.consequence, sizeof problem.consequence, "%s",
             draft->shown_kind[0] ? "the last good version stays"
                                  : "it is not shown");
    /* That its newer text cannot be read is told first. */
    if (draft->problem.code == PROBLEM_NONE || was_refused) {
        draft->problem = problem;
        draft->refused = true;
    }
    if (!again)
        log_problem(LOG_ERROR, "rehearse", &problem);
}

/* What was refused is tried again: its twin may be gone. */
static void publish_changes(struct rehearsal *rehearsal)
{
    struct draft_folder *folder = &rehearsal->folder;

    for (size_t i = 0; i < folder->count; i++)
        if (folder->drafts[i].gone)
            withdraw(rehearsal, &folder->drafts[i]);
    draft_folder_sweep(folder);
    for (size_t i = 0; i < folder->count; i++)
        if (folder->drafts[i].changed || folder->drafts[i].refused)
            publish(rehearsal, &folder->drafts[i]);
}

static bool make_board(struct rehearsal *rehearsal)
{
    struct board_options options = board_plan_options(&rehearsal->plan,
                                                      &rehearsal->config);
    options.ring = &rehearsal->ring;
    options.calendar = &rehearsal->calendar;
    struct board *board = board_create(&options);
    if (!board)
        return false;
    board_destroy(rehearsal->board);
    rehearsal->board = board;
    page_cache_clear(rehearsal->cache);
    rehearsal->stage = (struct stage){.glass = &rehearsal->glass,
                                      .cache = rehearsal->cache};
    drill_forget(rehearsal->drill);
    return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_arrival(const struct rehearsal *rehearsal)
{
    const struct session *session = &rehearsal->session;

    return rehearsal->arrived < session->count
               ? session->messages[rehearsal->arrived].at_ms
               : INT64_MAX;
}

/* Takes the messages of the session that have arrived by now. */
static void take_arrived(struct rehearsal *rehearsal)
{
    while (next_arrival(rehearsal) <= rehearsal->now_ms) {
        const struct session_message *message =
            &rehearsal->session.messages[rehearsal->arrived++];
        struct problem problem = {0};
        if (take(rehearsal, message, &problem))
            continue;
        problem_set_place(&problem, message->topic);
        log_problem(LOG_DEBUG, "replay", &problem);
    }
}

static void advance(struct rehearsal *rehearsal)
{
    const struct moment now = rehearsal_moment(rehearsal);
    struct board_ended ended[BOARD_ENDED_MAX];

    while (board_advance(rehearsal->board, &now, ended) == BOARD_ENDED_MAX)
        ;
    rehearsal->scene = board_scene(rehearsal->board, &now);
}

static struct frame_setting make_setting(const struct rehearsal *rehearsal,
                                         const struct moment *now)
{
    struct board_figures figures = board_figures(rehearsal->board);
    bool known = figures.until_mono_ms != TIMESTAMP_NONE;

    return (struct frame_setting){
        .place_name = rehearsal->config.place_name,
        .ticker = rehearsal->config.ticker,
        .mono_ms = now->mono_ms,
        .clock_ms = now->wall_ms,
        .news_old = figures.frozen || figures.missing > 0,
        .news = {.until_ms = figures.until_ms,
                 .age_ms = known ? now->mono_ms - figures.until_mono_ms
                                 : TIMESTAMP_NONE},
        .hurry_ms = rehearsal->plan.dwell_ms / 2,
    };
}

/* The next time at which something changes by itself. It depends on nothing but
 * the messages and their times. */
static int64_t next_deadline(const struct rehearsal *rehearsal,
                             const struct stage_result *result)
{
    const struct moment now = rehearsal_moment(rehearsal);
    int64_t minute_ms = (now.wall_ms / MINUTE_MS + 1) * MINUTE_MS;
    int64_t change_ms = earlier(result->frame.next_change_ms, minute_ms);
    int64_t next_ms = rehearsal->now_ms + (change_ms - now.wall_ms);

    if (rehearsal->scene.next_ms < INT64_MAX)
        next_ms = earlier(next_ms, rehearsal->scene.next_ms - MONO_BASE_MS);
    if (result->in_transition || result->frame.moving)
        next_ms = earlier(next_ms, rehearsal->now_ms + REHEARSAL_FRAME_MS);
    if (result->frame.step_ms < INT64_MAX)
        next_ms = earlier(next_ms, rehearsal->now_ms + result->frame.step_ms);
    if (rehearsal->light.next_ms < INT64_MAX)
        next_ms = earlier(next_ms, rehearsal->light.next_ms - MONO_BASE_MS);
    next_ms = earlier(next_ms, next_arrival(rehearsal));
    return next_ms > rehearsal->now_ms ? next_ms : rehearsal->now_ms + 1;
}

/* Mixes a frame into the hash, in words of 64 bits (FNV-1a with wider steps).
 */
static void hash_frame(struct rehearsal *rehearsal)
{
    const struct renderer_pixels pixels =
        renderer_pixels(rehearsal->glass.renderer);
    const uint64_t prime = UINT64_C(0x100000001B3);
    size_t count = (size_t)pixels.width * (size_t)pixels.height;
    uint64_t hash = rehearsal->hash;

    hash = (hash ^ (uint64_t)rehearsal->now_ms) * prime;
    hash = (hash ^ (uint64_t)pixels.width << 32 ^ (uint64_t)pixels.height) *
           prime;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ (pixels.pixels[i] & 0xFFFFFF)) * prime;
        hash ^= hash >> 29;
    }
    rehearsal->hash = hash;
    rehearsal->frames++;
}

static int64_t real_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static struct stage_result draw(struct rehearsal *rehearsal)
{
    const struct moment now = rehearsal_moment(rehearsal);
    const struct scene *scene = &rehearsal->scene;
    const struct frame_setting setting = make_setting(rehearsal, &now);
    struct stage_result result;

    if (light_turn(&rehearsal->light, rehearsal->board, scene, &now) ==
        LIGHT_DARK)
        return stage_darken(&rehearsal->stage);
    rehearsal->brightness.hours_percent = rehearsal->light.percent;
    brightness_apply(&rehearsal->brightness, rehearsal->glass.renderer,
                     scene_is_alerting(scene));
    do
        result = stage_draw(&rehearsal->stage, scene, &setting);
    while (result.preparing);
    return result;
}

void rehearsal_turn(struct rehearsal *rehearsal, int64_t at_ms, bool counted)
{
    rehearsal->now_ms = at_ms;
    if (counted)
        take_arrived(rehearsal);
    advance(rehearsal);
    int64_t began_us = real_us();
    struct stage_result result = draw(rehearsal);
    rehearsal->draw_us = (int)(real_us() - began_us);
    rehearsal->changed = result.presented;
    if (!counted)
        return;
    rehearsal->next_ms = next_deadline(rehearsal, &result);
    if (rehearsal->config.flags.replay ||
        rehearsal->config.flags.mode == DISPLAY_HEADLESS)
        hash_frame(rehearsal);
}

bool rehearsal_is_over(const struct rehearsal *rehearsal)
{
    return rehearsal->replays && rehearsal->next_ms > rehearsal->session.end_ms;
}

/* The session up to this time, without drawing. */
static void run_through(struct rehearsal *rehearsal, int64_t until_ms)
{
    while (rehearsal->now_ms < until_ms) {
        take_arrived(rehearsal);
        advance(rehearsal);
        int64_t next_ms = earlier(next_arrival(rehearsal), until_ms);
        if (rehearsal->scene.next_ms < INT64_MAX)
            next_ms = earlier(next_ms, rehearsal->scene.next_ms - MONO_BASE_MS);
        rehearsal->now_ms = next_ms > rehearsal->now_ms ? next_ms
                                                        : rehearsal->now_ms + 1;
    }
}

void rehearsal_go(struct rehearsal *rehearsal, int64_t wall_ms)
{
    if (!make_board(rehearsal)) {
        log_write(LOG_ERROR, "rehearse: no memory for the board");
        return;
    }
    rehearsal->touched = true;
    if (rehearsal->replays) {
        int64_t at_ms = wall_ms - rehearsal->wall_ms;
        at_ms = at_ms < 0 ? 0 : earlier(at_ms, rehearsal->session.end_ms);
        rehearsal->arrived = 0;
        rehearsal->now_ms = 0;
        run_through(rehearsal, at_ms);
    } else {
        rehearsal->wall_ms = wall_ms - rehearsal->now_ms;
        for (size_t i = 0; i < rehearsal->folder.count; i++) {
            struct draft *draft = &rehearsal->folder.drafts[i];
            draft->shown_kind[0] = '\0';
            draft->changed = draft->body != NULL;
        }
        publish_changes(rehearsal);
    }
    rehearsal_turn(rehearsal, rehearsal->now_ms, true);
}

static bool transitions_equal(const struct theme *a, const struct theme *b)
{
    bool equal = a->transition_ms == b->transition_ms;

    for (int i = 0; i < SECTION_COUNT; i++)
        equal = equal && a->sections[i].transition == b->sections[i].transition;
    return equal;
}

/* Puts the theme of a file on the glass. On failure the old one stays. */
static bool load_theme(struct rehearsal *rehearsal, const char *file)
{
    struct problem problem = {.code = PROBLEM_NONE};
    struct theme fresh;

    memset(&fresh, 0, sizeof fresh);
    if (!glass_read_theme(file, &rehearsal->data, &fresh, &problem)) {
        snprintf(problem.consequence, sizeof problem.consequence,
                 "the last good version stays");
        rehearsal->theme_problem = problem;
        log_problem(LOG_ERROR, "rehearse", &problem);
        return false;
    }
    rehearsal->theme_problem.code = PROBLEM_NONE;
    bool same = transitions_equal(&rehearsal->glass.theme, &fresh);
    rehearsal->glass.theme = fresh;
    stage_renew(&rehearsal->stage);
    if (!same && !rehearsal->replays)
        rehearsal_go(rehearsal, rehearsal_moment(rehearsal).wall_ms);
    return true;
}

void rehearsal_reload(struct rehearsal *rehearsal)
{
    struct problem problem = {0};

    if (!rehearsal->replays) {
        if (!draft_folder_read(&rehearsal->folder, &problem))
            log_problem(LOG_ERROR, "rehearse", &problem);
        publish_changes(rehearsal);
    }
    load_theme(rehearsal, rehearsal->theme);
}

/* The themes of the program and those of the folder. */
static size_t list_themes(const struct rehearsal *rehearsal,
                          char *out[THEMES_MAX])
{
    char folder[DATA_PATH_BYTES];
    struct dirent **entries = NULL;
    size_t count = 0;

    int found = data_path_join(&rehearsal->data, "data/themes", folder,
                               sizeof folder)
                    ? scandir(folder, &entries, NULL, alphasort)
                    : 0;
    for (int i = 0; i < found; i++) {
        const char *name = entries[i]->d_name;
        const char *end = strrchr(name, '.');
        char *path = NULL;
        if (end && strcmp(end, ".ini") == 0 && count < THEMES_MAX &&
            asprintf(&path, "%s/%s", folder, name) >= 0)
            out[count++] = path;
        free(entries[i]);
    }
    free(entries);
    for (size_t i = 0; i < rehearsal->folder.theme_count; i++)
        if (count < THEMES_MAX &&
            (out[count] = strdup(rehearsal->folder.themes[i])) != NULL)
            count++;
    return count;
}

void rehearsal_change_theme(struct rehearsal *rehearsal, int direction,
                            char *out, size_t size)
{
    char *themes[THEMES_MAX];
    size_t count = list_themes(rehearsal, themes);
    size_t at = 0;

    while (at < count && strcmp(themes[at], rehearsal->theme) != 0)
        at++;
    if (count > 0) {
        at = at == count ? 0 : (at + count + (size_t)direction) % count;
        snprintf(rehearsal->theme, sizeof rehearsal->theme, "%s", themes[at]);
        load_theme(rehearsal, rehearsal->theme);
    }
    rehearsal->touched = true;
    const char *name = strrchr(rehearsal->theme, '/');
    snprintf(out, size, "%s", name ? name + 1 : rehearsal->theme);
    for (size_t i = 0; i < count; i++)
        free(themes[i]);
}

bool rehearsal_set_glass(struct rehearsal *rehearsal, int width_px,
                         int height_px, int rotation)
{
    struct glass *glass = &rehearsal->glass;
    const struct glass_options before = glass->options;

    int page_height_px = rotation % 180 == 0 ? height_px : width_px;

    glass->options.rotation = rotation;
    glass->options.height_mm = rehearsal->pitch_mm * page_height_px /
                               rehearsal->pitch_px;
    if (!glass_resize(glass, width_px, height_px)) {
        glass->options = before;
        return false;
    }
    stage_renew(&rehearsal->stage);
    rehearsal->touched = true;
    return true;
}

bool rehearsal_drill(struct rehearsal *rehearsal, enum alert_level level,
                     struct problem *problem)
{
    const struct moment now = rehearsal_moment(rehearsal);
    struct own_message own = {.payload = NULL};

    if (!drill_next(rehearsal->drill, level, now.wall_ms, &own, problem))
        return false;
    const struct session_message message = {
        .topic = own.topic, .payload = own.payload, .bytes = own.bytes};
    bool taken = take(rehearsal, &message, problem);
    free(own.payload);
    rehearsal->touched = true;
    return taken;
}

void rehearsal_step(struct rehearsal *rehearsal, int direction)
{
    const struct moment now = rehearsal_moment(rehearsal);

    board_step(rehearsal->board, direction, &now);
    rehearsal->touched = true;
}

void rehearsal_seek(struct rehearsal *rehearsal, int64_t delta_ms)
{
    const struct moment now = rehearsal_moment(rehearsal);

    board_seek(rehearsal->board, delta_ms, &now);
    rehearsal->touched = true;
}

static bool make_glass(struct rehearsal *rehearsal, struct problem *problem)
{
    const struct config *config = &rehearsal->config;
    struct glass_options options = glass_options_of(config,
                                                    &rehearsal->calendar.zone);

    options.theme = rehearsal->theme;
    rehearsal->pitch_mm = options.height_mm;
    rehearsal->pitch_px = options.rotation % 180 == 0 ? options.height_px
                                                      : options.width_px;
    if (!glass_init(&rehearsal->glass, &options, &rehearsal->data, problem))
        return false;
    rehearsal->cache = page_cache_create(&rehearsal->glass, NULL);
    rehearsal->plan = (struct board_plan){.glass = &rehearsal->glass,
                                          .cache = rehearsal->cache,
                                          .dwell_ms = config->flags.dwell_ms};
    return rehearsal->cache ||
           problem_set(problem, PROBLEM_SYSTEM, "no memory for pages");
}

/* What a session says of its screen holds, whatever the command line says. */
static bool read_session(struct rehearsal *rehearsal, struct problem *problem)
{
    struct config *config = &rehearsal->config;
    struct session *session = &rehearsal->session;
    struct config_flags flags = config->flags;

    if (!session_read(flags.replay, session, problem))
        return false;
    flags.size.width_px = session->width_px;
    flags.size.height_px = session->height_px;
    flags.dwell_ms = (int)session->dwell_ms;
    rehearsal->ring = session->ring;
    session->ring = (struct key_ring){.count = 0};
    option_state_finish(&config->state);
    *config = session->config;
    config->flags = flags;
    memset(&session->config, 0, sizeof session->config);
    rehearsal->wall_ms = session->wall_ms;
    return true;
}

static bool find_theme(struct rehearsal *rehearsal, struct problem *problem)
{
    const char *theme = rehearsal->config.theme;
    char relative[CONFIG_NAME_BYTES + 32];

    snprintf(relative, sizeof relative, "data/themes/%s.ini", theme);
    if (strchr(theme, '/'))
        snprintf(rehearsal->theme, sizeof rehearsal->theme, "%s", theme);
    else if (!data_path_join(&rehearsal->data, relative, rehearsal->theme,
                             sizeof rehearsal->theme))
        return problem_set_field(problem, "--theme", "name too long");
    return true;
}

/* A rehearsal without a configuration has a name of its own; drills are shown.
 */
static void name_screen(struct config *config)
{
    struct screen_identity *identity = &config->identity;

    if (!identity->org[0])
        snprintf(identity->org, sizeof identity->org, "rehearsal");
    if (!identity->screen[0])
        snprintf(identity->screen, sizeof identity->screen, "rehearsal");
    config->show_exercises = config->show_tests = 1;
}

static bool begin_session(struct rehearsal *rehearsal, struct problem *problem)
{
    const struct config *config = &rehearsal->config;
    const struct moment now = rehearsal_moment(rehearsal);
    const struct session_start start = {
        .config = config,
        .ring = &rehearsal->ring,
        .width_px = config->flags.size.width_px,
        .height_px = config->flags.size.height_px,
        .dwell_ms = config->flags.dwell_ms,
        .wall_ms = now.wall_ms,
        .mono_ms = now.mono_ms};

    return !config->flags.session ||
           session_writer_create(config->flags.session, &start,
                                 &rehearsal->writer, problem);
}

static bool build(struct rehearsal *rehearsal, struct problem *problem)
{
    const struct config *config = &rehearsal->config;

    if (!data_path_find(config->flags.data, &rehearsal->data, problem) ||
        !find_theme(rehearsal, problem) ||
        !calendar_load(config, &rehearsal->data, &rehearsal->calendar,
                       problem) ||
        !own_sender_create(&rehearsal->ring, &config->identity,
                           KEY_ROLE_PANELS | KEY_ROLE_ALERTS,
                           &rehearsal->sender, problem) ||
        !drill_create(rehearsal->sender, &rehearsal->data, &rehearsal->drill,
                      problem) ||
        !make_glass(rehearsal, problem))
        return false;
    if (!make_board(rehearsal))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for the board");
    light_init(&rehearsal->light, config, &rehearsal->calendar);
    brightness_init(&rehearsal->brightness, "", config->light_percent,
                    config->night_percent);
    return begin_session(rehearsal, problem);
}

bool rehearsal_init(struct rehearsal *rehearsal, struct config *config,
                    const char *path, struct problem *problem)
{
    memset(rehearsal, 0, sizeof *rehearsal);
    rehearsal->folder.watch_fd = -1;
    rehearsal->config = *config;
    memset(config, 0, sizeof *config);
    rehearsal->replays = path == NULL;
    rehearsal->hash = UINT64_C(0xCBF29CE484222325);
    rehearsal->wall_ms = rehearsal->config.flags.start_ms != TIMESTAMP_NONE
                             ? rehearsal->config.flags.start_ms
                             : clock_wall_ms();
    if (rehearsal->replays) {
        if (!read_session(rehearsal, problem))
            return false;
    } else {
        name_screen(&rehearsal->config);
    }
    rehearsal->begin_wall_ms = rehearsal->wall_ms;
    if (!build(rehearsal, problem))
        return false;
    if (!rehearsal->replays) {
        char themes[DATA_PATH_BYTES];
        if (!draft_folder_init(&rehearsal->folder, path, problem))
            return false;
        if (data_path_join(&rehearsal->data, "data/themes", themes,
                           sizeof themes))
            draft_folder_watch(&rehearsal->folder, themes);
        publish_changes(rehearsal);
    }
    return true;
}

void rehearsal_finish(struct rehearsal *rehearsal)
{
    const struct moment now = rehearsal_moment(rehearsal);

    session_writer_destroy(rehearsal->writer, &now);
    draft_folder_finish(&rehearsal->folder);
    session_finish(&rehearsal->session);
    board_destroy(rehearsal->board);
    page_cache_destroy(rehearsal->cache);
    glass_finish(&rehearsal->glass);
    drill_destroy(rehearsal->drill);
    own_sender_destroy(rehearsal->sender);
    key_ring_finish(&rehearsal->ring);
    calendar_finish(&rehearsal->calendar);
    option_state_finish(&rehearsal->config.state);
}
