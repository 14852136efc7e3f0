/* Items of a draw list become pixels: text here, shapes in paint_shape.c. */
#include "display/edge/paint.h"

pixman_image_t *paint_source(draw_colour colour)
{
    uint32_t alpha = (colour >> 24) * 0x101;
    /* pixman's colours are premultiplied, 16 bits a channel. */
    const pixman_color_t solid = {
        .alpha = (uint16_t)alpha,
        .red = (uint16_t)(((colour >> 16 & 0xFF) * 0x101 * alpha) / 0xFFFF),
        .green = (uint16_t)(((colour >> 8 & 0xFF) * 0x101 * alpha) / 0xFFFF),
        .blue = (uint16_t)(((colour & 0xFF) * 0x101 * alpha) / 0xFFFF),
    };

    return pixman_image_create_solid_fill(&solid);
}

static void paint_glyph(struct paint *paint, pixman_image_t *source,
                        const struct font_picture *picture, int x, int y)
{
    const struct rect place = {x, y, picture->width, picture->height};

    if (rect_is_empty(rect_intersect(place, paint->clip)))
        return;
    /* pixman takes the mask's bits as writable, and only reads them. */
    pixman_image_t *mask = pixman_image_create_bits_no_clear(
        PIXMAN_a8, picture->width, picture->height,
        (uint32_t *)(uintptr_t)picture->pixels, picture->stride);
    if (!mask)
        return;
    pixman_image_composite32(PIXMAN_OP_OVER, source, mask, paint->image, 0, 0,
                             0, 0, x, y, picture->width, picture->height);
    pixman_image_unref(mask);
}

static int round_to_pixel(type_length length)
{
    return (length + TYPE_PIXEL / 2) >> 6;
}

static void paint_text(struct paint *paint, const struct draw_item *item)
{
    pixman_image_t *source = paint_source(item->colour);

    if (!source)
        return;
    for (size_t i = 0; i < item->text.glyph_count; i++) {
        const struct typeset_glyph *glyph = &item->text.glyphs[i];
        struct font_picture picture =
            fonts_picture(paint->fonts, item->text.role, glyph->face,
                          item->text.size_px, glyph->codepoint);
        if (picture.pixels)
            paint_glyph(paint, source, &picture,
                        item->text.x + round_to_pixel(glyph->x) +
                            picture.left_px,
                        item->text.baseline_y - picture.top_px);
    }
    pixman_image_unref(source);
}

void paint_item(struct paint *paint, const struct draw_item *item)
{
    if (rect_is_empty(rect_intersect(item->bounds, paint->clip)))
        return;
    switch (item->kind) {
    case DRAW_FILL:
        paint_fill(paint, item);
        return;
    case DRAW_POLYGON:
        paint_polygon(paint, item);
        return;
    case DRAW_ARC:
        paint_arc(paint, item);
        return;
    case DRAW_TEXT:
        paint_text(paint, item);
        return;
    }
}
