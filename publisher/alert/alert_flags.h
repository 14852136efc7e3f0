/* From the flags of alert raise and alert update to the alert's object. */
#ifndef GAOSHI_PUBLISHER_ALERT_FLAGS_H
#define GAOSHI_PUBLISHER_ALERT_FLAGS_H

#include "base/timestamp.h"
#include "publisher/cli/options.h"

#include <jansson.h>

/* Sets what template and flags say, the flags last. English texts go where
 * the Chinese that they translate was replaced. *hours is how long the
 * template lets it last; 0 without one. */
bool alert_flags_apply(const struct options *options, json_t *alert, int *hours,
                       struct problem *problem);

/* Writes the end that --expires or --until say, else that of so many hours
 * from now on; "" where neither is given. */
bool alert_flags_expiry(const struct options *options, int hours,
                        char out[TIMESTAMP_BYTES], struct problem *problem);

/* True when a problem is about the command line itself, not about a file. */
bool alert_flags_are_wrong(const struct problem *problem);

#endif
