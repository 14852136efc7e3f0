/* Measures a text: graphemes, their widths, the gaps that CLREQ puts between
 * them or takes away, and the width of any line of them. Properties of
 * characters are asked for once, at TYPE_UNITS. */
#include "display/core/typeset/typeset_text.h"
#include "display/core/typeset/words.h"

#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

enum { FULL_MARKS = TYPESET_OPEN | TYPESET_CLOSE | TYPESET_MIDDLE };

static type_length em_of(const struct typeset_text *text)
{
    return text->size_px * TYPE_PIXEL;
}

static void set_cluster(const struct typeset_source *source,
                        const struct typeset_source_cell *cell, int size_px,
                        struct typeset_cluster *out)
{
    uint32_t points[TYPESET_CLUSTER_POINTS + 1];
    size_t count = cell->point_count;

    if (count > TYPESET_CLUSTER_POINTS + 1)
        count = TYPESET_CLUSTER_POINTS + 1;
    for (size_t i = 0; i < count; i++)
        points[i] = source->breaks.points[cell->first_point + i].codepoint;
    typeset_cluster_set(source->metrics, source->role, size_px, points, count,
                        out);
}

void typeset_cell_glyphs(const struct typeset_text *text, size_t index,
                         struct typeset_cluster *out)
{
    const struct typeset_source_cell *cell = &text->source->cells[index];

    if (cell->advance == TYPESET_ADVANCE_MEASURED) {
        set_cluster(text->source, cell, text->size_px, out);
        return;
    }
    out->count = 0;
    if (cell->advance != TYPESET_ADVANCE_GLYPH)
        return;
    out->parts[0] = (struct typeset_part){cell->glyph, 0, 0};
    out->parts[0].glyph.advance = type_scale(cell->glyph.advance,
                                             text->size_px);
    out->count = 1;
}

