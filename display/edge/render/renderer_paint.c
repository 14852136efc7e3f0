/* Paints with pixman on the CPU. pixman draws fills, polygons and glyphs. Rings
 * and rounded corners are drawn here: the coverage of a pixel follows from its
 * distance to the edge, which is smooth at any size. It is computed in doubles,
 * so that every machine rounds alike. */
#include "display/edge/render/renderer_paint.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A first fill of so many pixels is worth a look at what lies on it. */
enum { GROUND_PIXELS = 64 * 1024 };

static const double turn_radians = 6.283185307179586;

static double clamp_unit(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static uint8_t coverage(double distance_inside)
{
    return (uint8_t)(clamp_unit(distance_inside + 0.5) * 255 + 0.5);
}

static struct rect arc_bounds(const struct draw_item *item)
{
    double x = (double)item->arc.centre_x, y = (double)item->arc.centre_y;
    double reach = (double)item->arc.outer_px + 0.5;

    if (!(item->arc.outer_px > 0))
        return (struct rect){0};
    return (struct rect){(int)floor(x - reach), (int)floor(y - reach),
                         (int)(ceil(x + reach) - floor(x - reach)),
                         (int)(ceil(y + reach) - floor(y - reach))};
}

/* The two straight edges of a sector, to compute a point's distance to each,
 * positive inside the sector. */
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

/* A ring covers a pixel only in part near its edges; where it lies well inside,
 * only the sector's edges matter, and no root is drawn. */
static void cover_row(const struct draw_item *item, const struct sector *sector,
                      struct rect area, int row, uint8_t *mask)
{
    double outer = (double)item->arc.outer_px;
    double inner = (double)item->arc.inner_px;
    double y = area.y + row + 0.5 - (double)item->arc.centre_y;
    double reach = half_row(outer + 0.5, y);
    double hollow = half_row(inner - 0.5, y);
    double solid_from = inner > 0 ? half_row(inner + 0.5, y) : -1;
    double solid_to = half_row(outer - 0.5, y);
    double left = (double)item->arc.centre_x - reach - 1 - area.x;
    double right = (double)item->arc.centre_x + reach + 1 - area.x;
    int end = right < area.width ? (int)right : area.width;

    for (int column = left > 0 ? (int)left : 0; column < end; column++) {
        double x = area.x + column + 0.5 - (double)item->arc.centre_x;
        if (fabs(x) > reach || fabs(x) < hollow)
            continue;
        if (fabs(x) > solid_from && fabs(x) < solid_to) {
            mask[column] = coverage(sector_distance(sector, x, y));
            continue;
        }
        double radius = sqrt(x * x + y * y);
        double ring = outer - radius;
        if (inner > 0)
            ring = fmin(ring, radius - inner);
        mask[column] = coverage(fmin(ring, sector_distance(sector, x, y)));
    }
}

static void cover_arc(const struct draw_item *item, struct rect area,
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

static void cover_corner(const struct draw_item *item, struct rect area,
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

void painter_finish(struct painter *painter)
{
    free(painter->mask.pixels);
    painter->mask = (struct paint_mask){0};
}

static struct font_picture glyph_picture(struct painter *painter,
                                         const struct draw_item *item, size_t i,
                                         struct rect *area)
{
    const struct typeset_glyph *glyph = &item->text.glyphs[i];
    struct font_origin origin;
    struct font_picture picture = fonts_glyph_picture(
        painter->fonts, item->text.role, item->text.size_px, glyph, &origin);

    *area = (struct rect){0};
    if (picture.pixels)
        *area = (struct rect){item->text.x + origin.x_px + picture.left_px,
                              item->text.baseline_y - origin.rise_px -
                                  picture.top_px,
                              picture.width, picture.height};
    return picture;
}

static struct rect text_bounds(struct painter *painter,
                               const struct draw_item *item)
{
    struct rect bounds = {0};

    for (size_t i = 0; i < item->text.glyph_count; i++) {
        struct rect area;
        glyph_picture(painter, item, i, &area);
        bounds = rect_union(bounds, area);
    }
    return bounds;
}

static struct rect polygon_bounds(const struct draw_item *item)
{
    double left = INFINITY, top = INFINITY;
    double right = -INFINITY, bottom = -INFINITY;

    for (int i = 0; i < item->polygon.count; i++) {
        left = fmin(left, (double)item->polygon.points[i].x);
        right = fmax(right, (double)item->polygon.points[i].x);
        top = fmin(top, (double)item->polygon.points[i].y);
        bottom = fmax(bottom, (double)item->polygon.points[i].y);
    }
    if (!(left < right) || !(top < bottom))
        return (struct rect){0};
    return (struct rect){(int)floor(left), (int)floor(top),
                         (int)(ceil(right) - floor(left)),
                         (int)(ceil(bottom) - floor(top))};
}

struct rect painter_bounds(struct painter *painter,
                           const struct draw_item *item)
{
    switch (item->kind) {
    case DRAW_FILL:
    case DRAW_PICTURE:
        return item->bounds;
    case DRAW_POLYGON:
        return polygon_bounds(item);
    case DRAW_ARC:
        return arc_bounds(item);
    case DRAW_TEXT:
        return text_bounds(painter, item);
    }
    return item->bounds;
}

static unsigned alpha_of(draw_colour colour)
{
    return colour >> 24;
}

/* pixman expects 16 bits a channel, multiplied by alpha. */
static pixman_color_t premultiplied(draw_colour colour)
{
    unsigned alpha = alpha_of(colour);

    return (pixman_color_t){
        .red = (uint16_t)(((colour >> 16) & 0xFF) * 257 * alpha / 255),
        .green = (uint16_t)(((colour >> 8) & 0xFF) * 257 * alpha / 255),
        .blue = (uint16_t)((colour & 0xFF) * 257 * alpha / 255),
        .alpha = (uint16_t)(alpha * 257),
    };
}

static void fill_rect(struct painter *painter, struct rect rect,
                      draw_colour colour, struct rect clip)
{
    struct rect part = rect_intersect(rect, clip);
    const pixman_color_t source = premultiplied(colour);

    if (rect_is_empty(part))
        return;
    int x = part.x - painter->x, y = part.y - painter->y;
    pixman_box32_t box = {x, y, x + part.width, y + part.height};
    pixman_image_fill_boxes(alpha_of(colour) == 255 ? PIXMAN_OP_SRC
                                                    : PIXMAN_OP_OVER,
                            painter->target, &source, 1, &box);
}

static uint8_t *mask_reserve(struct paint_mask *mask, size_t bytes)
{
    if (bytes <= mask->bytes)
        return mask->pixels;
    uint8_t *pixels = realloc(mask->pixels, bytes);
    if (!pixels)
        return NULL;
    mask->pixels = pixels;
    mask->bytes = bytes;
    return pixels;
}

static void composite_mask(struct painter *painter, draw_colour colour,
                           const uint8_t *pixels, int stride, struct rect area)
{
    const pixman_color_t premul = premultiplied(colour);
    /* pixman's images are not const, but a mask is only read. */
    pixman_image_t *mask = pixman_image_create_bits_no_clear(
        PIXMAN_a8, area.width, area.height, (uint32_t *)(uintptr_t)pixels,
        stride);
    pixman_image_t *source = pixman_image_create_solid_fill(&premul);

    if (mask && source)
        pixman_image_composite32(PIXMAN_OP_OVER, source, mask, painter->target,
                                 0, 0, 0, 0, area.x - painter->x,
                                 area.y - painter->y, area.width, area.height);
    if (mask)
        pixman_image_unref(mask);
    if (source)
        pixman_image_unref(source);
}

/* Coverage of a shape, computed for the pixels inside the clip only. */
typedef void shape_cover(const struct draw_item *item, struct rect area,
                         uint8_t *mask, int stride);

static void paint_shape(struct painter *painter, const struct draw_item *item,
                        shape_cover *cover, struct rect bounds,
                        struct rect clip)
{
    struct rect area = rect_intersect(bounds, clip);

    if (rect_is_empty(area))
        return;
    int stride = (area.width + 3) / 4 * 4;
    uint8_t *mask = mask_reserve(&painter->mask,
                                 (size_t)stride * (size_t)area.height);
    if (!mask)
        return;
    cover(item, area, mask, stride);
    composite_mask(painter, item->colour, mask, stride, area);
}

static int corner_radius(const struct draw_item *item)
{
    int half = item->bounds.width < item->bounds.height
                   ? item->bounds.width / 2
                   : item->bounds.height / 2;
    return item->fill.radius_px < half ? item->fill.radius_px : half;
}

/* Paints a band in the middle and two narrower ones; only the corners need
 * coverage. */
static void paint_fill(struct painter *painter, const struct draw_item *item,
                       struct rect clip)
{
    struct rect r = item->bounds;
    int radius = corner_radius(item);

    if (radius <= 0) {
        fill_rect(painter, r, item->colour, clip);
        return;
    }
    int inner = r.width - 2 * radius;
    int right = r.x + r.width - radius, bottom = r.y + r.height - radius;
    fill_rect(painter,
              (struct rect){r.x, r.y + radius, r.width, r.height - 2 * radius},
              item->colour, clip);
    fill_rect(painter, (struct rect){r.x + radius, r.y, inner, radius},
              item->colour, clip);
    fill_rect(painter, (struct rect){r.x + radius, bottom, inner, radius},
              item->colour, clip);
    const struct rect corners[] = {{r.x, r.y, radius, radius},
                                   {right, r.y, radius, radius},
                                   {r.x, bottom, radius, radius},
                                   {right, bottom, radius, radius}};
    for (int i = 0; i < 4; i++)
        paint_shape(painter, item, cover_corner, corners[i], clip);
}

static pixman_point_fixed_t fixed_point(const struct draw_item *item, int i)
{
    return (pixman_point_fixed_t){
        pixman_double_to_fixed((double)item->polygon.points[i].x),
        pixman_double_to_fixed((double)item->polygon.points[i].y)};
}

/* Paints a fan of triangles. pixman samples a fixed grid, so edges shared by
 * two triangles leave no seam. */
static void paint_polygon(struct painter *painter, const struct draw_item *item)
{
    pixman_triangle_t triangles[DRAW_POLYGON_POINTS];
    const pixman_color_t premul = premultiplied(item->colour);
    int count = item->polygon.count - 2;

    assert(item->polygon.count <= DRAW_POLYGON_POINTS);
    if (count < 1)
        return;
    for (int i = 0; i < count; i++)
        triangles[i] = (pixman_triangle_t){fixed_point(item, 0),
                                           fixed_point(item, i + 1),
                                           fixed_point(item, i + 2)};
    pixman_image_t *source = pixman_image_create_solid_fill(&premul);
    if (!source)
        return;
    pixman_composite_triangles(PIXMAN_OP_OVER, source, painter->target,
                               PIXMAN_a8, 0, 0, -painter->x, -painter->y, count,
                               triangles);
    pixman_image_unref(source);
}

/* As opaque as the text that it stands in. */
static void composite_colours(struct painter *painter, draw_colour colour,
                              const struct font_picture *picture,
                              struct rect area)
{
    const pixman_color_t fade = {.alpha = (uint16_t)(alpha_of(colour) * 257)};
    /* pixman's images are not const, but a source is only read. */
    pixman_image_t *source = pixman_image_create_bits_no_clear(
        PIXMAN_a8r8g8b8, area.width, area.height,
        (uint32_t *)(uintptr_t)picture->pixels, picture->stride);
    pixman_image_t *mask = pixman_image_create_solid_fill(&fade);

    if (mask && source)
        pixman_image_composite32(PIXMAN_OP_OVER, source, mask, painter->target,
                                 0, 0, 0, 0, area.x, area.y, area.width,
                                 area.height);
    if (mask)
        pixman_image_unref(mask);
    if (source)
        pixman_image_unref(source);
}

static void paint_text(struct painter *painter, const struct draw_item *item,
                       struct rect clip)
{
    for (size_t i = 0; i < item->text.glyph_count; i++) {
        struct rect area;
        struct font_picture picture = glyph_picture(painter, item, i, &area);
        if (rect_is_empty(rect_intersect(area, clip)))
            continue;
        if (picture.colour)
            composite_colours(painter, item->colour, &picture, area);
        else
            composite_mask(painter, item->colour, picture.pixels,
                           picture.stride, area);
    }
}

static void paint_picture(struct painter *painter, const struct draw_item *item,
                          struct rect clip)
{
    const struct rect *bounds = &item->bounds;
    /* pixman's images are not const, but a source is only read. */
    pixman_image_t *source =
        item->picture.pixels
            ? pixman_image_create_bits_no_clear(
                  PIXMAN_x8r8g8b8, bounds->width, bounds->height,
                  (uint32_t *)(uintptr_t)item->picture.pixels,
                  bounds->width * (int)sizeof(uint32_t))
            : NULL;

    if (!source) {
        fill_rect(painter, *bounds, item->colour, clip);
        return;
    }
    pixman_image_composite32(PIXMAN_OP_SRC, source, NULL, painter->target, 0, 0,
                             0, 0, bounds->x - painter->x,
                             bounds->y - painter->y, bounds->width,
                             bounds->height);
    pixman_image_unref(source);
}

static void paint_item(struct painter *painter, const struct draw_item *item,
                       struct rect clip)
{
    switch (item->kind) {
    case DRAW_FILL:
        paint_fill(painter, item, clip);
        break;
    case DRAW_POLYGON:
        paint_polygon(painter, item);
        break;
    case DRAW_ARC:
        paint_shape(painter, item, cover_arc, arc_bounds(item), clip);
        break;
    case DRAW_TEXT:
        paint_text(painter, item, clip);
        break;
    case DRAW_PICTURE:
        paint_picture(painter, item, clip);
        break;
    }
}

/* Items below an opaque fill of the whole clip need not be painted. */
static size_t first_visible(const struct draw_list *list, struct rect clip)
{
    for (size_t i = list->count; i > 0; i--) {
        const struct draw_item *item = &list->items[i - 1];
        if (item->kind == DRAW_FILL && item->fill.radius_px <= 0 &&
            alpha_of(item->colour) == 255 && rect_contains(item->bounds, clip))
            return i - 1;
    }
    return SIZE_MAX;
}

/* What an opaque fill paints whatever its corners are. */
static struct rect solid_part(const struct draw_item *item)
{
    int radius = item->kind == DRAW_FILL ? corner_radius(item) : 0;
    struct rect part = item->bounds;

    if (item->kind != DRAW_FILL || alpha_of(item->colour) != 255)
        return (struct rect){0};
    if (radius > 0) {
        part.y += radius;
        part.height -= 2 * radius;
    }
    return part;
}

static int64_t area_of(struct rect rect)
{
    return rect_is_empty(rect) ? 0 : (int64_t)rect.width * rect.height;
}

/* A plain fill, but for what the largest opaque fill above it paints again. */
static void paint_ground(struct painter *painter, const struct draw_list *list,
                         size_t index, struct rect clip)
{
    const struct draw_item *item = &list->items[index];
    struct rect all = rect_intersect(item->bounds, clip), over = {0};

    for (size_t i = index + 1; i < list->count; i++) {
        struct rect part = rect_intersect(solid_part(&list->items[i]), all);
        if (area_of(part) > area_of(over))
            over = part;
    }
    if (rect_is_empty(over)) {
        fill_rect(painter, all, item->colour, clip);
        return;
    }
    int below = over.y + over.height, right = over.x + over.width;
    const struct rect bands[] = {
        {all.x, all.y, all.width, over.y - all.y},
        {all.x, below, all.width, all.y + all.height - below},
        {all.x, over.y, over.x - all.x, over.height},
        {right, over.y, all.x + all.width - right, over.height}};
    for (int i = 0; i < 4; i++)
        fill_rect(painter, bands[i], item->colour, clip);
}

/* Asked of every item for every rectangle of damage. */
static bool overlap(struct rect a, struct rect b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height && a.width > 0 && a.height > 0;
}

void painter_paint(struct painter *painter, const struct draw_list *list,
                   struct rect clip)
{
    pixman_region32_t region;
    size_t first = first_visible(list, clip);

    pixman_region32_init_rect(&region, clip.x - painter->x, clip.y - painter->y,
                              (unsigned)clip.width, (unsigned)clip.height);
    pixman_image_set_clip_region32(painter->target, &region);
    if (first == SIZE_MAX) {
        fill_rect(painter, clip, 0xFF000000u, clip);
        first = 0;
    }
    for (size_t i = first; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (alpha_of(item->colour) == 0 || !overlap(item->bounds, clip))
            continue;
        if (i == first && item->kind == DRAW_FILL && corner_radius(item) <= 0 &&
            area_of(solid_part(item)) >= GROUND_PIXELS)
            paint_ground(painter, list, i, clip);
        else
            paint_item(painter, item, clip);
    }
    pixman_image_set_clip_region32(painter->target, NULL);
    pixman_region32_fini(&region);
}
