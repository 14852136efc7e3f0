/* Handles JSON as text: before it is parsed, after it was refused, and when
 * texts are put into it. */
#include "protocol/json_text.h"

#include "base/translate.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool is_control(uint32_t codepoint)
{
    return codepoint < 0x20 || (codepoint >= 0x7F && codepoint <= 0x9F) ||
           codepoint == 0x2028 || codepoint == 0x2029;
}

bool json_text_fits(const char *text, size_t most, bool paragraphs,
                    char why[JSON_TEXT_REASON_BYTES])
{
    size_t count = utf8_length(text);
    uint32_t codepoint;

    if (count == 0) {
        snprintf(why, JSON_TEXT_REASON_BYTES,
                 tr("empty text found: fill it or leave the field out"));
        return false;
    }
    if (utf8_is_blank(text)) {
        snprintf(
            why, JSON_TEXT_REASON_BYTES,
            tr("nothing but blanks found: fill it or leave the field out"));
        return false;
    }
    if (count > most) {
        snprintf(why, JSON_TEXT_REASON_BYTES, tr("%zu characters, %zu at most"),
                 count, most);
        return false;
    }
    while ((codepoint = utf8_next(&text)) != 0) {
        if (!is_control(codepoint) || (paragraphs && codepoint == '\n'))
            continue;
        snprintf(why, JSON_TEXT_REASON_BYTES,
                 tr("control character U+%04X found, %s expected"),
                 (unsigned)codepoint,
                 paragraphs ? tr("text") : tr("one line of text"));
        return false;
    }
    return true;
}

bool json_text_is_url(const char *text)
{
    size_t scheme = strncmp(text, "http://", 7) == 0    ? 7
                    : strncmp(text, "https://", 8) == 0 ? 8
                                                        : 0;
    if (scheme == 0 || text[scheme] == '\0')
        return false;
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~')
            return false;
    }
    return true;
}

/* The offset after the string that begins at offset, or the end. */
static size_t skip_string(const char *text, size_t bytes, size_t offset)
{
    for (offset++; offset < bytes && text[offset] != '"'; offset++) {
        if (text[offset] == '\\')
            offset++;
    }
    return offset < bytes ? offset + 1 : bytes;
}

static bool opens(char c)
{
    return c == '{' || c == '[';
}

static bool closes(char c)
{
    return c == '}' || c == ']';
}

bool json_depth_is_within(const char *text, size_t bytes, int limit, size_t *at)
{
    int depth = 0;

    for (size_t offset = 0; offset < bytes;) {
        if (text[offset] == '"') {
            offset = skip_string(text, bytes, offset);
            continue;
        }
        depth += opens(text[offset]) - closes(text[offset]);
        if (depth > limit) {
            *at = offset;
            return false;
        }
        offset++;
    }
    return true;
}

static size_t skip_space(const char *text, size_t bytes, size_t offset)
{
    while (offset < bytes && strchr(" \t\r\n", text[offset]))
        offset++;
    return offset;
}

/* The offset after the value that begins at offset. */
static size_t skip_value(const char *text, size_t bytes, size_t offset)
{
    int depth = 0;

    while (offset < bytes) {
        char c = text[offset];
        if (depth == 0 && (c == ',' || closes(c)))
            return offset;
        if (c == '"') {
            offset = skip_string(text, bytes, offset);
            continue;
        }
        depth += opens(c) - closes(c);
        offset++;
    }
    return bytes;
}

/* The length of the name if it is the first part of the path, otherwise 0. */
static bool path_begins_with(const char *path, const char *name, size_t length)
{
    return strncmp(path, name, length) == 0 && strlen(path) >= length &&
           (path[length] == '\0' || path[length] == '.' || path[length] == '[');
}

/* One step down the path: where its name is written, where its value begins,
 * and how much of the path it used. */
struct step {
    size_t written, value, taken;
    bool found;
};

static struct step find_member(const char *text, size_t bytes, size_t offset,
                               const char *path)
{
    struct step best = {0};

    offset = skip_space(text, bytes, offset + 1);
    while (offset < bytes && text[offset] == '"') {
        size_t behind = skip_string(text, bytes, offset);
        size_t length = behind - offset - 2;
        size_t colon = skip_space(text, bytes, behind);
        size_t value = skip_space(text, bytes, colon + 1);
        if (path_begins_with(path, text + offset + 1, length) &&
            (!best.found || length > best.taken))
            best = (struct step){offset, value, length, true};
        offset = skip_value(text, bytes, value);
        if (offset < bytes && text[offset] == ',')
            offset = skip_space(text, bytes, offset + 1);
    }
    return best;
}

static struct step find_entry(const char *text, size_t bytes, size_t offset,
                              const char *path)
{
    unsigned long wanted = 0;
    int taken = 0;

    if (sscanf(path, "[%lu]%n", &wanted, &taken) != 1 || taken == 0)
        return (struct step){0};
    offset = skip_space(text, bytes, offset + 1);
    for (unsigned long i = 0; i < wanted; i++) {
        offset = skip_value(text, bytes, offset);
        if (offset >= bytes || text[offset] != ',')
            return (struct step){0};
        offset = skip_space(text, bytes, offset + 1);
    }
    return (struct step){offset, offset, (size_t)taken, true};
}

size_t json_locate(const char *text, size_t bytes, const char *path)
{
    size_t value = skip_space(text, bytes, 0);
    size_t written = value;

    while (*path && value < bytes) {
        struct step step = {0};
        if (text[value] == '{')
            step = find_member(text, bytes, value,
                               *path == '.' ? path + 1 : path);
        else if (text[value] == '[')
            step = find_entry(text, bytes, value, path);
        if (!step.found)
            return value;
        path += (text[value] == '{' && *path == '.') + step.taken;
        written = step.written;
        value = step.value;
    }
    return written;
}

void json_line_column(const char *text, size_t offset, int *line, int *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < offset; i++) {
        *column += 1;
        if (text[i] == '\n') {
            *line += 1;
            *column = 1;
        }
    }
}

static bool is_utf8(const char *field, const char *text,
                    struct problem *problem)
{
    size_t at = 0;

    return utf8_is_valid(text, strlen(text), &at) ||
           problem_set_field(problem, field,
                             "byte 0x%02X found, UTF-8 expected",
                             (unsigned char)text[at]);
}

bool json_text_set(json_t *object, const char *field, const char *text,
                   struct problem *problem)
{
    return is_utf8(field, text, problem) &&
           (json_object_set_new(object, field, json_string(text)) == 0 ||
            problem_set(problem, PROBLEM_SYSTEM, "out of memory"));
}

bool json_text_append(json_t *list, const char *field, const char *text,
                      struct problem *problem)
{
    return is_utf8(field, text, problem) &&
           (json_array_append_new(list, json_string(text)) == 0 ||
            problem_set(problem, PROBLEM_SYSTEM, "out of memory"));
}