bool typeset_long_dash(const struct typeset_text *text,
                       const struct typeset_cell *cell, int cells,
                       struct type_glyph *glyph)
{
    const struct type_metrics *metrics = text->source->metrics;
    enum type_role role = text->source->role;
    type_length whole = cells * em_of(text);
    struct type_glyph dash = metrics->glyph(metrics->context, role,
                                            text->size_px, cell->codepoint);
    struct type_glyph joined = metrics->glyph(
        metrics->context, role, text->size_px, cells == 2 ? 0x2E3A : 0x2E3B);

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

static type_length share_of_em(int sixtieths, int size_px)
{
    return (type_length)((int64_t)size_px * TYPE_PIXEL * sixtieths / 60);
}

static type_length space_advance(const struct typeset_source *source,
                                 uint32_t codepoint, int size_px)
{
    int sixtieths = space_sixtieths(codepoint);

    if (sixtieths > 0)
        return share_of_em(sixtieths, size_px);
    struct type_glyph glyph = source->metrics->glyph(
        source->metrics->context, source->role, size_px, ' ');
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

/* Marks on a full em of which one half, or a quarter on each side, is blank. */
static unsigned full_width_kind(uint32_t c)
{
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

static enum typeset_squeeze squeeze_rank(uint32_t mark)
{
    if (is_one_of(mark, U"。．！？"))
        return SQUEEZE_STOP;
    if (is_one_of(mark, U"、，；："))
        return SQUEEZE_COMMA;
    return SQUEEZE_BRACKET;
}

/* The advance of a cell of several glyphs; *cluster: they. */
static type_length measure(const struct typeset_source *source,
                           const struct typeset_source_cell *cell, int size_px,
                           struct typeset_cluster *cluster)
{
    set_cluster(source, cell, size_px, cluster);
    int64_t advance = cluster->advance;
    for (uint32_t i = 0; i < cell->point_count; i++) {
        uint32_t c = source->breaks.points[cell->first_point + i].codepoint;
        if (u_isUWhiteSpace((UChar32)c))
            advance += space_advance(source, c, size_px);
    }
    return advance > INT32_MAX / 4 ? INT32_MAX / 4 : (type_length)advance;
}

static struct type_glyph glyph_in_units(const struct typeset_source *source,
                                        uint32_t codepoint)
{
    struct type_glyph glyph = source->metrics->glyph(
        source->metrics->context, source->role, TYPE_UNITS, codepoint);

    if (glyph.advance < 0)
        glyph.advance = 0;
    return glyph;
}

/* A glyph that stands alone is as wide as the font says, and what shows nothing
 * has no width; everything else is measured at every size. */
static void set_advance(const struct typeset_source *source,
                        struct typeset_source_cell *cell, size_t ink)
{
    UChar32 c = (UChar32)cell->codepoint;
    bool blank = u_isUWhiteSpace(c);

    cell->advance = TYPESET_ADVANCE_MEASURED;
    if (cell->kinds & TYPESET_NEWLINE) {
        cell->advance = TYPESET_ADVANCE_NONE;
    } else if (cell->point_count != 1) {
        return;
    } else if (blank && space_sixtieths(cell->codepoint) > 0) {
        cell->advance = TYPESET_ADVANCE_SPACE;
        cell->sixtieths = (uint8_t)space_sixtieths(cell->codepoint);
    } else if (blank) {
        cell->advance = TYPESET_ADVANCE_FONT;
        cell->glyph = glyph_in_units(source, ' ');
    } else if (!blank && ink == 0) {
        cell->advance = TYPESET_ADVANCE_NONE;
    } else if (!blank && !typeset_is_mark(cell->codepoint)) {
        cell->advance = TYPESET_ADVANCE_GLYPH;
        cell->glyph = glyph_in_units(source, cell->codepoint);
    }
}

/* Its advance and place follow from the size. */
static bool is_one_shaped(const struct typeset_cluster *cluster)
{
    const struct typeset_part *part = &cluster->parts[0];

    return cluster->count == 1 && part->glyph.codepoint & TYPE_GLYPH_INDEX &&
           part->x == 0 && part->rise == 0 &&
           part->glyph.advance == cluster->advance;
}

static void set_source_cell(const struct typeset_source *source,
                            struct typeset_source_cell *cell)
{
    struct typeset_cluster cluster;
    type_length advance = measure(source, cell, TYPE_UNITS, &cluster);
    size_t ink = cluster.count;

    cell->kinds = (uint16_t)kinds_of(cell->codepoint);
    if (cell->kinds & TYPESET_SPACE && cell->point_count > 1)
        cell->kinds &= (uint16_t)~TYPESET_SPACE;
    set_advance(source, cell, ink);
    if (is_one_shaped(&cluster) && advance == cluster.advance) {
        cell->advance = TYPESET_ADVANCE_GLYPH;
        cell->glyph = cluster.parts[0].glyph;
    }
    if (!ink && advance == 0 && !(cell->kinds & TYPESET_NEWLINE))
        cell->kinds = TYPESET_INVISIBLE;
    if (ink == 1) /* a mark with an accent on it keeps its room */
        cell->full = (uint16_t)full_width_kind(cell->codepoint);
    cell->rank = (uint8_t)squeeze_rank(cell->codepoint);
}

/* A cell of one character, from what is known where it can be. */
static void set_single_cell(const struct typeset_source *source,
                            struct typeset_known *known,
                            struct typeset_source_cell *cell)
{
    struct typeset_source_cell *same =
        &known->cells[source->role][cell->codepoint % TYPESET_KNOWN];
    struct typeset_source_cell own = *cell;

    if (same->point_count == 0 || same->codepoint != cell->codepoint) {
        set_source_cell(source, cell);
        *same = *cell;
        return;
    }
    *cell = *same;
    cell->first_point = own.first_point;
    cell->after = own.after;
    cell->word_end = own.word_end;
}

static void gather_cells(struct typeset_source *source,
                         struct typeset_known *known)
{
    const struct line_break_point *points = source->breaks.points;
    size_t first = 0;

    for (size_t i = 0; i < source->breaks.count; i++) {
        if (!points[i].grapheme_end)
            continue;
        struct typeset_source_cell *cell = &source->cells[source->count++];
        *cell = (struct typeset_source_cell){
            .first_point = (uint32_t)first,
            .point_count = (uint32_t)(i + 1 - first),
            .codepoint = points[first].codepoint,
            .after = points[i].after,
            .word_end = points[i].word_end,
        };
        if (cell->point_count == 1)
            set_single_cell(source, known, cell);
        else
            set_source_cell(source, cell);
        first = i + 1;
    }
}

/* Signs belong to the digits or letters that they touch: C++, 70%, $5. */
static void spread_western(struct typeset_source *text)
{
    struct typeset_source_cell *cells = text->cells;

    for (size_t i = 1; i < text->count; i++) {
        if (cells[i - 1].kinds & TYPESET_WESTERN &&
            is_one_of(cells[i].codepoint, U"%‰+°′″²³"))
            cells[i].kinds |= TYPESET_WESTERN;
    }
    for (size_t i = text->count; i-- > 1;) {
        if (cells[i].kinds & TYPESET_WESTERN &&
            is_one_of(cells[i - 1].codepoint, U"$€£¥+-−±#@"))
            cells[i - 1].kinds |= TYPESET_WESTERN;
    }
}

/* Tables of GB 2312 give U+2015 for the dash that others give U+2014 for. */
static bool is_dash(const struct typeset_source_cell *cell)
{
    return (cell->codepoint == 0x2014 || cell->codepoint == 0x2015) &&
           cell->point_count == 1;
}

/* Dashes in a row are joined by two, the last three of an odd number by three.
 * Each takes one em, whatever the font gives it. */
static void join_dashes(struct typeset_source *text)
{
    struct typeset_source_cell *cells = text->cells;

    for (size_t i = 0; i < text->count;) {
        size_t run = 0;
        while (i + run < text->count && is_dash(&cells[i + run]) &&
               cells[i + run].codepoint == cells[i].codepoint)
            run++;
        size_t joined = run == 3 ? 3 : run > 1 ? 2 : 0;
        for (size_t k = 0; k < joined; k++)
            cells[i + k].kinds |= k == 0 ? TYPESET_DASH_LEFT
                                         : TYPESET_DASH_RIGHT;
        i += joined > 0 ? joined : 1;
    }
}

/* Two marks that meet: one blank half between them goes. */
static type_length adjacent_marks_gap(const struct typeset_cell *left,
                                      const struct typeset_cell *right)
{
    if (left->kinds & TYPESET_CLOSE)
        return -typeset_trail_blank(left);
    if (left->kinds & (TYPESET_OPEN | TYPESET_MIDDLE))
        return -typeset_lead_blank(right);
    return 0;
}

/* A mark against a character: its blank half can be squeezed. */
static void mark_squeeze(const struct typeset_cell *left,
                         struct typeset_cell *right)
{
    if (left->kinds & TYPESET_CLOSE)
        right->squeeze[left->rank] += typeset_trail_blank(left);
    if (right->kinds & TYPESET_OPEN)
        right->squeeze[SQUEEZE_BRACKET] += typeset_lead_blank(right);
    if (left->kinds & TYPESET_MIDDLE)
        right->squeeze[SQUEEZE_INTERPUNCT] += left->advance / 4;
    if (right->kinds & TYPESET_MIDDLE)
        right->squeeze[SQUEEZE_INTERPUNCT] += right->advance / 4;
}

static bool is_han_western(const struct typeset_cell *a,
                           const struct typeset_cell *b)
{
    return (a->kinds & TYPESET_HAN && b->kinds & TYPESET_WESTERN) ||
           (a->kinds & TYPESET_WESTERN && b->kinds & TYPESET_HAN);
}

static bool is_stretchable(const struct typeset_cell *left,
                           const struct typeset_cell *right, bool spaced)
{
    unsigned both = left->kinds & right->kinds;

    if (right->kinds & TYPESET_DASH_RIGHT ||
        (left->codepoint == 0x2026 && right->codepoint == 0x2026))
        return false;
    if (left->kinds & TYPESET_OPEN || right->kinds & TYPESET_CLOSE)
        return false;
    if (spaced)
        return true;
    if (both & TYPESET_WESTERN)
        return false;
    return (left->kinds | right->kinds) & (TYPESET_HAN | FULL_MARKS);
}

/* A single typed space: replaced by the gap between Han and Latin, nothing
 * beside a full-width mark, else a space of the font. */
static void set_space(const struct typeset_text *text,
                      const struct typeset_cell *left,
                      const struct typeset_cell *right,
                      struct typeset_cell *space)
{
    type_length em = em_of(text);

    if (space->codepoint != ' ' && space->codepoint != 0xA0)
        return;
    if ((left->kinds | right->kinds) & FULL_MARKS)
        space->advance = 0;
    else if (is_han_western(left, right))
        space->advance = 0;
    else if (space->advance > em / 4)
        space->squeeze[SQUEEZE_WORD_SPACE] = space->advance - em / 4;
}

static void set_gap(const struct typeset_text *text, size_t left, size_t right,
                    size_t spaces)
{
    type_length em = em_of(text);
    struct typeset_cell *a = &text->cells[left];
    struct typeset_cell *b = &text->cells[right];
    struct typeset_cell *space = spaces == 1 ? &text->cells[right - 1] : NULL;

    if (space)
        set_space(text, a, b, space);
    bool gone = spaces == 0 || (space && space->advance == 0);
    b->stretches = is_stretchable(a, b, spaces > 0);
    if (!gone)
        return;
    if (a->kinds & FULL_MARKS && b->kinds & FULL_MARKS)
        b->gap = adjacent_marks_gap(a, b);
    if (b->gap == 0)
        mark_squeeze(a, b);
    if (is_han_western(a, b)) {
        b->gap = em / 4;
        b->squeeze[SQUEEZE_HAN_WESTERN] = em / 8;
    }
}

/* Sets the gap of every visible cell against the visible one before it. */
static void set_all_gaps(struct typeset_text *text)
{
    size_t left = SIZE_MAX;
    size_t spaces = 0;

    for (size_t i = 0; i < text->count; i++) {
        unsigned kinds = text->cells[i].kinds;
        bool blank = kinds & TYPESET_SPACE || text->cells[i].codepoint == 0xA0;
        if (kinds & TYPESET_NEWLINE) {
            left = SIZE_MAX;
            spaces = 0;
        } else if (blank) {
            spaces++;
        } else if (!(kinds & TYPESET_INVISIBLE)) {
            if (left != SIZE_MAX)
                set_gap(text, left, i, spaces);
            left = i;
            spaces = 0;
        }
    }
}

/* A font may draw “ or · narrow: then there is nothing to take away. */
static void scale_cell(const struct typeset_text *text, size_t index)
{
    const struct typeset_source_cell *from = &text->source->cells[index];
    struct typeset_cluster cluster;
    struct typeset_cell cell = {.codepoint = from->codepoint,
                                .kinds = from->kinds,
                                .after = from->after,
                                .rank = from->rank,
                                .word_end = from->word_end};

    if (from->advance <= TYPESET_ADVANCE_FONT)
        cell.advance = type_scale(from->glyph.advance, text->size_px);
    else if (from->advance == TYPESET_ADVANCE_SPACE)
        cell.advance = share_of_em(from->sixtieths, text->size_px);
    else if (from->advance == TYPESET_ADVANCE_MEASURED)
        cell.advance = measure(text->source, from, text->size_px, &cluster);
    if (from->full && cell.advance >= em_of(text) * 7 / 8)
        cell.kinds |= from->full;
    if (from->kinds & (TYPESET_DASH_LEFT | TYPESET_DASH_RIGHT))
        cell.advance = em_of(text);
    text->cells[index] = cell;
}

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

bool typeset_source_init(struct typeset_source *source, const char *bytes,
                         enum type_role role, bool balanced,
                         const struct type_metrics *metrics,
                         struct typeset_known *known)
{
    bool failed;

    *source = (struct typeset_source){.bytes = bytes,
                                      .byte_count = strlen(bytes),
                                      .role = role,
                                      .balanced = balanced,
                                      .metrics = metrics};
    if (!line_breaker_find(&known->breaker, bytes, source->byte_count, balanced,
                           &source->breaks))
        return false;
    source->cells = malloc((source->breaks.count + 1) * sizeof *source->cells);
    if (!source->cells) {
        line_breaks_finish(&source->breaks);
        return false;
    }
    gather_cells(source, known);
    source->shape = typeset_shape_create(source, &failed);
    if (failed) {
        typeset_source_finish(source);
        return false;
    }
    spread_western(source);
    join_dashes(source);
    return true;
}

void typeset_known_finish(struct typeset_known *known)
{
    line_breaker_finish(&known->breaker);
}

void typeset_source_finish(struct typeset_source *source)
{
    free(source->shape);
    free(source->cells);
    line_breaks_finish(&source->breaks);
}

/* One piece of memory for the cells and all sums. */
static bool allocate(struct typeset_text *text)
{
    size_t room = text->source->count + 1;
    size_t each = sizeof *text->cells + 2 * sizeof(int64_t) +
                  4 * sizeof(uint32_t);

    if (text->width)
        return true;
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

bool typeset_text_set(struct typeset_text *text,
                      const struct typeset_source *source,
                      const struct typeset_style *style)
{
    text->source = source;
    text->style = style;
    text->count = source->count;
    if (text->size_px == style->size_px)
        return true;
    if (!allocate(text))
        return false;
    text->size_px = style->size_px;
    for (size_t i = 0; i < text->count; i++)
        scale_cell(text, i);
    set_all_gaps(text);
    sum_up(text);
    return true;
}

void typeset_text_finish(struct typeset_text *text)
{
    free(text->width);
    *text = (struct typeset_text){0};
}

struct typeset_ink typeset_span_ink(const struct typeset_text *text,
                                    struct typeset_span span)
{
    struct typeset_ink ink = {text->next_solid[span.from],
                              text->prev_solid[span.to]};

    if (ink.first >= ink.end)
        return (struct typeset_ink){0};
    return ink;
}

static int64_t indent_width(const struct typeset_text *text,
                            struct typeset_span span)
{
    return text->width[span.from + span.indent] - text->width[span.from];
}

int64_t typeset_span_width(const struct typeset_text *text,
                           struct typeset_span span)
{
    struct typeset_ink ink = typeset_span_ink(text, span);

    if (ink.end == 0)
        return 0;
    const struct typeset_cell *first = &text->cells[ink.first];
    const struct typeset_cell *last = &text->cells[ink.end - 1];
    return text->width[ink.end] - text->width[ink.first] - first->gap -
           typeset_lead_blank(first) - typeset_trail_blank(last) +
           indent_width(text, span);
}

int64_t typeset_span_give(const struct typeset_text *text,
                          struct typeset_span span)
{
    struct typeset_ink ink = typeset_span_ink(text, span);

    if (ink.end == 0)
        return 0;
    return text->give[ink.end] - text->give[ink.first + 1];
}

uint32_t typeset_span_stretch(const struct typeset_text *text,
                              struct typeset_span span)
{
    struct typeset_ink ink = typeset_span_ink(text, span);

    if (ink.end == 0)
        return 0;
    return text->stretch[ink.end] - text->stretch[ink.first + 1];
}

int64_t typeset_stretch_limit(const struct typeset_text *text,
                              struct typeset_span span)
{
    int64_t gap = text->size_px * TYPE_PIXEL / 4;

    return gap * typeset_span_stretch(text, span);
}

enum typeset_end typeset_end_before(const struct typeset_text *text,
                                    uint32_t cell)
{
    uint32_t solid = text->prev_solid[cell];

    if (solid == 0 || solid < cell)
        return TYPESET_END_PHRASE;
    const struct typeset_cell *last = &text->cells[solid - 1];
    if (last->kinds & (TYPESET_MARK | TYPESET_CLOSE))
        return TYPESET_END_PHRASE;
    switch (last->word_end) {
    case LINE_WORD_PHRASE:
        return TYPESET_END_PHRASE;
    case LINE_WORD_END:
        return TYPESET_END_WORD;
    case LINE_WORD_COMPOUND:
        return TYPESET_END_COMPOUND;
    case LINE_WORD_JOINT:
        return TYPESET_END_JOINT;
    default:
        return TYPESET_END_INSIDE;
    }
}
