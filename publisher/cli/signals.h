/* How a command that runs on is told to end. */
#ifndef GAOSHI_PUBLISHER_SIGNALS_H
#define GAOSHI_PUBLISHER_SIGNALS_H

/* Blocks SIGTERM and SIGINT, for the threads to come as well, and gives them
 * to a descriptor that becomes readable. -1: failed, errno says why. */
int signals_open(void);

#endif
