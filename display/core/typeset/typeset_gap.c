/* The gaps that CLREQ puts between two characters, or takes away: quarter
 * ems between Han and Latin, half ems between marks that meet. */
#include "display/core/typeset/typeset_cell.h"

#include <uchar.h>

enum { FULL_MARKS = TYPESET_OPEN | TYPESET_CLOSE | TYPESET_MIDDLE };

static bool is_one_of(uint32_t codepoint, const char32_t *set)
{
    for (; *set; set++) {
        if (*set == codepoint)
            return true;
    }
    return false;
}

static type_length em_of(const struct typeset_text *text)
{
    return text->style->size_px * TYPE_PIXEL;
}

/* Signs belong to the digits or letters that they touch: C++, 70%, $5. */
static void spread_western(struct typeset_text *text)
{
    struct typeset_cell *cells = text->cells;

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
static bool is_dash(const struct typeset_cell *cell)
{
    return (cell->codepoint == 0x2014 || cell->codepoint == 0x2015) &&
           cell->point_count == 1;
}

/* Dashes in a row are joined by two, the last three of an odd number by three.
 * Each takes one em, whatever the font gives it. */
static void join_dashes(struct typeset_text *text)
{
    struct typeset_cell *cells = text->cells;

    for (size_t i = 0; i < text->count;) {
        size_t run = 0;
        while (i + run < text->count && is_dash(&cells[i + run]) &&
               cells[i + run].codepoint == cells[i].codepoint)
            run++;
        size_t joined = run == 3 ? 3 : run > 1 ? 2 : 0;
        for (size_t k = 0; k < joined; k++) {
            cells[i + k].kinds |= k == 0 ? TYPESET_DASH_LEFT
                                         : TYPESET_DASH_RIGHT;
            cells[i + k].advance = em_of(text);
        }
        i += joined > 0 ? joined : 1;
    }
}

static enum typeset_squeeze squeeze_rank(const struct typeset_cell *mark)
{
    if (is_one_of(mark->codepoint, U"。．！？"))
        return SQUEEZE_STOP;
    if (is_one_of(mark->codepoint, U"、，；："))
        return SQUEEZE_COMMA;
    return SQUEEZE_BRACKET;
}

type_length typeset_lead_blank(const struct typeset_cell *cell)
{
    return cell->kinds & TYPESET_OPEN ? cell->advance / 2 : 0;
}

type_length typeset_trail_blank(const struct typeset_cell *cell)
{
    return cell->kinds & TYPESET_CLOSE ? cell->advance / 2 : 0;
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
        right->squeeze[squeeze_rank(left)] += typeset_trail_blank(left);
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

void typeset_set_gaps(struct typeset_text *text)
{
    spread_western(text);
    join_dashes(text);
    set_all_gaps(text);
}
