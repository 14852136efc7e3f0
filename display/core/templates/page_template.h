/* The templates: each sets one kind of content with the workbench. Those
 * named strip set it for a strip, one thought a page; those named banner for
 * a band of two lines; those named safe with nothing but words. */
#ifndef GAOSHI_DISPLAY_PAGE_TEMPLATE_H
#define GAOSHI_DISPLAY_PAGE_TEMPLATE_H

#include "display/core/page/page_build.h"

void page_template_title(struct page_build *build);
/* The size of a title that a page is about: on one line where that leaves it
 * great enough, otherwise so that no word breaks; the legal size if nothing
 * fits. */
int page_title_size(struct page_build *build, struct page_text title, int width,
                    int height);
void page_template_figure(struct page_build *build);
void page_template_figures(struct page_build *build);
void page_template_comparison(struct page_build *build);
void page_template_share(struct page_build *build);
void page_template_years(struct page_build *build);
void page_template_growth(struct page_build *build);
void page_template_items(struct page_build *build);
void page_template_notice(struct page_build *build);
void page_template_countdown(struct page_build *build);
void page_template_qr(struct page_build *build);
void page_template_situation(struct page_build *build);
void page_template_photos(struct page_build *build);
void page_template_poster(struct page_build *build);
void page_template_alert(struct page_build *build);
void page_template_clear(struct page_build *build);
void page_banner_alert(struct page_build *build);
void page_banner_clear(struct page_build *build);

/* «是 2015 年的 1.64 倍», or the panel's own statement. */
const char *page_ratio_words(struct page_build *build);

/* 9:00 Ⅳ → 9:40 Ⅲ: how a situation's level moved. */
const char *page_history_words(struct page_build *build);

/* «Ⅰ 级响应», or that it is over; "" without a level. */
const char *page_level_words(struct page_build *build);

/* 截至 … and the sender. */
const char *page_source_words(struct page_build *build);

/* The side of the largest code that is no smaller than least_px and no larger
 * than most_px; 0: there is none. */
int page_code_px(const char *url, int least_px, int most_px);

/* A code of at most side_px; returns its side, 0 if it has no room there. */
int page_put_code(struct page_build *build, const char *url, int x, int y,
                  int side_px);

/* A picture beside what another template says: on the right of a wide page,
 * below on others. The words get a smaller page, and the picture the rest. */
struct page_side {
    const struct panel_picture *picture; /* NULL: it is left out */
    struct rect box;
    bool whole; /* not cropped */
};

/* Makes the build's page smaller for a picture of the panel, if there is one
 * that can be shown and enough room is left. */
struct page_side page_side_begin(struct page_build *build);
/* Puts it on each page. */
void page_side_end(struct page_build *build, const struct page_side *side);

/* What is left until the panel's moment, in a box. */
void page_put_countdown(struct page_build *build, struct rect box,
                        bool centred);

/* On top of a page whose alert is no real one: the mark of an exercise or a
 * test across its whole width. Moves area down. */
void page_put_drill_mark(struct page_build *build);

/* What that mark says; "" for an actual alert. */
const char *page_drill_words(const struct page_build *build);

/* «范围 全区» */
const char *page_labelled(struct page_build *build, const char *label,
                          const char *words);

/* Joins units into as few lines of the style as the area's width allows; one
 * that is wider stands alone. The lines stand in the place of the units;
 * returns how many they are. */
size_t page_join_units(struct page_build *build, const struct page_text *style,
                       const char **units, size_t count);

/* Marks along the edge of the whole page, over its ground: the way of an
 * alert's slow movement. */
void page_put_edge(struct page_build *build);

void page_safe_panel(struct page_build *build);
void page_safe_alert(struct page_build *build);
void page_safe_clear(struct page_build *build);
void page_strip_alert(struct page_build *build);
void page_strip_clear(struct page_build *build);

#endif
