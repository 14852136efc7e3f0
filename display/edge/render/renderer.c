/* Makes frames on the CPU: keeps the last one as it is on the glass, paints the
 * differences, rotates them for the glass, and mixes pages in transitions. */
#include "display/edge/render/renderer.h"

#include "display/edge/render/renderer_mix.h"
#include "display/edge/render/renderer_paint.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    /* A page that is to be rotated is painted in bands of so many rows, and
     * each is rotated while it is in the processor's cache. */
    BAND_ROWS = 64,
    /* A row of a band is an odd number of cache lines long, so that rows that
     * are read together do not evict each other. */
    LINE_PIXELS = 16,
    LARGE_PAGE_BYTES = 2 * 1024 * 1024,
};

struct surface {
    struct pixel_layer layer;
    pixman_image_t *image; /* image of the same pixels */
};

struct renderer {
    struct painter painter;
    int rotation;
    int width, height;   /* of the draw lists */
    struct surface page; /* rotated; its pixels are lent or own */
    struct surface band; /* not rotated; only where pages are */
    /* What is on the glass: the page, or a dimmed copy of it. */
    struct pixel_layer shown;
    uint32_t *lent;            /* the caller's; NULL: none */
    struct pixel_layer own;    /* of the page where none are lent */
    struct pixel_layer dimmed; /* of the copy where none are lent */
    bool touched;              /* own */
    int light_percent;
    uint8_t light[256];    /* of each value of a channel, when dimmed */
    struct draw_list kept; /* list that the page shows */
    struct draw_list next; /* next list; swapped with kept */
    struct draw_list step; /* next list one step later; swapped with next */
    bool known;            /* kept is what the page shows */
    bool presented;        /* the last frame shows the page */

    bool in_transition;
    /* Not rotated; allocated for the first transition. Where pages are rotated,
     * both are mixed in a third. */
    struct surface from, to, mix;
    struct rect changed[RENDERER_DAMAGE_MAX];
    size_t changed_count; /* areas where both pages differ */
    double progress;      /* progress drawn last */
    bool lost; /* during a transition the page's pixels were: all is mixed */
};

static struct rect whole(const struct renderer *renderer)
{
    return (struct rect){0, 0, renderer->width, renderer->height};
}

/* Where a part of the page lies on the glass. */
static struct rect turned(const struct renderer *renderer, struct rect part)
{
    const struct pixel_layer all = {NULL, renderer->width, renderer->height};

    return turn_rect(&all, renderer->rotation, part);
}

void renderer_touch(void *pixels, size_t bytes)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = (uintptr_t)pixels & ~(page - 1);
    size_t length = (((uintptr_t)pixels + bytes) & ~(page - 1)) - begin;

    /* A kernel that cannot does it at the first write. */
    madvise((void *)begin, length, MADV_HUGEPAGE);
    madvise((void *)begin, length, MADV_POPULATE_WRITE);
}

static size_t layer_bytes(const struct pixel_layer *layer)
{
    return layer->pixels ? (size_t)layer->width * (size_t)layer->height *
                               sizeof *layer->pixels
                         : 0;
}

/* A layer of a large glass fills whole large pages: what it has of others costs
 * more at its first touch than all the rest. */
