/* panel import SHEET…: each row of a table becomes a panel. A bad row is told
 * and left out. */
#include "base/clock.h"
#include "base/files.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "publisher/cli/csv.h"
#include "publisher/cli/tell.h"
#include "publisher/panel/content.h"
#include "publisher/panel/panel.h"
#include "publisher/panel/panel_new.h"
#include "publisher/send/compose.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/send_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHEET_BYTES_MAX = 32 * 1024 * 1024,
    /* Above the headings there may be a title of the table. */
    ROWS_BEFORE_HEADINGS = 5,
    PLACE_BYTES = 256,
};

/* A column of the table. */
struct column {
    const char *heading; /* as it is written; NULL: not used */
    struct content_column content;
};

struct sheet {
    const struct options *options;
    const char *file;
    struct csv_table table;
    struct column columns[CSV_CELLS_MAX];
    int column_count;
    struct drafts *drafts;
    size_t rows, bad;
    json_t *bad_rows; /* NULL: they are told as lines */
};

static void tell_bad(struct sheet *sheet, struct problem *problem)
{
    problem_set_place(problem, sheet->file);
    sheet->bad++;
    if (!sheet->bad_rows) {
        tell_problem(problem);
        return;
    }
    json_t *row = json_pack("{s:s}", "file", sheet->file);
    json_object_update_new(row, tell_problem_object(problem));
    json_array_append_new(sheet->bad_rows, row);
}

static void tell_at(const struct sheet *sheet, int line, int column,
                    const char *text)
{
    struct problem problem = {.consequence = "the column is not used"};

    problem_set(&problem, PROBLEM_FIELD, "%s", text);
    problem.line = line;
    problem.column = column;
    problem_set_place(&problem, sheet->file);
    tell_problem(&problem);
}

static void note_unknown(const struct sheet *sheet, const struct csv_cell *cell)
{
    const char *nearest = content_nearest_heading(cell->text);
    char text[PLACE_BYTES];

    if (!cell->text[0])
        return;
    snprintf(text, sizeof text, tr("heading '%.60s' is not known%s%s"),
             cell->text, nearest ? tr(", the nearest is ") : "",
             nearest ? nearest : "");
    tell_at(sheet, cell->line, cell->column, text);
}

static int find_column(const struct sheet *sheet, const char *name)
{
    for (int i = 0; i < sheet->column_count; i++)
        if (sheet->columns[i].heading &&
            strcmp(sheet->columns[i].content.name, name) == 0)
            return i;
    return -1;
}

/* Takes the present row for the headings. False: none of them is known. */
static bool take_headings(struct sheet *sheet)
{
    struct csv_table *table = &sheet->table;
    struct content_column content;
    int known = 0;

    for (int i = 0; i < table->count; i++)
        known += content_find_column(table->cells[i].text, &content);
    if (known == 0)
        return false;
    sheet->column_count = table->count;
    for (int i = 0; i < table->count; i++) {
        const struct csv_cell *cell = &table->cells[i];
        if (!content_find_column(cell->text, &content))
            note_unknown(sheet, cell);
        else if (find_column(sheet, content.name) >= 0)
            tell_at(sheet, cell->line, cell->column,
                    "this heading stands in the row already");
        else
            sheet->columns[i] = (struct column){cell->text, content};
    }
    return true;
}

static bool read_headings(struct sheet *sheet, struct problem *problem)
{
    for (int i = 0; i < ROWS_BEFORE_HEADINGS; i++) {
        problem->code = PROBLEM_NONE;
        if (!csv_next(&sheet->table, problem)) {
            if (problem->code == PROBLEM_NONE)
                break;
            continue;
        }
        if (!take_headings(sheet))
            continue;
        return find_column(sheet, "title") >= 0 ||
               csv_refuse(problem, sheet->table.cells[0].line, 1,
                          "no column title (标题)");
    }
    return csv_refuse(problem, 1, 1,
                      "no row of headings, such as kind,title,value,unit or "
                      "类型,标题,数值,单位");
}

static const struct csv_cell *cell_of(const struct sheet *sheet, int column)
{
    return column >= 0 && column < sheet->table.count
               ? &sheet->table.cells[column]
               : NULL;
}

