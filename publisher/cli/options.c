/* Reads a command line by the table of options. */
#include "publisher/cli/options.h"

#include "publisher/cli/option_table.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
    VALUE_FIRST = 256, /* getopt's own answers are characters */
    HELP_COLUMN = 26,
    TIMEOUT_DEFAULT_S = 10,
    WAIT_SHOWN_DEFAULT = 0,
};

static void list_long_options(unsigned groups, struct option *out)
{
    size_t count = 0;

    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (!(row->groups & groups))
            continue;
        out[count++] = (struct option){
            .name = row->name,
            .has_arg = row->kind == OPTION_FLAG ? no_argument
                                                : required_argument,
            .val = VALUE_FIRST + (int)i,
        };
    }
    out[count] = (struct option){0};
}

static bool take_value(struct options *out, const struct option_row *row,
                       struct problem *problem)
{
    if (option_store(out, row, optarg, problem))
        return true;
    if (row->kind == OPTION_BROKERS)
        snprintf(problem->field, sizeof problem->field, "--%s", row->name);
    return false;
}

static bool take_option(struct options *out, int answer, char **argv,
                        struct problem *problem)
{
    switch (answer) {
    case 'h':
        out->help = true;
        return true;
    case ':':
        return problem_set(problem, PROBLEM_FIELD, "'%s' wants a value",
                           argv[optind - 1]);
    case '?':
        return problem_set(problem, PROBLEM_FIELD, "unknown option '%s'",
                           argv[optind - 1]);
    default:
        return take_value(out, &option_rows[answer - VALUE_FIRST], problem);
    }
}

bool options_parse(struct options *out, unsigned groups, int argc, char **argv,
                   int first, int *operands, struct problem *problem)
{
    struct option long_options[OPTION_ROWS_MAX + 1];
    int answer;

    *out = (struct options){.mqtt_version = 5,
                            .timeout_s = TIMEOUT_DEFAULT_S,
                            .wait_shown = WAIT_SHOWN_DEFAULT};
    list_long_options(groups | OPTION_EVERY, long_options);
    opterr = 0;
    optind = first;
    while ((answer = getopt_long(argc, argv, ":h", long_options, NULL)) != -1)
        if (!take_option(out, answer, argv, problem))
            return false;
    out->typed = out->given;
    *operands = optind;
    return true;
}

void options_finish(struct options *options)
{
    for (size_t i = 0; i < options->owned_count; i++)
        free(options->owned[i]);
    free(options->owned);
    options->owned = NULL;
    options->owned_count = 0;
}

void options_print_help(unsigned groups, FILE *out)
{
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        char head[64];
        if (!(row->groups & (groups | OPTION_EVERY)))
            continue;
        snprintf(head, sizeof head, "--%s%s%s", row->name,
                 row->argument ? " " : "", row->argument ? row->argument : "");
        fprintf(out, "  %-*s  %s\n", HELP_COLUMN, head, row->help);
    }
}
