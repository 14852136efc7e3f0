/* Shapes runs: which cells belong to which script, which face draws them, in
 * which order they stand. All of it does not depend on the size and is found
 * once for a text. */
#include "display/core/typeset/typeset_shape.h"

#include "base/utf8.h"
#include "display/core/typeset/line_break_rules.h"
#include "display/core/typeset/typeset_text.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ubidi.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

/* Of cells that are not shaped. */
static const UScriptCode PLAIN = USCRIPT_COMMON;

enum { RETRIES = 2 };

static UScriptCode script_of(uint32_t codepoint)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript((UChar32)codepoint, &status);

    return U_SUCCESS(status) ? script : USCRIPT_COMMON;
}

/* Letters that join, move round each other or stand on each other, in addition
 * to all scripts that run from right to left: Arabic (Uyghur, Kazakh, Kirghiz),
 * Hebrew, Syriac and so on. Cyrillic is here because few fonts have all of its
 * letters: those of a paragraph come from one face. */
static const UScriptCode scripts[] = {
    USCRIPT_MONGOLIAN, USCRIPT_PHAGS_PA,    USCRIPT_TIBETAN,
    USCRIPT_LANNA,     USCRIPT_NEW_TAI_LUE, USCRIPT_DEVANAGARI,
    USCRIPT_BENGALI,   USCRIPT_GURMUKHI,    USCRIPT_GUJARATI,
    USCRIPT_ORIYA,     USCRIPT_TAMIL,       USCRIPT_TELUGU,
    USCRIPT_KANNADA,   USCRIPT_MALAYALAM,   USCRIPT_SINHALA,
    USCRIPT_THAI,      USCRIPT_LAO,         USCRIPT_KHMER,
    USCRIPT_MYANMAR,   USCRIPT_JAVANESE,    USCRIPT_BALINESE,
    USCRIPT_SUNDANESE, USCRIPT_BUGINESE,    USCRIPT_BATAK,
    USCRIPT_REJANG,    USCRIPT_CHAM,        USCRIPT_TAI_VIET,
    USCRIPT_LEPCHA,    USCRIPT_LIMBU,       USCRIPT_MEITEI_MAYEK,
    USCRIPT_CHAKMA,    USCRIPT_SAURASHTRA,  USCRIPT_SYLOTI_NAGRI,
    USCRIPT_BRAHMI,    USCRIPT_KAITHI,      USCRIPT_SHARADA,
    USCRIPT_GRANTHA,   USCRIPT_NEWA,        USCRIPT_TIRHUTA,
    USCRIPT_MODI,      USCRIPT_TAKRI,       USCRIPT_KHOJKI,
    USCRIPT_MARCHEN,   USCRIPT_SIDDHAM,     USCRIPT_ZANABAZAR_SQUARE,
    USCRIPT_SOYOMBO,   USCRIPT_TAGALOG,     USCRIPT_HANUNOO,
    USCRIPT_BUHID,     USCRIPT_TAGBANWA,    USCRIPT_CYRILLIC,
};

static bool is_shaped(UScriptCode script)
{
    if (uscript_isRightToLeft(script))
        return true;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (scripts[i] == script)
            return true;
    }
    return false;
}

bool typeset_script_needs_shaping(uint32_t codepoint)
{
    return is_shaped(script_of(codepoint));
}

bool typeset_begins_right(const char *text)
{
    for (uint32_t c; (c = utf8_next(&text)) != 0;) {
        UCharDirection direction = u_charDirection((UChar32)c);
        if (direction == U_LEFT_TO_RIGHT)
            return false;
        if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC)
            return true;
    }
    return false;
}

struct shaper {
    struct typeset_source *source;
    struct typeset_shape *shape;
    uint32_t *points;     /* of the whole text */
    UScriptCode *scripts; /* of the cells; PLAIN: not shaped */
    struct type_shaped *shaped;
    size_t shaped_room;
};

static bool is_newline(const struct shaper *shaper, size_t cell)
{
    return shaper->source->cells[cell].kinds & TYPESET_NEWLINE;
}

