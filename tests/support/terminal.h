/* Runs a program of the project on a terminal, as an operator sits there. */
#ifndef GAOSHI_TESTS_SUPPORT_TERMINAL_H
#define GAOSHI_TESTS_SUPPORT_TERMINAL_H

#include <stdbool.h>

struct terminal_talk {
    const char *kind;   /* TERM; NULL: xterm */
    const char *prompt; /* what the program writes */
    const char *answer; /* what is typed then, with a line's end */
    bool secret;        /* only when the echo is off */
    /* Called once, when the program has written the cue. NULL: nothing is. */
    const char *cue;
    void (*act)(void *context);
    void *context;
};

/* Runs the program and answers its prompt. *out is all that stood on the
 * terminal; the caller frees it. Returns the exit code; -1: it could not be
 * run, or did not end. */
int terminal_run(const char *home, const char *name, const char *const *words,
                 const struct terminal_talk *talk, char **out);

#endif
