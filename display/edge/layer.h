/* One picture of the whole glass: XRGB8888, and what transitions do to two of
 * them. */
#ifndef GAOSHI_DISPLAY_LAYER_H
#define GAOSHI_DISPLAY_LAYER_H

#include <pixman.h>

#include "display/core/draw_list.h"
#include "display/core/theme.h"

struct layer {
    pixman_image_t *image;
    uint32_t *pixels;
    int width, height;
    int stride; /* in pixels */
};

bool layer_init(struct layer *layer, int width_px, int height_px);
void layer_finish(struct layer *layer); /* zeroed: nothing */

void layer_copy(struct layer *to, const struct layer *from);

/* The part of `from` as it looks turned clockwise by rotation degrees; where
 * it lies in `to` is returned. */
struct rect layer_rotate(struct layer *to, const struct layer *from,
                         struct rect part, int rotation);

/* Both pages mixed, progress 0 … 1: exactly `from` at 0, `to` at 1. alpha
 * has room for a row. All three layers have one size. */
void layer_mix(struct layer *out, const struct layer *from,
               const struct layer *to, enum transition_kind kind,
               double progress, uint16_t *alpha);

#endif
