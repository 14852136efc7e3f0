/* gaoshi-display render: messages from files become pictures or draw lists,
 * the same way as on a screen but without broker, keys or window. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "display/core/alerts/lifecycle.h"
#include "display/core/validation/left_out.h"
#include "display/edge/app/command.h"
#include "display/edge/app/draft.h"
#include "display/edge/app/frame.h"
#include "display/edge/app/render_scene.h"
#include "display/edge/config/arguments.h"
#include "display/edge/render/picture.h"

/* The clock of all pictures, so that the same input gives the same picture: the
 * day that the first panels tell of. */
#define RENDER_NOW "2021-09-08T09:00:00+08:00"

/* A panel below alerts, in the place of a screen's programme. */
#define SAMPLE "sample"
#define SAMPLE_FILE "data/samples/sample-place.json"

enum {
    RENDER_ALL_PAGES = 0,
    RENDER_AT_MAX = 24 * 60 * 60 * 1000,
    RENDER_PAGE_MAX = 1000,
};

struct render {
    struct config config; /* theme, geometry, motion, place: as a screen's */
    int width_px, height_px;
    int64_t at_ms; /* RENDER_SCENE_AT_REST: when the entrance is over */
    int64_t page;  /* from 1; RENDER_ALL_PAGES */
    int64_t now_ms;
    bool furniture;
    bool safe;
    bool plain;     /* no message: the plain page */
    bool draw_list; /* print instead of drawing */
    bool help;
    const char *alert_file; /* above the panel; NULL: none */
    int64_t alert_page;     /* from 1 */
    int64_t alerts;         /* so many are in force, this one leads */
    struct message *alert;
    const char *over_file; /* the panel below alerts; NULL: none */
    struct message *over;
    const char *out;
    const char *data;
    const char *config_file;
    struct glass glass;
    struct page_cache *cache;
};

static bool apply_size(const struct argument *row, void *context,
                       const char *value, struct problem *problem)
{
    struct render *render = context;

    (void)row;
    return argument_size(value, &render->width_px, &render->height_px, problem);
}

static bool apply_now(const struct argument *row, void *context,
                      const char *value, struct problem *problem)
{
    struct render *render = context;

    (void)row;
    return timestamp_parse(value, &render->now_ms) ||
           problem_set(problem, PROBLEM_FIELD,
                       "'%.40s', expected a time such as %s", value,
                       RENDER_NOW);
}

static bool apply_presentation(const struct argument *row, void *context,
                               const char *value, struct problem *problem)
{
    struct render *render = context;

    (void)row;
    return render_scene_present_all(&render->config, value, problem);
}

#define FIELD(field) offsetof(struct render, field)

