/* Which alert a message belongs to: ids and references. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_CHAIN_H
#define GAOSHI_CAP_CAP_CHAIN_H

#include "cap/cap_map.h"

/* The id for a new identifier: the identifier itself if it is valid as an id,
 * otherwise a form of it followed by a hash. */
void cap_chain_id(enum cap_dialect dialect, const char *sender,
                  const char *identifier, char out[CAP_ID_BYTES]);

/* The ids that a message replaces or ends, its own first, and further ids of
 * the same alert. */
struct cap_chain {
    char ids[CAP_CHAINS_MAX][CAP_ID_BYTES];
    size_t id_count;
    char references[LIMIT_REFERENCES][CAP_ID_BYTES]; /* never ids[0] */
    size_t reference_count;
};

/* ends: the message is a cancel or an all-clear. False when such a message
 * references no alert that it could end. */
bool cap_chain_find(const struct cap_alert *alert, bool ends,
                    const struct cap_history *history, struct cap_chain *out,
                    struct cap_notes *notes, struct problem *problem);

/* Sets a problem at an element and returns false. */
bool cap_refuse(struct problem *problem, const struct cap_text *at,
                const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
