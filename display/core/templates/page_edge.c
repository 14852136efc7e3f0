/* The one slow movement of an alert: a chain of marks along the page's edge,
 * over which a light passes. The marks stand still, in the margin, where no
 * text is; each grows bright and dim again over seconds, once in a lap. */
#include "display/core/templates/page_template.h"

/* Of the room between the edge and where text may stand, in hundredths; where
 * that is narrower than half the legal size, marks lie on the edge itself. */
enum { THICK_PERCENT = 32, INSET_PERCENT = 24, NARROW_THICK_PERCENT = 50 };
/* From one mark to the next: so many times its thickness, but no less than
 * this of the legal size; and the gap between them, of the thickness. */
enum { PITCH_THICKNESSES = 4, PITCH_LEGAL_PERCENT = 125, GAP_PARTS = 4 };
/* Of the colour, where nothing moves. */
#define STILL_ALPHA 0x70000000u

struct edge {
    struct page_build *build;
    struct rect outer; /* around all marks */
    int thick_px;
    int gap_px; /* between two marks */
    int pitch_px;
};

/* The narrowest of the four margins. */
static int margin_px(const struct geometry *geometry)
{
    const struct rect *safe = &geometry->safe;
    int right = geometry->width_px - safe->x - safe->width;
    int below = geometry->height_px - safe->y - safe->height;

    return smaller(smaller(safe->x, right), smaller(safe->y, below));
}

static struct edge make_edge(struct page_build *build)
{
    const struct geometry *geometry = &build->geometry;
    int margin = margin_px(geometry);
    bool narrow = margin < geometry->legal_px / 2;
    int inset = narrow ? 0 : margin * INSET_PERCENT / 100;
    int percent = narrow ? NARROW_THICK_PERCENT : THICK_PERCENT;
    int thick = larger(margin * percent / 100, 1);

    return (struct edge){
        .build = build,
        .outer = {inset, inset, geometry->width_px - 2 * inset,
                  geometry->height_px - 2 * inset},
        .thick_px = thick,
        .gap_px = larger(thick / GAP_PARTS, 1),
        .pitch_px = larger(thick * PITCH_THICKNESSES,
                           geometry->legal_px * PITCH_LEGAL_PERCENT / 100)};
}

static void put_mark(const struct edge *edge, struct rect mark, double place)
{
    const struct theme *theme = edge->build->theme;
    draw_colour colour =
        theme->levels[edge->build->message->alert.level].movement;
    struct draw_item item = {
        .kind = DRAW_FILL, .bounds = mark, .colour = colour};
    struct page_element *put = page_put(edge->build, &item, PAGE_PASS);

    if (put == NULL)
        return;
    put->begin_ms = (int)(place * theme->alert_lap_ms);
    put->lasts_ms = theme->alert_lap_ms;
    if (put->motion == PAGE_STILL)
        put->item.colour = (colour & 0x00FFFFFFu) | STILL_ALPHA;
}

/* Marks and gaps in turn, a mark at both ends; the light comes from `begin`
 * and leaves at `end`, in laps. */
static void put_side(const struct edge *edge, struct rect side, double begin,
                     double end)
{
    bool flat = side.width > side.height;
    int length = flat ? side.width : side.height;
    int pitched = length + edge->gap_px;
    int count = larger(pitched / edge->pitch_px, 1);

    if (length < edge->thick_px)
        return;
    for (int i = 0; i < count; i++) {
        int from = pitched * i / count;
        int to = pitched * (i + 1) / count - edge->gap_px;
        double middle = (from + to) / 2.0 / length;
        struct rect mark = side;
        if (flat) {
            mark.x += from;
            mark.width = to - from;
        } else {
            mark.y += from;
            mark.height = to - from;
        }
        put_mark(edge, mark, begin + (end - begin) * middle);
    }
}

void page_put_edge(struct page_build *build)
{
    const struct edge edge = make_edge(build);
    const struct rect *outer = &edge.outer;
    int thick = edge.thick_px, step = thick + edge.gap_px;
    int right = outer->x + outer->width - thick;
    int bottom = outer->y + outer->height - thick;
    int upright = outer->height - 2 * step;
    double round = 2.0 * (outer->width + outer->height);
    double across = outer->width / round, down = outer->height / round;

    put_side(&edge, (struct rect){outer->x, outer->y, outer->width, thick}, 0,
             across);
    put_side(&edge, (struct rect){right, outer->y + step, thick, upright},
             across, across + down);
    put_side(&edge, (struct rect){outer->x, bottom, outer->width, thick},
             2 * across + down, across + down);
    put_side(&edge, (struct rect){outer->x, outer->y + step, thick, upright}, 1,
             2 * across + down);
}
