/* Paints draw items onto a pixman image, inside a clip. */
#ifndef GAOSHI_DISPLAY_RENDERER_PAINT_H
#define GAOSHI_DISPLAY_RENDERER_PAINT_H

#include "display/core/draw/draw_list.h"
#include "display/edge/text/fonts.h"

#include <pixman.h>

/* A8 memory for the shapes that pixman does not draw; grows as needed. */
struct paint_mask {
    uint8_t *pixels;
    size_t bytes;
};

struct painter {
    pixman_image_t *target; /* XRGB8888; its clip is set here */
    int x, y;               /* the point of the page in the target's corner */
    struct fonts *fonts;
    struct paint_mask mask;
};

void painter_finish(struct painter *painter); /* leaves the target alone */

/* All pixels that the item can touch. They may exceed its bounds: a glyph may
 * reach over its line, a polygon's edge may lie between pixels. */
struct rect painter_bounds(struct painter *painter,
                           const struct draw_item *item);

/* Paints the list inside clip, on black, and nothing outside. The pixels do not
 * depend on the clip. */
void painter_paint(struct painter *painter, const struct draw_list *list,
                   struct rect clip);

#endif
