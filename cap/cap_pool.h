/* The memory of one message, freed all at once. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_POOL_H
#define GAOSHI_CAP_CAP_POOL_H

#include "cap/cap.h"

struct cap_pool *cap_pool_create(void);                   /* NULL: no memory */
void cap_pool_destroy(struct cap_pool *pool);             /* NULL: nothing */
void *cap_pool_take(struct cap_pool *pool, size_t bytes); /* zeroed; NULL */

/* A NUL-terminated copy. NULL: no memory. */
char *cap_pool_copy(struct cap_pool *pool, const char *text, size_t bytes);

/* Appends a zeroed entry to the list, valid until the next one. NULL: no
 * memory. */
void *cap_pool_append(struct cap_pool *pool, struct cap_list *list,
                      size_t entry_bytes);

#endif
