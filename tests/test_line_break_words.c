/* Words of a text: the dictionary's, and what it does not know. */
#include "display/core/typeset/line_break.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Words end at |; what the dictionary does not know stays together, but for
 * particles. */
static void words_are_found_when_asked_for(void **state)
{
    static const char *const texts[] = {"市场|主体|", "低洼处|积水|",
                                        "和|地下|通道|", "二七区|发布|"};

    (void)state;
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        struct line_breaks breaks;
        char text[64] = "", found[64] = "";
        for (const char *c = texts[t]; *c != '\0'; c++)
            strncat(text, c, *c == '|' ? 0 : 1);
        assert_true(line_breaks_find(text, strlen(text), true, &breaks));
        for (size_t i = 0; i < breaks.count; i++) {
            strncat(found, text + breaks.points[i].start, 3);
            strcat(found, breaks.points[i].word_end ? "|" : "");
        }
        assert_string_equal(found, texts[t]);
        line_breaks_finish(&breaks);
    }
}

static void words_are_not_looked_for_otherwise(void **state)
{
    struct line_breaks breaks;

    (void)state;
    assert_true(line_breaks_find("市场", strlen("市场"), false, &breaks));
    assert_false(breaks.points[0].word_end);
    assert_false(breaks.points[1].word_end);
    line_breaks_finish(&breaks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_when_asked_for),
        cmocka_unit_test(words_are_not_looked_for_otherwise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
