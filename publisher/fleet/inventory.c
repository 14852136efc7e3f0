/* Reads the table of screens: first its encoding, then its rows, then what each
 * field may be. */
#include "publisher/fleet/inventory.h"

#include "base/translate.h"
#include "base/utf8.h"
#include "protocol/limits.h"
#include "protocol/scope.h"

#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AREA_DIGITS = 12 };

/* A spreadsheet in Chinese names the columns so. */
static const char *const headings[INVENTORY_COLUMNS][2] = {
    [INVENTORY_ID] = {"id", "编号"},
    [INVENTORY_PLACE] = {"place", "地点"},
    [INVENTORY_AREA] = {"area", "区划代码"},
    [INVENTORY_GROUPS] = {"groups", "分组"},
    [INVENTORY_NOTES] = {"notes", "备注"},
};

static bool refuse(struct problem *problem, const struct csv_cell *cell,
                   int line, enum inventory_column column, const char *text)
{
    problem_set_field(problem, headings[column][0], "%s", text);
    problem->line = cell ? cell->line : line;
    problem->column = cell ? cell->column : 1;
    return false;
}

static int find_heading(const char *text)
{
    for (int i = 0; i < INVENTORY_COLUMNS; i++)
        if (strcmp(text, headings[i][0]) == 0 ||
            strcmp(text, headings[i][1]) == 0)
            return i;
    return -1;
}

static bool read_headings(struct csv_table *table, struct inventory_form *form,
                          struct problem *problem)
{
    char text[160];

    for (int i = 0; i < INVENTORY_COLUMNS; i++)
        form->columns[i] = -1;
    if (!csv_next(table, problem))
        return problem->code != PROBLEM_NONE
                   ? false
                   : csv_refuse(problem, 1, 1,
                                "empty; expected a first row "
                                "id,place,area,groups,notes");
    for (int i = 0; i < table->count; i++) {
        const struct csv_cell *cell = &table->cells[i];
        int column = find_heading(cell->text);
        if (column < 0 && !cell->text[0])
            continue;
        snprintf(
            text, sizeof text,
            tr("heading '%.60s': expected id, place, area, groups or notes, "
               "each once, in the first row"),
            cell->text);
        if (column < 0 || form->columns[column] >= 0)
            return csv_refuse(problem, cell->line, cell->column, text);
        form->columns[column] = i;
    }
    form->column_count = table->count;
    return form->columns[INVENTORY_ID] >= 0 ||
           csv_refuse(problem, table->cells[0].line, 1,
                      "the first row names no column id");
}

/* Line feeds became spaces already. */
static bool check_words(const struct csv_cell *cell, size_t most,
                        enum inventory_column column, struct problem *problem)
{
    char text[96];

    for (char *at = cell->text; *at; at++)
        *at = *at == '\t' ? ' ' : *at;
    for (const char *at = cell->text; *at;) {
        uint32_t codepoint = utf8_next(&at);
        if (codepoint < 0x20 || (codepoint >= 0x7F && codepoint < 0xA0))
            return refuse(problem, cell, 0, column, "a control character");
    }
    snprintf(text, sizeof text, tr("%zu characters, %zu at most"),
             utf8_length(cell->text), most);
    return utf8_length(cell->text) <= most ||
           refuse(problem, cell, 0, column, text);
}

static bool check_area(const struct csv_cell *cell, struct problem *problem)
{
    const char *area = cell->text;
    char text[160];

    if (!area[0] || (strlen(area) == AREA_DIGITS &&
                     strspn(area, "0123456789") == AREA_DIGITS))
        return true;
    snprintf(text, sizeof text, tr("'%.40s': expected 12 digits or nothing%s"),
             area,
             strpbrk(area, "Ee+.") ? tr("; a spreadsheet made a number of it: "
                                        "format the column as text")
                                   : "");
    return refuse(problem, cell, 0, INVENTORY_AREA, text);
}

/* Leaves one space between two groups. */
static bool check_groups(const struct csv_cell *cell, struct problem *problem)
{
    char *at = cell->text, *to = cell->text;
    char text[128];
    int count = 0;

    for (;;) {
        at += strspn(at, " ,;|\t");
        size_t length = strcspn(at, " ,;|\t");
        char name[LIMIT_IDENTIFIER_BYTES + 2];
        if (length == 0)
            break;
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        snprintf(
            text, sizeof text,
            tr("group '%s': expected a-z 0-9 . _ -, parted by spaces, %d at "
               "most"),
            name, LIMIT_GROUPS);
        if (!identifier_is_valid(name) || ++count > LIMIT_GROUPS)
            return refuse(problem, cell, 0, INVENTORY_GROUPS, text);
        if (to != cell->text)
            *to++ = ' ';
        memmove(to, at, length);
        to += length;
        at += length;
    }
    *to = '\0';
    return true;
}

