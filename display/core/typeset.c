/* Sets a text into lines of placed glyphs: what layout puts on the glass. */
#include "display/core/typeset.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

struct setter {
    const char *text;
    int32_t bytes;
    const struct typeset_style *style;
    const struct type_metrics *metrics;
    int64_t measure;
    uint8_t *may_break; /* per byte: before it; 2: must */
    struct typeset_line *lines;
    struct typeset_glyph *glyphs;
    char *strings;
    size_t line_count, glyph_count, string_bytes;
    int missing;
};

static bool find_breaks(struct setter *setter)
{
    UErrorCode status = U_ZERO_ERROR;
    UText *text = utext_openUTF8(NULL, setter->text, setter->bytes, &status);
    UBreakIterator *lines = ubrk_open(UBRK_LINE, "zh", NULL, 0, &status);

    ubrk_setUText(lines, text, &status);
    while (U_SUCCESS(status)) {
        int32_t at = ubrk_next(lines);
        if (at == UBRK_DONE)
            break;
        bool hard = ubrk_getRuleStatus(lines) >= UBRK_LINE_HARD;
        setter->may_break[at] = hard ? 2 : 1;
    }
    ubrk_close(lines);
    utext_close(text);
    return U_SUCCESS(status);
}

static struct type_glyph measure_glyph(const struct setter *setter, UChar32 c)
{
    struct type_glyph none = {0};

    if (u_isISOControl(c) ||
        u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return none;
    return setter->metrics->glyph(setter->metrics->context, setter->style->role,
                                  setter->style->size_px, (uint32_t)c);
}

/* The end of the line that starts at from. */
static int32_t find_line_end(const struct setter *setter, int32_t from)
{
    int64_t width = 0;
    int32_t best = -1;

    for (int32_t i = from; i < setter->bytes;) {
        UChar32 c;
        int32_t before = i;
        U8_NEXT(setter->text, i, setter->bytes, c);
        int64_t advance = measure_glyph(setter, c).advance;
        if (!u_isUWhiteSpace(c) && width > 0 &&
            width + advance > setter->measure)
            return best > 0 ? best : before;
        width += advance;
        if (setter->may_break[i] == 2)
            return i;
        if (setter->may_break[i])
            best = i;
    }
    return setter->bytes;
}

static int32_t trim_end(const struct setter *setter, int32_t from, int32_t to)
{
    while (to > from) {
        int32_t at = to;
        UChar32 c;
        U8_PREV(setter->text, from, at, c);
        if (!u_isUWhiteSpace(c))
            break;
        to = at;
    }
    return to;
}

static void place_line(struct setter *setter, int32_t from, int32_t to)
{
    struct typeset_line *line = &setter->lines[setter->line_count++];
    struct typeset_glyph *first = setter->glyphs + setter->glyph_count;
    int32_t end = trim_end(setter, from, to);

    *line = (struct typeset_line){.text = setter->strings, .glyphs = first};
    memcpy(setter->strings, setter->text + from, (size_t)(end - from));
    setter->strings += end - from;
    *setter->strings++ = '\0';
    for (int32_t i = from; i < end;) {
        UChar32 c;
        U8_NEXT(setter->text, i, end, c);
        struct type_glyph glyph = measure_glyph(setter, c);
        if (glyph.codepoint && !u_isUWhiteSpace(c)) {
            first[line->glyph_count++] = (struct typeset_glyph){
                glyph.face, glyph.codepoint, line->width, glyph.missing};
            setter->missing += glyph.missing;
        }
        line->width += glyph.advance;
    }
    setter->glyph_count += line->glyph_count;
    line->ends_paragraph = to == setter->bytes || setter->may_break[to] == 2;
}

static void align_line(const struct setter *setter, size_t index, int height_px)
{
    struct typeset_line *line = &setter->lines[index];
    struct typeset_glyph *glyphs = setter->glyphs +
                                   (line->glyphs - setter->glyphs);
    struct type_line type = setter->metrics->line(
        setter->metrics->context, setter->style->role, setter->style->size_px);
    int64_t spare = setter->measure - line->width;

    if (spare > 0 && setter->style->align == TYPESET_CENTRE)
        line->left = (type_length)(spare / 2);
    if (spare > 0 && setter->style->align == TYPESET_RIGHT)
        line->left = (type_length)spare;
    for (size_t i = 0; i < line->glyph_count; i++)
        glyphs[i].x += line->left;
    line->baseline_px = (int)index * height_px +
                        (height_px - type.ascent_px - type.descent_px) / 2 +
                        type.ascent_px;
}

static struct typeset_block *set_text(struct setter *setter, int width_px)
{
    size_t bytes = (size_t)setter->bytes;
    size_t room = bytes + 1;
    struct typeset_block *block =
        malloc(sizeof *block +
               room * (sizeof *setter->lines + sizeof *setter->glyphs + 3));

    if (!block)
        return NULL;
    setter->lines = (struct typeset_line *)(block + 1);
    setter->glyphs = (struct typeset_glyph *)(setter->lines + room);
    setter->strings = (char *)(setter->glyphs + room);
    setter->may_break = (uint8_t *)setter->strings + 2 * room;
    memset(setter->may_break, 0, room);
    if (!find_breaks(setter)) {
        free(block);
        return NULL;
    }
    for (int32_t at = 0; at < setter->bytes;) {
        int32_t end = find_line_end(setter, at);
        place_line(setter, at, end);
        at = end;
    }
    int height = setter->style->line_height_px;
    if (height == 0)
        height = setter->style->size_px * 3 / 2;
    for (size_t i = 0; i < setter->line_count; i++)
        align_line(setter, i, height);
    *block = (struct typeset_block){setter->lines, setter->line_count, width_px,
                                    (int)setter->line_count * height,
                                    setter->missing};
    return block;
}

struct typeset_block *typeset_create(const char *text,
                                     const struct typeset_style *style,
                                     int width_px,
                                     const struct type_metrics *metrics)
{
    int em = style->size_px;
    struct setter setter = {
        .text = text,
        .bytes = (int32_t)strlen(text),
        .style = style,
        .metrics = metrics,
        .measure = (int64_t)(width_px < em ? em : width_px) * TYPE_PIXEL,
    };

    return set_text(&setter, width_px);
}

void typeset_destroy(struct typeset_block *block)
{
    free(block);
}

type_length typeset_width(const char *text, const struct typeset_style *style,
                          const struct type_metrics *metrics)
{
    int64_t width = 0;
    struct setter setter = {.style = style, .metrics = metrics};
    int32_t bytes = (int32_t)strlen(text);

    for (int32_t i = 0; i < bytes;) {
        UChar32 c;
        U8_NEXT(text, i, bytes, c);
        width += measure_glyph(&setter, c).advance;
    }
    return width > INT32_MAX ? INT32_MAX : (type_length)width;
}
