/* A figure as one picture: qualifier, digits, suffix, unit on one base line. */
#ifndef GAOSHI_DISPLAY_PAGE_FIGURE_H
#define GAOSHI_DISPLAY_PAGE_FIGURE_H

#include "display/core/page/page_build.h"

/* A value with its unit, and nothing else. */
struct panel_figure page_figure_of(struct decimal value, const char *unit);

/* The same figure as words: 约 2569 万平方米. */
const char *page_figure_words(struct page_build *build,
                              const struct panel_figure *figure);

/* The digits as they are written: a true minus. */
const char *page_digits_words(struct page_build *build, struct decimal value);

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

/* A line of text on one line, digits of equal width. Returns its width. */
int page_put_run(struct page_build *build, const struct page_text *text, int x,
                 int baseline_y);
int page_run_px(const struct page_build *build, const struct page_text *text);

/* The same without being put; "" without memory. */
struct draw_item page_run(struct page_build *build,
                          const struct page_text *text);

/* The base line of a run whose middle lies at y. */
int page_run_baseline(const struct page_text *text, int middle_y);

/* The largest size from the text's own down to least_px at which its run is no
 * wider; least_px where there is none. */
int page_run_fit(const struct page_build *build, struct page_text text,
                 int width_px, int least_px);

/* A filled box with a run in its middle, and the width that it needs. */
int page_badge_px(const struct page_build *build, const struct page_text *text);
void page_put_badge(struct page_build *build, const struct page_text *text,
                    struct rect box, draw_colour fill);

#endif
