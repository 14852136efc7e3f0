/* What screens said of messages that were sent from here, kept beside the
 * outbox for an operator who asks later. */
#ifndef GAOSHI_PUBLISHER_KEPT_RECEIPTS_H
#define GAOSHI_PUBLISHER_KEPT_RECEIPTS_H

#include "protocol/receipt.h"
#include "publisher/outbox/outbox.h"

enum {
    /* Screens of a message; further ones are not kept. With room for a city,
     * and still bounded where a broker lets anybody say anything. */
    KEPT_RECEIPTS_SCREENS = 250000,
};

/* Many receipts at once. Its statements are prepared with the first receipt and
 * serve all of them. */
struct kept_receipts {
    const struct sqlite_file *file; /* borrowed */
    const char *org;                /* borrowed */
    struct sqlite3_stmt *find, *keep;
};

/* Within begin and commit of the outbox. */
void kept_receipts_begin(struct kept_receipts *kept,
                         const struct sqlite_file *file, const char *org);

/* Keeps the newest of the screen for the message. One for a message that the
 * outbox does not have changes nothing, and so does one that tells less than is
 * known. One that has a digest in place of a number counts for the message of
 * that id with this digest. */
bool kept_receipts_add(struct kept_receipts *kept,
                       const struct receipt *receipt, struct problem *problem);

/* Frees the statements; it may begin again. */
void kept_receipts_end(struct kept_receipts *kept);

/* What is known of a message on a screen; texts are valid during the call. */
struct kept_receipt {
    const char *screen;
    enum receipt_event event; /* verified, refused, or shown */
    int64_t at_ms;            /* TIMESTAMP_NONE: the screen did not tell */
    const char *reason, *text;
};

/* Calls back for each screen; a callback that returns false ends it. */
bool kept_receipts_each(const struct sqlite_file *file, int64_t seq,
                        bool (*each)(void *context,
                                     const struct kept_receipt *receipt),
                        void *context, struct problem *problem);

/* Within begin and commit: forgets those of messages that are gone. */
bool kept_receipts_prune(const struct sqlite_file *file,
                         struct problem *problem);

#endif
