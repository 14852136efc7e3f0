/* Makes frames on the CPU: keeps the last one, paints the differences, mixes
 * pages in transitions and rotates the result for the glass. */
#include "display/edge/render/renderer.h"

#include "display/edge/render/renderer_mix.h"
#include "display/edge/render/renderer_paint.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BAND_ROWS = 64 };

struct surface {
    struct pixel_layer layer;
    pixman_image_t *image; /* image of the same pixels */
};

struct renderer {
    struct painter painter;
    int rotation;
    struct surface page; /* in the orientation of the draw lists */
    /* Not rotated and not dimmed: the page's own pixels. */
    struct pixel_layer shown;
    int light_percent;
    uint8_t light[256];    /* of each value of a channel, when dimmed */
    struct draw_list kept; /* list that the page shows */
    struct draw_list next; /* next list; swapped with kept */
    struct draw_list step; /* next list one step later; swapped with next */
    bool known;            /* kept is what the page shows */
    bool presented;        /* the last frame shows the page */

    bool in_transition;
    struct surface from, to; /* allocated for the first transition */
    struct rect changed[RENDERER_DAMAGE_MAX];
    size_t changed_count; /* areas where both pages differ */
    double progress;      /* progress drawn last */
    bool moved; /* a slide or a wipe was drawn, which moves all pixels */
};

