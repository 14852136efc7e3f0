/* What all screens said of themselves, as the broker retains it. */
#ifndef GAOSHI_PUBLISHER_SNAPSHOT_H
#define GAOSHI_PUBLISHER_SNAPSHOT_H

#include "publisher/cli/command.h"
#include "publisher/fleet/roster.h"
#include "publisher/send/session.h"

/* snapshot_open and snapshot_close. */
struct snapshot {
    const struct options *options;
    struct inventory inventory;
    struct roster roster;
    struct session *session;
    bool complete;       /* all that the broker retains has come */
    int64_t news_ms;     /* monotonic: when the last of it came */
    unsigned char *news; /* of each screen: changed since it was cleared */
    bool any_news;
};

/* Reads the inventory, if there is one, and begins to connect. replies: answers
 * to commands come, too, for who takes events himself. On failure, too,
 * snapshot_close. */
bool snapshot_open(struct snapshot *snapshot, const struct options *options,
                   bool replies, struct problem *problem);
void snapshot_close(struct snapshot *snapshot);

/* Takes what screens say until all is there that the broker retains. False,
 * told: it did not come within --timeout without progress. */
bool snapshot_collect(struct snapshot *snapshot);

/* Takes an event of the session: what a screen says of itself, or a fault.
 * Events of other kinds are passed over. */
void snapshot_take(struct snapshot *snapshot,
                   const struct session_event *event);

/* Takes what comes until then; false: no line, or a signal (signal_fd, -1:
 * none) asked for the end. */
bool snapshot_follow(struct snapshot *snapshot, int signal_fd,
                     int64_t until_ms);

#endif
