/* Texts of templates: measured, fitted, put at a place or flowed over pages. */
#include "display/core/page/page_build.h"

#include "display/core/page/page_run.h"

#include <string.h>

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
        .breaks = text->breaks,
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
    struct typeset_block *block = typeset_create(text->text, &style, width_px,
                                                 build->set->metrics);
    build->failed = block == NULL;
    return block;
}

int page_text_height(struct page_build *build, const struct page_text *text,
                     int width_px)
{
    struct typeset_block *block = set_text(build, text, width_px);
    int height = block == NULL ? 0 : height_of(block, text);
    typeset_destroy(block);
    return height;
}

struct page_lines page_text_lines(struct page_build *build,
                                  const struct page_text *text, int width_px,
                                  int most)
{
    struct typeset_block *block = set_text(build, text, width_px);
    struct page_lines lines = {.line_px = style_of(build, text).line_height_px};
    if (block == NULL)
        return lines;
    lines.count = (int)block->line_count;
    lines.height_px = height_of(block, text);
    int last = most < lines.count ? most : lines.count;
    if (last > 0)
        lines.end_bytes = block->lines[last - 1].end_bytes;
    typeset_destroy(block);
    return lines;
}

static int block_width(const struct typeset_block *block)
{
    type_length widest = 0;
    for (size_t i = 0; i < block->line_count; i++) {
        if (block->lines[i].width > widest)
            widest = block->lines[i].width;
    }
    return type_pixels(widest);
}

int page_text_width(struct page_build *build, const struct page_text *text,
                    int width_px)
{
    struct typeset_block *block = set_text(build, text, width_px);
    int width = block == NULL ? 0 : block_width(block);
    typeset_destroy(block);
    return width;
}

int page_text_parted(struct page_build *build, const struct page_text *text,
                     int width_px)
{
    struct typeset_block *block = set_text(build, text, width_px);
    int parted = 0;
    if (block != NULL)
        parted = 2 * block->parted +
                 (block->line_count > 1 ? (int)block->line_count - 1 : 0);
    typeset_destroy(block);
    return parted;
}

int page_text_baseline(struct page_build *build, const struct page_text *text,
                       int width_px)
{
    struct typeset_block *block = set_text(build, text, width_px);
    bool any = block != NULL && block->line_count > 0;
    int baseline = any ? block->lines[0].baseline_px : 0;
    typeset_destroy(block);
    return baseline;
}

static bool keeps(const struct typeset_block *block, enum page_unity unity)
{
    for (size_t i = 0; i < block->line_count; i++) {
        const struct typeset_line *line = &block->lines[i];
        if ((unity == UNITY_WORDS && !line->whole) ||
            (unity == UNITY_LINES && !line->ends_paragraph))
            return false;
    }
    return true;
}

static bool fits(struct page_build *build, const struct page_text *text,
                 int width_px, int height_px, bool words)
{
    struct typeset_block *block = set_text(build, text, width_px);
    bool good = block != NULL && block->height_px <= height_px &&
                block_width(block) <= width_px && keeps(block, text->unity) &&
                (!words || block->parted == 0);
    typeset_destroy(block);
    return good;
}

/* False without memory. */
static bool find_breaks(struct page_build *build, const struct page_text *text,
                        struct line_breaks *out)
{
    if (line_breaks_find(text->text, strlen(text->text), text->balanced, out))
        return true;
    build->failed = true;
    return false;
}

int page_text_fit(struct page_build *build, struct page_text text, int width_px,
                  int height_px, int largest_px, int smallest_px)
{
    /* A line is an em wide at least, however narrow its only character. */
    int low = smallest_px;
    int high = largest_px < width_px ? largest_px : width_px;
    int best = 0;
    struct line_breaks breaks;
    if (!find_breaks(build, &text, &breaks))
        return 0;
    text.breaks = &breaks;
    while (low <= high) {
        text.size_px = low + (high - low) / 2;
        if (fits(build, &text, width_px, height_px, false)) {
            best = text.size_px;
            low = text.size_px + 1;
        } else {
            high = text.size_px - 1;
        }
    }
    line_breaks_finish(&breaks);
    return best;
}

/* A smaller size may part a word that a larger one left whole: steps. */
int page_text_fit_words(struct page_build *build, struct page_text text,
                        int width_px, int height_px, int largest_px,
                        int smallest_px)
{
    int step = largest_px / FIT_STEPS + 1;
    struct line_breaks breaks;
    if (!find_breaks(build, &text, &breaks))
        return 0;
    text.breaks = &breaks;
    text.size_px = largest_px < width_px ? largest_px : width_px;
    while (text.size_px >= smallest_px &&
           !fits(build, &text, width_px, height_px, true))
        text.size_px -= step;
    line_breaks_finish(&breaks);
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
    page_put(build, &item, PAGE_APPEAR);
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
