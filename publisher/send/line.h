/* The line of a command to the broker that its options name. */
#ifndef GAOSHI_PUBLISHER_LINE_H
#define GAOSHI_PUBLISHER_LINE_H

#include "publisher/cli/command.h"
#include "publisher/send/events.h"

/* Begins to connect; events tell the rest. The filters (none: NULL) are
 * subscribed to after every connect. On success the caller destroys *out,
 * before the events. */
bool line_open(const struct options *options, struct events *events,
               const char *const *filters, size_t count, struct link **out,
               struct problem *problem);

/* What a command ends with whose line could not be opened. */
enum publish_exit line_exit(const struct problem *problem);

#endif
