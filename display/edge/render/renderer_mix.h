/* Mixes pages in transitions, and rotates them for a screen in portrait. */
#ifndef GAOSHI_DISPLAY_RENDERER_MIX_H
#define GAOSHI_DISPLAY_RENDERER_MIX_H

#include "display/core/draw/draw_list.h"
#include "display/core/page/theme.h"

/* XRGB8888; rows without gaps. */
struct pixel_layer {
    uint32_t *pixels;
    int width, height;
};

/* Mixes two layers of the same size inside area into a third. progress 0 is
 * exactly `from`, 1 exactly `to`. What changes goes over the span, of which the
 * area is a part. */
void mix_layers(enum transition_kind kind, double progress,
                const struct pixel_layer *from, const struct pixel_layer *to,
                struct rect area, struct rect span, struct pixel_layer *out);

/* The place of a rectangle of the layer after clockwise rotation. */
struct rect turn_rect(const struct pixel_layer *layer, int rotation,
                      struct rect rect);

/* Copies an area of the layer, rotated; out_x and out_y: where the corner of
 * the copy lies in out. */
void turn_copy(const struct pixel_layer *layer, int rotation, struct rect area,
               struct pixel_layer *out, int out_x, int out_y);

#endif
