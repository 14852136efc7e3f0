/* Where, since when, until when, who, whom to call: the rows at the foot of an
 * alert's page. */
#ifndef GAOSHI_DISPLAY_PAGE_ALERT_FACTS_H
#define GAOSHI_DISPLAY_PAGE_ALERT_FACTS_H

#include "display/core/templates/page_alert.h"

/* Where, when, who, whom to call: in two columns on a wide page, in one with
 * the code of where more is told beside it. */
struct page_facts {
    struct alert_fact rows[ALERT_FACTS];
    size_t count;
    int size_px;
    int label_px; /* column of the labels */
    int columns;
    int width_px;
    int code_px; /* 0: without the code */
    int rows_px; /* height of all rows */
};

/* As wide as the page's area, beside a code of that side; 0: none. */
struct page_facts page_facts_make(struct page_build *build, int code_px);

/* With the code; and what is left for the text of a row, 0 or less where the
 * code leaves nothing. */
int page_facts_height(const struct page_facts *facts);
int page_facts_text_px(const struct page_build *build,
                       const struct page_facts *facts);

/* At a y of the page; rows and code end on the same line below. */
void page_facts_put(struct page_build *build, const struct page_facts *facts,
                    int y);

/* Into the body, over page breaks. False: they did not fit beside the code, and
 * stand there without it. */
bool page_facts_flow(struct page_build *build, const struct page_facts *facts);

#endif
