/* Compares watermarks by class and key. */
#include "display/edge/store/keeper_watermarks.h"

static bool lacks(const struct watermarks *file,
                  const struct watermark *watermark)
{
    return watermark->order_ms > watermarks_find(file, watermark->key_id);
}

bool keeper_watermarks_are_written(const struct keeper_watermarks *watermarks,
                                   const struct kept *kept)
{
    if (watermarks->stray)
        return false;
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++) {
        const struct watermarks *memory = kept_watermarks(kept,
                                                          (enum ledger_class)i);
        for (size_t k = 0; k < memory->count; k++)
            if (lacks(&watermarks->of[i], &memory->items[k]))
                return false;
    }
    return true;
}

bool keeper_watermarks_put(const struct keeper_watermarks *watermarks,
                           const struct kept *kept, struct store *store,
                           struct problem *problem)
{
    if (watermarks->stray && !store_clear_watermarks(store, problem))
        return false;
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++) {
        enum ledger_class class = (enum ledger_class)i;
        const struct watermarks *memory = kept_watermarks(kept, class);
        for (size_t k = 0; k < memory->count; k++)
            if ((watermarks->stray ||
                 lacks(&watermarks->of[i], &memory->items[k])) &&
                !store_put_watermark(store, class, &memory->items[k], problem))
                return false;
    }
    return true;
}

void keeper_watermarks_note(struct keeper_watermarks *watermarks,
                            const struct kept *kept)
{
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++)
        watermarks->of[i] = *kept_watermarks(kept, (enum ledger_class)i);
    watermarks->stray = false;
}
