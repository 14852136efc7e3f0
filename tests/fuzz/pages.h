/* Messages set on glasses, and the rules that every page must keep. */
#ifndef GAOSHI_TESTS_FUZZ_PAGES_H
#define GAOSHI_TESTS_FUZZ_PAGES_H

#include "display/core/page/page.h"
#include "tests/fuzz/check.h"

/* 2021-09-08T09:30:00+08:00: when pages are shown. */
#define FUZZ_NOW_MS INT64_C(1631064600000)

/* No message says so much that it needs more. */
enum { FUZZ_PAGES_MOST = 2000 };

/* The themes of the source tree, read once. index 0 … FUZZ_THEMES − 1. */
enum { FUZZ_THEMES = 3 };
const struct theme *fuzz_theme(int index);

/* Sets the message on a glass and draws all its pages at several times: every
 * line of text within the page's safe area, nothing outside the glass, time
 * spans positive, the same t the same frame. */
void fuzz_check_pages(const struct message *message,
                      const struct page_context *context);

/* One of the sizes that screens have, with a legal size, chosen by the
 * input's numbers; the whole glass, or what furniture leaves of it. */
struct page_context fuzz_context(struct fuzz_input *input,
                                 enum message_kind kind);

#endif
