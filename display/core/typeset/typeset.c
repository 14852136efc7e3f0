/* A text becomes lines of placed glyphs, squeezed, widened and aligned: what
 * layout puts on the glass. */
#include "display/core/typeset/typeset.h"
#include "display/core/typeset/typeset_lines.h"
#include "display/core/typeset/typeset_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The block under construction. Its lines, glyphs and strings lie behind it
 * in one piece of memory. */
struct placer {
    const struct typeset_text *text;
    int64_t measure;
    struct typeset_line *lines;
    struct typeset_glyph *glyphs;
    char *strings;
    int missing;
};

/* How the gaps of one line change: each rank gives take of its give. */
struct line_fit {
    int64_t take[SQUEEZE_COUNT];
    int64_t give[SQUEEZE_COUNT];
    int64_t seen[SQUEEZE_COUNT]; /* of give, up to the cell placed last */
    int64_t widen;               /* over all gaps */
    uint32_t gaps;
    uint32_t gaps_seen;
};

static struct line_fit squeeze_fit(const struct placer *placer,
                                   struct typeset_ink ink, int64_t excess)
{
    struct line_fit fit = {0};

    for (uint32_t i = ink.first + 1; i < ink.end; i++) {
        for (int rank = 0; rank < SQUEEZE_COUNT; rank++)
            fit.give[rank] += placer->text->cells[i].squeeze[rank];
    }
    for (int rank = 0; rank < SQUEEZE_COUNT && excess > 0; rank++) {
        fit.take[rank] = excess < fit.give[rank] ? excess : fit.give[rank];
        excess -= fit.take[rank];
    }
    return fit;
}

static struct line_fit make_fit(const struct placer *placer,
                                struct typeset_span span)
{
    const struct typeset_text *text = placer->text;
    int64_t slack = placer->measure - typeset_span_width(text, span);
    struct line_fit fit = {0};

    if (slack < 0)
        return squeeze_fit(placer, typeset_span_ink(text, span), -slack);
    if (text->style->align == TYPESET_JUSTIFY && !span.ends_paragraph &&
        slack <= typeset_stretch_limit(text, span)) {
        fit.gaps = typeset_span_stretch(text, span);
        fit.widen = slack;
    }
    return fit;
}

/* The change of the gap before a cell. Shares are taken from running sums,
 * so that rounding never adds up. */
static int64_t gap_change(struct line_fit *fit, const struct typeset_cell *cell)
{
    int64_t change = 0;

    for (int rank = 0; rank < SQUEEZE_COUNT; rank++) {
        if (cell->squeeze[rank] == 0 || fit->take[rank] == 0)
            continue;
        int64_t take = fit->take[rank], give = fit->give[rank];
        change += fit->seen[rank] * take / give;
        fit->seen[rank] += cell->squeeze[rank];
        change -= fit->seen[rank] * take / give;
    }
    if (cell->stretches && fit->gaps > 0) {
        change -= fit->widen * fit->gaps_seen / fit->gaps;
        fit->gaps_seen++;
        change += fit->widen * fit->gaps_seen / fit->gaps;
    }
    return change;
}

static void put_glyph(struct placer *placer, struct typeset_line *line,
                      const struct type_glyph *glyph, int64_t x,
                      type_length rise)
{
    struct typeset_glyph *out = placer->glyphs++;

    *out = (struct typeset_glyph){
        .face = glyph->face,
        .codepoint = glyph->codepoint,
        .x = x > INT32_MAX ? INT32_MAX : (type_length)x,
        .missing = glyph->missing,
        .rise = rise,
    };
    line->glyph_count++;
    placer->missing += glyph->missing;
}

/* A joined dash is one stroke, in the middle of its ems. */
static bool put_long_dash(struct placer *placer, struct typeset_line *line,
                          const struct typeset_cell *cell, int cells, int64_t x)
{
    struct type_glyph glyph;

    if (!typeset_long_dash(placer->text, cell, cells, &glyph))
        return false;
    put_glyph(placer, line, &glyph,
              x + ((int64_t)cells * cell->advance - glyph.advance) / 2, 0);
    return true;
}

