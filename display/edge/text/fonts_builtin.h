/* The program's own glyphs: 16 × 16 points, in which Unifont draws them, for
 * GB 2312 and Latin-1. Coarse and legible; they need no file and no library. */
#ifndef GAOSHI_DISPLAY_FONTS_BUILTIN_H
#define GAOSHI_DISPLAY_FONTS_BUILTIN_H

#include <stdbool.h>
#include <stdint.h>

enum {
    FONTS_BUILTIN_ROWS = 16,
    FONTS_BUILTIN_ASCENT = 14, /* rows over the base line */
    /* «XXXX:» and 16 rows of four hexadecimal digits; «;» for «:» where the
     * character has half the width. One a line, in order. */
    FONTS_BUILTIN_LINE_BYTES = 5 + 4 * FONTS_BUILTIN_ROWS + 1,
};

struct fonts_builtin {
    bool half;                         /* 8 points wide */
    uint16_t rows[FONTS_BUILTIN_ROWS]; /* the highest bit is at the left */
};

/* False: it is not among them. */
bool fonts_builtin_find(uint32_t codepoint, struct fonts_builtin *out);

#endif
