/* The CPU executor: keeps the last list, paints what differs, mixes pages. */
#include "display/edge/renderer.h"

#include <stdlib.h>
#include <string.h>

#include "display/edge/layer.h"
#include "display/edge/paint.h"

struct renderer {
    struct fonts *fonts;
    int rotation;
    struct layer canvas;  /* the frame, before rotation */
    struct layer coming;  /* the new page of a transition */
    struct layer leaving; /* the old one */
    struct layer turned;  /* the frame as it hangs; unused at 0 degrees */
    struct draw_list last;
    struct draw_list coming_list;
    uint16_t *alpha; /* a row for transitions */
    bool in_transition;
    bool forgotten; /* the canvas is not what `last` says */
    bool stale;     /* the canvas was not wholly shown */
};

static bool init(struct renderer *renderer, int width_px, int height_px)
{
    bool upright = renderer->rotation % 180 == 0;

    if (renderer->rotation != 0 &&
        !layer_init(&renderer->turned, upright ? width_px : height_px,
                    upright ? height_px : width_px))
        return false;
    renderer->alpha = calloc((size_t)width_px, sizeof *renderer->alpha);
    return renderer->alpha &&
           layer_init(&renderer->canvas, width_px, height_px) &&
           layer_init(&renderer->coming, width_px, height_px) &&
           layer_init(&renderer->leaving, width_px, height_px);
}

struct renderer *renderer_create(struct fonts *fonts, int width_px,
                                 int height_px, int rotation)
{
    struct renderer *renderer = calloc(1, sizeof *renderer);

    if (!renderer)
        return NULL;
    renderer->fonts = fonts;
    renderer->rotation = rotation;
    renderer->forgotten = true;
    if (init(renderer, width_px, height_px))
        return renderer;
    renderer_destroy(renderer);
    return NULL;
}

void renderer_destroy(struct renderer *renderer)
{
    if (!renderer)
        return;
    layer_finish(&renderer->canvas);
    layer_finish(&renderer->coming);
    layer_finish(&renderer->leaving);
    layer_finish(&renderer->turned);
    draw_list_finish(&renderer->last);
    draw_list_finish(&renderer->coming_list);
    free(renderer->alpha);
    free(renderer);
}

static struct rect whole(const struct renderer *renderer)
{
    return (struct rect){0, 0, renderer->canvas.width, renderer->canvas.height};
}

static void paint_list(struct renderer *renderer, struct layer *layer,
                       const struct draw_list *list, const struct rect *parts,
                       size_t count)
{
    struct paint paint = {.image = layer->image, .fonts = renderer->fonts};
    pixman_region32_t region;

    pixman_region32_init(&region);
    for (size_t i = 0; i < count; i++) {
        pixman_region32_union_rect(&region, &region, parts[i].x, parts[i].y,
                                   (unsigned)parts[i].width,
                                   (unsigned)parts[i].height);
        paint.clip = rect_union(paint.clip, parts[i]);
    }
    pixman_image_set_clip_region32(layer->image, &region);
    for (size_t i = 0; i < list->count; i++)
        paint_item(&paint, &list->items[i]);
    pixman_image_set_clip_region32(layer->image, NULL);
    pixman_region32_fini(&region);
}

/* What the rectangles look like as the glass hangs. */
static size_t show(struct renderer *renderer, const struct rect *parts,
                   size_t count, struct rect *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = renderer->rotation == 0
                     ? parts[i]
                     : layer_rotate(&renderer->turned, &renderer->canvas,
                                    parts[i], renderer->rotation);
    return count;
}

static size_t clip_to_glass(const struct renderer *renderer, struct rect *parts,
                            size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct rect part = rect_intersect(parts[i], whole(renderer));
        if (!rect_is_empty(part))
            parts[kept++] = part;
    }
    return kept;
}

size_t renderer_draw(struct renderer *renderer, const struct draw_list *list,
                     struct rect out[RENDERER_DAMAGE_MAX])
{
    struct rect parts[RENDERER_DAMAGE_MAX] = {whole(renderer)};
    size_t count = 1;

    renderer_transition_end(renderer);
    if (!renderer->forgotten)
        count = clip_to_glass(renderer, parts,
                              draw_list_damage(&renderer->last, list, parts,
                                               RENDERER_DAMAGE_MAX));
    if (count == 0 && !renderer->stale)
        return 0;
    paint_list(renderer, &renderer->canvas, list, parts, count);
    renderer->forgotten = !draw_list_copy(&renderer->last, list);
    if (renderer->stale) {
        parts[0] = whole(renderer);
        count = 1;
    }
    renderer->stale = false;
    return show(renderer, parts, count, out);
}

bool renderer_transition_begin(struct renderer *renderer,
                               const struct draw_list *to)
{
    const struct rect glass = whole(renderer);

    renderer_transition_end(renderer);
    if (!draw_list_copy(&renderer->coming_list, to))
        return false;
    layer_copy(&renderer->leaving, &renderer->canvas);
    paint_list(renderer, &renderer->coming, to, &glass, 1);
    renderer->in_transition = true;
    return true;
}

size_t renderer_transition_draw(struct renderer *renderer,
                                enum transition_kind kind, double progress,
                                struct rect out[RENDERER_DAMAGE_MAX])
{
    const struct rect glass = whole(renderer);

    if (!renderer->in_transition)
        return 0;
    layer_mix(&renderer->canvas, &renderer->leaving, &renderer->coming, kind,
              progress, renderer->alpha);
    return show(renderer, &glass, 1, out);
}

void renderer_transition_end(struct renderer *renderer)
{
    if (!renderer->in_transition)
        return;
    struct layer canvas = renderer->canvas;
    renderer->canvas = renderer->coming;
    renderer->coming = canvas;
    struct draw_list last = renderer->last;
    renderer->last = renderer->coming_list;
    renderer->coming_list = last;
    renderer->in_transition = false;
    renderer->forgotten = false;
    renderer->stale = true;
}

struct renderer_pixels renderer_pixels(const struct renderer *renderer)
{
    const struct layer *layer = renderer->rotation == 0 ? &renderer->canvas
                                                        : &renderer->turned;

    return (struct renderer_pixels){
        .pixels = layer->pixels,
        .width = layer->width,
        .height = layer->height,
        .stride_bytes = layer->stride * (int)sizeof(uint32_t),
    };
}

void renderer_forget(struct renderer *renderer)
{
    renderer->forgotten = true;
}