/* Names line, column and heading of the field that the problem is about. */
static void locate(const struct sheet *sheet, struct problem *problem)
{
    char name[CONTENT_NAME_BYTES];
    bool of_protocol = content_name_of(problem->field, name);

    if (!of_protocol)
        snprintf(name, sizeof name, "%.20s", problem->field);
    int column = find_column(sheet, name);
    if (column < 0 && strncmp(problem->field, "panel.figures", 13) == 0)
        column = find_column(sheet, "figure");
    if (column < 0 && strcmp(name, "figure") == 0)
        column = find_column(sheet, "value");
    const struct csv_cell *cell = cell_of(sheet, column);
    problem->line = cell ? cell->line : sheet->table.cells[0].line;
    problem->column = cell ? cell->column : 0;
    snprintf(problem->field, sizeof problem->field, "%.90s",
             column >= 0 ? sheet->columns[column].heading : name);
}

static bool check_surplus(const struct sheet *sheet, struct problem *problem)
{
    for (int i = sheet->column_count; i < sheet->table.count; i++)
        if (sheet->table.cells[i].text[0])
            return csv_refuse(problem, sheet->table.cells[i].line,
                              sheet->table.cells[i].column,
                              "more fields than there are headings; is a field "
                              "with the delimiter in it not quoted?");
    return true;
}

/* Reads the cells; *at is the column of a bad one. */
static bool fill(const struct sheet *sheet, struct content *content,
                 struct problem *problem)
{
    for (int i = 0; i < sheet->column_count && i < sheet->table.count; i++) {
        const struct column *column = &sheet->columns[i];
        if (!column->heading ||
            content_put(content, &column->content, sheet->table.cells[i].text,
                        problem))
            continue;
        snprintf(problem->field, sizeof problem->field, "%s",
                 column->content.name);
        return false;
    }
    return true;
}

/* A draft was added. Another row, or another sheet, may have the same id. */
static bool check_last(const struct sheet *sheet, struct problem *problem)
{
    const struct drafts *drafts = sheet->drafts;
    const struct draft *last = &drafts->items[drafts->count - 1];
    const struct draft *rival = drafts_rival_of_last(drafts);

    if (rival)
        return problem_set_field(problem, "id",
                                 "'%s' is also that of %s; a column id tells "
                                 "rows with one title apart",
                                 last->message->id, rival->place);
    return compose_check(last, problem);
}

static bool add_row(struct sheet *sheet, struct problem *problem)
{
    char place[PLACE_BYTES], id[LIMIT_IDENTIFIER_BYTES + 1];
    struct content content = {.words = sheet->options->content, .place = place};

    snprintf(place, sizeof place, "%.200s:%d", sheet->file,
             sheet->table.cells[0].line);
    if (!fill(sheet, &content, problem) ||
        !content_find_kind(&content, problem))
        return false;
    if (!content.words.id) {
        content_title_id(&content, id);
        content.words.id = id;
    }
    json_t *draft = content_draft(&content, clock_wall_ms(), problem);
    if (!draft || !drafts_add_json(sheet->drafts, draft, place, problem))
        return false;
    if (check_last(sheet, problem))
        return true;
    drafts_drop_last(sheet->drafts);
    return false;
}

static void read_row(struct sheet *sheet)
{
    struct problem problem = {.consequence = "this row is left out"};

    sheet->rows++;
    bool surplus = !check_surplus(sheet, &problem);
    if (!surplus && add_row(sheet, &problem))
        return;
    if (!surplus)
        locate(sheet, &problem);
    tell_bad(sheet, &problem);
}

static void read_rows(struct sheet *sheet)
{
    for (;;) {
        struct problem problem = {.consequence = "this row is left out"};
        if (csv_next(&sheet->table, &problem)) {
            read_row(sheet);
            continue;
        }
        if (problem.code == PROBLEM_NONE)
            return;
        sheet->rows++;
        tell_bad(sheet, &problem);
    }
}

static bool read_sheet(struct sheet *sheet, struct problem *problem)
{
    size_t bytes = 0;
    char *text = strcmp(sheet->file, "-") == 0
                     ? file_read_standard_input(SHEET_BYTES_MAX, &bytes,
                                                problem)
                     : file_read(sheet->file, SHEET_BYTES_MAX, &bytes, problem);

    if (!text)
        return false;
    problem_set_place(problem, sheet->file);
    bool read = bytes > SHEET_BYTES_MAX
                    ? problem_set(problem, PROBLEM_TOO_LARGE,
                                  "more than %d bytes", SHEET_BYTES_MAX)
                    : csv_open(text, bytes, &sheet->table, problem);
    free(text);
    if (!read)
        return false;
    sheet->table.keeps_lines = true;
    read = read_headings(sheet, problem);
    if (read)
        read_rows(sheet);
    csv_finish(&sheet->table);
    return read;
}

