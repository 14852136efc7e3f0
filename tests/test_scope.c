/* Whom a message is for: identifiers, scopes, and which screens lie in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/scope.h"

static const struct screen_identity bench = {
    .org = "erqi",
    .screen = "lobby-1",
    .area = "410103001002",
    .groups = {"halls", "schools"},
    .group_count = 2,
};

/* A text of n times the character. */
static const char *run(char c, size_t n)
{
    static char text[256];

    memset(text, c, n);
    text[n] = '\0';
    return text;
}

static void an_identifier_is_lower_case_ascii(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"a", true},    {"7", true},   {"q01-gdp", true}, {"a.b_c-d", true},
        {"", false},    {"-a", false}, {".a", false},     {"_a", false},
        {"A", false},   {"aB", false}, {"a b", false},    {"a/b", false},
        {"a+", false},  {"#", false},  {"二七", false},   {"a\n", false},
        {"a:b", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(identifier_is_valid(cases[i].text), cases[i].valid);
    assert_true(identifier_is_valid(run('a', LIMIT_IDENTIFIER_BYTES)));
    assert_false(identifier_is_valid(run('a', LIMIT_IDENTIFIER_BYTES + 1)));
}

static void a_scope_has_a_rank_or_is_none(void **state)
{
    static const struct {
        const char *scope;
        int rank;
    } cases[] = {
        {"all", 0},
        {"area-41", 1},
        {"area-4101", 2},
        {"area-410103", 3},
        {"area-410103001", 4},
        {"area-410103001002", 5},
        {"group-halls", 6},
        {"screen-lobby-1", 7},
        {"", -1},
        {"All", -1},
        {"all-", -1},
        {"area-", -1},
        {"area-4", -1},
        {"area-410", -1},
        {"area-4101030", -1},
        {"area-4101030010022", -1},
        {"area-41010a", -1},
        {"area-41+", -1},
        {"group-", -1},
        {"group-A", -1},
        {"screen-", -1},
        {"screen-#", -1},
        {"lobby-1", -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(scope_rank(cases[i].scope), cases[i].rank);
        assert_int_equal(scope_is_valid(cases[i].scope), cases[i].rank >= 0);
    }
}

static void a_screen_lies_in_its_areas_groups_and_itself(void **state)
{
    static const struct {
        const char *scope;
        bool covers;
    } cases[] = {
        {"all", true},
        {"area-41", true},
        {"area-4101", true},
        {"area-410103", true},
        {"area-410103001", true},
        {"area-410103001002", true},
        {"area-410103001003", false},
        {"area-410102", false},
        {"area-42", false},
        {"group-halls", true},
        {"group-schools", true},
        {"group-hall", false},
        {"screen-lobby-1", true},
        {"screen-lobby-11", false},
        {"screen-lobby", false},
        {"area-410", false},
        {"nonsense", false},
    };
    struct screen_identity nowhere = {.org = "erqi", .screen = "x"};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(scope_covers(cases[i].scope, &bench), cases[i].covers);
    assert_true(scope_covers("all", &nowhere));
    assert_false(scope_covers("area-41", &nowhere));
}

static void scopes_are_listed_widest_first(void **state)
{
    static const char *const expected[] = {
        "all",         "area-41",        "area-4101",
        "area-410103", "area-410103001", "area-410103001002",
        "group-halls", "group-schools",  "screen-lobby-1",
    };
    char scopes[SCOPE_MAX][SCOPE_BYTES];
    size_t count = scope_list(&bench, scopes);

    (void)state;
    assert_int_equal(count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(scopes[i], expected[i]);
        assert_true(scope_covers(scopes[i], &bench));
    }
}

static void a_screen_without_area_or_group_lies_in_all_and_itself(void **state)
{
    const struct screen_identity plain = {.org = "erqi", .screen = "x"};
    char scopes[SCOPE_MAX][SCOPE_BYTES];

    (void)state;
    assert_int_equal(scope_list(&plain, scopes), 2);
    assert_string_equal(scopes[0], "all");
    assert_string_equal(scopes[1], "screen-x");
}

static void the_fullest_screen_fits_the_list(void **state)
{
    struct screen_identity full = {.area = "410103001002",
                                   .group_count = LIMIT_GROUPS};
    char scopes[SCOPE_MAX][SCOPE_BYTES];

    (void)state;
    strcpy(full.screen, run('s', LIMIT_IDENTIFIER_BYTES));
    for (size_t i = 0; i < LIMIT_GROUPS; i++)
        strcpy(full.groups[i], run('g', LIMIT_IDENTIFIER_BYTES));
    assert_int_equal(scope_list(&full, scopes), SCOPE_MAX);
    for (size_t i = 0; i < SCOPE_MAX; i++)
        assert_true(scope_is_valid(scopes[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_identifier_is_lower_case_ascii),
        cmocka_unit_test(a_scope_has_a_rank_or_is_none),
        cmocka_unit_test(a_screen_lies_in_its_areas_groups_and_itself),
        cmocka_unit_test(scopes_are_listed_widest_first),
        cmocka_unit_test(a_screen_without_area_or_group_lies_in_all_and_itself),
        cmocka_unit_test(the_fullest_screen_fits_the_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
