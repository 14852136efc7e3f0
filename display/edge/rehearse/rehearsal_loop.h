/* Runs a rehearsal: in a window with its keys, without one as fast as the
 * machine can, or into a file. */
#ifndef GAOSHI_DISPLAY_REHEARSAL_LOOP_H
#define GAOSHI_DISPLAY_REHEARSAL_LOOP_H

#include "display/edge/rehearse/rehearsal.h"

/* In a window, until its end is asked for. signal_fd: of loop_catch_signals. */
bool rehearsal_loop_window(struct rehearsal *rehearsal, int signal_fd,
                           struct problem *problem);

/* Without a window and without waiting: a replay to its end, drafts for
 * --seconds. */
void rehearsal_loop_headless(struct rehearsal *rehearsal);

/* Writes the programme once through, or --seconds of it, to --export. */
bool rehearsal_loop_export(struct rehearsal *rehearsal,
                           struct problem *problem);

#endif
