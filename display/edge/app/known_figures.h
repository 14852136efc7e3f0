/* Live figures from files, for pictures that are drawn without a broker. */
#ifndef GAOSHI_DISPLAY_KNOWN_FIGURES_H
#define GAOSHI_DISPLAY_KNOWN_FIGURES_H

#include "display/core/board/live_figures.h"
#include "display/edge/app/page_cache.h"

struct known_figures {
    struct live_figures *figures;
    int64_t now_ms;   /* by which they are stale; fills in what drafts lack */
    bool never_stale; /* for a day that is to come */
};

/* False: no memory. */
bool known_figures_init(struct known_figures *known, int64_t now_ms,
                        bool never_stale);
void known_figures_finish(struct known_figures *known); /* zeroed: nothing */

/* Owns the figure, also when an older one than a known one is refused. */
bool known_figures_add(struct known_figures *known, struct message *figure,
                       struct problem *problem);

/* For page_cache_follow; borrows known. */
struct page_cache_live known_figures_source(struct known_figures *known);

#endif
