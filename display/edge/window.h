/* The window, or the whole screen of a board, and the way of pixels into it.
 * The only file that talks to SDL's video. The loop's thread. */
#ifndef GAOSHI_DISPLAY_WINDOW_H
#define GAOSHI_DISPLAY_WINDOW_H

#include "display/edge/renderer.h"
#include "protocol/problem.h"

struct window;

struct window_options {
    bool fullscreen;
    int width_px; /* of a window; full screen takes the screen's */
    int height_px;
    bool safe; /* without the graphics card's help, where that goes */
    const char *title;
};

/* Windows come from X11 or Wayland, a full screen from them or, without a
 * desktop, from KMSDRM: never from a driver that nobody sees. */
bool window_create(const struct window_options *options, struct window **out,
                   struct problem *problem);
void window_destroy(struct window *window); /* NULL: nothing */

void window_size(const struct window *window, int *width_px, int *height_px);
const char *window_driver(const struct window *window);

/* Copies the damaged rectangles and returns when they are handed over (on
 * KMSDRM: at the vertical blank). Pixels must have the window's size: a
 * window that was resized meanwhile takes what fits. */
bool window_present(struct window *window, const struct renderer_pixels *pixels,
                    const struct rect *damage, size_t count);

void window_toggle_fullscreen(struct window *window);

/* For poll; -1: the driver has none, then look every WINDOW_LOOK_MS. */
int window_fd(const struct window *window);
enum { WINDOW_LOOK_MS = 250 };

enum window_event {
    WINDOW_NOTHING, /* no more events now */
    WINDOW_QUIT,
    WINDOW_RESIZED, /* ask window_size */
    WINDOW_EXPOSED, /* present everything again */
    WINDOW_PAUSE,
    WINDOW_STEP_BACK,
    WINDOW_STEP_ON,
    WINDOW_FULLSCREEN,
    WINDOW_DRILL,
};

/* The next event that matters. Call until WINDOW_NOTHING before waiting: what
 * the library has read already, no poll will tell. */
enum window_event window_next_event(struct window *window);

#endif
