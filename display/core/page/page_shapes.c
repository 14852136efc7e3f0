/* Bars, polygons and rings of templates. */
#include "display/core/page/page_build.h"

#include <math.h>

void page_put_fill(struct page_build *build, struct rect rect, int radius_px,
                   draw_colour colour, enum page_motion motion)
{
    struct draw_item item = {
        .kind = DRAW_FILL, .bounds = rect, .colour = colour};
    item.fill.radius_px = radius_px;
    page_put(build, &item, motion);
}

void page_put_polygon(struct page_build *build,
                      const struct page_corner *points, int count,
                      draw_colour colour)
{
    struct draw_item item = {.kind = DRAW_POLYGON, .colour = colour};
    float left = points[0].x, right = left;
    float top = points[0].y, bottom = top;
    item.polygon.count = count;
    for (int i = 0; i < count; i++) {
        item.polygon.points[i].x = points[i].x;
        item.polygon.points[i].y = points[i].y;
        left = fminf(left, points[i].x);
        right = fmaxf(right, points[i].x);
        top = fminf(top, points[i].y);
        bottom = fmaxf(bottom, points[i].y);
    }
    int x = (int)floorf(left);
    int y = (int)floorf(top);
    item.bounds = (struct rect){x, y, (int)ceilf(right) - x,
                                (int)ceilf(bottom) - y};
    page_put(build, &item, PAGE_APPEAR);
}

void page_put_ring(struct page_build *build, float centre_x, float centre_y,
                   float outer_px, float inner_px, double share,
                   draw_colour colour, enum page_motion motion)
{
    struct draw_item item = {.kind = DRAW_ARC, .colour = colour};
    int x = (int)floorf(centre_x - outer_px);
    int y = (int)floorf(centre_y - outer_px);
    item.bounds = (struct rect){x, y, (int)ceilf(centre_x + outer_px) - x,
                                (int)ceilf(centre_y + outer_px) - y};
    item.arc.centre_x = centre_x;
    item.arc.centre_y = centre_y;
    item.arc.outer_px = outer_px;
    item.arc.inner_px = inner_px;
    item.arc.to_turn = (float)share;
    page_put(build, &item, motion);
}

void page_put_rule(struct page_build *build, int y)
{
    int thick = build->sizes[SIZE_LEGAL] / 20;
    struct rect rule = {build->area.x, y, build->area.width,
                        thick > 0 ? thick : 1};
    page_put_fill(build, rule, 0, build->theme->rule, PAGE_APPEAR);
    page_with_previous(build);
}
