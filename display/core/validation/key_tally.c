/* Counts by key. */
#include "display/core/validation/key_tally.h"

#include <string.h>

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