/* Full-width marks stay Chinese, digits stay those of the page. */
static bool keeps_its_glyph(uint32_t codepoint)
{
    UChar32 c = (UChar32)codepoint;
    int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);

    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ||
           (codepoint < 0x80 && u_isdigit(c)) ||
           u_charType(c) == U_OTHER_SYMBOL;
}

/* A mark of one or several scripts, as U+060C: the script before it if that is
 * one of them. */
static UScriptCode script_of_common(uint32_t codepoint, UScriptCode before)
{
    UScriptCode known[8];
    UErrorCode status = U_ZERO_ERROR;
    int32_t count = uscript_getScriptExtensions((UChar32)codepoint, known, 8,
                                                &status);

    if (U_FAILURE(status) || count < 1 || !is_shaped(known[0]))
        return before;
    for (int32_t i = 0; i < count; i++) {
        if (known[i] == before)
            return before;
    }
    return known[0];
}

/* Spaces and marks belong to the letters before them, if they stand in the same
 * direction. */
static void find_scripts(struct shaper *shaper)
{
    const struct typeset_source *source = shaper->source;
    UScriptCode before = PLAIN;

    for (size_t i = 0; i < source->count; i++) {
        uint32_t c = source->cells[i].codepoint;
        UScriptCode script = script_of(c);
        bool same = i > 0 &&
                    shaper->shape->levels[i] == shaper->shape->levels[i - 1];
        if (is_newline(shaper, i) || keeps_its_glyph(c))
            script = PLAIN;
        else if (script == USCRIPT_COMMON || script == USCRIPT_INHERITED)
            script = script_of_common(c, same ? before : PLAIN);
        else if (!is_shaped(script))
            script = PLAIN;
        shaper->scripts[i] = before = script;
    }
}

static bool opens(uint32_t codepoint)
{
    int8_t type = u_charType((UChar32)codepoint);

    return type == U_START_PUNCTUATION || type == U_INITIAL_PUNCTUATION ||
           codepoint == '"';
}

/* An opening mark belongs to the letters behind it. */
static void find_openings(struct shaper *shaper)
{
    const uint8_t *levels = shaper->shape->levels;

    for (size_t i = shaper->source->count; i-- > 1;) {
        uint32_t c = shaper->source->cells[i - 1].codepoint;
        if (shaper->scripts[i] != PLAIN && shaper->scripts[i - 1] == PLAIN &&
            levels[i] == levels[i - 1] && opens(c) && !keeps_its_glyph(c))
            shaper->scripts[i - 1] = shaper->scripts[i];
    }
}

/* The levels of UAX 9. ICU reads UTF-16. */
static bool find_levels(struct shaper *shaper)
{
    const struct typeset_source *source = shaper->source;
    size_t count = source->breaks.count;
    UChar *units = malloc((2 * count + 1) * sizeof *units);
    UErrorCode status = U_ZERO_ERROR;
    UBiDi *bidi = ubidi_open();
    int32_t length = 0, at = 0;
    size_t cell = 0;

    for (size_t i = 0; units && i < count; i++)
        U16_APPEND_UNSAFE(units, length, shaper->points[i]);
    if (units && bidi)
        ubidi_setPara(bidi, units, length, UBIDI_DEFAULT_LTR, NULL, &status);
    for (size_t i = 0; units && bidi && U_SUCCESS(status) && i < count; i++) {
        if (cell < source->count && source->cells[cell].first_point == i) {
            UBiDiLevel paragraph = 0;
            ubidi_getParagraph(bidi, at, NULL, NULL, &paragraph, &status);
            shaper->shape->cells[cell].paragraph = paragraph;
            shaper->shape->levels[cell] = ubidi_getLevelAt(bidi, at);
            shaper->shape->cells[cell].level = shaper->shape->levels[cell];
            cell++;
        }
        at += U16_LENGTH(shaper->points[i]);
    }
    bool found = units && bidi && U_SUCCESS(status);
    if (bidi)
        ubidi_close(bidi);
    free(units);
    return found;
}

static size_t paragraph_end(const struct shaper *shaper, size_t from)
{
    while (from < shaper->source->count && !is_newline(shaper, from))
        from++;
    return from;
}

/* Collects the characters of cells in that script, without spaces and marks
 * that several scripts share. Returns how many. */
