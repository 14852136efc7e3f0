/* A client that only publishes, as fast as it is told: MQTT 3.1.1 by hand over
 * a socket of 127.0.0.1, QoS 0. For floods. */
#ifndef GAOSHI_TESTS_SUPPORT_HOSE_H
#define GAOSHI_TESTS_SUPPORT_HOSE_H

#include <stdbool.h>
#include <stddef.h>

/* The socket, or -1. */
int hose_open(int port, const char *client_id);
void hose_close(int hose);

/* False: the broker took it no more. */
bool hose_publish(int hose, const char *topic, const char *payload,
                  size_t bytes);

/* The same, and the broker keeps it for whoever subscribes later. */
bool hose_retain(int hose, const char *topic, const char *payload,
                 size_t bytes);

/* Waits until the broker has taken all that was published. */
bool hose_flush(int hose);

#endif
