/* The chain of fonts, SDL_ttf behind it: which face has a character, how wide
 * it is, and its picture. One open font a face, opened when first needed. */
#ifndef GAOSHI_DISPLAY_FONTS_H
#define GAOSHI_DISPLAY_FONTS_H

#include "base/problem.h"
#include "display/core/typeset/type_metrics.h"

#include <stddef.h>

struct fonts;

/* Faces that are no font: the box for a character that is missing everywhere,
 * and the program's own glyphs for one that no font has. */
enum { FONTS_FACE_BOX = -1, FONTS_FACE_BUILTIN = -2 };

/* chain_file: fonts/chain.ini; NULL: the chain of the program itself. Files
 * that are not installed are left out (told in *missing, a text, may be
 * NULL), and so is a face that can't be opened, which is logged; every role
 * needs one that can. Caller owns *out. */
bool fonts_create(const char *chain_file, struct fonts **out, char *missing,
                  size_t missing_size, struct problem *problem);

/* For safe mode: one face draws everything, the first of the program's own
 * chain that can be opened and has Chinese characters. None, or bare: the
 * program's own glyphs draw it, and no file is opened. */
bool fonts_create_single(bool bare, struct fonts **out,
                         struct problem *problem);
void fonts_destroy(struct fonts *fonts);

/* The table for the core; lives as long as the fonts. */
const struct type_metrics *fonts_metrics(struct fonts *fonts);

/* An A8 picture, cropped to its ink. pixels is NULL for blanks. */
struct font_picture {
    const uint8_t *pixels;
    int width, height, stride; /* stride in bytes, a multiple of 4 */
    int left_px;               /* from the origin to the ink */
    int top_px;                /* from the base line up to the ink's top */
};

/* Kept in the atlas, drawn when first asked for; valid until destroy. The
 * atlas is bounded: when full, it starts anew at the next fonts_trim. */
struct font_picture fonts_picture(struct fonts *fonts, enum type_role role,
                                  int face, int size_px, uint32_t codepoint);

/* Pictures drawn since the start. The stage limits how many a turn draws. */
size_t fonts_drawn(const struct fonts *fonts);

/* Call between frames only: it may free pictures that were given out before. */
void fonts_trim(struct fonts *fonts);

/* True when some face of the role has the character. */
bool fonts_cover(struct fonts *fonts, enum type_role role, uint32_t codepoint);

/* The family name of a face of the chain; "" for the box. */
const char *fonts_face_family(const struct fonts *fonts, int face);

#endif
