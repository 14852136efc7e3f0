/* A second party on the broker for tests: a link that remembers everything
 * that happens to it, and waits for it with a bound. */
#ifndef GAOSHI_TESTS_SUPPORT_PEER_H
#define GAOSHI_TESTS_SUPPORT_PEER_H

#include "protocol/link/link.h"

struct peer;

struct peer_message {
    char *topic;
    char *payload; /* NUL behind the bytes */
    size_t bytes;
    bool retained;
};

struct peer_answer {
    uint64_t token;
    enum link_result result;
    char reason[128];
};

/* Options for one broker, MQTT 5, anonymous. */
struct link_options peer_options(const char *url, const char *client_id);

/* Creates and starts a link; with the others it is also up. NULL: failed, told
 * on stderr. */
struct peer *peer_create(const struct link_options *options);
struct peer *peer_connect_with(const struct link_options *options);
struct peer *peer_connect(const char *url, const char *client_id);
void peer_destroy(struct peer *peer); /* NULL: nothing */

/* Destroys the link only; what it told can still be read. */
void peer_close(struct peer *peer);

struct link *peer_link(struct peer *peer);

/* Subscribes and waits for the broker's answer. True: granted. */
bool peer_subscribe(struct peer *peer, const char *filter);

/* Each waits until so much has happened since the start; false: it did not
 * within the bound. */
bool peer_wait_connected(struct peer *peer, size_t times);
bool peer_wait_disconnected(struct peer *peer, size_t times);
bool peer_wait_subscribed(struct peer *peer, size_t times);

/* The n-th message from 0, or answer to a publish; NULL: it did not come.
 * They live as long as the peer. */
const struct peer_message *peer_wait_message(struct peer *peer, size_t n);
const struct peer_answer *peer_wait_answer(struct peer *peer, size_t n);

/* The first message to the topic that ever came. */
const struct peer_message *peer_wait_topic(struct peer *peer,
                                           const char *topic);

/* So far. */
size_t peer_disconnects(struct peer *peer);
size_t peer_messages(struct peer *peer);
size_t peer_answers(struct peer *peer);

/* The text last given with a disconnect; copied. */
void peer_reason(struct peer *peer, char *out, size_t size);

/* Publishes with QoS 1 and waits for the answer. */
bool peer_publish(struct peer *peer, const char *topic, const char *payload,
                  size_t bytes, bool retained);

#endif
