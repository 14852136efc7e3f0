/* Several figures side by side on a wide page: label, digits, note below each
 * other, digits on one base line, thin rules between the columns. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"

#include <limits.h>

/* Columns end on this grid; none is narrower than three of its tracks. */
enum { GRID_TRACKS = 12, TRACKS_LEAST = 3 };

static int gutter_px(const struct page_build *build)
{
    return 2 * build->gap;
}

/* Of so many tracks, without the gutter behind them. */
static int tracks_px(const struct page_build *build, int tracks)
{
    int gutter = gutter_px(build);
    return (build->area.width + gutter) * tracks / GRID_TRACKS - gutter;
}

static int tracks_for(const struct page_build *build, int width_px)
{
    int tracks = TRACKS_LEAST;
    while (tracks <= GRID_TRACKS && tracks_px(build, tracks) < width_px)
        tracks++;
    return tracks;
}

/* The column whose figure stands nearest to the next. */
static size_t tightest(const struct page_build *build,
                       const struct page_columns *columns, int em)
{
    const struct panel *panel = &build->message->panel;
    size_t found = 0;
    int least = INT_MAX;
    for (size_t i = 0; i < panel->figure_count; i++) {
        int spare = tracks_px(build, columns->tracks[i]) -
                    page_figure_width(build, &panel->figures[i], em);
        if (spare < least) {
            least = spare;
            found = i;
        }
    }
    return found;
}

/* What the figures need at this size; false: more than there is. */
static bool share_tracks(const struct page_build *build, int em,
                         struct page_columns *columns)
{
    const struct panel *panel = &build->message->panel;
    int left = GRID_TRACKS;
    for (size_t i = 0; i < panel->figure_count; i++) {
        int width = page_figure_width(build, &panel->figures[i], em);
        columns->tracks[i] = tracks_for(build, width + build->gap / 2);
        left -= columns->tracks[i];
    }
    for (int spare = left; spare > 0; spare--)
        columns->tracks[tightest(build, columns, em)]++;
    return left >= 0;
}

static void measure_words(struct page_build *build,
                          struct page_columns *columns)
{
    const struct panel *panel = &build->message->panel;
    columns->label_px = 0;
    columns->note_px = 0;
    for (size_t i = 0; i < panel->figure_count; i++) {
        int width = tracks_px(build, columns->tracks[i]);
        struct page_text label = page_label_text(build,
                                                 panel->figures[i].label);
        struct page_text note = page_note_text(build, panel->figures[i].note);
        int label_px = page_text_height(build, &label, width);
        int note_px = page_text_height(build, &note, width);
        if (label_px > columns->label_px)
            columns->label_px = label_px;
        if (note_px > columns->note_px)
            columns->note_px = note_px;
    }
}

static int label_gap(const struct page_build *build)
{
    return build->gap;
}

static int height_at(const struct page_build *build,
                     const struct page_columns *columns)
{
    int figure = page_figure_rise(build, columns->em) +
                 page_figure_depth(build, columns->em);
    int note = columns->note_px > 0 ? label_gap(build) + columns->note_px : 0;
    return columns->label_px + label_gap(build) + figure + note;
}

static bool fits(struct page_build *build, struct page_columns *columns, int em,
                 int room_px)
{
    columns->em = em;
    if (!share_tracks(build, em, columns))
        return false;
    measure_words(build, columns);
    columns->height_px = height_at(build, columns);
    return columns->height_px <= room_px;
}

/* Columns as high as their room would press the title. */
struct page_columns page_columns_make(struct page_build *build, int room_px)
{
    size_t count = build->message->panel.figure_count;
    struct page_columns best = {0};
    if (!build->wide || count < 2 || count > PAGE_COLUMNS_MOST)
        return best;
    int hero = (int)(build->geometry.height_px * build->theme->hero_share);
    int low = build->geometry.legal_px;
    int high = page_digits_em(build, hero);
    while (low <= high) {
        struct page_columns tried = {0};
        int middle = low + (high - low) / 2;
        if (fits(build, &tried, middle, room_px - 2 * build->gap)) {
            best = tried;
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return best;
}

static void put_rule(struct page_build *build, int x, int y, int height)
{
    int thick = build->sizes[SIZE_LEGAL] / 20;
    struct rect rule = {x, y, thick > 0 ? thick : 1, height};
    page_put_fill(build, rule, 0, build->theme->rule, PAGE_APPEAR);
    page_with_previous(build);
}

/* Labels stand on their digits, whether they have one line or two. */
static void put_column(struct page_build *build,
                       const struct page_columns *columns,
                       const struct panel_figure *figure, struct rect box)
{
    struct page_text label = page_label_text(build, figure->label);
    struct page_text note = page_note_text(build, figure->note);
    int label_px = page_text_height(build, &label, box.width);
    int y = box.y + columns->label_px;
    page_put_text(build, &label, box.x, y - label_px, box.width);
    y += label_gap(build) + page_figure_rise(build, columns->em);
    page_put_figure(build, figure, (struct decimal){0, 0}, box.x, y,
                    columns->em);
    y += page_figure_depth(build, columns->em) + label_gap(build);
    page_put_text(build, &note, box.x, y, box.width);
}

void page_flow_columns(struct page_build *build,
                       const struct page_columns *columns)
{
    const struct panel *panel = &build->message->panel;
    int y = page_take(build, columns->height_px);
    int gutter = gutter_px(build);
    struct rect box = {build->area.x, y, 0, columns->height_px};
    for (size_t i = 0; i < panel->figure_count; i++) {
        box.width = tracks_px(build, columns->tracks[i]);
        if (i > 0)
            put_rule(build, box.x - gutter / 2, y, box.height);
        put_column(build, columns, &panel->figures[i], box);
        box.x += box.width + gutter;
    }
}
