/* Pictures of text are the same only with the same fonts: which ones the
 * references were drawn with. */
#ifndef GAOSHI_TESTS_SUPPORT_GOLDEN_FONTS_H
#define GAOSHI_TESTS_SUPPORT_GOLDEN_FONTS_H

#include <stdbool.h>

enum { GOLDEN_FONTS_BYTES = 256 };

/* Compares the chain's files and FreeType with what the file in the source
 * tree tells; with GAOSHI_GOLDEN=write in the environment it is written
 * instead. False: other glyphs are drawn here, why says which. */
bool golden_fonts_agree(const char *file, char why[GOLDEN_FONTS_BYTES]);

/* GAOSHI_GOLDEN=write: references are written, not compared. */
bool golden_is_written(void);

#endif
