/* How strips say things: one thought a page, as large as it stands there
 * whole. */
#ifndef GAOSHI_DISPLAY_PAGE_STRIP_H
#define GAOSHI_DISPLAY_PAGE_STRIP_H

#include "display/core/page/page_build.h"

enum { PAGE_STRIP_LEADING = 118 };

/* In the style of a strip, at the legal size. */
struct page_text page_strip_text(const struct page_build *build,
                                 const char *text, enum type_role role,
                                 draw_colour colour);

/* Below an alert nothing of the programme speaks louder than what the alert
 * says to do: that is, in the larger part, never smaller than this. */
int page_strip_most_px(const struct page_build *build, enum page_size size,
                       int most_px);

/* A page with nothing on it yet, new or the one that is open. */
void page_strip_open(struct page_build *build);

/* Takes the open page away if nothing stands on it. */
void page_strip_close_empty(struct page_build *build);

/* The largest size at which the text stands in width × height, of one that
 * keeps together what it has to. False: there is none. */
bool page_strip_fit(struct page_build *build, struct page_text *text,
                    int width_px, int height_px);

/* Into what is left of the open page, as large as it stands there whole; what
 * is too long is broken, and goes on over more pages. */
void page_strip_flow(struct page_build *build, struct page_text text);

/* A text alone on its page, or on as many as it needs. */
void page_strip_say(struct page_build *build, const char *words,
                    enum type_role role, draw_colour colour);

/* Lines that wait for others to share their page: a page more costs its reader
 * more than a smaller size. */
enum { PAGE_STRIP_LINES_MOST = 3 };
struct page_strip {
    struct page_build *build;
    struct page_text lines[PAGE_STRIP_LINES_MOST];
    int count;
    bool whole;  /* one that is alone is not broken to be larger */
    int most_px; /* of what is added: it is set no larger; 0: any size */
};

/* A text of one line waits; a longer one is said. */
void page_strip_add(struct page_strip *strip, const char *words,
                    enum type_role role, draw_colour colour);

/* Makes room for lines that stay on one page. */
void page_strip_need(struct page_strip *strip, int lines);

/* Says the lines that wait. */
void page_strip_flush(struct page_strip *strip);

/* Whether it stands on one line at the legal size. */
bool page_strip_is_line(struct page_build *build, const char *words);

/* Lines of the legal size that one page holds; one at least. */
int page_strip_lines(const struct page_build *build);

/* Both with room between, or the only one that is not empty. */
const char *page_strip_joined(struct page_build *build, const char *first,
                              const char *second);

/* Parts that stand a wide space apart, each on a line of its own. */
const char *page_strip_parts(struct page_build *build, const char *words);

/* One above the other. */
const char *page_strip_stacked(struct page_build *build, const char *first,
                               const char *second);

/* Each place of a list, 侯寨街道、嵩山路街道, unbroken: a line ends behind a
 * stop of the list. */
const char *page_strip_list(struct page_build *build, const char *words);

#endif
