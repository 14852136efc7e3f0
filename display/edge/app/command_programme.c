/* gaoshi-display programme: tells which of the panels in files come when, as
 * the screen's own programme and director decide it, and draws them. */
#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "display/core/board/forecast.h"
#include "display/core/validation/shaping.h"
#include "display/edge/app/command.h"
#include "display/edge/app/contact_sheet.h"
#include "display/edge/app/known_figures.h"
#include "display/edge/app/render_scene.h"
#include "display/edge/config/calendar_files.h"

struct programme_command {
    struct config config;
    struct calendar calendar;
    struct glass glass;
    struct page_cache *cache;
    struct album *album; /* NULL: no pictures */
    struct known_figures figures;
    struct message **panels; /* owned until the forecast has them */
    size_t panel_count;
    int64_t from_ms, until_ms;
    struct contact_sheet *sheet; /* NULL: none */
    json_t *pages, *spans;
};

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "programme", problem);
    return code;
}

static json_t *time_json(const struct programme_command *command, int64_t ms)
{
    char text[TIMESTAMP_BYTES];

    timestamp_format(ms, zone_offset_minutes(&command->calendar.zone, ms),
                     text);
    return json_string(text);
}

static void tell_page(void *context, const struct forecast_page *page)
{
    struct programme_command *command = context;
    const struct message *message = page->message;
    json_t *object = json_pack("{s:o, s:o, s:I}", "from",
                               time_json(command, page->from_ms), "until",
                               time_json(command, page->until_ms), "ms",
                               (json_int_t)(page->until_ms - page->from_ms));

    if (message) {
        json_object_set_new(object, "id", json_string(message->id));
        json_object_set_new(object, "scope", json_string(message->scope));
        json_object_set_new(object, "page",
                            json_integer((json_int_t)page->page + 1));
    }
    json_array_append_new(command->pages, object);
    if (message && command->sheet)
        contact_sheet_add(command->sheet, message, page->page, page->from_ms);
}

static void tell_span(void *context, const struct forecast_span *span)
{
    static const char *const groups[GROUP_COUNT] = {
        [GROUP_ORDINARY] = "ordinary",
        [GROUP_CAMPAIGN] = "campaign",
        [GROUP_SITUATION] = "situation",
    };
    struct programme_command *command = context;
    json_t *panels = json_array();

    for (int group = 0; group < GROUP_COUNT; group++)
        for (size_t i = 0; i < span->lists[group]->count; i++) {
            const struct message *panel = span->lists[group]->items[i];
            json_array_append_new(
                panels, json_pack("{s:s, s:s, s:s, s:i}", "id", panel->id,
                                  "scope", panel->scope, "group", groups[group],
                                  "weight", panel->panel.schedule.weight));
        }
    json_array_append_new(
        command->spans,
        json_pack("{s:o, s:o, s:I, s:I, s:o}", "from",
                  time_json(command, span->from_ms), "until",
                  time_json(command, span->until_ms), "ms",
                  (json_int_t)(span->until_ms - span->from_ms), "round_ms",
                  (json_int_t)span->round_ms, "panels", panels));
}

/* A panel, or a live figure that panels show. A draft may lack what the
 * publisher fills in. */
static bool read_file(struct programme_command *command, const char *file,
                      struct problem *problem)
{
    struct message *message = NULL;

    if (!render_scene_read_file(file, &message, problem))
        return false;
    if (message->kind == MESSAGE_FIGURE)
        return known_figures_add(&command->figures, message, problem);
    if (message->kind != MESSAGE_PANEL) {
        problem_set_field(problem, "kind", "'%s', expected panel or figure",
                          message_kind_name(message->kind));
        problem_set_place(problem, file);
        message_destroy(message);
        return false;
    }
    if (!shaping_leave_out(message, problem)) {
        message_destroy(message);
        return false;
    }
    if (!message->scope[0])
        message->scope = "all";
    if (message->issued_ms == TIMESTAMP_NONE)
        message->issued_ms = command->from_ms;
    command->panels[command->panel_count++] = message;
    return true;
}

