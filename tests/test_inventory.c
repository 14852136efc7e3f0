/* The table of screens as people and spreadsheets write it, and what is told of
 * its faults. */
#include "tests/support/folder.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "publisher/fleet/inventory_file.h"

#define GB_HALL "\xb4\xf3\xcc\xfc" /* 大厅 */

static const struct inventory_screen *
expect_screen(const struct inventory *inventory, const char *id,
              const char *place, const char *area, const char *groups,
              const char *notes)
{
    const struct inventory_screen *screen = inventory_find(inventory, id);

    assert_non_null(screen);
    assert_string_equal(screen->place, place);
    assert_string_equal(screen->area, area);
    assert_string_equal(screen->groups, groups);
    assert_string_equal(screen->notes, notes);
    return screen;
}

static void expect_two(const char *text, size_t bytes, size_t number)
{
    struct problem problem = {0};
    struct inventory inventory;

    if (!inventory_parse(text, bytes, &inventory, &problem))
        fail_msg("case %zu: %d:%d: %s: %s", number, problem.line,
                 problem.column, problem.field, problem.expected);
    assert_int_equal(inventory.count, 2);
    expect_screen(&inventory, "lobby-1", "大厅", "410103001002",
                  "indoor lobbies", "new");
    expect_screen(&inventory, "q2", "", "", "", "");
    assert_null(inventory_find(&inventory, "q3"));
    inventory_finish(&inventory);
}

/* In UTF-16 with its mark, as a spreadsheet saves «Unicode text». */
static char *widen(const char *text, size_t *bytes)
{
    iconv_t converter = iconv_open("UTF-16", "UTF-8");
    size_t left = strlen(text), room = 2 * left + 2;
    char *from = (char *)(uintptr_t)text, *wide = malloc(room), *to = wide;

    assert_true(iconv(converter, &from, &left, &to, &room) != (size_t)-1);
    iconv_close(converter);
    *bytes = (size_t)(to - wide);
    return wide;
}

