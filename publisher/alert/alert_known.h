/* Finds an alert by its id: in the outbox, otherwise at the broker. */
#ifndef GAOSHI_PUBLISHER_ALERT_KNOWN_H
#define GAOSHI_PUBLISHER_ALERT_KNOWN_H

#include "publisher/cli/command.h"
#include "publisher/outbox/sent_alerts.h"

/* One alert: the records of an id with one status, one for each scope that it
 * was sent to. */
struct alert_known {
    struct sent_alerts sent; /* all records of the id */
    bool *chosen;            /* one for each record */
    size_t count;            /* number of chosen records */
};

/* Chooses the records with the typed --status and --scope. If some of them are
 * not cancelled, only those are chosen. If none is chosen, neither the outbox
 * nor the broker knows the alert. On PUBLISH_DONE the caller finishes *out;
 * with any other code the reason was printed. */
enum publish_exit alert_known_find(const struct options *options,
                                   const char *id, struct alert_known *out);
void alert_known_finish(struct alert_known *known);

/* Prints that the outbox does not know the alert and that --force is missing.
 */
enum publish_exit alert_known_refuse(const struct alert_known *known,
                                     const struct options *options,
                                     const char *id);

#endif
