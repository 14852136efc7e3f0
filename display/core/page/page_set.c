/* Storage of set pages: elements, and the texts that they point into. */
#include "display/core/page/page_set.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 8192 };

struct page_chunk {
    struct page_chunk *next;
    size_t used;
    size_t size;
    max_align_t bytes[];
};

struct page_kept_block {
    struct page_kept_block *next;
    struct typeset_block *block;
};

static struct page_chunk *chunk_create(size_t bytes)
{
    size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
    struct page_chunk *chunk = malloc(sizeof *chunk + size);
    if (chunk != NULL)
        *chunk = (struct page_chunk){.size = size};
    return chunk;
}

void *page_set_alloc(struct page_set *set, size_t bytes)
{
    const size_t unit = sizeof(max_align_t);
    bytes = (bytes + unit - 1) / unit * unit;
    struct page_chunk *chunk = set->chunks;
    if (chunk == NULL || chunk->size - chunk->used < bytes) {
        chunk = chunk_create(bytes);
        if (chunk == NULL)
            return NULL;
        chunk->next = set->chunks;
        set->chunks = chunk;
    }
    void *out = (char *)chunk->bytes + chunk->used;
    chunk->used += bytes;
    return out;
}

char *page_set_copy(struct page_set *set, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = page_set_alloc(set, bytes);
    if (copy != NULL)
        memcpy(copy, text, bytes);
    return copy;
}

bool page_set_keep(struct page_set *set, struct typeset_block *block)
{
    struct page_kept_block *kept = block == NULL
                                       ? NULL
                                       : page_set_alloc(set, sizeof *kept);
    if (kept == NULL) {
        typeset_destroy(block);
        return false;
    }
    *kept = (struct page_kept_block){set->blocks, block};
    set->blocks = kept;
    return true;
}

/* An array that doubles. */
static bool make_room(void **array, size_t *capacity, size_t count,
                      size_t item_bytes)
{
    if (count < *capacity)
        return true;
    size_t more = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = realloc(*array, more * item_bytes);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = more;
    return true;
}

struct page *page_set_add(struct page_set *set)
{
    void *pages = set->pages;
    if (!make_room(&pages, &set->capacity, set->count, sizeof *set->pages))
        return NULL;
    set->pages = pages;
    struct page *page = &set->pages[set->count++];
    *page = (struct page){0};
    return page;
}

struct page_element *page_add(struct page *page,
                              const struct page_element *element)
{
    void *elements = page->elements;
    if (!make_room(&elements, &page->capacity, page->count,
                   sizeof *page->elements))
        return NULL;
    page->elements = elements;
    struct page_element *added = &page->elements[page->count++];
    *added = *element;
    return added;
}

static bool copy_elements(struct page *page, const struct page *from)
{
    for (size_t i = 0; i < from->count; i++) {
        if (page_add(page, &from->elements[i]) == NULL)
            return false;
    }
    return true;
}

bool page_set_repeat(struct page_set *set, size_t from, size_t count,
                     size_t before)
{
    for (size_t i = 0; i < count; i++) {
        struct page *added = page_set_add(set);
        if (added == NULL || !copy_elements(added, &set->pages[from + i]))
            return false;
        struct page page = *added;
        size_t at = before + i;
        memmove(&set->pages[at + 1], &set->pages[at],
                (set->count - 1 - at) * sizeof page);
        set->pages[at] = page;
    }
    return true;
}

void page_set_drop(struct page_set *set)
{
    free(set->pages[--set->count].elements);
}

void page_set_clear(struct page_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->pages[i].elements);
    free(set->pages);
    for (struct page_kept_block *kept = set->blocks; kept; kept = kept->next)
        typeset_destroy(kept->block);
    for (struct page_chunk *chunk = set->chunks; chunk != NULL;) {
        struct page_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    set->over = false;
    set->live_words = NULL;
    set->stale = set->spoken = 0;
    set->pages = NULL;
    set->chunks = NULL;
    set->blocks = NULL;
    set->count = 0;
    set->capacity = 0;
}
