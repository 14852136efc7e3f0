/* gaoshi-display fonts: prints characters that the fonts of this machine do not
 * have. */
#include <stdlib.h>

#include "base/data_path.h"
#include "base/language.h"
#include "base/log.h"
#include "display/edge/app/command.h"
#include "display/edge/app/render_scene.h"
#include "display/edge/config/config.h"
#include "display/edge/text/missing.h"

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "fonts", problem);
    return code;
}

/* Prints the names of font files that are not installed on standard error. */
static bool open_chain(const struct data_path *data, struct fonts **out,
                       struct problem *problem)
{
    char chain[DATA_PATH_BYTES], missing[512] = "";

    if (!data_path_join(data, "fonts/chain.ini", chain, sizeof chain))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    if (!fonts_create(chain, out, missing, sizeof missing, problem))
        return false;
    if (missing[0])
        language_print(stderr, "not installed: %s\n", missing);
    return true;
}

/* Prints the missing characters. Missing ones are no failure. */
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
        if (render_scene_read_file(files[i], &message, &refused))
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
    if (!flags->missing)
        return problem_set(problem, PROBLEM_FIELD, "expected --missing");
    if (files == 0)
        return problem_set(problem, PROBLEM_FIELD, "no FILE given");
    return true;
}

static int run(const struct config_flags *flags, int files, char **argv)
{
    struct problem problem = {0};

    if (flags->help) {
        language_print(stdout,
                       "gaoshi-display fonts --missing FILE… [flags]\n");
        option_rows_print_help(config_rows, CONFIG_FONTS, stdout);
        return EXIT_DONE;
    }
    if (!check(flags, files, &problem))
        return complain(&problem, EXIT_USAGE);
    return print_missing(flags->data, files, argv + 1);
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