static void put_cell(struct placer *placer, struct typeset_line *line,
                     const struct typeset_cell *cell, int64_t x)
{
    struct typeset_cluster cluster;

    typeset_cell_glyphs(placer->text, cell, &cluster);
    for (size_t i = 0; i < cluster.count; i++)
        put_glyph(placer, line, &cluster.parts[i].glyph, x + cluster.parts[i].x,
                  cluster.parts[i].rise);
}

/* Of the joined dash that begins here, what stands on this line; 0: none. */
static int dash_cells(const struct typeset_cell *cells, uint32_t from,
                      uint32_t end)
{
    int count = 1;

    if (!(cells[from].kinds & TYPESET_DASH_LEFT))
        return 0;
    while (from + (uint32_t)count < end &&
           cells[from + (uint32_t)count].kinds & TYPESET_DASH_RIGHT)
        count++;
    return count > 1 ? count : 0;
}

/* Sets the visible cells from x on; returns where the last one ends. */
static int64_t put_cells(struct placer *placer, struct typeset_line *line,
                         struct typeset_ink ink, struct line_fit *fit,
                         int64_t x)
{
    const struct typeset_cell *cells = placer->text->cells;
    int drawn = 0; /* cells of a dash that are drawn already */

    for (uint32_t i = ink.first; i < ink.end; i++) {
        const struct typeset_cell *cell = &cells[i];
        if (i > ink.first)
            x += cell->gap + gap_change(fit, cell);
        int dash = dash_cells(cells, i, ink.end);
        if (dash > 0 && put_long_dash(placer, line, cell, dash, x))
            drawn = dash;
        if (drawn == 0)
            put_cell(placer, line, cell, x);
        else
            drawn--;
        x += cell->advance;
    }
    return x;
}

static int64_t aligned_left(const struct placer *placer, int64_t width)
{
    int64_t spare = placer->measure - width;

    if (spare <= 0)
        return 0;
    switch (placer->text->style->align) {
    case TYPESET_CENTRE:
        return spare / 2;
    case TYPESET_RIGHT:
        return spare;
    default:
        return 0;
    }
}

static void place_glyphs(struct placer *placer, struct typeset_line *line,
                         struct typeset_span span)
{
    const struct typeset_text *text = placer->text;
    struct typeset_ink ink = typeset_span_ink(text, span);
    struct line_fit fit = make_fit(placer, span);
    int64_t width = typeset_span_width(text, span) + fit.widen;

    for (int rank = 0; rank < SQUEEZE_COUNT; rank++)
        width -= fit.take[rank];
    line->width = width > INT32_MAX ? INT32_MAX : (type_length)width;
    line->left = (type_length)aligned_left(placer, width);
    line->glyphs = placer->glyphs;
    if (ink.end == 0)
        return;
    int64_t indent = text->width[span.from + span.indent] -
                     text->width[span.from];
    int64_t lead = typeset_lead_blank(&text->cells[ink.first]);
    put_cells(placer, line, ink, &fit, line->left + indent - lead);
}

static bool is_blank(const struct typeset_cell *cell)
{
    return cell->kinds & (TYPESET_SPACE | TYPESET_NEWLINE);
}

static uint32_t byte_of(const struct typeset_text *text, uint32_t cell)
{
    if (cell >= text->count)
        return (uint32_t)text->byte_count;
    return text->breaks.points[text->cells[cell].first_point].start;
}

/* Copies what stands on the line, without the white space at its edges. */
static void copy_string(struct placer *placer, struct typeset_line *line,
                        struct typeset_span span)
{
    const struct typeset_text *text = placer->text;
    uint32_t from = span.from, to = span.to;

    while (to > from && is_blank(&text->cells[to - 1]))
        to--;
    while (span.indent == 0 && from < to && is_blank(&text->cells[from]))
        from++;
    size_t length = byte_of(text, to) - byte_of(text, from);
    memcpy(placer->strings, text->bytes + byte_of(text, from), length);
    line->text = placer->strings;
    line->end_bytes = byte_of(text, to);
    placer->strings += length;
    *placer->strings++ = '\0';
}

static int line_height(const struct typeset_style *style)
{
    return style->line_height_px ? style->line_height_px
                                 : style->size_px * 3 / 2;
}

static bool ends_whole(const struct typeset_text *text,
                       struct typeset_span span)
{
    uint32_t solid = text->prev_solid[span.to];

