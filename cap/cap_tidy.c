/* Removes from a text what no screen can show, and limits its length. */
#include "cap/cap_tidy.h"

#include "base/utf8.h"

#include <stdint.h>
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

/* A character two columns wide, which needs no blank beside it. */
static bool is_wide(uint32_t codepoint)
{
    return (codepoint >= 0x2E80 && codepoint <= 0xA4CF) ||
           (codepoint >= 0xAC00 && codepoint <= 0xD7A3) ||
           (codepoint >= 0xF900 && codepoint <= 0xFAFF) ||
           (codepoint >= 0xFE30 && codepoint <= 0xFE4F) ||
           (codepoint >= 0xFF00 && codepoint <= 0xFF60) ||
           (codepoint >= 0x20000 && codepoint <= 0x3FFFF);
}

/* A line of a text without the blanks around it. */
struct line {
    const char *text;
    size_t bytes;
    size_t indent;  /* columns before it */
    size_t columns; /* width in columns */
    uint32_t first, last;
    bool after_gap; /* an empty line precedes it */
    bool is_first;
};

/* Measures the line that begins here and moves *text past it. */
static struct line read_line(const char **text)
{
    struct line line = {.text = *text};
    const char *end = *text;
    size_t columns = 0;
    uint32_t codepoint;

    while (**text && !ends_line(codepoint = utf8_next(text))) {
        columns += 1 + is_wide(codepoint);
        if (is_blank(codepoint)) {
            if (line.first == 0) {
                line.text = *text;
                line.indent = columns;
            }
            continue;
        }
        if (line.first == 0)
            line.first = codepoint;
        line.last = codepoint;
        line.columns = columns - line.indent;
        end = *text;
    }
    line.bytes = line.first ? (size_t)(end - line.text) : 0;
    return line;
}

/* The non-empty lines; the caller frees them. NULL: no memory. */
static struct line *read_lines(const char *text, size_t *count)
{
    size_t room = 1;

    for (const char *at = text; *at;)
        room += ends_line(utf8_next(&at));
    struct line *lines = calloc(room, sizeof *lines);
    bool gap = false;
    *count = 0;
    while (lines && *text) {
        struct line line = read_line(&text);
        /* CR LF is one line end. */
        bool pair = line.bytes == 0 && text[-1] == '\n' && text[-2] == '\r';
        if (line.bytes == 0) {
            gap = gap || !pair;
            continue;
        }
        line.after_gap = gap;
        line.is_first = *count == 0;
        gap = false;
        lines[(*count)++] = line;
    }
    return lines;
}

static bool is_in(uint32_t codepoint, const char *characters)
{
    while (*characters)
        if (utf8_next(&characters) == codepoint)
            return true;
    return false;
}

/* «一、», «(1)», «1.», «3）», «①», «第一，», «- », «* », «●» … */
static bool begins_item(const struct line *line)
{
    static const char *const numbers =
        "0123456789０１２３４５６７８９一二三四五六七八九十百";
    const char *at = line->text;
    bool bracket = is_in(line->first, "（([【第");

    if ((line->first >= 0x2460 && line->first <= 0x24FF) ||
        (line->first >= 0x2776 && line->first <= 0x2793) ||
        is_in(line->first, "●○■□◆◇★☆▲△※▪•·*-–—→►✓"))
        return true;
    if (bracket)
        utf8_next(&at);
    const char *number = at;
    for (const char *next = at; is_in(utf8_next(&next), numbers);)
        at = next;
    /* «3.5» is a number, «1. » the mark of an item. */
    if (at == number)
        return false;
    uint32_t mark = utf8_next(&at);
    if (mark == '.' || mark == ',')
        return *at < '0' || *at > '9';
    return is_in(mark, "、．）)]】：:") ||
           (line->first == 0x7B2C && is_in(mark, "，条步"));
}

static bool ends_with(const struct line *line, const char *marks)
{
    return is_in(line->last, marks);
}

/* The width in columns of the first word: one ideograph, or the text up to the
 * next blank. */
