/* The mark of news that is old: a ring with a gap, and up to when the news
 * reaches. In the frame of the programme, and in the margin of a page that
 * has no frame. Pure. */
#ifndef GAOSHI_DISPLAY_NEWS_MARK_H
#define GAOSHI_DISPLAY_NEWS_MARK_H

#include "display/core/page/page.h"
#include "display/core/page/page_words.h"

struct news_mark {
    const struct news_reach *news;
    int64_t now_ms; /* TIMESTAMP_NONE: clock not trusted */
    draw_colour colour;
    int size_px; /* of its text */
};

/* The ring at x, and the words beside it where the room (px) is enough.
 * *end_x is where the next thing may begin. False: no memory. */
bool news_mark_put(const struct news_mark *mark,
                   const struct page_context *context, int x, int baseline,
                   int room, struct draw_list *out, int *end_x);

/* Where no words have room: a small square in the lower right corner. */
bool news_mark_put_square(const struct page_context *context,
                          draw_colour colour, struct draw_list *out);

/* For an alert or its 解除 on the whole glass: in the lower margin, which no
 * page uses, in the colour of the page's text. The words only where the
 * margin holds them at the legal size. */
bool news_mark_in_margin(const struct news_reach *news, int64_t now_ms,
                         const struct message *message,
                         const struct page_context *context,
                         struct draw_list *out);

#endif
