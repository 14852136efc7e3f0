/* What a page set is made of: elements at rest, each with its motion. Shared
 * by the files that build pages and the one that draws their frames. */
#ifndef GAOSHI_DISPLAY_PAGE_SET_H
#define GAOSHI_DISPLAY_PAGE_SET_H

#include "display/core/page/page.h"

enum page_motion {
    PAGE_STILL,
    PAGE_GROW_RIGHT, /* a bar, out of the length of another */
    PAGE_GROW_UP,    /* a column, out of the height of another */
    PAGE_SWEEP,      /* a ring, from where it begins */
    PAGE_COUNT,      /* a figure runs from another value to its own */
    PAGE_COUNTDOWN,  /* a figure and its unit follow the wall clock */
    PAGE_PASS,       /* a light passes over it, again and again, slowly */
};

/* Whether the motion is over after lasts_ms. */
static inline bool page_motion_ends(enum page_motion motion)
{
    return motion == PAGE_GROW_RIGHT || motion == PAGE_GROW_UP ||
           motion == PAGE_SWEEP || motion == PAGE_COUNT;
}

/* The text of a countdown; the element's own item is what stands there
 * while the clock is not to be trusted. */
struct page_countdown {
    int64_t until_ms;
    const char *units[3];             /* days, hours, minutes */
    const struct draw_item *finished; /* what stands there afterwards */
    size_t finished_count;
    draw_colour unit_colour;
    int digits_size_px, unit_size_px;
    int x, width_px; /* room for both; the base line is the item's */
    bool centred;
};

struct page_element {
    struct draw_item item; /* at rest */
    enum page_motion motion;
    int begin_ms;             /* PAGE_PASS: when in its lap it is brightest */
    int lasts_ms;             /* PAGE_PASS: of a lap */
    int from_px;              /* PAGE_GROW_…: length at the beginning */
    struct decimal from, to;  /* PAGE_COUNT */
    type_length figure_width; /* PAGE_COUNT: kept free for the end value */
    const struct page_countdown *countdown; /* PAGE_COUNTDOWN */
    /* Digits, or a ring, of the panel's live figure with this number, from 1;
     * 0: of none. */
    size_t live;
};

struct page {
    struct page_element *elements;
    size_t count;
    size_t capacity;
    int characters; /* to read */
    int64_t entrance_ms;
    int64_t dwell_ms;
    int step_ms; /* of its slow movement; 0: none */
};

struct page_chunk;
struct page_kept_block;

struct page_set {
    const struct type_metrics *metrics;
    struct typeset_cache *texts; /* while the pages are set */
    struct page *pages;
    size_t count;
    size_t capacity;
    struct page_chunk *chunks;      /* strings, glyphs */
    struct page_kept_block *blocks; /* texts that elements point into */
    int64_t until_ms;               /* of a countdown; or TIMESTAMP_NONE */
    bool over;                      /* a poster could not hold its content */
    bool still;                     /* nothing is to move */
    const char *live_words; /* how new its live figures are; NULL: none */
    unsigned stale;         /* which were stale: bits from figure 0 on */
    /* Live figures that stand in a text, with the value there. */
    unsigned spoken;
    struct decimal spoken_values[LIMIT_FIGURES];
};

/* Everything below: NULL or false without memory. */

/* Memory that lives as long as the set's pages. */
void *page_set_alloc(struct page_set *set, size_t bytes);
char *page_set_copy(struct page_set *set, const char *text);

/* Takes the block (destroys it on failure). */
bool page_set_keep(struct page_set *set, struct typeset_block *block);

struct page *page_set_add(struct page_set *set);
struct page_element *page_add(struct page *page,
                              const struct page_element *element);

/* Puts copies of pages before a later one; what they point into lives as long
 * as the set. */
bool page_set_repeat(struct page_set *set, size_t from, size_t count,
                     size_t before);

/* Takes the last page away. */
void page_set_drop(struct page_set *set);

/* Back to no pages. */
void page_set_clear(struct page_set *set);

/* True when every text lies in the safe area and none over another. */
bool page_set_fits(const struct page_set *set, const struct geometry *geometry);

/* Appends one element at its time; still: live figures do not count. */
bool page_element_frame(const struct page_element *element,
                        const struct type_metrics *metrics,
                        const struct page_time *time, bool still,
                        struct draw_list *out);

#endif
