/* A cache of pages that were set for a place on the glass. When it is full, the
 * least recently used entry is dropped. */
#ifndef GAOSHI_DISPLAY_PAGE_CACHE_H
#define GAOSHI_DISPLAY_PAGE_CACHE_H

#include "display/edge/app/glass.h"
#include "display/edge/app/run_note.h"

enum { PAGE_CACHE_SETS = 256 };

/* Tells the live figures of a panel as they are now; see board_live. */
struct page_cache_live {
    bool (*find)(void *context, const struct message *panel,
                 struct page_live *out); /* NULL: as in the panel */
    void *context;
};

struct page_cache;

/* glass and note are borrowed. note NULL: the message that is being set is not
 * noted. Returns NULL without memory. */
struct page_cache *page_cache_create(const struct glass *glass,
                                     struct run_note *note);
void page_cache_destroy(struct page_cache *cache); /* NULL: nothing */

/* From now on panels show live figures as the source has them. */
void page_cache_follow(struct page_cache *cache,
                       const struct page_cache_live *source);

/* False: the message has no live figure. */
bool page_cache_live(const struct page_cache *cache,
                     const struct message *message, struct page_live *out);

/* Returns the pages of a message and sets them if the cache does not have them.
 * They stay valid until PAGE_CACHE_SETS other entries were fetched or the cache
 * was cleared. Returns NULL without memory. Logs once for each message which
 * characters no font has. */
const struct page_set *page_cache_get(struct page_cache *cache,
                                      const struct message *message,
                                      const struct page_place *place);

/* The number of its pages, and how long each stands; without memory one page
 * for the shortest time. */
size_t page_cache_count(struct page_cache *cache, const struct message *message,
                        const struct page_place *place);
int64_t page_cache_dwell_ms(struct page_cache *cache,
                            const struct message *message,
                            const struct page_place *place, size_t page);

/* Drops the pages of messages that name pictures, after one came or left. */
void page_cache_forget_pictures(struct page_cache *cache);

/* Empties the cache, after the glass changed its size. */
void page_cache_clear(struct page_cache *cache);

#endif
