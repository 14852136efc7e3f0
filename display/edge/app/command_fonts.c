/* gaoshi-display fonts: what the chain of fonts can draw on this machine. */
#include <stdlib.h>

#include "base/data_path.h"
#include "base/log.h"
#include "display/edge/app/command.h"
#include "display/edge/app/draft.h"
#include "display/edge/config/config.h"
#include "display/edge/text/coverage.h"
#include "display/edge/text/missing.h"

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "fonts", problem);
    return code;
}

/* Names of files that are not installed go to `notes`. */
static bool open_chain(const struct data_path *data, FILE *notes,
                       struct fonts **out, struct problem *problem)
{
    char chain[DATA_PATH_BYTES], missing[512] = "";

    if (!data_path_join(data, "fonts/chain.ini", chain, sizeof chain))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    if (!fonts_create(chain, out, missing, sizeof missing, problem))
        return false;
    if (missing[0])
        fprintf(notes, "not installed: %s\n", missing);
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
        !open_chain(&data, stdout, &fonts, &problem))
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

/* What is missing is the answer, not a failure: lines on standard output. */
static int print_missing(const char *folder, int count, char **files)
{
    struct problem problem = {0};
    struct data_path data;
    struct fonts *fonts = NULL;
    int code = EXIT_DONE;

    if (!data_path_find(folder, &data, &problem) ||
        !open_chain(&data, stderr, &fonts, &problem))
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

static bool check(const struct config_flags *flags, int files,
                  struct problem *problem)
{
    if (flags->coverage == flags->missing)
        return problem_set(problem, PROBLEM_FIELD,
                           "expected --coverage or --missing");
    if (flags->coverage && files > 0)
        return problem_set(problem, PROBLEM_FIELD, "--coverage takes no FILE");
    if (flags->missing && files == 0)
        return problem_set(problem, PROBLEM_FIELD, "no FILE given");
    return true;
}

static int run(const struct config_flags *flags, int files, char **argv)
{
    struct problem problem = {0};

    if (flags->help) {
        puts("gaoshi-display fonts --coverage | --missing FILE… [flags]");
        option_rows_print_help(config_rows, CONFIG_FONTS, stdout);
        return EXIT_DONE;
    }
    if (!check(flags, files, &problem))
        return complain(&problem, EXIT_USAGE);
    return flags->missing ? print_missing(flags->data, files, argv + 1)
                          : print_coverage(flags->data);
}

int command_fonts(int argc, char **argv)
{
    struct config *config = calloc(1, sizeof *config);
    struct problem problem = {0};
    int files = 0;

    if (!config)
        return EXIT_OTHER;
    int code = config_load(config, CONFIG_FONTS, argc, argv, &files, &problem)
                   ? run(&config->flags, files, argv)
                   : complain(&problem, EXIT_USAGE);
    free(config);
    return code;
}
