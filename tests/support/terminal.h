/* Runs a program of the project on a terminal, as an operator sits there. */
#ifndef GAOSHI_TESTS_SUPPORT_TERMINAL_H
#define GAOSHI_TESTS_SUPPORT_TERMINAL_H

#include <stdbool.h>

/* Types the answer, with a line's end, when the program has written the
 * prompt. *out is all that stood on the terminal; the caller frees it. Returns
 * the exit code; -1: it could not be run, or did not end. */
int terminal_run(const char *home, const char *name, const char *const *words,
                 const char *prompt, const char *answer, char **out);

#endif
