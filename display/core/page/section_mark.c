/* One simple figure for each section, for title pages and the frame. */
#include "display/core/page/section_mark.h"

/* Convex outlines in a unit square. */
struct outline {
    int count;
    float points[DRAW_POLYGON_POINTS][2];
};

static const struct outline outlines[SECTION_COUNT] = {
    /* a cut stone */
    [SECTION_QUALITY] =
        {4, {{0.5F, 0.02F}, {0.94F, 0.5F}, {0.5F, 0.98F}, {0.06F, 0.5F}}},
    /* a leaf */
    [SECTION_GARDEN] = {8,
                        {{0.06F, 0.94F},
                         {0.06F, 0.52F},
                         {0.2F, 0.22F},
                         {0.5F, 0.06F},
                         {0.94F, 0.06F},
                         {0.94F, 0.48F},
                         {0.8F, 0.78F},
                         {0.5F, 0.94F}}},
    /* a house */
    [SECTION_WARMTH] = {5,
                        {{0.5F, 0.03F},
                         {0.96F, 0.45F},
                         {0.84F, 0.96F},
                         {0.16F, 0.96F},
                         {0.04F, 0.45F}}},
    /* a shield */
    [SECTION_EMERGENCY] = {8,
                           {{0.5F, 0.02F},
                            {0.92F, 0.14F},
                            {0.92F, 0.5F},
                            {0.76F, 0.8F},
                            {0.5F, 0.98F},
                            {0.24F, 0.8F},
                            {0.08F, 0.5F},
                            {0.08F, 0.14F}}},
    /* a board */
    [SECTION_GENERAL] =
        {4, {{0.04F, 0.18F}, {0.96F, 0.18F}, {0.96F, 0.82F}, {0.04F, 0.82F}}},
};

struct draw_item section_mark_item(enum panel_section section, struct rect box,
                                   draw_colour colour)
{
    const struct outline *outline = &outlines[section];
    struct draw_item item = {
        .kind = DRAW_POLYGON, .bounds = box, .colour = colour};
    item.polygon.count = outline->count;
    for (int i = 0; i < outline->count; i++) {
        const float *point = outline->points[i];
        item.polygon.points[i].x = (float)box.x + point[0] * (float)box.width;
        item.polygon.points[i].y = (float)box.y + point[1] * (float)box.height;
    }
    return item;
}
