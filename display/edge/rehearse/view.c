/* Scales the glass into the window and paints boxes, figures and texts over it.
 */
#include "display/edge/rehearse/view.h"

#include <pixman.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/translate.h"
#include "display/core/typeset/typeset.h"
#include "display/edge/rehearse/keys.h"
#include "display/edge/render/renderer_mix.h"
#include "display/edge/render/renderer_paint.h"

enum {
    /* Text is a thirtieth of the window's height, within these. */
    TEXT_PART = 36,
    TEXT_MIN_PX = 11,
    TEXT_MAX_PX = 26,
    FRAME_US = 16667,
    PROBLEMS_SHOWN = 6,
    HELP_TEXT_BYTES = 4096,
    HELP_COLUMNS = 2,
};

static const draw_colour ground = 0xFF101418, white = 0xFFFFFFFF,
                         box_text = 0xFF35C0FF, box_fill = 0xFF7CFC8A,
                         box_other = 0xFFB48CFF, change = 0xFFFFD000,
                         warning = 0xFFFF4040, shade = 0xFF202830,
                         problem_ground = 0xFF8C1010, pause_ground = 0xFFB06000;

/* What the painting functions share. */
struct brush {
    struct view *view;
    struct painter painter;
    struct fonts *fonts;
    int text_px;
    /* Where the glass lies in the window. */
    struct rect place;
    double scale;
};

static void fill(struct view *view, struct rect area, draw_colour colour)
{
    area = rect_intersect(area, (struct rect){0, 0, view->width, view->height});
    for (int y = area.y; y < area.y + area.height; y++) {
        uint32_t *row = view->pixels + (size_t)y * (size_t)view->width;
        for (int x = area.x; x < area.x + area.width; x++)
            row[x] = colour & 0xFFFFFF;
    }
}

static void outline(struct view *view, struct rect area, int thick,
                    draw_colour colour)
{
    int right = area.x + area.width - thick;
    int below = area.y + area.height - thick;

    fill(view, (struct rect){area.x, area.y, area.width, thick}, colour);
    fill(view, (struct rect){area.x, below, area.width, thick}, colour);
    fill(view, (struct rect){area.x, area.y, thick, area.height}, colour);
    fill(view, (struct rect){right, area.y, thick, area.height}, colour);
}

static struct rect place_glass(const struct view *view,
                               const struct renderer_pixels *glass,
                               double *scale)
{
    double wide = view->width / (double)glass->width;
    double high = view->height / (double)glass->height;

    *scale = wide < high ? wide : high;
    int width = (int)(glass->width * *scale);
    int height = (int)(glass->height * *scale);
    width = width > 0 ? width : 1;
    height = height > 0 ? height : 1;
    return (struct rect){(view->width - width) / 2, (view->height - height) / 2,
                         width, height};
}

static void copy_glass(struct brush *brush, const struct renderer_pixels *glass)
{
    struct rect place = brush->place;
    pixman_transform_t transform;
    pixman_image_t *from = pixman_image_create_bits_no_clear(
        PIXMAN_x8r8g8b8, glass->width, glass->height, (uint32_t *)glass->pixels,
        glass->stride_bytes);

    if (!from)
        return;
    if (brush->scale != 1) {
        pixman_transform_init_scale(&transform,
                                    pixman_double_to_fixed(1 / brush->scale),
                                    pixman_double_to_fixed(1 / brush->scale));
        pixman_image_set_transform(from, &transform);
        pixman_image_set_filter(from,
                                brush->scale == (int)brush->scale
                                    ? PIXMAN_FILTER_NEAREST
                                    : PIXMAN_FILTER_BILINEAR,
                                NULL, 0);
        pixman_image_set_repeat(from, PIXMAN_REPEAT_PAD);
    }
    pixman_image_composite32(PIXMAN_OP_SRC, from, NULL, brush->painter.target,
                             0, 0, 0, 0, place.x, place.y, place.width,
                             place.height);
    pixman_image_unref(from);
}

/* An area of the glass, as it hangs, in the window. */
static struct rect in_window(const struct brush *brush, struct rect area)
{
    return (struct rect){brush->place.x + (int)(area.x * brush->scale),
                         brush->place.y + (int)(area.y * brush->scale),
                         (int)(area.width * brush->scale + 0.5),
                         (int)(area.height * brush->scale + 0.5)};
}

