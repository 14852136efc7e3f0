/* What the screen can't do without, kept in the program itself: for the day on
 * which the files beside it are gone or spoilt. Made from data/ and fonts/ by
 * the build. */
#ifndef GAOSHI_DISPLAY_BUILTIN_H
#define GAOSHI_DISPLAY_BUILTIN_H

/* NUL-terminated texts: data/themes/night.ini and fonts/chain.ini. */
extern const char builtin_theme[];
extern const char builtin_chain[];

#endif
