/* A hash table with a list for each id. */
#include "display/core/alerts/lifecycle_names.h"

#include <string.h>

bool lifecycle_is_same_id(const struct lifecycle_reference *a,
                          const struct lifecycle_reference *b)
{
    return a->hash == b->hash && strcmp(a->id, b->id) == 0;
}

void lifecycle_names_clear(struct lifecycle_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        names->heads[names->items[i].bucket] = 0;
    names->count = 0;
}

/* The bucket of the id, or the free one where it belongs. */
static uint32_t find_bucket(const struct lifecycle_names *names,
                            const struct lifecycle_reference *id)
{
    uint32_t bucket = (uint32_t)(id->hash % LIFECYCLE_NAMES_BUCKETS);

    while (names->heads[bucket] != 0 &&
           !lifecycle_is_same_id(names->items[names->heads[bucket] - 1].id, id))
        bucket = (bucket + 1) % LIFECYCLE_NAMES_BUCKETS;
    return bucket;
}

size_t lifecycle_names_add(struct lifecycle_names *names,
                           const struct lifecycle_reference *id, size_t record)
{
    uint32_t bucket = find_bucket(names, id);
    uint32_t head = names->heads[bucket];
    struct lifecycle_name *item = &names->items[names->count++];

    *item = (struct lifecycle_name){.id = id,
                                    .record = (uint32_t)record,
                                    .bucket = bucket,
                                    .next = LIFECYCLE_NAMES_NONE};
    if (head == 0) {
        names->heads[bucket] = (uint32_t)names->count;
        return record;
    }
    struct lifecycle_name *first = &names->items[head - 1];
    item->next = first->next;
    first->next = (uint32_t)(names->count - 1);
    return first->record;
}

size_t lifecycle_names_find(const struct lifecycle_names *names,
                            const struct lifecycle_reference *id)
{
    uint32_t head = names->heads[find_bucket(names, id)];

    return head == 0 ? LIFECYCLE_NAMES_NONE : head - 1;
}
