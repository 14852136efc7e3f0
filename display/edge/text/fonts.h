/* The chain of fonts: which face has a character, how wide it is, and its
 * picture. Each face has one open font, opened when first needed. */
#ifndef GAOSHI_DISPLAY_FONTS_H
#define GAOSHI_DISPLAY_FONTS_H

#include "base/problem.h"
#include "display/core/typeset/type_metrics.h"
#include "display/core/typeset/typeset.h"

#include <stddef.h>

struct fonts;

/* Faces that are no fonts: the box for a character that is missing everywhere,
 * and the program's own glyphs for one that no font has. */
enum { FONTS_FACE_BOX = -1, FONTS_FACE_BUILTIN = -2 };

/* chain_file: fonts/chain.ini; NULL: the chain in the program. Files that are
 * not installed are left out (*missing lists them as a text; may be NULL), and
 * so is a face that cannot be opened, which is logged. Every role needs one
 * face that can. The caller owns *out. */
bool fonts_create(const char *chain_file, struct fonts **out, char *missing,
                  size_t missing_size, struct problem *problem);

/* For safe mode: one face draws everything, the first of the program's own
 * chain that opens and has Chinese characters. If there is none, or with bare,
 * the program's own glyphs are used; bare opens no file. */
bool fonts_create_single(bool bare, struct fonts **out,
                         struct problem *problem);
void fonts_destroy(struct fonts *fonts);

/* The table for the core; valid as long as the fonts. */
const struct type_metrics *fonts_metrics(struct fonts *fonts);

/* An A8 picture, cropped to its ink; of an emoji its colours in 32 bits, see
 * fonts_shape.h. pixels is NULL for blanks. */
struct font_picture {
    const uint8_t *pixels;
    bool colour;
    int width, height, stride; /* stride in bytes, a multiple of 4 */
    int left_px;               /* from the origin to the ink */
    int top_px;                /* from the baseline up to the top of the ink */
};

/* Kept in the atlas and drawn when first needed; valid until the next
 * fonts_trim. The atlas is limited: when full, fonts_trim empties it. */
struct font_picture fonts_picture(struct fonts *fonts, enum type_role role,
                                  int face, int size_px, uint32_t codepoint);

/* The picture of a placed glyph, and the pixel of its origin: from x = 0 of its
 * line, and over the base line. Only glyphs that were shaped stand at a
 * fraction of a pixel, along their line. */
struct font_origin {
    int x_px, rise_px;
};
struct font_picture fonts_glyph_picture(struct fonts *fonts,
                                        enum type_role role, int size_px,
                                        const struct typeset_glyph *glyph,
                                        struct font_origin *origin);

/* Pictures drawn since the start. The stage limits how many a turn draws. */
size_t fonts_drawn(const struct fonts *fonts);

/* Memory of the pictures in the atlas. */
size_t fonts_bytes(const struct fonts *fonts);

/* Call it only between frames: it may free pictures that were returned before.
 */
void fonts_trim(struct fonts *fonts);

/* Gives back what was read of the font files, if any glyph was drawn since the
 * last call: what is mapped counts as the program's memory. */
void fonts_rest(struct fonts *fonts);

/* True when some face of the role has the character. */
bool fonts_cover(struct fonts *fonts, enum type_role role, uint32_t codepoint);

/* The family name of a face of the chain; "" for the box. */
const char *fonts_face_family(const struct fonts *fonts, int face);

#endif
