/* Reads and writes UTF-8. All text from outside passes through here. */
#include "base/utf8.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD };

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Decodes one code point of at most `bytes` bytes. Returns its length, or 0 if
 * it is ill-formed. NUL is no continuation byte, so nothing is read past the
 * end of a terminated text. */
static size_t decode(const char *text, size_t bytes, uint32_t *codepoint)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;

    if (s[0] < 0x80) {
        *codepoint = s[0];
        return 1;
    }
    size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC0 ? 2 : 0;
    if (length == 0 || s[0] > 0xF4 || length > bytes)
        return 0;
    uint32_t value = s[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(s[i]))
            return 0;
        value = value << 6 | (s[i] & 0x3F);
    }
    if (value < least[length] || value > 0x10FFFF ||
        (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *codepoint = value;
    return length;
}

bool utf8_is_valid(const char *text, size_t bytes, size_t *at)
{
    size_t offset = 0;

    while (offset < bytes) {
        uint32_t codepoint;
        size_t length = decode(text + offset, bytes - offset, &codepoint);
        if (length == 0 || codepoint == 0) {
            if (at)
                *at = offset;
            return false;
        }
        offset += length;
    }
    return true;
}

size_t utf8_mark_bytes(const char *text, size_t bytes)
{
    if (bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return 3;
    bool utf16 = bytes >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 ||
                                memcmp(text, "\xFE\xFF", 2) == 0);
    return utf16 ? 2 : 0;
}

/* A character has at most three times as many bytes in UTF-8. */
char *utf8_convert(const char *encoding, const char *bytes, size_t size,
                   size_t *out_size, size_t *bad)
{
    iconv_t converter = iconv_open("UTF-8", encoding);
    char *converted = malloc(3 * size + 1);
    char *from = (char *)(uintptr_t)bytes;
    char *to = converted;
    size_t left = size, room = 3 * size;

    *bad = SIZE_MAX;
    if (converter != (iconv_t)-1 && converted &&
        iconv(converter, &from, &left, &to, &room) == (size_t)-1)
        *bad = size - left;
    if (converter != (iconv_t)-1)
        iconv_close(converter);
    if (converter == (iconv_t)-1 || !converted || *bad != SIZE_MAX) {
        free(converted);
        return NULL;
    }
    *to = '\0';
    *out_size = (size_t)(to - converted);
    return converted;
}

void utf8_skip_mark(char *text, size_t *bytes)
{
    if (utf8_mark_bytes(text, *bytes) != 3)
        return;
    *bytes -= 3;
    memmove(text, text + 3, *bytes + 1);
}

uint32_t utf8_next(const char **text)
{
    uint32_t codepoint;

    if (**text == '\0')
        return 0;
    size_t length = decode(*text, 4, &codepoint);
    if (length == 0) {
        *text += 1;
        return REPLACEMENT;
    }
    *text += length;
    return codepoint;
}

size_t utf8_put(uint32_t codepoint, char out[4])
{
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};

    if (codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint <= 0xDFFF))
        codepoint = REPLACEMENT;
    if (codepoint < 0x80) {
        out[0] = (char)codepoint;
        return 1;
    }
    size_t length = codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (codepoint & 0x3F));
        codepoint >>= 6;
    }
    out[0] = (char)(leads[length] | codepoint);
    return length;
}

size_t utf8_length(const char *text)
{
    size_t count = 0;

    while (utf8_next(&text) != 0)
        count++;
    return count;
}

/* White_Space and Default_Ignorable_Code_Point of Unicode 15, the controls,
 * and Braille's cell without a dot. */
static bool leaves_no_mark(uint32_t codepoint)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0001, 0x0020},   {0x007F, 0x00A0},   {0x00AD, 0x00AD},
        {0x034F, 0x034F},   {0x061C, 0x061C},   {0x115F, 0x1160},
        {0x1680, 0x1680},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
        {0x2000, 0x200F},   {0x2028, 0x202F},   {0x205F, 0x206F},
        {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
        {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
        {0xFFF0, 0xFFF8},   {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
        {0xE0000, 0xE0FFF},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (codepoint >= ranges[i].first && codepoint <= ranges[i].last)
            return true;
    return false;
}

bool utf8_is_blank(const char *text)
{
    uint32_t codepoint;

    while ((codepoint = utf8_next(&text)) != 0)
        if (!leaves_no_mark(codepoint))
            return false;
    return true;
}

struct range {
    uint32_t first, last;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t codepoint)
{
    for (size_t i = 0; i < count; i++)
        if (codepoint >= ranges[i].first && codepoint <= ranges[i].last)
            return true;
    return false;
}

int utf8_columns(uint32_t codepoint)
{
    static const struct range wide[] = {
        {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},
        {0x2614, 0x2615},   {0x26A1, 0x26A1},   {0x2705, 0x2705},
        {0x2728, 0x2728},   {0x274C, 0x274C},   {0x2E80, 0x303E},
        {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
        {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},
        {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18AFF},
        {0x1B000, 0x1B2FF}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
        {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    static const struct range none[] = {{0x0300, 0x036F}, {0x200B, 0x200F},
                                        {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
                                        {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};

    if (is_in(none, sizeof none / sizeof none[0], codepoint))
        return 0;
    return is_in(wide, sizeof wide / sizeof wide[0], codepoint) ? 2 : 1;
}

int utf8_width(const char *text)
{
    int columns = 0;

    for (uint32_t codepoint; (codepoint = utf8_next(&text)) != 0;)
        columns += utf8_columns(codepoint);
    return columns;
}

size_t utf8_fitting(const char *text, int columns)
{
    const char *at = text, *end = text;

    for (uint32_t codepoint; (codepoint = utf8_next(&at)) != 0; end = at) {
        columns -= utf8_columns(codepoint);
        if (columns < 0)
            break;
    }
    return (size_t)(end - text);
}

int utf8_field(const char *text, int columns)
{
    int width = utf8_width(text);

    return (int)strlen(text) + (columns > width ? columns - width : 0);
}
