/* Puts theme, fonts, geometry and renderer together for one size of glass. */
#include "display/edge/app/glass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/log.h"
#include "base/translate.h"
#include "display/edge/text/builtin.h"

enum { THEME_FILE_BYTES = 64 * 1024 };

bool glass_read_theme(const char *theme, const struct data_path *data,
                      struct theme *out, struct problem *problem)
{
    char relative[256], file[DATA_PATH_BYTES];
    char *text = NULL;
    size_t bytes = 0;
    bool fits;

    if (strchr(theme, '/')) {
        fits = (size_t)snprintf(file, sizeof file, "%s", theme) < sizeof file;
    } else {
        fits = (size_t)snprintf(relative, sizeof relative, "data/themes/%s.ini",
                                theme) < sizeof relative &&
               data_path_join(data, relative, file, sizeof file);
    }
    if (!fits)
        return problem_set_field(problem, "glass.theme", "name too long");
    text = file_read_any(file, THEME_FILE_BYTES, &bytes, problem);
    if (!text)
        return false;
    bool read = theme_parse(text, file, out, problem);
    free(text);
    return read;
}

static bool lies_on_side(const struct glass *glass)
{
    return glass->options.rotation == 90 || glass->options.rotation == 270;
}

static void lay_out_parts(struct glass *glass, enum presentation presentation)
{
    const struct geometry *whole = &glass->whole.geometry;
    struct glass_parts *parts = &glass->parts[presentation];

    parts->alert = parts->programme = glass->whole;
    parts->alert.geometry = presentation_alert_geometry(whole, presentation);
    parts->programme.geometry = presentation_programme_geometry(whole,
                                                                presentation);
    parts->programme_top_px = presentation_programme_top_px(whole,
                                                            presentation);
    parts->furniture = glass->options.furniture;
    if (presentation != PRESENTATION_FULL)
        parts->furniture = furniture_for(&parts->programme.geometry,
                                         parts->furniture);
    parts->panels = parts->programme;
    parts->panels.geometry = furniture_page_geometry(&parts->programme.geometry,
                                                     parts->furniture);
}

static void lay_out(struct glass *glass)
{
    const struct glass_options *options = &glass->options;
    bool turned = lies_on_side(glass);
    int width = turned ? options->height_px : options->width_px;
    int height = turned ? options->width_px : options->height_px;

    glass->whole = (struct page_context){
        .theme = &glass->theme,
        .geometry = geometry_make(width, height, options->height_mm,
                                  options->viewing_mm),
        .metrics = fonts_metrics(glass->fonts),
        .motion = options->motion,
        .zone = options->zone,
        .utc_offset_minutes = options->utc_offset_minutes,
        .safe = options->safe,
    };
    for (int i = 0; i < PRESENTATION_COUNT; i++)
        lay_out_parts(glass, (enum presentation)i);
}

static struct renderer *make_renderer(const struct glass *glass, int width_px,
                                      int height_px)
{
    bool turned = lies_on_side(glass);

    return renderer_create(glass->fonts, turned ? height_px : width_px,
                           turned ? width_px : height_px,
                           glass->options.rotation);
}

/* The theme in the program; a test shows that it can be read. */
static bool read_own_theme(struct theme *out, struct problem *problem)
{
    return theme_parse(builtin_theme, tr("built-in theme"), out, problem);
}

static void tell_own(struct problem *problem)
{
    snprintf(problem->consequence, sizeof problem->consequence,
             "the screen goes on with its own");
    log_problem(LOG_ERROR, "glass", problem);
}

static bool read_theme(struct glass *glass, const char *name,
                       const struct data_path *data, struct problem *problem)
{
    struct problem why = {0};

    if (glass->options.safe)
        return read_own_theme(&glass->theme, problem);
    if (!glass->options.forgiving)
        return glass_read_theme(name, data, &glass->theme, problem);
    if (glass_read_theme(name, data, &glass->theme, &why))
        return true;
    tell_own(&why);
    return read_own_theme(&glass->theme, problem);
}

static bool read_chain(struct glass *glass, const struct data_path *data,
                       char *missing, size_t missing_size,
                       struct problem *problem)
{
    char chain[DATA_PATH_BYTES];
    struct problem why = {0};