static const struct argument table[] = {
    {"--size", "WxH", "size of the glass, 1920x1080 if not given",
     .apply = apply_size},
    {"--at", "MS", "how long the page has stood; the end of its entrance",
     .apply = argument_take_number, .offset = FIELD(at_ms),
     .maximum = RENDER_AT_MAX},
    {"--page", "N", "one page, from 1; all of them if not given",
     .apply = argument_take_number, .offset = FIELD(page), .minimum = 1,
     .maximum = RENDER_PAGE_MAX},
    {"--out", "PNG|DIR/", "a file for one page, a folder for several",
     .apply = argument_take_text, .offset = FIELD(out)},
    {"--draw-list", NULL, "print what would be drawn, a line an item",
     .apply = argument_take_switch, .offset = FIELD(draw_list)},
    {"--plain", NULL, "the plain page, as without any message; no FILE",
     .apply = argument_take_switch, .offset = FIELD(plain)},
    {"--safe", NULL, "as in safe mode: nothing but words",
     .apply = argument_take_switch, .offset = FIELD(safe)},
    {"--furniture", NULL, "with place, clock and marks around the page",
     .apply = argument_take_switch, .offset = FIELD(furniture)},
    {"--with-alert", "FILE", "an alert with the panel, as its level has it",
     .apply = argument_take_text, .offset = FIELD(alert_file)},
    {"--alert-page", "N", "which page of it, 1 if not given",
     .apply = argument_take_number, .offset = FIELD(alert_page), .minimum = 1,
     .maximum = RENDER_PAGE_MAX},
    {"--over", "FILE|" SAMPLE,
     "alerts as their level has them, over this panel or one of data/",
     .apply = argument_take_text, .offset = FIELD(over_file)},
    {"--alerts", "N", "so many are in force, this one leads",
     .apply = argument_take_number, .offset = FIELD(alerts), .minimum = 1,
     .maximum = LIFECYCLE_ALERTS_MAX},
    {"--presentation", "HOW", "full, upper, banner: for every level",
     .apply = apply_presentation},
    {"--now", "TIME", "what the clock says, " RENDER_NOW " if not given",
     .apply = apply_now},
    {"--config", "FILE", "a screen's configuration; flags override it",
     .apply = argument_take_text, .offset = FIELD(config_file)},
    {"--theme", "NAME", "night, day or a path", .section = "glass",
     .name = "theme"},
    {"--height-mm", "MM", "height of the lit area", .section = "glass",
     .name = "height_mm"},
    {"--viewing-distance", "M", "how far away people read", .section = "glass",
     .name = "viewing_distance_m"},
    {"--rotation", "DEG", "0, 90, 180, 270", .section = "glass",
     .name = "rotation"},
    {"--motion", "LEVEL", "full, reduced, none", .section = "glass",
     .name = "motion"},
    {"--utc-offset", "HH:MM", "local time, +08:00", .section = "glass",
     .name = "utc_offset"},
    {"--place", "TEXT", "the place's name", .section = "screen",
     .name = "name"},
    {"--ticker", "TEXT", "one line at the bottom", .section = "glass",
     .name = "ticker"},
    {"--data", "DIR", "folder with data/ and fonts/",
     .apply = argument_take_text, .offset = FIELD(data)},
    {"--help", NULL, "this text", .apply = argument_take_switch,
     .offset = FIELD(help)},
    {.flag = NULL},
};

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "render", problem);
    return code;
}

