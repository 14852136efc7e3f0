/* A text becomes lines of placed glyphs, squeezed, widened and aligned: what
 * layout puts on the glass. */
#include "display/core/typeset/typeset.h"
#include "display/core/typeset/typeset_lines.h"
#include "display/core/typeset/typeset_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

/* A line, from its top. */
struct line_box {
    int height_px, baseline_px;
};

/* The block under construction. Its lines, glyphs and strings lie behind it
 * in one piece of memory. */
struct placer {
    const struct typeset_text *text;
    int64_t measure;
    struct line_box box;
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

static void put_shaped(struct placer *placer, struct typeset_line *line,
                       const struct typeset_shaped_cell *cell, int64_t x)
{
    const struct typeset_shape *shape = placer->text->source->shape;
    int size_px = placer->text->size_px;

    for (uint32_t i = 0; i < cell->glyph_count; i++) {
        const struct typeset_shaped_glyph *from =
            &shape->glyphs[cell->first_glyph + i];
        struct type_glyph glyph = {.face = cell->face,
                                   .codepoint = TYPE_GLYPH_INDEX | from->index};
        put_glyph(placer, line, &glyph, x + type_from_units(from->x, size_px),
                  type_from_units(from->rise, size_px));
    }
}

static void put_cell(struct placer *placer, struct typeset_line *line,
                     uint32_t index, int64_t x)
{
    const struct typeset_shape *shape = placer->text->source->shape;
    struct typeset_cluster cluster;

    if (shape && shape->cells[index].shaped) {
        put_shaped(placer, line, &shape->cells[index], x);
        return;
    }
    typeset_cell_glyphs(placer->text, index, &cluster);
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
            put_cell(placer, line, i, x);
        else
            drawn--;
        x += cell->advance;
    }
    return x;
}

/* Some of the cells stand from right to left. */
static bool is_turned(const struct placer *placer, struct typeset_ink ink)
{
    const struct typeset_shape *shape = placer->text->source->shape;
    uint8_t levels = 0;

    for (uint32_t i = ink.first; shape && i < ink.end; i++)
        levels |= shape->levels[i];
    return levels != 0;
}

/* Puts each gap on the side where both cells or their runs meet: beside the
 * cell of the lower level, after it or before it in its own direction. */
static void set_sides(struct placer *placer, struct typeset_ink ink,
                      struct line_fit *fit)
{
    const struct typeset_cell *cells = placer->text->cells;
    struct typeset_shape *shape = placer->text->source->shape;
    const uint8_t *levels = shape->levels;

    for (uint32_t i = ink.first; i < ink.end; i++)
        shape->sides[i] = (struct typeset_sides){0, 0};
    for (uint32_t i = ink.first + 1; i < ink.end; i++) {
        int64_t gap = cells[i].gap + gap_change(fit, &cells[i]);
        bool before = levels[i] <= levels[i - 1];
        uint32_t at = before ? i : i - 1;
        if (before == !(levels[at] & 1))
            shape->sides[at].left += gap;
        else
            shape->sides[at].right += gap;
    }
}

static void put_turned(struct placer *placer, struct typeset_line *line,
                       struct typeset_ink ink, struct line_fit *fit, int64_t x)
{
    const struct typeset_cell *cells = placer->text->cells;
    struct typeset_shape *shape = placer->text->source->shape;

    set_sides(placer, ink, fit);
    typeset_shape_order(shape, ink.first, ink.end);
    for (uint32_t i = 0; i < ink.end - ink.first; i++) {
        uint32_t at = (uint32_t)shape->order[i];
        x += shape->sides[at].left;
        put_cell(placer, line, at, x);
        x += cells[at].advance + shape->sides[at].right;
    }
}

/* Text from right to left begins at the right. */
static bool begins_right(const struct placer *placer, struct typeset_ink ink)
{
    const struct typeset_shape *shape = placer->text->source->shape;

    return shape && ink.end > 0 && shape->cells[ink.first].paragraph & 1;
}

static int64_t aligned_left(const struct placer *placer, int64_t width,
                            bool from_right)
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
        return from_right ? spare : 0;
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
    bool from_right = begins_right(placer, ink);
    line->left = (type_length)aligned_left(placer, width, from_right);
    line->glyphs = placer->glyphs;
    if (ink.end == 0)
        return;
    if (is_turned(placer, ink)) {
        put_turned(placer, line, ink, &fit, line->left);
        return;
    }
    int64_t indent = text->width[span.from + span.indent] -
                     text->width[span.from];
    int64_t lead = typeset_lead_blank(&text->cells[ink.first]);
    put_cells(placer, line, ink, &fit, line->left + indent - lead);
}