static size_t round_up(size_t bytes)
{
    return (bytes + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES * LARGE_PAGE_BYTES;
}

static void layer_touch(struct pixel_layer *layer)
{
    if (layer_bytes(layer) >= LARGE_PAGE_BYTES)
        renderer_touch(layer->pixels, round_up(layer_bytes(layer)));
}

/* It is painted whole before any of it is shown. */
static bool layer_init(struct pixel_layer *layer, int width, int height)
{
    size_t bytes = (size_t)width * (size_t)height * sizeof(uint32_t);

    if (layer->pixels)
        return true;
    layer->pixels = bytes < LARGE_PAGE_BYTES
                        ? malloc(bytes)
                        : aligned_alloc(LARGE_PAGE_BYTES, round_up(bytes));
    layer->width = width;
    layer->height = height;
    return layer->pixels != NULL;
}

static void layer_finish(struct pixel_layer *layer)
{
    free(layer->pixels);
    layer->pixels = NULL;
}

static void surface_finish(struct surface *surface)
{
    if (surface->image)
        pixman_image_unref(surface->image);
    free(surface->layer.pixels);
    *surface = (struct surface){0};
}

static bool surface_init(struct surface *surface, int width, int height)
{
    if (surface->image)
        return true;
    if (!layer_init(&surface->layer, width, height))
        return false;
    layer_touch(&surface->layer);
    surface->image = pixman_image_create_bits_no_clear(
        PIXMAN_x8r8g8b8, width, height, surface->layer.pixels,
        width * (int)sizeof(uint32_t));
    if (!surface->image)
        surface_finish(surface);
    return surface->image != NULL;
}

static bool band_init(struct renderer *renderer)
{
    int lines = (renderer->width + LINE_PIXELS - 1) / LINE_PIXELS | 1;

    return surface_init(&renderer->band, lines * LINE_PIXELS, BAND_ROWS);
}

/* The page is to be drawn anew, and what a transition shows as well. */
static void lose_page(struct renderer *renderer)
{
    renderer_forget(renderer);
    renderer->lost = true;
    renderer->progress = 0;
}

static bool move_page(struct renderer *renderer, struct pixel_layer to)
{
    pixman_image_t *image = NULL;

    if (to.pixels == renderer->page.layer.pixels)
        return true;
    image = pixman_image_create_bits_no_clear(PIXMAN_x8r8g8b8, to.width,
                                              to.height, to.pixels,
                                              to.width * (int)sizeof(uint32_t));
    if (!image)
        return false;
    if (renderer->page.image)
        pixman_image_unref(renderer->page.image);
    renderer->page = (struct surface){to, image};
    lose_page(renderer);
    return true;
}

/* Finds memory for the page and for what is shown. False: no memory, nothing
 * changes. */
static bool place_layers(struct renderer *renderer, uint32_t *lent, int percent)
{
    struct rect glass = turned(renderer, whole(renderer));
    struct pixel_layer borrowed = {lent, glass.width, glass.height};
    bool dims = percent < 100;
    bool copies = dims && !lent;

    if (((dims || !lent) &&
         !layer_init(&renderer->own, glass.width, glass.height)) ||
        (copies && !layer_init(&renderer->dimmed, glass.width, glass.height)) ||
        !move_page(renderer, dims || !lent ? renderer->own : borrowed))
        return false;
    renderer->shown = lent ? borrowed : dims ? renderer->dimmed : renderer->own;
    if (!dims && lent) {
        layer_finish(&renderer->own);
        renderer->touched = false;
    }
    if (!copies)
        layer_finish(&renderer->dimmed);
    renderer->lent = lent;
    renderer->light_percent = percent;
    renderer->presented = false;
    return true;
}

struct renderer *renderer_create(struct fonts *fonts, int width_px,
                                 int height_px, int rotation)
{
    struct renderer *renderer = calloc(1, sizeof *renderer);

    assert(rotation == 0 || rotation == 90 || rotation == 180 ||
           rotation == 270);
    assert(width_px > 0 && height_px > 0);
    if (!renderer)
        return NULL;
    renderer->painter.fonts = fonts;
    renderer->rotation = rotation;
    renderer->width = width_px;
    renderer->height = height_px;
    renderer->light_percent = 100;
    if ((rotation == 0 || band_init(renderer)) &&
        place_layers(renderer, NULL, 100))
        return renderer;
    renderer_destroy(renderer);
    return NULL;
}

/* The layers of a transition. */
static void release_layers(struct renderer *renderer)
{
    surface_finish(&renderer->from);
    surface_finish(&renderer->to);
    surface_finish(&renderer->mix);
}

void renderer_destroy(struct renderer *renderer)
{
    if (!renderer)
        return;
    if (renderer->page.image)
        pixman_image_unref(renderer->page.image);
    layer_finish(&renderer->own);
    layer_finish(&renderer->dimmed);
    surface_finish(&renderer->band);
    release_layers(renderer);
    draw_list_finish(&renderer->kept);
    draw_list_finish(&renderer->next);
    draw_list_finish(&renderer->step);
    painter_finish(&renderer->painter);
    free(renderer);
}

/* Copies the list and sets the bounds of each item to what is really painted,
 * which may be more than the layout computed. */
static bool take_list(struct renderer *renderer, const struct draw_list *list,
                      struct draw_list *taken)
{
    if (!draw_list_copy(taken, list))
        return false;
    for (size_t i = 0; i < taken->count; i++)
        taken->items[i].bounds = painter_bounds(&renderer->painter,
                                                &taken->items[i]);
    return true;
}

static void swap_lists(struct draw_list *a, struct draw_list *b)
{
    struct draw_list old = *a;

    *a = *b;
    *b = old;
}

/* The areas of the glass where two frames differ. */
static size_t find_difference(const struct renderer *renderer,
                              const struct draw_list *before,
                              const struct draw_list *after, struct rect *out,
                              size_t max)
{
    size_t count = draw_list_damage(before, after, out, max);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct rect visible = rect_intersect(out[i], whole(renderer));
        if (!rect_is_empty(visible))
            out[kept++] = visible;
    }
    return kept;
}

