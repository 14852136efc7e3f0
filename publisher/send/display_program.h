/* The display's program, for what only it can tell: fonts and pages. */
#ifndef GAOSHI_PUBLISHER_DISPLAY_PROGRAM_H
#define GAOSHI_PUBLISHER_DISPLAY_PROGRAM_H

#include <limits.h>

#define DISPLAY_PROGRAM "gaoshi-display"

enum { DISPLAY_PROGRAM_BYTES = PATH_MAX };

/* The one built or installed with this program, else its bare name, for
 * whatever PATH has. */
void display_program_find(char out[DISPLAY_PROGRAM_BYTES]);

#endif
