/* The messages of one delivery, each with what became of it. */
#ifndef GAOSHI_PUBLISHER_DELIVERIES_H
#define GAOSHI_PUBLISHER_DELIVERIES_H

#include "protocol/receipt.h"
#include "protocol/topic.h"
#include "publisher/outbox/outbox.h"

enum parcel_state {
    PARCEL_WAITING,
    PARCEL_SENT, /* no answer yet */
    PARCEL_CONFIRMED,
    PARCEL_REFUSED,
};

struct parcel {
    int64_t seq;
    char *topic;
    char *payload;
    size_t bytes;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char digest[ENVELOPE_DIGEST_BYTES + 1];
    bool fresh;   /* of this command, not left by an earlier one */
    bool counted; /* the operator's own message, not an index of them */
    int rank;     /* the smaller, the sooner it goes; see parcels_sort */
    int breaks;   /* so often the line broke while it had no answer */
    enum parcel_state state;
    int64_t published_ms; /* wall clock, just before */
    char **screens;       /* that have shown it */
    size_t screen_count;
};

/* Zeroed is empty. */
struct parcels {
    struct parcel *items;
    size_t count;
};

/* Takes a copy. False: no memory. */
bool parcels_add(struct parcels *parcels, const struct outbox_message *message,
                 bool fresh);

/* Into the order in which they go: the list of keys, actual alerts by their
 * level (a cancel with the red ones), drills, panels, and the indexes last; of
 * the same rank by their numbers. */
void parcels_sort(struct parcels *parcels);

/* Which one goes next, as far as it is its turn; NULL: none. One over which
 * the line broke goes alone, so that the next break names it; after the second
 * it goes behind all others. Indexes wait until all that they list is settled.
 */
struct parcel *parcels_next(struct parcels *parcels);
enum { PARCEL_BREAKS_MAX = 2 };

void parcels_finish(struct parcels *parcels);

/* Which one a receipt speaks of; NULL: none of these. */
struct parcel *parcels_of_receipt(struct parcels *parcels,
                                  const struct receipt *receipt);

/* Notes the screen; false if it was noted before. */
bool parcel_note_screen(struct parcel *parcel, const char *screen);

size_t parcels_in(const struct parcels *parcels, enum parcel_state state);
/* Those that an operator counts, and of these the ones in a state. */
size_t parcels_counted(const struct parcels *parcels);
size_t parcels_counted_in(const struct parcels *parcels,
                          enum parcel_state state);

/* Counted ones of earlier commands. */
size_t parcels_left_over(const struct parcels *parcels);

/* Counted, fresh and confirmed ones that fewer than so many screens have shown.
 */
size_t parcels_unshown(const struct parcels *parcels, size_t screens);

#endif
