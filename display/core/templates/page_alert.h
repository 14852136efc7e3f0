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

enum { ALERT_FACTS = 4 + LIMIT_CONTACTS };

/* Those that the alert has; returns how many. Contacts stand in one fact, or
 * in one each. */
size_t page_alert_facts(struct page_build *build, bool contacts_apart,
                        struct alert_fact out[ALERT_FACTS]);

/* 暴雨 红色预警 */
const char *page_alert_event(struct page_build *build);

/* «Ⅰ 级响应», "" where the alert has none. */
const char *page_alert_response(struct page_build *build);

/* Pages that tell what happened; none where the alert says nothing of it. */
void page_alert_flow_more(struct page_build *build);

/* «急救 120» */
const char *page_alert_contact(struct page_build *build, size_t index);

/* On top of the area; both move it down: shape, event, level and response;
 * what to do, where it is short enough, over a rule. */
void page_alert_put_event(struct page_build *build);
void page_alert_put_reminder(struct page_build *build);

/* A code is scanned from half the distance at which people read, and is as
 * large as a tenth of that, or larger. */
int page_alert_code_least_px(const struct page_build *build);

/* A page of hotlines and, beside them, the code of where more is told; the
 * address in letters where a code has no room. */
void page_alert_call(struct page_build *build);

/* Ground, text and the marks along the edge in the colours of the level. */
void page_alert_colours(struct page_build *build);

/* The level told by shape: eight corners for red, a diamond for orange, a
 * triangle for yellow, a disc for blue. */
void page_put_level_shape(struct page_build *build, struct rect box);

#endif
