/* JSON bodies for tests, written with ' for " and changed by paths. */
#ifndef GAOSHI_TESTS_SUPPORT_BODY_H
#define GAOSHI_TESTS_SUPPORT_BODY_H

#include "base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The caller's; fails the test when the text is no JSON. */
json_t *body_make(const char *text);

/* Sets what stands at a path like «figures[0].unit», in the same spelling;
 * an entry one behind a list's end is appended. NULL: removes it. */
void body_set(json_t *root, const char *path, const char *text);

/* Sets a text of so many characters of three bytes each. */
void body_set_length(json_t *root, const char *path, size_t characters);

/* Makes a list of so many copies of its first entry. */
void body_set_count(json_t *root, const char *path, size_t count);

/* Fails the test, telling the problem, unless it names the field and its
 * text holds the words. */
void body_assert_problem(const struct problem *problem, const char *field,
                         const char *words);

#endif
