/* Every ideograph of GB 18030-2022, and what people type, is really drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/font_coverage.h"
#include "tests/support/fonts_here.h"

#define LIST GAOSHI_SOURCE_DIR "/tests/font_coverage.txt"

static int set_up(void **state)
{
    *state = fonts_here();
    return 0;
}

static int tear_down(void **state)
{
    fonts_destroy(*state);
    return 0;
}

static char *print(struct fonts *fonts, const char *list, enum type_role role,
                   int size_px, bool *complete)
{
    char *text = NULL;
    size_t bytes = 0;
    struct problem problem = {0};
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(out);
    assert_true(
        coverage_print(fonts, list, role, size_px, out, complete, &problem));
    fclose(out);
    return text;
}

static void every_ideograph_is_there_in_every_role(void **state)
{
    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        bool complete = false;
        char *text = print(*state, LIST, (enum type_role)role, 0, &complete);
        if (!complete)
            fail_msg("%s", text);
        free(text);
    }
}

static void every_ideograph_is_drawn_with_ink(void **state)
{
    bool complete = false;
    char *text = print(*state, LIST, TYPE_SANS, COVERAGE_SIZE_PX, &complete);

    if (!complete)
        fail_msg("%s", text);
    fputs(text, stdout);
    free(text);
}

static int count_level(const struct coverage_list *list, const char *level)
{
    int count = 0;

    for (size_t i = 0; i < list->group_count; i++) {
        if (strcmp(list->groups[i].level, level) == 0)
            count += list->groups[i].count;
    }
    return count;
}

static void the_list_has_the_counts_of_the_standard(void **state)
{
    (void)state;
    struct coverage_list list = {0};
    struct problem problem = {0};

    assert_true(coverage_list_read(LIST, &list, &problem));
    assert_int_equal(count_level(&list, "1"), 27584);
    assert_int_equal(count_level(&list, "1") + count_level(&list, "2"), 27780);
    /* The standard's 87,875 knows nothing of the amendment's 26. */
    assert_int_equal(count_level(&list, "1") - 26 + count_level(&list, "3"),
                     87875);
    coverage_list_finish(&list);
}

static void what_no_font_has_is_named(void **state)
{
    bool complete = true;
    char *folder = folder_make();
    char *file = folder_path(folder, "list.txt");

    assert_true(folder_write(folder, "list.txt",
                             "= 1 3 a group\n4E00 10FFFC-10FFFD\n"));
    char *text = print(*state, file, TYPE_SANS, 0, &complete);
    assert_false(complete);
    assert_non_null(strstr(text, "1 /      3"));
    assert_non_null(strstr(text, "a group: without U+10FFFC U+10FFFD\n"));
    free(text);
    free(file);
    folder_remove(folder);
    free(folder);
}

static void a_wrong_list_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
        int line;
    } rows[] = {
        {"4E00\n", "before the first group", 1},
        {"= 1\n", "expected = LEVEL COUNT NAME", 1},
        {"\n= 1 2 a\n4E00\n", "'a' has 1 code points, its heading says 2", 2},
        {"= 1 1 a\n4E00\n= 1 2 b\n4E00-4E00\n", "'b' has 1", 3},
        {"= 1 1 a\n4E00-4DFF\n", "expected code points", 2},
        {"= 1 1 a\n4E00-\n", "expected code points", 2},
        {"= 1 1 a\n110000\n", "expected code points", 2},
        {"= 1 1 a\n4E00x\n", "expected code points", 2},
        {"= 1 1 a\n4E00-4E00-4E00\n", "expected code points", 2},
    };
    char *folder = folder_make();
    char *file = folder_path(folder, "list.txt");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct problem problem = {0};
        struct coverage_list list = {0};
        assert_true(folder_write(folder, "list.txt", rows[i].text));
        assert_false(coverage_list_read(file, &list, &problem));
        assert_null(list.groups);
        assert_non_null(strstr(problem.expected, rows[i].expected));
        assert_int_equal(problem.line, rows[i].line);
    }
    free(file);
    folder_remove(folder);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ideograph_is_there_in_every_role),
        cmocka_unit_test(every_ideograph_is_drawn_with_ink),
        cmocka_unit_test(the_list_has_the_counts_of_the_standard),
        cmocka_unit_test(what_no_font_has_is_named),
        cmocka_unit_test(a_wrong_list_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
