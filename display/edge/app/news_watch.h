/* What a broker keeps from this screen: told once when it begins and ends. */
#ifndef GAOSHI_DISPLAY_NEWS_WATCH_H
#define GAOSHI_DISPLAY_NEWS_WATCH_H

#include "display/edge/app/display.h"

/* Compares what the board says of its news with what was told; logs what
 * changed, and asks the broker once more for what is missing. While there is
 * no line, that is told instead. Once a turn, after board_advance. */
void news_watch(struct display *display, const struct moment *now);

#endif
