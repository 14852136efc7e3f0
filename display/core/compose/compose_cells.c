/* Cells: figures with their labels, or names with what they are, in rows and
 * columns; sizes are the same in all of them. */
#include "display/core/compose/compose_parts.h"

#include "display/core/page/page_figure.h"

enum {
    /* A column of labels is no wider than this share of its cell. */
    LABEL_PERCENT = 56,
    /* One or two names fill the page in great letters. */
    GREAT_NAMES = 2,
    GREAT_DETAIL_PERCENT = 60,
    /* Over and under what a row holds, of the gap. */
    PAD_PERCENT = 45,
    PAD_EM_PERCENT = 7,
    LABEL_GAP_PERCENT = 40,
    WORDS_WIDTH_PERCENT = 60,
};

bool compose_cells_are_great(const struct compose_block *block)
{
    return block->cell_count <= GREAT_NAMES && block->cells[0].figure == NULL;
}

static struct page_text label_text(const struct page_build *build,
                                   const struct compose_block *block,
                                   const struct compose_cell *cell)
{
    struct page_text text = compose_style(build, COMPOSE_LABEL, cell->label);
    if (cell->figure == NULL)
        text.role = TYPE_SANS_BOLD;
    if (!compose_cells_are_great(block))
        return text;
    text.role = TYPE_SERIF_BOLD;
    text.size_px = build->sizes[SIZE_DISPLAY];
    return text;
}

/* What a name is, or the small line of a figure. */
static struct page_text detail_text(const struct page_build *build,
                                    const struct compose_block *block,
                                    const struct compose_cell *cell)
{
    if (cell->figure != NULL)
        return compose_style(build, COMPOSE_NOTE, cell->note);
    struct page_text text = compose_style(build, COMPOSE_LABEL, cell->detail);
    text.colour = build->accent;
    if (compose_cells_are_great(block)) {
        int size = build->sizes[SIZE_DISPLAY] * GREAT_DETAIL_PERCENT / 100;
        text.size_px = size > text.size_px ? size : text.size_px;
    }
    return text;
}

static int text_px(struct page_build *build, const struct page_text *text,
                   int width)
{
    return text->text[0] == '\0' ? 0 : page_text_height(build, text, width);
}

