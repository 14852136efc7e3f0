/* What the X server knows about a window: its place, whether it is mapped, what
 * is on top of it, and the size of the output. Queried over a separate
 * connection, because SDL only knows what it requested. Used by the loop's
 * thread. */
#ifndef GAOSHI_DISPLAY_WINDOW_X11_H
#define GAOSHI_DISPLAY_WINDOW_X11_H

#include "display/edge/render/window.h"

#include <stdint.h>

struct window_x11;

/* Connects to the server that DISPLAY names. */
struct window_x11 *window_x11_create(struct problem *problem);
void window_x11_destroy(struct window_x11 *x11); /* NULL: nothing */

/* For poll: readable when something happened to the window or the screen. */
int window_x11_fd(const struct window_x11 *x11);

/* Watches only this window from now on. */
void window_x11_follow(struct window_x11 *x11, uint32_t id);

/* The primary output, otherwise the first one that is on, otherwise (on a
 * server without outputs) the whole screen. Empty: every output is off. */
struct rect window_x11_output(struct window_x11 *x11);

struct window_x11_news {
    bool any;  /* an event came: ask window_x11_cover again */
    bool lost; /* pixels of the window were lost and must be presented again */
    bool gone; /* the window was destroyed */
    bool cut;  /* the connection broke */
};

/* Reads the events that have arrived and adds them to the news. Does not wait.
 */
void window_x11_read(struct window_x11 *x11, struct window_x11_news *news);

/* Queries the server and waits for its answers. */
struct window_cover window_x11_cover(struct window_x11 *x11, bool fullscreen);

/* Maps the window, moves it to this place and raises it. A window manager is
 * asked to do this, and for full screen. */
void window_x11_place(struct window_x11 *x11, struct rect place);

/* The colour (0xRRGGBB) with which the server fills a part of the window until
 * it is drawn, when the window grows or another one uncovers it. */
void window_x11_set_ground(struct window_x11 *x11, uint32_t colour);

/* Switches all outputs off, or on again, by DPMS. A server without it does
 * nothing. */
void window_x11_set_lit(struct window_x11 *x11, bool lit);

/* True: the server is Xwayland, whose compositor draws later what was put. */
bool window_x11_is_nested(const struct window_x11 *x11);

/* True: a window manager decides on maps, moves and sizes. */
bool window_x11_is_managed(struct window_x11 *x11);

#endif
