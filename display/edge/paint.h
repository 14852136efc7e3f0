/* Paints draw items into XRGB memory with pixman, inside a clip. */
#ifndef GAOSHI_DISPLAY_PAINT_H
#define GAOSHI_DISPLAY_PAINT_H

#include <pixman.h>

#include "display/core/draw_list.h"
#include "display/edge/fonts.h"

struct paint {
    pixman_image_t *image; /* its clip region is what may be touched */
    struct rect clip;      /* the extents of that region */
    struct fonts *fonts;
};

void paint_item(struct paint *paint, const struct draw_item *item);

/* Shapes of paint_shape.c; bounds are known to meet the clip. */
void paint_fill(struct paint *paint, const struct draw_item *item);
void paint_polygon(struct paint *paint, const struct draw_item *item);
void paint_arc(struct paint *paint, const struct draw_item *item);

/* A solid source of the colour; NULL without memory. */
pixman_image_t *paint_source(draw_colour colour);

#endif
