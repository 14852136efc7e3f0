/* The glass, the pages and the album of «render», joined as in the loop of a
 * screen. */
#include "display/edge/app/drawing.h"

#include "base/timestamp.h"
#include "base/translate.h"
#include "display/core/templates/page_columns.h"
#include "display/core/validation/shaping.h"
#include "display/edge/app/frame.h"
#include "display/edge/app/render_scene.h"

static struct render_scene scene_wanted(const struct drawing *drawing)
{
    return (struct render_scene){
        .config = &drawing->config,
        .glass = &drawing->glass,
        .cache = drawing->cache,
        .at_ms = drawing->config.flags.at_ms,
        .alert = drawing->alert,
        .alert_page = (size_t)drawing->config.flags.alert_page - 1,
        .over = drawing->over,
        .alerts = drawing->config.flags.alerts};
}

bool drawing_open(struct drawing *drawing, const struct data_path *data,
                  struct problem *problem)
{
    const struct config *config = &drawing->config;
    bool has_zone = zone_read(config->zone, &drawing->zone);
    struct glass_options options =
        glass_options_of(config, has_zone ? &drawing->zone : NULL);

    options.safe = config->flags.safe;
    if (!config->flags.furniture)
        options.furniture = 0;
    if (!glass_init(&drawing->glass, &options, data, problem))
        return false;
    if (drawing->config.flags.pictures) {
        drawing->album = album_create(drawing->config.flags.pictures,
                                      INT64_MAX);
        glass_use_album(&drawing->glass, drawing->album);
    }
    drawing->cache = page_cache_create(&drawing->glass, NULL);
    if (!drawing->cache ||
        !known_figures_init(&drawing->figures, drawing->config.flags.now_ms,
                            false))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    const struct page_cache_live live = known_figures_source(&drawing->figures);
    page_cache_follow(drawing->cache, &live);
    return true;
}

void drawing_close(struct drawing *drawing)
{
    known_figures_finish(&drawing->figures);
    page_cache_destroy(drawing->cache);
    album_destroy(drawing->album);
    glass_finish(&drawing->glass);
}

static bool lacks_pictures(struct drawing *drawing,
                           const struct message *message)
{
    album_name_begin(drawing->album);
    for (size_t i = 0; i < message->panel.picture_count; i++)
        album_name(drawing->album, &message->panel.pictures[i]);
    album_name_end(drawing->album);
    album_settle(drawing->album);
    album_turn(drawing->album, 0);
    for (size_t i = 0; i < message->panel.picture_count; i++)
        if (!album_has(drawing->album, message->panel.pictures[i].digest))
            return true;
    return false;
}

/* Looks for the pictures of a message before its pages are set. An album knows
 * the files that its folder had when it was opened: it is opened anew when one
 * is missing, which may have come since. */
static void find_pictures(struct drawing *drawing,
                          const struct message *message)
{
    if (!drawing->album || message->kind != MESSAGE_PANEL ||
        message->panel.picture_count == 0 || !lacks_pictures(drawing, message))
        return;
    struct album *album = album_create(drawing->config.flags.pictures,
                                       INT64_MAX);
    if (!album)
        return;
    album_destroy(drawing->album);
    drawing->album = album;
    glass_use_album(&drawing->glass, album);
    lacks_pictures(drawing, message);
}

bool drawing_prepare(struct drawing *drawing, struct message *message,
                     struct problem *problem)
{
    if (!shaping_leave_out(message, problem))
        return false;
    if (!page_columns_have_room(&drawing->glass.whole.geometry))
        shaping_note_low(message);
    if (message->kind == MESSAGE_PANEL && message->issued_ms == TIMESTAMP_NONE)
        message->issued_ms = drawing->config.flags.now_ms;
    page_cache_clear(drawing->cache);
    find_pictures(drawing, message);
    return true;
}

size_t drawing_pages(struct drawing *drawing, const struct message *message,
                     struct problem *problem)
{
    if (drawing->alert && message->kind != MESSAGE_PANEL) {
        problem_set_field(problem, "kind",
                          "a panel is wanted with --with-alert");
        return 0;
    }
    if (message->kind != MESSAGE_PANEL && message->kind != MESSAGE_ALERT &&
        message->kind != MESSAGE_ALERT_CANCEL) {
        problem_set_field(problem, "kind", "a %s has no page",
                          tr(message_kind_name(message->kind)));
        return 0;
    }
    const struct render_scene wanted = scene_wanted(drawing);
    const struct page_place place = render_scene_place(&wanted, message);
    const struct page_set *set = page_cache_get(drawing->cache, message,
                                                &place);
    return set ? page_set_count(set) : 1;
}

bool drawing_compose(struct drawing *drawing, const struct message *message,
                     size_t page, size_t pages, struct problem *problem)
{
    const struct config *config = &drawing->config;
    const struct render_scene wanted = scene_wanted(drawing);
    struct scene scene = render_scene_make(&wanted, message, page, pages);
    const struct frame_setting setting = {
        .place_name = config->place_name,
        .ticker = config->ticker,
        .clock_ms = config->flags.now_ms,
        .news = {.until_ms = config->flags.now_ms, .age_ms = TIMESTAMP_NONE},
        .moved_ms = config->flags.at_ms > 0 ? config->flags.at_ms : 0,
    };

    return frame_compose_whole(&drawing->glass, drawing->cache, &scene,
                               &setting) ||
           problem_set(problem, PROBLEM_SYSTEM, "no memory");
}

struct renderer_pixels drawing_paint(struct drawing *drawing)
{
    struct rect damage[RENDERER_DAMAGE_MAX];

    renderer_forget(drawing->glass.renderer);
    renderer_draw(drawing->glass.renderer, &drawing->glass.list, damage);
    fonts_trim(drawing->glass.fonts);
    return renderer_pixels(drawing->glass.renderer);
}