/* Of the em, over the base line: the middle of a Chinese character, and nearly
 * that of digits and of the letters of a column. */
enum { MIDDLE_PERCENT = 38 };

static bool stays_upright(const struct typeset_glyph *glyph)
{
    UChar32 c = (UChar32)glyph->codepoint;

    return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) ||
           (u_isalpha(c) &&
            u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH) == U_EA_WIDE);
}

void typeset_turn_line(const struct typeset_line *line,
                       const struct typeset_style *style,
                       struct typeset_glyph *out)
{
    const type_length em = style->size_px * TYPE_PIXEL;
    const type_length middle = em * MIDDLE_PERCENT / 100;

    for (size_t i = 0; i < line->glyph_count; i++) {
        const struct typeset_glyph *from = &line->glyphs[i];
        struct typeset_glyph to = *from;
        to.x = from->rise;
        to.rise = -from->x;
        if (stays_upright(from)) { /* about its middle */
            to.x += middle - em / 2;
            to.rise -= em / 2 + middle;
        } else {
            to.codepoint |= TYPE_GLYPH_TURNED;
        }
        out[i] = to;
    }
}

static bool is_blank(const struct typeset_cell *cell)
{
    return cell->kinds & (TYPESET_SPACE | TYPESET_NEWLINE);
}

static uint32_t byte_of(const struct typeset_text *text, uint32_t cell)
{
    if (cell >= text->count)
        return (uint32_t)text->source->byte_count;
    return text->source->breaks.points[text->source->cells[cell].first_point]
        .start;
}

/* Behind the last cell of a span that is no white space. */
static uint32_t solid_end(const struct typeset_text *text,
                          struct typeset_span span)
{
    uint32_t to = span.to;

    while (to > span.from && is_blank(&text->cells[to - 1]))
        to--;
    return to;
}

/* Copies what stands on the line, without the white space at its edges. */
static void copy_string(struct placer *placer, struct typeset_line *line,
                        struct typeset_span span)
{
    const struct typeset_text *text = placer->text;
    uint32_t from = span.from, to = solid_end(text, span);

    while (span.indent == 0 && from < to && is_blank(&text->cells[from]))
        from++;
    size_t length = byte_of(text, to) - byte_of(text, from);
    memcpy(placer->strings, text->source->bytes + byte_of(text, from), length);
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

int typeset_baseline_px(const struct typeset_style *style,
                        const struct type_metrics *metrics)
{
    struct type_line type = metrics->line(metrics->context, style->role,
                                          style->size_px);

    return type.ascent_px +
           (line_height(style) - type.ascent_px - type.descent_px) / 2;
}

/* What the shaped letters of a text need over and under the base line, at
 * TYPE_UNITS; zeroed: nothing is shaped. */
struct reach {
    int over, under;
};

static struct reach reach_of(const struct typeset_source *source)
{
    const struct typeset_shape *shape = source->shape;