static bool read_files(struct programme_command *command, int count,
                       char **files, struct problem *problem)
{
    command->panels = calloc((size_t)count + 1, sizeof(struct message *));
    if (!command->panels)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for panels");
    for (int i = 0; i < count; i++)
        if (!read_file(command, files[i], problem))
            return false;
    return true;
}

static size_t plan_pages(void *context, const struct message *message,
                         const struct page_place *place)
{
    struct programme_command *command = context;

    return page_cache_count(command->cache, message, place);
}

static int64_t plan_dwell_ms(void *context, const struct message *message,
                             const struct page_place *place, size_t page)
{
    struct programme_command *command = context;

    return page_cache_dwell_ms(command->cache, message, place, page);
}

static bool forecast(struct programme_command *command, struct problem *problem)
{
    const struct theme *theme = &command->glass.theme;
    const struct config *config = &command->config;
    struct forecast_options options = {
        .calendar = &command->calendar,
        .director = {.plan = {command, plan_pages, plan_dwell_ms, NULL},
                     .transition_ms = config->motion == MOTION_NONE
                                          ? 0
                                          : theme->transition_ms,
                     .situation = (enum situation_share)config->situation},
        .from_ms = command->from_ms,
        .until_ms = command->until_ms,
    };
    const struct forecast_visitor visitor = {command, tell_page, tell_span};
    size_t count = command->panel_count;

    for (int i = 0; i < SECTION_COUNT; i++)
        options.director.transitions[i] = theme->sections[i].transition;
    command->panel_count = 0; /* the forecast has them now */
    return forecast_run(&options, command->panels, count, &visitor, problem);
}

/* Before pages are set: those with a picture are other ones. */
static bool find_pictures(struct programme_command *command,
                          struct problem *problem)
{
    const char *folder = command->config.flags.pictures;

    if (!folder)
        return true;
    command->album = album_create(folder, INT64_MAX);
    if (!command->album)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for pictures");
    album_name_begin(command->album);
    for (size_t i = 0; i < command->panel_count; i++) {
        const struct panel *panel = &command->panels[i]->panel;
        for (size_t k = 0; k < panel->picture_count; k++)
            album_name(command->album, &panel->pictures[k]);
    }
    album_name_end(command->album);
    album_settle(command->album);
    album_turn(command->album, 0);
    glass_use_album(&command->glass, command->album);
    return true;
}

static bool make_glass(struct programme_command *command,
                       const struct data_path *data, struct problem *problem)
{
    const struct config *config = &command->config;
    const struct glass_options options =
        glass_options_of(config, &command->calendar.zone);

    if (!glass_init(&command->glass, &options, data, problem) ||
        !find_pictures(command, problem))
        return false;
    command->cache = page_cache_create(&command->glass, NULL);
    if (!command->cache)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for pages");
    const struct page_cache_live live = known_figures_source(&command->figures);
    page_cache_follow(command->cache, &live);
    if (config->flags.sheet)
        command->sheet = contact_sheet_create(&command->glass, command->cache,
                                              config->place_name);
    return !config->flags.sheet || command->sheet ||
           problem_set(problem, PROBLEM_SYSTEM, "no memory for a sheet");
}

