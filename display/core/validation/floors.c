/* A floor a key. */
#include "display/core/validation/floors.h"

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

/* The lowest that is somebody's. */
static struct floor take_lowest(struct floors *floors)
{
    size_t lowest = FLOORS_MAX;

    for (size_t i = 0; i < floors->count; i++)
        if (floors->items[i].key_id[0] != '\0' &&
            (lowest == FLOORS_MAX ||
             floors->items[i].order_ms < floors->items[lowest].order_ms))
            lowest = i;
    const struct floor floor = floors->items[lowest];
    floors->items[lowest] = floors->items[--floors->count];
    return floor;
}

static void make_room(struct floors *floors)
{
    while (floors->count > FLOORS_MAX - 2) {
        const struct floor nobodys = floor_of("", take_lowest(floors).order_ms);
        floors_raise(floors, &nobodys);
    }
}

void floors_raise(struct floors *floors, const struct floor *floor)
{
    struct floor *known = find(floors, floor->key_id);

    if (!known && floor->order_ms != INT64_MIN) {
        if (floor->key_id[0] != '\0')
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

int64_t floors_over_alert(const struct floors *floors,
                          const struct trust *trust, const char *scope)
{
    int64_t highest_ms = INT64_MIN;

    for (size_t i = 0; i < floors->count; i++) {
        const struct floor *floor = &floors->items[i];
        if (floor->order_ms > highest_ms &&
            (floor->key_id[0] == '\0' ||
             trust_covers_alert(trust, floor->key_id, scope)))
            highest_ms = floor->order_ms;
    }
    return highest_ms;
}

void floors_distrust(struct floors *floors, const struct trust *trust)
{
    for (size_t i = floors->count; i-- > 0;)
        if (floors->items[i].key_id[0] != '\0' &&
            !trust_in_key(trust, floors->items[i].key_id))
            floors->items[i] = floors->items[--floors->count];
}
