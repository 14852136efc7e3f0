/* Shapes runs with HarfBuzz, from the mapped file of a face, and draws glyphs
 * by their index. */
#ifndef GAOSHI_DISPLAY_FONTS_SHAPE_H
#define GAOSHI_DISPLAY_FONTS_SHAPE_H

#include "display/edge/text/fonts_face.h"

/* Where a glyph's origin lies within its pixel: quarters, so that joined
 * letters meet. In the codepoint of a glyph with TYPE_GLYPH_INDEX. */
enum { FONTS_PHASE_SHIFT = 16, FONTS_PHASES = 4 };

/* True when the open face has tables for the script (ISO 15924). Without them
 * its letters would stand unjoined. Latin, Greek and Cyrillic need anchors, and
 * only if they are marked; emoji (Zsye) need colours. */
bool fonts_shape_knows(struct fonts_face *face, const char *script,
                       bool marked);

/* As type_metrics.shape. */
size_t fonts_shape_run(struct fonts_face *face, const struct type_run *run,
                       struct type_shaped *out, size_t most);

/* The picture of the glyph with this index and phase. */
bool fonts_shape_draw(struct fonts_face *face, int size_px, uint32_t codepoint,
                      struct fonts_ink *out);

void fonts_shape_close(struct fonts_face *face);

#endif
