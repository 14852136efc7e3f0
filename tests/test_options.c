/* The tables of options, the manuals and the two ini files of both programs say
 * the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/edge/config/config.h"
#include "publisher/cli/options.h"
#include "tests/support/folder.h"
#include "tests/support/table.h"

static bool has_flag(const struct option_row *rows, const char *flag,
                     size_t length)
{
    for (; rows->type; rows++)
        if (rows->flag && strlen(rows->flag) == length &&
            strncmp(rows->flag, flag, length) == 0)
            return true;
    return false;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz-"

static bool names_flag(const char *text, const char *flag)
{
    size_t length = strlen(flag);

    for (const char *at = strstr(text, "--"); at; at = strstr(at + 2, "--"))
        if (strspn(at + 2, LETTERS) == length &&
            strncmp(at + 2, flag, length) == 0)
            return true;
    return false;
}

/* What stands as *--flag in a manual. */
static void compare(const struct option_row *rows, const char *page)
{
    size_t bytes;
    char *text = source_read(page, &bytes);

    for (const struct option_row *row = rows; row->type; row++)
        if (row->flag && !names_flag(text, row->flag))
            fail_msg("%s: --%s is missing", page, row->flag);
    for (const char *at = strstr(text, "*--"); at; at = strstr(at, "*--")) {
        size_t length = strspn(at + 3, LETTERS);
        if (!has_flag(rows, at + 3, length) &&
            strncmp(at + 3, "version", length) != 0)
            fail_msg("%s: %.*s is no flag", page, (int)length + 2, at + 1);
        at += 3;
    }
    free(text);
}

static void the_manuals_and_the_tables_name_the_same_flags(void **state)
{
    (void)state;
    compare(config_rows, "docs/man/gaoshi-display.1.scd");
    compare(options_table(), "docs/man/gaoshi-publish.1.scd");
}

/* Every row that a file can give, of the table of publish. */
static void the_manual_names_every_key_of_publish_conf(void **state)
{
    size_t bytes;
    char *text = source_read("docs/man/gaoshi-publish.1.scd", &bytes);

    (void)state;
    for (const struct option_row *row = options_table(); row->type; row++) {
        char words[96];
        snprintf(words, sizeof words, "%s",
                 row->key ? strchr(row->key, '.') + 1 : "");
        if (!strstr(text, words))
            fail_msg("%s is missing", row->key);
    }
    free(text);
}

static void expect_told(const char *text, const char *told)
{
    char *folder = folder_make();
    char *file = folder_path(folder, "publish.conf");
    char word[] = "gaoshi-publish";
    char *words[] = {word, NULL};
    struct options options;
    struct problem problem = {0};
    char said[512] = "";
    int operands = 0;

    assert_true(folder_write(folder, "publish.conf", text));
    assert_true(
        options_parse(&options, OPTION_SEND, 1, words, 1, &operands, &problem));
    options.config_file = file;
    if (!options_read_config(&options, &problem)) {
        snprintf(problem.place, sizeof problem.place, "publish.conf");
        problem_format(&problem, said, sizeof said);
    }
    assert_string_equal(said, told);
    options_finish(&options);
    folder_remove(folder);
    free(folder);
    free(file);
}

static void both_files_are_read_by_the_same_rules(void **state)
{
    static const struct {
        const char *text, *told;
    } cases[] = {
        {"[publisher]\norg = a\norg = b\n",
         "publish.conf:3: publisher.org: given twice"},
        {"[publisher]\nogr = a\n", "publish.conf:2: publisher.ogr: no such "
                                   "key"},
        {"[publish]\norg = a\n", "publish.conf:2: publish.org: no such "
                                 "section"},
        {"[publisher]\norg =\n", "publish.conf:2: publisher.org: no value"},
        {"[publisher]\ntimeout = 0\n",
         "publish.conf:2: publisher.timeout: '0', expected a whole number from "
         "1 to 3600"},
        {"[publisher\n", "publish.conf:1: neither [section] nor key = value"},
        {"[broker]\naddress = mqtt://a mqtt://b\n  mqtt://c ; the third\n"
         "address = mqtt://d\n",
         ""},
    };
    char line[OPTION_LINE_BYTES + 32] = "[publisher]\nsender = ";
    char told[128];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_told(cases[i].text, cases[i].told);
    size_t length = strlen(line) - strlen("[publisher]\n");
    memset(line + strlen(line), 'x', OPTION_LINE_BYTES - length);
    expect_told(line, "");
    strcat(line, "x");
    snprintf(told, sizeof told,
             "publish.conf:2: the line is longer than %d bytes",
             OPTION_LINE_BYTES);
    expect_told(line, told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manuals_and_the_tables_name_the_same_flags),
        cmocka_unit_test(the_manual_names_every_key_of_publish_conf),
        cmocka_unit_test(both_files_are_read_by_the_same_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
