/* The table of sent alerts in the outbox's file (outbox_file): the last body of
 * each and whether it was cancelled. For a screen an alert is an id with one
 * status; here each scope that it went to has its own row. */
#ifndef GAOSHI_PUBLISHER_SENT_ALERTS_H
#define GAOSHI_PUBLISHER_SENT_ALERTS_H

#include "protocol/message.h"
#include "publisher/outbox/outbox.h"

struct sent_alert {
    char *id;
    enum alert_status status;
    char *scope;
    int64_t issued_ms;     /* of the alert, or of the cancel if the alert is not
                              known */
    int64_t expires_ms;    /* TIMESTAMP_NONE: not given, or not known */
    int64_t cancelled_ms;  /* TIMESTAMP_NONE: not cancelled */
    struct message *alert; /* its last body; NULL: only a cancel was sent */
    enum outbox_state state; /* of the last message: alert or cancel */
    bool overwritten;        /* another message replaced it on its topic */
};

/* Zeroed is empty. */
struct sent_alerts {
    struct sent_alert *items;
    size_t count;
};

/* Reads the alerts of the org with this id, newest first; id NULL: all of them.
 * On success the caller finishes *out. */
bool sent_alerts_load(const struct sqlite_file *file, const char *org,
                      const char *id, struct sent_alerts *out,
                      struct problem *problem);
void sent_alerts_finish(struct sent_alerts *alerts);

/* When it was cancelled, otherwise when screens end it. An alert without an
 * expiry ends after the time of its level. */
int64_t sent_alert_end_ms(const struct sent_alert *alert);

/* Whether it is neither cancelled nor over. */
bool sent_alert_is_live(const struct sent_alert *alert, int64_t now_ms);

/* Within the outbox's transaction: records an alert or a cancel that is sent;
 * other kinds change nothing. */
bool sent_alerts_keep(const struct sqlite_file *file,
                      const struct message *message, const char *body,
                      struct problem *problem);

#endif
