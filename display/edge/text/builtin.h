/* Files that are compiled into the program, for a start at which the files
 * beside it are missing or damaged. */
#ifndef GAOSHI_DISPLAY_BUILTIN_H
#define GAOSHI_DISPLAY_BUILTIN_H

/* NUL-terminated texts: data/themes/night.ini, fonts/chain.ini and
 * fonts/builtin.hex. */
extern const char builtin_theme[];
extern const char builtin_chain[];
extern const char builtin_glyphs[];

#endif
