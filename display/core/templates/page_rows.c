/* Several figures in rows of equal height, with thin rules between: label and
 * note at the left, the figure at the right; stacked on narrow pages. Side by
 * side where that gives greater digits. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"

/* Labels take at most five of twelve columns. */
#define LABEL_COLUMNS 5
#define GRID_COLUMNS 12
/* Digits nearer to the legal size are no longer a big figure. */
#define FIGURE_LEAST_PERCENT 180
/* Digits fill this share of their row; rows are no higher than need be. */
#define ROW_DIGITS_PERCENT 66
#define ROW_HIGHEST_PERCENT 215
enum { FIGURE_ROWS_MOST = 4 };
/* Lines of context are set smaller only where that leaves the digits greater
 * than this share. */
#define LINES_WORTH_PERCENT 90

struct table {
    int rows; /* on a page */
    int row_px;
    int em;                  /* of all digits; 0: figures are read as words */
    bool beside;             /* labels beside figures, not above */
    int text_width, text_px; /* of label and note: the greatest height */
    int figure_x, figure_width;
};

static int text_height(struct page_build *build, const struct table *table,
                       const struct panel_figure *figure)
{
    struct page_text label = page_label_text(build, figure->label);
    struct page_text note = page_note_text(build, figure->note);
    return page_text_height(build, &label, table->text_width) +
           page_text_height(build, &note, table->text_width);
}

static int widest_label(struct page_build *build, int most)
{
    const struct panel *panel = &build->message->panel;
    int widest = 0;
    for (size_t i = 0; i < panel->figure_count; i++) {
        struct page_text label = page_label_text(build,
                                                 panel->figures[i].label);
        struct page_text note = page_note_text(build, panel->figures[i].note);
        int label_px = page_text_width(build, &label, most);
        int note_px = page_text_width(build, &note, most);
        widest = label_px > widest ? label_px : widest;
        widest = note_px > widest ? note_px : widest;
    }
    return widest;
}

/* A square sets labels beside figures where they stay on one line there. */
static bool labels_fit_beside(struct page_build *build, int most)
{
    const struct panel *panel = &build->message->panel;
    if (build->wide)
        return true;
    if (build->geometry.shape != SHAPE_SQUARE || panel->figure_count < 3)
        return false;
    return widest_label(build, build->area.width) <= most;
}

static struct table make_columns(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    int width = build->area.width;
    struct table table = {.text_width = width, .figure_width = width};
    int most = width * LABEL_COLUMNS / GRID_COLUMNS - 2 * build->gap;
    table.beside = labels_fit_beside(build, most);
    if (table.beside) {
        int least = width * 4 / GRID_COLUMNS - 2 * build->gap;
        int widest = widest_label(build, most) + 1;
        table.text_width = widest > least ? widest : least;
        table.figure_x = table.text_width + 2 * build->gap;
        table.figure_width = width - table.figure_x;
    }
    for (size_t i = 0; i < panel->figure_count; i++) {
        int height = text_height(build, &table, &panel->figures[i]);
        if (height > table.text_px)
            table.text_px = height;
    }
    return table;
}

static int figure_height(const struct page_build *build, int em)
{
    return page_figure_rise(build, em) + page_figure_depth(build, em);
}

/* The em at which every figure fits its column and row. */
static int common_em(struct page_build *build, const struct table *table)
{
    const struct panel *panel = &build->message->panel;
    int digits = table->row_px * ROW_DIGITS_PERCENT / 100;
    if (!table->beside)
        digits = table->row_px - table->text_px - build->gap * 5 / 2;
    int hero = (int)(build->geometry.height_px * build->theme->hero_share);
    int em = page_digits_em(build, digits < hero ? digits : hero);
    if (em < build->geometry.legal_px)
        return 0;
    for (size_t i = 0; i < panel->figure_count; i++) {
        int fit = page_figure_fit(build, &panel->figures[i],
                                  table->figure_width, em);
        em = fit < em ? fit : em;
    }
    return em;
}

/* Row heights for so many rows; higher ones only put figures far apart. */
static void set_rows(struct page_build *build, struct table *table, int rows,
                     int room)
{
    table->rows = rows;
    table->row_px = room / rows;
    table->em = common_em(build, table);
    int figure = figure_height(build, table->em);
    int high = figure * ROW_HIGHEST_PERCENT / 100;
    if (!table->beside)
        high = table->text_px + figure + 3 * build->gap;
    int least = table->text_px + build->gap;
    high = high > least ? high : least;
    if (table->row_px > high)
        table->row_px = high;
}

