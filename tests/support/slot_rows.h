/* Rows as the board would give them, for tests of what is kept. */
#ifndef GAOSHI_TESTS_SUPPORT_SLOT_ROWS_H
#define GAOSHI_TESTS_SUPPORT_SLOT_ROWS_H

#include "display/core/validation/slot_table.h"
#include "display/edge/store/store.h"

/* kind: "panel", "alert", "index", "keys"; the slot is panel/all/ID, alert/ID,
 * index/all/. Texts live until the next call but one. It was issued at
 * order_ms and never ends. */
struct slot_row slot_rows_make(const char *kind, const char *id,
                               const char *payload, int64_t seq,
                               int64_t order_ms);

/* What was loaded, in the order of ids, as one text: id=payload@seq … */
struct slot_rows_loaded {
    char text[4096];
    int count;
    size_t bytes; /* of payloads */
    struct watermarks watermarks[SLOT_CLASS_COUNT];
};
void slot_rows_load(struct store *store, struct slot_rows_loaded *out);

/* The same of the file, opened anew; false: it cannot be. */
bool slot_rows_load_file(const char *file, struct slot_rows_loaded *out);

/* What the next start would find, if the power went now: a copy is opened. */
struct slot_rows_loaded slot_rows_on_disk(const char *file);

#endif
