/* Rules that every page of every message must keep, told as problems. */
#ifndef GAOSHI_TESTS_SUPPORT_PAGE_CHECK_H
#define GAOSHI_TESTS_SUPPORT_PAGE_CHECK_H

#include "tests/support/pages.h"

enum { PAGE_CHECK_BYTES = 400 };

/* Where the ink of a line of text can be: its advance width, and over and
 * under the base line as high as its characters are. */
struct rect page_check_box(const struct draw_item *item);

/* No text under the legal size, none outside the safe area, none over
 * another, none under 7:1 on what lies beneath it, every item on the glass. False: why says what is wrong. */
bool page_check_list(const struct draw_list *list, const struct geometry *glass,
                     char why[PAGE_CHECK_BYTES]);

/* What a message has to say on a glass, text by text, in the order of its
 * fields. */
struct page_texts {
    char *items[256];
    size_t count;
};
void page_check_texts(const struct message *message,
                      const struct geometry *glass, struct page_texts *out);
void page_check_texts_finish(struct page_texts *texts);

/* True when the lists show the text whole: on one line, or as lines that
 * follow each other, over page breaks as well. Blanks are not compared. */
bool page_check_shows(const struct draw_list *lists, size_t count,
                      const char *text);

/* True when qualifier, digits, suffix and unit stand on one base line, or as
 * words. */
bool page_check_shows_figure(const struct draw_list *lists, size_t count,
                             const struct panel_figure *figure);

/* What marks each page of a drill: at the side of a strip, which is low or at
 * least three times as wide as it is high, the first word may stand alone. */
const char *page_check_drill(const struct geometry *glass);

#endif
