/* The line to the broker: a thin edge around Paho's MQTTAsync. One link for a
 * process. Callbacks run on Paho's thread under its global lock: they copy
 * bytes and return, and must not call the link. */
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
};

struct link_callbacks {
    void *context;
    void (*connected)(void *context);
    /* reason: text for a log line; the link goes on trying by itself. Also
     * called when no line could be made at first; told again only when the
     * reason is another one. */
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

/* All that a link needs before it can connect: addresses, what belongs
 * together, and the files. problem->field is what is wrong, as both programs
 * call it in their configuration: «broker.ca». */
bool link_check(const struct link_options *options, struct problem *problem);

/* The files for TLS can be read and are what they should be; problem->place
 * is the one that is not. A link that was started looks at them before each
 * connect by itself, and tells what is wrong as it tells of a line. */
bool link_check_files(const struct link_options *options,
                      struct problem *problem);

/* Options and strings are copied. Does not connect yet. Unless the environment
 * has RES_OPTIONS (resolv.conf(5)), it is set so that looking up a name takes
 * some seconds at most: call it before other threads read the environment. */
bool link_create(const struct link_options *options,
                 const struct link_callbacks *callbacks, struct link **out,
                 struct problem *problem);

/* Begins to connect and keeps the line up: reconnects with growing steps
 * (at most 4 s), trying the brokers in turn. A broker that says nothing for
 * 1.5 s is asked, and given up when it does not answer in 1.5 s; on a slow
 * line in more, up to 24 s. Returns at once. Call once. */
bool link_start(struct link *link, struct problem *problem);

/* The last attempt failed because the broker does not take our certificate:
 * revoked, expired, of a CA that it does not know, or none given. */
bool link_is_unwelcome(struct link *link);

/* Subscribes with QoS 1, now and after every connect. At most LINK_FILTER_MAX
 * filters. */
bool link_subscribe(struct link *link, const char *filter,
                    struct problem *problem);

/* Subscribes again to every filter, so that the broker sends what it retains
 * once more. Without a line nothing: the next connect does the same. */
void link_refresh(struct link *link);

/* A message that is larger than the broker said that it takes (MQTT 5) is not
 * sent and counts as refused. Bytes are copied. False when there is no line now
 * or LINK_PENDING_MAX answers are outstanding: nothing was queued. token comes
 * back in published, once; that may be before this returns. */
bool link_publish(struct link *link, const char *topic, const char *payload,
                  size_t bytes, int qos, bool retained, uint64_t token);

/* The same, retained and QoS 1; a broker of MQTT 5 forgets it after so many
 * seconds. 0: it does not. */
bool link_publish_lasting(struct link *link, const char *topic,
                          const char *payload, size_t bytes, uint32_t lasts_s,
                          uint64_t token);

/* Publishes nothing more, waits at most 1 s for outstanding answers,
 * disconnects (waits at most 2 s), ends Paho's threads. What has no answer by
 * then is reported LINK_UNCONFIRMED. No callback runs afterwards. NULL:
 * nothing. */
void link_destroy(struct link *link);

#endif
