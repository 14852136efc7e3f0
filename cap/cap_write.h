/* Alerts of ours as OASIS CAP 1.2, for others to read. Pure. */
#ifndef GAOSHI_CAP_CAP_WRITE_H
#define GAOSHI_CAP_CAP_WRITE_H

#include "protocol/message.h"

#include <stdio.h>

/* What the body of a draft leaves open. */
struct cap_write_frame {
    const char *org;   /* NULL: the body's, else "gaoshi" */
    int64_t issued_ms; /* if the body has none */
    int utc_offset_minutes;
    /* Where the alert was sent to, beside the body's own scope. */
    const char *const *scopes;
    size_t scope_count;
};

/* Writes an alert or an alert-cancel as one XML document in UTF-8. References
 * name the identifiers of CAP messages written by this function; the sending
 * times of those are not known here: they bear this message's own. False: it
 * is another kind of message, or the stream failed. */
bool cap_write(const struct message *message,
               const struct cap_write_frame *frame, FILE *out);

#endif
