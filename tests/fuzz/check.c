/* Rules and inputs that all fuzz targets share. */
#include "tests/fuzz/check.h"

#include "base/utf8.h"
#include "source_dir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILLING = 0xA5, PATH_BYTES = 256 };

_Noreturn void fuzz_fail(const char *file, int line, const char *rule)
{
    fprintf(stderr, "%s:%d: the rule is broken: %s\n", file, line, rule);
    abort();
}

void fuzz_check_text(const char *text, size_t size)
{
    size_t bytes = strnlen(text, size);

    FUZZ_CHECK(bytes < size);
    FUZZ_CHECK(utf8_is_valid(text, bytes, NULL));
}

void fuzz_check_problem(const struct problem *problem)
{
    char line[1024];

    FUZZ_CHECK(problem->code != PROBLEM_NONE);
    FUZZ_CHECK(problem->expected[0] != '\0');
    FUZZ_CHECK(problem->line >= 0 && problem->column >= 0);
    fuzz_check_text(problem->place, sizeof problem->place);
    fuzz_check_text(problem->field, sizeof problem->field);
    fuzz_check_text(problem->expected, sizeof problem->expected);
    fuzz_check_text(problem->consequence, sizeof problem->consequence);
    problem_format(problem, line, sizeof line);
    fuzz_check_text(line, sizeof line);
}

void fuzz_fill(void *out, size_t size)
{
    memset(out, FILLING, size);
}

void fuzz_check_untouched(const void *out, size_t size)
{
    const unsigned char *bytes = out;

    for (size_t i = 0; i < size; i++)
        FUZZ_CHECK(bytes[i] == FILLING);
}

char *fuzz_copy(const void *data, size_t size)
{
    char *copy = malloc(size ? size : 1);

    FUZZ_CHECK(copy);
    if (size)
        memcpy(copy, data, size);
    return copy;
}

char *fuzz_utf8(const void *data, size_t size)
{
    char *raw = malloc(size + 1);
    char *clean = malloc(size * 3 + 1);
    size_t used = 0;

    FUZZ_CHECK(raw && clean);
    if (size)
        memcpy(raw, data, size);
    raw[size] = '\0';
    const char *at = raw;
    for (uint32_t codepoint; (codepoint = utf8_next(&at)) != 0;)
        used += utf8_put(codepoint, clean + used);
    clean[used] = '\0';
    free(raw);
    return clean;
}

void fuzz_input_split(const uint8_t *data, size_t size, struct fuzz_input *out)
{
    const uint8_t *end = size ? memchr(data, '\0', size) : NULL;

    out->bytes = end ? (size_t)(end - data) : size;
    out->numbers = end ? end + 1 : NULL;
    out->number_count = end ? size - out->bytes - 1 : 0;
    out->text = malloc(out->bytes + 1);
    FUZZ_CHECK(out->text);
    if (out->bytes)
        memcpy(out->text, data, out->bytes);
    out->text[out->bytes] = '\0';
}

void fuzz_input_finish(struct fuzz_input *input)
{
    free(input->text);
}

int fuzz_input_next(struct fuzz_input *input, int below)
{
    unsigned number = 0;

    if (input->number_count > 0) {
        number = *input->numbers++;
        input->number_count--;
    }
    if (below > 256 && input->number_count > 0) {
        number = number << 8 | *input->numbers++;
        input->number_count--;
    }
    return (int)(number % (unsigned)below);
}

const char *fuzz_file(const void *data, size_t size)
{
    static int file = -1;
    static char path[64];

    if (file < 0) {
        file = memfd_create("fuzz", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    FUZZ_CHECK(file >= 0);
    FUZZ_CHECK(ftruncate(file, 0) == 0);
    FUZZ_CHECK(pwrite(file, data, size, 0) == (ssize_t)size);
    return path;
}

char *fuzz_source(const char *path, size_t *bytes)
{
    char whole[PATH_BYTES];
    char *text = NULL;
    size_t size = 0;

    snprintf(whole, sizeof whole, "%s/%s", GAOSHI_SOURCE_DIR, path);
    FILE *in = fopen(whole, "re");
    FILE *out = open_memstream(&text, &size);
    FUZZ_CHECK(in && out);
    for (int c; (c = getc(in)) != EOF;)
        putc(c, out);
    fclose(in);
    FUZZ_CHECK(fclose(out) == 0);
    if (bytes)
        *bytes = size;
    return text;
}
