/* Measures a text: graphemes, their widths, and the gaps that CLREQ puts
 * between them or takes away. */
#include "display/core/typeset/typeset_cell.h"

#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

static bool is_one_of(uint32_t codepoint, const char32_t *set)
{
    for (; *set; set++) {
        if (*set == codepoint)
            return true;
    }
    return false;
}

static type_length em_of(const struct typeset_style *style)
{
    return style->size_px * TYPE_PIXEL;
}

void typeset_cell_glyphs(const struct typeset_text *text,
                         const struct typeset_cell *cell,
                         struct typeset_cluster *out)
{
    uint32_t points[TYPESET_CLUSTER_POINTS + 1];
    size_t count = cell->point_count;

    if (count > TYPESET_CLUSTER_POINTS + 1)
        count = TYPESET_CLUSTER_POINTS + 1;
    for (size_t i = 0; i < count; i++)
        points[i] = text->breaks.points[cell->first_point + i].codepoint;
    typeset_cluster_set(text->metrics, text->style->role, text->style->size_px,
                        points, count, out);
}

bool typeset_long_dash(const struct typeset_text *text,
                       const struct typeset_cell *cell, int cells,
                       struct type_glyph *glyph)
{
    const struct type_metrics *metrics = text->metrics;
    type_length whole = cells * em_of(text->style);
    struct type_glyph dash = metrics->glyph(metrics->context, text->style->role,
                                            text->style->size_px,
                                            cell->codepoint);
    struct type_glyph joined =
        metrics->glyph(metrics->context, text->style->role,
                       text->style->size_px, cells == 2 ? 0x2E3A : 0x2E3B);

    if (joined.missing || joined.face != dash.face || joined.advance > whole ||
        joined.advance < whole * 5 / 8)
        return false;
    *glyph = joined;
    return true;
}

/* White space by its width in sixtieths of an em; 0: as the font says. */
static int space_sixtieths(uint32_t codepoint)
{
    switch (codepoint) {
    case '\t':
    case 0x3000:
    case 0x2001:
    case 0x2003:
        return 60;
    case 0x2000:
    case 0x2002:
        return 30;
    case 0x2004:
        return 20;
    case 0x2005:
        return 15;
    case 0x2006:
        return 10;
    case 0x2007:
        return 33;
    case 0x2008:
    case 0x205F:
        return 14;
    case 0x2009:
    case 0x202F:
        return 12;
    case 0x200A:
        return 6;
    default:
        return 0;
    }
}

static type_length space_advance(const struct typeset_text *text,
                                 uint32_t codepoint)
{
    int sixtieths = space_sixtieths(codepoint);

    if (sixtieths > 0)
        return (type_length)((int64_t)em_of(text->style) * sixtieths / 60);
    struct type_glyph glyph = text->metrics->glyph(
        text->metrics->context, text->style->role, text->style->size_px, ' ');
    return glyph.advance > 0 ? glyph.advance : 0;
}

static bool is_han(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;

    if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC))
        return true;
    if (!u_isalpha(c))
        return false;
    UScriptCode script = uscript_getScript(c, &status);
    return script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_BOPOMOFO;
}

static bool is_western(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);

    if (width == U_EA_WIDE || width == U_EA_FULLWIDTH)
        return false;
    if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER)
        return true;
    UScriptCode script = uscript_getScript(c, &status);
    return u_isalpha(c) && u_charType(c) != U_LETTER_NUMBER &&
           (script == USCRIPT_LATIN || script == USCRIPT_GREEK ||
            script == USCRIPT_CYRILLIC);
}

/* Marks on a full em of which one half, or a quarter on each side, is blank.
 * A font may draw “ or · narrow: then there is nothing to take away. */
static unsigned full_width_kind(const struct typeset_text *text,
                                const struct typeset_cell *cell)
{
    uint32_t c = cell->codepoint;

    if (cell->advance < em_of(text->style) * 7 / 8)
        return 0;
    if (is_one_of(c, U"“‘《「『【〈〔（［｛｟〖〘〚〝"))
        return TYPESET_OPEN;
    if (is_one_of(c, U"”’》」』】〉〕）］｝｠〗〙〛〞〟、。，．；：！？"))
        return TYPESET_CLOSE;
    if (is_one_of(c, U"·‧•・"))
        return TYPESET_MIDDLE;
    return 0;
}

static unsigned kinds_of(uint32_t codepoint)
{
    UChar32 c = (UChar32)codepoint;

    if (is_han(c))
        return TYPESET_HAN;
    if (is_western(c))
        return TYPESET_WESTERN;
    if (codepoint >= 0x0A && codepoint <= 0x0D)
        return TYPESET_NEWLINE;
    if (codepoint == 0x85 || codepoint == 0x2028 || codepoint == 0x2029)
        return TYPESET_NEWLINE;
    if (u_isUWhiteSpace(c) && codepoint != 0xA0 && codepoint != 0x2007 &&
        codepoint != 0x202F)
        return TYPESET_SPACE;
    return u_ispunct(c) ? TYPESET_MARK : 0;
}