static size_t find_damage(const struct renderer *renderer,
                          struct rect out[RENDERER_DAMAGE_MAX])
{
    if (renderer->known)
        return find_difference(renderer, &renderer->kept, &renderer->next, out,
                               RENDERER_DAMAGE_MAX);
    out[0] = whole(renderer);
    return 1;
}

static void copy_area(const struct pixel_layer *from, struct rect area,
                      struct pixel_layer *to)
{
    for (int y = area.y; y < area.y + area.height; y++) {
        size_t at = (size_t)y * (size_t)from->width + (size_t)area.x;
        memcpy(to->pixels + at, from->pixels + at,
               (size_t)area.width * sizeof(uint32_t));
    }
}

static void dim_area(const struct renderer *renderer, struct rect area)
{
    const uint8_t *light = renderer->light;

    for (int y = area.y; y < area.y + area.height; y++) {
        uint32_t *row = renderer->shown.pixels +
                        (size_t)y * (size_t)renderer->shown.width;
        for (int x = area.x; x < area.x + area.width; x++) {
            uint32_t pixel = row[x];
            row[x] = (uint32_t)light[pixel >> 16 & 255] << 16 |
                     (uint32_t)light[pixel >> 8 & 255] << 8 |
                     light[pixel & 255];
        }
    }
}

/* What was drawn into the page goes to the shown pixels, if these are others;
 * the rectangles are rotated. */
static void show(struct renderer *renderer, struct rect *damage, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        damage[i] = turned(renderer, damage[i]);
        if (renderer->shown.pixels == renderer->page.layer.pixels)
            continue;
        copy_area(&renderer->page.layer, damage[i], &renderer->shown);
        dim_area(renderer, damage[i]);
    }
}

/* The last presented frame is not known: the whole page is damage. */
static size_t show_all(struct renderer *renderer,
                       struct rect out[RENDERER_DAMAGE_MAX])
{
    out[0] = whole(renderer);
    show(renderer, out, 1);
    renderer->presented = true;
    return 1;
}

/* Paints an upright layer. */
static void paint(struct renderer *renderer, struct surface *surface,
                  const struct draw_list *list, struct rect clip)
{
    renderer->painter.target = surface->image;
    renderer->painter.x = renderer->painter.y = 0;
    painter_paint(&renderer->painter, list, clip);
}

/* Puts a part of an upright layer as large as the page onto the page. */
static void put_part(struct renderer *renderer, const struct surface *from,
                     struct rect part)
{
    struct rect to = turned(renderer, part);

    if (renderer->rotation == 0)
        copy_area(&from->layer, part, &renderer->page.layer);
    else
        turn_copy(&from->layer, renderer->rotation, part, &renderer->page.layer,
                  to.x, to.y);
}

