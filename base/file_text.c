/* Reads a whole file under a limit; everything that people hand over as a
 * file comes in here. */
#include "base/file_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static bool read_stream(FILE *stream, size_t limit, char **out, size_t *bytes,
                        struct problem *problem)
{
    char *text = malloc(limit + 2);

    if (!text)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    errno = 0;
    size_t length = fread(text, 1, limit + 1, stream);
    if (ferror(stream) || length > limit) {
        bool failed = ferror(stream);
        free(text);
        return failed
                   ? problem_set(problem, PROBLEM_SYSTEM, "%s", strerror(errno))
                   : problem_set(problem, PROBLEM_TOO_LARGE,
                                 "more than %zu bytes", limit);
    }
    text[length] = '\0';
    *out = text;
    *bytes = length;
    return true;
}

bool file_bytes_read(const char *file, size_t limit, char **out, size_t *bytes,
                     struct problem *problem)
{
    bool standard = strcmp(file, "-") == 0;
    FILE *stream = standard ? stdin : fopen(file, "re");

    problem_set_place(problem, file);
    if (!stream)
        return problem_set(problem, PROBLEM_SYSTEM, "%s", strerror(errno));
    bool read = read_stream(stream, limit, out, bytes, problem);
    if (!standard)
        fclose(stream);
    return read;
}

bool file_text_read(const char *file, size_t limit, char **out, size_t *bytes,
                    struct problem *problem)
{
    if (!file_bytes_read(file, limit, out, bytes, problem))
        return false;
    utf8_skip_mark(*out, bytes);
    return true;
}
