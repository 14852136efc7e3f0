/* Coverage of shapes: how much of each pixel a ring or a corner takes, 0 to
 * 255, for a part of the shape. */
#ifndef GAOSHI_DISPLAY_RENDERER_SHAPE_H
#define GAOSHI_DISPLAY_RENDERER_SHAPE_H

#include "display/core/draw/draw_list.h"

/* area lies on the glass; mask holds area.height rows of stride bytes. */
void shape_cover_arc(const struct draw_item *item, struct rect area,
                     uint8_t *mask, int stride);
void shape_cover_corner(const struct draw_item *item, struct rect area,
                        uint8_t *mask, int stride);

struct rect shape_arc_bounds(const struct draw_item *item);

#endif
