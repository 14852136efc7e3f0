/* The alert that an operator names by its id, as the outbox knows it. */
#ifndef GAOSHI_PUBLISHER_ALERT_KNOWN_H
#define GAOSHI_PUBLISHER_ALERT_KNOWN_H

#include "publisher/cli/command.h"
#include "publisher/outbox/sent_alerts.h"

/* One slot of the screens: the records of an id in one status, in every
 * scope that it went to. */
struct alert_known {
    struct sent_alerts sent; /* of the id, all of them */
    bool *chosen;            /* one for each */
    size_t count;            /* chosen */
};

/* Chooses by --status and --scope where they were typed; among what is left,
 * what was not cancelled, if there is any. None chosen: the outbox does not
 * know it. Done: the caller finishes *out. Otherwise it was told why. */
enum publish_exit alert_known_find(const struct options *options,
                                   const char *id, struct alert_known *out);
void alert_known_finish(struct alert_known *known);

/* The id is unknown, and that was not to be forced: tells so. */
enum publish_exit alert_known_refuse(const struct alert_known *known,
                                     const struct options *options,
                                     const char *id);

#endif
