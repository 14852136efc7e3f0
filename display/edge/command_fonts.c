/* gaoshi-display fonts: what the chain of fonts can draw on this machine. */
#include <stddef.h>

#include "display/edge/arguments.h"
#include "display/edge/command.h"
#include "display/edge/coverage.h"
#include "display/edge/data_path.h"
#include "display/edge/log.h"

struct fonts_command {
    const char *data;
    bool coverage;
    bool help;
};

#define FIELD(field) offsetof(struct fonts_command, field)

static const struct argument table[] = {
    {"--coverage", NULL, "draw every character of fonts/coverage.txt",
     .apply = argument_take_switch, .offset = FIELD(coverage)},
    {"--data", "DIR", "folder with data/ and fonts/",
     .apply = argument_take_text, .offset = FIELD(data)},
    {"--help", NULL, "this text", .apply = argument_take_switch,
     .offset = FIELD(help)},
    {.flag = NULL},
};

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "fonts", problem);
    return code;
}

static bool open_chain(const struct data_path *data, struct fonts **out,
                       struct problem *problem)
{
    char chain[DATA_PATH_BYTES], missing[512] = "";

    if (!data_path_join(data, "fonts/chain.ini", chain, sizeof chain))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    if (!fonts_create(chain, out, missing, sizeof missing, problem))
        return false;
    if (missing[0])
        printf("not installed: %s\n", missing);
    return true;
}

/* The role that informs: what names of people and places are set in. */
static int print_coverage(const char *folder)
{
    struct problem problem = {0};
    struct data_path data;
    struct fonts *fonts = NULL;
    char list[DATA_PATH_BYTES];
    bool complete = false;

    if (!data_path_find(folder, &data, &problem) ||
        !open_chain(&data, &fonts, &problem))
        return complain(&problem, EXIT_OTHER);
    bool printed = data_path_join(&data, "fonts/coverage.txt", list,
                                  sizeof list) &&
                   coverage_print(fonts, list, TYPE_SANS, COVERAGE_SIZE_PX,
                                  stdout, &complete, &problem);
    fonts_destroy(fonts);
    if (!printed)
        return complain(&problem, EXIT_OTHER);
    return complete ? EXIT_DONE : EXIT_OTHER;
}

int command_fonts(int argc, char **argv)
{
    struct fonts_command command = {.data = NULL};
    struct config config;
    struct problem problem = {0};
    int operands = 0;

    config_init(&config);
    if (!arguments_read(table, argc, argv, &config, &command, &operands,
                        &problem))
        return complain(&problem, EXIT_USAGE);
    if (command.help) {
        puts("gaoshi-display fonts --coverage [flags]");
        arguments_print(table, stdout);
        return EXIT_DONE;
    }
    if (!command.coverage || operands > 0) {
        problem_set(&problem, PROBLEM_FIELD, "expected --coverage");
        return complain(&problem, EXIT_USAGE);
    }
    return print_coverage(command.data);
}
