/* Scripts whose letters this program cannot set yet: they join, move around
 * each other, or run from right to left. */
#ifndef GAOSHI_DISPLAY_SHAPING_H
#define GAOSHI_DISPLAY_SHAPING_H

#include <stddef.h>

/* The English name of the first such script among the text's bytes, or NULL.
 * Punctuation and digits belong to no script. */
const char *shaping_script_of(const char *text, size_t bytes);

#endif
