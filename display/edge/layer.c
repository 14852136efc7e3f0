/* Layers are copied, turned and mixed; loops of our own, because one pass
 * over the memory is what a board without a GPU can afford. */
#include "display/edge/layer.h"

#include <string.h>

#include "display/core/timeline.h"

enum {
    ALPHA_FULL = 256,
    /* The soft edge of a wipe, as a part of the width. */
    WIPE_EDGE_PARTS = 8,
};

bool layer_init(struct layer *layer, int width_px, int height_px)
{
    pixman_image_t *image = pixman_image_create_bits(PIXMAN_x8r8g8b8, width_px,
                                                     height_px, NULL, 0);

    if (!image)
        return false;
    *layer = (struct layer){
        .image = image,
        .pixels = pixman_image_get_data(image),
        .width = width_px,
        .height = height_px,
        .stride = pixman_image_get_stride(image) / (int)sizeof(uint32_t),
    };
    return true;
}

void layer_finish(struct layer *layer)
{
    if (layer && layer->image)
        pixman_image_unref(layer->image);
    if (layer)
        *layer = (struct layer){0};
}

static uint32_t *row_of(const struct layer *layer, int y)
{
    return layer->pixels + (ptrdiff_t)y * layer->stride;
}

void layer_copy(struct layer *to, const struct layer *from)
{
    memcpy(to->pixels, from->pixels,
           (size_t)from->stride * (size_t)from->height * sizeof(uint32_t));
}

static void turn_row(struct layer *to, const uint32_t *row, struct rect part,
                     int y, int rotation, const struct layer *from)
{
    for (int x = part.x; x < part.x + part.width; x++) {
        if (rotation == 90)
            row_of(to, x)[from->height - 1 - y] = row[x];
        else if (rotation == 180)
            row_of(to, from->height - 1 - y)[from->width - 1 - x] = row[x];
        else
            row_of(to, from->width - 1 - x)[y] = row[x];
    }
}

static struct rect turned(struct rect part, int rotation,
                          const struct layer *from)
{
    int right = from->width - part.x - part.width;
    int below = from->height - part.y - part.height;

    if (rotation == 90)
        return (struct rect){below, part.x, part.height, part.width};
    if (rotation == 180)
        return (struct rect){right, below, part.width, part.height};
    return (struct rect){part.y, right, part.height, part.width};
}

struct rect layer_rotate(struct layer *to, const struct layer *from,
                         struct rect part, int rotation)
{
    for (int y = part.y; y < part.y + part.height; y++)
        turn_row(to, row_of(from, y), part, y, rotation, from);
    return turned(part, rotation, from);
}

/* Two channels at a time in one word; 256 parts, so that both ends are
 * exact. Written for the compiler to vectorise. */
static void mix_row(uint32_t *out, const uint32_t *from, const uint32_t *to,
                    const uint16_t *alpha, int width)
{
    for (int x = 0; x < width; x++) {
        uint32_t a = alpha[x], b = ALPHA_FULL - a;
        uint32_t even = (from[x] & 0xFF00FF) * b + (to[x] & 0xFF00FF) * a;
        uint32_t odd = (from[x] >> 8 & 0xFF00FF) * b +
                       (to[x] >> 8 & 0xFF00FF) * a;
        out[x] = (even >> 8 & 0xFF00FF) | (odd & 0xFF00FF00);
    }
}

static void slide_row(uint32_t *out, const uint32_t *from, const uint32_t *to,
                      int offset, int width)
{
    memcpy(out, from + offset, (size_t)(width - offset) * sizeof *out);
    memcpy(out + width - offset, to, (size_t)offset * sizeof *out);
}

static void fade_alpha(uint16_t *alpha, int width, double progress)
{
    for (int x = 0; x < width; x++)
        alpha[x] = (uint16_t)(progress * ALPHA_FULL + 0.5);
}

/* From left to right, the edge wholly outside at both ends. */
static void wipe_alpha(uint16_t *alpha, int width, double progress)
{
    double edge = (double)width / WIPE_EDGE_PARTS;
    double front = progress * (width + edge);

    for (int x = 0; x < width; x++) {
        double share = (front - x) / edge;
        share = share < 0 ? 0 : share > 1 ? 1 : share;
        alpha[x] = (uint16_t)(share * ALPHA_FULL + 0.5);
    }
}

void layer_mix(struct layer *out, const struct layer *from,
               const struct layer *to, enum transition_kind kind,
               double progress, uint16_t *alpha)
{
    double eased = timeline_ease_out(progress);
    int offset = timeline_length(out->width, eased);

    if (kind == TRANSITION_CUT)
        progress = 1;
    if (kind == TRANSITION_WIPE)
        wipe_alpha(alpha, out->width, progress);
    else
        fade_alpha(alpha, out->width, progress);
    for (int y = 0; y < out->height; y++) {
        if (kind == TRANSITION_SLIDE)
            slide_row(row_of(out, y), row_of(from, y), row_of(to, y), offset,
                      out->width);
        else
            mix_row(row_of(out, y), row_of(from, y), row_of(to, y), alpha,
                    out->width);
    }
}
