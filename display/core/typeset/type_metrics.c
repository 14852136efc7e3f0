/* Metrics without fonts: what layout tests measure with. */
#include "display/core/typeset/type_metrics.h"

#include <unicode/uchar.h>

/* Chinese fonts draw marks and symbols of ambiguous width on the full em. */
static bool is_drawn_wide(uint32_t codepoint)
{
    UChar32 c = (UChar32)codepoint;
    int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);

    if (width == U_EA_WIDE || width == U_EA_FULLWIDTH)
        return true;
    return width == U_EA_AMBIGUOUS && !u_isalpha(c);
}

static bool has_no_advance(uint32_t codepoint)
{
    UChar32 c = (UChar32)codepoint;
    uint32_t category = U_GET_GC_MASK(c);

    return (category & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CC_MASK)) ||
           u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static struct type_glyph plain_glyph(void *context, enum type_role role,
                                     int size_px, uint32_t codepoint)
{
    (void)context, (void)role;
    struct type_glyph glyph = {.codepoint = codepoint};

    if (has_no_advance(codepoint))
        return glyph;
    glyph.advance = size_px * TYPE_PIXEL;
    if (!is_drawn_wide(codepoint))
        glyph.advance /= 2;
    return glyph;
}

static struct type_line plain_line(void *context, enum type_role role,
                                   int size_px)
{
    (void)context, (void)role;
    struct type_line line = {
        .ascent_px = size_px * 88 / 100,
        .descent_px = size_px - size_px * 88 / 100,
        .cap_height_px = size_px * 73 / 100,
    };

    return line;
}

const struct type_metrics type_metrics_plain = {
    .glyph = plain_glyph,
    .line = plain_line,
};
