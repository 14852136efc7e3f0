/* All that the console knows of the fleet: what screens say of themselves,
 * which messages the broker retains, and how far those that were sent from here
 * came. It listens all the time, and says what changed. */
#ifndef GAOSHI_PUBLISHER_WALL_H
#define GAOSHI_PUBLISHER_WALL_H

#include "publisher/cli/command.h"
#include "publisher/fleet/tally.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/session.h"

#include <jansson.h>

enum {
    /* Messages that the broker retains; further ones are passed over. */
    WALL_MESSAGES_MAX = 4000,
    WALL_MESSAGES_BYTES = 32 * 1024 * 1024,
    /* Messages sent from here whose receipts are counted: the newest. */
    WALL_TALLIES_MAX = 64,
    /* What changes is told so often at most. */
    WALL_TELL_MS = 250,
};

/* Whether a key that may sign it signed a message that the broker retains. */
enum wall_trust {
    WALL_VERIFIED,
    WALL_UNKNOWN, /* there is no list of keys here to look it up */
    WALL_FALSE,   /* screens refuse it */
};

/* A message that the broker retains. */
struct wall_message {
    char *topic;
    char *payload;
    size_t bytes;
    const char *body; /* within the payload, NUL-terminated */
    char scope[SCOPE_BYTES];
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    enum message_kind kind;
    enum wall_trust trust;
    bool is_own;                                      /* signed by our key */
    int64_t seq, issued_ms, effective_ms, expires_ms; /* TIMESTAMP_NONE: none */
    json_t *about; /* what a list shows of it */
};

struct wall;

/* Begins to listen. Options are borrowed; key_id: of our key. tell is called
 * with the name of an event and its data, which becomes the callee's. */
bool wall_create(const struct options *options, const char *key_id,
                 void (*tell)(void *context, const char *event, json_t *data),
                 void *context, struct wall **out, struct problem *problem);
void wall_destroy(struct wall *wall);

/* Readable when wall_turn has something to take. */
int wall_fd(const struct wall *wall);

/* Takes what came, and tells what changed. Returns the monotonic moment of the
 * next call, if nothing comes before. */
int64_t wall_turn(struct wall *wall, int64_t now_ms);

/* Counts the receipts of a message that was just sent from here. False: the
 * outbox does not have it, or no memory. */
bool wall_follow(struct wall *wall, const char *topic);

/* Each of these makes JSON for the page; NULL: no memory. */
json_t *wall_screens(const struct wall *wall);
/* One screen in full; NULL also: it is not known. */
json_t *wall_screen(const struct wall *wall, const char *id);
json_t *wall_messages(const struct wall *wall, bool alerts);
/* The totals of each message that is followed. */
json_t *wall_tallies(const struct wall *wall);
/* Screen by screen of one of them, those first that have not got it; NULL also:
 * it is not followed. */
json_t *wall_tally(const struct wall *wall, const char *id);
/* Where the screen hangs; "" where nobody says so. */
const char *wall_place(const struct wall *wall, const char *id);
/* How many screens lie in a scope, with the first names. */
json_t *wall_scope(const struct wall *wall, const char *scope);
/* Whether there is a line to the broker, since when, and why not. */
json_t *wall_line(const struct wall *wall);

/* The message in a slot («panel/ID», «alert/ID», «clear/ID» for the end of an
 * alert) with this number (0: any); NULL: the broker does not have it. */
const struct wall_message *wall_find(const struct wall *wall, const char *slot,
                                     int64_t seq);

#endif