    if (!data_path_join(data, "fonts/chain.ini", chain, sizeof chain))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    if (!glass->options.forgiving)
        return fonts_create(chain, &glass->fonts, missing, missing_size,
                            problem);
    if (fonts_create(chain, &glass->fonts, missing, missing_size, &why))
        return true;
    tell_own(&why);
    return fonts_create(NULL, &glass->fonts, missing, missing_size, &why) ||
           fonts_create_single(false, &glass->fonts, problem);
}

static bool open_fonts(struct glass *glass, const struct data_path *data,
                       struct problem *problem)
{
    char missing[512] = "";

    if (glass->options.safe)
        return fonts_create_single(glass->options.bare, &glass->fonts, problem);
    if (!read_chain(glass, data, missing, sizeof missing, problem))
        return false;
    if (missing[0])
        log_write(LOG_WARNING,
                  "fonts: not installed: %s; their characters may be boxes",
                  missing);
    return true;
}

struct glass_options glass_options_of(const struct config *config,
                                      const struct zone *zone)
{
    return (struct glass_options){
        .theme = config->theme,
        .width_px = config->flags.size.width_px,
        .height_px = config->flags.size.height_px,
        .rotation = config->rotation,
        .height_mm = config->height_mm,
        .viewing_mm = config->viewing_mm,
        .motion = (enum motion_level)config->motion,
        .zone = zone,
        .utc_offset_minutes = config->utc_offset_minutes,
        .furniture = config->furniture |
                     (config->ticker[0] ? FURNITURE_TICKER : 0),
    };
}

bool glass_init(struct glass *glass, const struct glass_options *options,
                const struct data_path *data, struct problem *problem)
{
    memset(glass, 0, sizeof *glass);
    glass->options = *options;
    glass->options.theme = NULL;
    if (!read_theme(glass, options->theme, data, problem) ||
        !open_fonts(glass, data, problem))
        return false;
    lay_out(glass);
    glass->renderer = make_renderer(glass, options->width_px,
                                    options->height_px);
    if (!glass->renderer) {
        glass_finish(glass);
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for the glass");
    }
    return true;
}

void glass_finish(struct glass *glass)
{
    draw_list_finish(&glass->list);
    renderer_destroy(glass->renderer);
    fonts_destroy(glass->fonts);
    memset(glass, 0, sizeof *glass);
}

bool glass_resize(struct glass *glass, int width_px, int height_px)
{
    struct renderer *renderer = make_renderer(glass, width_px, height_px);

    if (!renderer)
        return false;
    renderer_destroy(glass->renderer);
    glass->renderer = renderer;
    glass->options.width_px = width_px;
    glass->options.height_px = height_px;
    lay_out(glass);
    return true;
}

static bool has_picture(void *context, const char *digest)
{
    return album_has(context, digest);
}

void glass_use_album(struct glass *glass, struct album *album)
{
    glass->album = album;
    glass->pictures = (struct page_pictures){album, has_picture};
}

/* False: as many were drawn as may be, and more remain. */
static bool draw_glyphs(struct fonts *fonts, const struct draw_item *item,
                        size_t most)
{
    for (size_t i = 0; i < item->text.glyph_count; i++) {
        struct font_origin origin;
        if (fonts_drawn(fonts) >= most)
            return false;
        fonts_glyph_picture(fonts, item->text.role, item->text.size_px,
                            &item->text.glyphs[i], &origin);
    }
    return true;
}

bool glass_draw_ahead(struct glass *glass, const struct draw_list *list,
                      size_t glyphs)
{
    size_t most = fonts_drawn(glass->fonts) + glyphs;

    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == DRAW_TEXT &&
            !draw_glyphs(glass->fonts, &list->items[i], most))
            return true;
    }
    return false;
}

void glass_rest(struct glass *glass)
{
    renderer_rest(glass->renderer);
    fonts_rest(glass->fonts);
}

struct page_context glass_context(const struct glass *glass,
                                  enum message_kind kind,
                                  const struct page_place *place)
{
    const struct glass_parts *parts = &glass->parts[place->presentation];
    struct page_context context = kind == MESSAGE_PANEL ? parts->panels
                                                        : parts->alert;

    context.place = *place;
    context.pictures = glass->album ? &glass->pictures : NULL;
    return context;
}
