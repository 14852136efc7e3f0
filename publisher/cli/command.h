/* A command: options, operands, a function, an exit code. The table of all
 * commands is in publisher/commands.c. */
#ifndef GAOSHI_PUBLISHER_COMMAND_H
#define GAOSHI_PUBLISHER_COMMAND_H

#include "base/problem.h"
#include "publisher/cli/options.h"

/* Exit codes, see the manual page. */
enum publish_exit {
    PUBLISH_DONE = 0,
    PUBLISH_OTHER = 1,
    PUBLISH_USAGE = 2,
    PUBLISH_UNCONFIRMED = 3,
    PUBLISH_REFUSED = 4, /* by the broker or the validator */
    PUBLISH_FEW = 5,     /* fewer screens than were asked for */
    PUBLISH_KEY = 6,
    PUBLISH_SOON = 7, /* a certificate ends soon */
};

struct command {
    const char *name;     /* "alert cancel" */
    const char *operands; /* "ID" */
    const char *summary;
    option_groups groups; /* groups of its options */
    int least_operands;
    int most_operands;
    enum publish_exit (*run)(const struct options *options, int count,
                             char **operands);
    unsigned names;       /* what the operands name, for completion; 0: files */
    const char *examples; /* lines without the program's name; NULL: none */
};

/* False with a problem: the wall clock stands before the release of this
 * program, so nobody set it, and a signature may not rely on it. */
bool command_check_clock(struct problem *problem);

/* Blocks SIGTERM and SIGINT in this thread and in those it starts later. The
 * descriptor becomes readable when one arrives. -1: failed, errno says why. */
int command_open_signals(void);

#endif
