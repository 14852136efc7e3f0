/* The newest value of each live figure, by scope and name. Pure. */
#ifndef GAOSHI_DISPLAY_LIVE_FIGURES_H
#define GAOSHI_DISPLAY_LIVE_FIGURES_H

#include "display/core/page/page_live.h"
#include "display/core/validation/board_terms.h"
#include "display/core/validation/slot_table.h"
#include "display/core/validation/trust.h"

/* If there are more, the one that was measured the longest time ago is
 * forgotten. */
enum { LIVE_FIGURES_MAX = SLOT_FIGURES_MAX };

/* Room that wide digits needed is kept so long after they were there last. */
#define LIVE_FIGURES_ROOM_MS (INT64_C(60) * 60 * 1000)

struct live_figures;

struct live_figures *live_figures_create(void);          /* NULL: no memory */
void live_figures_destroy(struct live_figures *figures); /* NULL: nothing */

/* Takes a figure with the newest sequence number of its slot (scope and name),
 * and owns the message in any case. Refuses one that was measured earlier than
 * the known value, or later than now. */
struct board_taken live_figures_take(struct live_figures *figures,
                                     struct message *message,
                                     const struct arrival *arrival,
                                     const struct moment *now,
                                     struct problem *problem);

/* Drops every value whose key is no longer trusted. */
void live_figures_distrust(struct live_figures *figures,
                           const struct trust *trust);

/* How many values are known. */
size_t live_figures_count(const struct live_figures *figures);

/* The figures of the panel as they are now: of several scopes that have a name
 * the narrowest counts. False: none of its figures is bound. */
bool live_figures_find(const struct live_figures *figures,
                       const struct message *panel, const struct moment *now,
                       struct page_live *out);

#endif
