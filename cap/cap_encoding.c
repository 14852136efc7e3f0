/* Finds a file's encoding, and converts what expat does not know. expat's own
 * hook can't tell the two-byte and four-byte characters of GB 18030 apart, as
 * it looks at the first byte alone. */
#include "cap/cap_encoding.h"

#include "cap/cap.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 40, DECLARATION_BYTES = 256 };

static bool begins(const char *bytes, size_t size, const char *with,
                   size_t with_size)
{
    return size >= with_size && memcmp(bytes, with, with_size) == 0;
}

/* By its mark, or by the first «<» of a file without one. */
static bool is_utf16(const char *bytes, size_t size)
{
    return begins(bytes, size, "\xFF\xFE", 2) ||
           begins(bytes, size, "\xFE\xFF", 2) ||
           begins(bytes, size, "<\0", 2) || begins(bytes, size, "\0<", 2);
}

/* Line and column of an offset, from 1. */
static bool refuse_at(struct problem *problem, const char *bytes, size_t offset,
                      const char *text)
{
    int line = 1, column = 1;

    for (size_t i = 0; i < offset; i++) {
        column++;
        if (bytes[i] == '\n') {
            line++;
            column = 1;
        }
    }
    problem_set(problem, PROBLEM_SYNTAX, "%s", text);
    if (problem) {
        problem->line = line;
        problem->column = column;
    }
    return false;
}

/* The name in <?xml … encoding="…"?>, or "". */
static void find_declared(const char *bytes, size_t size, char out[NAME_BYTES])
{
    char head[DECLARATION_BYTES];
    size_t skip = begins(bytes, size, "\xEF\xBB\xBF", 3) ? 3 : 0;
    size_t length = size - skip < sizeof head - 1 ? size - skip
                                                  : sizeof head - 1;

    out[0] = '\0';
    memcpy(head, bytes + skip, length);
    head[length] = '\0';
    char *end = strstr(head, "?>");
    if (strncmp(head, "<?xml", 5) != 0 || !end)
        return;
    *end = '\0';
    const char *at = strstr(head, "encoding");
    if (!at)
        return;
    at += strcspn(at, "\"'");
    if (!*at)
        return;
    size_t named = strcspn(at + 1, *at == '"' ? "\"" : "'");
    if (named < NAME_BYTES) {
        memcpy(out, at + 1, named);
        out[named] = '\0';
    }
}

static bool is_listed(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcasecmp(name, *names) == 0)
            return true;
    return false;
}

/* GB 18030 contains the other two. A character is never more bytes in UTF-8
 * than twice what it is in GB 18030. */
static bool convert(const char *bytes, size_t size, struct cap_source *out,
                    struct problem *problem)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    char *converted = malloc(2 * size + 1);
    char *from = (char *)(uintptr_t)bytes;
    char *to = converted;
    size_t left = size, room = 2 * size;

    if (converter == (iconv_t)-1 || !converted) {
        if (converter != (iconv_t)-1)
            iconv_close(converter);
        free(converted);
        return problem_set(problem, PROBLEM_SYSTEM,
                           "GB 18030 can't be converted here: %s",
                           strerror(errno));
    }
    size_t result = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    if (result == (size_t)-1) {
        free(converted);
        return refuse_at(problem, bytes, size - left,
                         "bytes that are no character of GB 18030");
    }
    *out = (struct cap_source){converted, (size_t)(to - converted), "UTF-8",
                               converted};
    return true;
}

bool cap_source_open(const char *bytes, size_t size, struct cap_source *out,
                     struct problem *problem)
{
    static const char *const chinese[] = {"GB18030", "GBK",        "GB2312",
                                          "CP936",   "GB_2312-80", NULL};
    static const char *const known[] = {"UTF-8", "US-ASCII", "ISO-8859-1",
                                        "UTF-16", NULL};
    char name[NAME_BYTES];

    if (size == 0)
        return problem_set(problem, PROBLEM_SYNTAX,
                           "nothing found, an XML file expected");
    if (is_utf16(bytes, size)) {
        *out = (struct cap_source){.bytes = bytes, .size = size};
        return true;
    }
    const char *nul = memchr(bytes, '\0', size);
    if (nul)
        return refuse_at(problem, bytes, (size_t)(nul - bytes),
                         "NUL byte found, text expected");
    find_declared(bytes, size, name);
    if (is_listed(name, chinese))
        return convert(bytes, size, out, problem);
    if (name[0] && !is_listed(name, known))
        return problem_set(problem, PROBLEM_SYNTAX,
                           "encoding «%s» is not read; UTF-8, UTF-16, "
                           "ISO-8859-1, GB18030, GBK or GB2312 expected",
                           name);
    *out = (struct cap_source){.bytes = bytes, .size = size};
    return true;
}

void cap_source_finish(struct cap_source *source)
{
    free(source->converted);
}