static void paint_band(struct renderer *renderer, const struct draw_list *list,
                       struct rect band)
{
    struct rect to = turned(renderer, band);

    renderer->painter.target = renderer->band.image;
    renderer->painter.x = band.x;
    renderer->painter.y = band.y;
    painter_paint(&renderer->painter, list, band);
    turn_copy(&renderer->band.layer, renderer->rotation,
              (struct rect){0, 0, band.width, band.height},
              &renderer->page.layer, to.x, to.y);
}

static void paint_page(struct renderer *renderer, const struct draw_list *list,
                       struct rect clip)
{
    int end = clip.y + clip.height;

    if (renderer->rotation == 0) {
        paint(renderer, &renderer->page, list, clip);
        return;
    }
    for (int y = clip.y; y < end; y += BAND_ROWS)
        paint_band(renderer, list,
                   (struct rect){clip.x, y, clip.width,
                                 y + BAND_ROWS < end ? BAND_ROWS : end - y});
}

/* Without memory for a copy the whole frame is painted directly. */
static size_t draw_without_copy(struct renderer *renderer,
                                const struct draw_list *list,
                                struct rect out[RENDERER_DAMAGE_MAX])
{
    renderer->known = false;
    paint_page(renderer, list, whole(renderer));
    fonts_trim(renderer->painter.fonts);
    return show_all(renderer, out);
}

static void touch_own(struct renderer *renderer)
{
    if (renderer->own.pixels && !renderer->touched)
        layer_touch(&renderer->own);
    renderer->touched = renderer->own.pixels != NULL;
}

size_t renderer_draw(struct renderer *renderer, const struct draw_list *list,
                     struct rect out[RENDERER_DAMAGE_MAX])
{
    renderer_transition_end(renderer);
    touch_own(renderer);
    if (!take_list(renderer, list, &renderer->next))
        return draw_without_copy(renderer, list, out);
    size_t count = find_damage(renderer, out);
    bool all = !renderer->known;
    for (size_t i = 0; i < count; i++)
        paint_page(renderer, &renderer->next, out[i]);
    show(renderer, out, count);
    swap_lists(&renderer->kept, &renderer->next);
    renderer->known = true;
    fonts_trim(renderer->painter.fonts);
    if (!renderer->presented && !all)
        return show_all(renderer, out);
    renderer->presented = true;
    return count;
}

/* The present page, upright. */
static void keep_page(struct renderer *renderer)
{
    const struct pixel_layer *page = &renderer->page.layer;
    const struct rect all = {0, 0, page->width, page->height};

    if (renderer->rotation == 0)
        copy_area(page, all, &renderer->from.layer);
    else
        turn_copy(page, 360 - renderer->rotation, all, &renderer->from.layer, 0,
                  0);
}

/* Layers of a transition, upright. */
static bool reserve_layers(struct renderer *renderer)
{
    int width = renderer->width, height = renderer->height;

    return surface_init(&renderer->from, width, height) &&
           surface_init(&renderer->to, width, height) &&
           (renderer->rotation == 0 ||
            surface_init(&renderer->mix, width, height));
}

bool renderer_transition_begin(struct renderer *renderer,
                               const struct draw_list *to)
{
    struct rect all = whole(renderer);

    renderer_transition_end(renderer);
    if (!renderer->known || !reserve_layers(renderer) ||
        !take_list(renderer, to, &renderer->next))
        return false;
    renderer->changed_count = find_damage(renderer, renderer->changed);
    keep_page(renderer);
    paint(renderer, &renderer->to, &renderer->next, all);
    fonts_trim(renderer->painter.fonts);
    renderer->in_transition = true;
    renderer->progress = 0;
    renderer->lost = false;
    return true;
}

