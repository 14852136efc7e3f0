/* A text becomes lines of placed glyphs: what layout puts on the glass. */
#include "display/core/typeset/typeset.h"
#include "display/core/typeset/typeset_cell.h"

#include <assert.h>
#include <stdlib.h>

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
        block = typeset_place(&measured, spans, count, measure);
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
