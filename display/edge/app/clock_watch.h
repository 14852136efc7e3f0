/* The clock of a running display: read once a turn, judged, and told when
 * what it is worth changes. */
#ifndef GAOSHI_DISPLAY_CLOCK_WATCH_H
#define GAOSHI_DISPLAY_CLOCK_WATCH_H

#include "display/edge/app/display.h"

/* Reads the clocks: once at the start and once a turn. */
struct moment clock_watch(struct display *display);

/* What a message that was judged says about time; stored: it is a row that was
 * received then. */
void clock_hear(struct display *display, const struct board_intake *judged);
void clock_recall(struct display *display, const struct board_intake *judged,
                  int64_t received_ms);

/* The list of keys changed. */
void clock_distrust(struct display *display);

/* The same reading, after messages came. */
struct moment clock_after_messages(struct display *display);

#endif