size_t renderer_transition_draw(struct renderer *renderer,
                                enum transition_kind kind, double progress,
                                struct rect out[RENDERER_DAMAGE_MAX])
{
    if (!renderer->in_transition)
        return 0;
    size_t count = renderer->changed_count;
    struct rect span = {0};
    memcpy(out, renderer->changed, sizeof renderer->changed);
    for (size_t i = 0; i < count; i++)
        span = rect_union(span, out[i]);
    if (renderer->lost) {
        out[0] = whole(renderer);
        span = count > 0 ? span : out[0];
        count = 1;
        renderer->lost = false;
    }
    struct surface *mixed = renderer->rotation == 0 ? &renderer->page
                                                    : &renderer->mix;
    for (size_t i = 0; i < count; i++) {
        mix_layers(kind, progress, &renderer->from.layer, &renderer->to.layer,
                   out[i], span, &mixed->layer);
        if (mixed != &renderer->page)
            put_part(renderer, mixed, out[i]);
    }
    renderer->progress = kind == TRANSITION_CUT ? 1 : progress;
    if (!renderer->presented)
        return show_all(renderer, out);
    show(renderer, out, count);
    return count;
}

size_t renderer_bytes(const struct renderer *renderer)
{
    return layer_bytes(&renderer->own) + layer_bytes(&renderer->dimmed) +
           layer_bytes(&renderer->band.layer) +
           layer_bytes(&renderer->from.layer) +
           layer_bytes(&renderer->to.layer) + layer_bytes(&renderer->mix.layer);
}

void renderer_rest(struct renderer *renderer)
{
    if (!renderer->in_transition)
        release_layers(renderer);
}

size_t renderer_transition_step(struct renderer *renderer,
                                const struct draw_list *to,
                                struct rect out[RENDERER_STEP_MAX])
{
    if (!renderer->in_transition || !take_list(renderer, to, &renderer->step))
        return 0;
    size_t count = find_difference(renderer, &renderer->next, &renderer->step,
                                   out, RENDERER_STEP_MAX);
    for (size_t i = 0; i < count; i++) {
        paint(renderer, &renderer->to, &renderer->step, out[i]);
        copy_area(&renderer->to.layer, out[i], &renderer->from.layer);
        put_part(renderer, &renderer->to, out[i]);
    }
    swap_lists(&renderer->next, &renderer->step);
    show(renderer, out, count);
    return count;
}

/* If it ends early, the page differs from the mix that was presented last. */
void renderer_transition_end(struct renderer *renderer)
{
    struct rect all[RENDERER_DAMAGE_MAX];

    if (!renderer->in_transition)
        return;
    renderer->in_transition = false;
    swap_lists(&renderer->kept, &renderer->next);
    renderer->known = true;
    if (renderer->progress >= 1)
        return;
    put_part(renderer, &renderer->to, whole(renderer));
    show_all(renderer, all);
    renderer->presented = false;
}

struct renderer_pixels renderer_pixels(const struct renderer *renderer)
{
    return (struct renderer_pixels){
        .pixels = renderer->shown.pixels,
        .width = renderer->shown.width,
        .height = renderer->shown.height,
        .stride_bytes = renderer->shown.width * (int)sizeof(uint32_t),
    };
}

/* Light is a power of 2.2 of what a channel says, so that part of it is a
 * factor for each value. */
static void fill_light(struct renderer *renderer)
{
    double factor = pow(renderer->light_percent / 100.0, 1 / 2.2);

    for (int i = 0; i < 256; i++)
        renderer->light[i] = (uint8_t)lround(i * factor);
}

bool renderer_set_light(struct renderer *renderer, int percent)
{
    if (percent == renderer->light_percent)
        return true;
    if (!place_layers(renderer, renderer->lent, percent))
        return false;
    fill_light(renderer);
    return true;
}

bool renderer_use(struct renderer *renderer, uint32_t *pixels, bool fresh)
{
    if (pixels != renderer->lent &&
        !place_layers(renderer, pixels, renderer->light_percent))
        return false;
    if (fresh && renderer->page.layer.pixels == pixels)
        lose_page(renderer);
    renderer->presented &= !fresh;
    return true;
}

void renderer_forget(struct renderer *renderer)
{
    renderer->known = false;
    renderer->presented = false;
}
