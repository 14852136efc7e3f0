/* Breaks of a text: ICU's, then the rules of Chinese typesetting. */
#include "display/core/typeset/line_break.h"
#include "display/core/typeset/line_break_rules.h"

#include <assert.h>
#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

static uint32_t classes_of(struct line_breaker *breaker, uint32_t codepoint)
{
    size_t at = codepoint % LINE_BREAKER_KNOWN;

    if (codepoint == 0)
        return break_class_of(codepoint);
    if (breaker->known[at].codepoint != codepoint) {
        breaker->known[at].codepoint = codepoint;
        breaker->known[at].classes = break_class_of(codepoint);
    }
    return breaker->known[at].classes;
}

static size_t decode(struct line_breaker *breaker, const char *text,
                     int32_t bytes, struct line_break_point *points,
                     uint32_t *classes)
{
    size_t count = 0;
    unsigned all = 0;

    for (int32_t at = 0; at < bytes; count++) {
        UChar32 c;
        int32_t start = at;
        U8_NEXT(text, at, bytes, c);
        points[count] = (struct line_break_point){
            .codepoint = c < 0 ? 0xFFFD : (uint32_t)c,
            .start = (uint32_t)start,
        };
        points[count].classes = classes_of(breaker, points[count].codepoint);
        all |= points[count].classes;
    }
    *classes = all;
    return count;
}

/* UBRK_CHARACTER, UBRK_WORD and UBRK_LINE are 0, 1 and 2. */
static UBreakIterator *iterator_of(struct line_breaker *breaker,
                                   UBreakIteratorType type, UErrorCode *status)
{
    UBreakIterator **iterator = &breaker->iterators[type];

    if (!*iterator)
        *iterator = ubrk_open(type, "zh@lb=strict", NULL, 0, status);
    return *iterator;
}

void line_breaker_finish(struct line_breaker *breaker)
{
    for (size_t i = 0; breaker && i < 3; i++) {
        ubrk_close(breaker->iterators[i]);
        breaker->iterators[i] = NULL;
    }
}

static void mark_boundary(struct line_break_point *point,
                          UBreakIteratorType type, bool hard)
{
    switch (type) {
    case UBRK_CHARACTER:
        point->grapheme_end = true;
        break;
    case UBRK_WORD:
        point->word_end = LINE_WORD_END;
        break;
    default:
        point->after = hard ? LINE_BREAK_MANDATORY : LINE_BREAK_ALLOWED;
        break;
    }
}

/* The points as ICU reads them fastest. */
struct units {
    UChar *at;
    int32_t count;
};

static bool make_units(struct line_breaks breaks, struct units *out)
{
    out->count = 0;
    out->at = malloc((2 * breaks.count + 1) * sizeof *out->at);
    for (size_t i = 0; out->at && i < breaks.count; i++)
        U16_APPEND_UNSAFE(out->at, out->count, breaks.points[i].codepoint);
    return out->at;
}

/* Walks ICU's boundaries and the points side by side. */
static bool mark_boundaries(struct line_breaker *breaker, struct units units,
                            UBreakIteratorType type, struct line_breaks breaks)
{
    UErrorCode status = U_ZERO_ERROR;
    UBreakIterator *iterator = iterator_of(breaker, type, &status);
    size_t next = 0;  /* a point, */
    int32_t unit = 0; /* and where it begins */

    ubrk_setText(iterator, units.at, units.count, &status);
    while (U_SUCCESS(status)) {
        int32_t at = ubrk_next(iterator);
        if (at == UBRK_DONE)
            break;
        while (next < breaks.count && unit < at)
            unit += U16_LENGTH(breaks.points[next++].codepoint);
        bool hard = type == UBRK_LINE &&
                    ubrk_getRuleStatus(iterator) >= UBRK_LINE_HARD;
        mark_boundary(&breaks.points[next - 1], type, hard);
    }
    return U_SUCCESS(status);
}

