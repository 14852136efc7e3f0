/* Everything it takes to draw frames of pages, as the loop has it but without a
 * window: a glass of the source tree's themes and fonts, and a page cache. */
#ifndef GAOSHI_TESTS_SUPPORT_FRAME_FIXTURE_H
#define GAOSHI_TESTS_SUPPORT_FRAME_FIXTURE_H

#include "display/edge/app/frame.h"

struct frame_fixture {
    struct glass glass;
    struct page_cache *cache;
};

/* Fails the running test when it cannot be done. */
struct frame_fixture *frame_fixture_open(int width, int height,
                                         const char *theme,
                                         enum motion_level motion);
void frame_fixture_close(struct frame_fixture *fixture);

#endif
