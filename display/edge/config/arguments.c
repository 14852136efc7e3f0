/* Reads command lines by their tables. */
#include "display/edge/config/arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "display/edge/app/glass.h"
#include "display/edge/config/options.h"

static const struct argument *find(const struct argument *table,
                                   const char *word)
{
    size_t length = strcspn(word, "=");

    for (; table->flag; table++) {
        if (strlen(table->flag) == length &&
            strncmp(table->flag, word, length) == 0)
            return table;
    }
    return NULL;
}

/* The value of the flag at *at, moving *at to the word that holds it. */
static const char *value_at(int argc, char **argv, int *at)
{
    const char *equals = strchr(argv[*at], '=');

    if (equals)
        return equals + 1;
    if (*at + 1 >= argc)
        return NULL;
    return argv[++*at];
}

static bool apply(const struct argument *row, const char *value,
                  struct config *config, void *context, struct problem *problem)
{
    if (row->section) {
        const struct option *option = option_find(row->section, row->name);
        bool is_line = strcmp(row->section, "broker") == 0;
        option_clear(option, config);
        config->lines[option - option_table] = 0;
        if (is_line) /* what a file gave counts no more */
            config->line_problem.code = PROBLEM_NONE;
        if (!option_set(option, value, config, problem)) {
            snprintf(problem->field, sizeof problem->field, "%s", row->flag);
            if (!is_line || !config->forgives_line)
                return false;
            config->line_problem = *problem;
        }
    }
    if (!row->apply || row->apply(row, context, value, problem))
        return true;
    snprintf(problem->field, sizeof problem->field, "%s", row->flag);
    return false;
}

static bool read_flag(const struct argument *table, int argc, char **argv,
                      int *at, struct config *config, void *context,
                      struct problem *problem)
{
    const struct argument *row = find(table, argv[*at]);
    const char *value = NULL;

    if (!row)
        return problem_set_field(problem, argv[*at],
                                 "no such flag; see --help");
    if (row->value) {
        value = value_at(argc, argv, at);
        if (!value)
            return problem_set_field(problem, row->flag, "expected %s",
                                     row->value);
    } else if (strchr(argv[*at], '=')) {
        return problem_set_field(problem, row->flag, "takes no value");
    }
    return apply(row, value, config, context, problem);
}

bool arguments_read(const struct argument *table, int argc, char **argv,
                    struct config *config, void *context, int *operand_count,
                    struct problem *problem)
{
    int operands = 0;
    bool flags_over = false;

    for (int i = 1; i < argc; i++) {
        bool flag = strncmp(argv[i], "--", 2) == 0 && !flags_over;
        if (!flag) {
            argv[1 + operands++] = argv[i];
        } else if (argv[i][2] == '\0') {
            flags_over = true;
        } else if (!read_flag(table, argc, argv, &i, config, context,
                              problem)) {
            return false;
        }
    }
    *operand_count = operands;
    return true;
}

const char *arguments_value(const struct argument *table, int argc, char **argv,
                            const char *flag)
{
    const char *found = NULL;

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const struct argument *row = find(table, argv[i]);
        if (!row || !row->value)
            continue;
        const char *value = value_at(argc, argv, &i);
        if (strcmp(row->flag, flag) == 0)
            found = value;
    }
    return found;
}

void arguments_print(const struct argument *table, FILE *out)
{
    for (; table->flag; table++) {
        int width = fprintf(out, "  %s%s%s", table->flag,
                            table->value ? " " : "",
                            table->value ? table->value : "");
        fprintf(out, "%*s%s\n", width < 26 ? 26 - width : 1, "", table->help);
    }
}

bool argument_take_text(const struct argument *row, void *context,
                        const char *value, struct problem *problem)
{
    (void)problem;
    *(const char **)((char *)context + row->offset) = value;
    return true;
}

bool argument_take_switch(const struct argument *row, void *context,
                          const char *value, struct problem *problem)
{
    (void)value, (void)problem;
    *(bool *)((char *)context + row->offset) = true;
    return true;
}

bool argument_take_number(const struct argument *row, void *context,
                          const char *value, struct problem *problem)
{
    char *end;

    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < row->minimum ||
        number > row->maximum)
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.40s', expected a whole number from %lld to %lld",
                           value, (long long)row->minimum,
                           (long long)row->maximum);
    *(int64_t *)((char *)context + row->offset) = number;
    return true;
}

bool argument_size(const char *value, int *width_px, int *height_px,
                   struct problem *problem)
{
    int width, height, read = 0;

    if (sscanf(value, "%5dx%5d%n", &width, &height, &read) != 2 ||
        value[read] || width < GLASS_SIDE_MIN_PX ||
        height < GLASS_SIDE_MIN_PX || width > GLASS_SIDE_MAX_PX ||
        height > GLASS_SIDE_MAX_PX)
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.40s', expected WIDTHxHEIGHT in pixels, %d to %d",
                           value, GLASS_SIDE_MIN_PX, GLASS_SIDE_MAX_PX);
    *width_px = width;
    *height_px = height;
    return true;
}
