/* Draws glyphs ahead, while nothing moves: those of the alerts that the
 * templates of data/alerts make, and the digits beside them. The first alert
 * after a start then finds most of its glyphs drawn, and fonts, break rules and
 * code in memory. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_AHEAD_H
#define GAOSHI_DISPLAY_AHEAD_H

#include "display/edge/app/glass.h"
#include "display/edge/config/config.h"

struct ahead;

/* Both are borrowed, the glass for as long as it is used. NULL: no templates
 * there, or no memory; nothing is drawn ahead. */
struct ahead *ahead_create(struct glass *glass, const struct config *config,
                           const struct data_path *data);
void ahead_destroy(struct ahead *ahead); /* NULL: nothing */

/* One step of a few milliseconds: sets one alert, or draws AHEAD_GLYPHS glyphs.
 * False: all is done, or glyphs as large as half of the glass were drawn. NULL:
 * nothing is to be done. */
bool ahead_step(struct ahead *ahead);
enum { AHEAD_GLYPHS = 8 };

#endif
