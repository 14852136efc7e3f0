/* A face of the chain. */
#include "display/edge/text/fonts_face.h"

#include <assert.h>
#include <string.h>
#include <unicode/uchar.h>

/* Light hinting moves horizontal strokes, of which Chinese characters have
 * many, onto whole rows of pixels. It does not change widths. */
enum { LOAD = FT_LOAD_NO_BITMAP | FT_LOAD_TARGET_LIGHT };

static bool refuse(struct fonts_face *face)
{
    fonts_face_close(face);
    face->refused = true;
    return false;
}

static bool check(const struct fonts_face *face, struct problem *problem)
{
    const char *family = face->font->family_name;

    if (!family || strcmp(family, face->source->family) != 0)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "face %d of %s is '%s', expected '%s'",
                           face->source->index, face->source->file,
                           family ? family : "", face->source->family);
    return FT_IS_SCALABLE(face->font) || FT_HAS_COLOR(face->font) ||
           problem_set(problem, PROBLEM_SYSTEM, "%s: no outlines",
                       face->source->file);
}

bool fonts_face_open(struct fonts_face *face, struct problem *problem)
{
    if (face->font)
        return true;
    if (face->refused || !face->source->installed) {
        problem_set(problem, PROBLEM_SYSTEM, "%s (%s) is not installed",
                    face->source->family, face->source->file);
        return refuse(face);
    }
    const struct font_file *file = font_files_map(face->files,
                                                  face->source->file, problem);
    if (!file)
        return refuse(face);
    FT_Error error = FT_New_Memory_Face(face->library, file->bytes,
                                        (FT_Long)file->size,
                                        face->source->index, &face->font);
    if (error) {
        face->font = NULL;
        problem_set(problem, PROBLEM_SYSTEM, "%s: FreeType's error %d",
                    face->source->file, error);
        return refuse(face);
    }
    return check(face, problem) || refuse(face);
}

void fonts_face_close(struct fonts_face *face)
{
    if (face->font)
        FT_Done_Face(face->font);
    face->font = NULL;
    face->size_px = 0;
}

bool fonts_face_has(const struct fonts_face *face, uint32_t codepoint)
{
    assert(face->font);
    return FT_Get_Char_Index(face->font, codepoint) != 0;
}

bool fonts_face_set_size(struct fonts_face *face, int size_px)
{
    assert(face->font);
    if (face->size_px == size_px)
        return true;
    face->size_px = 0;
    if (FT_Set_Pixel_Sizes(face->font, 0, (FT_UInt)size_px) != 0)
        return false;
    face->size_px = size_px;
    return true;
}

/* In whole pixels; 26.6 is FreeType's unit. */
static int round_up(FT_Pos length)
{
    return (int)((length + 63) >> 6);
}

static bool load(struct fonts_face *face, int size_px, uint32_t codepoint)
{
    return fonts_face_set_size(face, size_px) &&
           FT_Load_Glyph(face->font, FT_Get_Char_Index(face->font, codepoint),
                         LOAD) == 0;
}

struct fonts_glyph fonts_face_glyph(struct fonts_face *face, uint32_t codepoint)
{
    if (!load(face, FONTS_UNITS, codepoint))
        return (struct fonts_glyph){.advance = FONTS_UNITS};
    FT_GlyphSlot slot = face->font->glyph;
    return (struct fonts_glyph){
        .advance = round_up(slot->metrics.horiAdvance),
        .left = slot->bitmap_left,
        .right = slot->bitmap_left + (int)slot->bitmap.width,
        .bottom = slot->bitmap_top - (int)slot->bitmap.rows,
        .top = slot->bitmap_top,
    };
}

int fonts_face_advance(struct fonts_face *face, uint32_t codepoint)
{
    if (!u_hasBinaryProperty((UChar32)codepoint, UCHAR_UNIFIED_IDEOGRAPH))
        return fonts_face_glyph(face, codepoint).advance;
    if (face->ideograph == 0)
        face->ideograph = fonts_face_glyph(face, codepoint).advance;
    return face->ideograph;
}

int fonts_dash_ems(uint32_t codepoint)
{
    return codepoint == 0x2E3A ? 2 : codepoint == 0x2E3B ? 3 : 0;
}

struct fonts_measures fonts_face_measures(struct fonts_face *face)
{
    struct fonts_measures out = {FONTS_UNITS, FONTS_UNITS / 4, FONTS_UNITS / 2};

    if (!fonts_face_set_size(face, FONTS_UNITS))
        return out;
    FT_Fixed scale = face->font->size->metrics.y_scale;
    out.ascent = round_up(FT_MulFix(face->font->ascender, scale));
    out.descent = -round_up(FT_MulFix(face->font->descender, scale));
    out.cap_height = fonts_face_glyph(face, 'H').top;
    return out;
}

static bool row_has_ink(const struct fonts_ink *ink, int y)
{
    const uint8_t *row = ink->pixels + (ptrdiff_t)y * ink->pitch;

    for (int x = 0; x < ink->width; x++) {
        if (row[x])
            return true;
    }
    return false;
}

static bool column_has_ink(const struct fonts_ink *ink, int x)
{
    for (int y = 0; y < ink->height; y++) {
        if (ink->pixels[(ptrdiff_t)y * ink->pitch + x])
            return true;
    }
    return false;
}

static struct fonts_ink crop(struct fonts_ink ink)
{
    while (ink.height > 0 && !row_has_ink(&ink, ink.height - 1))
        ink.height--;
    while (ink.height > 0 && !row_has_ink(&ink, 0)) {
        ink.pixels += ink.pitch;
        ink.top_px--;
        ink.height--;
    }
    while (ink.width > 0 && !column_has_ink(&ink, ink.width - 1))
        ink.width--;
    while (ink.width > 0 && !column_has_ink(&ink, 0)) {
        ink.pixels++;
        ink.left_px++;
        ink.width--;
    }
    return ink.width > 0 && ink.height > 0 ? ink : (struct fonts_ink){0};
}

struct fonts_ink fonts_ink_of(const FT_GlyphSlot slot)
{
    const FT_Bitmap *bitmap = &slot->bitmap;

    if (!bitmap->buffer || bitmap->pixel_mode != FT_PIXEL_MODE_GRAY ||
        bitmap->pitch <= 0)
        return (struct fonts_ink){0};
    return crop((struct fonts_ink){.pixels = bitmap->buffer,
                                   .width = (int)bitmap->width,
                                   .height = (int)bitmap->rows,
                                   .pitch = bitmap->pitch,
                                   .left_px = slot->bitmap_left,
                                   .top_px = slot->bitmap_top});
}

bool fonts_face_draw(struct fonts_face *face, int size_px, uint32_t codepoint,
                     struct fonts_ink *out)
{
    if (!load(face, size_px, codepoint) ||
        FT_Render_Glyph(face->font->glyph, FT_RENDER_MODE_NORMAL) != 0)
        return false;
    *out = fonts_ink_of(face->font->glyph);
    return true;
}
