/* What the network thread said of the line: told once, and kept for the mark
 * on the glass. */
#ifndef GAOSHI_DISPLAY_LINE_WATCH_H
#define GAOSHI_DISPLAY_LINE_WATCH_H

#include "display/edge/app/display.h"

/* Compares the inbox's word with what was last looked at; logs and reports
 * what changed. Once a turn. */
void line_watch(struct display *display, const struct moment *now);

/* Has the broker send what it retains once more: soon, and once a minute at
 * most. */
void line_watch_ask_again(struct display *display, const struct moment *now);

#endif
