/* One face of the chain, with FreeType: opened when first needed, measured in
 * units that do not depend on the size. */
#ifndef GAOSHI_DISPLAY_FONTS_FACE_H
#define GAOSHI_DISPLAY_FONTS_FACE_H

#include "display/edge/text/font_files.h"
#include "display/edge/text/fonts_chain.h"

#include <stdint.h>

#include <ft2build.h>
#include FT_FREETYPE_H

struct fonts_shaper; /* fonts_shape.h */

enum {
    /* The em at which metrics are measured: they are rounded up to whole
     * pixels, which at this size is less than 1/2000 of an em. */
    FONTS_UNITS = 2048,
    FONTS_SIZE_MAX_PX = 4096,
};

struct fonts_face {
    const struct fonts_source *source; /* borrowed */
    struct font_files *files;          /* borrowed; closed after the face */
    FT_Library library;                /* borrowed; closed after the face */
    FT_Face font;                      /* NULL: not opened */
    int size_px;                       /* present size of the font */
    bool refused;                      /* could not be opened and is left out */
    struct fonts_shaper *shaper;       /* NULL: nothing was shaped yet */
    int ideograph; /* advance of its ideographs in FONTS_UNITS; 0: not measured
                    */
};

/* Opens the font, from its mapped file, if it is not open. A face whose family
 * name is not that of the chain is refused and stays refused. */
bool fonts_face_open(struct fonts_face *face, struct problem *problem);
void fonts_face_close(struct fonts_face *face);

/* Of an open face. */
bool fonts_face_has(const struct fonts_face *face, uint32_t codepoint);

/* In FONTS_UNITS, from the origin on the baseline. */
struct fonts_glyph {
    int advance;
    int left, right, bottom, top; /* of its ink */
};
struct fonts_glyph fonts_face_glyph(struct fonts_face *face,
                                    uint32_t codepoint);

/* Only the advance. All ideographs of a face have the same, so only the first
 * is loaded; loading is the slowest step. */
int fonts_face_advance(struct fonts_face *face, uint32_t codepoint);

struct fonts_measures {
    int ascent, descent, cap_height; /* in FONTS_UNITS */
};
struct fonts_measures fonts_face_measures(struct fonts_face *face);

/* The ink of a glyph: 8 bits of coverage, or its colours in 32 bits, ARGB in
 * the machine's byte order, with the alpha multiplied in. Valid until the face
 * is used again. */
struct fonts_ink {
    const uint8_t *pixels; /* NULL: no ink */
    bool colour;
    int width, height, pitch;
    int left_px, top_px; /* from origin and baseline */
};

/* What FreeType drew last, cropped to its ink. */
struct fonts_ink fonts_ink_of(const FT_GlyphSlot slot);

/* Sets the size of the font. False: it has none of this size. */
bool fonts_face_set_size(struct fonts_face *face, int size_px);

bool fonts_face_draw(struct fonts_face *face, int size_px, uint32_t codepoint,
                     struct fonts_ink *out);

/* The length in em of U+2E3A and U+2E3B, 0 for every other character. They are
 * made from a face's U+2014, because few faces have them and fewer in the right
 * length. */
int fonts_dash_ems(uint32_t codepoint);
enum { FONTS_DASH = 0x2014 };

#endif
