/* Any text in any style to any measure: what goes in comes out, in order, and
 * within its box. */
#include "tests/fuzz/check.h"

#include "base/utf8.h"
#include "display/core/typeset/typeset.h"

#include <stdlib.h>
#include <unicode/uchar.h>

enum { SIZE_MOST = 400, WIDTH_MOST = 4000 };

/* White space may go at the ends of lines. */
static uint32_t next_black(const char **text)
{
    uint32_t codepoint;

    do {
        codepoint = utf8_next(text);
    } while (codepoint && u_isUWhiteSpace((UChar32)codepoint));
    return codepoint;
}

static bool is_one_grapheme(const char *text, const struct typeset_style *style)
{
    struct typeset_block *block = typeset_create(text, style, 1,
                                                 &type_metrics_plain);

    FUZZ_CHECK(block);
    bool one = block->line_count == 1;
    typeset_destroy(block);
    return one;
}

static void check_glyphs(const struct typeset_line *line, type_length em)
{
    type_length last = line->left;

    for (size_t i = 0; i < line->glyph_count; i++) {
        const struct typeset_glyph *glyph = &line->glyphs[i];
        FUZZ_CHECK(glyph->codepoint > 0 && glyph->codepoint <= 0x10FFFF);
        /* The blank half of a bracket may reach over a mark of no width. */
        FUZZ_CHECK(glyph->x >= last - em / 2);
        FUZZ_CHECK(glyph->x <= line->left + line->width);
        last = glyph->x;
    }
}

static void check_block(const char *text, const struct typeset_style *style,
                        const struct typeset_block *block, int width_px)
{
    int measure_px = width_px < style->size_px ? style->size_px : width_px;
    const char *at = text;
    int baseline_px = -1;

    FUZZ_CHECK(block->missing >= 0 && block->height_px >= 0);
    for (size_t i = 0; i < block->line_count; i++) {
        const struct typeset_line *line = &block->lines[i];
        const char *own = line->text;
        check_glyphs(line, style->size_px * TYPE_PIXEL);
        for (uint32_t c; (c = next_black(&own)) != 0;)
            FUZZ_CHECK(c == next_black(&at));
        if (line->left + line->width > measure_px * TYPE_PIXEL)
            FUZZ_CHECK(is_one_grapheme(line->text, style));
        FUZZ_CHECK(line->baseline_px > baseline_px);
        baseline_px = line->baseline_px;
    }
    FUZZ_CHECK(next_black(&at) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input;

    fuzz_input_split(data, size, &input);
    const struct typeset_style style = {
        .role = (enum type_role)fuzz_input_next(&input, TYPE_ROLE_COUNT),
        .size_px = 1 + fuzz_input_next(&input, SIZE_MOST),
        .align = (enum typeset_align)fuzz_input_next(&input,
                                                     TYPESET_JUSTIFY + 1),
        .balanced = fuzz_input_next(&input, 2) == 1,
    };
    int width_px = fuzz_input_next(&input, WIDTH_MOST);
    char *text = fuzz_utf8(input.text, input.bytes);
    struct typeset_block *block = typeset_create(text, &style, width_px,
                                                 &type_metrics_plain);
    FUZZ_CHECK(block);
    check_block(text, &style, block, width_px);
    FUZZ_CHECK(typeset_width(text, &style, &type_metrics_plain) >= 0);
    typeset_destroy(block);
    free(text);
    fuzz_input_finish(&input);
    return 0;
}
