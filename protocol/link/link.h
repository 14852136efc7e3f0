/* The line to the broker: a thin edge around Paho's MQTTAsync. One link for a
 * process. The message callback runs on Paho's thread under its global lock: it
 * copies the bytes, returns, and must not call the link. The other callbacks
 * run on the link's own thread, and must not block. */
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
    LINK_UNCONFIRMED, /* the line went before an answer came */
};

struct link_options {
    /* As protocol/broker_address.h reads them; all of one kind. */
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
    /* Where to learn more when a connection over TLS fails, for the end of the
     * reason; NULL: nowhere. */
    const char *hint;
};

struct link_callbacks {
    void *context;
    void (*connected)(void *context);
    /* The line broke, or could not be made. reason: text for a log line. The
     * link keeps trying by itself, and calls again only for another reason. */
    void (*disconnected)(void *context, const char *reason);
    /* Bytes are valid during the call only. Of a message over
     * LIMIT_MESSAGE_BYTES only one byte more than that is handed over: enough
     * to be refused as too large. */
    void (*message)(void *context, const char *topic, const char *payload,
                    size_t bytes, bool retained);
    /* One call for each link_publish that returned true. */
    void (*published)(void *context, uint64_t token, enum link_result result,
                      const char *reason);
    /* An answer to link_subscribe: false if the broker refused it. */
    void (*subscribed)(void *context, const char *filter, bool granted);
};

/* Options and files, before anything is sent. problem->field is the setting
 * that is wrong, as both programs name it: «broker.ca». */
bool link_check(const struct link_options *options, struct problem *problem);

/* The options alone; link_create does this itself. */
bool link_check_options(const struct link_options *options,
                        struct problem *problem);

/* The files for TLS are readable and fit; problem->place is the one that does
 * not. A started link checks them before each connect and reports a fault as
 * the reason of the failure. */
bool link_check_files(const struct link_options *options,
                      struct problem *problem);

/* Whether the addresses ask for TLS. Options are checked. */
bool link_is_tls(const struct link_options *options);

/* Options and strings are copied. Does not connect yet. Unless the environment
 * has RES_OPTIONS (resolv.conf(5)), it is set so that looking up a name takes
 * some seconds at most: call it before other threads read the environment. */
bool link_create(const struct link_options *options,
                 const struct link_callbacks *callbacks, struct link **out,
                 struct problem *problem);

/* Begins to connect and keeps the line up: reconnects with growing steps (at
 * most 4 s), trying the brokers in turn. After 1.5 s of silence the link asks
 * the broker for a sign of life. Without an answer within 1.5 s, on a slow line
 * within up to 24 s, it makes a new connection. Returns at once. Call once. */
bool link_start(struct link *link, struct problem *problem);

/* Subscribes with QoS 1, now and after every connect. At most LINK_FILTER_MAX
 * filters. */
bool link_subscribe(struct link *link, const char *filter,
                    struct problem *problem);

/* Subscribes again to every filter, so that the broker sends its retained
 * messages once more. Does nothing without a line: every connect subscribes. */
void link_refresh(struct link *link);

/* Bytes are copied. The token comes back in the published callback, once; that
 * may be before this returns. A message larger than the broker's limit (MQTT 5)
 * is not sent and ends as refused. False: there is no line, or LINK_PENDING_MAX
 * answers are outstanding; nothing was queued. */
bool link_publish(struct link *link, const char *topic, const char *payload,
                  size_t bytes, int qos, bool retained, uint64_t token);

/* The same, retained and QoS 1. A broker of MQTT 5 deletes the message after
 * lasts_s seconds; 0: never. */
bool link_publish_lasting(struct link *link, const char *topic,
                          const char *payload, size_t bytes, uint32_t lasts_s,
                          uint64_t token);

/* Publishes nothing more, waits at most 1 s for outstanding answers,
 * disconnects (waits at most 2 s), ends Paho's threads. Publishes without an
 * answer end LINK_UNCONFIRMED. No callback runs afterwards. NULL: nothing. */
void link_destroy(struct link *link);

#endif
