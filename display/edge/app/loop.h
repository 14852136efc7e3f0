/* The loop: the one thread that owns SDL and all state. */
#ifndef GAOSHI_DISPLAY_LOOP_H
#define GAOSHI_DISPLAY_LOOP_H

#include "display/edge/app/display.h"

/* Blocks SIGINT and SIGTERM in this thread and in those it starts later, and
 * returns a descriptor for them. Call it before anything starts a thread. -1:
 * failed. */
int loop_catch_signals(void);

/* Runs until the end is requested or the time is over. signal_fd: from
 * loop_catch_signals. False: the kernel refused something that the loop needs.
 */
bool loop_run(struct display *display, int signal_fd, struct problem *problem);

#endif
