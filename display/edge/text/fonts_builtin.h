/* The program's own glyphs for GB 2312 and Latin-1: Unifont's, with 16 × 16
 * pixels. They are coarse but legible and need no file and no library. */
#ifndef GAOSHI_DISPLAY_FONTS_BUILTIN_H
#define GAOSHI_DISPLAY_FONTS_BUILTIN_H

#include <stdbool.h>
#include <stdint.h>

enum {
    FONTS_BUILTIN_ROWS = 16,
    FONTS_BUILTIN_ASCENT = 14, /* rows above the baseline */
    /* A line is «XXXX:» and 16 rows of four hexadecimal digits; «;» in place of
     * «:» if the character has half the width. Lines are sorted. */
    FONTS_BUILTIN_LINE_BYTES = 5 + 4 * FONTS_BUILTIN_ROWS + 1,
};

struct fonts_builtin {
    bool half;                         /* 8 pixels wide */
    uint16_t rows[FONTS_BUILTIN_ROWS]; /* the highest bit is at the left */
};

/* False: there is no such glyph. */
bool fonts_builtin_find(uint32_t codepoint, struct fonts_builtin *out);

#endif
