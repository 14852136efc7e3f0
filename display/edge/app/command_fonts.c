/* gaoshi-display fonts: what the fonts of this machine do not draw. */
#include <stddef.h>

#include "base/data_path.h"
#include "base/log.h"
#include "display/edge/app/command.h"
#include "display/edge/app/draft.h"
#include "display/edge/config/arguments.h"
#include "display/edge/text/missing.h"

struct fonts_command {
    const char *data;
    bool missing;
    bool help;
};

#define FIELD(field) offsetof(struct fonts_command, field)

static const struct argument table[] = {
    {"--missing", NULL, "tell what characters of FILE… no font has",
     .apply = argument_take_switch, .offset = FIELD(missing)},
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

/* Names of files that are not installed go to standard error. */
static bool open_chain(const struct data_path *data, struct fonts **out,
                       struct problem *problem)
{
    char chain[DATA_PATH_BYTES], missing[512] = "";

    if (!data_path_join(data, "fonts/chain.ini", chain, sizeof chain))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    if (!fonts_create(chain, out, missing, sizeof missing, problem))
        return false;
    if (missing[0])
        fprintf(stderr, "not installed: %s\n", missing);
    return true;
}

/* Prints the missing characters; that some are missing is no failure. */
static int print_missing(const char *folder, int count, char **files)
{
    struct problem problem = {0};
    struct data_path data;
    struct fonts *fonts = NULL;
    int code = EXIT_DONE;

    if (!data_path_find(folder, &data, &problem) ||
        !open_chain(&data, &fonts, &problem))
        return complain(&problem, EXIT_OTHER);
    for (int i = 0; i < count; i++) {
        struct message *message = NULL;
        struct problem refused = {0};
        if (draft_read(files[i], &message, &refused))
            missing_print(fonts, message, files[i], stdout);
        else
            code = complain(&refused, EXIT_INVALID);
        message_destroy(message);
    }
    fonts_destroy(fonts);
    return code;
}

static bool check(const struct fonts_command *command, int files,
                  struct problem *problem)
{
    if (!command->missing)
        return problem_set(problem, PROBLEM_FIELD, "expected --missing");
    if (files == 0)
        return problem_set(problem, PROBLEM_FIELD, "no FILE given");
    return true;
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
        puts("gaoshi-display fonts --missing FILE… [flags]");
        arguments_print(table, stdout);
        return EXIT_DONE;
    }
    if (!check(&command, operands, &problem))
        return complain(&problem, EXIT_USAGE);
    return print_missing(command.data, operands, argv + 1);
}
