/* What the screen can't do without, kept in the program itself: for the day on
 * which the files beside it are gone or spoilt. */
#ifndef GAOSHI_DISPLAY_BUILTIN_H
#define GAOSHI_DISPLAY_BUILTIN_H

/* NUL-terminated texts: data/themes/night.ini, fonts/chain.ini and
 * fonts/builtin.hex. */
extern const char builtin_theme[];
extern const char builtin_chain[];
extern const char builtin_glyphs[];

#endif
