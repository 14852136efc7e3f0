/* Parts of alert pages that strips and great pages share. */
#ifndef GAOSHI_DISPLAY_PAGE_ALERT_H
#define GAOSHI_DISPLAY_PAGE_ALERT_H

#include "display/core/page/page_build.h"

/* Where, since when, until when, who, whom to call: label and text. */
struct alert_fact {
    const char *label;
    const char *text;
    bool bare; /* says what it is without its label */
};

enum { ALERT_FACTS = 5 };
struct alert_facts {
    struct alert_fact items[ALERT_FACTS];
    size_t count;
};

/* Those that the alert has, without whom to call. */
void page_alert_facts(struct page_build *build, struct alert_facts *out);

/* None without text. */
void page_alert_add_fact(struct page_build *build, struct alert_facts *facts,
                         enum theme_word label, const char *text);

/* As many facts on a line as the area's width holds; returns how many lines. */
size_t page_alert_fact_lines(struct page_build *build,
                             const struct page_text *style,
                             const struct alert_facts *facts,
                             const char *lines[ALERT_FACTS]);

/* 暴雨 红色预警 */
const char *page_alert_event(struct page_build *build);

/* «Ⅰ 级响应», "" where the alert has none. */
const char *page_alert_response(struct page_build *build);

/* «急救 120» */
const char *page_alert_contact(struct page_build *build, size_t index);

/* The widest contact and the widest number on one line, in this style. */
struct alert_contact_px {
    int whole, number;
};
struct alert_contact_px page_alert_contact_px(struct page_build *build,
                                              const struct page_text *style);

/* One of them, whole; where its label leaves its number no room, the number is
 * a line of its own, after \n. */
const char *page_alert_contact_line(struct page_build *build,
                                    const struct page_text *style, int width_px,
                                    size_t index);

/* All of them, as many on a line as stand there whole, \n between lines. */
const char *page_alert_contact_lines(struct page_build *build,
                                     const struct page_text *style,
                                     int width_px);

/* Of the event on this page, at most; and as it stands in the area's width. */
int page_alert_title_px(const struct page_build *build);
int page_alert_event_px(struct page_build *build);

/* Of what to do on the pages after its own, at most. */
int page_alert_reminder_px(const struct page_build *build);

/* On top of the area; both move it down: shape, event, level and response;
 * what to do, where it is short enough, over a rule. */
void page_alert_put_event(struct page_build *build);
void page_alert_put_reminder(struct page_build *build);

/* A code is scanned from half the distance at which people read, and is as
 * large as a tenth of that, or larger. */
int page_alert_code_least_px(const struct page_build *build);

/* False: no page has room for a code of that size. */
bool page_alert_call_has_code(struct page_build *build);

/* A page of hotlines and the code of where more is told, beside or below. */
void page_alert_call(struct page_build *build);

/* The address in letters, where the body is. */
void page_alert_flow_address(struct page_build *build);

/* One sentence: the headline, «DRILL · Red rainstorm warning», or the event
 * where there is none; "" without both. */
const char *page_alert_headline_in(struct page_build *build,
                                   const struct alert_text *text);

/* The order, or the headline, in the languages that the alert has beside
 * Chinese, a paragraph for each; "": none. */
const char *page_alert_translated(struct page_build *build, bool orders);

/* Headline and description, unless the headline stands in place of the order.
 * They begin on the open page if `here` is set and there is room. */
void page_alert_flow_more(struct page_build *build, bool here);

/* Ground, text and the marks along the edge in the colours of the level. */
void page_alert_colours(struct page_build *build);

/* The level told by shape: eight corners for red, a diamond for orange, a
 * triangle for yellow, a disc for blue. */
void page_put_level_shape(struct page_build *build, struct rect box);

#endif
