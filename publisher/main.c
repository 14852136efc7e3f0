/* gaoshi-publish: finds the command, reads its options and the configuration,
 * and runs it. */
#include "base/language.h"
#include "base/log.h"
#include "base/translate.h"
#include "publisher/cli/tell.h"
#include "publisher/commands.h"
#include "publisher/complete.h"

#include <string.h>

static void tell_unknown_words(int argc, char **argv)
{
    const struct command *meant = command_nearest(argc, argv);
    bool two = argc > 2 && argv[2][0] != '-';

    if (meant)
        tell_line("unknown command '%s%s%s'; the nearest is: gaoshi-publish "
                  "%s --help",
                  argv[1], two ? " " : "", two ? argv[2] : "", meant->name);
    else
        tell_line("unknown command '%s%s%s'; see gaoshi-publish --help",
                  argv[1], two ? " " : "", two ? argv[2] : "");
}

static int fail_unknown_command(int argc, char **argv)
{
    const char *typed = argc > 1 ? argv[1] : "";

    if (argc < 2)
        tell_line("no command; see gaoshi-publish --help");
    else if (typed[0] == '-')
        tell_line("'%s': the command comes first, as in gaoshi-publish panel "
                  "push %s ...",
                  typed, typed);
    else
        tell_unknown_words(argc, argv);
    return PUBLISH_USAGE;
}

static int fail_usage(const struct command *command, struct problem *problem)
{
    snprintf(problem->consequence, sizeof problem->consequence,
             tr("see gaoshi-publish %s --help"), command->name);
    tell_problem(problem);
    return PUBLISH_USAGE;
}

static bool check_operands(const struct command *command, int count,
                           struct problem *problem)
{
    if (count >= command->least_operands && count <= command->most_operands)
        return true;
    return problem_set(
        problem, PROBLEM_FIELD, "%s: expected %s",
        count < command->least_operands ? tr("too little") : tr("too much"),
        command->operands[0] ? tr(command->operands) : tr("flags alone"));
}

static int run(const struct command *command, struct options *options, int argc,
               char **argv, int first)
{
    struct problem problem = {0};
    int operands = 0;

    if (!options_parse(options, command->groups, argc, argv, first, &operands,
                       &problem))
        return fail_usage(command, &problem);
    if (options->json || options->prometheus)
        language_stop();
    if (options->help) {
        command_print_help(command, stdout);
        return PUBLISH_DONE;
    }
    if (!check_operands(command, operands, &problem) ||
        ((command->groups & (OPTION_SEND | OPTION_WRITE)) &&
         !options_read_config(options, &problem)))
        return fail_usage(command, &problem);
    return command->run(options, operands, argv + first);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Only the first word of a command was typed: lists the commands that begin
 * with it. */
static int tell_group(int argc, char **argv)
{
    bool asked = argc > 2 && is_help(argv[2]);

    command_print_group(argv[1], asked ? stdout : stderr);
    return asked ? PUBLISH_DONE : PUBLISH_USAGE;
}

/* help [COMMAND]: as COMMAND --help. */
static int print_help(int argc, char **argv)
{
    int words = 0;
    const struct command *command = command_find(argc - 1, argv + 1, &words);

    if (command)
        command_print_help(command, stdout);
    else if (argc > 2 && command_is_group(argv[2]))
        command_print_group(argv[2], stdout);
    else if (argc > 2)
        return fail_unknown_command(argc - 1, argv + 1);
    else
        command_print_overview(stdout);
    return PUBLISH_DONE;
}

static int run_words(int argc, char **argv)
{
    struct options options = {0};
    int words = 0;

    if (argc > 1 && (is_help(argv[1]) || strcmp(argv[1], "help") == 0))
        return print_help(argc, argv);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("gaoshi-publish " GAOSHI_VERSION);
        return PUBLISH_DONE;
    }
    if (argc > 1 && strcmp(argv[1], "--complete") == 0) {
        complete_print(argc - 2, argv + 2);
        return PUBLISH_DONE;
    }
    const struct command *command = command_find(argc, argv, &words);
    if (!command && argc > 1 && command_is_group(argv[1]) &&
        (argc == 2 || argv[2][0] == '-'))
        return tell_group(argc, argv);
    if (!command)
        return fail_unknown_command(argc, argv);
    int code = run(command, &options, argc, argv, words + 1);
    options_finish(&options);
    return code;
}

int main(int argc, char **argv)
{
    language_begin();
    return log_finish_output("gaoshi-publish: ", run_words(argc, argv));
}
