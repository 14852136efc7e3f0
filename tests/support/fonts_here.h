/* The project's chain of fonts, for tests that draw. */
#ifndef GAOSHI_TESTS_SUPPORT_FONTS_HERE_H
#define GAOSHI_TESTS_SUPPORT_FONTS_HERE_H

#include "display/core/draw/draw_list.h"
#include "display/edge/text/fonts.h"
#include "source_dir.h"

#define FONTS_HERE_CHAIN GAOSHI_SOURCE_DIR "/fonts/chain.ini"

/* Never NULL: a failure to open the chain fails the test. */
/* Where Noto Color Emoji is installed; NULL: it is not. */
const char *fonts_here_emoji(void);

struct fonts *fonts_here(void);

/* Appends one line of text, glyph after glyph, at x and the base line. */
void fonts_here_add_line(struct draw_list *list, struct fonts *fonts,
                         enum type_role role, int size_px, int x,
                         int baseline_y, draw_colour colour, const char *text);

#endif
