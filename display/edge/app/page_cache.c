/* Caches pages by kind, id, scope, sequence number and place: setting a page
 * takes milliseconds, drawing it again almost nothing. */
#include "display/edge/app/page_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

struct cached {
    struct page_set *set; /* NULL: free */
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char scope[SCOPE_BYTES];
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    int64_t seq;
    struct page_place place;
    bool pictures; /* its message names some */
    uint64_t used;
};

struct page_cache {
    const struct glass *glass;
    struct run_note *note; /* NULL: none */
    uint64_t clock;        /* counts calls of page_cache_get */
    struct page_cache_live live;
    struct cached sets[PAGE_CACHE_SETS];
};

struct page_cache *page_cache_create(const struct glass *glass,
                                     struct run_note *note)
{
    struct page_cache *cache = calloc(1, sizeof *cache);

    if (cache) {
        cache->glass = glass;
        cache->note = note;
    }
    return cache;
}

void page_cache_clear(struct page_cache *cache)
{
    for (size_t i = 0; i < PAGE_CACHE_SETS; i++) {
        page_set_destroy(cache->sets[i].set);
        cache->sets[i].set = NULL;
    }
}

void page_cache_forget_pictures(struct page_cache *cache)
{
    for (size_t i = 0; i < PAGE_CACHE_SETS; i++) {
        if (!cache->sets[i].pictures)
            continue;
        page_set_destroy(cache->sets[i].set);
        cache->sets[i].set = NULL;
    }
}

void page_cache_destroy(struct page_cache *cache)
{
    if (!cache)
        return;
    page_cache_clear(cache);
    free(cache);
}

void page_cache_follow(struct page_cache *cache,
                       const struct page_cache_live *source)
{
    cache->live = *source;
}

bool page_cache_live(const struct page_cache *cache,
                     const struct message *message, struct page_live *out)
{
    if (message->kind != MESSAGE_PANEL || !panel_is_live(&message->panel))
        return false;
    if (!cache->live.find ||
        !cache->live.find(cache->live.context, message, out))
        *out = page_live_of(message);
    return true;
}

static bool is_of(const struct cached *entry, const struct message *message,
                  const struct page_place *place)
{
    return entry->set && entry->kind == message->kind &&
           page_place_equals(&entry->place, place) &&
           entry->seq == message->seq && strcmp(entry->id, message->id) == 0 &&
           strcmp(entry->scope, message->scope) == 0 &&
           strcmp(entry->key_id, message->key_id) == 0;
}

/* The message's entry, otherwise a free one, otherwise the one used longest
 * ago. */
static struct cached *find(struct page_cache *cache,
                           const struct message *message,
                           const struct page_place *place)
{
    struct cached *oldest = &cache->sets[0];

    for (size_t i = 0; i < PAGE_CACHE_SETS; i++) {
        struct cached *entry = &cache->sets[i];
        if (is_of(entry, message, place))
            return entry;
        if (oldest->set && (!entry->set || entry->used < oldest->used))
            oldest = entry;
    }
    return oldest;
}

static void tell_missing(const struct page_set *set,
                         const struct message *message)
{
    uint32_t missing[8];
    char list[8 * 12] = "";
    size_t length = 0;
    size_t count = page_set_missing(set, missing);

    if (count == 0)
        return;
    for (size_t i = 0; i < count && i < 8; i++)
        length += (size_t)snprintf(list + length, sizeof list - length,
                                   " U+%04X", (unsigned)missing[i]);
    log_write(LOG_WARNING,
              "fonts: '%s' has characters that no font has:%s; "
              "boxes stand for them",
              message->id, list);
}

/* A message that crashed the screen while it was set is set as a plain page. */
static struct page_set *set_pages(struct page_cache *cache,
                                  const struct message *message,
                                  const struct page_place *place,
                                  const struct page_live *live)
{
    struct page_context context = glass_context(cache->glass, message->kind,
                                                place);

    context.live = live;
    if (!cache->note)
        return page_set_create(message, &context);
    context.safe |= run_note_is_plain(cache->note, message);
    run_note_work(cache->note, RUN_SETTING, message);
    struct page_set *set = page_set_create(message, &context);
    run_note_work(cache->note, RUN_SETTING, NULL);
    return set;
}

/* Whether the entry has the pages as they are to be shown now. */
static bool is_current(const struct page_cache *cache,
                       const struct cached *entry,
                       const struct message *message,
                       const struct page_place *place,
                       const struct page_live *live)
{
    struct page_context context = glass_context(cache->glass, message->kind,
                                                place);

    context.live = live;
    return is_of(entry, message, place) &&
           (!live || page_set_takes(entry->set, message, &context));
}

const struct page_set *page_cache_get(struct page_cache *cache,
                                      const struct message *message,
                                      const struct page_place *place)
{
    struct cached *entry = find(cache, message, place);
    struct page_live now;
    const struct page_live *live = page_cache_live(cache, message, &now) ? &now
                                                                         : NULL;

    if (!is_current(cache, entry, message, place, live)) {
        struct page_set *set = set_pages(cache, message, place, live);
        if (!set)
            return NULL;
        page_set_destroy(entry->set);
        entry->set = set;
        entry->kind = message->kind;
        entry->seq = message->seq;
        entry->place = *place;
        entry->pictures = message->kind == MESSAGE_PANEL &&
                          message->panel.picture_count > 0;
        snprintf(entry->id, sizeof entry->id, "%s", message->id);
        snprintf(entry->scope, sizeof entry->scope, "%s", message->scope);
        memcpy(entry->key_id, message->key_id, sizeof entry->key_id);
        tell_missing(set, message);
    }
    entry->used = ++cache->clock;
    return entry->set;
}

size_t page_cache_count(struct page_cache *cache, const struct message *message,
                        const struct page_place *place)
{
    const struct page_set *set = page_cache_get(cache, message, place);

    return set ? page_set_count(set) : 1;
}

int64_t page_cache_dwell_ms(struct page_cache *cache,
                            const struct message *message,
                            const struct page_place *place, size_t page)
{
    const struct page_set *set = page_cache_get(cache, message, place);

    if (!set || page >= page_set_count(set))
        return cache->glass->theme.dwell_floor_ms;
    return page_dwell_ms(set, page);
}
