/* Whole bodies as people and strangers may write them: the good ones are
 * read, each of the others is refused with the place of the mistake. */
#include "protocol/envelope.h"
#include "protocol/message.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_NAME, CODE, FIELD, LINE, SCHEMA, COLUMN_COUNT };

#define CORPUS "tests/messages"

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Bodies as they come over the wire bear it in their names. */
static enum message_form form_of(const char *name)
{
    return strstr(name, "valid_wire_") ? MESSAGE_WIRE : MESSAGE_DRAFT;
}

static bool parse_file(const char *folder, const char *name,
                       struct message **out, struct problem *problem)
{
    char path[400];
    size_t bytes;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *text = source_read(path, &bytes);
    bool read = message_parse(text, bytes, form_of(name), name, out, problem);
    free(text);
    return read;
}

static void assert_reads(const char *folder, const char *name)
{
    struct message *message = NULL;
    struct problem problem = {0};

    if (!parse_file(folder, name, &message, &problem)) {
        char text[1024];
        problem_format(&problem, text, sizeof text);
        fail_msg("%s/%s", folder, text);
    }
    message_destroy(message);
}

static void every_valid_body_is_read(void **state)
{
    struct names names;

    (void)state;
    names_list(CORPUS, ".json", &names);
    size_t valid = 0;
    for (size_t i = 0; i < names.count; i++)
        if (begins(names.items[i], "valid_")) {
            assert_reads(CORPUS, names.items[i]);
            valid++;
        }
    assert_true(valid >= 40);
    names_finish(&names);
}

static void all_data_of_the_project_are_read(void **state)
{
    static const char *const folders[] = {"data/erqi", "data/drills",
                                          "data/samples"};

    (void)state;
    for (size_t f = 0; f < sizeof folders / sizeof folders[0]; f++) {
        struct names names;
        names_list(folders[f], ".json", &names);
        assert_true(names.count > 0);
        for (size_t i = 0; i < names.count; i++)
            assert_reads(folders[f], names.items[i]);
        names_finish(&names);
    }
}

static bool problem_is(const struct problem *problem,
                       const struct table_row *row)
{
    const char *field = strcmp(row->cells[FIELD], "-") ? row->cells[FIELD] : "";

    return strcmp(problem_code_name(problem->code), row->cells[CODE]) == 0 &&
           strcmp(problem->field, field) == 0 &&
           problem->line == atoi(row->cells[LINE]);
}

/* Tells what is otherwise, so that one run shows every row to look at. */
static bool is_refused_as_told(const struct table_row *row)
{
    const char *name = row->cells[FILE_NAME];
    struct message *untouched = (struct message *)&row;
    struct message *message = untouched;
    struct problem problem = {0};
    char text[1024] = "it was read";

    bool read = parse_file(CORPUS, name, &message, &problem);
    if (read)
        message_destroy(message);
    else
        problem_format(&problem, text, sizeof text);
    if (!read && message == untouched && problem_is(&problem, row) &&
        problem.expected[0] && begins(text, name))
        return true;
    print_error("expected.tsv:%d: %s of '%s' at line %s expected, but %s: %s\n",
                row->line, row->cells[CODE], row->cells[FIELD],
                row->cells[LINE], problem_code_name(problem.code), text);
    return false;
}

static void every_invalid_body_is_refused_where_the_table_says(void **state)
{
    struct table table;
    size_t wrong = 0;

    (void)state;
    table_read(CORPUS "/expected.tsv", COLUMN_COUNT, &table);
    assert_true(table.row_count >= 60);
    for (size_t i = 0; i < table.row_count; i++)
        wrong += !is_refused_as_told(&table.rows[i]);
    table_finish(&table);
    assert_int_equal(wrong, 0);
}

static void every_invalid_body_stands_in_the_table(void **state)
{
    struct table table;
    struct names names;

    (void)state;
    table_read(CORPUS "/expected.tsv", COLUMN_COUNT, &table);
    names_list(CORPUS, ".json", &names);
    for (size_t i = 0; i < names.count; i++) {
        size_t rows = 0;
        for (size_t r = 0; r < table.row_count; r++)
            rows += !strcmp(table.rows[r].cells[FILE_NAME], names.items[i]);
        if (rows != (begins(names.items[i], "valid_") ? 0 : 1))
            fail_msg("%s stands %zu times in the table", names.items[i], rows);
    }
    names_finish(&names);
    table_finish(&table);
}

/* A valid file of the corpus, filled up with white space. */
static char *padded(const char *name, size_t bytes)
{
    char path[400];
    size_t have;

    snprintf(path, sizeof path, CORPUS "/%s", name);
    char *text = source_read(path, &have);
    assert_true(have <= bytes);
    char *longer = realloc(text, bytes);
    assert_non_null(longer);
    memset(longer + have, ' ', bytes - have);
    return longer;
}

static void a_body_over_its_limit_is_refused(void **state)
{
    static const struct {
        const char *name;
        size_t bytes;
        bool reads;
    } bodies[] = {
        {"valid_template_figure.json", LIMIT_PANEL_BYTES - ENVELOPE_LINE_BYTES,
         true},
        {"valid_template_figure.json",
         LIMIT_PANEL_BYTES - ENVELOPE_LINE_BYTES + 1, false},
        {"valid_template_figure.json", 1024 * 1024, false},
        {"valid_alert.json", LIMIT_ALERT_BYTES - ENVELOPE_LINE_BYTES, true},
        {"valid_alert.json", LIMIT_ALERT_BYTES - ENVELOPE_LINE_BYTES + 1,
         false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct message *message = NULL;
        struct problem problem = {0};
        char *text = padded(bodies[i].name, bodies[i].bytes);
        bool reads = message_parse(text, bodies[i].bytes, MESSAGE_DRAFT,
                                   "padded", &message, &problem);
        free(text);
        assert_int_equal(reads, bodies[i].reads);
        if (!reads)
            assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
        message_destroy(message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_valid_body_is_read),
        cmocka_unit_test(all_data_of_the_project_are_read),
        cmocka_unit_test(every_invalid_body_is_refused_where_the_table_says),
        cmocka_unit_test(every_invalid_body_stands_in_the_table),
        cmocka_unit_test(a_body_over_its_limit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
