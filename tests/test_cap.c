/* Files of warning centres as they are, or as strangers may make them: the
 * good ones are mapped to the alert that they mean, each of the others is
 * refused with the place of the mistake. */
#include "cap/cap_map.h"
#include "protocol/message.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_NAME, KIND, STATUS, LEVEL, ID, SCOPES, EVENT, COLUMN_COUNT };
enum { CODE = STATUS, LINE = LEVEL, FIELD = ID };

#define CORPUS "tests/cap"

static const char *const kinds[] = {"alert", "update", "cancel"};

static bool map_bytes(const char *bytes, size_t size, const char *name,
                      struct cap_mapping *out, struct problem *problem)
{
    struct cap_alert *alert = NULL;

    if (!cap_read(bytes, size, name, &alert, problem))
        return false;
    bool mapped = cap_to_alerts(alert, NULL, out, problem);
    cap_alert_destroy(alert);
    return mapped;
}

static bool map_file(const char *name, struct cap_mapping *out,
                     struct problem *problem)
{
    char path[400];
    size_t size;

    snprintf(path, sizeof path, CORPUS "/%s", name);
    char *bytes = source_read(path, &size);
    bool mapped = map_bytes(bytes, size, name, out, problem);
    free(bytes);
    return mapped;
}

/* Appends to a list «a,b,c» what is not in it yet. */
static void append(char *list, size_t size, const char *item)
{
    const char *text = item[0] ? item : "-";
    const char *at = strstr(list, text);
    size_t length = strlen(list);
    size_t bytes = strlen(text);

    if (at && (at[bytes] == '\0' || at[bytes] == ',') &&
        (at == list || at[-1] == ','))
        return;
    snprintf(list + length, size - length, "%s%s", length ? "," : "", text);
}

static const char *event_of(const json_t *json)
{
    const json_t *body = json_object_get(json, "alert");

    if (!body)
        body = json_object_get(json, "cancel");
    const char *event = json_string_value(json_object_get(body, "event"));
    return event ? event : "-";
}

static bool agrees(const struct table_row *row, int column, const char *found)
{
    if (strcmp(row->cells[column], found) == 0)
        return true;
    print_error("expected.tsv:%d: %s: «%s» expected, «%s» found\n", row->line,
                row->cells[FILE_NAME], row->cells[column], found);
    return false;
}

static bool is_mapped_as_told(const struct table_row *row)
{
    struct cap_mapping mapping = {0};
    struct problem problem = {0};
    char ids[400] = "", scopes[1000] = "", text[1024];

    if (!map_file(row->cells[FILE_NAME], &mapping, &problem)) {
        problem_format(&problem, text, sizeof text);
        return agrees(row, KIND, text);
    }
    for (size_t i = 0; i < mapping.draft_count; i++) {
        append(ids, sizeof ids, mapping.drafts[i].id);
        append(scopes, sizeof scopes, mapping.drafts[i].scope);
    }
    const struct cap_draft *last = &mapping.drafts[mapping.draft_count - 1];
    bool is_cancel = mapping.kind == CAP_KIND_CANCEL;
    bool good = agrees(row, KIND, kinds[mapping.kind]) &&
                agrees(row, STATUS, alert_status_name(mapping.status)) &&
                agrees(row, LEVEL,
                       is_cancel ? "-" : alert_level_name(last->level)) &&
                agrees(row, ID, ids) && agrees(row, SCOPES, scopes) &&
                agrees(row, EVENT, event_of(last->json));
    cap_mapping_finish(&mapping);
    return good;
}

static bool is_refused_as_told(const struct table_row *row)
{
    struct cap_mapping mapping = {.id_count = 7};
    struct problem problem = {0};
    char line[16];

    if (map_file(row->cells[FILE_NAME], &mapping, &problem)) {
        cap_mapping_finish(&mapping);
        return agrees(row, KIND, "read");
    }
    snprintf(line, sizeof line, "%d", problem.line);
    return mapping.id_count == 7 &&
           agrees(row, CODE, problem_code_name(problem.code)) &&
           agrees(row, LINE, line) &&
           agrees(row, FIELD, problem.field[0] ? problem.field : "-");
}

