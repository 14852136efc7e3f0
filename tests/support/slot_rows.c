/* Makes rows, and tells what a store holds. */
#include "tests/support/slot_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/edge/store/store_file.h"

enum { LISTED = 64, LINE_BYTES = 128 };

struct slot_row slot_rows_make(const char *kind, const char *id,
                               const char *payload, int64_t seq,
                               int64_t order_ms)
{
    static char slots[2][SLOT_NAME_BYTES], topics[2][LIMIT_TOPIC_BYTES];
    static int next;
    bool in_scope = strcmp(kind, "alert") != 0;

    next = !next;
    snprintf(slots[next], sizeof slots[next], "%s/%s%s", kind,
             in_scope ? "all/" : "", id);
    snprintf(topics[next], sizeof topics[next], "gaoshi/1/erqi/down/all/%s%s%s",
             kind, id[0] ? "/" : "", id);
    return (struct slot_row){.slot = slots[next],
                             .topic = topics[next],
                             .payload = payload,
                             .bytes = strlen(payload),
                             .seq = seq,
                             .received_ms = order_ms,
                             .order_ms = order_ms,
                             .ends_ms = INT64_MAX};
}

struct listing {
    struct slot_rows_loaded *loaded;
    char lines[LISTED][LINE_BYTES];
    size_t count;
};

static void note_row(void *context, const struct slot_row *row)
{
    struct listing *listing = context;

    listing->loaded->count++;
    listing->loaded->bytes += row->bytes;
    if (listing->count < LISTED)
        snprintf(listing->lines[listing->count++], LINE_BYTES, "%s=%.*s@%lld ",
                 strrchr(row->topic, '/') + 1,
                 row->bytes < 32 ? (int)row->bytes : 32, row->payload,
                 (long long)row->seq);
}

static void note_watermark(void *context, enum slot_class class,
                           const struct watermark *watermark)
{
    struct listing *listing = context;

    watermarks_raise(&listing->loaded->watermarks[class], watermark);
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

void slot_rows_load(struct store *store, struct slot_rows_loaded *out)
{
    struct listing listing = {.loaded = out};
    const struct store_reader reader = {&listing, note_row, note_watermark};
    struct problem problem = {0};

    *out = (struct slot_rows_loaded){.count = 0};
    if (!store_load(store, &reader, &problem))
        out->count = -1;
    qsort(listing.lines, listing.count, LINE_BYTES, compare);
    for (size_t i = 0; i < listing.count; i++)
        strncat(out->text, listing.lines[i],
                sizeof out->text - strlen(out->text) - 1);
}

bool slot_rows_load_file(const char *file, struct slot_rows_loaded *out)
{
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    if (!store_open(file, &store, &damaged, &problem))
        return false;
    slot_rows_load(store, out);
    store_close(store);
    return !damaged;
}

struct slot_rows_loaded slot_rows_on_disk(const char *file)
{
    struct slot_rows_loaded loaded = {.count = -1};
    char copy[STORE_PATH_BYTES];

    if (store_file_copy(file, STORE_FILE_BYTES, copy)) {
        slot_rows_load_file(copy, &loaded);
        store_file_remove_copy(copy);
    }
    return loaded;
}
