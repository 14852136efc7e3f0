/* As much of MQTT 3.1.1 as a screen needs, over a socket that never blocks: ten
 * thousand lines in one process, without a thread for each. */
#ifndef GAOSHI_TESTS_FLEET_MQTT_H
#define GAOSHI_TESTS_FLEET_MQTT_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mqtt {
    int fd;   /* -1: no line */
    SSL *ssl; /* NULL: without TLS */
    unsigned char *in, *out;
    size_t in_bytes, in_room, out_bytes, out_room;
    uint16_t packet;
    bool heard;   /* something came; for the caller to reset */
    bool reached; /* TCP connected */
};

struct mqtt_will {
    const char *topic, *payload; /* retained, QoS 1 */
};

/* Begins to connect to 127.0.0.1 and queues CONNECT. tls NULL: without TLS.
 * False: no socket. */
bool mqtt_connect(struct mqtt *mqtt, int port, SSL_CTX *tls,
                  const char *client_id, const struct mqtt_will *will);
/* Closes the socket without a word: the broker sends the will. */
void mqtt_drop(struct mqtt *mqtt);

void mqtt_subscribe(struct mqtt *mqtt, const char *filter);
/* QoS 1. Returns the packet's number, which its acknowledgement has. */
uint16_t mqtt_publish(struct mqtt *mqtt, const char *topic, const char *payload,
                      bool retained);
void mqtt_unsubscribe(struct mqtt *mqtt, const char *filter);

/* Writes what fits. False: the line broke. */
bool mqtt_flush(struct mqtt *mqtt);

struct mqtt_events {
    void *context;
    void (*connected)(void *context);
    void (*subscribed)(void *context, bool granted);
    void (*message)(void *context, const char *topic, const char *payload,
                    size_t bytes);
    void (*acknowledged)(void *context, uint16_t packet); /* NULL: not told */
};

/* Reads what is there and hands over each packet. False: the line broke. */
bool mqtt_read(struct mqtt *mqtt, const struct mqtt_events *events);

#endif
