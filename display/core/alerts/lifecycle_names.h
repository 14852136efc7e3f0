/* Which records bear or name an id: what makes the search for chains take as
 * long as there are references, not as the square of them. Shared by the
 * lifecycle's own files, nobody else includes it. */
#ifndef GAOSHI_DISPLAY_LIFECYCLE_NAMES_H
#define GAOSHI_DISPLAY_LIFECYCLE_NAMES_H

#include "display/core/alerts/lifecycle.h"

struct lifecycle_reference {
    uint64_t hash;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
};

/* A cancel's own references and those of what it cancels. */
enum { LIFECYCLE_REFERENCES_MAX = 2 * LIMIT_REFERENCES };

enum {
    LIFECYCLE_NAMES_MAX = LIFECYCLE_RECORDS_MAX *
                          (1 + LIFECYCLE_REFERENCES_MAX),
    LIFECYCLE_NAMES_BUCKETS = 1 << 17, /* nearly twice as many */
    LIFECYCLE_NAMES_NONE = LIFECYCLE_NAMES_MAX,
};
_Static_assert(LIFECYCLE_NAMES_BUCKETS > LIFECYCLE_NAMES_MAX,
               "a search ends at a free bucket");

struct lifecycle_name {
    const struct lifecycle_reference *id; /* borrowed */
    uint32_t record, bucket;
    uint32_t next; /* the same id again, or LIFECYCLE_NAMES_NONE */
};

/* Zeroed is empty. Valid while no record moves. */
struct lifecycle_names {
    struct lifecycle_name items[LIFECYCLE_NAMES_MAX];
    size_t count;
    uint32_t heads[LIFECYCLE_NAMES_BUCKETS]; /* item + 1; 0: none */
};

bool lifecycle_is_same_id(const struct lifecycle_reference *a,
                          const struct lifecycle_reference *b);

void lifecycle_names_clear(struct lifecycle_names *names);

/* The record that came first with that id, perhaps this one. */
size_t lifecycle_names_add(struct lifecycle_names *names,
                           const struct lifecycle_reference *id, size_t record);

/* The first item with that id, or LIFECYCLE_NAMES_NONE. */
size_t lifecycle_names_find(const struct lifecycle_names *names,
                            const struct lifecycle_reference *id);

#endif
