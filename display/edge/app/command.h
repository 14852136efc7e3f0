/* The commands of gaoshi-display: one file each, listed in a table in main.c.
 */
#ifndef GAOSHI_DISPLAY_COMMAND_H
#define GAOSHI_DISPLAY_COMMAND_H

#include "base/options.h"

/* Exit codes, see gaoshi-display(1). */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_OTHER = 1,
    EXIT_USAGE = 2,   /* the command line or the configuration is wrong */
    EXIT_INVALID = 4, /* a message was refused by the validator */
};

struct command {
    const char *name;                  /* NULL ends the table */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
    const char *help;
    option_groups groups; /* of its options */
};

/* Shows messages from the broker; the default command. */
int command_run(int argc, char **argv);
/* Draws messages into pictures or lists, without a broker. */
int command_render(int argc, char **argv);
/* Prints, as JSON, which panels come when, and draws them. */
int command_programme(int argc, char **argv);
/* Shows the test card. */
int command_card(int argc, char **argv);
/* Prints and draws the pictograms. */
int command_icons(int argc, char **argv);
/* Takes what provision made for this screen. */
int command_setup(int argc, char **argv);
/* Rehearses messages of a folder, or a recorded session, in a window. */
int command_rehearse(int argc, char **argv);
/* Prints which characters the chain of fonts does not have. */
int command_fonts(int argc, char **argv);

#endif
