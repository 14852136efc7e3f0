/* Pictures of what will be on the glass, drawn by the display's own program. */
#ifndef GAOSHI_PUBLISHER_PREVIEW_H
#define GAOSHI_PUBLISHER_PREVIEW_H

#include "publisher/cli/options.h"

struct preview;

/* For FILE.png; works in a folder beside it that destroy takes away. */
struct preview *preview_create(const char *file, struct problem *problem);
void preview_destroy(struct preview *preview); /* NULL: nothing */

/* A body as it would be signed. */
bool preview_add(struct preview *preview, const char *body,
                 struct problem *problem);

/* Draws the pages of all bodies: FILE.png for one, FILE-1.png, FILE-2.png …
 * for several. Tells each file that it wrote. What the display's program has
 * to complain of goes to standard error. */
bool preview_draw(struct preview *preview, const struct options *options,
                  struct problem *problem);

#endif
