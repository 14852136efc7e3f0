/* Compares floors by class and key. */
#include "display/edge/store/keeper_floors.h"

static bool lacks(const struct floors *file, const struct floor *floor)
{
    return floor->order_ms > floors_find(file, floor->key_id);
}

bool keeper_floors_are_written(const struct keeper_floors *floors,
                               const struct kept *kept)
{
    if (floors->stray)
        return false;
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++) {
        const struct floors *memory = kept_floors(kept, (enum ledger_class)i);
        for (size_t k = 0; k < memory->count; k++)
            if (lacks(&floors->of[i], &memory->items[k]))
                return false;
    }
    return true;
}

bool keeper_floors_put(const struct keeper_floors *floors,
                       const struct kept *kept, struct store *store,
                       struct problem *problem)
{
    if (floors->stray && !store_clear_floors(store, problem))
        return false;
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++) {
        enum ledger_class class = (enum ledger_class)i;
        const struct floors *memory = kept_floors(kept, class);
        for (size_t k = 0; k < memory->count; k++)
            if ((floors->stray || lacks(&floors->of[i], &memory->items[k])) &&
                !store_put_floor(store, class, &memory->items[k], problem))
                return false;
    }
    return true;
}

void keeper_floors_note(struct keeper_floors *floors, const struct kept *kept)
{
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++)
        floors->of[i] = *kept_floors(kept, (enum ledger_class)i);
    floors->stray = false;
}
