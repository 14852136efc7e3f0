/* The test card: what a technician looks at before a screen goes into service.
 * Its outermost pixels, the safe area, a grid, the smallest size of characters,
 * the colours of the levels, greys, each style of type, and a bar that moves.
 * Pure. */
#ifndef GAOSHI_DISPLAY_TEST_CARD_H
#define GAOSHI_DISPLAY_TEST_CARD_H

#include "display/core/page/page.h"

struct test_card {
    const char *place_name; /* may be "" */
    const char *screen;     /* its id */
    const char *output;     /* "1920x1080 kmsdrm 60.0 Hz" */
    double turn;            /* of the bar, 0 … 1 */
};

/* Appends the card; its first item fills the glass. False: no memory. */
bool test_card_frame(const struct test_card *card,
                     const struct page_context *context, struct draw_list *out);

#endif
