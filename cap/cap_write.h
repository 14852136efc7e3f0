/* Writes our alerts as OASIS CAP 1.2 for other programs. Pure. */
#ifndef GAOSHI_CAP_CAP_WRITE_H
#define GAOSHI_CAP_CAP_WRITE_H

#include "protocol/message.h"

#include <stdio.h>

/* Values that the body of a draft may lack. */
struct cap_write_frame {
    const char *org;   /* NULL: that of the body, otherwise "gaoshi" */
    int64_t issued_ms; /* if the body has none */
    int utc_offset_minutes;
    /* Scopes that the alert was sent to besides that of the body. */
    const char *const *scopes;
    size_t scope_count;
};

/* Writes an alert or an alert-cancel as one XML document in UTF-8. References
 * contain the identifiers of CAP messages that this function writes, with this
 * message's own sending time, because theirs are not known here. False: it is
 * another kind of message, or the stream failed. */
bool cap_write(const struct message *message,
               const struct cap_write_frame *frame, FILE *out);

#endif