    if (span.ends_paragraph || solid == 0)
        return true;
    if (text->cells[span.to - 1].after < LINE_BREAK_ALLOWED)
        return false;
    return !text->style->balanced ||
           typeset_end_before(text, span.to) < TYPESET_END_JOINT;
}

static void place_line(struct placer *placer, size_t index,
                       struct typeset_span span)
{
    const struct typeset_text *text = placer->text;
    const struct typeset_style *style = text->style;
    struct typeset_line *line = &placer->lines[index];
    struct type_line type = text->metrics->line(text->metrics->context,
                                                style->role, style->size_px);
    int height = line_height(style);

    *line = (struct typeset_line){.ends_paragraph = span.ends_paragraph,
                                  .whole = ends_whole(placer->text, span)};
    line->baseline_px = (int)index * height + type.ascent_px +
                        (height - type.ascent_px - type.descent_px) / 2;
    place_glyphs(placer, line, span);
    copy_string(placer, line, span);
}

/* Within a word, a quotation or a date. */
static bool is_parted(const struct typeset_text *text, uint32_t end)
{
    return typeset_end_before(text, end) >= TYPESET_END_JOINT ||
           text->cells[end - 1].after <= LINE_BREAK_RELUCTANT;
}

static int count_parted(const struct typeset_text *text,
                        const struct typeset_span *spans, size_t count)
{
    int parted = 0;

    for (size_t i = 0; i < count && text->style->balanced; i++)
        parted += !spans[i].ends_paragraph && is_parted(text, spans[i].to);
    return parted;
}

static struct typeset_block *place(const struct typeset_text *text,
                                   const struct typeset_span *spans,
                                   size_t count, int64_t measure)
{
    struct placer placer = {.text = text, .measure = measure};
    size_t bytes = count * sizeof *placer.lines +
                   text->breaks.count * sizeof *placer.glyphs +
                   text->byte_count + count;
    struct typeset_block *block = malloc(sizeof *block + bytes);

    if (!block)
        return NULL;
    placer.lines = (struct typeset_line *)(block + 1);
    placer.glyphs = (struct typeset_glyph *)(placer.lines + count);
    placer.strings = (char *)(placer.glyphs + text->breaks.count);
    for (size_t i = 0; i < count; i++)
        place_line(&placer, i, spans[i]);
    *block = (struct typeset_block){
        .lines = (struct typeset_line *)(block + 1),
        .line_count = count,
        .width_px = (int)(measure / TYPE_PIXEL),
        .height_px = (int)count * line_height(text->style),
        .missing = placer.missing,
        .parted = count_parted(text, spans, count),
    };
    return block;
}

struct typeset_block *typeset_create(const char *text,
                                     const struct typeset_style *style,
                                     int width_px,
                                     const struct type_metrics *metrics)
{
    assert(style->size_px > 0 && style->size_px <= TYPESET_SIZE_MAX);
    struct typeset_text measured;
    struct typeset_span *spans;
    struct typeset_block *block = NULL;
    size_t count;

    if (!typeset_text_init(&measured, text, style, metrics))
        return NULL;
    if (width_px < style->size_px)
        width_px = style->size_px;
    if (width_px > INT32_MAX / TYPE_PIXEL)
        width_px = INT32_MAX / TYPE_PIXEL;
    int64_t measure = (int64_t)width_px * TYPE_PIXEL;
    if (typeset_choose_lines(&measured, measure, &spans, &count)) {
        block = place(&measured, spans, count, measure);
        free(spans);
    }
    typeset_text_finish(&measured);
    return block;
}

void typeset_destroy(struct typeset_block *block)
{
    free(block);
}

type_length typeset_width(const char *text, const struct typeset_style *style,
                          const struct type_metrics *metrics)
{
    struct typeset_text measured;
    struct typeset_span *spans;
    size_t count;
    int64_t widest = 0;

    if (!typeset_text_init(&measured, text, style, metrics))
        return 0;
    if (typeset_choose_lines(&measured, INT64_MAX / 4096, &spans, &count)) {
        for (size_t i = 0; i < count; i++) {
            int64_t width = typeset_span_width(&measured, spans[i]);
            widest = width > widest ? width : widest;
        }
        free(spans);
    }
    typeset_text_finish(&measured);
    return widest > INT32_MAX ? INT32_MAX : (type_length)widest;
}
