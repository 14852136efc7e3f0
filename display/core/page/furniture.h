/* What stands around the panels of the programme: the name of the place, the
 * clock, the date with weekday and lunar date (农历), the name of the panel's
 * section, how far the cycle of panels is, and a mark when no message has come
 * for long. Each part can be switched off. Pure: no clock, no I/O. */
#ifndef GAOSHI_DISPLAY_FURNITURE_H
#define GAOSHI_DISPLAY_FURNITURE_H

#include "display/core/page/page.h"
#include "display/core/page/page_words.h"

enum furniture_part {
    FURNITURE_PLACE = 1,
    FURNITURE_CLOCK = 2,
    FURNITURE_DATE = 4,
    FURNITURE_LUNAR = 8,
    FURNITURE_SECTION = 16,
    FURNITURE_PROGRESS = 32,
    FURNITURE_LINE_MARK = 64,
    FURNITURE_TICKER = 128,
    FURNITURE_DEFAULT = 127,
};

struct furniture {
    unsigned parts;         /* which of enum furniture_part */
    const char *place_name; /* 郑州市二七区 */
    int64_t now_ms;         /* TIMESTAMP_NONE: clock not trusted, no clock */
    enum panel_section section;
    bool on_field;       /* the page stands on the field of the section */
    int position, total; /* of the cycle, from 1; total 0: none */
    bool news_old;       /* no line, or something is kept from this screen */
    struct news_reach news;
    const char *ticker; /* line by line if it is too wide; NULL: none */
};

/* The part of the glass that is left for pages: what page_context.geometry
 * must hold. Where little would be left, the rows give way: all of it. */
struct geometry furniture_page_geometry(const struct geometry *glass,
                                        unsigned parts);

/* The parts for which a low part of the glass has room: a row goes where it
 * would leave no poster. */
unsigned furniture_for(const struct geometry *part, unsigned parts);

/* When the ticker has another line, by the clock of now_ms; INT64_MAX: it has
 * but one, or the clock is not trusted. context->geometry is the whole glass.
 */
int64_t furniture_next_change_ms(const struct furniture *furniture,
                                 const struct page_context *context);

/* Appends over the page; context->geometry is here the whole glass. */
bool furniture_frame(const struct furniture *furniture,
                     const struct page_context *context, struct draw_list *out);

#endif