static struct rect whole(const struct renderer *renderer)
{
    return (struct rect){0, 0, renderer->page.layer.width,
                         renderer->page.layer.height};
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

static bool layer_init(struct pixel_layer *layer, int width, int height)
{
    size_t count = (size_t)width * (size_t)height;

    layer->pixels = calloc(count, sizeof(uint32_t));
    layer->width = width;
    layer->height = height;
    if (layer->pixels)
        renderer_touch(layer->pixels, count * sizeof(uint32_t));
    return layer->pixels != NULL;
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
    surface->image = pixman_image_create_bits_no_clear(
        PIXMAN_x8r8g8b8, width, height, surface->layer.pixels,
        width * (int)sizeof(uint32_t));
    if (!surface->image)
        surface_finish(surface);
    return surface->image != NULL;
}

struct renderer *renderer_create(struct fonts *fonts, int width_px,
                                 int height_px, int rotation)
{
    bool upright = rotation % 180 == 0;
    struct renderer *renderer = calloc(1, sizeof *renderer);

    assert(rotation == 0 || rotation == 90 || rotation == 180 ||
           rotation == 270);
    assert(width_px > 0 && height_px > 0);
    if (!renderer)
        return NULL;
    renderer->painter.fonts = fonts;
    renderer->rotation = rotation;
    renderer->light_percent = 100;
    bool made = surface_init(&renderer->page, width_px, height_px);
    if (rotation == 0)
        renderer->shown = renderer->page.layer;
    else
        made = made &&
               layer_init(&renderer->shown, upright ? width_px : height_px,
                          upright ? height_px : width_px);
    if (made)
        return renderer;
    renderer_destroy(renderer);
    return NULL;
}

void renderer_destroy(struct renderer *renderer)
{
    if (!renderer)
        return;
    if (renderer->shown.pixels != renderer->page.layer.pixels)
        free(renderer->shown.pixels);
    surface_finish(&renderer->page);
    surface_finish(&renderer->from);
    surface_finish(&renderer->to);
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

/* Copies the damage from the page to the shown pixels, rotated and dimmed; the
 * rectangles are rotated as well. */
static void show(struct renderer *renderer, struct rect *damage, size_t count)
{
    if (renderer->shown.pixels == renderer->page.layer.pixels)
        return;
    for (size_t i = 0; i < count; i++) {
        if (renderer->rotation == 0)
            copy_area(&renderer->page.layer, damage[i], &renderer->shown);
        else
            turn_copy(&renderer->page.layer, renderer->rotation, damage[i],
                      &renderer->shown);
        damage[i] = turn_rect(&renderer->page.layer, renderer->rotation,
                              damage[i]);
        if (renderer->light_percent < 100)
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

static void paint(struct renderer *renderer, struct surface *surface,
                  const struct draw_list *list, struct rect clip)
{
    renderer->painter.target = surface->image;
    painter_paint(&renderer->painter, list, clip);
}

/* What is to be turned is painted and turned in bands, so that a band is still
 * in the processor's cache when it is turned. The rectangle is rotated. */
static void paint_and_show(struct renderer *renderer, struct rect *damage)
{
    int end = damage->y + damage->height;
    bool turned = renderer->rotation == 90 || renderer->rotation == 270;
    int rows = turned ? BAND_ROWS : damage->height;

    for (int y = damage->y; y < end; y += rows) {
        struct rect band = {damage->x, y, damage->width,
                            y + rows < end ? rows : end - y};
        paint(renderer, &renderer->page, &renderer->next, band);
        show(renderer, &band, 1);
    }
    if (renderer->shown.pixels != renderer->page.layer.pixels)
        *damage = turn_rect(&renderer->page.layer, renderer->rotation, *damage);
}

/* Without memory for a copy the whole frame is painted directly. */
static size_t draw_without_copy(struct renderer *renderer,
                                const struct draw_list *list,
                                struct rect out[RENDERER_DAMAGE_MAX])
{
    renderer->known = false;
    paint(renderer, &renderer->page, list, whole(renderer));
    fonts_trim(renderer->painter.fonts);
    return show_all(renderer, out);
}

size_t renderer_draw(struct renderer *renderer, const struct draw_list *list,
                     struct rect out[RENDERER_DAMAGE_MAX])
{
    renderer_transition_end(renderer);
    if (!take_list(renderer, list, &renderer->next))
        return draw_without_copy(renderer, list, out);
    size_t count = find_damage(renderer, out);
    bool all = !renderer->known;
    for (size_t i = 0; i < count; i++)
        paint_and_show(renderer, &out[i]);
    swap_lists(&renderer->kept, &renderer->next);
    renderer->known = true;
    fonts_trim(renderer->painter.fonts);
    if (!renderer->presented && !all)
        return show_all(renderer, out);
    renderer->presented = true;
    return count;
}

bool renderer_transition_begin(struct renderer *renderer,
                               const struct draw_list *to)
{
    struct rect all = whole(renderer);

    renderer_transition_end(renderer);
    if (!surface_init(&renderer->from, all.width, all.height) ||
        !surface_init(&renderer->to, all.width, all.height) ||
        !take_list(renderer, to, &renderer->next))
        return false;
    renderer->changed_count = find_damage(renderer, renderer->changed);
    memcpy(renderer->from.layer.pixels, renderer->page.layer.pixels,
           (size_t)all.width * (size_t)all.height * sizeof(uint32_t));
    paint(renderer, &renderer->to, &renderer->next, all);
    fonts_trim(renderer->painter.fonts);
    renderer->in_transition = true;
    renderer->progress = 0;
    renderer->moved = false;
    return true;
}

/* Only a slide moves what both pages show; the other transitions draw where the
 * pages differ. */
static size_t transition_areas(struct renderer *renderer,
                               enum transition_kind kind,
                               struct rect out[RENDERER_DAMAGE_MAX])
{
    if (kind == TRANSITION_SLIDE)
        renderer->moved = true;
    if (renderer->moved) {
        out[0] = whole(renderer);
        return 1;
    }
    memcpy(out, renderer->changed, sizeof renderer->changed);
    return renderer->changed_count;
}

size_t renderer_transition_draw(struct renderer *renderer,
                                enum transition_kind kind, double progress,
                                struct rect out[RENDERER_DAMAGE_MAX])
{
    if (!renderer->in_transition)
        return 0;
    size_t count = transition_areas(renderer, kind, out);
    struct rect span = {0};
    for (size_t i = 0; i < count; i++)
        span = rect_union(span, out[i]);
    for (size_t i = 0; i < count; i++)
        mix_layers(kind, progress, &renderer->from.layer, &renderer->to.layer,
                   out[i], span, &renderer->page.layer);
    renderer->progress = kind == TRANSITION_CUT ? 1 : progress;
    if (!renderer->presented)
        return show_all(renderer, out);
    show(renderer, out, count);
    return count;
}

static size_t layer_bytes(const struct pixel_layer *layer)
{
    return layer->pixels ? (size_t)layer->width * (size_t)layer->height *
                               sizeof *layer->pixels
                         : 0;
}

size_t renderer_bytes(const struct renderer *renderer)
{
    const struct pixel_layer *page = &renderer->page.layer;
    bool own = renderer->shown.pixels != page->pixels;

    return layer_bytes(page) + layer_bytes(&renderer->from.layer) +
           layer_bytes(&renderer->to.layer) +
           (own ? layer_bytes(&renderer->shown) : 0);
}

void renderer_rest(struct renderer *renderer)
{
    if (renderer->in_transition)
        return;
    surface_finish(&renderer->from);
    surface_finish(&renderer->to);
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
        copy_area(&renderer->to.layer, out[i], &renderer->page.layer);
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
    memcpy(renderer->page.layer.pixels, renderer->to.layer.pixels,
           (size_t)renderer->page.layer.width *
               (size_t)renderer->page.layer.height * sizeof(uint32_t));
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
    struct pixel_layer *page = &renderer->page.layer;
    bool own = renderer->rotation != 0 || percent < 100;
    bool owned = renderer->shown.pixels != page->pixels;

    if (percent == renderer->light_percent)
        return true;
    if (own && !owned &&
        !layer_init(&renderer->shown, page->width, page->height)) {
        renderer->shown = *page;
        return false;
    }
    if (!own && owned) {
        free(renderer->shown.pixels);
        renderer->shown = *page;
    }
    renderer->light_percent = percent;
    fill_light(renderer);
    renderer->presented = false;
    return true;
}

void renderer_forget(struct renderer *renderer)
{
    renderer->known = false;
    renderer->presented = false;
}