static size_t hash(const char *text)
{
    uint64_t sum = UINT64_C(14695981039346656037);

    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)(sum ^ sum >> 32);
}

/* Where the screen stands in the hash table, or could. */
static size_t find_place(const struct inventory *inventory, const char *id)
{
    size_t mask = inventory->place_count - 1;
    size_t place = hash(id) & mask;

    while (inventory->places[place] &&
           strcmp(inventory->screens[inventory->places[place] - 1].id, id) != 0)
        place = (place + 1) & mask;
    return place;
}

static bool check_id(const struct inventory *inventory,
                     const struct csv_cell *cell, int line,
                     struct problem *problem)
{
    char text[160];

    if (!cell || !cell->text[0])
        return refuse(problem, cell, line, INVENTORY_ID, "missing");
    snprintf(text, sizeof text,
             tr("'%.70s': expected a-z 0-9 . _ -, 64 at most"), cell->text);
    if (!identifier_is_valid(cell->text))
        return refuse(problem, cell, line, INVENTORY_ID, text);
    const struct inventory_screen *same = inventory_find(inventory, cell->text);
    snprintf(text, sizeof text, tr("'%.64s' stands in line %d already"),
             cell->text, same ? same->line : 0);
    return !same || refuse(problem, cell, line, INVENTORY_ID, text);
}

/* NULL: the row has no such field. */
static const struct csv_cell *cell_of(const struct csv_table *table,
                                      const struct inventory_form *form,
                                      enum inventory_column column)
{
    int at = form->columns[column];

    return at >= 0 && at < table->count ? &table->cells[at] : NULL;
}

static const char *text_of(const struct csv_cell *cell)
{
    return cell ? cell->text : "";
}

/* Makes room for twice as many, and fills the hash table anew. */
static bool grow(struct inventory *inventory, size_t *room,
                 struct problem *problem)
{
    size_t more = *room ? 2 * *room : 64;
    struct inventory_screen *screens = realloc(inventory->screens,
                                               more * sizeof *screens);
    size_t *places = calloc(4 * more, sizeof *places);

    if (screens)
        inventory->screens = screens;
    if (!screens || !places) {
        free(places);
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    }
    free(inventory->places);
    inventory->places = places;
    inventory->place_count = 4 * more;
    *room = more;
    for (size_t i = 0; i < inventory->count; i++)
        places[find_place(inventory, screens[i].id)] = i + 1;
    return true;
}

static bool check_surplus(const struct csv_table *table,
                          const struct inventory_form *form,
                          struct problem *problem)
{
    for (int i = form->column_count; i < table->count; i++)
        if (table->cells[i].text[0])
            return csv_refuse(problem, table->cells[i].line,
                              table->cells[i].column,
                              "more fields than the first row has headings; is "
                              "a field with the delimiter in it not quoted?");
    return true;
}

static bool add_screen(const struct csv_table *table,
                       struct inventory *inventory, struct problem *problem)
{
    const struct inventory_form *form = &inventory->form;
    const struct csv_cell *id = cell_of(table, form, INVENTORY_ID);
    const struct csv_cell *place = cell_of(table, form, INVENTORY_PLACE);
    const struct csv_cell *area = cell_of(table, form, INVENTORY_AREA);
    const struct csv_cell *groups = cell_of(table, form, INVENTORY_GROUPS);
    const struct csv_cell *notes = cell_of(table, form, INVENTORY_NOTES);
    int line = table->cells[0].line;

    if (!check_surplus(table, form, problem) ||
        !check_id(inventory, id, line, problem) ||
        (place && !check_words(place, INVENTORY_PLACE_CHARACTERS,
                               INVENTORY_PLACE, problem)) ||
        (area && !check_area(area, problem)) ||
        (groups && !check_groups(groups, problem)) ||
        (notes && !check_words(notes, INVENTORY_NOTES_CHARACTERS,
                               INVENTORY_NOTES, problem)))
        return false;
    inventory->places[find_place(inventory, id->text)] = inventory->count + 1;
    inventory->screens[inventory->count++] = (struct inventory_screen){
        .id = id->text,
        .place = text_of(place),
        .area = text_of(area),
        .groups = text_of(groups),
        .notes = text_of(notes),
        .line = line,
    };
    return true;
}

static bool read_screens(struct csv_table *table, struct inventory *inventory,
                         struct problem *problem)
{
    size_t room = 0;

