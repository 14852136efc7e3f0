/* Pictures of glyphs: from the atlas, drawn when first asked for. */
#include "display/edge/text/fonts.h"

#include "display/edge/text/fonts_builtin.h"
#include "display/edge/text/fonts_state.h"

#include <assert.h>
#include <string.h>

static uint8_t *reserve(struct fonts *fonts, struct font_picture *picture,
                        int width, int height)
{
    picture->width = width;
    picture->height = height;
    picture->stride = (width + 3) / 4 * 4;
    uint8_t *pixels = fonts_atlas_alloc(&fonts->atlas, (size_t)picture->stride *
                                                           (size_t)height);
    if (pixels)
        memset(pixels, 0, (size_t)picture->stride * (size_t)height);
    picture->pixels = pixels;
    return pixels;
}

/* An upright frame as high as a capital, with nothing in it: nobody takes it
 * for a character, everybody sees that one is missing. */
static bool draw_box(struct fonts *fonts, int size_px, struct font_picture *out)
{
    int side = size_px * 13 / 16 > 0 ? size_px * 13 / 16 : 1;
    int stroke = size_px / 14 > 0 ? size_px / 14 : 1;
    uint8_t *pixels = reserve(fonts, out, side, side);

    if (!pixels)
        return false;
    out->left_px = (size_px - side) / 2;
    out->top_px = side - size_px / 16;
    for (int y = 0; y < side; y++) {
        bool edge = y < stroke || y >= side - stroke;
        uint8_t *row = pixels + (size_t)y * (size_t)out->stride;
        if (edge) {
            memset(row, 255, (size_t)side);
            continue;
        }
        memset(row, 255, (size_t)(stroke < side ? stroke : side));
        memset(row + side - stroke, 255, (size_t)stroke);
    }
    return true;
}

/* Points become rectangles of whole pixels. */
static bool draw_builtin(struct fonts *fonts, struct fonts_key key,
                         struct font_picture *out)
{
    struct fonts_builtin glyph;
    int size = key.size_px;

    if (!fonts_builtin_find(key.codepoint, &glyph))
        return draw_box(fonts, size, out);
    int width = glyph.half ? (size + 1) / 2 : size;
    uint8_t *pixels = reserve(fonts, out, width, size);
    if (!pixels)
        return false;
    out->top_px = size * FONTS_BUILTIN_ASCENT / FONTS_BUILTIN_ROWS;
    for (int y = 0; y < size; y++) {
        unsigned row = glyph.rows[y * FONTS_BUILTIN_ROWS / size];
        uint8_t *to = pixels + (size_t)y * (size_t)out->stride;
        for (int x = 0; x < width; x++) {
            int column = x * FONTS_BUILTIN_ROWS / size;
            to[x] = row >> (FONTS_BUILTIN_ROWS - 1 - column) & 1 ? 255 : 0;
        }
    }
    return true;
}

static bool keep_ink(struct fonts *fonts, const struct fonts_ink *ink,
                     struct font_picture *out)
{
    const SDL_Surface *surface = ink->surface;
    uint8_t *pixels = reserve(fonts, out, ink->crop.w, ink->crop.h);

    if (!pixels)
        return false;
    for (int y = 0; y < ink->crop.h; y++) {
        const uint8_t *row = (const uint8_t *)surface->pixels +
                             (ptrdiff_t)(ink->crop.y + y) * surface->pitch +
                             ink->crop.x;
        memcpy(pixels + (size_t)y * (size_t)out->stride, row,
               (size_t)ink->crop.w);
    }
    out->left_px = ink->left_px;
    out->top_px = ink->top_px;
    return true;
}

/* A dash of some em: that of one em, its middle made longer. It ends as far
 * from its cell's edges as the font has it, but close to them. */
static bool draw_long_dash(struct fonts *fonts, struct fonts_key key,
                           struct font_picture *out)
{
    struct fonts_ink ink = {0};
    int whole = fonts_dash_ems(key.codepoint) * key.size_px;

    if (!fonts_face_draw(&fonts->faces[key.face], key.size_px, FONTS_DASH,
                         &ink) ||
        !ink.surface || ink.crop.w <= 0) {
        SDL_FreeSurface(ink.surface);
        return draw_box(fonts, key.size_px, out);
    }
    int edge = ink.left_px > 0 ? ink.left_px : 0;
    if (edge > key.size_px / 16)
        edge = key.size_px / 16;
    int width = whole - 2 * edge > 0 ? whole - 2 * edge : 1;
    int half = ink.crop.w / 2;
    uint8_t *pixels = reserve(fonts, out, width, ink.crop.h);
    for (int y = 0; pixels && y < ink.crop.h; y++) {
        const uint8_t *row = (const uint8_t *)ink.surface->pixels +
                             (ptrdiff_t)(ink.crop.y + y) * ink.surface->pitch +
                             ink.crop.x;
        for (int x = 0; x < width; x++) {
            int right = ink.crop.w - (width - x);
            pixels[y * out->stride + x] = row[x < half       ? x
                                              : right > half ? right
                                                             : half];
        }
    }
    out->left_px = edge;
    out->top_px = ink.top_px;
    SDL_FreeSurface(ink.surface);
    return pixels != NULL;
}

/* False: no memory, nothing to keep. */
static bool draw_glyph(struct fonts *fonts, struct fonts_key key,
                       struct font_picture *out)
{
    struct fonts_ink ink = {0};
    bool kept = true;

    if (key.face == FONTS_FACE_BUILTIN)
        return draw_builtin(fonts, key, out);
    if (key.face == FONTS_FACE_BOX || !fonts_open_face(fonts, key.face))
        return draw_box(fonts, key.size_px, out);
    if (fonts_dash_ems(key.codepoint) > 0)
        return draw_long_dash(fonts, key, out);
    if (!fonts_face_draw(&fonts->faces[key.face], key.size_px, key.codepoint,
                         &ink))
        return draw_box(fonts, key.size_px, out);
    if (ink.surface && ink.crop.w > 0)
        kept = keep_ink(fonts, &ink, out);
    SDL_FreeSurface(ink.surface);
    return kept;
}

struct font_picture fonts_picture(struct fonts *fonts, enum type_role role,
                                  int face, int size_px, uint32_t codepoint)
{
    struct fonts_key key = {face, size_px, codepoint};
    struct font_picture picture = {0};

    (void)role;
    assert(face < fonts->chain.source_count);
    if (size_px < 1 || size_px > FONTS_SIZE_MAX_PX || codepoint == 0 ||
        fonts_is_invisible(codepoint))
        return picture;
    if (face == FONTS_FACE_BOX)
        key = (struct fonts_key){FONTS_FACE_BOX, size_px, 0};
    const struct font_picture *known = fonts_atlas_find(&fonts->atlas, key);
    if (known)
        return *known;
    fonts->drawn++;
    if (!draw_glyph(fonts, key, &picture) ||
        !fonts_atlas_put(&fonts->atlas, key, &picture))
        return (struct font_picture){0};
    return picture;
}

size_t fonts_drawn(const struct fonts *fonts)
{
    return fonts->drawn;
}

void fonts_trim(struct fonts *fonts)
{
    if (fonts_atlas_is_full(&fonts->atlas))
        fonts_atlas_finish(&fonts->atlas);
}
