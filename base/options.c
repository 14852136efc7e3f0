/* Reads command lines and ini files by a program's table of options. */
#include "base/options.h"

#include "base/files.h"
#include "base/language.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "base/word.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES = 96, HELP_COLUMN = 28 };

#define BLANKS " \t\r\v\f"

static bool parse_flag(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    (void)row, (void)value, (void)problem;
    *(bool *)field = true;
    return true;
}

static bool parse_integer(const struct option_row *row, const char *value,
                          void *field, struct problem *problem)
{
    char *end;

    (void)problem;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno || end == value || *end || number < row->minimum ||
        number > row->maximum)
        return false;
    *(int *)field = (int)number;
    return true;
}

static bool parse_choice(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    (void)problem;
    for (const struct option_choice *one = row->choices; one->name; one++) {
        if (strcmp(one->name, value) != 0)
            continue;
        *(int *)field = one->value;
        return true;
    }
    return false;
}

static bool parse_yes_no(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    bool yes = strcmp(value, "yes") == 0;

    (void)row, (void)problem;
    if (!yes && strcmp(value, "no") != 0)
        return false;
    *(int *)field = yes;
    return true;
}

static bool parse_text(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    size_t bytes = strlen(value);

    (void)problem;
    if (bytes >= (size_t)row->maximum || !utf8_is_valid(value, bytes, NULL))
        return false;
    memcpy(field, value, bytes + 1);
    return true;
}

static bool parse_borrowed(const struct option_row *row, const char *value,
                           void *field, struct problem *problem)
{
    (void)problem;
    if (row->type->is_text && !utf8_is_valid(value, strlen(value), NULL))
        return false;
    *(const char **)field = value;
    return true;
}

const struct option_type option_flag = {.parse = parse_flag};
const struct option_type option_integer = {.words = "a whole number",
                                           .bounds = OPTION_BOUNDS_RANGE,
                                           .parse = parse_integer};
const struct option_type option_choice = {.words = "one of: ",
                                          .bounds = OPTION_BOUNDS_CHOICES,
                                          .parse = parse_choice};
const struct option_type option_yes_no = {.words = "yes or no",
                                          .parse = parse_yes_no};
const struct option_type option_text = {.words = "a text in UTF-8",
                                        .bounds = OPTION_BOUNDS_BYTES,
                                        .parse = parse_text,
                                        .is_text = true,
                                        .may_be_empty = true};
const struct option_type option_path = {.words = "a path in UTF-8",
                                        .bounds = OPTION_BOUNDS_BYTES,
                                        .parse = parse_text,
                                        .is_path = true,
                                        .may_be_empty = true};
const struct option_type option_words = {.words = "a text in UTF-8",
                                         .parse = parse_borrowed,
                                         .is_text = true,
                                         .is_borrowed = true};
const struct option_type option_file = {.words = "a path",
                                        .parse = parse_borrowed,
                                        .is_path = true,
                                        .is_borrowed = true};

void option_state_finish(struct option_state *state)
{
    for (size_t i = 0; i < state->text_count; i++)
        free(state->texts[i]);
    free(state->texts);
    state->texts = NULL;
    state->text_count = 0;
}

static bool keep_text(struct option_state *state, char *text)
{
    char **grown = realloc(state->texts,
                           (state->text_count + 1) * sizeof *grown);

    if (!grown)
        return false;
    state->texts = grown;
    state->texts[state->text_count++] = text;
    return true;
}

static void describe_choices(const struct option_row *row, char *out,
                             size_t size)
{
    size_t length = (size_t)snprintf(out, size, "%s", tr(row->type->words));

    for (const struct option_choice *one = row->choices;
         one->name && length < size; one++)
        length += (size_t)snprintf(out + length, size - length, "%s%s",
                                   one > row->choices ? tr(", ") : "",
                                   one->name);
}

/* Describes the allowed values: «one of: full, reduced, none». */
static void describe(const struct option_row *row, char *out, size_t size)
{
    const char *words = row->type->words ? tr(row->type->words) : "";

    switch (row->type->bounds) {
    case OPTION_BOUNDS_CHOICES:
        describe_choices(row, out, size);
        return;
    case OPTION_BOUNDS_RANGE:
        snprintf(out, size, tr("%s from %d to %d"), words, row->minimum,
                 row->maximum);
        return;
    case OPTION_BOUNDS_COUNT:
        snprintf(out, size, tr("%s, at most %d"), words, row->maximum);
        return;
    case OPTION_BOUNDS_BYTES:
        snprintf(out, size, tr("%s, at most %d bytes"), words,
                 row->maximum - 1);
        return;
    case OPTION_BOUNDS_THOUSANDTHS:
        snprintf(out, size, tr("%s, at most %d"), words, row->maximum / 1000);
        return;
    case OPTION_BOUNDS_NONE:
        snprintf(out, size, "%s", words);
        return;
    }
}