    while (csv_next(table, problem)) {
        if (inventory->count == INVENTORY_SCREENS_MAX)
            return problem_set(problem, PROBLEM_TOO_LARGE,
                               "more than %d screens", INVENTORY_SCREENS_MAX);
        if ((inventory->count == room && !grow(inventory, &room, problem)) ||
            !add_screen(table, inventory, problem))
            return false;
    }
    return problem->code == PROBLEM_NONE;
}

bool inventory_parse(const char *bytes, size_t size, struct inventory *out,
                     struct problem *problem)
{
    struct inventory inventory = {.count = 0};
    struct problem found = {0};
    struct csv_table table;

    if (size > INVENTORY_BYTES_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE, "more than %d bytes",
                           INVENTORY_BYTES_MAX);
    bool read = csv_open(bytes, size, &table, &found);
    if (read) {
        inventory.form = (struct inventory_form){
            .encoding = table.encoding,
            .delimiter = table.delimiter,
            .line_end = table.line_end,
            .ends_with_line = table.ends_with_line,
        };
        read = read_headings(&table, &inventory.form, &found) &&
               read_screens(&table, &inventory, &found);
        /* The screens' texts stand in it. */
        inventory.text = table.text;
    }
    if (read) {
        *out = inventory;
        return true;
    }
    inventory_finish(&inventory);
    if (!problem)
        return false;
    memcpy(found.place, problem->place, sizeof found.place);
    memcpy(found.consequence, problem->consequence, sizeof found.consequence);
    *problem = found;
    return false;
}

void inventory_finish(struct inventory *inventory)
{
    free(inventory->screens);
    free(inventory->places);
    free(inventory->text);
    *inventory = (struct inventory){.count = 0};
}

const struct inventory_screen *inventory_find(const struct inventory *inventory,
                                              const char *id)
{
    if (inventory->place_count == 0)
        return NULL;
    size_t number = inventory->places[find_place(inventory, id)];
    return number > 0 ? &inventory->screens[number - 1] : NULL;
}

bool inventory_texts_cover(const char *id, const char *area, const char *groups,
                           const char *scope)
{
    struct screen_identity identity = {.group_count = 0};

    snprintf(identity.screen, sizeof identity.screen, "%s", id);
    snprintf(identity.area, sizeof identity.area, "%s", area);
    while (*groups && identity.group_count < LIMIT_GROUPS) {
        size_t length = strcspn(groups, " ");
        if (length > 0)
            snprintf(identity.groups[identity.group_count++],
                     sizeof identity.groups[0], "%.*s", (int)length, groups);
        groups += length;
        groups += *groups == ' ';
    }
    return scope_covers(scope, &identity);
}

bool inventory_covers(const struct inventory_screen *screen, const char *scope)
{
    return inventory_texts_cover(screen->id, screen->area, screen->groups,
                                 scope);
}

static void print_field(const struct inventory_form *form, const char *text,
                        FILE *out)
{
    const char special[] = {'"', '\r', '\n', form->delimiter, '\0'};

    if (!strpbrk(text, special)) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    fputc('"', out);
}

char *inventory_format_row(const struct inventory_form *form,
                           const struct inventory_screen *screen)
{
    const char *const texts[INVENTORY_COLUMNS] = {
        [INVENTORY_ID] = screen->id,       [INVENTORY_PLACE] = screen->place,
        [INVENTORY_AREA] = screen->area,   [INVENTORY_GROUPS] = screen->groups,
        [INVENTORY_NOTES] = screen->notes,
    };
    char *row = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&row, &size);

    if (!out)
        return NULL;
    for (int at = 0; at < form->column_count; at++) {
        if (at > 0)
            fputc(form->delimiter, out);
        for (int i = 0; i < INVENTORY_COLUMNS; i++)
            if (form->columns[i] == at)
                print_field(form, texts[i], out);
    }
    fputs(form->line_end, out);
    if (fclose(out) == 0)
        return row;
    free(row);
    return NULL;
}

char *inventory_encode(const struct inventory_form *form, const char *row)
{
    size_t size = strlen(row), room = 4 * size;
    char *from = (char *)(uintptr_t)row;

    if (form->encoding == CSV_UTF8)
        return strdup(row);
    if (form->encoding == CSV_UTF16)
        return NULL;
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    char *encoded = calloc(1, room + 1);
    char *to = encoded;
    bool done = converter != (iconv_t)-1 && encoded &&
                iconv(converter, &from, &size, &to, &room) != (size_t)-1;
    if (converter != (iconv_t)-1)
        iconv_close(converter);
    if (done)
        return encoded;
    free(encoded);
    return NULL;
}