/* Ideographs, marks of Chinese and ASCII: each is a grapheme. */
static bool stands_alone(uint32_t codepoint)
{
    return (codepoint >= 0x4E00 && codepoint <= 0x9FFF) ||
           (codepoint >= 0x20 && codepoint <= 0x7E) ||
           (codepoint >= 0x3000 && codepoint <= 0x3029) ||
           (codepoint >= 0xFF01 && codepoint <= 0xFF60) ||
           (codepoint >= 0x2010 && codepoint <= 0x2027) || codepoint == '\n';
}

/* Marks the end of each grapheme, if ICU need not be asked for them. */
static bool mark_graphemes(struct line_breaks breaks)
{
    for (size_t i = 0; i < breaks.count; i++) {
        if (!stands_alone(breaks.points[i].codepoint))
            return false;
    }
    for (size_t i = 0; i < breaks.count; i++)
        breaks.points[i].grapheme_end = true;
    return true;
}

static bool ask_icu(struct line_breaker *breaker, bool words,
                    struct line_breaks breaks)
{
    struct units units;
    bool done = make_units(breaks, &units) &&
                (mark_graphemes(breaks) ||
                 mark_boundaries(breaker, units, UBRK_CHARACTER, breaks)) &&
                mark_boundaries(breaker, units, UBRK_LINE, breaks) &&
                (!words || mark_boundaries(breaker, units, UBRK_WORD, breaks));

    free(units.at);
    return done;
}

/* Gathers the points into graphemes. Where ICU allows no break, the level is
 * that of a last resort. */
static struct break_cells gather_cells(struct line_breaks breaks,
                                       struct break_cell *cells)
{
    size_t count = 0;
    size_t first = 0;

    for (size_t i = 0; i < breaks.count; i++) {
        struct line_break_point *point = &breaks.points[i];
        bool hard = point->after == LINE_BREAK_MANDATORY;
        if (!point->grapheme_end && !hard) {
            point->after = LINE_BREAK_INSIDE;
            continue;
        }
        point->grapheme_end = true;
        uint32_t base = breaks.points[first].codepoint;
        bool bare = first == i;
        cells[count++] = (struct break_cell){
            .codepoint = base,
            .last_point = (uint32_t)i,
            .classes = breaks.points[first].classes,
            .after = point->after ? point->after : LINE_BREAK_RESORT,
        };
        if (!bare)
            cells[count - 1].classes &= ~(uint32_t)BREAK_SPACE;
        first = i + 1;
    }
    return (struct break_cells){cells, count};
}

static bool apply_rules(struct line_breaks breaks, bool title)
{
    struct break_cell *memory = malloc(breaks.count * sizeof *memory);

    if (!memory)
        return false;
    struct break_cells cells = gather_cells(breaks, memory);
    break_rule_quotes(cells);
    break_rule_prohibitions(cells);
    break_rule_codes(cells);
    break_rule_names(cells);
    break_rule_numbers(cells);
    break_rule_solidus(cells);
    break_rule_times(cells);
    break_rule_groups(cells, title);
    for (size_t i = 0; i < cells.count; i++)
        breaks.points[cells.at[i].last_point].after = cells.at[i].after;
    breaks.points[breaks.count - 1].after = LINE_BREAK_MANDATORY;
    free(memory);
    return true;
}

bool line_breaker_find(struct line_breaker *breaker, const char *text,
                       size_t bytes, bool words, struct line_breaks *out)
{
    assert(bytes <= INT32_MAX);
    struct line_breaks breaks = {
        .points = malloc((bytes + 1) * sizeof *breaks.points),
    };

    if (!breaks.points)
        return false;
    breaks.count = decode(breaker, text, (int32_t)bytes, breaks.points,
                          &breaks.classes);
    if (breaks.count > 0 &&
        (!ask_icu(breaker, words, breaks) || !apply_rules(breaks, words))) {
        free(breaks.points);
        return false;
    }
    if (words)
        break_rule_words(breaks);
    *out = breaks;
    return true;
}

bool line_breaks_find(const char *text, size_t bytes, bool words,
                      struct line_breaks *out)
{
    struct line_breaker breaker = {0};
    bool found = line_breaker_find(&breaker, text, bytes, words, out);

    line_breaker_finish(&breaker);
    return found;
}

void line_breaks_finish(struct line_breaks *breaks)
{
    if (!breaks)
        return;
    free(breaks->points);
    *breaks = (struct line_breaks){0};
}
