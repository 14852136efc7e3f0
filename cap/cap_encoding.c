/* Finds the encoding of a file, and converts those that expat does not know.
 * expat's own hook cannot distinguish the two-byte and four-byte characters of
 * GB 18030, because it looks only at the first byte. */
#include "cap/cap_encoding.h"

#include "base/translate.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 40, DECLARATION_BYTES = 256 };

static bool begins(const char *bytes, size_t size, const char *with,
                   size_t with_size)
{
    return size >= with_size && memcmp(bytes, with, with_size) == 0;
}

/* Recognised by its byte order mark, or by the first «<» of a file without one.
 */
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

/* The number of bytes of the GB 18030 character that begins here; 0: none
 * begins here. Byte 80 is the euro sign of code page 936, which GB 18030 has
 * elsewhere. */
static size_t character_bytes(const unsigned char *at, size_t left)
{
    if (at[0] <= 0x80)
        return 1;
    if (at[0] == 0xFF || left < 2)
        return 0;
    if (at[1] >= 0x30 && at[1] <= 0x39)
        return left >= 4 ? 4 : 0;
    return at[1] >= 0x40 && at[1] != 0x7F && at[1] != 0xFF ? 2 : 0;
}

/* Everyday Chinese characters are close together in GB 2312 (rows 16 to 55,
 * punctuation in rows 1 to 3). The bytes of other encodings, read in pairs, are
 * spread over all rows; of UTF-8 a third falls into these rows. */
static bool looks_like_gb(const char *bytes, size_t size)
{
    enum { LEAST = 4, COMMON_PERCENT = 80 };
    const unsigned char *at = (const unsigned char *)bytes;
    size_t characters = 0, common = 0;

    for (size_t i = 0; i < size;) {
        size_t length = character_bytes(at + i, size - i);
        if (length == 0)
            return false;
        if (at[i] >= 0x80) {
            characters++;
            common += length == 2 && at[i + 1] >= 0xA0 &&
                      ((at[i] >= 0xB0 && at[i] <= 0xD7) ||
                       (at[i] >= 0xA1 && at[i] <= 0xA3));
        }
        i += length;
    }
    return characters >= LEAST && common * 100 >= characters * COMMON_PERCENT;
}

/* The bytes read as UTF-8. */
struct survey {
    bool is_utf8;
    size_t han;   /* ideographs and their marks */
    size_t other; /* other characters beyond ASCII */
};

static struct survey take_survey(const char *bytes, size_t size)
{
    struct survey survey = {.is_utf8 = utf8_is_valid(bytes, size, NULL)};
    const char *at = bytes;

    /* In a valid text the last character ends exactly at the end of the bytes.
     */
    while (survey.is_utf8 && at < bytes + size) {
        if ((unsigned char)*at < 0x80) {
            at++;
            continue;
        }
        uint32_t codepoint = utf8_next(&at);
        bool han = (codepoint >= 0x3000 && codepoint <= 0x9FFF) ||
                   (codepoint >= 0xFF00 && codepoint <= 0xFFEF) ||
                   (codepoint >= 0x20000 && codepoint <= 0x3FFFF);
        survey.han += han;
        survey.other += !han && codepoint != 0xFEFF;
    }
    return survey;
}

/* Replaces two byte sequences that iconv does not convert well by their GB
 * 18030 form: the euro sign, which it refuses, and A3A0, which it turns into a
 * private character. out has room for twice the size. */
static size_t mend(const char *bytes, size_t size, char *out,
                   struct cap_notes *notes)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t written = 0;

    for (size_t i = 0; i < size;) {
        size_t length = character_bytes(at + i, size - i);
        const char *in_place = NULL;
        if (at[i] == 0x80) {
            in_place = "\xA2\xE3";
            cap_forgive(notes, CAP_FORGIVEN_EURO, "encoding", NULL);
        } else if (length == 2 && at[i] == 0xA3 && at[i + 1] == 0xA0) {
            in_place = "\xA1\xA1";
            cap_forgive(notes, CAP_FORGIVEN_WIDE_SPACE, "encoding", NULL);
        }
        length += length == 0; /* iconv reports the error */
        memcpy(out + written, in_place ? in_place : bytes + i,
               in_place ? 2 : length);
        written += in_place ? 2 : length;
        i += length;
    }
    return written;
}

