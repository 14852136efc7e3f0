/* Keeps one watermark for each key. */
#include "display/core/validation/watermarks.h"

#include <stdio.h>
#include <string.h>

struct watermark watermark_of(const char *key_id, int64_t order_ms)
{
    struct watermark watermark = {.order_ms = order_ms};

    snprintf(watermark.key_id, sizeof watermark.key_id, "%s", key_id);
    return watermark;
}

static struct watermark *find(struct watermarks *watermarks, const char *key_id)
{
    for (size_t i = 0; i < watermarks->count; i++)
        if (strcmp(watermarks->items[i].key_id, key_id) == 0)
            return &watermarks->items[i];
    return NULL;
}

/* Removes the lowest watermark that belongs to a key. */
static struct watermark take_lowest(struct watermarks *watermarks)
{
    size_t lowest = WATERMARKS_MAX;

    for (size_t i = 0; i < watermarks->count; i++)
        if (watermarks->items[i].key_id[0] != '\0' &&
            (lowest == WATERMARKS_MAX ||
             watermarks->items[i].order_ms <
                 watermarks->items[lowest].order_ms))
            lowest = i;
    const struct watermark watermark = watermarks->items[lowest];
    watermarks->items[lowest] = watermarks->items[--watermarks->count];
    return watermark;
}

static void make_room(struct watermarks *watermarks)
{
    while (watermarks->count > WATERMARKS_MAX - 2) {
        const struct watermark nobodys =
            watermark_of("", take_lowest(watermarks).order_ms);
        watermarks_raise(watermarks, &nobodys);
    }
}

void watermarks_raise(struct watermarks *watermarks,
                      const struct watermark *watermark)
{
    struct watermark *known = find(watermarks, watermark->key_id);

    if (!known && watermark->order_ms != INT64_MIN) {
        if (watermark->key_id[0] != '\0')
            make_room(watermarks);
        watermarks->items[watermarks->count++] = *watermark;
    } else if (known && watermark->order_ms > known->order_ms) {
        known->order_ms = watermark->order_ms;
    }
}

int64_t watermarks_find(const struct watermarks *watermarks, const char *key_id)
{
    const struct watermark *known = find((struct watermarks *)watermarks,
                                         key_id);

    return known ? known->order_ms : INT64_MIN;
}

int64_t watermarks_highest(const struct watermarks *watermarks)
{
    int64_t highest_ms = INT64_MIN;

    for (size_t i = 0; i < watermarks->count; i++)
        if (watermarks->items[i].order_ms > highest_ms)
            highest_ms = watermarks->items[i].order_ms;
    return highest_ms;
}

int64_t watermarks_over_alert(const struct watermarks *watermarks,
                              const struct trust *trust, const char *scope)
{
    int64_t highest_ms = INT64_MIN;

    for (size_t i = 0; i < watermarks->count; i++) {
        const struct watermark *watermark = &watermarks->items[i];
        if (watermark->order_ms > highest_ms &&
            (watermark->key_id[0] == '\0' ||
             trust_covers_alert(trust, watermark->key_id, scope)))
            highest_ms = watermark->order_ms;
    }
    return highest_ms;
}

void watermarks_distrust(struct watermarks *watermarks,
                         const struct trust *trust)
{
    for (size_t i = watermarks->count; i-- > 0;)
        if (watermarks->items[i].key_id[0] != '\0' &&
            !trust_in_key(trust, watermarks->items[i].key_id))
            watermarks->items[i] = watermarks->items[--watermarks->count];
}

void key_tally_add(struct key_tally *tally, const char *key_id)
{
    size_t at = 0;

    while (at < tally->count && strcmp(tally->items[at].key_id, key_id) != 0)
        at++;
    if (at == KEY_RING_MAX)
        return;
    if (at == tally->count) {
        tally->items[at].key_id = key_id;
        tally->items[at].count = 0;
        tally->count++;
    }
    tally->items[at].count++;
}

const char *key_tally_busiest(const struct key_tally *tally)
{
    const char *busiest = NULL;
    size_t most = 0;

    for (size_t i = 0; i < tally->count; i++)
        if (tally->items[i].count > most) {
            most = tally->items[i].count;
            busiest = tally->items[i].key_id;
        }
    return busiest;
}
