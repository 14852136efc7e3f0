/* One face of the chain with SDL_ttf behind it: opened when first needed,
 * asked in units that do not depend on the size. */
#ifndef GAOSHI_DISPLAY_FONTS_FACE_H
#define GAOSHI_DISPLAY_FONTS_FACE_H

#include "display/edge/text/font_files.h"
#include "display/edge/text/fonts_chain.h"

#include <SDL2/SDL_ttf.h>
#include <stdint.h>

enum {
    /* The em that metrics are asked at: SDL_ttf rounds up to whole pixels,
     * which at this size is less than a 2000th of an em. */
    FONTS_UNITS = 2048,
    FONTS_SIZE_MAX_PX = 4096,
};

struct fonts_face {
    const struct fonts_source *source; /* borrowed */
    struct font_files *files;          /* borrowed; closed after the face */
    TTF_Font *font;                    /* NULL: not opened */
    int size_px;                       /* that the font is set to */
    bool refused;                      /* could not be opened: left out */
    int ideograph; /* advance of its ideographs in FONTS_UNITS; 0: not asked */
};

/* Opens the font, from its mapped file, if it is not open. Refuses one whose
 * family name is not the chain's. A refused face stays refused. */
bool fonts_face_open(struct fonts_face *face, struct problem *problem);
void fonts_face_close(struct fonts_face *face);

/* Of an open face. */
bool fonts_face_has(const struct fonts_face *face, uint32_t codepoint);

/* In FONTS_UNITS, from the origin on the base line. */
struct fonts_glyph {
    int advance;
    int left, right, bottom, top; /* of its ink */
};
struct fonts_glyph fonts_face_glyph(struct fonts_face *face,
                                    uint32_t codepoint);

/* The advance alone. All ideographs of a face are alike: only the first is
 * loaded, as loading one takes longer than everything else about it. */
int fonts_face_advance(struct fonts_face *face, uint32_t codepoint);

struct fonts_measures {
    int ascent, descent, cap_height; /* in FONTS_UNITS */
};
struct fonts_measures fonts_face_measures(struct fonts_face *face);

/* The ink of a glyph, in SDL_ttf's surface. */
struct fonts_ink {
    SDL_Surface *surface; /* 8 bits of coverage; the caller frees it;
                             NULL: a blank */
    SDL_Rect crop;        /* empty: no ink */
    int left_px, top_px;  /* from origin and base line to the crop */
};
bool fonts_face_draw(struct fonts_face *face, int size_px, uint32_t codepoint,
                     struct fonts_ink *out);

/* How many em U+2E3A and U+2E3B are long, 0 for every other character. They are
 * made of a face's U+2014: few faces have them, and fewer of the right
 * length. */
int fonts_dash_ems(uint32_t codepoint);
enum { FONTS_DASH = 0x2014 };

#endif
