/* A figure as one picture: qualifier, digits, suffix, unit on one base line. */
#ifndef GAOSHI_DISPLAY_PAGE_FIGURE_H
#define GAOSHI_DISPLAY_PAGE_FIGURE_H

#include "display/core/page/page_build.h"

/* The same figure as words: 约 2569 万平方米. */
const char *page_figure_words(struct page_build *build,
                              const struct panel_figure *figure);

int page_figure_width(const struct page_build *build,
                      const struct panel_figure *figure, int size_px);

/* The largest em up to largest_px at which it is no wider than width_px; 0:
 * not even at the legal size. */
int page_figure_fit(const struct page_build *build,
                    const struct panel_figure *figure, int width_px,
                    int largest_px);

/* Over and under the base line. */
int page_figure_rise(const struct page_build *build, int size_px);
int page_figure_depth(const struct page_build *build, int size_px);

/* The em whose digits are so high. */
int page_digits_em(const struct page_build *build, int digits_px);

/* Counts from `from` to the figure's value. Returns its width. */
int page_put_figure(struct page_build *build, const struct panel_figure *figure,
                    struct decimal from, int x, int baseline_y, int size_px);

/* Flows the figure as the body's hero: digits of the theme's share of the
 * page, less where it is too wide or too high for height_px; as words where
 * no size fits. */
void page_flow_hero(struct page_build *build, const struct panel_figure *figure,
                    struct decimal from, int height_px);

/* A panel's figures side by side, at the largest em that room_px and the page
 * allow; em 0: they can't stand so. */
enum { PAGE_COLUMNS_MOST = 4 };
struct page_columns {
    int em;
    int tracks[PAGE_COLUMNS_MOST]; /* of twelve */
    int label_px, note_px;         /* the greatest heights */
    int height_px;
};
struct page_columns page_columns_make(struct page_build *build, int room_px);
void page_flow_columns(struct page_build *build,
                       const struct page_columns *columns);

/* A line of text on one line, digits of equal width. Returns its width. */
int page_put_run(struct page_build *build, const struct page_text *text, int x,
                 int baseline_y);
int page_run_px(const struct page_build *build, const struct page_text *text);

/* The styles of what a figure is, and of the small line below it. */
struct page_text page_label_text(const struct page_build *build,
                                 const char *label);
struct page_text page_note_text(const struct page_build *build,
                                const char *note);

/* Context lines of a panel, with room before them. */
void page_flow_lines(struct page_build *build);
int page_lines_height(struct page_build *build);

#endif
