/* The composer: a template says what a page has to show, as blocks with
 * roles; the composer tries arrangements, sizes and page breaks, gives each a
 * cost (struct compose_weights of the theme) and sets the cheapest. Pure. */
#ifndef GAOSHI_DISPLAY_COMPOSE_H
#define GAOSHI_DISPLAY_COMPOSE_H

#include "display/core/page/page_build.h"

/* What a block is to the reader. Sizes, gaps and colours of each role stand in
 * the table of compose_style.c. */
enum compose_role {
    COMPOSE_LABEL,     /* what a figure counts; on the page of its figure */
    COMPOSE_FIGURE,    /* the hero */
    COMPOSE_PICTURE,   /* bars, a chart, a ring: drawn by the template */
    COMPOSE_STATEMENT, /* what the hero is compared with, in words */
    COMPOSE_SUBJECT,   /* what a share or a run of years is about */
    COMPOSE_NOTE,      /* a small line of the hero */
    COMPOSE_CONTEXT,   /* a line of the panel */
    COMPOSE_ADDRESS,   /* with a pin */
    COMPOSE_CAPTION,   /* of a code */
    COMPOSE_UNIT,      /* of a chart; on its page */
    COMPOSE_CELLS,     /* figures or names in rows and columns */
    COMPOSE_ROLE_COUNT
};

/* Where a block goes when two things stand side by side. */
enum compose_side { COMPOSE_WHOLE, COMPOSE_LEFT, COMPOSE_RIGHT };

/* Drawn into a box of its own. Heights in pixels; a square picture is as wide
 * as it is high. Another takes the width that there is, but not less than
 * least_width_px. */
struct compose_picture {
    void (*put)(struct page_build *build, struct rect box);
    int (*least_px)(struct page_build *build);
    int (*most_px)(struct page_build *build);
    int (*least_width_px)(struct page_build *build); /* NULL: any */
    bool square;
    bool hero; /* it is what the page is about: the larger, the better */
    /* From its top to what stands on the base line of a figure beside it, with
     * no ink below; NULL: it stands in the middle of that figure's height. */
    int (*base_px)(struct page_build *build, int width_px);
};

/* A name with what it is, or a label with its figure. */
struct compose_cell {
    const char *label;
    const struct panel_figure *figure; /* NULL: a name */
    const char *detail;                /* of a name */
    const char *note;                  /* of a figure */
};

struct compose_block {
    enum compose_role role;
    enum compose_side side;
    const char *text;
    const struct panel_figure *figure;
    struct decimal from; /* where the figure counts from */
    const struct compose_picture *picture;
    const struct compose_cell *cells;
    size_t cell_count;
};

/* Ways to arrange the blocks. */
enum compose_arrangement {
    COMPOSE_STACKED, /* one below the other */
    COMPOSE_BESIDE,  /* left and right blocks side by side */
    COMPOSE_MARGIN,  /* the right block from the page's top to its bottom */
    COMPOSE_ARRANGEMENT_COUNT
};

enum { COMPOSE_BLOCKS = 32, COMPOSE_CELLS_MOST = 64 };

struct compose_sheet {
    struct compose_block blocks[COMPOSE_BLOCKS];
    size_t count;
    bool arrangements[COMPOSE_ARRANGEMENT_COUNT];
};

/* Appends a text; nothing when it is empty. */
void compose_text(struct compose_sheet *sheet, enum compose_role role,
                  enum compose_side side, const char *text);
void compose_figure(struct compose_sheet *sheet, enum compose_side side,
                    const struct panel_figure *figure, struct decimal from);
void compose_picture(struct compose_sheet *sheet, enum compose_side side,
                     const struct compose_picture *picture);
void compose_cells(struct compose_sheet *sheet,
                   const struct compose_cell *cells, size_t count);

/* The figures of the panel, each a cell. */
void compose_figures(struct compose_sheet *sheet,
                     struct compose_cell cells[LIMIT_FIGURES],
                     const struct panel *panel);

/* The lines of the panel, each a block. */
void compose_lines(struct compose_sheet *sheet, const struct panel *panel);

/* In the style of its role at the build's scale. */
struct page_text compose_style(const struct page_build *build,
                               enum compose_role role, const char *text);

/* Sets what stands on top of every page of a panel: title, and subtitle below.
 */
void compose_header(struct page_build *build);

/* The pictogram of the panel; of a notice that names none, that of the event in
 * its title, such as 停水. NULL: none. */
const struct icon *compose_icon(const struct page_build *build);

/* The size at which a content that flows over pages costs least; the build is
 * left at its scale, without a page. */
int compose_flow(struct page_build *build, page_measure *measure);

/* Line heights at the greatest scale and at the least. */
enum { COMPOSE_LEADING_MOST = 135, COMPOSE_LEADING_LEAST = 120 };

/* Opens the pages under the build's header and fills them; on a strip one
 * thought a page. */
void compose_pages(struct page_build *build, const struct compose_sheet *sheet);

/* Digits of a panel's only figure are so high at least, where its width
 * allows that: 20 % of a landscape page, 14 % of another. */
int compose_hero_least_px(const struct geometry *geometry);

#endif
