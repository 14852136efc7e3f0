/* What a display does about its own crashes: it counts them, goes to safe mode
 * after three in a row, and comes back from there. The loop's thread. */
#ifndef GAOSHI_DISPLAY_RECOVERY_H
#define GAOSHI_DISPLAY_RECOVERY_H

#include "display/edge/app/display.h"

/* So long safe mode stands without a crash; then the display ends in order,
 * and the next start is a whole one. */
enum { RECOVERY_SAFE_MS = 6 * 60 * 60 * 1000 };

/* Reads the note of the last run, begins one of this, and decides on safe
 * mode. Before anything is built that could crash. */
void recovery_begin(struct display *display, int64_t mono_ms);

/* After the theme was read: the mark of safe mode. */
void recovery_name_place(struct display *display);

/* Around each frame: the messages of a page are at work from its first frame
 * until it first came to rest. What moves on it later, as an alert's edge does
 * for hours, was drawn before. */
void recovery_before_frame(struct display *display, const struct scene *scene);
void recovery_behind_frame(struct display *display, const struct scene *scene,
                           bool at_rest);

/* After each turn. */
void recovery_watch(struct display *display, bool healthy,
                    const struct moment *now);

#endif
