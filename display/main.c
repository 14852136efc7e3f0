/* gaoshi-display: chooses the command; everything else is in display/edge. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/completion.h"
#include "base/language.h"
#include "base/log.h"
#include "base/translate.h"
#include "display/edge/app/command.h"
#include "display/edge/config/config.h"

static const struct command commands[] = {
    {"run", command_run, "shows messages from the broker (the default)",
     CONFIG_RUN},
    {"render", command_render, "draws messages without a broker",
     CONFIG_RENDER},
    {"programme", command_programme, "tells which panels come when",
     CONFIG_PROGRAMME},
    {"setup", command_setup, "takes what was provisioned for this screen",
     CONFIG_SETUP},
    {"card", command_card, "shows the test card", CONFIG_CARD},
    {"icons", command_icons, "prints or draws the pictograms", CONFIG_ICONS},
    {"rehearse", command_rehearse, "rehearses messages in a window",
     CONFIG_REHEARSE},
    {"fonts", command_fonts, "prints characters that no font has",
     CONFIG_FONTS},
    {NULL, NULL, NULL, 0},
};

static int print_version(void)
{
    puts("gaoshi-display " GAOSHI_VERSION);
    return EXIT_DONE;
}

/* --complete WORD...: what the shells' completion asks. */
static int print_completion(int count, char **words)
{
    enum { COMMANDS = sizeof commands / sizeof commands[0] };
    struct completion_command names[COMMANDS] = {{"", "", CONFIG_RUN, 0}};
    struct completion completion = {.rows = config_rows,
                                    .commands = names,
                                    .command_count = COMMANDS,
                                    .out = stdout};

    for (size_t i = 0; commands[i].name; i++)
        names[i + 1] =
            (struct completion_command){commands[i].name, commands[i].help,
                                        commands[i].groups, COMPLETION_FILES};
    completion_print(&completion, count, words);
    return EXIT_DONE;
}

static int run(int argc, char **argv)
{
    const struct command *command = commands;

    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return print_version();
    if (argc > 1 && strcmp(argv[1], "--complete") == 0)
        return print_completion(argc - 2, argv + 2);
    if (argc < 2 || argv[1][0] == '-')
        return command_run(argc, argv);
    while (command->name && strcmp(command->name, argv[1]) != 0)
        command++;
    if (command->name)
        return command->run(argc - 1, argv + 1);
    language_print(stderr, "gaoshi-display: no command '%s'; there are:\n",
                   argv[1]);
    for (command = commands; command->name; command++)
        language_print(stderr, "  %-11s%s\n", command->name, tr(command->help));
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    language_begin();
    return log_finish_output("gaoshi-display: ", run(argc, argv));
}
