/* Runs a command of the display's program and reads what it prints. */
#ifndef GAOSHI_PUBLISHER_DISPLAY_OUTPUT_H
#define GAOSHI_PUBLISHER_DISPLAY_OUTPUT_H

#include "base/problem.h"

#include <stddef.h>

enum { DISPLAY_OUTPUT_BYTES = 64 * 1024 * 1024 };

/* words: «gaoshi-display», its command and arguments, NULL. Its complaints go
 * to standard error. Returns its output, NUL-terminated, which the caller
 * frees; NULL: it could not be run, it failed, or it printed too much. */
char *display_output(const char *const *words, struct problem *problem);

#endif