static void tell_row(const struct draft *draft)
{
    const struct message *message = draft->message;
    char until[CLOCK_MINUTE_BYTES];

    clock_format_minute(message->expires_ms, until);
    tell_result("%s: %s %s «%s»%s%s", draft->place,
                tr(panel_template_name(message->panel.template)), message->id,
                message->panel.title, until[0] != '-' ? tr(" until ") : "",
                until[0] != '-' ? until : "");
}

static bool write_files(const struct drafts *drafts, const char *folder,
                        struct problem *problem)
{
    bool written = folder_ensure(folder, problem);

    for (size_t i = 0; written && i < drafts->count; i++) {
        const struct draft *draft = &drafts->items[i];
        char *file = NULL;
        if (asprintf(&file, "%s/%s.json", folder, draft->message->id) < 0)
            return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
        written = panel_new_write(draft, file, true, problem);
        free(file);
    }
    return written;
}

static json_t *row_json(const struct draft *draft)
{
    const struct message *message = draft->message;
    bool ends = message->expires_ms != TIMESTAMP_NONE;
    char until[TIMESTAMP_BYTES];

    if (ends)
        timestamp_format(message->expires_ms,
                         clock_utc_offset_minutes(message->expires_ms), until);
    return json_pack("{s:s, s:s, s:s, s:s, s:s*}", "place", draft->place, "id",
                     message->id, "kind",
                     panel_template_name(message->panel.template), "title",
                     message->panel.title, "until", ends ? until : NULL);
}

/* Takes the array of bad rows; NULL: they were told as lines. */
static void tell_rows(const struct drafts *drafts, json_t *bad_rows)
{
    json_t *list = bad_rows ? json_array() : NULL;

    for (size_t i = 0; i < drafts->count; i++) {
        if (list)
            json_array_append_new(list, row_json(&drafts->items[i]));
        else
            tell_row(&drafts->items[i]);
    }
    if (list)
        tell_json(
            json_pack("{s:o, s:o}", "panels", list, "bad_rows", bad_rows));
}

static enum publish_exit use(const struct options *options,
                             const struct drafts *drafts)
{
    const char *folder = options->out_folder;
    struct problem problem = {0};

    if (folder && !write_files(drafts, folder, &problem)) {
        tell_problem(&problem);
        return send_exit_code(&problem);
    }
    if (folder)
        tell_line("%zu panels written to %s", drafts->count, folder);
    if (options->push && drafts->count > 0)
        return dispatch_drafts(options, drafts);
    if (!folder && !options->push)
        tell_line("%zu panels are good; --out DIR writes them, --push sends "
                  "them",
                  drafts->count);
    return PUBLISH_DONE;
}

enum publish_exit panel_import_run(const struct options *options, int count,
                                   char **operands)
{
    struct drafts drafts = {0};
    size_t bad = 0, rows = 0;
    bool read = true;

    if (options->push && !send_options_check(options))
        return PUBLISH_USAGE;
    json_t *bad_rows = options->json ? json_array() : NULL;
    for (int i = 0; i < count; i++) {
        struct problem problem = {.consequence = "nothing of it was read"};
        struct sheet sheet = {.options = options,
                              .file = operands[i],
                              .drafts = &drafts,
                              .bad_rows = bad_rows};
        if (!read_sheet(&sheet, &problem)) {
            tell_problem(&problem);
            read = false;
        }
        bad += sheet.bad;
        rows += sheet.rows;
    }
    glyphs_check(&drafts, GLYPHS_WAIT_MS);
    tell_rows(&drafts, bad_rows);
    enum publish_exit code = use(options, &drafts);
    if (bad > 0)
        tell_line("%zu of %zu rows are bad and were left out", bad, rows);
    drafts_finish(&drafts);
    return code == PUBLISH_DONE && (bad > 0 || !read) ? PUBLISH_REFUSED : code;
}
