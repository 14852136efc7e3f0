/* What the screen says, on its way to the link: a queue, and a thread that
 * calls the MQTT library. That one holds its lock while what comes in is
 * verified, and the loop must wait for nobody. */
#ifndef GAOSHI_DISPLAY_OUTGOING_H
#define GAOSHI_DISPLAY_OUTGOING_H

#include "protocol/link/link.h"

enum { OUTGOING_ITEMS = 512 };

struct outgoing;

/* The link is borrowed. NULL: no memory or no thread. */
struct outgoing *outgoing_create(struct link *link);

/* Hands all that waits to the link, and ends the thread. NULL: nothing. */
void outgoing_destroy(struct outgoing *outgoing);

/* To be published, QoS 1; copied. Without a line it is forgotten. False: no
 * room, or no memory. */
bool outgoing_publish(struct outgoing *outgoing, const char *topic,
                      const char *text, bool retained);

/* link_refresh, behind what waits. False: too much does. */
bool outgoing_refresh(struct outgoing *outgoing);

#endif