static void every_file_is_mapped_or_refused_as_the_table_says(void **state)
{
    struct table table;
    size_t wrong = 0;

    (void)state;
    table_read(CORPUS "/expected.tsv", COLUMN_COUNT, &table);
    assert_true(table.row_count >= 150);
    for (size_t i = 0; i < table.row_count; i++) {
        const struct table_row *row = &table.rows[i];
        bool refused = strcmp(row->cells[KIND], "refused") == 0;
        bool named = strncmp(row->cells[FILE_NAME], "invalid_", 8) == 0;
        wrong += refused != named;
        wrong += !(refused ? is_refused_as_told(row) : is_mapped_as_told(row));
    }
    table_finish(&table);
    assert_int_equal(wrong, 0);
}

static void every_file_stands_in_the_table(void **state)
{
    struct table table;
    struct names names;

    (void)state;
    table_read(CORPUS "/expected.tsv", COLUMN_COUNT, &table);
    names_list(CORPUS, ".xml", &names);
    assert_int_equal(names.count, table.row_count);
    for (size_t i = 0; i < names.count; i++) {
        size_t rows = 0;
        for (size_t r = 0; r < table.row_count; r++)
            rows += !strcmp(table.rows[r].cells[FILE_NAME], names.items[i]);
        if (rows != 1)
            fail_msg("%s stands %zu times in the table", names.items[i], rows);
    }
    names_finish(&names);
    table_finish(&table);
}

/* What the publisher's own check and every screen make of a draft. */
static void assert_draft_is_valid(const char *name,
                                  const struct cap_draft *draft)
{
    struct message *message = NULL;
    struct problem problem = {0};
    char *text = json_dumps(draft->json, 0);

    assert_non_null(text);
    if (!message_parse(text, strlen(text), MESSAGE_DRAFT, name, &message,
                       &problem)) {
        char why[1024];
        problem_format(&problem, why, sizeof why);
        fail_msg("%s\n%s", why, text);
    }
    message_destroy(message);
    free(text);
    assert_true(identifier_is_valid(draft->id));
    assert_true(draft->scope[0] == '\0' || scope_is_valid(draft->scope));
}

static void every_draft_is_a_valid_message(void **state)
{
    struct names names;

    (void)state;
    names_list(CORPUS, ".xml", &names);
    for (size_t i = 0; i < names.count; i++) {
        struct cap_mapping mapping = {0};
        if (strncmp(names.items[i], "valid_", 6) != 0)
            continue;
        assert_true(map_file(names.items[i], &mapping, NULL));
        assert_true(mapping.draft_count > 0);
        for (size_t k = 0; k < mapping.draft_count; k++)
            assert_draft_is_valid(names.items[i], &mapping.drafts[k]);
        cap_mapping_finish(&mapping);
    }
    names_finish(&names);
}

/* Torn at any byte, no file is read as a whole one, and nothing breaks. */
static void a_file_torn_anywhere_is_refused(void **state)
{
    static const char *const names[] = {"valid_oasis_signed.xml",
                                        "valid_china_gb18030.xml",
                                        "valid_oasis_utf_16_le.xml"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[400];
        size_t size;
        snprintf(path, sizeof path, CORPUS "/%s", names[i]);
        char *bytes = source_read(path, &size);
        /* Behind the last element only white space stands. */
        for (size_t torn = 0; torn + 4 < size; torn++) {
            struct cap_mapping mapping = {0};
            char *part = malloc(torn + 1);
            assert_non_null(part);
            memcpy(part, bytes, torn);
            assert_false(map_bytes(part, torn, "torn", &mapping, NULL));
            free(part);
        }
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_mapped_or_refused_as_the_table_says),
        cmocka_unit_test(every_file_stands_in_the_table),
        cmocka_unit_test(every_draft_is_a_valid_message),
        cmocka_unit_test(a_file_torn_anywhere_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
