/* Makes the JSON object of an alert from the flags of «alert raise» and «alert
 * update». */
#ifndef GAOSHI_PUBLISHER_ALERT_FLAGS_H
#define GAOSHI_PUBLISHER_ALERT_FLAGS_H

#include "base/timestamp.h"
#include "publisher/alert/templates.h"
#include "publisher/cli/options.h"

#include <jansson.h>

/* Sets the fields of the template, then those of the flags. When a Chinese text
 * is replaced, its old English translation is removed. *use is what the
 * template gave; empty without a template. */
bool alert_flags_apply(const struct options *options, json_t *alert,
                       struct template_use *use, struct problem *problem);

/* Writes the end given by --expires or --until, otherwise the time in `hours`
 * hours; "" if none of these is given. */
bool alert_flags_expiry(const struct options *options, int hours,
                        char out[TIMESTAMP_BYTES], struct problem *problem);

/* True when the problem is in the command line, not in a file. */
bool alert_flags_are_wrong(const struct problem *problem);

#endif
