/* A message set for a glass: one or more pages, each a function of t. Made
 * once, kept while the message lives; drawing a frame sets no text anew but
 * counting figures. Pure. */
#ifndef GAOSHI_DISPLAY_PAGE_H
#define GAOSHI_DISPLAY_PAGE_H

#include "display/core/draw/draw_list.h"
#include "display/core/draw/geometry.h"
#include "display/core/page/page_live.h"
#include "display/core/page/page_words.h"
#include "display/core/page/presentation.h"
#include "display/core/page/theme.h"
#include "display/core/schedule/zone.h"
#include "protocol/message.h"

struct page_set;

/* Whether the message stands on the field of its section, a saturated ground:
 * what opens a section, and a single figure that is not live, since a stale one
 * has a colour of its own. */
bool page_has_field(const struct message *message, bool safe);

/* Which pictures can be shown; pages set without one have its words. */
struct page_pictures {
    void *context;
    bool (*has)(void *context, const char *digest);
};

struct page_context {
    const struct theme *theme;
    struct geometry geometry; /* of the part of the glass that pages get */
    struct page_place place;  /* which part that is */
    const struct type_metrics *metrics;
    enum motion_level motion;
    /* For dates and times on pages: the zone, or (NULL) a fixed offset. */
    const struct zone *zone;
    int utc_offset_minutes;
    bool safe; /* nothing but words, whatever the template */
    /* Of a panel with live figures, as they are now; NULL: as in the panel. */
    const struct page_live *live;
    const struct page_pictures *pictures; /* borrowed; NULL: there are none */
};

/* Minutes east of UTC at this time; any for TIMESTAMP_NONE. */
int page_offset_minutes(const struct page_context *context, int64_t ms);

/* Sets a panel, an alert or an alert-cancel (解除). The message may be
 * destroyed afterwards: everything needed is copied. NULL: no memory. */
struct page_set *page_set_create(const struct message *message,
                                 const struct page_context *context);
void page_set_destroy(struct page_set *set); /* NULL: nothing */

/* At least 1. */
size_t page_set_count(const struct page_set *set);

/* How long the page stands, entrance included, by the reading rule. */
int64_t page_dwell_ms(const struct page_set *set, size_t page);

/* From here on the page rests: nothing moves but the one slow movement of an
 * alert (a countdown: until its text changes). */
int64_t page_entrance_ms(const struct page_set *set, size_t page);

/* The next moment after now_ms (wall clock) at which a held page changes by
 * itself (a countdown), or INT64_MAX. */
int64_t page_next_change_ms(const struct page_set *set, int64_t now_ms);

/* When a frame is. */
struct page_time {
    int64_t t_ms;     /* since the page came; 0: its entrance begins */
    int64_t now_ms;   /* the wall clock: matters to countdowns only */
    int64_t moved_ms; /* since an alert came, over all its pages: what the
                         slow movement is a function of; 0 or more */
    const struct page_live *live; /* NULL: as the page was set */
};

/* Appends the page as it is then. The ground is the first item. */
bool page_frame(const struct page_set *set, size_t page,
                const struct page_time *time, struct draw_list *out);

/* How long after moved_ms the slow movement takes its next step; INT64_MAX:
 * the page has none. Between two steps frames are the same. */
int64_t page_next_step_ms(const struct page_set *set, size_t page,
                          int64_t moved_ms);

/* Whether the pages can show these live figures as they are set. False: they
 * must be set anew, because digits have no room, or the words that tell the
 * time of the figures are others. */
bool page_set_takes(const struct page_set *set, const struct message *message,
                    const struct page_context *context);

/* Whether a live figure of the set is on its way to a new value. */
bool page_live_is_moving(const struct page_set *set,
                         const struct page_live *live);

/* Characters of the message that no font has, first 8 code points. */
size_t page_set_missing(const struct page_set *set, uint32_t out[8]);

/* The plain page: name of the place, time if trusted, how old the news is.
 * What stands there when nothing else can. */
struct plain_page {
    const char *place_name;
    int64_t now_ms;   /* TIMESTAMP_NONE: the clock is not to be trusted */
    const char *line; /* the screen's id, above all, as large as the name; NULL:
                         it is not wanted */
    bool news_old;    /* no line, or something is kept from this screen */
    struct news_reach news;
};
bool plain_page_frame(const struct plain_page *page,
                      const struct page_context *context,
                      struct draw_list *out);

#endif
