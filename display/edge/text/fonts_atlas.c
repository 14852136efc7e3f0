/* The atlas of glyphs: pictures in blocks, found through a hash table. */
#include "display/edge/text/fonts_atlas.h"

#include <assert.h>
#include <stdlib.h>

enum {
    BLOCK_BYTES = 256 * 1024,
    FIRST_SLOTS = 1024,
};

struct fonts_block {
    struct fonts_block *next;
    size_t used, size;
    uint32_t pixels[]; /* of bytes; 4-byte aligned */
};

void fonts_atlas_finish(struct fonts_atlas *atlas)
{
    while (atlas->blocks) {
        struct fonts_block *next = atlas->blocks->next;
        free(atlas->blocks);
        atlas->blocks = next;
    }
    free(atlas->slots);
    *atlas = (struct fonts_atlas){0};
}

bool fonts_atlas_is_full(const struct fonts_atlas *atlas)
{
    return atlas->bytes > FONTS_ATLAS_BYTES ||
           atlas->used > FONTS_ATLAS_PICTURES;
}

static bool key_equals(struct fonts_key a, struct fonts_key b)
{
    return a.face == b.face && a.size_px == b.size_px &&
           a.codepoint == b.codepoint;
}

static size_t key_hash(struct fonts_key key)
{
    uint32_t hash = key.codepoint * 2654435761u;

    hash ^= (uint32_t)key.size_px * 2246822519u;
    hash ^= (uint32_t)key.face * 3266489917u;
    return hash ^ (hash >> 15);
}

/* The slot of the key, or the free one for it. */
static struct fonts_slot *find_slot(const struct fonts_atlas *atlas,
                                    struct fonts_key key)
{
    size_t mask = atlas->slot_count - 1;
    size_t at = key_hash(key) & mask;

    while (atlas->slots[at].key.size_px &&
           !key_equals(atlas->slots[at].key, key))
        at = (at + 1) & mask;
    return &atlas->slots[at];
}

const struct font_picture *fonts_atlas_find(const struct fonts_atlas *atlas,
                                            struct fonts_key key)
{
    if (atlas->slot_count == 0)
        return NULL;
    const struct fonts_slot *slot = find_slot(atlas, key);
    return slot->key.size_px ? &slot->picture : NULL;
}

uint8_t *fonts_atlas_alloc(struct fonts_atlas *atlas, size_t bytes)
{
    struct fonts_block *block = atlas->blocks;

    bytes = (bytes + 3) / 4 * 4;
    if (!block || block->size - block->used < bytes) {
        size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
        block = malloc(sizeof *block + size);
        if (!block)
            return NULL;
        block->next = atlas->blocks;
        block->used = 0;
        block->size = size;
        atlas->blocks = block;
        atlas->bytes += size;
    }
    uint8_t *pixels = (uint8_t *)block->pixels + block->used;
    block->used += bytes;
    return pixels;
}

static bool grow(struct fonts_atlas *atlas)
{
    struct fonts_atlas bigger = *atlas;

    bigger.slot_count = atlas->slot_count ? atlas->slot_count * 2 : FIRST_SLOTS;
    bigger.slots = calloc(bigger.slot_count, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < atlas->slot_count; i++) {
        if (atlas->slots[i].key.size_px)
            *find_slot(&bigger, atlas->slots[i].key) = atlas->slots[i];
    }
    free(atlas->slots);
    *atlas = bigger;
    return true;
}

bool fonts_atlas_put(struct fonts_atlas *atlas, struct fonts_key key,
                     const struct font_picture *picture)
{
    assert(key.size_px > 0);
    if (atlas->used * 4 >= atlas->slot_count * 3 && !grow(atlas))
        return false;
    struct fonts_slot *slot = find_slot(atlas, key);
    assert(!slot->key.size_px);
    *slot = (struct fonts_slot){key, *picture};
    atlas->used++;
    return true;
}
