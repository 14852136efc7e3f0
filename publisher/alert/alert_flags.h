/* Makes the JSON object of an alert from the flags of alert raise and alert
 * update. */
#ifndef GAOSHI_PUBLISHER_ALERT_FLAGS_H
#define GAOSHI_PUBLISHER_ALERT_FLAGS_H

#include "base/timestamp.h"
#include "publisher/cli/options.h"

#include <jansson.h>

/* Sets the fields that the template gives, then those that flags give. Where a
 * Chinese text is replaced, its old English translation is removed. *hours is
 * how long the template lets the alert last; 0 without a template. */
bool alert_flags_apply(const struct options *options, json_t *alert, int *hours,
                       struct problem *problem);

/* Writes the end that --expires or --until give, else the time in so many
 * hours; "" without these and with 0 hours. */
bool alert_flags_expiry(const struct options *options, int hours,
                        char out[TIMESTAMP_BYTES], struct problem *problem);

/* True when a problem is about the command line itself, not about a file. */
bool alert_flags_are_wrong(const struct problem *problem);

#endif
