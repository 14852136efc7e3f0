/* Looks glyphs up in fonts/builtin.hex, whose lines have the same length. */
#include "display/edge/text/fonts_builtin.h"

#include <stddef.h>
#include <string.h>

#include "display/edge/text/builtin.h"

static unsigned read_hex(const char *digits)
{
    unsigned value = 0;

    for (int i = 0; i < 4; i++) {
        char c = digits[i];
        value = value * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
    }
    return value;
}

/* NULL: there is none. */
static const char *find_line(uint32_t codepoint)
{
    size_t from = 0, to = strlen(builtin_glyphs) / FONTS_BUILTIN_LINE_BYTES;

    while (from < to) {
        size_t middle = (from + to) / 2;
        const char *line = builtin_glyphs + middle * FONTS_BUILTIN_LINE_BYTES;
        unsigned found = read_hex(line);
        if (found == codepoint)
            return line;
        if (found < codepoint)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

bool fonts_builtin_find(uint32_t codepoint, struct fonts_builtin *out)
{
    const char *line = find_line(codepoint);

    if (!line)
        return false;
    out->half = line[4] == ';';
    for (size_t i = 0; i < FONTS_BUILTIN_ROWS; i++)
        out->rows[i] = (uint16_t)read_hex(line + 5 + 4 * i);
    return true;
}
