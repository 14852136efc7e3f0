/* Inside the composer: a choice, and what the blocks are under it: parts that
 * stand below each other. */
#ifndef GAOSHI_DISPLAY_COMPOSE_PARTS_H
#define GAOSHI_DISPLAY_COMPOSE_PARTS_H

#include "display/core/compose/compose.h"

/* One way to set a sheet. */
struct compose_choice {
    enum compose_arrangement arrangement;
    int step; /* 0: every size is its role's greatest, COMPOSE_STEPS: least */
    int columns; /* of cells */
    bool beside; /* in a cell the label stands beside its figure */
    bool below;  /* units stand below their digits */
    int em;      /* of the digits in cells; 0: they are names, or words */
};
enum { COMPOSE_STEPS = 6, COMPOSE_PARTS = 96 };

/* Of the cells of a row: the greatest heights, so that what is alike stands on
 * one base line. */
struct compose_row {
    int label_px, detail_px;
};

/* Sizes of the cells: the same in all of them. */
struct compose_grid {
    int columns, gutter_px, width_px; /* of a cell */
    int label_px;                     /* its column of labels; 0: above */
};

struct compose_part {
    const struct compose_block *block; /* sides: the first of them */
    size_t row;                        /* of cells */
    bool sides;                        /* blocks side by side */
    int gap_px;                        /* above it, unless it is on top */
    int least_px, most_px;             /* height */
    int height_px;                     /* chosen */
    int page;
    bool with_next; /* on the page of the next part */
};

struct compose_plan {
    struct compose_choice choice;
    struct compose_grid grid;
    struct compose_row rows[COMPOSE_CELLS_MOST];
    struct compose_part parts[COMPOSE_PARTS];
    size_t count;
    int pages;
    bool over;       /* a page holds more than it has room for */
    double used;     /* of the body's width, by ink: 0 … 1 */
    double picture;  /* a picture's height, of its most; 1: there is none */
    int hero_px;     /* height of the hero's digits; 0: there is none */
    bool great;      /* a name or two are what the page is about */
    int parted;      /* labels and names that are broken */
    double emptiest; /* how full the emptiest page is: 0 … 1 */
    double cost;
};

int compose_gap_px(const struct page_build *build, enum compose_role role,
                   enum compose_role before);

/* The parts of the sheet in the build's area; false: not with this choice. */
bool compose_make_parts(struct page_build *build,
                        const struct compose_sheet *sheet,
                        struct compose_plan *plan);

/* How badly the title breaks in the area under it; 0 where there is none. */
int compose_title_parted(struct page_build *build);

/* A text: it may go on on the next page. */
bool compose_part_flows(const struct compose_part *part);

/* Sets the size of the digits in cells. */
void compose_set_em(struct page_build *build, struct compose_plan *plan,
                    int em);

/* How high a picture that is a hero stands in a part, of its most; 1: there is
 * none. */
double compose_part_picture(struct page_build *build,
                            const struct compose_sheet *sheet,
                            const struct compose_part *part, int height_px);

/* The height of the digits of a figure in a part of this height; 0: it is no
 * hero. */
int compose_part_hero_px(struct page_build *build,
                         const struct compose_sheet *sheet,
                         const struct compose_part *part, int height_px);

void compose_put_part(struct page_build *build,
                      const struct compose_sheet *sheet,
                      const struct compose_plan *plan,
                      const struct compose_part *part, int y);

/* Em of a figure in a height and a width; 0: none is legal. */
int compose_figure_em(const struct page_build *build,
                      const struct panel_figure *figure, int width_px,
                      int height_px);
int compose_figure_px(const struct page_build *build, int em);

/* The sheet on a strip, title and subtitle with it. */
void compose_strip(struct page_build *build, const struct compose_sheet *sheet);

/* Cells. */
bool compose_cells_are_great(const struct compose_block *block);
struct compose_grid compose_grid_make(struct page_build *build,
                                      const struct compose_block *block,
                                      const struct compose_choice *choice);
void compose_measure_rows(struct page_build *build,
                          const struct compose_block *block,
                          struct compose_plan *plan);
int compose_row_px(struct page_build *build, const struct compose_plan *plan,
                   size_t row);
int compose_cells_em(struct page_build *build,
                     const struct compose_block *block,
                     const struct compose_plan *plan, int most_em);
double compose_cells_used(struct page_build *build,
                          const struct compose_block *block,
                          const struct compose_plan *plan);
int compose_cells_parted(struct page_build *build,
                         const struct compose_block *block,
                         const struct compose_plan *plan);
void compose_put_row(struct page_build *build,
                     const struct compose_block *block,
                     const struct compose_plan *plan, size_t row, int y);

#endif