static void choose_rows(struct page_build *build, struct table *table, int room)
{
    int count = (int)build->message->panel.figure_count;
    int pages = (count + FIGURE_ROWS_MOST - 1) / FIGURE_ROWS_MOST;
    int least = build->sizes[SIZE_LEGAL] * FIGURE_LEAST_PERCENT / 100;
    for (; pages <= count; pages++) {
        int rows = (count + pages - 1) / pages;
        set_rows(build, table, rows, room);
        if (table->em >= least && table->row_px >= table->text_px)
            return;
    }
    set_rows(build, table, 1, build->area.height);
}

static int put_words(struct page_build *build, const struct table *table,
                     const struct panel_figure *figure, int y, bool note_too)
{
    struct page_text label = page_label_text(build, figure->label);
    struct page_text note = page_note_text(build, figure->note);
    int height = page_put_text(build, &label, build->area.x, y,
                               table->text_width);
    if (note_too)
        height += page_put_text(build, &note, build->area.x, y + height,
                                table->text_width);
    return height;
}

static void put_beside(struct page_build *build, const struct table *table,
                       const struct panel_figure *figure, int y)
{
    int text = text_height(build, table, figure);
    put_words(build, table, figure, y + (table->row_px - text) / 2, true);
    int rise = page_figure_rise(build, table->em);
    int top = y + (table->row_px - figure_height(build, table->em)) / 2;
    page_put_figure(build, figure, (struct decimal){0, 0},
                    build->area.x + table->figure_x, top + rise, table->em);
}

static void put_stacked(struct page_build *build, const struct table *table,
                        const struct panel_figure *figure, int y)
{
    int used = text_height(build, table, figure) + build->gap +
               figure_height(build, table->em);
    int at = y + (table->row_px - used) / 2;
    at += put_words(build, table, figure, at, false) + build->gap * 2 / 3;
    int rise = page_figure_rise(build, table->em);
    page_put_figure(build, figure, (struct decimal){0, 0}, build->area.x,
                    at + rise, table->em);
    at += figure_height(build, table->em) + build->gap / 4;
    struct page_text note = page_note_text(build, figure->note);
    page_put_text(build, &note, build->area.x, at, table->text_width);
}

/* Where no size fits, the figure is read as words. */
static void flow_as_words(struct page_build *build,
                          const struct panel_figure *figure)
{
    struct page_text label = page_label_text(build, figure->label);
    struct page_text note = page_note_text(build, figure->note);
    struct page_text words = label;
    words.text = page_figure_words(build, figure);
    words.role = TYPE_SANS_BOLD;
    words.colour = build->accent;
    page_flow_text(build, &label);
    page_flow_text(build, &words);
    page_flow_text(build, &note);
    page_skip(build, build->gap);
}

static void flow_row(struct page_build *build, const struct table *table,
                     const struct panel_figure *figure)
{
    bool first = build->y == build->area.y;
    if (table->em == 0 || table->row_px > build->area.height ||
        text_height(build, table, figure) > table->row_px) {
        flow_as_words(build, figure);
        return;
    }
    int y = page_take(build, table->row_px);
    if (!first && y > build->area.y)
        page_put_rule(build, y);
    if (table->beside)
        put_beside(build, table, figure, y);
    else
        put_stacked(build, table, figure, y);
}

static void flow_rows(struct page_build *build, const struct table *table)
{
    const struct panel *panel = &build->message->panel;
    for (size_t i = 0; i < panel->figure_count; i++) {
        if (i > 0 && (int)i % table->rows == 0)
            page_open(build);
        flow_row(build, table, &panel->figures[i]);
    }
}

/* The panel's lines give way to digits only where rows are many. */
static struct table make_rows(struct page_build *build)
{
    struct table small = make_columns(build);
    struct table table = small;
    enum page_size lines_size = build->lines_size;
    choose_rows(build, &table, page_room(build) - page_lines_height(build));
    build->lines_size = SIZE_LEGAL;
    choose_rows(build, &small, page_room(build) - page_lines_height(build));
    if (small.em * LINES_WORTH_PERCENT / 100 > table.em ||
        small.rows > table.rows)
        return small;
    build->lines_size = lines_size;
    return table;
}

void page_flow_figures(struct page_build *build)
{
    /* A situation may have begun before anything was counted. */
    if (build->message->panel.figure_count == 0)
        return;
    int room = page_room(build) - page_lines_height(build);
    struct page_columns columns = page_columns_make(build, room);
    enum page_size lines_size = build->lines_size;
    struct table table = make_rows(build);
    if (columns.em > table.em) {
        build->lines_size = lines_size;
        page_flow_columns(build, &columns);
        return;
    }
    flow_rows(build, &table);
}

void page_template_figures(struct page_build *build)
{
    page_open(build);
    page_flow_figures(build);
    page_flow_lines(build);
}
