/* The plain page: what stands there when nothing else can. Set anew for every
 * frame, from nothing but names and times. */
#include "display/core/page/page.h"

#include "base/timestamp.h"
#include "display/core/page/lunar.h"
#include "display/core/page/page_run.h"
#include "display/core/page/page_words.h"

#include <stdio.h>
#include <string.h>

enum { PLAIN_LINES = 4 };

struct plain_line {
    const char *text;
    enum type_role role;
    int size_px;
    draw_colour colour;
};

/* Glyphs and string of a set line move into the list's memory. */
static bool add_line(const struct plain_line *style,
                     const struct typeset_line *line, int x, int y,
                     struct draw_list *out)
{
    size_t bytes = line->glyph_count * sizeof *line->glyphs;
    struct typeset_glyph *glyphs = draw_list_alloc(out, bytes + 1);
    char *string = draw_list_alloc(out, strlen(line->text) + 1);
    if (glyphs == NULL || string == NULL)
        return false;
    if (bytes > 0)
        memcpy(glyphs, line->glyphs, bytes);
    strcpy(string, line->text);
    struct draw_item item = {.kind = DRAW_TEXT, .colour = style->colour};
    item.bounds = (struct rect){x + line->left / TYPE_PIXEL,
                                y + line->baseline_px - style->size_px * 9 / 8,
                                type_pixels(line->width) + 1,
                                style->size_px * 3 / 2};
    item.text.role = style->role;
    item.text.size_px = style->size_px;
    item.text.x = x;
    item.text.baseline_y = y + line->baseline_px;
    item.text.glyphs = glyphs;
    item.text.glyph_count = line->glyph_count;
    item.text.string = string;
    return draw_list_add(out, &item);
}

static struct typeset_block *set_line(const struct page_context *context,
                                      const struct plain_line *line)
{
    struct typeset_style style = {.role = line->role,
                                  .size_px = line->size_px,
                                  .line_height_px = line->size_px * 6 / 5,
                                  .align = TYPESET_CENTRE,
                                  .balanced = true};
    return typeset_create(line->text, &style, context->geometry.safe.width,
                          context->metrics);
}

/* Draws what fits, in the order of weight: a strip has no room for all. */
static bool draw_lines(const struct page_context *context,
                       const struct plain_line *lines, size_t count,
                       struct draw_list *out)
{
    const struct rect *safe = &context->geometry.safe;
    struct typeset_block *blocks[PLAIN_LINES] = {NULL};
    int height = 0;
    size_t shown = 0;
    bool good = true;
    for (; shown < count && good; shown++) {
        blocks[shown] = set_line(context, &lines[shown]);
        good = blocks[shown] != NULL;
        if (good && shown > 0 &&
            height + blocks[shown]->height_px > safe->height)
            break;
        height += good ? blocks[shown]->height_px : 0;
    }
    int y = safe->y + (safe->height - height) / 2;
    for (size_t i = 0; i < shown && good; i++) {
        const struct typeset_block *block = blocks[i];
        for (size_t l = 0; l < block->line_count && good; l++)
            good = add_line(&lines[i], &block->lines[l], safe->x, y, out);
        y += block->height_px;
    }
    for (size_t i = 0; i < PLAIN_LINES; i++)
        typeset_destroy(blocks[i]);
    return good;
}

static void say_time(const struct plain_page *page,
                     const struct page_context *context, char out[WORDS_BYTES])
{
    char day[WORDS_BYTES], clock[WORDS_BYTES];
    words_time(context->theme, WORD_DAY, page->now_ms,
               page_offset_minutes(context, page->now_ms), day);
    words_clock(page->now_ms, page_offset_minutes(context, page->now_ms),
                clock);
    snprintf(out, WORDS_BYTES, "%.200s　%.200s", day, clock);
}

/* While nothing is wrong, how old the newest is; else up to when it reaches. */
static void say_news(const struct plain_page *page,
                     const struct page_context *context, char out[WORDS_BYTES])
{
    const struct theme *theme = context->theme;
    char age[WORDS_BYTES];
    const struct word_slot slot = {"age", age};

    if (page->news_old || page->now_ms == TIMESTAMP_NONE ||
        page->news.until_ms == TIMESTAMP_NONE) {
        words_news(theme, &page->news, page->now_ms,
                   page_offset_minutes(context, page->news.until_ms), out);
        return;
    }
    words_age(theme, page->news.until_ms, page->now_ms, age);
    words_fill(theme, WORD_NEWS, &slot, 1, out);
}

/* The name as large as one line allows. */
static int name_size(const struct page_context *context, const char *name)
{
    const struct geometry *geometry = &context->geometry;
    bool strip = geometry->shape == SHAPE_STRIP;
    int size = geometry->legal_px * (strip ? 1 : 3);
    while (size > geometry->legal_px &&
           type_pixels(page_run_width(context->metrics, TYPE_SERIF_BOLD, size,
                                      name)) > geometry->safe.width)
        size--;
    return size;
}

bool plain_page_frame(const struct plain_page *page,
                      const struct page_context *context, struct draw_list *out)
{
    const struct theme *theme = context->theme;
    int legal = context->geometry.legal_px;
    char time[WORDS_BYTES] = "";
    char news[WORDS_BYTES];
    struct draw_item ground = {.kind = DRAW_FILL,
                               .bounds = {0, 0, context->geometry.width_px,
                                          context->geometry.height_px},
                               .colour = theme->ground};
    if (page->now_ms != TIMESTAMP_NONE)
        say_time(page, context, time);
    say_news(page, context, news);
    const char *name = page->place_name == NULL ? "" : page->place_name;
    const char *line = page->line == NULL ? "" : page->line;
    const struct plain_line head = {name, TYPE_SERIF_BOLD,
                                    name_size(context, name), theme->text};
    const struct plain_line clock = {time, TYPE_SANS, legal, theme->text};
    const struct plain_line more = {line, TYPE_SERIF_BOLD,
                                    name_size(context, line), theme->text};
    const struct plain_line age = {news, TYPE_SANS, legal, theme->muted};
    /* A strip has room for two lines: the age of the news is the second, unless
     * somebody wants to know which screen this is. */
    bool strip = context->geometry.shape == SHAPE_STRIP;
    const struct plain_line all[PLAIN_LINES] = {more, head, strip ? age : clock,
                                                strip ? clock : age};
    struct plain_line lines[PLAIN_LINES];
    size_t count = 0;
    for (size_t i = 0; i < PLAIN_LINES; i++) {
        if (all[i].text[0] != '\0')
            lines[count++] = all[i];
    }
    return draw_list_add(out, &ground) &&
           draw_lines(context, lines, count, out);
}