static size_t gather_points(const struct shaper *shaper, size_t from, size_t to,
                            UScriptCode script, uint32_t *out)
{
    size_t count = 0;

    for (size_t i = from; i < to; i++) {
        const struct typeset_source_cell *cell = &shaper->source->cells[i];
        if (shaper->scripts[i] != script ||
            script_of(cell->codepoint) != script)
            continue;
        for (uint32_t k = 0; k < cell->point_count; k++)
            out[count++] = shaper->points[cell->first_point + k];
    }
    return count;
}

static int face_of(const struct shaper *shaper, UScriptCode script,
                   const uint32_t *points, size_t count)
{
    const struct type_metrics *metrics = shaper->source->metrics;

    return metrics->script_face(metrics->context, shaper->source->role,
                                uscript_getShortName(script), points, count);
}

/* A cell that cannot be drawn becomes a visible box. */
static void set_box(struct shaper *shaper, size_t index)
{
    struct typeset_source_cell *cell = &shaper->source->cells[index];

    if (cell->kinds & (TYPESET_SPACE | TYPESET_NEWLINE | TYPESET_INVISIBLE))
        return;
    cell->advance = TYPESET_ADVANCE_GLYPH;
    cell->glyph = (struct type_glyph){.codepoint = cell->codepoint,
                                      .advance = TYPE_UNITS * TYPE_PIXEL,
                                      .missing = true};
}

static size_t run_end(const struct shaper *shaper, size_t from, size_t to)
{
    const uint8_t *levels = shaper->shape->levels;
    size_t end = from + 1;

    while (end < to && shaper->scripts[end] == shaper->scripts[from] &&
           levels[end] == levels[from] &&
           shaper->shape->cells[end].face == shaper->shape->cells[from].face)
        end++;
    return end;
}

static size_t end_point(const struct shaper *shaper, size_t cell)
{
    if (cell >= shaper->source->count)
        return shaper->source->breaks.count;
    return shaper->source->cells[cell].first_point;
}

static size_t shape_run(struct shaper *shaper, size_t from, size_t to)
{
    const struct type_metrics *metrics = shaper->source->metrics;
    size_t start = shaper->source->cells[from].first_point;
    struct type_run run = {
        .points = shaper->points,
        .point_count = shaper->source->breaks.count,
        .from = start,
        .count = end_point(shaper, to) - start,
        .script = uscript_getShortName(shaper->scripts[from]),
        .right_to_left = shaper->shape->levels[from] & 1,
    };
    const struct line_break_point *points = shaper->source->breaks.points;
    size_t bytes = (start + run.count < run.point_count
                        ? points[start + run.count].start
                        : shaper->source->byte_count) -
                   points[start].start;

    return metrics->shape(metrics->context, shaper->shape->cells[from].face,
                          &run, shaper->shaped, bytes);
}

