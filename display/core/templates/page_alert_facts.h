/* Where, since when, until when, who, whom to call: the rows at the foot of an
 * alert's page. */
#ifndef GAOSHI_DISPLAY_PAGE_ALERT_FACTS_H
#define GAOSHI_DISPLAY_PAGE_ALERT_FACTS_H

#include "display/core/templates/page_alert.h"

/* On a wide page two short facts share a row. Beside a code, and for the
 * contacts, which come last, each row holds one fact. */
struct page_facts {
    struct alert_facts all;
    bool half[ALERT_FACTS]; /* stands in one line in half of the width */
    size_t contacts;        /* their index; count: without them */
    int size_px;
    int label_px; /* column of the labels; 0: each stands over its text */
    int width_px;
    int code_px;  /* 0: without the code */
    bool pressed; /* by the code: a contact or a time would be broken */
    int rows_px;  /* height of all rows */
};

/* As wide as the page's area, beside a code of that side; 0: none. */
struct page_facts page_facts_make(struct page_build *build, int code_px,
                                  bool contacts);

/* With the code. */
int page_facts_height(const struct page_facts *facts);

/* At a y of the page; rows and code end on the same line below. */
void page_facts_put(struct page_build *build, const struct page_facts *facts,
                    int y);

/* Into the body, over page breaks between two rows; a label never without its
 * text. */
void page_facts_flow(struct page_build *build, const struct page_facts *facts);

#endif
