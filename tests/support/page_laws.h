/* The laws of pages, counted over a matrix of glasses. */
#ifndef GAOSHI_TESTS_SUPPORT_PAGE_LAWS_H
#define GAOSHI_TESTS_SUPPORT_PAGE_LAWS_H

#include "tests/support/page_breaks.h"
#include "tests/support/pages.h"

struct law_glass {
    const char *name;
    int width, height, height_mm, viewing_mm;
};
enum { LAW_GLASSES = 10 };
extern const struct law_glass law_glasses[LAW_GLASSES];

struct law_counts {
    size_t messages, pages;
    size_t most_pages;   /* of a message */
    size_t empty;        /* pages of several that are less than a third full */
    size_t heroes;       /* figures that stand alone */
    size_t heroes_short; /* under the law, though the width allows it */
    int least_hero;      /* of the page's height, in thousandths; 1000: none */
    size_t orders_small; /* first pages on which the order is under 1.25 of
                            the event */
    size_t ends_alone;   /* pages with nothing but a notice's sender or date */
    size_t
        orders_missing; /* pages without it; on strips those too far from it */
    size_t touching;    /* pages whose mark or frame touches what is read */
    struct page_break_counts breaks; /* of texts, between pages */
};

/* A message set for a glass, counted. why (may be NULL) tells the first law
 * that is broken; "" when none is. */
enum { LAW_BYTES = 300 };
void law_count(const struct message *message, const struct theme *theme,
               const struct type_metrics *metrics,
               const struct law_glass *glass, bool ticker,
               struct law_counts *counts, char why[LAW_BYTES]);

#endif
