/* The screen's end of the line: received messages go to the inbox, the screen's
 * reports go out. All functions are for the loop's thread. */
#ifndef GAOSHI_DISPLAY_SUBSCRIBER_H
#define GAOSHI_DISPLAY_SUBSCRIBER_H

#include "display/edge/config/config.h"
#include "display/edge/net/inbox.h"
#include "protocol/receipt.h"
#include "protocol/reply.h"

struct subscriber;

enum { SUBSCRIBER_KEEP_ALIVE_S = 30 };

/* Checks everything that needs no connection: the configuration, the password
 * file, certificates. problem says where the fault is. */
bool subscriber_check(const struct config *config, struct problem *problem);

/* Makes a TLS connection to each broker and explains faults to a technician.
 * False: a broker's certificate, or ours at a broker, is not accepted. A broker
 * that cannot be reached is logged and is no fault of the configuration. */
bool subscriber_diagnose(const struct config *config, struct problem *problem);

/* Begins to connect; inbox_line shows when the line is up. The inbox is
 * borrowed and must outlive the subscriber. The caller owns *out. */
bool subscriber_create(const struct config *config, struct inbox *inbox,
                       int64_t wall_ms, struct subscriber **out,
                       struct problem *problem);

/* Publishes that the screen is offline, and disconnects. NULL: does nothing. */
void subscriber_destroy(struct subscriber *subscriber, int64_t wall_ms);

/* Asks the broker once more for everything that it retains. While the line is
 * down this does nothing, because each new connection brings it. False: too
 * many items wait to be sent; try later. */
bool subscriber_refresh(struct subscriber *subscriber);

/* Asks for the chunks of a picture, as long as it is wanted. False: too many
 * items wait to be sent; try later. */
bool subscriber_want_picture(struct subscriber *subscriber, const char *digest,
                             bool wanted);

/* How many screens the organisation has, as far as it is known: receipts and
 * states are spread over SUBSCRIBER_SPREAD_US for each of them, and over
 * SUBSCRIBER_SPREAD_MAX_MS at most, so that the broker gets some 5,000 a second
 * and not all at once. The broker may take so much longer to answer before the
 * line counts as dead. */
enum { SUBSCRIBER_SPREAD_US = 200, SUBSCRIBER_SPREAD_MAX_MS = 10000 };
void subscriber_set_screens(struct subscriber *subscriber, int screens);

/* While the line is down this does nothing, like subscriber_tell_state. Both
 * are published again when the line is back. */
void subscriber_tell_presence(struct subscriber *subscriber,
                              enum presence presence, int64_t wall_ms);
/* Receipts and the answers to commands are sent again on each new line until a
 * broker acknowledges them. */
void subscriber_tell_receipt(struct subscriber *subscriber,
                             const struct receipt *receipt);
/* The answer to a command. */
void subscriber_tell_reply(struct subscriber *subscriber,
                           const struct receipt *receipt);
/* A part of what follows it. False: no room; try again later. */
bool subscriber_tell_part(struct subscriber *subscriber,
                          const struct reply_part *part);
/* False: no room; publish the state again later. */
bool subscriber_tell_state(struct subscriber *subscriber,
                           const struct screen_state *state);

#endif
