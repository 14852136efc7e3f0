/* Finds what somebody meant who mistyped a word. */
#ifndef GAOSHI_BASE_WORD_H
#define GAOSHI_BASE_WORD_H

#include <stdbool.h>

/* Whether the candidate is a likely meaning of the typed word (at most a third
 * of its letters differ, and at most three), and nearer than all before.
 * *nearest begins as INT_MAX. Words have at most 64 bytes; of longer ones only
 * the beginning counts. */
bool word_is_nearer(const char *typed, const char *candidate, int *nearest);

#endif
