/* gaoshi-display: chooses the command; everything else is in display/edge. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/log.h"
#include "base/translate.h"
#include "display/edge/app/command.h"
#include "display/edge/config/config.h"

static const struct command commands[] = {
    {"run", command_run, "shows messages from the broker (the default)"},
    {"render", command_render, "draws messages without a broker"},
    {"programme", command_programme, "tells which panels come when"},
    {"setup", command_setup, "takes what was provisioned for this screen"},
    {"card", command_card, "shows the test card"},
    {"icons", command_icons, "prints or draws the pictograms"},
    {"rehearse", command_rehearse, "rehearses messages in a window"},
    {"fonts", command_fonts, "prints characters that no font has"},
    {NULL, NULL, NULL},
};

static int print_version(void)
{
    puts("gaoshi-display " GAOSHI_VERSION);
    return EXIT_DONE;
}

/* Prints the bash completion; the build writes it to a file. */
static int print_completion(void)
{
    static const struct option_command names[] = {
        {"", CONFIG_RUN},          {"run", CONFIG_RUN},
        {"render", CONFIG_RENDER}, {"programme", CONFIG_PROGRAMME},
        {"setup", CONFIG_SETUP},   {"card", CONFIG_CARD},
        {"icons", CONFIG_ICONS},   {"rehearse", CONFIG_REHEARSE},
        {"fonts", CONFIG_FONTS},
    };

    option_rows_print_completion(config_rows, "gaoshi-display", names,
                                 sizeof names / sizeof names[0], stdout);
    return EXIT_DONE;
}

static int run(int argc, char **argv)
{
    const struct command *command = commands;

    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return print_version();
    if (argc == 3 && strcmp(argv[1], "--completion") == 0 &&
        strcmp(argv[2], "bash") == 0)
        return print_completion();
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
