/* Takes out of a text what no screen can show, and keeps it within bounds. */
#include "cap/cap_tidy.h"

#include "protocol/utf8.h"

#include <stdlib.h>
#include <string.h>

#define ELLIPSIS "…"

static bool is_blank(uint32_t codepoint)
{
    return codepoint <= ' ' || (codepoint >= 0x7F && codepoint <= 0xA0) ||
           codepoint == 0x2028 || codepoint == 0x2029 || codepoint == 0x3000 ||
           codepoint == 0xFEFF;
}

static bool ends_line(uint32_t codepoint)
{
    return codepoint == '\n' || codepoint == '\r' || codepoint == 0x2028 ||
           codepoint == 0x2029;
}

/* Blanks between words become one: the strongest of them. */
static char *tidy(const char *text, bool paragraphs)
{
    char *out = malloc(strlen(text) + 1);
    size_t length = 0;
    char gap = '\0';
    uint32_t codepoint;

    if (!out)
        return NULL;
    while ((codepoint = utf8_next(&text)) != 0) {
        if (is_blank(codepoint)) {
            bool line = paragraphs && (ends_line(codepoint) || gap == '\n');
            gap = line ? '\n' : ' ';
            continue;
        }
        if (gap && length > 0)
            out[length++] = gap;
        gap = '\0';
        length += utf8_put(codepoint, out + length);
    }
    out[length] = '\0';
    return out;
}

static bool ends_sentence(uint32_t codepoint)
{
    return codepoint == 0x3002 || codepoint == 0xFF01 || codepoint == 0xFF1F ||
           codepoint == 0xFF1B || codepoint == '!' || codepoint == '?' ||
           codepoint == '\n';
}

/* Behind the last sentence of the first `most` characters, if that keeps at
 * least half of them; else behind the last character. */
static size_t find_end(const char *text, size_t most)
{
    const char *at = text;
    size_t sentence = 0;

    for (size_t i = 0; i < most; i++) {
        if (ends_sentence(utf8_next(&at)) && i >= most / 2)
            sentence = (size_t)(at - text);
    }
    return sentence ? sentence : (size_t)(at - text);
}

static char *shorten(char *text, size_t most, size_t *cut)
{
    size_t length = text ? utf8_length(text) : 0;

    *cut = 0;
    if (length <= most)
        return text;
    size_t end = find_end(text, most - 1);
    char *shorter = realloc(text, end + sizeof ELLIPSIS);
    if (!shorter) {
        free(text);
        return NULL;
    }
    while (end > 0 && shorter[end - 1] == '\n')
        end--;
    memcpy(shorter + end, ELLIPSIS, sizeof ELLIPSIS);
    *cut = length;
    return shorter;
}

char *cap_tidy_line(const char *text, size_t most, size_t *cut)
{
    return shorten(tidy(text, false), most, cut);
}

char *cap_tidy_paragraphs(const char *text, size_t most, size_t *cut)
{
    return shorten(tidy(text, true), most, cut);
}
