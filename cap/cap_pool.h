/* Memory of one message, given back all at once. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_POOL_H
#define GAOSHI_CAP_CAP_POOL_H

#include "cap/cap.h"

struct cap_pool *cap_pool_create(void);                   /* NULL: no memory */
void cap_pool_destroy(struct cap_pool *pool);             /* NULL: nothing */
void *cap_pool_take(struct cap_pool *pool, size_t bytes); /* zeroed; NULL */

/* A copy with a NUL behind it. NULL: no memory. */
char *cap_pool_copy(struct cap_pool *pool, const char *text, size_t bytes);

/* A further zeroed entry of the list, valid until the next one. NULL: no
 * memory. */
void *cap_pool_append(struct cap_pool *pool, struct cap_list *list,
                      size_t entry_bytes);

#endif