static void add_lines(struct draw_list *list, const struct typeset_block *block,
                      struct rect area, int pad, int size_px,
                      draw_colour colour)
{
    for (size_t i = 0; i < block->line_count; i++) {
        const struct typeset_line *line = &block->lines[i];
        const struct draw_item item = {
            .kind = DRAW_TEXT,
            .bounds = area,
            .colour = colour,
            .text = {.role = TYPE_SANS,
                     .size_px = size_px,
                     .x = area.x + pad,
                     .baseline_y = area.y + pad + line->baseline_px,
                     .glyphs = line->glyphs,
                     .glyph_count = line->glyph_count,
                     .string = line->text}};
        draw_list_add(list, &item);
    }
}

static int width_of(const struct typeset_block *block)
{
    type_length width = 0;

    for (size_t i = 0; i < block->line_count; i++) {
        type_length right = block->lines[i].left + block->lines[i].width;
        if (right > width)
            width = right;
    }
    return (width + TYPE_PIXEL - 1) / TYPE_PIXEL;
}

/* A text on its own ground, with its top left corner at x, y; x < 0: centred.
 * Returns its area. */
static struct rect put_text(struct brush *brush, const char *text, int x, int y,
                            int size_px, draw_colour colour, draw_colour back)
{
    struct view *view = brush->view;
    int pad = size_px / 3;
    int most = view->width - 2 * pad - (x > 0 ? x : 0);
    const struct typeset_style style = {.role = TYPE_SANS,
                                        .size_px = size_px,
                                        .line_height_px = size_px * 4 / 3};
    struct draw_list list = {.count = 0};
    struct typeset_block *block =
        typeset_create(text, &style, most > size_px ? most : size_px,
                       fonts_metrics(brush->fonts));

    if (!block)
        return (struct rect){x, y, 0, 0};
    int width = width_of(block) + 2 * pad;
    struct rect area = {x >= 0 ? x : (view->width - width) / 2, y, width,
                        block->height_px + 2 * pad};
    struct rect seen =
        rect_intersect(area, (struct rect){0, 0, view->width, view->height});
    const struct draw_item behind = {
        .kind = DRAW_FILL, .bounds = area, .colour = back};
    draw_list_add(&list, &behind);
    add_lines(&list, block, area, pad, size_px, colour);
    if (!rect_is_empty(seen))
        painter_paint(&brush->painter, &list, seen);
    draw_list_finish(&list);
    typeset_destroy(block);
    return area;
}

static bool is_small(const struct view_state *state,
                     const struct draw_item *item)
{
    return item->kind == DRAW_TEXT && item->text.glyph_count > 0 &&
           item->text.size_px < state->legal_px;
}

static void put_boxes(struct brush *brush, const struct view_state *state)
{
    bool turned = state->rotation % 180 != 0;
    const struct pixel_layer page = {
        .width = turned ? state->glass.height : state->glass.width,
        .height = turned ? state->glass.width : state->glass.height};

    for (size_t i = 0; i < state->list->count; i++) {
        const struct draw_item *item = &state->list->items[i];
        bool small = state->sizes && is_small(state, item);
        draw_colour colour = small                     ? warning
                             : item->kind == DRAW_TEXT ? box_text
                             : item->kind == DRAW_FILL ? box_fill
                                                       : box_other;
        struct rect area = rect_intersect(
            item->bounds, (struct rect){0, 0, page.width, page.height});
        if ((!state->boxes && !small) || rect_is_empty(area))
            continue;
        area = turn_rect(&page, state->rotation, area);
        outline(brush->view, in_window(brush, area), small ? 3 : 1, colour);
    }
}

static void put_changes(struct brush *brush, const struct view_state *state)
{
    for (size_t i = 0; i < state->damage_count; i++)
        outline(brush->view, in_window(brush, state->damage[i]), 2, change);
}

