/* What every fuzz target uses: rules that abort when they are broken, and
 * inputs in the form that the code under test wants. */
#ifndef GAOSHI_TESTS_FUZZ_CHECK_H
#define GAOSHI_TESTS_FUZZ_CHECK_H

#include "base/problem.h"

#include <stddef.h>
#include <stdint.h>

/* libFuzzer, or the replay of found inputs, calls it with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process with a core's signal: the finding. Never compiled out. */
#define FUZZ_CHECK(condition)                                                  \
    ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_fail(const char *file, int line, const char *rule);

/* A refusal has a code, says what was expected, and is good UTF-8. */
void fuzz_check_problem(const struct problem *problem);

/* NUL within size, and valid UTF-8 up to it. */
void fuzz_check_text(const char *text, size_t size);

/* Outputs stay as they were on failure: fill before, check afterwards. */
void fuzz_fill(void *out, size_t size);
void fuzz_check_untouched(const void *out, size_t size);

/* An input is a text, and after its first NUL the numbers that choose how it
 * is used: any file is an input as it stands. The text is a copy of exactly
 * its bytes and a NUL; fuzz_input_finish. */
struct fuzz_input {
    char *text;
    size_t bytes;
    const uint8_t *numbers;
    size_t number_count;
};
void fuzz_input_split(const uint8_t *data, size_t size, struct fuzz_input *out);
void fuzz_input_finish(struct fuzz_input *input);

/* The next number, 0 … below − 1; 0 when there is none left. below ≥ 1. */
int fuzz_input_next(struct fuzz_input *input, int below);

/* A copy without anything behind it, so that one byte too far is seen; the
 * caller frees it. */
char *fuzz_copy(const void *data, size_t size);

/* The same bytes as a text: ill-formed UTF-8 becomes U+FFFD, it ends at the
 * first NUL; the caller frees it. */
char *fuzz_utf8(const void *data, size_t size);

/* The bytes as a file that has a path, until the next call. */
const char *fuzz_file(const void *data, size_t size);

/* A whole file of the source tree, NUL-terminated; the caller frees it. */
char *fuzz_source(const char *path, size_t *bytes);

#endif