/* U+E000 to U+F8FF are three bytes from EE 80 80 to EF A3 BF. */
static void note_user_defined(const char *text, size_t size,
                              struct cap_notes *notes)
{
    for (size_t i = 0; i + 2 < size; i++) {
        unsigned char first = (unsigned char)text[i];
        unsigned char second = (unsigned char)text[i + 1];
        if (first == 0xEE ||
            (first == 0xEF && second <= 0xA3 && second >= 0x80)) {
            cap_forgive(notes, CAP_FORGIVEN_USER_DEFINED, "encoding", NULL);
            return;
        }
    }
}

static bool convert_from(const char *name, const char *bytes, size_t size,
                         struct cap_source *out, struct problem *problem)
{
    size_t converted_size = 0, bad;
    char *converted = utf8_convert(name, bytes, size, &converted_size, &bad);

    if (!converted && bad == SIZE_MAX)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "%s can't be converted here: %s", name,
                           tr_error(errno));
    if (!converted)
        return refuse_at(problem, bytes, bad,
                         "bytes that are no character of the encoding");
    *out = (struct cap_source){converted, converted_size, "UTF-8", converted};
    return true;
}

/* GB 18030 contains the other two. */
static bool convert(const char *bytes, size_t size, struct cap_source *out,
                    struct cap_notes *notes, struct problem *problem)
{
    char *mended = malloc(2 * size);

    if (!mended)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a message");
    size_t mended_bytes = mend(bytes, size, mended, notes);
    bool converted = convert_from("GB18030", mended, mended_bytes, out,
                                  problem);
    free(mended);
    if (converted)
        note_user_defined(out->bytes, out->size, notes);
    return converted;
}

static bool open_utf8(const char *bytes, size_t size, struct cap_source *out)
{
    *out =
        (struct cap_source){.bytes = bytes, .size = size, .encoding = "UTF-8"};
    return true;
}

/* The bytes are not, or not clearly, in the declared encoding. */
static bool open_by_bytes(const char *bytes, size_t size, const char *name,
                          struct cap_source *out, struct cap_notes *notes,
                          struct problem *problem)
{
    static const char *const latin[] = {"ISO-8859-1", "WINDOWS-1252", NULL};
    struct survey survey = take_survey(bytes, size);

    if (survey.is_utf8 && survey.han + survey.other > 0) {
        cap_forgive(notes, CAP_FORGIVEN_NOT_DECLARED_UTF8, "encoding", name);
        return open_utf8(bytes, size, out);
    }
    if (!survey.is_utf8 && looks_like_gb(bytes, size)) {
        cap_forgive(notes, CAP_FORGIVEN_NOT_DECLARED_GB, "encoding",
                    name[0] ? name : "UTF-8");
        return convert(bytes, size, out, notes, problem);
    }
    if (survey.is_utf8 || !is_listed(name, latin))
        return open_utf8(bytes, size, out);
    *out = (struct cap_source){.bytes = bytes, .size = size};
    return strcasecmp(name, latin[1]) != 0 ||
           convert_from(latin[1], bytes, size, out, problem);
}

static bool open_declared(const char *bytes, size_t size, const char *name,
                          struct cap_source *out, struct cap_notes *notes,
                          struct problem *problem)
{
    static const char *const chinese[] = {"GB18030", "GBK",        "GB2312",
                                          "CP936",   "GB_2312-80", "GB-18030",
                                          "MS936",   "X-GBK",      NULL};
    static const char *const utf8[] = {"", "UTF-8", "UTF8", NULL};
    static const char *const known[] = {"US-ASCII",     "ASCII",  "ISO-8859-1",
                                        "WINDOWS-1252", "UTF-16", NULL};
    struct survey survey = take_survey(bytes, size);

    if (survey.is_utf8 && is_listed(name, utf8))
        return open_utf8(bytes, size, out);
    if (is_listed(name, utf8) || is_listed(name, known))
        return open_by_bytes(bytes, size, name, out, notes, problem);
    if (survey.is_utf8 && survey.han > survey.other) {
        cap_forgive(notes, CAP_FORGIVEN_NOT_DECLARED_UTF8, "encoding", name);
        return open_utf8(bytes, size, out);
    }
    if (is_listed(name, chinese))
        return convert(bytes, size, out, notes, problem);
    return problem_set(problem, PROBLEM_SYNTAX,
                       "encoding «%s» is not read; UTF-8, UTF-16, "
                       "ISO-8859-1, GB18030, GBK or GB2312 expected",
                       name);
}

bool cap_source_open(const char *bytes, size_t size, struct cap_source *out,
                     struct cap_notes *notes, struct problem *problem)
{
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
    return open_declared(bytes, size, name, out, notes, problem);
}

void cap_source_finish(struct cap_source *source)
{
    free(source->converted);
}
