/* The line to the broker, built on Paho's MQTTAsync. A process has one link.
 * The message callback runs on Paho's thread under Paho's global lock: it
 * copies the bytes, returns, and must not call the link. The other callbacks
 * run on the link's own thread and must not block. */
#ifndef GAOSHI_PROTOCOL_LINK_H
#define GAOSHI_PROTOCOL_LINK_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link;

enum {
    LINK_BROKER_MAX = 8,
    LINK_FILTER_MAX = 32,
    LINK_PENDING_MAX = 1000, /* publishes without an answer */
    LINK_REASON_BYTES = 320, /* the longest reason ever given */
};

enum link_result {
    LINK_DELIVERED,   /* PUBACK (QoS 1) or sent (QoS 0) */
    LINK_REFUSED,     /* denied, or too large for the broker; see reason */
    LINK_UNCONFIRMED, /* the line broke before an answer came */
};

struct link_options {
    /* In the form of protocol/broker_address.h; all with TLS or all without. */
    const char *brokers[LINK_BROKER_MAX];
    size_t broker_count;
    const char *client_id;
    const char *username; /* NULL: none */
    const char *password; /* NULL: none */
    const char *ca_file;  /* needed with mqtts: peer and host are verified */
    const char *cert_file;
    const char *key_file;
    int mqtt_version; /* 5 or 4 (3.1.1) */
    int keep_alive_s;
    /* Last will, retained, QoS 1; NULL: none. */
    const char *will_topic;
    const char *will_payload;
    /* Where to learn more when a TLS connection fails; added to the reason.
     * NULL: nowhere. */
    const char *hint;
};

struct link_callbacks {
    void *context;
    void (*connected)(void *context);
    /* The line broke, or could not be made. reason is a text for a log line.
     * The link keeps trying and calls again only when the reason changes. */
    void (*disconnected)(void *context, const char *reason);
    /* The bytes are valid only during the call. Of a message over
     * LIMIT_MESSAGE_BYTES one byte more than the limit is passed, so that it is
     * refused as too large. */
    void (*message)(void *context, const char *topic, const char *payload,
                    size_t bytes, bool retained);
    /* One call for each link_publish that returned true. */
    void (*published)(void *context, uint64_t token, enum link_result result,
                      const char *reason);
    /* The answer to link_subscribe; granted is false if the broker refused it.
     * The link goes on to ask, after 2 s and then less and less often, and
     * tells when it is granted. */
    void (*subscribed)(void *context, const char *filter, bool granted);
};

/* Checks options and files before anything is sent. problem->field is the wrong
 * setting by the name that both programs use: «broker.ca». */
bool link_check(const struct link_options *options, struct problem *problem);

/* Checks only the options; link_create does this itself. */
bool link_check_options(const struct link_options *options,
                        struct problem *problem);

/* Checks that the files for TLS are readable and belong together;
 * problem->place is the bad one. A started link checks them before each connect
 * and reports a fault as the reason of the failure. */
bool link_check_files(const struct link_options *options,
                      struct problem *problem);

/* Whether the addresses ask for TLS. The options must be checked before. */
bool link_is_tls(const struct link_options *options);

/* Copies options and strings. Does not connect yet. Sets RES_OPTIONS
 * (resolv.conf(5)) in the environment, unless it is set, so that a name look-up
 * takes only some seconds: call it before other threads read the environment.
 */
bool link_create(const struct link_options *options,
                 const struct link_callbacks *callbacks, struct link **out,
                 struct problem *problem);

/* Begins to connect and keeps the line up: it reconnects with growing intervals
 * (at most 4 s) and tries the brokers in turn. After 1.9 s of silence it asks
 * the broker for an answer. If none comes within 2 s (on a slow line up to 32
 * s), it makes a new connection. Returns at once. Call it once. */
bool link_start(struct link *link, struct problem *problem);

/* Subscribes with QoS 1, now and after every connect. At most LINK_FILTER_MAX
 * filters. One that is subscribed already is subscribed again, so that the
 * broker sends what it retains once more. */
bool link_subscribe(struct link *link, const char *filter,
                    struct problem *problem);

/* The contrary; its place is free for another filter. */
void link_unsubscribe(struct link *link, const char *filter);

/* Subscribes again to every filter, so that the broker sends its retained
 * messages once more. Does nothing while the line is down, because every
 * connect subscribes. */
void link_refresh(struct link *link);

/* How much longer than usual a broker may take to answer before the line counts
 * as dead: with thousands of clients it is busy for a while. Attempts to
 * connect that it does not answer may take up to 16 times as much longer. */
void link_set_patience(struct link *link, int64_t patience_ms);

/* The bytes are copied. The published callback gets the token once, possibly
 * before this returns. A message over the broker's limit (MQTT 5) is not sent
 * and ends as refused. False: the line is down, or LINK_PENDING_MAX answers are
 * outstanding; nothing was queued. */
bool link_publish(struct link *link, const char *topic, const char *payload,
                  size_t bytes, int qos, bool retained, uint64_t token);

/* The same, retained and with QoS 1. An MQTT 5 broker deletes the message after
 * lasts_s seconds; 0: never. */
bool link_publish_lasting(struct link *link, const char *topic,
                          const char *payload, size_t bytes, uint32_t lasts_s,
                          uint64_t token);

/* Stops publishing, waits at most 1 s for outstanding answers, disconnects
 * (waits at most 2 s) and ends Paho's threads. Publishes without an answer end
 * as LINK_UNCONFIRMED. No callback runs afterwards. NULL: does nothing. */
void link_destroy(struct link *link);

#endif
