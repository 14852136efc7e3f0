#include "display/core/draw/icon.h"

#include <math.h>
#include <string.h>

struct pen {
    float x, y;  /* of the square */
    float scale; /* pixels of a unit */
    draw_colour colour;
    struct draw_list *out;
};

const struct icon *icon_find(const char *name)
{
    for (size_t i = 0; i < icon_count; i++)
        if (strcmp(icons[i].name, name) == 0)
            return &icons[i];
    return NULL;
}

const struct icon *icon_of_event(const char *event)
{
    const struct icon *found = NULL;
    size_t longest = 0;

    for (size_t i = 0; i < icon_event_count; i++) {
        size_t length = strlen(icon_events[i].word);
        if (length > longest && strstr(event, icon_events[i].word)) {
            longest = length;
            found = &icons[icon_events[i].icon];
        }
    }
    return found;
}

static struct rect bounds_of(float left, float top, float right, float bottom)
{
    int x = (int)floorf(left), y = (int)floorf(top);

    return (struct rect){x, y, (int)ceilf(right) - x, (int)ceilf(bottom) - y};
}

/* Edges on whole pixels, so that bars are sharp. */
static bool draw_box(const struct pen *pen, const struct icon_shape *shape)
{
    const float *at = shape->numbers;
    int left = (int)lroundf(pen->x + at[0] * pen->scale);
    int top = (int)lroundf(pen->y + at[1] * pen->scale);
    int right = (int)lroundf(pen->x + (at[0] + at[2]) * pen->scale);
    int bottom = (int)lroundf(pen->y + (at[1] + at[3]) * pen->scale);
    struct draw_item item = {
        .kind = DRAW_FILL,
        .colour = pen->colour,
        .bounds = {left, top, right > left ? right - left : 1,
                   bottom > top ? bottom - top : 1},
    };

    if (shape->count > 4)
        item.fill.radius_px = (int)lroundf(at[4] * pen->scale);
    return draw_list_add(pen->out, &item);
}

/* The corners are in pixels. */
static bool draw_polygon(const struct pen *pen, const float *corners, int count)
{
    struct draw_item item = {.kind = DRAW_POLYGON, .colour = pen->colour};
    float left = corners[0], right = left;
    float top = corners[1], bottom = top;

    item.polygon.count = count;
    for (int i = 0; i < count; i++) {
        float x = corners[2 * i], y = corners[2 * i + 1];
        item.polygon.points[i].x = x;
        item.polygon.points[i].y = y;
        left = fminf(left, x);
        right = fmaxf(right, x);
        top = fminf(top, y);
        bottom = fmaxf(bottom, y);
    }
    item.bounds = bounds_of(left, top, right, bottom);
    return draw_list_add(pen->out, &item);
}

static bool draw_poly(const struct pen *pen, const struct icon_shape *shape)
{
    float corners[2 * DRAW_POLYGON_POINTS];
    int count = shape->count / 2;

    for (int i = 0; i < count; i++) {
        corners[2 * i] = pen->x + shape->numbers[2 * i] * pen->scale;
        corners[2 * i + 1] = pen->y + shape->numbers[2 * i + 1] * pen->scale;
    }
    return draw_polygon(pen, corners, count);
}

/* What the part of a ring reaches: its four ends, and the outermost points
 * between them. */
static struct rect ring_bounds(const struct draw_item *item)
{
    const float turn = 6.2831853F;
    float from = item->arc.from_turn, to = item->arc.to_turn;
    float left = INFINITY, right = -INFINITY;
    float top = INFINITY, bottom = -INFINITY;

    for (int i = 0; i < 8; i++) {
        float at = i < 2 ? from : i < 4 ? to : (float)(i - 4) / 4;
        float radius = i % 2 && i < 4 ? item->arc.inner_px : item->arc.outer_px;
        if (at < from || at > to)
            continue;
        float x = item->arc.centre_x + radius * sinf(at * turn);
        float y = item->arc.centre_y - radius * cosf(at * turn);
        left = fminf(left, x);
        right = fmaxf(right, x);
        top = fminf(top, y);
        bottom = fmaxf(bottom, y);
    }
    return bounds_of(left, top, right, bottom);
}

/* Everything but the pen is in units. */
static bool draw_ring(const struct pen *pen, float x, float y, float outer,
                      float inner, float from, float to)
{
    struct draw_item item = {.kind = DRAW_ARC, .colour = pen->colour};

    item.arc.centre_x = pen->x + x * pen->scale;
    item.arc.centre_y = pen->y + y * pen->scale;
    item.arc.outer_px = outer * pen->scale;
    item.arc.inner_px = inner * pen->scale;
    item.arc.from_turn = from;
    item.arc.to_turn = to;
    item.bounds = ring_bounds(&item);
    return draw_list_add(pen->out, &item);
}

/* A stroke from one point to the next: a rectangle along it. */
static bool draw_stroke(const struct pen *pen, float width, const float *from,
                        const float *to)
{
    float dx = to[0] - from[0], dy = to[1] - from[1];
    float length = hypotf(dx, dy);
    float nx = -dy / length * width / 2, ny = dx / length * width / 2;
    const float units[] = {from[0] + nx, from[1] + ny, to[0] + nx,
                           to[1] + ny,   to[0] - nx,   to[1] - ny,
                           from[0] - nx, from[1] - ny};
    float corners[8];

    for (int i = 0; i < 8; i++)
        corners[i] = (i % 2 ? pen->y : pen->x) + units[i] * pen->scale;
    return draw_polygon(pen, corners, 4);
}

static bool draw_path(const struct pen *pen, const struct icon_shape *shape)
{
    float width = shape->numbers[0];
    const float *points = shape->numbers + 1;
    int count = (shape->count - 1) / 2;
    bool drawn = true;

    for (int i = 0; i < count; i++) {
        const float *at = points + 2 * i;
        drawn = drawn && draw_ring(pen, at[0], at[1], width / 2, 0, 0, 1) &&
                (i == 0 || draw_stroke(pen, width, at - 2, at));
    }
    return drawn;
}

static bool draw_shape(const struct pen *pen, const struct icon_shape *shape)
{
    const float *at = shape->numbers;

    switch (shape->kind) {
    case ICON_BOX:
        return draw_box(pen, shape);
    case ICON_POLY:
        return draw_poly(pen, shape);
    case ICON_DISC:
        return draw_ring(pen, at[0], at[1], at[2], 0, 0, 1);
    case ICON_RING:
        return draw_ring(pen, at[0], at[1], at[2], at[3], at[4] / 100,
                         at[5] / 100);
    case ICON_PATH:
        return draw_path(pen, shape);
    }
    return true;
}

bool icon_draw(const struct icon *icon, int x, int y, int side_px,
               draw_colour colour, draw_colour ground, struct draw_list *out)
{
    struct pen pen = {.x = (float)x,
                      .y = (float)y,
                      .scale = (float)side_px / ICON_UNITS,
                      .out = out};
    bool drawn = true;

    for (size_t i = icon->first; drawn && i < icon[1].first; i++) {
        pen.colour = icon_shapes[i].cut ? ground : colour;
        drawn = draw_shape(&pen, &icon_shapes[i]);
    }
    return drawn;
}
