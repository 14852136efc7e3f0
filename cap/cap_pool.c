/* Keeps a message's memory in blocks that are freed together. */
#include "cap/cap_pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next; /* of the pool */
    max_align_t bytes[];
};

struct cap_pool {
    struct block *blocks;
};

struct cap_pool *cap_pool_create(void)
{
    return calloc(1, sizeof(struct cap_pool));
}

void cap_pool_destroy(struct cap_pool *pool)
{
    if (!pool)
        return;
    while (pool->blocks) {
        struct block *next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
    free(pool);
}

void *cap_pool_take(struct cap_pool *pool, size_t bytes)
{
    struct block *block = calloc(1, sizeof *block + bytes);

    if (!block)
        return NULL;
    block->next = pool->blocks;
    pool->blocks = block;
    return block->bytes;
}

char *cap_pool_copy(struct cap_pool *pool, const char *text, size_t bytes)
{
    char *copy = cap_pool_take(pool, bytes + 1);

    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}

/* The capacity doubles at 1, 2, 4 …: the list is full when its count is one of
 * these. */
static bool is_full(size_t count)
{
    return (count & (count - 1)) == 0;
}

void *cap_pool_append(struct cap_pool *pool, struct cap_list *list,
                      size_t entry_bytes)
{
    if (is_full(list->count)) {
        size_t room = list->count ? 2 * list->count : 1;
        void *grown = cap_pool_take(pool, room * entry_bytes);
        if (!grown)
            return NULL;
        if (list->count)
            memcpy(grown, list->items, list->count * entry_bytes);
        list->items = grown;
    }
    return (char *)list->items + entry_bytes * list->count++;
}
