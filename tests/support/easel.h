/* Everything it takes to draw frames of pages, as the loop has it but without a
 * window: a glass of the source tree's themes and fonts, and a page cache. */
#ifndef GAOSHI_TESTS_SUPPORT_EASEL_H
#define GAOSHI_TESTS_SUPPORT_EASEL_H

#include "display/edge/app/frame.h"

struct easel {
    struct glass glass;
    struct page_cache *cache;
};

/* Fails the running test when it cannot be done. */
struct easel *easel_open(int width, int height, const char *theme,
                         enum motion_level motion);
void easel_close(struct easel *easel);

#endif
