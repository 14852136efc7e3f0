/* Rings and rounded corners: coverage from the distance to the edge, which is
 * smooth at any size. Doubles, so that every machine rounds to the same. */
#include "display/edge/render/renderer_shape.h"

#include <math.h>
#include <string.h>

static const double turn_radians = 6.283185307179586;

static double clamp_unit(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static uint8_t coverage(double distance_inside)
{
    return (uint8_t)(clamp_unit(distance_inside + 0.5) * 255 + 0.5);
}

struct rect shape_arc_bounds(const struct draw_item *item)
{
    double x = (double)item->arc.centre_x, y = (double)item->arc.centre_y;
    double reach = (double)item->arc.outer_px + 0.5;

    if (!(item->arc.outer_px > 0))
        return (struct rect){0};
    return (struct rect){(int)floor(x - reach), (int)floor(y - reach),
                         (int)(ceil(x + reach) - floor(x - reach)),
                         (int)(ceil(y + reach) - floor(y - reach))};
}

/* The two straight edges of a sector: a point's distance to either, positive
 * on the side of the sector. */
struct sector {
    double from_x, from_y, to_x, to_y;
    bool whole, wide;
};

static struct sector sector_make(const struct draw_item *item)
{
    double from = (double)item->arc.from_turn * turn_radians;
    double to = (double)item->arc.to_turn * turn_radians;
    double sweep = (double)item->arc.to_turn - (double)item->arc.from_turn;

    return (struct sector){.from_x = cos(from),
                           .from_y = sin(from),
                           .to_x = -cos(to),
                           .to_y = -sin(to),
                           .whole = sweep >= 1,
                           .wide = sweep > 0.5};
}

static double sector_distance(const struct sector *sector, double x, double y)
{
    if (sector->whole)
        return 1;
    double from = x * sector->from_x + y * sector->from_y;
    double to = x * sector->to_x + y * sector->to_y;
    return sector->wide ? fmax(from, to) : fmin(from, to);
}

/* Half the width of the disc's row at height y; less than 0: none. */
static double half_row(double radius, double y)
{
    double square = radius * radius - y * y;

    return radius > 0 && square > 0 ? sqrt(square) : -1;
}

static void cover_row(const struct draw_item *item, const struct sector *sector,
                      struct rect area, int row, uint8_t *mask)
{
    double outer = (double)item->arc.outer_px;
    double inner = (double)item->arc.inner_px;
    double y = area.y + row + 0.5 - (double)item->arc.centre_y;
    double reach = half_row(outer + 0.5, y);
    double hollow = half_row(inner - 0.5, y);

    for (int column = 0; column < area.width; column++) {
        double x = area.x + column + 0.5 - (double)item->arc.centre_x;
        if (fabs(x) > reach || fabs(x) < hollow)
            continue;
        double radius = sqrt(x * x + y * y);
        double ring = outer - radius;
        if (inner > 0)
            ring = fmin(ring, radius - inner);
        mask[column] = coverage(fmin(ring, sector_distance(sector, x, y)));
    }
}

void shape_cover_arc(const struct draw_item *item, struct rect area,
                     uint8_t *mask, int stride)
{
    const struct sector sector = sector_make(item);

    memset(mask, 0, (size_t)stride * (size_t)area.height);
    if (!(item->arc.to_turn > item->arc.from_turn))
        return;
    for (int row = 0; row < area.height; row++)
        cover_row(item, &sector, area, row,
                  mask + (size_t)row * (size_t)stride);
}

/* Distance along one axis from the nearest corner circle's centre. */
static double past_centre(double at, double from, double to)
{
    return fmax(0, fmax(from - at, at - to));
}

void shape_cover_corner(const struct draw_item *item, struct rect area,
                        uint8_t *mask, int stride)
{
    struct rect r = item->bounds;
    int half = (r.width < r.height ? r.width : r.height) / 2;
    int radius = item->fill.radius_px < half ? item->fill.radius_px : half;

    for (int row = 0; row < area.height; row++) {
        double y = past_centre(area.y + row + 0.5, r.y + radius,
                               r.y + r.height - radius);
        for (int column = 0; column < area.width; column++) {
            double x = past_centre(area.x + column + 0.5, r.x + radius,
                                   r.x + r.width - radius);
            mask[(size_t)row * (size_t)stride + (size_t)column] =
                coverage(radius - sqrt(x * x + y * y));
        }
    }
}