/* An existing folder, or a path that ends in a slash. */
static bool is_folder(const char *path)
{
    struct stat status;
    size_t length = strlen(path);

    return (length > 0 && path[length - 1] == '/') ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* The picture of a page, from 1, of the file's message: out itself, or in the
 * folder out NAME.png, NAME-PAGE.png where it has several pages. False: too
 * long for size. */
static bool name_picture(const char *out, const char *file, size_t page,
                         size_t pages, char *name, size_t size)
{
    const char *base = strrchr(file, '/');
    base = base ? base + 1 : file;
    int stem = (int)strcspn(base, ".");
    int length = !is_folder(out) ? snprintf(name, size, "%s", out)
                 : pages > 1
                     ? snprintf(name, size, "%s/%.*s-%zu.png", out, stem, base,
                                page)
                     : snprintf(name, size, "%s/%.*s.png", out, stem, base);

    return length >= 0 && (size_t)length < size;
}

static bool write_picture(struct render *render, const char *file, size_t page,
                          size_t pages, struct problem *problem)
{
    char name[4096];
    struct rect damage[RENDERER_DAMAGE_MAX];

    if (!name_picture(render->out, file, page, pages, name, sizeof name))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    renderer_forget(render->glass.renderer);
    renderer_draw(render->glass.renderer, &render->glass.list, damage);
    fonts_trim(render->glass.fonts);
    struct renderer_pixels pixels = renderer_pixels(render->glass.renderer);
    return picture_write(name, &pixels, problem);
}

static struct render_scene scene_wanted(const struct render *render)
{
    return (struct render_scene){.config = &render->config,
                                 .glass = &render->glass,
                                 .cache = render->cache,
                                 .at_ms = render->at_ms,
                                 .alert = render->alert,
                                 .alert_page = (size_t)render->alert_page - 1,
                                 .over = render->over,
                                 .alerts = (int)render->alerts};
}

static bool render_page(struct render *render, const struct message *message,
                        const char *file, size_t page, size_t pages,
                        struct problem *problem)
{
    const struct render_scene wanted = scene_wanted(render);
    struct scene scene = render_scene_make(&wanted, message, page, pages);
    const struct frame_setting setting = {
        .place_name = render->config.place_name,
        .ticker = render->config.ticker,
        .clock_ms = render->now_ms,
        .news = {.until_ms = render->now_ms, .age_ms = TIMESTAMP_NONE},
        .moved_ms = render->at_ms > 0 ? render->at_ms : 0,
    };
    struct frame_info info;

    if (!frame_compose(&render->glass, render->cache, &scene, &setting, &info))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (render->draw_list) {
        printf("# %s page %zu/%zu\n", file, page + 1, pages);
        draw_list_print(&render->glass.list, stdout);
    }
    return !render->out ||
           write_picture(render, file, page + 1, pages, problem);
}

static bool has_pages(const struct render *render,
                      const struct message *message, struct problem *problem)
{
    if (render->alert && message->kind != MESSAGE_PANEL)
        return problem_set_field(problem, "kind",
                                 "a panel is wanted with --with-alert");
    if (message->kind == MESSAGE_PANEL || message->kind == MESSAGE_ALERT ||
        message->kind == MESSAGE_ALERT_CANCEL)
        return true;
    return problem_set_field(problem, "kind", "a %s has no page",
                             message_kind_name(message->kind));
}

static bool render_message(struct render *render, const struct message *message,
                           const char *file, struct problem *problem)
{
    if (!has_pages(render, message, problem))
        return false;
    const struct render_scene wanted = scene_wanted(render);
    const struct page_place place = render_scene_place(&wanted, message);
    const struct page_set *set = page_cache_get(render->cache, message, &place);
    size_t pages = set ? page_set_count(set) : 1;
    size_t first = 0, last = pages;
    if (render->page != RENDER_ALL_PAGES) {
        first = (size_t)render->page - 1;
        last = first + 1;
    }
    if (last > pages)
        return problem_set_field(problem, "--page", "it has %zu", pages);
    if (render->out && last - first > 1 && !is_folder(render->out))
        return problem_set_field(problem, "--out",
                                 "it has %zu pages: say --page N or a folder",
                                 pages);
    for (size_t page = first; page < last; page++) {
        if (!render_page(render, message, file, page, pages, problem))
            return false;
    }
    return true;
}

static int render_file(struct render *render, const char *file)
{
    struct problem problem = {0};
    struct message *message = NULL;

    if (!draft_read(file, &message, &problem) ||
        !left_out_apply(message, &problem)) {
        message_destroy(message);
        return complain(&problem, EXIT_INVALID);
    }
    if (message->left_out.count > 0)
        log_write(LOG_WARNING, "render: %s: this version cannot set %s", file,
                  message->left_out.paths);
    page_cache_clear(render->cache); /* drafts may bear the same id */
    bool done = render_message(render, message, file, &problem);
    message_destroy(message);
    return done ? EXIT_DONE : complain(&problem, EXIT_OTHER);
}

static int render_plain(struct render *render)
{
    struct problem problem = {0};

    if (render_page(render, NULL, "plain", 0, 1, &problem))
        return EXIT_DONE;
    return complain(&problem, EXIT_OTHER);
}

static struct glass_options glass_options_of(const struct render *render)
{
    const struct config *config = &render->config;
    const unsigned ticker = config->ticker[0] ? FURNITURE_TICKER : 0;

    return (struct glass_options){
        .theme = config->theme,
        .width_px = render->width_px,
        .height_px = render->height_px,
        .rotation = config->rotation,
        .height_mm = config->height_mm,
        .viewing_mm = config->viewing_mm,
        .motion = (enum motion_level)config->motion,
        .utc_offset_minutes = config->utc_offset_minutes,
        .furniture = render->furniture ? config->furniture | ticker : 0,
        .safe = render->safe,
    };
}

/* Reads the messages that share the glass with those that are drawn. */
static bool read_beside(struct render *render, const struct data_path *data,
                        struct problem *problem)
{
    const char *over = render->over_file;
    char sample[DATA_PATH_BYTES + sizeof SAMPLE_FILE];

    if (over && strcmp(over, SAMPLE) == 0) {
        data_path_join(data, SAMPLE_FILE, sample, sizeof sample);
        over = sample;
    }
    return (!render->alert_file ||
            render_scene_read(render->alert_file, MESSAGE_ALERT, &render->alert,
                              problem)) &&
           (!over ||
            render_scene_read(over, MESSAGE_PANEL, &render->over, problem));
}

static int render_files(struct render *render, int count, char **files)
{
    struct problem problem = {0};
    struct data_path data;
    struct glass_options options = glass_options_of(render);
    int code = EXIT_DONE;

    if (!data_path_find(render->data, &data, &problem))
        return complain(&problem, EXIT_OTHER);
    if (!read_beside(render, &data, &problem))
        return complain(&problem, EXIT_INVALID);
    if (!glass_init(&render->glass, &options, &data, &problem))
        return complain(&problem, EXIT_OTHER);
    render->cache = page_cache_create(&render->glass, NULL);
    if (!render->cache)
        code = EXIT_OTHER;
    else if (render->plain)
        code = render_plain(render);
    for (int i = 0; i < count && render->cache; i++) {
        int result = render_file(render, files[i]);
        if (result != EXIT_DONE)
            code = result;
    }
    page_cache_destroy(render->cache);
    glass_finish(&render->glass);
    return code;
}

static bool check(const struct render *render, int files,
                  struct problem *problem)
{
    if (render->plain && files > 0)
        return problem_set_field(problem, "--plain", "takes no FILE");
    if (render->plain && render->alert_file)
        return problem_set_field(problem, "--with-alert", "wants a panel");
    if (render->over_file && render->alert_file)
        return problem_set_field(problem, "--over", "not with --with-alert");
    if (files == 0 && !render->plain)
        return problem_set(problem, PROBLEM_FIELD, "no FILE given");
    if (!render->out && !render->draw_list)
        return problem_set(problem, PROBLEM_FIELD,
                           "--out or --draw-list is needed");
    if (render->out && files > 1 && !is_folder(render->out))
        return problem_set_field(problem, "--out",
                                 "several files need a folder");
    return true;
}

/* The file first, then what the command line overrides. */
static bool configure(struct render *render, int argc, char **argv, int *files,
                      struct problem *problem)
{
    const char *file = arguments_value(table, argc, argv, "--config");

    config_init(&render->config);
    render->width_px = 1920;
    render->height_px = 1080;
    render->at_ms = RENDER_SCENE_AT_REST;
    render->alert_page = render->alerts = 1;
    timestamp_parse(RENDER_NOW, &render->now_ms);
    if (file && !config_read(file, &render->config, problem))
        return false;
    problem->place[0] = '\0';
    return arguments_read(table, argc, argv, &render->config, render, files,
                          problem);
}

int command_render(int argc, char **argv)
{
    struct render *render = calloc(1, sizeof *render);
    struct problem problem = {0};
    int files = 0;
    int code = EXIT_USAGE;

    if (!render)
        return EXIT_OTHER;
    if (!configure(render, argc, argv, &files, &problem)) {
        complain(&problem, code);
    } else if (render->help) {
        puts("gaoshi-display render FILE… --out PNG|DIR/ [flags]");
        arguments_print(table, stdout);
        code = EXIT_DONE;
    } else if (!check(render, files, &problem)) {
        complain(&problem, code);
    } else {
        code = render_files(render, files, argv + 1);
    }
    message_destroy(render->alert);
    message_destroy(render->over);
    free(render);
    return code;
}