static size_t first_word(const struct line *line)
{
    const char *at = line->text;
    const char *end = line->text + line->bytes;
    size_t columns = 0;

    while (at < end) {
        uint32_t codepoint = utf8_next(&at);
        if (is_blank(codepoint) || (is_wide(codepoint) && columns > 0))
            break;
        columns += 1 + is_wide(codepoint);
        if (is_wide(codepoint))
            break;
    }
    return columns;
}

/* Properties of the lines of a text. */
struct layout {
    size_t width;  /* columns of the longest line */
    size_t indent; /* smallest indent of a line, without the first line, which
                      follows its tag */
    bool stops; /* its last line ends with a full stop, so the writer uses them
                 */
};

static const char stops[] = "。！？；：….!?;:”’」』）)";

static struct layout read_layout(const struct line *lines, size_t count)
{
    struct layout layout = {.indent = SIZE_MAX};

    for (size_t i = 0; i < count; i++) {
        if (lines[i].columns > layout.width)
            layout.width = lines[i].columns;
        if (i > 0 && lines[i].indent < layout.indent)
            layout.indent = lines[i].indent;
    }
    layout.stops = count > 0 && ends_with(&lines[count - 1], stops);
    return layout;
}

/* True when a program broke the text at some width before `line`. Such a line
 * is as full as possible: the next word would not have fitted. Empty lines,
 * indents and item marks come from the writer. A comma does not end a
 * paragraph. After anything but a full stop lines are joined only in a text
 * that uses full stops, so that a list without any keeps its lines. */
static bool was_broken(const struct line *before, const struct line *line,
                       const struct layout *layout)
{
    /* Programs that write XML include the tag in the width of the first line.
     */
    enum { NARROWEST = 20, SLACK = 2, TAG = 18 };

    if (line->after_gap || line->indent > layout->indent + 1 ||
        begins_item(line))
        return false;
    if (ends_with(before, "，、,"))
        return true;
    size_t tag = before->is_first && !is_wide(before->last) ? TAG : 0;
    bool full = layout->width >= NARROWEST &&
                before->columns + tag + first_word(line) + SLACK >
                    layout->width + (is_wide(line->first) ? 0 : 1);
    return full && (layout->stops || ends_with(before, stops));
}

/* Several blanks within a line become one. */
static size_t put_line(const struct line *line, char *out)
{
    const char *at = line->text;
    const char *end = line->text + line->bytes;
    size_t length = 0;
    bool gap = false;

    while (at < end) {
        uint32_t codepoint = utf8_next(&at);
        if (is_blank(codepoint)) {
            gap = true;
            continue;
        }
        if (gap)
            out[length++] = ' ';
        gap = false;
        length += utf8_put(codepoint, out + length);
    }
    return length;
}

static char *tidy(const char *text, bool paragraphs, bool *joined)
{
    size_t count = 0, length = 0;
    char *out = malloc(strlen(text) + 1);
    struct line *lines = out ? read_lines(text, &count) : NULL;

    if (!lines) {
        free(out);
        return NULL;
    }
    struct layout layout = read_layout(lines, count);
    for (size_t i = 0; i < count; i++) {
        bool broken = i > 0 && was_broken(&lines[i - 1], &lines[i], &layout);
        bool tight = i > 0 &&
                     (is_wide(lines[i - 1].last) || is_wide(lines[i].first));
        if (i > 0 && paragraphs && !broken)
            out[length++] = '\n';
        else if (i > 0 && !tight)
            out[length++] = ' ';
        if (joined)
            *joined = *joined || broken;
        length += put_line(&lines[i], out + length);
    }
    out[length] = '\0';
    free(lines);
    return out;
}

static bool ends_sentence(uint32_t codepoint)
{
    return codepoint == 0x3002 || codepoint == 0xFF01 || codepoint == 0xFF1F ||
           codepoint == 0xFF1B || codepoint == '!' || codepoint == '?' ||
           codepoint == '\n';
}

/* The end after the last sentence of the first `most` characters, if that keeps
 * at least half of them; otherwise after the last character. */
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
    return shorten(tidy(text, false, NULL), most, cut);
}

char *cap_tidy_paragraphs(const char *text, size_t most, size_t *cut,
                          bool *joined)
{
    return shorten(tidy(text, true, joined), most, cut);
}