/* The cell that a point stands in, from cell `from` on. */
static size_t cell_at(const struct shaper *shaper, size_t from, size_t to,
                      uint32_t point)
{
    size_t low = from, high = to;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (shaper->source->cells[middle].first_point <= point)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Cells of which the face lacks something keep their own glyphs. True: there
 * was one. */
static bool drop_missing(struct shaper *shaper, size_t from, size_t to,
                         size_t glyphs)
{
    bool dropped = false;

    for (size_t i = 0; i < glyphs; i++) {
        if (shaper->shaped[i].index != 0)
            continue;
        size_t cell = cell_at(shaper, from, to, shaper->shaped[i].cluster);
        if (is_shaped(script_of(shaper->source->cells[cell].codepoint)))
            set_box(shaper, cell);
        shaper->scripts[cell] = PLAIN;
        dropped = true;
    }
    return dropped;
}

/* A letter that ends no line with what follows: both are one glyph. */
static void merge_into(struct shaper *shaper, size_t cell)
{
    struct typeset_source_cell *cells = shaper->source->cells;

    if (cell > 0 && cells[cell - 1].after < LINE_BREAK_MANDATORY)
        cells[cell - 1].after = LINE_BREAK_INSIDE;
}

static void set_cell(struct shaper *shaper, size_t index, int32_t advance)
{
    struct typeset_source_cell *cell = &shaper->source->cells[index];
    UChar32 c = (UChar32)cell->codepoint;

    shaper->shape->cells[index].shaped = true;
    cell->glyph = (struct type_glyph){
        .face = shaper->shape->cells[index].face,
        .codepoint = cell->codepoint,
        .advance = (advance > 0 ? advance : 0) * TYPE_PIXEL,
    };
    cell->advance = cell->kinds & TYPESET_SPACE ? TYPESET_ADVANCE_FONT
                                                : TYPESET_ADVANCE_GLYPH;
    cell->full = 0;
    if (advance > 0)
        cell->kinds &= (uint16_t)~TYPESET_INVISIBLE;
    if (u_isalpha(c)) /* a gap against Han, none between letters */
        cell->kinds |= TYPESET_WESTERN;
}

static bool has_no_ink(const struct shaper *shaper, size_t cell)
{
    return shaper->source->cells[cell].kinds &
           (TYPESET_SPACE | TYPESET_INVISIBLE);
}

/* Gives the glyphs of a run to its cells. Glyphs of one cell stand together. */
static void keep_run(struct shaper *shaper, size_t from, size_t to,
                     size_t glyphs)
{
    struct typeset_shape *shape = shaper->shape;
    size_t last = SIZE_MAX;
    int32_t advance = 0;

    for (size_t i = from; i < to; i++)
        set_cell(shaper, i, 0);
    for (size_t i = 0; i < glyphs; i++) {
        const struct type_shaped *glyph = &shaper->shaped[i];
        size_t index = cell_at(shaper, from, to, glyph->cluster);
        struct typeset_shaped_cell *cell = &shape->cells[index];
        if (index != last)
            advance = 0;
        last = index;
        if (!has_no_ink(shaper, index)) {
            if (cell->glyph_count++ == 0)
                cell->first_glyph = (uint32_t)shape->glyph_count;
            shape->glyphs[shape->glyph_count++] = (struct typeset_shaped_glyph){
                glyph->index, advance + glyph->x, glyph->y};
        }
        advance += glyph->advance;
        if (glyph->top > shape->over)
            shape->over = glyph->top;
        if (-glyph->bottom > shape->under)
            shape->under = -glyph->bottom;
        set_cell(shaper, index, advance);
    }
    for (size_t i = from + 1; i < to; i++) {
        if (shape->cells[i].glyph_count == 0 && !has_no_ink(shaper, i))
            merge_into(shaper, i);
    }
}

/* Shapes from … to − 1, whose face is known; what the face lacks is left out
 * and the rest shaped again. */
static void shape_cells(struct shaper *shaper, size_t from, size_t to,
                        int retries)
{
    for (size_t end; from < to; from = end) {
        if (shaper->scripts[from] == PLAIN) {
            end = from + 1;
            continue;
        }
        end = run_end(shaper, from, to);
        size_t glyphs = shaper->shape->cells[from].face < 0
                            ? 0
                            : shape_run(shaper, from, end);
        if (glyphs > 0 && retries > 0 &&
            drop_missing(shaper, from, end, glyphs)) {
            shape_cells(shaper, from, end, retries - 1);
        } else if (glyphs > 0) {
            keep_run(shaper, from, end, glyphs);
        } else {
            for (size_t i = from; i < end; i++)
                set_box(shaper, i);
        }
    }
}

static bool is_space(const struct shaper *shaper, size_t cell)
{
    return shaper->source->cells[cell].kinds & TYPESET_SPACE;
}

/* One face for all of a paragraph that is in the script; if there is none, one
 * for each word. */
static void find_faces(struct shaper *shaper, size_t from, size_t to,
                       uint32_t *points)
{
    UScriptCode script = shaper->scripts[from];
    size_t count = gather_points(shaper, from, to, script, points);
    int face = face_of(shaper, script, points, count);

    for (size_t i = from, end; i < to; i = end) {
        end = i + 1;
        while (end < to && !is_space(shaper, end - 1))
            end++;
        int own = face;
        if (face < 0) {
            count = gather_points(shaper, i, end, script, points);
            own = face_of(shaper, script, points, count);
        }
        for (size_t k = i; k < end; k++) {
            if (shaper->scripts[k] == script)
                shaper->shape->cells[k].face = own;
        }
    }
}

enum { FACE_UNKNOWN = -2 };

static bool shape_text(struct shaper *shaper)
{
    size_t count = shaper->source->count;
    uint32_t *points =
        malloc((shaper->source->breaks.count + 1) * sizeof *points);

    if (!points)
        return false;
    for (size_t i = 0; i < count; i++)
        shaper->shape->cells[i].face = FACE_UNKNOWN;
    for (size_t from = 0, end; from < count; from = end + 1) {
        end = paragraph_end(shaper, from);
        for (size_t i = from; i < end; i++) {
            if (shaper->scripts[i] != PLAIN &&
                shaper->shape->cells[i].face == FACE_UNKNOWN)
                find_faces(shaper, i, end, points);
        }
        shape_cells(shaper, from, end, RETRIES);
    }
    free(points);
    return true;
}

/* Brackets that stand in a text from right to left turn round. */
static void mirror(struct shaper *shaper)
{
    for (size_t i = 0; i < shaper->source->count; i++) {
        struct typeset_source_cell *cell = &shaper->source->cells[i];
        if (!(shaper->shape->levels[i] & 1) || shaper->shape->cells[i].shaped)
            continue;
        uint32_t turned = (uint32_t)u_charMirror((UChar32)cell->codepoint);
        cell->full = 0;
        if (turned != cell->codepoint &&
            cell->advance == TYPESET_ADVANCE_GLYPH && !cell->glyph.missing)
            cell->glyph.codepoint = turned;
    }
}

static bool needs_shaping(const struct typeset_source *source)
{
    return source->breaks.classes & BREAK_SCRIPT && source->metrics->shape &&
           source->metrics->script_face;
}

/* All of it in one piece of memory, the largest members first. */
static struct typeset_shape *allocate(const struct typeset_source *source)
{
    size_t cells = source->count + 1, glyphs = source->byte_count + 1;
    struct typeset_shape *shape =
        calloc(1, sizeof *shape +
                      cells * (sizeof *shape->sides + sizeof *shape->cells +
                               sizeof *shape->order + 1) +
                      glyphs * sizeof *shape->glyphs);

    if (!shape)
        return NULL;
    shape->sides = (struct typeset_sides *)(shape + 1);
    shape->cells = (struct typeset_shaped_cell *)(shape->sides + cells);
    shape->glyphs = (struct typeset_shaped_glyph *)(shape->cells + cells);
    shape->order = (int32_t *)(shape->glyphs + glyphs);
    shape->levels = (uint8_t *)(shape->order + cells);
    return shape;
}

static bool start(struct shaper *shaper)
{
    size_t count = shaper->source->breaks.count;

    shaper->shape = allocate(shaper->source);
    shaper->points = malloc((count + 1) * sizeof *shaper->points);
    shaper->scripts = malloc((count + 1) * sizeof *shaper->scripts);
    shaper->shaped =
        malloc((shaper->source->byte_count + 1) * sizeof *shaper->shaped);
    if (!shaper->shape || !shaper->points || !shaper->scripts ||
        !shaper->shaped)
        return false;
    for (size_t i = 0; i < count; i++)
        shaper->points[i] = shaper->source->breaks.points[i].codepoint;
    return true;
}

struct typeset_shape *typeset_shape_create(struct typeset_source *source,
                                           bool *failed)
{
    struct shaper shaper = {.source = source};

    *failed = false;
    if (!needs_shaping(source))
        return NULL;
    *failed = !start(&shaper) || !find_levels(&shaper);
    if (!*failed) {
        find_scripts(&shaper);
        find_openings(&shaper);
        *failed = !shape_text(&shaper);
        mirror(&shaper);
    }
    free(shaper.points);
    free(shaper.scripts);
    free(shaper.shaped);
    if (!*failed)
        return shaper.shape;
    free(shaper.shape);
    return NULL;
}

void typeset_shape_order(struct typeset_shape *shape, uint32_t first,
                         uint32_t end)
{
    ubidi_reorderVisual(shape->levels + first, (int32_t)(end - first),
                        shape->order);
    for (uint32_t i = 0; i < end - first; i++)
        shape->order[i] += (int32_t)first;
}