/* The same screen, however the table is written. */
static void every_way_to_write_it_says_the_same(void **state)
{
    static const char *const cases[] = {
        "id,place,area,groups,notes\n"
        "lobby-1,大厅,410103001002,indoor lobbies,new\n"
        "q2,,,,\n",
        "\xEF\xBB\xBFid,place,area,groups,notes\r\n"
        "lobby-1,大厅,410103001002,indoor lobbies,new\r\n"
        "q2\r\n",
        "编号;地点;区划代码;分组;备注\r\n"
        "lobby-1;大厅;410103001002;\"indoor,lobbies\";new\r\nq2;;;;",
        "notes\tgroups\tid\tplace\tarea\n"
        "new\tindoor, lobbies\tlobby-1\t大厅\t410103001002\n\t\tq2\t\t\n",
        "# screens of the town\n\nid,place,area,groups,notes,,\n"
        "  lobby-1 , \"大厅\",\"410103001002\",indoor|lobbies,\"new\",,\n"
        ",,,,,,\n# one more\nq2,,,,,,\n",
        "id,place,area,groups,notes\rlobby-1,大厅,410103001002,"
        "indoor lobbies,new\rq2,,,,\r",
        "id,place,area,groups,notes\r\nlobby-1," GB_HALL
        ",410103001002,indoor lobbies,new\r\nq2,,,,\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_two(cases[i], strlen(cases[i]), i);
    size_t bytes;
    char *wide = widen(cases[0], &bytes);
    expect_two(wide, bytes, 99);
    free(wide);
}

static void a_quoted_field_holds_delimiters_quotes_and_lines(void **state)
{
    static const char text[] =
        "id,place,notes\n"
        "a,\"一楼, \"\"东\"\"\",\"two\r\nlines\"\nb,\"\",x\n";
    struct problem problem = {0};
    struct inventory inventory;

    (void)state;
    assert_true(inventory_parse(text, sizeof text - 1, &inventory, &problem));
    expect_screen(&inventory, "a", "一楼, \"东\"", "", "", "two lines");
    assert_int_equal(expect_screen(&inventory, "b", "", "", "", "x")->line, 4);
    inventory_finish(&inventory);
}

static void each_fault_is_told_with_line_and_column(void **state)
{
    static const struct {
        const char *text;
        int line, column;
        const char *field;
        const char *says;
    } cases[] = {
        {"", 1, 1, "", "expected a first row"},
        {"lobby-1,hall\n", 1, 1, "", "heading 'lobby-1'"},
        {"place,area\nhall,\n", 1, 1, "", "names no column id"},
        {"id,place,gruops\n", 1, 10, "", "heading 'gruops'"},
        {"id,id\n", 1, 4, "", "heading 'id'"},
        {"id,place\n\nLobby,x\n", 3, 1, "id", "'Lobby': expected a-z"},
        {"id,place\n,x\n", 2, 1, "id", "missing"},
        {"id,place\na,\nb,\n a,\n", 4, 2, "id", "stands in line 2 already"},
        {"id,area\na,4.10103E+11\n", 2, 3, "area", "format the column as text"},
        {"id,area\na,41010300100\n", 2, 3, "area", "expected 12 digits"},
        {"id,groups\na,\"x,Y\"\n", 2, 3, "groups", "group 'Y'"},
        {"id,place\na,x\x1b[2J\n", 2, 3, "place", "a control character"},
        {"id,place\na,x,y\n", 2, 5, "", "more fields than the first row"},
        {"id,place\na,\"x\ny\n", 2, 3, "", "opened and not closed"},
        {"id,place\na,\"x\" y\n", 2, 7, "", "behind a closing quote"},
        {"id,place\n\na,\xff\xff\n", 3, 0, "", "neither UTF-8 nor GB 18030"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problem problem = {.place = "s.csv", .consequence = "kept"};
        struct inventory inventory = {.count = 7};
        assert_false(inventory_parse(cases[i].text, strlen(cases[i].text),
                                     &inventory, &problem));
        assert_int_equal(inventory.count, 7);
        if (problem.line != cases[i].line ||
            problem.column != cases[i].column ||
            strcmp(problem.field, cases[i].field) != 0 ||
            !strstr(problem.expected, cases[i].says))
            fail_msg("case %zu: %d:%d: %s: %s", i, problem.line, problem.column,
                     problem.field, problem.expected);
        assert_string_equal(problem.place, "s.csv");
        assert_string_equal(problem.consequence, "kept");
    }
}

static char *make_rows(int count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    fputs("id\n", out);
    for (int i = 0; i < count; i++)
        fprintf(out, "screen-%d\n", i);
    fclose(out);
    return text;
}

static bool parse_rows(int count, size_t *read, struct problem *problem)
{
    struct inventory inventory = {.count = 0};
    char *text = make_rows(count);
    bool parsed = inventory_parse(text, strlen(text), &inventory, problem);

    *read = inventory.count;
    for (size_t i = 0; parsed && i < inventory.count; i += 997)
        assert_ptr_equal(inventory_find(&inventory, inventory.screens[i].id),
                         &inventory.screens[i]);
    inventory_finish(&inventory);
    free(text);
    return parsed;
}

static void a_city_fits_and_more_is_refused(void **state)
{
    struct problem problem = {0};
    size_t read = 0;

    (void)state;
    assert_true(parse_rows(INVENTORY_SCREENS_MAX, &read, &problem));
    assert_int_equal(read, INVENTORY_SCREENS_MAX);
    assert_false(parse_rows(INVENTORY_SCREENS_MAX + 1, &read, &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
}

static void a_screen_lies_in_its_areas_its_groups_and_itself(void **state)
{
    static const char text[] = "id,area,groups\n"
                               "a,410103001002,x yy\n";
    static const struct {
        const char *scope;
        bool covers;
    } cases[] = {
        {"all", true},        {"area-4101", true},         {"area-4102", false},
        {"group-yy", true},   {"group-y", false},          {"screen-a", true},
        {"screen-ab", false}, {"area-410103001002", true},
    };
    struct problem problem = {0};
    struct inventory inventory;

    (void)state;
    assert_true(inventory_parse(text, sizeof text - 1, &inventory, &problem));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(
            inventory_covers(&inventory.screens[0], cases[i].scope),
            cases[i].covers);
    inventory_finish(&inventory);
}

static const struct inventory_screen fresh = {.id = "new-1",
                                              .place = "一楼, \"东\"",
                                              .area = "410103001002",
                                              .groups = "x yy",
                                              .notes = ""};

/* What was there stays byte for byte; the row has the form of the others. */
static void a_row_is_added_in_the_form_of_the_file(void **state)
{
    static const struct {
        const char *before, *row;
    } cases[] = {
        {NULL, "\xEF\xBB\xBFid,place,area,groups,notes\r\n"
               "new-1,\"一楼, \"\"东\"\"\",410103001002,x yy,\r\n"},
        {"# ours\nid\tgroups\tplace\na\t\t",
         "\nnew-1\tx yy\t\"一楼, \"\"东\"\"\"\n"},
        {"id;place\r\nb;" GB_HALL "\r\n",
         "new-1;\"\xd2\xbb\xc2\xa5, \"\"\xb6\xab\"\"\"\r\n"},
    };
    char *folder = folder_make();
    char *path = folder_path(folder, "screens.csv");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problem problem = {0};
        bool added = false;
        char expected[256];
        if (cases[i].before)
            assert_true(folder_write(folder, "screens.csv", cases[i].before));
        assert_true(inventory_append(path, &fresh, &added, &problem));
        assert_true(added);
        snprintf(expected, sizeof expected, "%s%s",
                 cases[i].before ? cases[i].before : "", cases[i].row);
        char *text = folder_read(folder, "screens.csv");
        assert_string_equal(text, expected);
        free(text);
        assert_true(inventory_append(path, &fresh, &added, &problem));
        assert_false(added);
    }
    free(path);
    folder_remove(folder);
    free(folder);
}

static void a_bad_file_is_named_and_left_alone(void **state)
{
    static const char bad[] = "id,place\nA,x\n";
    char *folder = folder_make();
    char *path = folder_path(folder, "screens.csv");
    struct problem problem = {0};
    bool added = false;

    (void)state;
    assert_true(folder_write(folder, "screens.csv", bad));
    assert_false(inventory_append(path, &fresh, &added, &problem));
    assert_string_equal(problem.place, path);
    assert_int_equal(problem.line, 2);
    char *text = folder_read(folder, "screens.csv");
    assert_string_equal(text, bad);
    free(text);
    free(path);
    folder_remove(folder);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_write_it_says_the_same),
        cmocka_unit_test(a_quoted_field_holds_delimiters_quotes_and_lines),
        cmocka_unit_test(each_fault_is_told_with_line_and_column),
        cmocka_unit_test(a_city_fits_and_more_is_refused),
        cmocka_unit_test(a_screen_lies_in_its_areas_its_groups_and_itself),
        cmocka_unit_test(a_row_is_added_in_the_form_of_the_file),
        cmocka_unit_test(a_bad_file_is_named_and_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