static void name_field(struct problem *problem, const char *before,
                       const char *name)
{
    snprintf(problem->field, sizeof problem->field, "%s%s", before, name);
}

/* Lets the type parse one value. If the type gives no reason for a bad value,
 * the description of the type becomes the reason. The field's name is not part
 * of it. */
static bool parse_one(const struct option_row *row, const char *value,
                      void *fields, struct problem *problem)
{
    char words[160];

    problem->code = PROBLEM_NONE;
    if (row->type->parse(row, value, (char *)fields + row->offset, problem))
        return true;
    if (problem->code != PROBLEM_NONE)
        return false;
    describe(row, words, sizeof words);
    return problem_set(problem, PROBLEM_FIELD, "'%.60s', expected %s", value,
                       words);
}

/* One value of a file. A relative path in it counts from the folder of the
 * file. */
struct source {
    const char *file; /* NULL: no folder */
    struct option_state *state;
};

static bool store_entry(const struct source *source,
                        const struct option_row *row, const char *value,
                        size_t bytes, void *fields, struct problem *problem)
{
    const char *slash = source->file ? strrchr(source->file, '/') : NULL;
    bool placed = row->type->is_path && slash && bytes > 0 && value[0] != '/';
    char *text = NULL;

    if (asprintf(&text, "%.*s%.*s",
                 placed ? (int)(slash + 1 - source->file) : 0,
                 placed ? source->file : "", (int)bytes, value) < 0)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (row->type->is_borrowed && !keep_text(source->state, text)) {
        free(text);
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    }
    bool stored = parse_one(row, text, fields, problem);
    if (!row->type->is_borrowed)
        free(text);
    return stored;
}

/* The good entries of a list are taken even if another entry is bad; the first
 * problem is reported. */
static bool store_list(const struct source *source,
                       const struct option_row *row, const char *value,
                       void *fields, struct problem *problem)
{
    struct problem later = *problem;
    bool good = true;

    for (value += strspn(value, BLANKS); *value;
         value += strspn(value, BLANKS)) {
        size_t bytes = strcspn(value, BLANKS);
        good = store_entry(source, row, value, bytes, fields,
                           good ? problem : &later) &&
               good;
        value += bytes;
    }
    return good;
}

static bool store_value(const struct source *source,
                        const struct option_row *row, const char *value,
                        void *fields, struct problem *problem)
{
    bool stored = false;

    if (row->type->entries)
        stored = store_list(source, row, value, fields, problem);
    else if (!value[0] && !row->type->may_be_empty)
        problem_set(problem, PROBLEM_FIELD, "no value");
    else
        stored = store_entry(source, row, value, strlen(value), fields,
                             problem);
    if (!stored)
        name_field(problem, "", row->key ? row->key : row->flag);
    return stored;
}

bool option_row_set(const struct option_row *row, const char *value,
                    void *fields, struct problem *problem)
{
    const struct source source = {.file = NULL};

    assert(!row->type->is_borrowed);
    return store_value(&source, row, value, fields, problem);
}

void option_rows_default(const struct option_row *rows, void *fields)
{
    for (const struct option_row *row = rows; row->type; row++) {
        struct problem problem = {0};
        if (row->fallback && !parse_one(row, row->fallback, fields, &problem))
            assert(!"a default is a good value");
    }
}

const struct option_row *option_rows_find_key(const struct option_row *rows,
                                              const char *key)
{
    for (const struct option_row *row = rows; row->type; row++)
        if (row->key && strcmp(row->key, key) == 0)
            return row;
    return NULL;
}

static bool has_section(const struct option_row *rows, const char *section)
{
    size_t length = strlen(section);

    for (const struct option_row *row = rows; row->type; row++)
        if (row->key && strncmp(row->key, section, length) == 0 &&
            row->key[length] == '.')
            return true;
    return false;
}

/* The flag with exactly this name, or the only flag that begins with it. */
static const struct option_row *
find_flag(const struct option_row *rows, option_groups groups, const char *word)
{
    const struct option_row *found = NULL;
    size_t length = strcspn(word, "=");
    int count = 0;

    for (const struct option_row *row = rows; row->type; row++) {
        if (!row->flag || !(row->groups & groups) ||
            strncmp(row->flag, word, length) != 0)
            continue;
        if (row->flag[length] == '\0')
            return row;
        found = row;
        count += row->help != NULL;
    }
    return count == 1 && length > 0 && found->help ? found : NULL;
}