static void print(const struct programme_command *command)
{
    char last[TIMESTAMP_DATE_BYTES] = "";
    int day = holidays_last_day(&command->calendar.holidays);
    json_t *root = json_pack("{s:o, s:o, s:O, s:O}", "from",
                             time_json(command, command->from_ms), "until",
                             time_json(command, command->until_ms), "spans",
                             command->spans, "pages", command->pages);

    if (day != INT32_MIN) {
        timestamp_format_date(day, last);
        json_object_set_new(root, "holidays_until", json_string(last));
    }
    json_dumpf(root, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(root);
}

/* When the clock on the wall shows this minute of the day. */
static int64_t moment_of(const struct zone *zone, int day, int minute)
{
    enum { MINUTE_MS = 60000 };
    int64_t begin_ms = zone_day_begin_ms(zone,
                                         day + minute / SCHEDULE_DAY_MINUTES);
    int64_t ms = begin_ms + minute % SCHEDULE_DAY_MINUTES * (int64_t)MINUTE_MS;

    return ms + (zone_offset_minutes(zone, begin_ms) -
                 zone_offset_minutes(zone, ms)) *
                    MINUTE_MS;
}

static int run(struct programme_command *command,
               const struct schedule_hours *hours, int count, char **files)
{
    const struct config_flags *flags = &command->config.flags;
    struct problem problem = {0};
    struct data_path data;

    if (!data_path_find(flags->data, &data, &problem) ||
        !calendar_load(&command->config, &data, &command->calendar, &problem))
        return complain(&problem, EXIT_OTHER);
    command->from_ms = moment_of(&command->calendar.zone, flags->day,
                                 hours->from);
    command->until_ms = moment_of(&command->calendar.zone, flags->day,
                                  hours->until);
    if (!known_figures_init(&command->figures, command->until_ms, true) ||
        !read_files(command, count, files, &problem))
        return complain(&problem, EXIT_INVALID);
    if (!make_glass(command, &data, &problem))
        return complain(&problem, EXIT_OTHER);
    problem.place[0] = '\0'; /* what follows is not about the fonts' file */
    if (!forecast(command, &problem) ||
        (command->sheet &&
         !contact_sheet_write(command->sheet, flags->sheet, &problem)))
        return complain(&problem, EXIT_OTHER);
    print(command);
    return EXIT_DONE;
}

static bool check(const struct programme_command *command,
                  struct schedule_hours *hours, struct problem *problem)
{
    const struct config_flags *flags = &command->config.flags;
    const char *from = flags->from ? flags->from : "00:00";
    const char *to = flags->to ? flags->to : "24:00";
    struct schedule_times times;
    const char *wrong;
    char words[32];
    size_t bytes;

    if (flags->day < 0)
        return problem_set_field(problem, "--on", "missing");
    snprintf(words, sizeof words, "%.10s-%.10s", from, to);
    if (!schedule_times_parse(words, &times, &wrong, &bytes) ||
        times.hours_count != 1)
        return problem_set_field(problem, "--from",
                                 "%s to %s, expected two times such as 07:00 "
                                 "and 22:00",
                                 from, to);
    *hours = times.hours[0];
    return true;
}

static void finish(struct programme_command *command)
{
    for (size_t i = 0; i < command->panel_count; i++)
        message_destroy(command->panels[i]);
    free(command->panels);
    contact_sheet_destroy(command->sheet);
    known_figures_finish(&command->figures);
    page_cache_destroy(command->cache);
    album_destroy(command->album);
    glass_finish(&command->glass);
    calendar_finish(&command->calendar);
    json_decref(command->pages);
    json_decref(command->spans);
    free(command);
}

int command_programme(int argc, char **argv)
{
    struct programme_command *command = calloc(1, sizeof *command);
    struct problem problem = {0};
    struct schedule_hours hours = {0};
    int files = 0;
    int code = EXIT_USAGE;

    if (!command)
        return EXIT_OTHER;
    command->pages = json_array();
    command->spans = json_array();
    if (!config_load(&command->config, CONFIG_PROGRAMME, argc, argv, &files,
                     &problem)) {
        complain(&problem, code);
    } else if (command->config.flags.help) {
        language_print(stdout,
                       "gaoshi-display programme FILE… --on DATE [flags]\n");
        option_rows_print_help(config_rows, CONFIG_PROGRAMME, stdout);
        code = EXIT_DONE;
    } else if (!check(command, &hours, &problem)) {
        complain(&problem, code);
    } else {
        code = run(command, &hours, files, argv + 1);
    }
    finish(command);
    return code;
}