static void format_sizes(const struct view_state *state, char *out, size_t size)
{
    int least_px = 0, count = 0;
    char mm[32] = "";

    for (size_t i = 0; i < state->list->count; i++) {
        const struct draw_item *item = &state->list->items[i];
        if (item->kind != DRAW_TEXT || item->text.glyph_count == 0)
            continue;
        if (least_px == 0 || item->text.size_px < least_px)
            least_px = item->text.size_px;
        count += is_small(state, item);
    }
    if (state->legal_mm > 0)
        snprintf(mm, sizeof mm, " (%.0f mm)", state->legal_mm);
    if (count > 0)
        snprintf(out, size,
                 tr("%d texts below the smallest legal size: least %d px, "
                    "legal %d px%s"),
                 count, least_px, state->legal_px, mm);
    else
        snprintf(out, size,
                 tr("no text below the legal size %d px%s; least %d px"),
                 state->legal_px, mm, least_px);
}

static void put_graph(struct brush *brush, const struct view_state *state)
{
    int bar = brush->text_px / 6 + 1;
    int high = brush->text_px * 3;
    int right = brush->view->width, below = brush->view->height;
    struct rect area = {right - VIEW_TIMES_MAX * bar, below - high,
                        VIEW_TIMES_MAX * bar, high};

    fill(brush->view, area, shade);
    for (size_t i = 0; i < state->time_count; i++) {
        int us = state->times_us[i];
        int tall = us * (high / 2) / FRAME_US + 1;
        tall = tall < high ? tall : high;
        fill(brush->view,
             (struct rect){area.x + (int)i * bar, below - tall, bar, tall},
             us > FRAME_US ? warning : box_fill);
    }
    /* The time that a frame has. */
    fill(brush->view, (struct rect){area.x, below - high / 2, area.width, 1},
         white);
}

/* Texts from the lower edge upwards. */
static void put_below(struct brush *brush, const char *text, draw_colour back,
                      int *y)
{
    int size_px = brush->text_px;
    const struct typeset_style style = {.role = TYPE_SANS,
                                        .size_px = size_px,
                                        .line_height_px = size_px * 4 / 3};
    int pad = size_px / 3;
    int most = brush->view->width - 2 * pad;
    struct typeset_block *block =
        typeset_create(text, &style, most > size_px ? most : size_px,
                       fonts_metrics(brush->fonts));

    if (!block)
        return;
    *y -= block->height_px + 2 * pad;
    typeset_destroy(block);
    put_text(brush, text, 0, *y, size_px, white, back);
}

static void put_lower_texts(struct brush *brush, const struct view_state *state)
{
    int y = brush->view->height;
    char text[300];

    if (state->times) {
        put_graph(brush, state);
        put_below(brush, state->status, shade, &y);
    }
    if (state->sizes) {
        format_sizes(state, text, sizeof text);
        put_below(brush, text, shade, &y);
    }
    size_t shown = state->problem_count < PROBLEMS_SHOWN ? state->problem_count
                                                         : PROBLEMS_SHOWN;
    if (state->problem_count > shown) {
        snprintf(text, sizeof text, tr("… %zu more"),
                 state->problem_count - shown);
        put_below(brush, text, problem_ground, &y);
    }
    for (size_t i = shown; i > 0; i--)
        put_below(brush, state->problems[i - 1], problem_ground, &y);
}

static void put_upper_texts(struct brush *brush, const struct view_state *state)
{
    int y = 0;

    if (state->prompt)
        y += put_text(brush, state->prompt, -1, y, brush->text_px * 3 / 2,
                      white, shade)
                 .height;
    if (state->paused)
        y += put_text(brush, tr("PAUSED"), -1, y, brush->text_px * 3 / 2, white,
                      pause_ground)
                 .height;
    if (state->note)
        put_text(brush, state->note, -1, y, brush->text_px, white, shade);
}

/* One column of the table of keys. */
static void format_keys(int column, char out[HELP_TEXT_BYTES])
{
    size_t used = 0;

    out[0] = '\0';
    for (const struct rehearsal_key *row = rehearsal_keys; row->code; row++) {
        if (!row->name)
            continue;
        int length = snprintf(out + used, HELP_TEXT_BYTES - used, "%s%s",
                              used > 0 ? "\n" : "",
                              column == 0 ? row->name : tr(row->help));
        used += (size_t)length;
    }
}

static int help_width(struct brush *brush, const char *const *texts,
                      int size_px)
{
    int width = 0;

    for (int i = 0; i < HELP_COLUMNS; i++) {
        const struct typeset_style style = {.role = TYPE_SANS,
                                            .size_px = size_px};
        struct typeset_block *block = typeset_create(
            texts[i], &style, TYPESET_SIZE_MAX, fonts_metrics(brush->fonts));
        width += block ? width_of(block) + 2 * (size_px / 3) + size_px : 0;
        typeset_destroy(block);
    }
    return width;
}

