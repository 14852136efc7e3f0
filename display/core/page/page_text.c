/* Texts of templates: measured, fitted, put at a place or flowed over pages. */
#include "display/core/page/page_build.h"

#include "display/core/page/page_run.h"

enum { FIT_STEPS = 60 };

static struct typeset_style style_of(const struct page_build *build,
                                     const struct page_text *text)
{
    int leading = text->leading_percent;
    if (leading == 0)
        leading = build->leading_percent;
    return (struct typeset_style){
        .role = text->role,
        .size_px = text->size_px,
        .line_height_px = text->size_px * leading / 100,
        .align = text->align,
        .balanced = text->balanced,
    };
}

/* What the gaps between paragraphs take above a line. */
static int gaps_px(const struct typeset_block *block,
                   const struct page_text *text, size_t line)
{
    int gaps = 0;
    for (size_t i = 0; i < line && text->paragraph_gap_px > 0; i++)
        gaps += block->lines[i].ends_paragraph && i + 1 < block->line_count;
    return gaps * text->paragraph_gap_px;
}

static int height_of(const struct typeset_block *block,
                     const struct page_text *text)
{
    return block->height_px + gaps_px(block, text, block->line_count);
}

static struct typeset_block *
set_text(struct page_build *build, const struct page_text *text, int width_px)
{
    if (build->failed)
        return NULL;
    struct typeset_style style = style_of(build, text);
    struct typeset_block *block =
        typeset_cache_block(build->set->texts, text->text, &style, width_px);
    build->failed = block == NULL;
    return block;
}

/* Zeros without memory. */
static struct typeset_measure measure(struct page_build *build,
                                      const struct page_text *text,
                                      int width_px, int most)
{
    struct typeset_measure out = {0};
    struct typeset_style style = style_of(build, text);
    if (!build->failed)
        build->failed = !typeset_cache_measure(build->set->texts, text->text,
                                               &style, width_px, most, &out);
    return out;
}

int page_text_height(struct page_build *build, const struct page_text *text,
                     int width_px)
{
    struct typeset_measure all = measure(build, text, width_px, 0);
    return all.height_px + all.gaps * text->paragraph_gap_px;
}

struct page_lines page_text_lines(struct page_build *build,
                                  const struct page_text *text, int width_px,
                                  int most)
{
    struct typeset_measure all = measure(build, text, width_px, most);
    int line_px = all.line_count > 0 ? all.height_px / all.line_count
                                     : style_of(build, text).line_height_px;
    return (struct page_lines){.count = all.line_count,
                               .line_px = line_px,
                               .height_px = all.height_px +
                                            all.gaps * text->paragraph_gap_px,
                               .end_bytes = all.end_bytes};
}

int page_text_width(struct page_build *build, const struct page_text *text,
                    int width_px)
{
    return type_pixels(measure(build, text, width_px, 0).width);
}

int page_text_parted(struct page_build *build, const struct page_text *text,
                     int width_px)
{
    struct typeset_measure all = measure(build, text, width_px, 0);
    return 2 * all.parted + (all.line_count > 1 ? all.line_count - 1 : 0);
}

int page_text_baseline(struct page_build *build, const struct page_text *text,
                       int width_px)
{
    struct typeset_style style = style_of(build, text);
    if (measure(build, text, width_px, 0).line_count == 0)
        return 0;
    return typeset_baseline_px(&style, build->set->metrics);
}

static bool fits(struct page_build *build, const struct page_text *text,
                 int width_px, int height_px, bool words)
{
    struct typeset_measure all = measure(build, text, width_px, 0);
    return !build->failed && all.height_px <= height_px &&
           type_pixels(all.width) <= width_px &&
           (text->unity != UNITY_WORDS || all.whole) &&
           (text->unity != UNITY_LINES || all.paragraphs) &&
           (!words || all.parted == 0);
}

