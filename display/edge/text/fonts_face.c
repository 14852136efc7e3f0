/* A face of the chain. Only this file and fonts.c call SDL_ttf. */
#include "display/edge/text/fonts_face.h"

#include <assert.h>
#include <string.h>
#include <unicode/uchar.h>

static bool refuse(struct fonts_face *face)
{
    fonts_face_close(face);
    face->refused = true;
    return false;
}

/* Light hinting moves horizontal strokes, of which Chinese characters have
 * many, onto whole rows of pixels. It does not change widths. */
static bool prepare(struct fonts_face *face, struct problem *problem)
{
    const char *family = TTF_FontFaceFamilyName(face->font);

    if (!family || strcmp(family, face->source->family) != 0)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "face %d of %s is '%s', expected '%s'",
                           face->source->index, face->source->file,
                           family ? family : "", face->source->family);
    TTF_SetFontHinting(face->font, TTF_HINTING_LIGHT);
    TTF_SetFontKerning(face->font, 0);
    face->size_px = FONTS_UNITS;
    return true;
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
    SDL_RWops *bytes = SDL_RWFromConstMem(file->bytes, (int)file->size);
    face->font = TTF_OpenFontIndexRW(bytes, 1, FONTS_UNITS,
                                     face->source->index);
    if (!face->font) {
        problem_set(problem, PROBLEM_SYSTEM, "%s: %s", face->source->file,
                    TTF_GetError());
        return refuse(face);
    }
    return prepare(face, problem) || refuse(face);
}

void fonts_face_close(struct fonts_face *face)
{
    if (face->font)
        TTF_CloseFont(face->font);
    face->font = NULL;
}

bool fonts_face_has(const struct fonts_face *face, uint32_t codepoint)
{
    assert(face->font);
    return TTF_GlyphIsProvided32(face->font, codepoint) != 0;
}

/* SDL_ttf drops its glyphs when the size is set, so it is set only if it
 * changes. */
static bool set_size(struct fonts_face *face, int size_px)
{
    assert(face->font);
    if (face->size_px == size_px)
        return true;
    face->size_px = 0;
    if (TTF_SetFontSize(face->font, size_px) != 0)
        return false;
    face->size_px = size_px;
    return true;
}

struct fonts_glyph fonts_face_glyph(struct fonts_face *face, uint32_t codepoint)
{
    struct fonts_glyph out = {.advance = FONTS_UNITS};

    if (set_size(face, FONTS_UNITS))
        TTF_GlyphMetrics32(face->font, codepoint, &out.left, &out.right,
                           &out.bottom, &out.top, &out.advance);
    return out;
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

    if (!set_size(face, FONTS_UNITS))
        return out;
    out.ascent = TTF_FontAscent(face->font);
    out.descent = -TTF_FontDescent(face->font);
    TTF_GlyphMetrics32(face->font, 'H', NULL, NULL, NULL, &out.cap_height,
                       NULL);
    return out;
}

static bool row_has_ink(const SDL_Surface *surface, int x, int y, int width)
{
    const uint8_t *row = (const uint8_t *)surface->pixels +
                         (size_t)y * surface->pitch + x;

    for (int i = 0; i < width; i++) {
        if (row[i])
            return true;
    }
    return false;
}

static bool column_has_ink(const SDL_Surface *surface, int x, int y, int height)
{
    for (int i = 0; i < height; i++) {
        if (row_has_ink(surface, x, y + i, 1))
            return true;
    }
    return false;
}

/* The surface is as high as the line; only the ink is kept. */
static SDL_Rect find_ink(const SDL_Surface *surface)
{
    SDL_Rect ink = {0, 0, surface->w, surface->h};

    while (ink.h > 0 && !row_has_ink(surface, 0, ink.y + ink.h - 1, ink.w))
        ink.h--;
    while (ink.h > 0 && !row_has_ink(surface, 0, ink.y, ink.w)) {
        ink.y++;
        ink.h--;
    }
    while (ink.w > 0 && !column_has_ink(surface, ink.w - 1, ink.y, ink.h))
        ink.w--;
    while (ink.w > 0 && !column_has_ink(surface, ink.x, ink.y, ink.h)) {
        ink.x++;
        ink.w--;
    }
    return ink;
}

bool fonts_face_draw(struct fonts_face *face, int size_px, uint32_t codepoint,
                     struct fonts_ink *out)
{
    const SDL_Color white = {255, 255, 255, 255}, black = {0, 0, 0, 255};
    int left = 0, right = 0, bottom = 0, top = 0;

    if (!set_size(face, size_px) ||
        TTF_GlyphMetrics32(face->font, codepoint, &left, &right, &bottom, &top,
                           NULL) != 0)
        return false;
    if (right <= left || top <= bottom) {
        *out = (struct fonts_ink){0};
        return true;
    }
    SDL_Surface *surface = TTF_RenderGlyph32_Shaded(face->font, codepoint,
                                                    white, black);
    if (!surface)
        return false;
    /* The origin is at the surface's left edge and at the ascent, unless the
     * glyph reaches beyond; then SDL_ttf moves it in. */
    int ascent = TTF_FontAscent(face->font);
    int origin_x = left < 0 ? -left : 0;
    int base_y = top > ascent ? top : ascent;
    SDL_Rect crop = find_ink(surface);
    *out = (struct fonts_ink){.surface = surface,
                              .crop = crop,
                              .left_px = crop.x - origin_x,
                              .top_px = base_y - crop.y};
    return true;
}
