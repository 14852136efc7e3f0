/* The live figures of a panel as they are at one moment, and how pages say how
 * new they are. */
#ifndef GAOSHI_DISPLAY_PAGE_LIVE_H
#define GAOSHI_DISPLAY_PAGE_LIVE_H

#include "display/core/page/page_words.h"
#include "protocol/message.h"

/* A new value is counted to in this time. One that comes sooner after the last
 * one than PAGE_LIVE_CALM_MS stands there at once. */
enum { PAGE_LIVE_COUNT_MS = 700, PAGE_LIVE_CALM_MS = 1000 };

struct page_live_figure {
    bool bound;
    struct decimal value, from; /* now, and what it counts from */
    int64_t since_ms;    /* how long it has counted; INT64_MAX: it stands */
    struct decimal room; /* its digits keep as much room as these */
    int64_t at_ms;       /* when it was measured; TIMESTAMP_NONE: not known */
    bool stale;          /* for longer than the panel allows */
};

struct page_live {
    struct page_live_figure figures[LIMIT_FIGURES]; /* as in the panel */
    int64_t now_ms;  /* wall clock; TIMESTAMP_NONE: not trusted */
    int64_t next_ms; /* wall clock at which one becomes stale; INT64_MAX */
};

/* The figures of a panel of which nothing newer is known than the panel itself.
 */
struct page_live page_live_of(const struct message *panel);

/* Whether the panel's figure may show this value: the unit is the same, and a
 * share lies between 0 and 100. */
bool page_live_takes(const struct panel *panel, size_t index,
                     const struct figure *figure);

/* The wider of two numbers, with the places of the finer one. */
struct decimal page_live_wider(struct decimal a, struct decimal b);

/* The number with the places of the room at least. */
struct decimal page_live_padded(struct decimal value, struct decimal room);

/* The number as it stands now, on its way from the one before. */
struct decimal page_live_value(const struct page_live_figure *figure);

/* Whether one of them is still counting. */
bool page_live_moves(const struct page_live *live);

/* 截至 14:05, or 14:05 后无新数据 with the label of the figure when only some
 * are stale; with the day where it is not today. "": no time is known. */
struct page_context;
void page_live_words(const struct page_context *context,
                     const struct panel *panel, char out[WORDS_BYTES]);

#endif
