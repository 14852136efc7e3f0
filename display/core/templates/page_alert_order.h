/* The biggest text of an alert: what to do, or what is the matter where nobody
 * says what to do. */
#ifndef GAOSHI_DISPLAY_PAGE_ALERT_ORDER_H
#define GAOSHI_DISPLAY_PAGE_ALERT_ORDER_H

#include "display/core/templates/page_alert.h"

/* Without a size. */
struct page_text page_alert_order(const struct page_build *build);

/* Whether each clause of it stands on one line of the area at this size. */
bool page_alert_order_is_whole(struct page_build *build, int size_px);

/* A character of it is no higher than this. */
int page_alert_order_most_px(const struct page_build *build);

/* What stands small below it. */
struct page_text page_alert_order_translated(struct page_build *build);

/* At the size and with the breaks that suit it best in the area's width and
 * this height; size 0: it has no room there. */
struct page_text page_alert_fit_order(struct page_build *build, int height);

#endif
