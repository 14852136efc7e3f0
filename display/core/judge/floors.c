/* A floor a key. */
#include "display/core/judge/floors.h"

#include <stdio.h>
#include <string.h>

struct floor floor_of(const char *key_id, int64_t order_ms)
{
    struct floor floor = {.order_ms = order_ms};

    snprintf(floor.key_id, sizeof floor.key_id, "%s", key_id);
    return floor;
}

static struct floor *find(struct floors *floors, const char *key_id)
{
    for (size_t i = 0; i < floors->count; i++)
        if (strcmp(floors->items[i].key_id, key_id) == 0)
            return &floors->items[i];
    return NULL;
}

static void make_room(struct floors *floors)
{
    struct floor *lowest = &floors->items[0];

    if (floors->count < FLOORS_MAX)
        return;
    for (size_t i = 1; i < floors->count; i++)
        if (floors->items[i].order_ms < lowest->order_ms)
            lowest = &floors->items[i];
    const struct floor nobodys = floor_of("", lowest->order_ms);
    *lowest = floors->items[--floors->count];
    floors_raise(floors, &nobodys);
}

void floors_raise(struct floors *floors, const struct floor *floor)
{
    struct floor *known = find(floors, floor->key_id);

    if (!known && floor->order_ms != INT64_MIN) {
        make_room(floors);
        floors->items[floors->count++] = *floor;
    } else if (known && floor->order_ms > known->order_ms) {
        known->order_ms = floor->order_ms;
    }
}

int64_t floors_find(const struct floors *floors, const char *key_id)
{
    const struct floor *known = find((struct floors *)floors, key_id);

    return known ? known->order_ms : INT64_MIN;
}

int64_t floors_highest(const struct floors *floors)
{
    int64_t highest_ms = INT64_MIN;

    for (size_t i = 0; i < floors->count; i++)
        if (floors->items[i].order_ms > highest_ms)
            highest_ms = floors->items[i].order_ms;
    return highest_ms;
}

void floors_distrust(struct floors *floors, const struct trust *trust)
{
    for (size_t i = floors->count; i-- > 0;)
        if (floors->items[i].key_id[0] != '\0' &&
            !trust_in_key(trust, floors->items[i].key_id))
            floors->items[i] = floors->items[--floors->count];
}
