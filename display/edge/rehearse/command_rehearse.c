/* gaoshi-display rehearse: shows drafts of a folder, or a recorded session, as
 * a screen would, in a window with keys to look closely. No broker, no keys. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/language.h"
#include "base/log.h"
#include "base/translate.h"
#include "display/edge/app/command.h"
#include "display/edge/app/loop.h"
#include "display/edge/rehearse/keys.h"
#include "display/edge/rehearse/rehearsal_loop.h"

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "rehearse", problem);
    return code;
}

static void print_help(void)
{
    language_print(stdout,
                   "gaoshi-display rehearse DIR|FILE [flags]\n"
                   "gaoshi-display rehearse --replay SESSION [flags]\n\n");
    option_rows_print_help(config_rows, CONFIG_REHEARSE, stdout);
    language_print(stdout, "\nkeys in the window:\n");
    for (const struct rehearsal_key *key = rehearsal_keys; key->code; key++)
        if (key->name)
            language_print(stdout, "  %-18s%s\n", key->name, tr(key->help));
}

static bool check(const struct config *config, int count,
                  struct problem *problem)
{
    const struct config_flags *flags = &config->flags;
    bool headless = flags->mode == DISPLAY_HEADLESS;

    if (flags->replay && count > 0)
        return problem_set_field(problem, "--replay",
                                 "takes no DIR: the session has the messages");
    if (!flags->replay && count != 1)
        return problem_set(problem, PROBLEM_FIELD,
                           "expected one folder or file of drafts, or "
                           "--replay; see --help");
    if (flags->replay && flags->session)
        return problem_set_field(problem, "--record-session",
                                 "not with --replay");
    if (headless && !flags->replay && !flags->export_to && flags->seconds == 0)
        return problem_set_field(problem, "--headless",
                                 "needs --seconds, --replay or --export");
    return true;
}

static int run(struct rehearsal *rehearsal, struct config *config,
               const char *path, int signal_fd)
{
    struct problem problem = {0};
    bool done = true;

    if (!rehearsal_init(rehearsal, config, path, &problem))
        return complain(&problem, EXIT_OTHER);
    const struct config_flags *flags = &rehearsal->config.flags;
    if (flags->export_to)
        done = rehearsal_loop_export(rehearsal, &problem);
    else if (flags->mode == DISPLAY_HEADLESS)
        rehearsal_loop_headless(rehearsal);
    else
        done = rehearsal_loop_window(rehearsal, signal_fd, &problem);
    return done ? EXIT_DONE : complain(&problem, EXIT_OTHER);
}

int command_rehearse(int argc, char **argv)
{
    struct rehearsal *rehearsal = calloc(1, sizeof *rehearsal);
    struct config *config = calloc(1, sizeof *config);
    struct problem problem = {0};
    int count = 0, signal_fd = -1;
    int code = EXIT_USAGE;

    if (!rehearsal || !config) {
        code = EXIT_OTHER;
    } else if (!config_load(config, CONFIG_REHEARSE, argc, argv, &count,
                            &problem)) {
        complain(&problem, code);
    } else if (config->flags.help) {
        print_help();
        code = EXIT_DONE;
    } else if (!check(config, count, &problem)) {
        complain(&problem, code);
    } else {
        log_set_level((enum log_level)config->flags.log_level);
        signal_fd = loop_catch_signals();
        code = run(rehearsal, config, config->flags.replay ? NULL : argv[1],
                   signal_fd);
        rehearsal_finish(rehearsal);
    }
    if (signal_fd >= 0)
        close(signal_fd);
    if (config)
        option_state_finish(&config->state);
    free(config);
    free(rehearsal);
    return code;
}
