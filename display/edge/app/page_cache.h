/* Keeps the pages of messages that were set for a place on the glass. Bounded:
 * the least recently used entry is dropped first. */
#ifndef GAOSHI_DISPLAY_PAGE_CACHE_H
#define GAOSHI_DISPLAY_PAGE_CACHE_H

#include "display/edge/app/glass.h"
#include "display/edge/app/run_note.h"

enum { PAGE_CACHE_SETS = 256 };

struct page_cache;

/* Both are borrowed. note NULL: it is not noted which message is being set.
 * Returns NULL without memory. */
struct page_cache *page_cache_create(const struct glass *glass,
                                     struct run_note *note);
void page_cache_destroy(struct page_cache *cache); /* NULL: nothing */

/* Sets the pages if the cache does not have them. They stay valid until
 * PAGE_CACHE_SETS other entries were fetched or the cache was cleared. Returns
 * NULL without memory. Logs once a message which characters no font has. */
const struct page_set *page_cache_get(struct page_cache *cache,
                                      const struct message *message,
                                      const struct page_place *place);

/* After the glass changed its size. */
void page_cache_clear(struct page_cache *cache);

#endif