static bool check_words(const struct option_row *row, const char *value,
                        struct problem *problem)
{
    size_t at = 0;

    if (!value || !row->type->is_text ||
        utf8_is_valid(value, strlen(value), &at))
        return true;
    return problem_set(problem, PROBLEM_FIELD,
                       "byte 0x%02X found, UTF-8 expected: is the terminal's "
                       "encoding another one?",
                       (unsigned char)value[at]);
}

static bool is_in(const struct option_row *row, const char *section)
{
    size_t length = section ? strlen(section) : 0;

    return section && row->key && strncmp(row->key, section, length) == 0 &&
           row->key[length] == '.';
}

static bool forgive(struct option_state *state, const struct problem *problem)
{
    if (state->lenient_problem.code == PROBLEM_NONE)
        state->lenient_problem = *problem;
    return true;
}

/* Reads the flag at *at and moves *at to the last word that it took. */
/* Names the flag that was probably meant. */
static bool fail_unknown_flag(const struct option_row *rows,
                              option_groups groups, const char *typed,
                              struct problem *problem)
{
    const struct option_row *found = NULL;
    char name[KEY_BYTES];
    int nearest = INT_MAX;

    snprintf(name, sizeof name, "%.*s", (int)strcspn(typed, "="), typed);
    for (const struct option_row *row = rows; row->type; row++)
        if (row->flag && row->help && (row->groups & groups) &&
            word_is_nearer(name + strspn(name, "-"), row->flag, &nearest))
            found = row;
    if (found)
        return problem_set_field(
            problem, typed, "no such flag, the nearest is --%s", found->flag);
    return problem_set_field(problem, typed, "no such flag");
}

static bool read_flag(const struct option_row *rows, option_groups groups,
                      int argc, char **argv, int *at, void *fields,
                      struct option_state *state, struct problem *problem)
{
    bool is_help = strcmp(argv[*at], "-h") == 0;
    const char *word = is_help ? "help" : argv[*at] + 2;
    const char *equals = strchr(argv[*at], '=');
    const struct option_row *row = NULL;
    const char *value = NULL;

    if (is_help || argv[*at][1] == '-')
        row = find_flag(rows, groups, word);
    if (!row)
        return fail_unknown_flag(rows, groups, argv[*at], problem);
    if (row->argument && equals)
        value = equals + 1;
    else if (row->argument && *at + 1 < argc)
        value = argv[++*at];
    if (row->argument && !value)
        return problem_set(problem, PROBLEM_FIELD, "'--%s' wants a value: %s",
                           row->flag, tr(row->argument));
    if (!row->argument && equals)
        problem_set(problem, PROBLEM_FIELD, "takes no value");
    else if (check_words(row, value, problem) &&
             (state->typed[row - rows] = true,
              parse_one(row, value, fields, problem)))
        return true;
    name_field(problem, "--", row->flag);
    return is_in(row, state->lenient_section) && forgive(state, problem);
}

bool option_rows_read_words(const struct option_row *rows, option_groups groups,
                            int argc, char **argv, int first, void *fields,
                            struct option_state *state, int *operand_count,
                            struct problem *problem)
{
    int operands = 0;
    bool flags_over = false;

