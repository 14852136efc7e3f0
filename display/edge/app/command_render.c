/* gaoshi-display render: draws messages from files into pictures or draw lists,
 * in the same way as on a screen, but without broker, keys or window. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/language.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "display/core/alerts/lifecycle.h"
#include "display/core/validation/shaping.h"
#include "display/edge/app/command.h"
#include "display/edge/app/frame.h"
#include "display/edge/app/known_figures.h"
#include "display/edge/app/render_scene.h"
#include "display/edge/config/config.h"
#include "display/edge/render/picture.h"

/* The panel below alerts that stands for a screen's programme. */
#define SAMPLE "sample"
#define SAMPLE_FILE "data/samples/sample-place.json"

struct render {
    struct config config; /* the flags, and the glass as on a screen */
    struct message *alert;
    struct message *over;
    struct zone zone; /* if the configuration names one */
    struct glass glass;
    struct page_cache *cache;
    struct known_figures figures;
    struct album *album; /* NULL: no pictures */
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

/* The picture file of a page (from 1) of a message: out itself, or in the
 * folder out NAME.png, or NAME-PAGE.png if there are several pages. False: too
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

    if (!name_picture(render->config.flags.out, file, page, pages, name,
                      sizeof name))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    renderer_forget(render->glass.renderer);
    renderer_draw(render->glass.renderer, &render->glass.list, damage);
    fonts_trim(render->glass.fonts);
    struct renderer_pixels pixels = renderer_pixels(render->glass.renderer);
    return picture_write(name, &pixels, problem);
}

static struct render_scene scene_wanted(const struct render *render)
{
    return (struct render_scene){
        .config = &render->config,
        .glass = &render->glass,
        .cache = render->cache,
        .at_ms = render->config.flags.at_ms,
        .alert = render->alert,
        .alert_page = (size_t)render->config.flags.alert_page - 1,
        .over = render->over,
        .alerts = render->config.flags.alerts};
}

/* Decodes the pictures of the page that was composed, and composes it anew. */
static bool compose(struct render *render, const struct scene *scene,
                    const struct frame_setting *setting)
{
    struct frame_info info;

    if (!frame_compose(&render->glass, render->cache, scene, setting, &info))
        return false;
    if (!info.pictures_due)
        return true;
    album_settle(render->album);
    if (album_turn(render->album, 0))
        page_cache_forget_pictures(render->cache);
    return frame_compose(&render->glass, render->cache, scene, setting, &info);
}

/* Looks for the pictures of a message before its pages are set. */
static void find_pictures(struct render *render, const struct message *message)
{
    if (!render->album || message->kind != MESSAGE_PANEL)
        return;
    album_name_begin(render->album);
    for (size_t i = 0; i < message->panel.picture_count; i++)
        album_name(render->album, &message->panel.pictures[i]);
    album_name_end(render->album);
    album_settle(render->album);
    album_turn(render->album, 0);
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
        .clock_ms = render->config.flags.now_ms,
        .news = {.until_ms = render->config.flags.now_ms,
                 .age_ms = TIMESTAMP_NONE},
        .moved_ms = render->config.flags.at_ms > 0 ? render->config.flags.at_ms
                                                   : 0,
    };

    if (!compose(render, &scene, &setting))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (render->config.flags.draw_list) {
        printf("# %s page %zu/%zu\n", file, page + 1, pages);
        draw_list_print(&render->glass.list, stdout);
    }
    return !render->config.flags.out ||
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
                             tr(message_kind_name(message->kind)));
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
    if (render->config.flags.page > 0) {
        first = (size_t)render->config.flags.page - 1;
        last = first + 1;
    }
    if (last > pages)
        return problem_set_field(problem, "--page", "it has %zu", pages);
    if (render->config.flags.out && last - first > 1 &&
        !is_folder(render->config.flags.out))
        return problem_set_field(problem, "--out",
                                 "it has %zu pages: say --page N or a folder",
                                 pages);
    for (size_t page = first; page < last; page++) {
        if (!render_page(render, message, file, page, pages, problem))
            return false;
    }
    return true;
}

/* The files of live figures are read before the panels that show them. */
static int read_figure(struct render *render, const char *file)
{
    struct problem problem = {0};
    struct message *message = NULL;

    if (!render_scene_read_file(file, &message, &problem))
        return EXIT_DONE; /* it is told when its turn comes */
    if (message->kind != MESSAGE_FIGURE) {
        message_destroy(message);
        return EXIT_DONE;
    }
    problem_set_place(&problem, file);
    return known_figures_add(&render->figures, message, &problem)
               ? EXIT_DONE
               : complain(&problem, EXIT_INVALID);
}

