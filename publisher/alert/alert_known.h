/* The alert that an operator names by its id, as the outbox knows it. */
#ifndef GAOSHI_PUBLISHER_ALERT_KNOWN_H
#define GAOSHI_PUBLISHER_ALERT_KNOWN_H

#include "publisher/cli/command.h"
#include "publisher/outbox/sent_alerts.h"

/* One alert as screens know it: the records of an id in one status, one record
 * for each scope that it was sent to. */
struct alert_known {
    struct sent_alerts sent; /* of the id, all of them */
    bool *chosen;            /* one for each */
    size_t count;            /* chosen */
};

/* Chooses the records that have the typed --status and --scope. If some of
 * these were not cancelled, only these are chosen. If none is chosen, the
 * outbox does not know the alert. On PUBLISH_DONE the caller finishes *out;
 * with any other code the reason was told. */
enum publish_exit alert_known_find(const struct options *options,
                                   const char *id, struct alert_known *out);
void alert_known_finish(struct alert_known *known);

/* Tells that the outbox does not know the alert and that --force was not given.
 */
enum publish_exit alert_known_refuse(const struct alert_known *known,
                                     const struct options *options,
                                     const char *id);

#endif