static int widest_label(struct page_build *build,
                        const struct compose_block *block, int most)
{
    int widest = 0;
    for (size_t i = 0; i < block->cell_count; i++) {
        struct page_text text = label_text(build, block, &block->cells[i]);
        int width = page_text_width(build, &text, most);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Between a label and what stands beside it. */
static int column_gap(const struct page_build *build)
{
    return build->gap * 3 / 2;
}

struct compose_grid compose_grid_make(struct page_build *build,
                                      const struct compose_block *block,
                                      const struct compose_choice *choice)
{
    /* Names are told from each other by nothing but the room between them. */
    int apart = build->geometry.legal_px / (block->cells[0].figure ? 2 : 1);
    struct compose_grid grid = {.columns = choice->columns,
                                .gutter_px = larger(build->gap * 2, apart)};
    grid.width_px = (build->area.width - (grid.columns - 1) * grid.gutter_px) /
                    grid.columns;
    if (choice->beside && grid.width_px > 0) {
        int most = grid.width_px * LABEL_PERCENT / 100;
        grid.label_px = widest_label(build, block, most) + column_gap(build) +
                        1;
    }
    return grid;
}

/* Right of the labels. */
static int rest_px(const struct compose_grid *grid)
{
    return grid->width_px - grid->label_px;
}

static int label_width(const struct page_build *build,
                       const struct compose_grid *grid)
{
    return grid->label_px > 0 ? grid->label_px - column_gap(build)
                              : grid->width_px;
}

/* The width up to this at which no word of the label is broken; where there is
 * none, all of it. */
static int words_width(struct page_build *build, const struct page_text *label,
                       int width)
{
    int size = label->size_px;
    int least = width * WORDS_WIDTH_PERCENT / 100;
    for (int less = width; less >= least; less -= size / 2 + 1) {
        if (page_text_fit_words(build, *label, less, build->area.height, size,
                                size) > 0)
            return less;
    }
    return width;
}

static void widen_row(struct page_build *build,
                      const struct compose_block *block,
                      const struct compose_grid *grid, size_t index,
                      struct compose_row *row)
{
    const struct compose_cell *cell = &block->cells[index];
    struct page_text label = label_text(build, block, cell);
    struct page_text detail = detail_text(build, block, cell);
    bool note = cell->figure != NULL && grid->label_px > 0;
    int label_px = text_px(
        build, &label, words_width(build, &label, label_width(build, grid)));
    int detail_px = text_px(build, &detail,
                            note ? label_width(build, grid) : rest_px(grid));
    row->label_px = label_px > row->label_px ? label_px : row->label_px;
    row->detail_px = detail_px > row->detail_px ? detail_px : row->detail_px;
}

void compose_measure_rows(struct page_build *build,
                          const struct compose_block *block,
                          struct compose_plan *plan)
{
    for (size_t i = 0; i < block->cell_count; i++) {
        struct compose_row *row = &plan->rows[i / (size_t)plan->grid.columns];
        if (i % (size_t)plan->grid.columns == 0)
            *row = (struct compose_row){0};
        widen_row(build, block, &plan->grid, i, row);
    }
}

static int label_gap(const struct page_build *build)
{
    return build->gap * LABEL_GAP_PERCENT / 100;
}

static int accent_px(const struct page_build *build)
{
    return larger(build->geometry.legal_px / 7, 2);
}

/* Over and under what a row holds: great digits want more, and a great name
 * keeps clear of the accent above it. */
static int pad_px(const struct page_build *build,
                  const struct compose_plan *plan)
{
    return (plan->great ? accent_px(build) : 0) +
           build->gap * PAD_PERCENT / 100 +
           plan->choice.em * PAD_EM_PERCENT / 100;
}

int compose_row_px(struct page_build *build, const struct compose_plan *plan,
                   size_t row)
{
    const struct compose_row *most = &plan->rows[row];
    int em = plan->choice.em;
    int figure = em > 0 ? compose_figure_px(build, em) : 0;
    int pads = 2 * pad_px(build, plan);
    if (plan->grid.label_px > 0 && figure > 0)
        return larger(most->label_px + most->detail_px, figure) + pads;
    if (plan->grid.label_px > 0)
        return larger(most->label_px, most->detail_px) + pads;
    figure += figure > 0 ? label_gap(build) : 0;
    return most->label_px + figure + most->detail_px + pads;
}

int compose_cells_em(struct page_build *build,
                     const struct compose_block *block,
                     const struct compose_plan *plan, int most_em)
{
    int em = most_em;
    for (size_t i = 0; i < block->cell_count && em > 0; i++) {
        const struct panel_figure *figure = block->cells[i].figure;
        if (figure == NULL)
            return 0;
        int fit = page_figure_fit(build, figure, rest_px(&plan->grid), em);
        em = fit < em ? fit : em;
    }
    return em;
}

static int ink_width(struct page_build *build,
                     const struct compose_block *block,
                     const struct compose_plan *plan,
                     const struct compose_cell *cell)
{
    const struct compose_grid *grid = &plan->grid;
    struct page_text label = label_text(build, block, cell);
    struct page_text detail = detail_text(build, block, cell);
    int label_px = page_text_width(
        build, &label, words_width(build, &label, label_width(build, grid)));
    int right = detail.text[0] == '\0'
                    ? 0
                    : page_text_width(build, &detail, rest_px(grid));
    if (cell->figure != NULL && plan->choice.em > 0)
        right = larger(grid->label_px > 0 ? 0 : right,
                       page_figure_width(build, cell->figure, plan->choice.em));
    if (grid->label_px > 0)
        return right > 0 ? grid->label_px + right : label_px;
    return larger(label_px, right);
}

double compose_cells_used(struct page_build *build,
                          const struct compose_block *block,
                          const struct compose_plan *plan)
{
    int columns = plan->grid.columns;
    int sum = (columns - 1) * plan->grid.gutter_px;
    for (int column = 0; column < columns; column++) {
        int widest = 0;
        for (size_t i = (size_t)column; i < block->cell_count;
             i += (size_t)columns)
            widest = larger(widest,
                            ink_width(build, block, plan, &block->cells[i]));
        sum += widest;
    }
    size_t rows = (block->cell_count + (size_t)columns - 1) / (size_t)columns;
    double filled = (double)block->cell_count /
                    (double)(rows * (size_t)columns);
    return build->area.width > 0 ? filled * sum / build->area.width : 1;
}

int compose_cells_parted(struct page_build *build,
                         const struct compose_block *block,
                         const struct compose_plan *plan)
{
    int parted = 0;
    for (size_t i = 0; i < block->cell_count; i++) {
        const struct compose_cell *cell = &block->cells[i];
        struct page_text label = label_text(build, block, cell);
        struct page_text detail = detail_text(build, block, cell);
        int width = label_width(build, &plan->grid);
        parted += page_text_parted(build, &label,
                                   words_width(build, &label, width));
        parted += page_text_parted(build, &detail, rest_px(&plan->grid));
    }
    return parted;
}

static void put_accent(struct page_build *build, int y)
{
    struct rect accent = {build->area.x, y, build->geometry.legal_px * 2,
                          accent_px(build)};
    page_put_fill(build, accent, 0, build->accent, PAGE_STILL);
}

/* Beside its figure or what it is, a label stands in the middle of its row. */
static void put_beside(struct page_build *build,
                       const struct compose_block *block,
                       const struct compose_plan *plan,
                       const struct compose_cell *cell, struct rect box)
{
    const struct compose_grid *grid = &plan->grid;
    struct page_text label = label_text(build, block, cell);
    struct page_text detail = detail_text(build, block, cell);
    int width = words_width(build, &label, label_width(build, grid));
    int x = box.x + grid->label_px;
    int label_px = text_px(build, &label, width);
    bool figure = plan->choice.em > 0 && cell->figure != NULL;
    int under = figure ? text_px(build, &detail, label_width(build, grid)) : 0;
    int y = box.y + (box.height - label_px - under) / 2;
    page_put_text(build, &label, box.x, y, width);
    if (!figure) {
        int down = text_px(build, &detail, rest_px(grid));
        if (detail.text[0] != '\0')
            page_put_text(build, &detail, x, box.y + (box.height - down) / 2,
                          rest_px(grid));
        return;
    }
    if (under > 0)
        page_put_text(build, &detail, box.x, y + label_px,
                      label_width(build, grid));
    int em = plan->choice.em;
    int top = box.y + (box.height - compose_figure_px(build, em)) / 2;
    page_put_figure(build, cell->figure, (struct decimal){0, 0}, x,
                    top + page_figure_rise(build, em), em);
}

/* Labels stand on their digits, whether they have one line or two. */
static void put_stacked(struct page_build *build,
                        const struct compose_block *block,
                        const struct compose_plan *plan,
                        const struct compose_cell *cell, int label_most_px,
                        struct rect box)
{
    struct page_text label = label_text(build, block, cell);
    struct page_text detail = detail_text(build, block, cell);
    bool figure = plan->choice.em > 0 && cell->figure != NULL;
    int width = words_width(build, &label, box.width);
    int label_px = text_px(build, &label, width);
    int y = box.y + (figure ? label_most_px - label_px : 0);
    if (label_px > 0)
        y += page_put_text(build, &label, box.x, y, width);
    if (figure) {
        y += label_gap(build);
        int em = plan->choice.em;
        page_put_figure(build, cell->figure, (struct decimal){0, 0}, box.x,
                        y + page_figure_rise(build, em), em);
        y += compose_figure_px(build, em);
    }
    if (detail.text[0] != '\0')
        page_put_text(build, &detail, box.x, y, box.width);
}

void compose_put_row(struct page_build *build,
                     const struct compose_block *block,
                     const struct compose_plan *plan, size_t row, int y)
{
    const struct compose_grid *grid = &plan->grid;
    int pad = pad_px(build, plan);
    int height = compose_row_px(build, plan, row) - 2 * pad;
    size_t from = row * (size_t)grid->columns;
    bool figures = plan->choice.em > 0;
    if (compose_cells_are_great(block) && row == 0)
        put_accent(build, y);
    else if (!figures || y > build->area.y)
        page_put_rule(build, y);
    for (size_t i = 0; i < (size_t)grid->columns; i++) {
        if (from + i >= block->cell_count)
            return;
        struct rect box = {build->area.x +
                               (int)i * (grid->width_px + grid->gutter_px),
                           y + pad, grid->width_px, height};
        if (grid->label_px > 0)
            put_beside(build, block, plan, &block->cells[from + i], box);
        else
            put_stacked(build, block, plan, &block->cells[from + i],
                        plan->rows[row].label_px, box);
    }
}
