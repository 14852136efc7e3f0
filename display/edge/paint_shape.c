/* Rectangles with round corners, polygons and rings, with smooth edges. */
#include "display/edge/paint.h"

#include <math.h>
#include <stdlib.h>

/* A mask over part of the glass. */
struct mask {
    struct rect place;
    pixman_image_t *image;
    uint8_t *bits;
    int stride;
};

static bool mask_init(struct mask *mask, struct rect place)
{
    mask->place = place;
    mask->image = pixman_image_create_bits(PIXMAN_a8, place.width, place.height,
                                           NULL, 0);
    if (!mask->image)
        return false;
    mask->bits = (uint8_t *)pixman_image_get_data(mask->image);
    mask->stride = pixman_image_get_stride(mask->image);
    return true;
}

static void mask_paint(const struct mask *mask, struct paint *paint,
                       pixman_image_t *source)
{
    pixman_image_composite32(PIXMAN_OP_OVER, source, mask->image, paint->image,
                             0, 0, 0, 0, mask->place.x, mask->place.y,
                             mask->place.width, mask->place.height);
    pixman_image_unref(mask->image);
}

/* How much of a pixel lies inside, by its distance from the edge. */
static float coverage(float inside_px)
{
    return fminf(fmaxf(inside_px + 0.5f, 0.0f), 1.0f);
}

static uint8_t to_alpha(float share)
{
    return (uint8_t)lrintf(share * 255.0f);
}

static void fill_plain(struct paint *paint, pixman_image_t *source,
                       struct rect rect)
{
    rect = rect_intersect(rect, paint->clip);
    if (rect_is_empty(rect))
        return;
    pixman_image_composite32(PIXMAN_OP_OVER, source, NULL, paint->image, 0, 0,
                             0, 0, rect.x, rect.y, rect.width, rect.height);
}

/* One corner; (centre_x, centre_y) is where its arc is drawn from. */
static void fill_corner(struct paint *paint, pixman_image_t *source,
                        struct rect corner, float centre_x, float centre_y,
                        float radius_px)
{
    struct mask mask;

    if (rect_is_empty(rect_intersect(corner, paint->clip)) ||
        !mask_init(&mask, corner))
        return;
    for (int y = 0; y < corner.height; y++) {
        uint8_t *row = mask.bits + (ptrdiff_t)y * mask.stride;
        float dy = (float)(corner.y + y) + 0.5f - centre_y;
        for (int x = 0; x < corner.width; x++) {
            float dx = (float)(corner.x + x) + 0.5f - centre_x;
            row[x] = to_alpha(coverage(radius_px - sqrtf(dx * dx + dy * dy)));
        }
    }
    mask_paint(&mask, paint, source);
}

static void fill_round(struct paint *paint, pixman_image_t *source,
                       struct rect rect, int radius)
{
    const int right = rect.x + rect.width - radius;
    const int bottom = rect.y + rect.height - radius;
    const float inner_left = (float)(rect.x + radius);
    const float inner_top = (float)(rect.y + radius);

    for (int i = 0; i < 4; i++) {
        bool is_right = i & 1, is_low = i & 2;
        const struct rect corner = {is_right ? right : rect.x,
                                    is_low ? bottom : rect.y, radius, radius};
        fill_corner(paint, source, corner, is_right ? (float)right : inner_left,
                    is_low ? (float)bottom : inner_top, (float)radius);
    }
    fill_plain(paint, source,
               (struct rect){rect.x + radius, rect.y, rect.width - 2 * radius,
                             radius});
    fill_plain(paint, source,
               (struct rect){rect.x, rect.y + radius, rect.width,
                             rect.height - 2 * radius});
    fill_plain(paint, source,
               (struct rect){rect.x + radius, bottom, rect.width - 2 * radius,
                             radius});
}

void paint_fill(struct paint *paint, const struct draw_item *item)
{
    pixman_image_t *source = paint_source(item->colour);
    struct rect rect = item->bounds;
    int radius = item->fill.radius_px;
    int shorter = rect.width < rect.height ? rect.width : rect.height;

    if (!source)
        return;
    if (radius > shorter / 2)
        radius = shorter / 2;
    if (radius > 0)
        fill_round(paint, source, rect, radius);
    else
        fill_plain(paint, source, rect);
    pixman_image_unref(source);
}

static pixman_point_fixed_t corner_of(const struct draw_item *item, int i)
{
    return (pixman_point_fixed_t){
        pixman_double_to_fixed((double)item->polygon.points[i].x),
        pixman_double_to_fixed((double)item->polygon.points[i].y)};
}

void paint_polygon(struct paint *paint, const struct draw_item *item)
{
    pixman_triangle_t fan[DRAW_POLYGON_POINTS];
    pixman_image_t *source = paint_source(item->colour);
    int count = item->polygon.count - 2;

    if (!source)
        return;
    for (int i = 0; i < count; i++)
        fan[i] = (pixman_triangle_t){corner_of(item, 0), corner_of(item, i + 1),
                                     corner_of(item, i + 2)};
    if (count > 0)
        pixman_composite_triangles(PIXMAN_OP_OVER, source, paint->image,
                                   PIXMAN_a8, 0, 0, 0, 0, count, fan);
    pixman_image_unref(source);
}

/* A ring sector as distances: from the centre, and from the two rays that
 * bound it. Turns run clockwise from twelve o'clock. */
struct sector {
    float outer_px, inner_px;
    float from_x, from_y, to_x, to_y; /* directions of the rays */
    bool whole, wide;                 /* all around; over half a turn */
};

static struct sector sector_of(const struct draw_item *item)
{
    const float turn = 6.28318530718f;
    float from = item->arc.from_turn * turn;
    float to = item->arc.to_turn * turn;
    float span = item->arc.to_turn - item->arc.from_turn;

    return (struct sector){
        .outer_px = item->arc.outer_px,
        .inner_px = item->arc.inner_px,
        .from_x = sinf(from),
        .from_y = -cosf(from),
        .to_x = sinf(to),
        .to_y = -cosf(to),
        .whole = span >= 1.0f,
        .wide = span > 0.5f,
    };
}

static float sector_coverage(const struct sector *sector, float x, float y)
{
    float distance = sqrtf(x * x + y * y);
    float ring = fminf(coverage(sector->outer_px - distance),
                       coverage(distance - sector->inner_px));

    if (sector->whole || ring <= 0.0f)
        return ring;
    float after = coverage(sector->from_x * y - sector->from_y * x);
    float before = coverage(x * sector->to_y - y * sector->to_x);
    float wedge = sector->wide ? fmaxf(after, before) : fminf(after, before);
    return fminf(ring, wedge);
}

void paint_arc(struct paint *paint, const struct draw_item *item)
{
    struct sector sector = sector_of(item);
    struct rect place = rect_intersect(item->bounds, paint->clip);
    pixman_image_t *source;
    struct mask mask;

    if (item->arc.to_turn <= item->arc.from_turn || !mask_init(&mask, place))
        return;
    for (int y = 0; y < place.height; y++) {
        uint8_t *row = mask.bits + (ptrdiff_t)y * mask.stride;
        float dy = (float)(place.y + y) + 0.5f - item->arc.centre_y;
        for (int x = 0; x < place.width; x++) {
            float dx = (float)(place.x + x) + 0.5f - item->arc.centre_x;
            row[x] = to_alpha(sector_coverage(&sector, dx, dy));
        }
    }
    source = paint_source(item->colour);
    if (!source) {
        pixman_image_unref(mask.image);
        return;
    }
    mask_paint(&mask, paint, source);
    pixman_image_unref(source);
}