    return shape ? (struct reach){shape->over, shape->under}
                 : (struct reach){0, 0};
}

static int scale_reach(int reach, int size_px)
{
    return (reach * size_px + TYPE_UNITS - 1) / TYPE_UNITS;
}

/* Stacked letters may need more than the style gives. */
static int box_height(struct reach reach, const struct typeset_style *style)
{
    int height = line_height(style);

    if ((reach.over | reach.under) == 0)
        return height;
    int needed = scale_reach(reach.over, style->size_px) +
                 scale_reach(reach.under, style->size_px);
    return height < needed ? needed : height;
}

static struct line_box line_box(const struct typeset_source *source,
                                const struct typeset_style *style)
{
    struct line_box box = {
        .height_px = box_height(reach_of(source), style),
        .baseline_px = typeset_baseline_px(style, source->metrics)};

    if (!source->shape)
        return box;
    int over = scale_reach(source->shape->over, style->size_px);
    int under = scale_reach(source->shape->under, style->size_px);
    if (box.baseline_px > box.height_px - under)
        box.baseline_px = box.height_px - under;
    if (box.baseline_px < over)
        box.baseline_px = over;
    return box;
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
    struct typeset_line *line = &placer->lines[index];

    *line = (struct typeset_line){.ends_paragraph = span.ends_paragraph,
                                  .whole = ends_whole(placer->text, span)};
    line->baseline_px = (int)index * placer->box.height_px +
                        placer->box.baseline_px;
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
    struct placer placer = {.text = text,
                            .measure = measure,
                            .box = line_box(text->source, text->style)};
    /* Shaping makes at most as many glyphs as the text has bytes. */
    size_t glyphs = text->source->shape ? text->source->byte_count
                                        : text->source->breaks.count;
    size_t bytes = count * sizeof *placer.lines +
                   glyphs * sizeof *placer.glyphs + text->source->byte_count +
                   count;
    struct typeset_block *block = malloc(sizeof *block + bytes);

    if (!block)
        return NULL;
    placer.lines = (struct typeset_line *)(block + 1);
    placer.glyphs = (struct typeset_glyph *)(placer.lines + count);
    placer.strings = (char *)(placer.glyphs + glyphs);
    for (size_t i = 0; i < count; i++)
        place_line(&placer, i, spans[i]);
    *block = (struct typeset_block){
        .lines = (struct typeset_line *)(block + 1),
        .line_count = count,
        .width_px = (int)(measure / TYPE_PIXEL),
        .height_px = (int)count * placer.box.height_px,
        .missing = placer.missing,
        .parted = count_parted(text, spans, count),
    };
    return block;
}

/* The lines that were chosen last. */
struct chosen {
    int size_px;
    int64_t measure;
    bool justified;
    struct typeset_span *spans;
    size_t count;
};

/* What is known of one text in one role. What it measured is kept for long;
 * what is needed to measure it anew takes a hundred times the memory, and is
 * kept of the texts that were asked for last. */
struct entry {
    struct entry *next; /* of those with the same place in the table */
    uint64_t hash;
    char *bytes;
    size_t byte_count;
    enum type_role role;
    bool balanced;
    struct known *known; /* what it measured */
    size_t known_count, known_room;
    struct reach reach; /* once it was loaded */
    /* Only while it is loaded: */
    bool loaded;
    struct entry *newer, *older; /* asked for after it, before it */
    struct typeset_source source;
    struct typeset_text text; /* at the size asked for last */
    struct chosen chosen;
};

struct known {
    int size_px, width_px, most;
    bool justified;
    struct typeset_measure measure;
};

enum {
    CACHE_PLACES = 1024,
    /* All of it is dropped when it holds more texts, or more bytes of them. */
    CACHE_ENTRIES = 4096,
    CACHE_BYTES = 1024 * 1024,
    /* Texts are unloaded when those that are loaded have more bytes. */
    CACHE_LOADED_BYTES = 128 * 1024,
};

struct typeset_cache {
    const struct type_metrics *metrics;
    struct typeset_known known;
    struct typeset_scratch scratch;
    struct entry *places[CACHE_PLACES];
    size_t count, bytes;
    struct entry *newest, *oldest; /* of those that are loaded */
    size_t loaded_bytes;
};

static void unlink_loaded(struct typeset_cache *cache, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(struct typeset_cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void unload(struct typeset_cache *cache, struct entry *entry)
{
    if (!entry->loaded)
        return;
    unlink_loaded(cache, entry);
    cache->loaded_bytes -= entry->byte_count;
    typeset_text_finish(&entry->text);
    typeset_source_finish(&entry->source);
    free(entry->chosen.spans);
    entry->chosen = (struct chosen){0};
    entry->loaded = false;
}

/* False without memory. */
static bool load(struct typeset_cache *cache, struct entry *entry)
{
    if (entry->loaded) {
        unlink_loaded(cache, entry);
        link_newest(cache, entry);
        return true;
    }
    while (cache->oldest &&
           cache->loaded_bytes + entry->byte_count > CACHE_LOADED_BYTES)
        unload(cache, cache->oldest);
    if (!typeset_source_init(&entry->source, entry->bytes, entry->role,
                             entry->balanced, cache->metrics, &cache->known))
        return false;
    entry->reach = reach_of(&entry->source);
    entry->loaded = true;
    cache->loaded_bytes += entry->byte_count;
    link_newest(cache, entry);
    return true;
}

static void entry_destroy(struct typeset_cache *cache, struct entry *entry)
{
    unload(cache, entry);
    free(entry->known);
    free(entry->bytes);
    free(entry);
}

static void cache_clear(struct typeset_cache *cache)
{
    for (size_t i = 0; i < CACHE_PLACES; i++) {
        while (cache->places[i]) {
            struct entry *next = cache->places[i]->next;
            entry_destroy(cache, cache->places[i]);
            cache->places[i] = next;
        }
    }
    cache->count = cache->bytes = 0;
}

struct typeset_cache *typeset_cache_create(const struct type_metrics *metrics)
{
    struct typeset_cache *cache = calloc(1, sizeof *cache);

    if (cache)
        cache->metrics = metrics;
    return cache;
}

void typeset_cache_destroy(struct typeset_cache *cache)
{
    if (!cache)
        return;
    cache_clear(cache);
    typeset_scratch_finish(&cache->scratch);
    typeset_known_finish(&cache->known);
    free(cache);
}

/* As FNV-1a, but eight bytes at once. */
static uint64_t hash_of(const char *text, size_t bytes)
{
    const uint64_t prime = UINT64_C(0x100000001B3);
    uint64_t hash = UINT64_C(0xCBF29CE484222325), word;
    size_t i = 0;

    for (; i + sizeof word <= bytes; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 32;
    }
    for (; i < bytes; i++)
        hash = (hash ^ (unsigned char)text[i]) * prime;
    return hash ^ hash >> 32;
}

static struct entry *entry_create(const char *text, size_t bytes)
{
    struct entry *entry = calloc(1, sizeof *entry);
    char *copy = malloc(bytes + 1);

    if (!entry || !copy) {
        free(copy);
        free(entry);
        return NULL;
    }
    memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    entry->bytes = copy;
    entry->byte_count = bytes;
    return entry;
}

/* It may not be loaded. NULL: no memory. Valid until the next one is asked
 * for. */
static struct entry *entry_of(struct typeset_cache *cache, const char *text,
                              size_t bytes, enum type_role role, bool balanced)
{
    uint64_t hash = hash_of(text, bytes);
    struct entry **place = &cache->places[hash % CACHE_PLACES];

    for (struct entry *entry = *place; entry; entry = entry->next) {
        if (entry->hash == hash && entry->byte_count == bytes &&
            entry->role == role && entry->balanced == balanced &&
            memcmp(entry->bytes, text, bytes) == 0)
            return entry;
    }
    if (cache->count >= CACHE_ENTRIES || cache->bytes + bytes > CACHE_BYTES)
        cache_clear(cache);
    struct entry *entry = entry_create(text, bytes);
    if (!entry)
        return NULL;
    entry->role = role;
    entry->balanced = balanced;
    entry->hash = hash;
    entry->next = *place;
    *place = entry;
    cache->count++;
    cache->bytes += bytes;
    return entry;
}

/* The same, loaded. */
static struct entry *loaded_entry(struct typeset_cache *cache, const char *text,
                                  size_t bytes, enum type_role role,
                                  bool balanced)
{
    struct entry *entry = entry_of(cache, text, bytes, role, balanced);

    return entry && load(cache, entry) ? entry : NULL;
}

static bool keep_chosen(struct entry *entry, const struct typeset_style *style,
                        int64_t measure, const struct typeset_span *spans,
                        size_t count)
{
    struct chosen *chosen = &entry->chosen;
    struct typeset_span *kept = realloc(chosen->spans,
                                        (count + 1) * sizeof *kept);

    if (!kept)
        return false;
    if (count > 0)
        memcpy(kept, spans, count * sizeof *kept);
    *chosen = (struct chosen){.size_px = style->size_px,
                              .measure = measure,
                              .justified = style->align == TYPESET_JUSTIFY,
                              .spans = kept,
                              .count = count};
    return true;
}

/* Chooses the lines of the text at that size and width: entry->chosen. */
static bool choose(struct typeset_cache *cache, struct entry *entry,
                   const struct typeset_style *style, int width_px)
{
    assert(style->size_px > 0 && style->size_px <= TYPESET_SIZE_MAX);
    const struct chosen *chosen = &entry->chosen;
    size_t count;

    if (width_px < style->size_px)
        width_px = style->size_px;
    if (width_px > INT32_MAX / TYPE_PIXEL)
        width_px = INT32_MAX / TYPE_PIXEL;
    int64_t measure = (int64_t)width_px * TYPE_PIXEL;
    if (!typeset_text_set(&entry->text, &entry->source, style))
        return false;
    if (chosen->spans && chosen->size_px == style->size_px &&
        chosen->measure == measure &&
        chosen->justified == (style->align == TYPESET_JUSTIFY))
        return true;
    return typeset_choose_lines(&entry->text, measure, &cache->scratch,
                                &count) &&
           keep_chosen(entry, style, measure, cache->scratch.spans, count);
}

struct typeset_block *typeset_cache_block(struct typeset_cache *cache,
                                          const char *text,
                                          const struct typeset_style *style,
                                          int width_px)
{
    struct entry *entry = loaded_entry(cache, text, strlen(text), style->role,
                                       style->balanced);

    if (!entry || !choose(cache, entry, style, width_px))
        return NULL;
    return place(&entry->text, entry->chosen.spans, entry->chosen.count,
                 entry->chosen.measure);
}

/* As place_glyphs sets it. */
static type_length line_width(const struct typeset_text *text,
                              struct typeset_span span, int64_t measure)
{
    int64_t width = typeset_span_width(text, span);
    int64_t slack = measure - width;
    int64_t give = typeset_span_give(text, span);

    if (slack < 0)
        width -= -slack < give ? -slack : give;
    else if (text->style->align == TYPESET_JUSTIFY && !span.ends_paragraph &&
             slack <= typeset_stretch_limit(text, span))
        width += slack;
    return width > INT32_MAX ? INT32_MAX : (type_length)width;
}

static struct typeset_measure measure_lines(const struct typeset_text *text,
                                            const struct chosen *chosen,
                                            int most)
{
    const struct typeset_span *spans = chosen->spans;
    size_t count = chosen->count;
    struct typeset_measure out = {.line_count = (int)count,
                                  .parted = count_parted(text, spans, count),
                                  .whole = true,
                                  .paragraphs = true};

    for (size_t i = 0; i < count; i++) {
        type_length width = line_width(text, spans[i], chosen->measure);
        out.width = width > out.width ? width : out.width;
        out.whole = out.whole && ends_whole(text, spans[i]);
        out.paragraphs = out.paragraphs && spans[i].ends_paragraph;
    }
    size_t last = (size_t)most < count ? (size_t)most : count;
    if (last > 0)
        out.end_bytes = byte_of(text, solid_end(text, spans[last - 1]));
    for (size_t k = 0; k + 1 < count; k++)
        out.gaps += spans[k].ends_paragraph;
    return out;
}

static bool is_known(const struct known *a, const struct known *b)
{
    return a->size_px == b->size_px && a->width_px == b->width_px &&
           a->most == b->most && a->justified == b->justified;
}

static void keep_known(struct entry *entry, const struct known *known)
{
    if (entry->known_count == entry->known_room) {
        size_t room = entry->known_room * 2 + 4;
        struct known *grown = realloc(entry->known, room * sizeof *grown);
        if (!grown)
            return;
        entry->known = grown;
        entry->known_room = room;
    }
    entry->known[entry->known_count++] = *known;
}

bool typeset_cache_measure(struct typeset_cache *cache, const char *text,
                           const struct typeset_style *style, int width_px,
                           int most, struct typeset_measure *out)
{
    struct entry *entry = entry_of(cache, text, strlen(text), style->role,
                                   style->balanced);
    struct known wanted = {.size_px = style->size_px,
                           .width_px = width_px,
                           .most = most,
                           .justified = style->align == TYPESET_JUSTIFY};
    const struct known *found = &wanted;

    for (size_t i = 0; entry && i < entry->known_count; i++) {
        if (is_known(&entry->known[i], &wanted))
            found = &entry->known[i];
    }
    if (!entry)
        return false;
    if (found == &wanted) {
        if (!load(cache, entry) || !choose(cache, entry, style, width_px))
            return false;
        wanted.measure = measure_lines(&entry->text, &entry->chosen, most);
        keep_known(entry, &wanted);
    }
    *out = found->measure;
    out->height_px = out->line_count * box_height(entry->reach, style);
    return true;
}

const struct line_breaks *typeset_cache_breaks(struct typeset_cache *cache,
                                               const char *text, size_t bytes)
{
    struct entry *entry = loaded_entry(cache, text, bytes, TYPE_SANS, true);

    return entry ? &entry->source.breaks : NULL;
}

struct typeset_block *typeset_create(const char *text,
                                     const struct typeset_style *style,
                                     int width_px,
                                     const struct type_metrics *metrics)
{
    struct typeset_cache *cache = typeset_cache_create(metrics);
    struct typeset_block *block =
        cache ? typeset_cache_block(cache, text, style, width_px) : NULL;

    typeset_cache_destroy(cache);
    return block;
}

void typeset_destroy(struct typeset_block *block)
{
    free(block);
}

type_length typeset_width(const char *text, const struct typeset_style *style,
                          const struct type_metrics *metrics)
{
    struct typeset_cache *cache = typeset_cache_create(metrics);
    struct entry *entry = cache ? loaded_entry(cache, text, strlen(text),
                                               style->role, style->balanced)
                                : NULL;
    size_t count = 0;
    int64_t widest = 0;

    if (entry && typeset_text_set(&entry->text, &entry->source, style))
        typeset_choose_lines(&entry->text, INT64_MAX / 4096, &cache->scratch,
                             &count);
    for (size_t i = 0; i < count; i++) {
        int64_t width = typeset_span_width(&entry->text,
                                           cache->scratch.spans[i]);
        widest = width > widest ? width : widest;
    }
    typeset_cache_destroy(cache);
    return widest > INT32_MAX ? INT32_MAX : (type_length)widest;
}
