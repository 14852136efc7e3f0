/* What the broker retains of an alert that a colleague sent. */
#ifndef GAOSHI_PUBLISHER_ALERT_RETAINED_H
#define GAOSHI_PUBLISHER_ALERT_RETAINED_H

#include "publisher/cli/command.h"
#include "publisher/outbox/sent_alerts.h"

/* Asks the broker for the alert or cancel of this id in every scope, and tells
 * what it has. Only what is signed by a key of the list of keys counts, as it
 * does for screens; without a list nothing is asked. False: there is no line,
 * or no memory; the problem says why. *out is empty before; the caller finishes
 * it. */
bool alert_retained_load(const struct options *options, const char *id,
                         struct sent_alerts *out, struct problem *problem);

#endif
