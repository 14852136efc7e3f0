/* Any bytes as a spreadsheet of panels: each row becomes a draft that the
 * message parser reads or refuses, or a problem that says why not. */
#include "tests/fuzz/check.h"

#include "protocol/message.h"
#include "publisher/cli/csv.h"
#include "publisher/panel/content.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Noon of 2026-11-29 in UTC. */
#define NOW_MS INT64_C(1795953600000)

struct columns {
    struct content_column items[CSV_CELLS_MAX];
    bool known[CSV_CELLS_MAX];
    int count;
};

static void read_headings(const struct csv_table *table, struct columns *out)
{
    out->count = table->count;
    for (int i = 0; i < table->count; i++) {
        const char *heading = table->cells[i].text;
        out->known[i] = content_find_column(heading, &out->items[i]);
        content_nearest_heading(heading);
    }
}

static void check_draft(json_t *draft, struct problem *problem)
{
    struct message *message = NULL;
    char *text = json_dumps(draft, JSON_INDENT(2) | JSON_REAL_PRECISION(15));

    FUZZ_CHECK(text != NULL);
    if (message_parse(text, strlen(text), MESSAGE_DRAFT, "row", &message,
                      problem))
        FUZZ_CHECK(message->kind == MESSAGE_PANEL);
    else
        fuzz_check_problem(problem);
    message_destroy(message);
    free(text);
    json_decref(draft);
}

static void check_row(const struct csv_table *table,
                      const struct columns *columns)
{
    struct content content = {.words.kind = -1, .place = "row"};
    struct problem problem = {.code = PROBLEM_NONE};
    char id[LIMIT_IDENTIFIER_BYTES + 1];

    for (int i = 0; i < columns->count && i < table->count; i++)
        if (columns->known[i] && !content_put(&content, &columns->items[i],
                                              table->cells[i].text, &problem))
            return;
    if (!content_find_kind(&content, &problem)) {
        fuzz_check_problem(&problem);
        return;
    }
    content_title_id(&content, id);
    FUZZ_CHECK(identifier_is_valid(id));
    if (!content.words.id)
        content.words.id = id;
    json_t *draft = content_draft(&content, NOW_MS, &problem);
    if (draft)
        check_draft(draft, &problem);
    else
        fuzz_check_problem(&problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = fuzz_copy(data, size);
    struct problem problem = {.code = PROBLEM_NONE};
    struct columns columns = {.count = 0};
    struct csv_table table;

    fuzz_fill(&table, sizeof table);
    if (!csv_open(bytes, size, &table, &problem)) {
        fuzz_check_untouched(&table, sizeof table);
        fuzz_check_problem(&problem);
        free(bytes);
        return 0;
    }
    table.keeps_lines = true;
    for (;;) {
        problem.code = PROBLEM_NONE;
        if (!csv_next(&table, &problem)) {
            if (problem.code == PROBLEM_NONE)
                break;
            fuzz_check_problem(&problem);
        } else if (columns.count == 0) {
            read_headings(&table, &columns);
        } else {
            check_row(&table, &columns);
        }
    }
    csv_finish(&table);
    free(bytes);
    return 0;
}
