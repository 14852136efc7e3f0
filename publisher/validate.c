/* validate FILE…: the checks that screens make, with file, line and column.
 */
#include "protocol/message.h"
#include "publisher/command.h"
#include "publisher/files.h"
#include "publisher/glyphs.h"
#include "publisher/tell.h"

#include <stdlib.h>
#include <string.h>

/* A message as it was on the wire begins with the envelope's line. */
static const char envelope_start[] = "gaoshi1 ";

/* Lines before the body. */
static int skip_envelope(const char **text, size_t *bytes)
{
    size_t start = sizeof envelope_start - 1;

    if (*bytes < start || memcmp(*text, envelope_start, start) != 0)
        return 0;
    const char *end = memchr(*text, '\n', *bytes);
    if (!end)
        return 0;
    *bytes -= (size_t)(end + 1 - *text);
    *text = end + 1;
    return 1;
}

static bool check_text(const char *text, size_t bytes, const char *file,
                       struct problem *problem)
{
    struct message *message = NULL;
    int lines = skip_envelope(&text, &bytes);

    if (!message_parse(text, bytes, lines ? MESSAGE_WIRE : MESSAGE_DRAFT, file,
                       &message, problem)) {
        if (problem->line > 0)
            problem->line += lines;
        return false;
    }
    printf("%s: OK: %s %s%s\n", file, message_kind_name(message->kind),
           message->id, lines ? ", signature not checked" : "");
    message_destroy(message);
    return true;
}

static bool check_file(const char *file)
{
    struct problem problem = {0};
    size_t bytes = 0;
    char *text = file_read_text(file, LIMIT_MESSAGE_BYTES, &bytes, &problem);
    bool good = text && check_text(text, bytes, file, &problem);

    free(text);
    if (!good)
        tell_problem(&problem);
    return good;
}

enum publish_exit validate_run(const struct options *options, int count,
                               char **operands)
{
    const char **good = calloc((size_t)count + 1, sizeof *good);
    size_t good_count = 0;

    (void)options;
    if (!good) {
        tell_line("out of memory");
        return PUBLISH_OTHER;
    }
    for (int i = 0; i < count; i++) {
        if (check_file(operands[i]))
            good[good_count++] = operands[i];
    }
    fflush(stdout);
    bool missing = glyphs_tell_missing(good, good_count);
    free(good);
    return good_count == (size_t)count && !missing ? PUBLISH_DONE
                                                   : PUBLISH_REFUSED;
}
