/* The screen's end of the line: what comes in goes to the inbox, what the
 * screen says of itself goes out. Functions: the loop's thread. */
#ifndef GAOSHI_DISPLAY_SUBSCRIBER_H
#define GAOSHI_DISPLAY_SUBSCRIBER_H

#include "display/edge/config/config.h"
#include "display/edge/net/inbox.h"
#include "protocol/receipt.h"

struct subscriber;

enum { SUBSCRIBER_KEEP_ALIVE_S = 30 };

/* What stands in the way of a line, as far as it can be seen without one: the
 * configuration, the file of the password, certificates. problem says where it
 * stands. */
bool subscriber_check(const struct config *config, struct problem *problem);

/* Makes a connection over TLS to each broker, in words for a technician. False:
 * a broker's certificate, or ours at a broker, does not serve. A broker that
 * cannot be reached is logged and is no fault of the configuration. */
bool subscriber_diagnose(const struct config *config, struct problem *problem);

/* Begins to connect; inbox_line tells when the line is up. The inbox is
 * borrowed and must outlive the subscriber. Caller owns *out. */
bool subscriber_create(const struct config *config, struct inbox *inbox,
                       int64_t wall_ms, struct subscriber **out,
                       struct problem *problem);

/* Says that the screen goes, and closes the line. NULL: nothing. */
void subscriber_destroy(struct subscriber *subscriber, int64_t wall_ms);

/* Asks the broker for everything that it retains, once more: after messages
 * were lost. Without a line nothing: every new line brings it. False: too much
 * waits to be sent; ask later. */
bool subscriber_refresh(struct subscriber *subscriber);

/* Without a line these do nothing: a screen's state is told anew when the
 * line is back, and what it showed meanwhile stands in it. */
void subscriber_tell_presence(struct subscriber *subscriber,
                              enum presence presence, int64_t wall_ms);
void subscriber_tell_receipt(struct subscriber *subscriber,
                             const struct receipt *receipt);
/* The answer to a command. */
void subscriber_tell_reply(struct subscriber *subscriber,
                           const struct receipt *receipt);
/* False: it found no room, the state has to be told again. */
bool subscriber_tell_state(struct subscriber *subscriber,
                           const struct screen_state *state);

#endif
