/* Divides the glass between an alert above and the programme below. */
#include "display/core/page/presentation.h"

#include "display/core/page/page_build.h"

/* The upper part, of the height. */
enum { UPPER_PERCENT = 55, UPPER_SQUARE_PERCENT = 50 };
/* A band: two lines, the second somewhat larger, and room over and under
 * them; in hundredths of the legal size. */
enum { BANNER_LINES_PERCENT = 295, BANNER_PADDING_PERCENT = 30 };
/* Fewer characters in a line tell no event beside level and drill mark. */
enum { BANNER_CHARACTERS = 12 };
/* What is left to the programme holds at least so many lines; with fewer than
 * a small poster has, it is a strip: one thought at a time, and large. */
enum { PROGRAMME_LINES = 3, PROGRAMME_POSTER_LINES = 10 };

bool page_place_equals(const struct page_place *a, const struct page_place *b)
{
    return a->presentation == b->presentation && a->position == b->position &&
           a->total == b->total;
}

static int banner_px(const struct geometry *glass)
{
    int percent = BANNER_LINES_PERCENT + 2 * BANNER_PADDING_PERCENT;
    return glass->legal_px * percent / 100;
}

int presentation_programme_top_px(const struct geometry *glass,
                                  enum presentation presentation)
{
    bool square = glass->shape == SHAPE_SQUARE;

    switch (presentation) {
    case PRESENTATION_UPPER:
        return glass->height_px *
               (square ? UPPER_SQUARE_PERCENT : UPPER_PERCENT) / 100;
    case PRESENTATION_BANNER:
        return banner_px(glass);
    default:
        return 0;
    }
}

/* By its sides, but never a strip: a flat part still has room for an alert's
 * poster. Where two things stand side by side it is at least half as wide
 * again as high. */
static enum glass_shape part_shape(int width_px, int height_px)
{
    if (width_px * 10 > height_px * 15)
        return SHAPE_LANDSCAPE;
    return height_px * 10 > width_px * 12 ? SHAPE_PORTRAIT : SHAPE_SQUARE;
}

static struct geometry cut_part(const struct geometry *glass, int height_px,
                                int above_px, int below_px)
{
    struct geometry part = *glass;

    part.height_px = height_px;
    part.shape = part_shape(part.width_px, height_px);
    part.safe.y = above_px;
    part.safe.height = height_px - above_px - below_px;
    return part;
}

struct geometry presentation_alert_geometry(const struct geometry *glass,
                                            enum presentation presentation)
{
    int height = presentation_programme_top_px(glass, presentation);
    int padding = glass->legal_px * BANNER_PADDING_PERCENT / 100;

    switch (presentation) {
    case PRESENTATION_UPPER:
        return cut_part(glass, height, glass->margin_px / 2,
                        glass->margin_px / 2);
    case PRESENTATION_BANNER:
        return cut_part(glass, height, padding, padding);
    default:
        return *glass;
    }
}

struct geometry presentation_programme_geometry(const struct geometry *glass,
                                                enum presentation presentation)
{
    int top = presentation_programme_top_px(glass, presentation);

    if (top == 0)
        return *glass;
    struct geometry part = cut_part(glass, glass->height_px - top,
                                    glass->margin_px * 2 / 3, glass->margin_px);
    if (part.safe.height < part.legal_px * PROGRAMME_POSTER_LINES)
        part.shape = SHAPE_STRIP;
    return part;
}

enum presentation presentation_fit(const struct geometry *glass,
                                   enum presentation wanted)
{
    if (page_is_strip(glass))
        return PRESENTATION_FULL;
    if (wanted == PRESENTATION_BANNER &&
        glass->safe.width < glass->legal_px * BANNER_CHARACTERS)
        wanted = PRESENTATION_UPPER;
    struct geometry rest = presentation_programme_geometry(glass, wanted);
    return rest.safe.height < glass->legal_px * PROGRAMME_LINES
               ? PRESENTATION_FULL
               : wanted;
}