    for (int i = first; i < argc; i++) {
        bool is_flag = argv[i][0] == '-' && argv[i][1] && !flags_over;
        if (!is_flag)
            argv[first + operands++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            flags_over = true;
        else if (!read_flag(rows, groups, argc, argv, &i, fields, state,
                            problem))
            return false;
    }
    *operand_count = operands;
    return true;
}

/* One reading of a file. */
struct reading {
    const struct option_row *rows;
    void *fields;
    struct source source;
    struct problem *problem;
    char section[KEY_BYTES / 2];
    char name[KEY_BYTES / 2]; /* key of the line above; "": none */
    int line;
};

static bool take_pair(struct reading *reading, const char *value)
{
    struct option_state *state = reading->source.state;
    struct problem *problem = reading->problem;
    char key[KEY_BYTES];

    snprintf(key, sizeof key, "%s.%s", reading->section, reading->name);
    const struct option_row *row = option_rows_find_key(reading->rows, key);
    if (!row)
        return problem_set_field(problem, key,
                                 has_section(reading->rows, reading->section)
                                     ? "no such key"
                                     : "no such section");
    int *line = &state->lines[row - reading->rows];
    if (*line && !row->type->entries)
        return problem_set_field(problem, key, "given twice");
    *line = reading->line;
    return state->typed[row - reading->rows] ||
           store_value(&reading->source, row, value, reading->fields, problem);
}

static char *trim(char *text)
{
    text += strspn(text, BLANKS);
    size_t length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

/* A comment after a value begins with a blank and a semicolon. */
static void cut_comment(char *text)
{
    for (char *at = text; *at; at++)
        if (*at == ';' && at > text && strchr(BLANKS, at[-1])) {
            *at = '\0';
            return;
        }
}

static bool take_section(struct reading *reading, char *text)
{
    char *end = strchr(text, ']');

    if (!end)
        return problem_set(reading->problem, PROBLEM_SYNTAX,
                           "neither [section] nor key = value");
    *end = '\0';
    snprintf(reading->section, sizeof reading->section, "%s", text + 1);
    reading->name[0] = '\0';
    return true;
}

static bool take_line(struct reading *reading, char *line)
{
    bool goes_on = reading->name[0] && strchr(BLANKS, line[0]);

    if (strlen(line) > OPTION_LINE_BYTES)
        return problem_set(reading->problem, PROBLEM_TOO_LARGE,
                           "the line is longer than %d bytes",
                           OPTION_LINE_BYTES);
    char *text = line + strspn(line, BLANKS);
    if (text[0] == '\0' || text[0] == ';' || text[0] == '#')
        return true;
    cut_comment(text);
    text = trim(text);
    if (goes_on)
        return take_pair(reading, text);
    if (text[0] == '[')
        return take_section(reading, text);
    char *equals = strpbrk(text, "=:");
    if (!equals)
        return problem_set(reading->problem, PROBLEM_SYNTAX,
                           "neither [section] nor key = value");
    *equals = '\0';
    snprintf(reading->name, sizeof reading->name, "%s", trim(text));
    return take_pair(reading, trim(equals + 1));
}

static bool read_lines(struct reading *reading, char *text)
{
    struct option_state *state = reading->source.state;

    while (text) {
        char *end = strchr(text, '\n');
        if (end)
            *end = '\0';
        reading->line++;
        if (!take_line(reading, text)) {
            reading->problem->line = reading->line;
            if (!state->lenient_section ||
                strcmp(state->lenient_section, reading->section) != 0)
                return false;
            forgive(state, reading->problem);
        }
        text = end ? end + 1 : NULL;
    }
    return true;
}

bool option_rows_read_file(const struct option_row *rows, const char *file,
                           void *fields, struct option_state *state,
                           struct problem *problem)
{
    struct reading reading = {.rows = rows,
                              .fields = fields,
                              .source = {.file = file, .state = state},
                              .problem = problem};
    size_t bytes = 0;

    problem_set_place(problem, file);
    char *text = file_read_any(file, OPTION_FILE_BYTES, &bytes, problem);
    if (!text)
        return false;
    bool read = memchr(text, '\0', bytes)
                    ? problem_set(problem, PROBLEM_SYNTAX,
                                  "a NUL byte in it: not a text")
                    : read_lines(&reading, text);
    free(text);
    return read;
}

/* Prints the allowed values in the help: a range, choices, the default. */
static void print_values(const struct option_row *row, FILE *out)
{
    bool has_default = row->argument && row->fallback && row->fallback[0];
    bool has_words = row->type->bounds == OPTION_BOUNDS_RANGE ||
                     row->type->bounds == OPTION_BOUNDS_CHOICES;
    char words[160];

    if (!has_default && !has_words)
        return;
    describe(row, words, sizeof words);
    language_print(out, " (%s%s%s%s)", has_words ? words : "",
                   has_words && has_default ? tr("; ") : "",
                   has_default ? tr("default: ") : "",
                   has_default ? row->fallback : "");
}

void option_rows_print_help(const struct option_row *rows, option_groups groups,
                            FILE *out)
{
    for (const struct option_row *row = rows; row->type; row++) {
        if (!row->flag || !row->help || !(row->groups & groups))
            continue;
        char head[64];
        snprintf(head, sizeof head, "  --%s%s%s", row->flag,
                 row->argument ? " " : "",
                 row->argument ? tr(row->argument) : "");
        language_print(out, "%-*s  %s", utf8_field(head, HELP_COLUMN), head,
                       tr(row->help));
        print_values(row, out);
        fputc('\n', out);
    }
}
