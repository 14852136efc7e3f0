/* Fills and formats problems. People read the texts, on a terminal or in a log.
 */
#include "base/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/translate.h"
#include "base/utf8.h"

static const char *const code_names[] = {
    [PROBLEM_NONE] = "none",           [PROBLEM_SYNTAX] = "syntax",
    [PROBLEM_TOO_LARGE] = "too-large", [PROBLEM_FIELD] = "field",
    [PROBLEM_SIGNATURE] = "signature", [PROBLEM_AUTHORITY] = "authority",
    [PROBLEM_TOPIC] = "topic",         [PROBLEM_STALE] = "stale",
    [PROBLEM_SCOPE] = "scope",         [PROBLEM_SYSTEM] = "system",
};

const char *problem_code_name(enum problem_code code)
{
    return code_names[code];
}

/* snprintf may cut a text within a character; this removes the rest of that
 * character. */
static void trim_torn_character(char *text, size_t length)
{
    size_t start = length;

    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length - (start - 1) < need)
        text[start - 1] = '\0';
}

/* A quoted text may contain any bytes: those that are not UTF-8 become U+FFFD.
 */
static void mend(char *text, size_t size)
{
    char raw[sizeof((struct problem *)0)->expected];
    const char *at = raw;
    size_t used = 0;

    if (utf8_is_valid(text, strlen(text), NULL))
        return;
    memcpy(raw, text, strlen(text) + 1);
    for (uint32_t codepoint; (codepoint = utf8_next(&at)) != 0;) {
        char bytes[4];
        size_t length = utf8_put(codepoint, bytes);
        if (used + length >= size)
            break;
        memcpy(text + used, bytes, length);
        used += length;
    }
    text[used] = '\0';
}

__attribute__((format(printf, 3, 0))) static void
fill_text(char *out, size_t size, const char *format, va_list list)
{
    int length = tr_format(out, size, format, list);

    if (length >= 0 && (size_t)length >= size)
        trim_torn_character(out, size - 1);
    mend(out, size);
}

static void copy_text(char *out, size_t size, const char *text)
{
    int length = snprintf(out, size, "%s", text);

    if (length >= 0 && (size_t)length >= size)
        trim_torn_character(out, size - 1);
    mend(out, size);
}

__attribute__((format(printf, 3, 0))) static void set(struct problem *problem,
                                                      enum problem_code code,
                                                      const char *format,
                                                      va_list list)
{
    problem->code = code;
    problem->line = 0;
    problem->column = 0;
    problem->field[0] = '\0';
    fill_text(problem->expected, sizeof problem->expected, format, list);
}

bool problem_set(struct problem *problem, enum problem_code code,
                 const char *format, ...)
{
    va_list list;

    if (!problem)
        return false;
    va_start(list, format);
    set(problem, code, format, list);
    va_end(list);
    return false;
}

bool problem_set_field(struct problem *problem, const char *field,
                       const char *format, ...)
{
    va_list list;

    if (!problem)
        return false;
    va_start(list, format);
    set(problem, PROBLEM_FIELD, format, list);
    va_end(list);
    copy_text(problem->field, sizeof problem->field, field);
    return false;
}

void problem_set_place(struct problem *problem, const char *place)
{
    if (problem && place)
        copy_text(problem->place, sizeof problem->place, place);
}

/* Appends to a text of bounded size, and counts the length past its end. */
struct writer {
    char *out;
    size_t size;
    size_t length;
};

static void put_escaped(struct writer *writer, const char *text)
{
    size_t used = writer->length < writer->size ? writer->length : writer->size;

    writer->length += escape_text(text, writer->out ? writer->out + used : NULL,
                                  writer->size - used);
}

static void put_number(struct writer *writer, int number)
{
    char digits[16];

    if (number <= 0)
        return;
    snprintf(digits, sizeof digits, ":%d", number);
    put_escaped(writer, digits);
}

static void put_part(struct writer *writer, const char *separator,
                     const char *text)
{
    if (!text[0])
        return;
    if (writer->length > 0)
        put_escaped(writer, separator);
    put_escaped(writer, text);
}

size_t problem_format(const struct problem *problem, char *out, size_t size)
{
    struct writer writer = {.out = out, .size = size};

    if (size > 0)
        out[0] = '\0';
    put_part(&writer, "", problem->place);
    if (writer.length > 0) {
        put_number(&writer, problem->line);
        put_number(&writer, problem->column);
    }
    put_part(&writer, ": ", problem->field);
    put_part(&writer, ": ", problem->expected);
    put_part(&writer, tr("; "), tr(problem->consequence));
    return writer.length;
}
