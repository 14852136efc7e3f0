/* Messages set for a place on the glass, kept while they live. Bounded: the one
 * that was used longest ago goes first. */
#ifndef GAOSHI_DISPLAY_PAGE_CACHE_H
#define GAOSHI_DISPLAY_PAGE_CACHE_H

#include "display/edge/app/glass.h"
#include "display/edge/app/run_note.h"

enum { PAGE_CACHE_SETS = 256 };

struct page_cache;

/* Both are borrowed; note NULL: nobody is told what is being set. NULL: no
 * memory. */
struct page_cache *page_cache_create(const struct glass *glass,
                                     struct run_note *note);
void page_cache_destroy(struct page_cache *cache); /* NULL: nothing */

/* Set now if it was not before. Valid until PAGE_CACHE_SETS others were
 * asked for or the cache was cleared. NULL: no memory. Characters that no
 * font has are logged once a message. */
const struct page_set *page_cache_get(struct page_cache *cache,
                                      const struct message *message,
                                      const struct page_place *place);

/* After the glass changed its size. */
void page_cache_clear(struct page_cache *cache);

#endif
