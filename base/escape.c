/* Makes text from outside safe to print, for both programs. */
#include "base/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* Unicode 15: Cc, Zl, Zp and Cf, and the code points that are reserved for
 * format characters. The signs of Cf that stand around Arabic, Syriac and
 * Kaithi numbers and words are visible, so they are left out. */
static bool is_unseen(uint32_t codepoint)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},
        {0x061C, 0x061C},   {0x180E, 0x180E},   {0x200B, 0x200F},
        {0x2028, 0x202E},   {0x2060, 0x206F},   {0xFEFF, 0xFEFF},
        {0xFFF0, 0xFFFB},   {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},
        {0x1D173, 0x1D17A}, {0xE0000, 0xE00FF}, {0xE01F0, 0xE0FFF},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (codepoint >= ranges[i].first && codepoint <= ranges[i].last)
            return true;
    return false;
}

static bool only_ascii;

void escape_to_ascii(bool on)
{
    only_ascii = on;
}

bool escape_is_ascii(void)
{
    return only_ascii;
}

/* What stands for a sign in ASCII; NULL: nothing does. */
static const char *ascii_of(uint32_t codepoint)
{
    static const struct {
        uint32_t codepoint;
        const char *text;
    } signs[] = {
        {0x00A0, " "},  {0x00AB, "\""},  {0x00B0, " deg"}, {0x00B7, "|"},
        {0x00BB, "\""}, {0x00BC, "1/4"}, {0x00D7, "x"},    {0x2013, "-"},
        {0x2014, "-"},  {0x2018, "'"},   {0x2019, "'"},    {0x201C, "\""},
        {0x201D, "\""}, {0x2026, "..."}, {0x20AC, "EUR"},  {0x2160, "I"},
        {0x2161, "II"}, {0x2162, "III"}, {0x2163, "IV"},   {0x2190, "<-"},
        {0x2191, "up"}, {0x2192, "->"},  {0x2193, "down"}, {0x2212, "-"},
        {0x2264, "<="}, {0x2265, ">="},
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (signs[i].codepoint == codepoint)
            return signs[i].text;
    return NULL;
}

/* Writes the character that begins here and moves *text behind it. */
static size_t escape_one(const char **text, char out[16])
{
    const char *start = *text;
    uint32_t codepoint = utf8_next(text);
    size_t bytes = (size_t)(*text - start);

    if (bytes == 1 && (unsigned char)*start >= 0x80)
        return (size_t)snprintf(out, 16, "\\x%02X", (unsigned char)*start);
    const char *sign = only_ascii ? ascii_of(codepoint) : NULL;
    if (sign)
        return (size_t)snprintf(out, 16, "%s", sign);
    if (!is_unseen(codepoint) && (codepoint < 0x80 || !only_ascii)) {
        memcpy(out, start, bytes);
        return bytes;
    }
    if (codepoint < 0x80)
        return (size_t)snprintf(out, 16, "\\x%02X", (unsigned)codepoint);
    if (codepoint < 0x10000)
        return (size_t)snprintf(out, 16, "\\u%04X", (unsigned)codepoint);
    return (size_t)snprintf(out, 16, "\\U%08X", (unsigned)codepoint);
}

size_t escape_text(const char *text, char *out, size_t size)
{
    size_t length = 0;
    bool fits = size > 0;

    if (size > 0)
        out[0] = '\0';
    while (*text) {
        char bytes[16];
        size_t count = escape_one(&text, bytes);
        fits = fits && length + count < size;
        if (fits) {
            memcpy(out + length, bytes, count);
            out[length + count] = '\0';
        }
        length += count;
    }
    return length;
}

char *escape_copy(const char *text)
{
    size_t size = escape_text(text, NULL, 0) + 1;
    char *copy = malloc(size);

    if (copy)
        escape_text(text, copy, size);
    return copy;
}

char *escape_signs(const char *text)
{
    size_t used = 0;
    char *copy = only_ascii ? malloc(ESCAPE_GROWTH * strlen(text) + 1) : NULL;

    while (copy && *text) {
        if ((unsigned char)*text < 0x80)
            copy[used++] = *text++;
        else
            used += escape_one(&text, copy + used);
    }
    if (copy)
        copy[used] = '\0';
    return copy;
}