static int render_file(struct render *render, const char *file)
{
    struct problem problem = {0};
    struct message *message = NULL;

    if (!render_scene_read_file(file, &message, &problem) ||
        !shaping_leave_out(message, &problem)) {
        message_destroy(message);
        return complain(&problem, EXIT_INVALID);
    }
    if (message->kind == MESSAGE_FIGURE) {
        message_destroy(message);
        return EXIT_DONE;
    }
    if (message->kind == MESSAGE_PANEL && message->issued_ms == TIMESTAMP_NONE)
        message->issued_ms = render->config.flags.now_ms;
    if (message->left_out.count > 0)
        log_write(LOG_WARNING, "render: %s: this version cannot set %s", file,
                  message->left_out.paths);
    page_cache_clear(render->cache); /* drafts may have the same id */
    find_pictures(render, message);
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

static struct glass_options glass_options_of(struct render *render)
{
    const struct config *config = &render->config;
    const unsigned ticker = config->ticker[0] ? FURNITURE_TICKER : 0;

    return (struct glass_options){
        .theme = config->theme,
        .width_px = render->config.flags.size.width_px,
        .height_px = render->config.flags.size.height_px,
        .rotation = config->rotation,
        .height_mm = config->height_mm,
        .viewing_mm = config->viewing_mm,
        .motion = (enum motion_level)config->motion,
        .zone = zone_read(config->zone, &render->zone) ? &render->zone : NULL,
        .utc_offset_minutes = config->utc_offset_minutes,
        .furniture = render->config.flags.furniture ? config->furniture | ticker
                                                    : 0,
        .safe = render->config.flags.safe,
    };
}

/* Reads the messages that share the glass with the drawn ones. */
static bool read_beside(struct render *render, const struct data_path *data,
                        struct problem *problem)
{
    const char *over = render->config.flags.over_file;
    char sample[DATA_PATH_BYTES + sizeof SAMPLE_FILE];

    if (over && strcmp(over, SAMPLE) == 0) {
        data_path_join(data, SAMPLE_FILE, sample, sizeof sample);
        over = sample;
    }
    return (!render->config.flags.alert_file ||
            render_scene_read(render->config.flags.alert_file, MESSAGE_ALERT,
                              &render->alert, problem)) &&
           (!over ||
            render_scene_read(over, MESSAGE_PANEL, &render->over, problem));
}

static int render_files(struct render *render, int count, char **files)
{
    struct problem problem = {0};
    struct data_path data;
    struct glass_options options = glass_options_of(render);
    int code = EXIT_DONE;

    if (!data_path_find(render->config.flags.data, &data, &problem))
        return complain(&problem, EXIT_OTHER);
    if (!read_beside(render, &data, &problem))
        return complain(&problem, EXIT_INVALID);
    if (!glass_init(&render->glass, &options, &data, &problem))
        return complain(&problem, EXIT_OTHER);
    if (render->config.flags.pictures) {
        render->album = album_create(render->config.flags.pictures, INT64_MAX);
        glass_use_album(&render->glass, render->album);
    }
    render->cache = page_cache_create(&render->glass, NULL);
    if (!render->cache ||
        !known_figures_init(&render->figures, render->config.flags.now_ms,
                            false))
        code = EXIT_OTHER;
    else if (render->config.flags.plain)
        code = render_plain(render);
    const struct page_cache_live live = known_figures_source(&render->figures);
    if (render->figures.figures)
        page_cache_follow(render->cache, &live);
    for (int i = 0; i < count && code == EXIT_DONE; i++)
        code = read_figure(render, files[i]);
    for (int i = 0; i < count && render->figures.figures; i++) {
        int result = render_file(render, files[i]);
        if (result != EXIT_DONE)
            code = result;
    }
    known_figures_finish(&render->figures);
    page_cache_destroy(render->cache);
    album_destroy(render->album);
    glass_finish(&render->glass);
    return code;
}

static bool check(const struct render *render, int files,
                  struct problem *problem)
{
    if (render->config.flags.plain && files > 0)
        return problem_set_field(problem, "--plain", "takes no FILE");
    if (render->config.flags.plain && render->config.flags.alert_file)
        return problem_set_field(problem, "--with-alert", "wants a panel");
    if (render->config.flags.over_file && render->config.flags.alert_file)
        return problem_set_field(problem, "--over", "not with --with-alert");
    if (files == 0 && !render->config.flags.plain)
        return problem_set(problem, PROBLEM_FIELD, "no FILE given");
    if (!render->config.flags.out && !render->config.flags.draw_list)
        return problem_set(problem, PROBLEM_FIELD,
                           "--out or --draw-list is needed");
    if (render->config.flags.out && files > 1 &&
        !is_folder(render->config.flags.out))
        return problem_set_field(problem, "--out",
                                 "several files need a folder");
    return true;
}

int command_render(int argc, char **argv)
{
    struct render *render = calloc(1, sizeof *render);
    struct problem problem = {0};
    int files = 0;
    int code = EXIT_USAGE;

    if (!render)
        return EXIT_OTHER;
    if (!config_load(&render->config, CONFIG_RENDER, argc, argv, &files,
                     &problem)) {
        complain(&problem, code);
    } else if (render->config.flags.help) {
        language_print(stdout,
                       "gaoshi-display render FILE… --out PNG|DIR/ [flags]\n");
        option_rows_print_help(config_rows, CONFIG_RENDER, stdout);
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
