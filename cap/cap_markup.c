/* The HTML elements and character names that texts may contain. */
#include "cap/cap_markup.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const char *name, size_t bytes, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == bytes && strncasecmp(*names, name, bytes) == 0)
            return true;
    return false;
}

enum cap_markup cap_markup_find(const char *name, size_t bytes)
{
    static const char *const inlines[] = {
        "a",      "abbr",  "acronym", "b",   "big", "cite",  "code", "dfn",
        "em",     "font",  "i",       "ins", "kbd", "label", "mark", "q",
        "samp",   "small", "span",    "bdi", "bdo", "sub",   "sup",  "time",
        "strong", "tt",    "u",       "var", "wbr", "nobr",  NULL};
    static const char *const blocks[] = {
        "address", "article", "aside",  "blockquote", "br",     "center",
        "dd",      "div",     "dl",     "dt",         "footer", "h1",
        "h2",      "h3",      "h4",     "h5",         "h6",     "header",
        "hr",      "li",      "main",   "ol",         "p",      "pre",
        "section", "table",   "tbody",  "tfoot",      "thead",  "tr",
        "ul",      "caption", "figure", NULL};
    static const char *const cells[] = {"td", "th", NULL};

    return is_one_of(name, bytes, inlines)  ? CAP_MARKUP_INLINE
           : is_one_of(name, bytes, blocks) ? CAP_MARKUP_BLOCK
           : is_one_of(name, bytes, cells)  ? CAP_MARKUP_CELL
                                            : CAP_MARKUP_NONE;
}

/* The number of bytes of the tag that begins at «<»; 0: not a known tag. */
static size_t read_tag(const char *text, enum cap_markup *kind)
{
    enum { TAG_BYTES = 512 };
    const char *name = text + 1 + (text[1] == '/');
    size_t bytes = strspn(name, "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456");
    const char *rest = name + bytes;

    *kind = cap_markup_find(name, bytes);
    if (*kind == CAP_MARKUP_NONE || !*rest || !strchr(" \t\r\n/>", *rest))
        return 0;
    const char *end = rest + strcspn(rest, "<>");
    if (*end != '>' || end - text > TAG_BYTES)
        return 0;
    return (size_t)(end + 1 - text);
}

/* Reads «#60;» or «#x3C;» after «&»; 0: it is no character of a text. */
static uint32_t read_number(const char *text, size_t bytes)
{
    enum { DIGITS_MOST = 7 };
    bool hex = bytes > 1 && (text[1] == 'x' || text[1] == 'X');
    const char *digits = text + (hex ? 2 : 1);
    size_t count = strspn(digits,
                          hex ? "0123456789abcdefABCDEF" : "0123456789");

    if (count == 0 || count > DIGITS_MOST || digits + count != text + bytes)
        return 0;
    uint32_t number = (uint32_t)strtoul(digits, NULL, hex ? 16 : 10);
    if (number == '\t' || number == '\n' || number == '\r')
        return ' ';
    bool is_character = number >= ' ' && number != 0x7F && number <= 0x10FFFF &&
                        (number < 0xD800 || number > 0xDFFF);
    return is_character ? number : 0;
}

static uint32_t find_character(const char *name, size_t bytes)
{
    static const struct {
        const char *name;
        uint32_t character;
    } names[] = {
        {"nbsp", ' '},     {"amp", '&'},       {"lt", '<'},
        {"gt", '>'},       {"quot", '"'},      {"apos", '\''},
        {"ldquo", 0x201C}, {"rdquo", 0x201D},  {"lsquo", 0x2018},
        {"rsquo", 0x2019}, {"hellip", 0x2026}, {"mdash", 0x2014},
        {"ndash", 0x2013}, {"middot", 0xB7},   {"bull", 0x2022},
        {"deg", 0xB0},     {"times", 0xD7},    {"plusmn", 0xB1},
        {"le", 0x2264},    {"ge", 0x2265},     {"ensp", ' '},
        {"emsp", 0x3000},  {"thinsp", ' '},    {"permil", 0x2030},
        {"euro", 0x20AC},  {"laquo", 0xAB},    {"raquo", 0xBB},
        {"copy", 0xA9},    {"reg", 0xAE},      {"micro", 0xB5},
        {"sup2", 0xB2},    {"sup3", 0xB3},     {"auml", 0xE4},
        {"ouml", 0xF6},    {"uuml", 0xFC},     {"szlig", 0xDF},
    };

    if (bytes > 0 && name[0] == '#')
        return read_number(name, bytes);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i].name) == bytes &&
            memcmp(names[i].name, name, bytes) == 0)
            return names[i].character;
    return 0;
}

/* The replacement of a tag or a name is never longer, so it is written into the
 * same buffer. */
static size_t put_tag(enum cap_markup kind, char *out)
{
    if (kind == CAP_MARKUP_BLOCK) {
        memcpy(out, CAP_MARKUP_BREAK, 2);
        return 2;
    }
    *out = ' ';
    return kind == CAP_MARKUP_CELL;
}

bool cap_markup_unescape(char *text)
{
    enum { NAME_BYTES = 12 };
    const char *from = text;
    char *to = text;
    bool changed = false;

    while (*from) {
        enum cap_markup kind = CAP_MARKUP_NONE;
        size_t tag = *from == '<' ? read_tag(from, &kind) : 0;
        const char *end = *from == '&'
                              ? memchr(from, ';', strnlen(from, NAME_BYTES))
                              : NULL;
        uint32_t character =
            end ? find_character(from + 1, (size_t)(end - from - 1)) : 0;
        if (tag > 0) {
            to += put_tag(kind, to);
            from += tag;
        } else if (character) {
            to += utf8_put(character, to);
            from = end + 1;
        } else {
            *to++ = *from++;
            continue;
        }
        changed = true;
    }
    *to = '\0';
    return changed;
}
