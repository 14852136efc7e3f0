/* The loop: the one thread that owns SDL and all state. */
#ifndef GAOSHI_DISPLAY_LOOP_H
#define GAOSHI_DISPLAY_LOOP_H

#include "display/edge/app/display.h"

/* Blocks SIGINT and SIGTERM, for the threads to come as well, and gives them
 * to a descriptor. Call before anything starts a thread. -1: failed. */
int loop_catch_signals(void);

/* Turns until somebody asks for the end or the time is over. signal_fd: of
 * loop_catch_signals. False: the kernel refused what a loop needs. */
bool loop_run(struct display *display, int signal_fd, struct problem *problem);

#endif