static void measure_cell(const struct typeset_text *text,
                         struct typeset_cell *cell)
{
    struct typeset_cluster cluster;

    typeset_cell_glyphs(text, cell, &cluster);
    int64_t advance = cluster.advance;
    size_t ink = cluster.count;
    for (uint32_t i = 0; i < cell->point_count; i++) {
        uint32_t c = text->breaks.points[cell->first_point + i].codepoint;
        if (u_isUWhiteSpace((UChar32)c))
            advance += space_advance(text, c);
    }
    cell->kinds = (uint16_t)kinds_of(cell->codepoint);
    if (cell->kinds & TYPESET_SPACE && cell->point_count > 1)
        cell->kinds &= (uint16_t)~TYPESET_SPACE;
    if (cell->kinds & TYPESET_NEWLINE)
        advance = 0;
    if (!ink && advance == 0 && !(cell->kinds & TYPESET_NEWLINE))
        cell->kinds = TYPESET_INVISIBLE;
    cell->advance = advance > INT32_MAX / 4 ? INT32_MAX / 4
                                            : (type_length)advance;
    if (ink == 1) /* a mark with an accent on it keeps its room */
        cell->kinds |= (uint16_t)full_width_kind(text, cell);
}

static void gather_cells(struct typeset_text *text)
{
    size_t first = 0;

    for (size_t i = 0; i < text->breaks.count; i++) {
        const struct line_break_point *point = &text->breaks.points[i];
        if (!point->grapheme_end)
            continue;
        struct typeset_cell *cell = &text->cells[text->count++];
        *cell = (struct typeset_cell){
            .first_point = (uint32_t)first,
            .point_count = (uint32_t)(i + 1 - first),
            .codepoint = text->breaks.points[first].codepoint,
            .after = point->after,
            .word_end = point->word_end,
        };
        measure_cell(text, cell);
        first = i + 1;
    }
}

enum { FULL_MARKS = TYPESET_OPEN | TYPESET_CLOSE | TYPESET_MIDDLE };

static int64_t give_of(const struct typeset_cell *cell)
{
    int64_t give = 0;

    for (int rank = 0; rank < SQUEEZE_COUNT; rank++)
        give += cell->squeeze[rank];
    return give;
}

static void sum_up(struct typeset_text *text)
{
    uint32_t solid = 0;

    for (size_t i = 0; i < text->count; i++) {
        const struct typeset_cell *cell = &text->cells[i];
        text->width[i + 1] = text->width[i] + cell->advance + cell->gap;
        text->give[i + 1] = text->give[i] + give_of(cell);
        text->stretch[i + 1] = text->stretch[i] + cell->stretches;
        if (!(cell->kinds &
              (TYPESET_SPACE | TYPESET_NEWLINE | TYPESET_INVISIBLE)))
            solid = (uint32_t)i + 1;
        bool letter = solid == i + 1 &&
                      !(cell->kinds & (TYPESET_MARK | FULL_MARKS));
        text->letters[i + 1] = text->letters[i] + letter;
        text->prev_solid[i + 1] = solid;
    }
    text->next_solid[text->count] = (uint32_t)text->count;
    for (size_t i = text->count; i-- > 0;) {
        bool visible = text->prev_solid[i + 1] == i + 1;
        text->next_solid[i] = visible ? (uint32_t)i : text->next_solid[i + 1];
    }
}

/* One piece of memory for the cells and all sums. */
static bool allocate(struct typeset_text *text)
{
    size_t room = text->breaks.count + 1;
    size_t each = sizeof *text->cells + 2 * sizeof(int64_t) +
                  4 * sizeof(uint32_t);

    text->width = calloc(room, each);
    if (!text->width)
        return false;
    text->give = text->width + room;
    text->cells = (struct typeset_cell *)(text->give + room);
    text->stretch = (uint32_t *)(text->cells + room);
    text->letters = text->stretch + room;
    text->next_solid = text->letters + room;
    text->prev_solid = text->next_solid + room;
    return true;
}

static void finish_breaks(struct typeset_text *text)
{
    if (!text->style->breaks)
        line_breaks_finish(&text->breaks);
}

bool typeset_text_init(struct typeset_text *text, const char *bytes,
                       const struct typeset_style *style,
                       const struct type_metrics *metrics)
{
    *text = (struct typeset_text){
        .bytes = bytes,
        .byte_count = strlen(bytes),
        .style = style,
        .metrics = metrics,
    };
    if (style->breaks)
        text->breaks = *style->breaks;
    else if (!line_breaks_find(bytes, text->byte_count, style->balanced,
                               &text->breaks))
        return false;
    if (!allocate(text)) {
        finish_breaks(text);
        return false;
    }
    gather_cells(text);
    typeset_set_gaps(text);
    sum_up(text);
    return true;
}

void typeset_text_finish(struct typeset_text *text)
{
    free(text->width);
    finish_breaks(text);
}
