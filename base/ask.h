/* Asks whoever is at the terminal. */
#ifndef GAOSHI_BASE_ASK_H
#define GAOSHI_BASE_ASK_H

#include <stdbool.h>
#include <stddef.h>

enum { ASK_ANSWER_BYTES = 256 };

/* Whether somebody can be asked: standard input and error are a terminal. */
bool ask_can(void);

/* Prints the question on stderr and reads one line, without its end and the
 * spaces around it. False: the input has ended. */
bool ask_line(const char *question, char out[ASK_ANSWER_BYTES]);

#endif
