/* Finds the display's program, which is run for fonts and previews. */
#ifndef GAOSHI_PUBLISHER_DISPLAY_PROGRAM_H
#define GAOSHI_PUBLISHER_DISPLAY_PROGRAM_H

#include <limits.h>

#define DISPLAY_PROGRAM "gaoshi-display"

enum { DISPLAY_PROGRAM_BYTES = PATH_MAX };

/* The one in this program's folder, else its bare name, to be found by PATH. */
void display_program_find(char out[DISPLAY_PROGRAM_BYTES]);

#endif
