/* Runs the project's programs for tests. */
#ifndef GAOSHI_TESTS_SUPPORT_PROGRAM_H
#define GAOSHI_TESTS_SUPPORT_PROGRAM_H

#include <stdbool.h>

/* Texts are never NULL. */
struct program_result {
    int code; /* exit code; 128 and more: ended by a signal */
    char *out;
    char *err;
};

enum { PROGRAM_WORDS_MAX = 64 };

/* Runs the program of that name that was built beside the test, with the
 * words that follow, up to NULL. Standard input is empty. HOME is the folder
 * given, so that no one's own files are touched. False: it could not be run.
 */
bool program_run(struct program_result *out, const char *home, const char *name,
                 const char *const *words);
void program_result_finish(struct program_result *result);

/* The path of the program built beside the test; static memory. */
const char *program_path(const char *name);

#endif
