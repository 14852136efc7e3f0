/* The loop: the one thread that owns SDL and all state. */
#ifndef GAOSHI_DISPLAY_LOOP_H
#define GAOSHI_DISPLAY_LOOP_H

#include "display/edge/app/display.h"

/* Turns until somebody asks for the end or the time is over. signal_fd: of
 * waiting_catch_signals. False: the kernel refused what a loop needs. */
bool loop_run(struct display *display, int signal_fd, struct problem *problem);

#endif
