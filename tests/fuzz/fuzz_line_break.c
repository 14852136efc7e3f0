/* Any bytes as a text that is to be broken: every byte belongs to one point,
 * and the text ends with a break. */
#include "tests/fuzz/check.h"

#include "display/core/typeset/line_break.h"

#include <stdlib.h>

static void check_breaks(const char *text, size_t bytes, bool words)
{
    struct line_breaks breaks = {0};

    FUZZ_CHECK(line_breaks_find(text, bytes, words, &breaks));
    FUZZ_CHECK(breaks.count <= bytes);
    FUZZ_CHECK((breaks.count == 0) == (bytes == 0));
    for (size_t i = 0; i < breaks.count; i++) {
        const struct line_break_point *point = &breaks.points[i];
        FUZZ_CHECK(i ? point->start > point[-1].start : point->start == 0);
        FUZZ_CHECK(point->start < bytes);
        FUZZ_CHECK(point->codepoint <= 0x10FFFF);
        FUZZ_CHECK(point->after <= LINE_BREAK_MANDATORY);
        FUZZ_CHECK(point->after == LINE_BREAK_INSIDE || point->grapheme_end);
    }
    if (breaks.count > 0)
        FUZZ_CHECK(breaks.points[breaks.count - 1].after ==
                   LINE_BREAK_MANDATORY);
    line_breaks_finish(&breaks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_copy(data, size);

    check_breaks(text, size, false);
    check_breaks(text, size, true);
    free(text);
    return 0;
}
