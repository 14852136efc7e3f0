/* Sets single lines for figures and furniture. */
#include "display/core/page/page_run.h"

#include "display/core/typeset/typeset_cluster.h"
#include "display/core/typeset/typeset_shape.h"

#include <string.h>
#include <unicode/uchar.h>

/* Where the ink of the smaller Chinese characters above and below begins, of
 * the size of the digits. */
enum { HAN_INK_PERCENT = 1 };

int type_pixels(type_length length)
{
    return (length + TYPE_PIXEL - 1) / TYPE_PIXEL;
}

static bool is_digit(uint32_t codepoint)
{
    return codepoint >= '0' && codepoint <= '9';
}

static type_length digit_cell(const struct type_metrics *metrics,
                              enum type_role role, int size_px)
{
    type_length widest = 0;
    for (uint32_t digit = '0'; digit <= '9'; digit++) {
        type_length advance =
            metrics->glyph(metrics->context, role, size_px, digit).advance;
        if (advance > widest)
            widest = advance;
    }
    return widest;
}

struct run {
    const struct type_metrics *metrics;
    enum type_role role;
    int size_px;
    struct typeset_glyph *glyphs; /* NULL: only measured */
    size_t count;
    type_length width;
};

static void put_cluster(struct run *run, const struct typeset_cluster *cluster,
                        type_length x)
{
    for (size_t i = 0; i < cluster->count; i++) {
        const struct typeset_part *part = &cluster->parts[i];
        run->glyphs[run->count++] =
            (struct typeset_glyph){.face = part->glyph.face,
                                   .codepoint = part->glyph.codepoint,
                                   .x = run->width + x + part->x,
                                   .missing = part->glyph.missing,
                                   .rise = part->rise};
    }
}

/* Scripts whose letters join or run from right to left. Room for glyphs is for
 * one a byte, and shaping makes no more. */
static void run_shape(struct run *run, const char *text)
{
    const struct typeset_style style = {.role = run->role,
                                        .size_px = run->size_px};
    const int widest_px = INT32_MAX / TYPE_PIXEL;

    run->width = typeset_width(text, &style, run->metrics);
    struct typeset_block *block =
        run->glyphs ? typeset_create(text, &style, widest_px, run->metrics)
                    : NULL;
    for (size_t i = 0; block && i < block->line_count && i < 1; i++) {
        const struct typeset_line *line = &block->lines[i];
        for (size_t k = 0; k < line->glyph_count; k++) {
            run->glyphs[k] = line->glyphs[k];
            run->glyphs[k].x -= line->left;
        }
        run->count = line->glyph_count;
    }
    typeset_destroy(block);
}

static void run_set(struct run *run, const char *text)
{
    type_length cell = 0; /* of a digit, once there is one */
    uint32_t points[TYPESET_CLUSTER_POINTS + 1];
    const char *whole = text;
    size_t count = 0;
    while ((count = typeset_cluster_next(&text, points)) > 0) {
        struct typeset_cluster cluster;
        if (typeset_script_is_shaped(points[0]) && run->metrics->shape) {
            run_shape(run, whole);
            return;
        }
        if (u_isUWhiteSpace((UChar32)points[0])) {
            run->width += run->metrics
                              ->glyph(run->metrics->context, run->role,
                                      run->size_px, points[0])
                              .advance;
            continue;
        }
        typeset_cluster_set(run->metrics, run->role, run->size_px, points,
                            count, &cluster);
        bool digit = count == 1 && is_digit(points[0]);
        if (digit && cell == 0)
            cell = digit_cell(run->metrics, run->role, run->size_px);
        type_length advance = digit ? cell : cluster.advance;
        if (run->glyphs != NULL)
            put_cluster(run, &cluster, (advance - cluster.advance) / 2);
        run->width += advance;
    }
}

type_length page_run_width(const struct type_metrics *metrics,
                           enum type_role role, int size_px, const char *text)
{
    struct run run = {.metrics = metrics, .role = role, .size_px = size_px};
    run_set(&run, text);
    return run.width;
}

int page_run_ink_px(const struct type_metrics *metrics, enum type_role role,
                    int size_px, const char *text)
{
    uint32_t first = (unsigned char)text[0];
    if (metrics->ink == NULL || !is_digit(first))
        return 0;
    type_length left =
        metrics->ink(metrics->context, role, size_px, first).left;
    int hidden = left / TYPE_PIXEL - size_px * HAN_INK_PERCENT / 100;
    return hidden > 0 ? hidden : 0;
}

struct draw_item page_run_item(const struct type_metrics *metrics,
                               enum type_role role, int size_px,
                               const char *text, struct typeset_glyph *glyphs)
{
    struct run run = {metrics, role, size_px, glyphs, 0, 0};
    run_set(&run, text);
    struct type_line line = metrics->line(metrics->context, role, size_px);
    struct draw_item item = {.kind = DRAW_TEXT};
    item.bounds = (struct rect){0, -line.ascent_px, type_pixels(run.width),
                                line.ascent_px + line.descent_px};
    item.text.role = role;
    item.text.size_px = size_px;
    item.text.glyphs = glyphs;
    item.text.glyph_count = run.count;
    item.text.string = text;
    return item;
}

void page_run_place(struct draw_item *item, int x, int baseline_y)
{
    item->bounds.x += x - item->text.x;
    item->bounds.y += baseline_y - item->text.baseline_y;
    item->text.x = x;
    item->text.baseline_y = baseline_y;
}

bool page_run_draw(const struct type_metrics *metrics, enum type_role role,
                   int size_px, const char *text, int x, int baseline_y,
                   draw_colour colour, struct draw_list *out)
{
    size_t bytes = strlen(text) + 1;
    char *string = draw_list_alloc(out, bytes);
    struct typeset_glyph *glyphs = draw_list_alloc(out, bytes * sizeof *glyphs);
    if (string == NULL || glyphs == NULL)
        return false;
    memcpy(string, text, bytes);
    struct draw_item item = page_run_item(metrics, role, size_px, string,
                                          glyphs);
    int hidden = page_run_ink_px(metrics, role, size_px, text);
    page_run_place(&item, x, baseline_y);
    item.bounds.x += hidden;
    item.bounds.width -= hidden;
    item.colour = colour;
    return draw_list_add(out, &item);
}
