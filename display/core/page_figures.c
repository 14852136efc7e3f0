/* One big figure, or several in rows: label, figure, note. */
#include "display/core/page_template.h"

#include "display/core/page_figure.h"

/* Label in five of twelve columns, figure in the others. */
#define LABEL_COLUMNS 5
#define GRID_COLUMNS 12
/* Fewer pixels an em than twice the legal size are no longer a big figure. */
#define FIGURE_LEAST_EMS 2
/* Digits fill this share of their row. */
#define ROW_DIGITS_PERCENT 56
enum { FIGURE_ROWS_MOST = 4 };

static struct page_text label_text(const struct page_build *build,
                                   const char *label)
{
    return (struct page_text){.text = label,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_BODY],
                              .colour = build->text,
                              .balanced = true};
}

static struct page_text note_text(const struct page_build *build,
                                  const char *note)
{
    return (struct page_text){.text = note,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = build->muted};
}

static int lines_height(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    int height = 0;
    for (size_t i = 0; i < panel->line_count; i++) {
        struct page_text line = label_text(build, panel->lines[i]);
        height += page_text_height(build, &line, build->area.width) +
                  (i == 0 ? build->gap * 3 / 2 : build->gap / 3);
    }
    return height;
}

void page_template_figure(struct page_build *build)
{
    const struct panel_figure *figure = &build->message->panel.figures[0];
    page_open(build);
    struct page_text label = label_text(build, figure->label);
    struct page_text note = note_text(build, figure->note);
    int width = build->area.width;
    int beside = lines_height(build) + page_text_height(build, &label, width) +
                 page_text_height(build, &note, width) + 2 * build->gap;
    page_flow_text(build, &label);
    page_skip(build, build->gap);
    int height = build->area.height - beside;
    page_flow_hero(build, figure, (struct decimal){0, 0},
                   height > build->gap * 4 ? height : build->gap * 4);
    page_skip(build, build->gap);
    page_flow_text(build, &note);
    page_flow_lines(build);
}

/* A row of the table, measured for one em of the digits. */
struct row {
    const struct panel_figure *figure;
    struct page_text label, note;
    int label_px, note_px; /* heights */
    int text_width, figure_x, figure_width;
    int em;
};

static struct row measure_row(struct page_build *build,
                              const struct panel_figure *figure, int em)
{
    int width = build->area.width;
    struct row row = {.figure = figure,
                      .label = label_text(build, figure->label),
                      .note = note_text(build, figure->note),
                      .text_width = width,
                      .figure_width = width,
                      .em = em};
    if (build->wide) {
        row.text_width = width * LABEL_COLUMNS / GRID_COLUMNS - build->gap;
        row.figure_x = width * LABEL_COLUMNS / GRID_COLUMNS;
        row.figure_width = width - row.figure_x;
    }
    row.label_px = page_text_height(build, &row.label, row.text_width);
    row.note_px = page_text_height(build, &row.note, row.text_width);
    return row;
}

static int row_height(const struct page_build *build, const struct row *row)
{
    int figure = page_figure_rise(build, row->em) +
                 page_figure_depth(build, row->em);
    int text = row->label_px + row->note_px;
    if (!build->wide)
        return text + figure + build->gap / 2;
    return text > figure ? text : figure;
}

static void put_wide_row(struct page_build *build, const struct row *row, int y,
                         int height)
{
    int rise = page_figure_rise(build, row->em);
    int depth = page_figure_depth(build, row->em);
    int x = build->area.x;
    int text_y = y + (height - row->label_px - row->note_px) / 2;
    page_put_text(build, &row->label, x, text_y, row->text_width);
    page_put_text(build, &row->note, x, text_y + row->label_px,
                  row->text_width);
    page_put_figure(build, row->figure, (struct decimal){0, 0},
                    x + row->figure_x, y + (height - rise - depth) / 2 + rise,
                    row->em);
}

static void put_stacked_row(struct page_build *build, const struct row *row,
                            int y)
{
    int rise = page_figure_rise(build, row->em);
    int depth = page_figure_depth(build, row->em);
    int x = build->area.x;
    int at = y;
    at += page_put_text(build, &row->label, x, at, row->text_width);
    at += build->gap / 4;
    page_put_figure(build, row->figure, (struct decimal){0, 0}, x, at + rise,
                    row->em);
    at += rise + depth + build->gap / 4;
    page_put_text(build, &row->note, x, at, row->text_width);
}

/* Where no size fits, the figure is read as words. */
static void flow_as_words(struct page_build *build,
                          const struct panel_figure *figure)
{
    struct page_text label = label_text(build, figure->label);
    struct page_text note = note_text(build, figure->note);
    struct page_text words = label;
    words.text = page_figure_words(build, figure);
    words.role = TYPE_SANS_BOLD;
    words.colour = build->accent;
    page_flow_text(build, &label);
    page_flow_text(build, &words);
    page_flow_text(build, &note);
}

static void flow_row(struct page_build *build,
                     const struct panel_figure *figure, int em)
{
    if (em == 0) {
        flow_as_words(build, figure);
        return;
    }
    struct row row = measure_row(build, figure, em);
    int height = row_height(build, &row);
    int y = page_take(build, height);
    if (build->wide)
        put_wide_row(build, &row, y, height);
    else
        put_stacked_row(build, &row, y);
}

/* The em at which every figure fits its column and `rows` rows the page. */
static int common_em(struct page_build *build, int rows, int room)
{
    const struct panel *panel = &build->message->panel;
    int share = room / rows - build->gap;
    struct row first = measure_row(build, &panel->figures[0], 0);
    if (!build->wide)
        share -= first.label_px + build->gap / 2;
    int digits = build->wide ? room / rows * ROW_DIGITS_PERCENT / 100 : share;
    int hero = (int)(build->geometry.height_px * build->theme->hero_share);
    int em = page_digits_em(build, digits < hero ? digits : hero);
    for (size_t i = 0; i < panel->figure_count; i++) {
        int fit = page_figure_fit(build, &panel->figures[i], first.figure_width,
                                  em);
        em = fit < em ? fit : em;
    }
    return em;
}

static int rows_on_a_page(struct page_build *build, int room)
{
    int count = (int)build->message->panel.figure_count;
    int least = build->sizes[SIZE_LEGAL] * FIGURE_LEAST_EMS;
    int pages = (count + FIGURE_ROWS_MOST - 1) / FIGURE_ROWS_MOST;
    for (; pages < count; pages++) {
        int rows = (count + pages - 1) / pages;
        if (common_em(build, rows, room) >= least)
            return rows;
    }
    return 1;
}

void page_flow_figures(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    int room = page_room(build) - lines_height(build);
    int rows = rows_on_a_page(build, room);
    int em = common_em(build, rows, room);
    if (em <= 0)
        em = common_em(build, 1, page_room(build));
    for (size_t i = 0; i < panel->figure_count; i++) {
        if (i > 0 && (int)i % rows == 0)
            page_open(build);
        page_skip(build, build->gap);
        flow_row(build, &panel->figures[i], em);
    }
}

void page_template_figures(struct page_build *build)
{
    page_open(build);
    page_flow_figures(build);
    page_flow_lines(build);
}
