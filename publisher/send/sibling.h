/* The display's program, for what only it can tell: fonts and pages. */
#ifndef GAOSHI_PUBLISHER_SIBLING_H
#define GAOSHI_PUBLISHER_SIBLING_H

#include <limits.h>

#define SIBLING_DISPLAY "gaoshi-display"

enum { SIBLING_BYTES = PATH_MAX };

/* The one built or installed with this program, else its bare name, for
 * whatever PATH has. */
void sibling_find_display(char out[SIBLING_BYTES]);

#endif