int page_text_fit(struct page_build *build, struct page_text text, int width_px,
                  int height_px, int largest_px, int smallest_px)
{
    /* A line is an em wide at least, however narrow its only character. */
    int low = smallest_px;
    int high = largest_px < width_px ? largest_px : width_px;
    int best = 0;
    while (low <= high) {
        text.size_px = low + (high - low) / 2;
        if (fits(build, &text, width_px, height_px, false)) {
            best = text.size_px;
            low = text.size_px + 1;
        } else {
            high = text.size_px - 1;
        }
    }
    return best;
}

/* A smaller size may part a word that a larger one left whole: steps. */
int page_text_fit_words(struct page_build *build, struct page_text text,
                        int width_px, int height_px, int largest_px,
                        int smallest_px)
{
    int step = largest_px / FIT_STEPS + 1;
    text.size_px = largest_px < width_px ? largest_px : width_px;
    while (text.size_px >= smallest_px &&
           !fits(build, &text, width_px, height_px, true))
        text.size_px -= step;
    return text.size_px >= smallest_px ? text.size_px : 0;
}

static void put_line(struct page_build *build, const struct page_text *text,
                     const struct typeset_line *line, int x, int baseline_y)
{
    struct type_line type = build->set->metrics->line(
        build->set->metrics->context, text->role, text->size_px);
    struct draw_item item = {.kind = DRAW_TEXT, .colour = text->colour};
    item.bounds = (struct rect){
        x + line->left / TYPE_PIXEL, baseline_y - type.ascent_px,
        type_pixels(line->width) + 1, type.ascent_px + type.descent_px};
    item.text.role = text->role;
    item.text.size_px = text->size_px;
    item.text.x = x;
    item.text.baseline_y = baseline_y;
    item.text.glyphs = line->glyphs;
    item.text.glyph_count = line->glyph_count;
    item.text.string = line->text;
    page_put(build, &item, PAGE_STILL);
}

int page_put_text(struct page_build *build, const struct page_text *text, int x,
                  int y, int width_px)
{
    struct typeset_block *block = set_text(build, text, width_px);
    if (block == NULL || !page_set_keep(build->set, block)) {
        build->failed = true;
        return 0;
    }
    for (size_t i = 0; i < block->line_count; i++)
        put_line(build, text, &block->lines[i], x,
                 y + block->lines[i].baseline_px + gaps_px(block, text, i));
    return height_of(block, text);
}

/* x: of the column's base line. */
static void put_column(struct page_build *build, const struct page_text *text,
                       const struct typeset_line *line, int x,
                       struct rect bounds)
{
    const struct typeset_style style = style_of(build, text);
    struct draw_item item = {
        .kind = DRAW_TEXT, .colour = text->colour, .bounds = bounds};
    struct typeset_glyph *glyphs =
        page_set_alloc(build->set, (line->glyph_count + 1) * sizeof *glyphs);
    build->failed = build->failed || glyphs == NULL;
    if (glyphs == NULL)
        return;
    typeset_turn_line(line, &style, glyphs);
    item.text.column = true;
    item.text.role = text->role;
    item.text.size_px = text->size_px;
    item.text.x = x;
    item.text.baseline_y = bounds.y;
    item.text.glyphs = glyphs;
    item.text.glyph_count = line->glyph_count;
    item.text.string = line->text;
    page_put(build, &item, PAGE_STILL);
}

int page_put_columns(struct page_build *build, const struct page_text *text,
                     struct rect room, size_t *next)
{
    struct typeset_block *block = set_text(build, text, room.height);
    if (block == NULL || !page_set_keep(build->set, block)) {
        build->failed = true;
        return 0;
    }
    size_t from = *next, i = from;
    *next = SIZE_MAX;
    if (from >= block->line_count)
        return 0;
    int pitch = block->height_px / (int)block->line_count, used = 0;
    for (; i < block->line_count && used + pitch <= room.width; i++) {
        const struct typeset_line *line = &block->lines[i];
        int under = pitch * (int)(i + 1) - line->baseline_px;
        struct rect bounds = {room.x + used, room.y, pitch,
                              type_pixels(line->width) + 1};
        put_column(build, text, line, bounds.x + under, bounds);
        used += pitch;
    }
    if (i < block->line_count)
        *next = i;
    return used;
}
