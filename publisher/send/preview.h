/* Pictures of what screens will show, drawn by the display's own program. */
#ifndef GAOSHI_PUBLISHER_PREVIEW_H
#define GAOSHI_PUBLISHER_PREVIEW_H

#include "publisher/cli/options.h"

struct preview;

/* Prepares pictures for FILE.png, in a folder beside it that preview_destroy
 * removes. */
struct preview *preview_create(const char *file, struct problem *problem);
void preview_destroy(struct preview *preview); /* NULL: nothing */

/* The folder for pictures that bodies name, each with its digest as name. */
const char *preview_pictures(const struct preview *preview);

/* Adds a body as it would be signed. */
bool preview_add(struct preview *preview, const char *body,
                 struct problem *problem);

/* Draws the pages of all bodies: FILE.png for one, FILE-1.png, FILE-2.png … for
 * several. Prints each file that it wrote. The complaints of the display's
 * program go to standard error. */
bool preview_draw(struct preview *preview, const struct options *options,
                  struct problem *problem);

#endif