/* In a narrow window the type is smaller. */
static void put_help(struct brush *brush)
{
    char columns[HELP_COLUMNS][HELP_TEXT_BYTES];
    const char *texts[HELP_COLUMNS];
    int lines = 1;

    for (int i = 0; i < HELP_COLUMNS; i++) {
        format_keys(i, columns[i]);
        texts[i] = columns[i];
    }
    for (const char *at = columns[0]; *at; at++)
        lines += *at == '\n';
    int size_px = brush->view->height * 3 / (4 * (lines + 1));
    size_px = size_px < TEXT_MAX_PX ? size_px : TEXT_MAX_PX;
    size_px = size_px > TEXT_MIN_PX - 3 ? size_px : TEXT_MIN_PX - 3;
    int width = help_width(brush, texts, size_px);
    while (width > brush->view->width && size_px > TEXT_MIN_PX - 3)
        width = help_width(brush, texts, --size_px);
    int pad = size_px / 3;
    struct rect area = {(brush->view->width - width) / 2, 0, width,
                        lines * (size_px * 4 / 3) + 2 * pad};
    area.x = area.x > 0 ? area.x : 0;
    area.y = (brush->view->height - area.height) / 2;
    area.y = area.y > 0 ? area.y : 0;
    fill(brush->view, area, shade);
    outline(brush->view, area, 1, white);
    int x = area.x + 1;
    for (int i = 0; i < HELP_COLUMNS; i++)
        x += put_text(brush, texts[i], x, area.y, size_px,
                      i == 0 ? change : white, shade)
                 .width +
             size_px - 1;
    outline(brush->view, area, 1, white);
}

static bool fit(struct view *view, int width_px, int height_px)
{
    if (view->pixels && view->width == width_px && view->height == height_px)
        return true;
    uint32_t *pixels = calloc((size_t)width_px * (size_t)height_px,
                              sizeof *pixels);
    if (!pixels)
        return false;
    free(view->pixels);
    *view = (struct view){pixels, width_px, height_px};
    return true;
}

/* The window around the glass. */
static void fill_around(struct brush *brush)
{
    struct view *view = brush->view;
    struct rect place = brush->place;
    int right = place.x + place.width, below = place.y + place.height;

    fill(view, (struct rect){0, 0, view->width, place.y}, ground);
    fill(view, (struct rect){0, below, view->width, view->height - below},
         ground);
    fill(view, (struct rect){0, place.y, place.x, place.height}, ground);
    fill(view, (struct rect){right, place.y, view->width - right, place.height},
         ground);
}

bool view_draw(struct view *view, const struct view_state *state, int width_px,
               int height_px, struct fonts *fonts)
{
    if (!fit(view, width_px, height_px))
        return false;
    struct brush brush = {.view = view,
                          .fonts = fonts,
                          .painter = {.fonts = fonts},
                          .text_px = height_px / TEXT_PART};
    brush.painter.target = pixman_image_create_bits_no_clear(
        PIXMAN_x8r8g8b8, width_px, height_px, view->pixels, width_px * 4);
    if (!brush.painter.target)
        return false;
    brush.text_px = brush.text_px < TEXT_MIN_PX   ? TEXT_MIN_PX
                    : brush.text_px > TEXT_MAX_PX ? TEXT_MAX_PX
                                                  : brush.text_px;
    brush.place = place_glass(view, &state->glass, &brush.scale);
    fill_around(&brush);
    copy_glass(&brush, &state->glass);
    put_boxes(&brush, state);
    if (state->changes)
        put_changes(&brush, state);
    put_lower_texts(&brush, state);
    put_upper_texts(&brush, state);
    if (state->help)
        put_help(&brush);
    painter_finish(&brush.painter);
    pixman_image_unref(brush.painter.target);
    fonts_trim(fonts);
    return true;
}

void view_finish(struct view *view)
{
    free(view->pixels);
    *view = (struct view){.pixels = NULL};
}

struct renderer_pixels view_pixels(const struct view *view)
{
    return (struct renderer_pixels){view->pixels, view->width, view->height,
                                    view->width * (int)sizeof(uint32_t)};
}
