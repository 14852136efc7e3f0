/* What the X server says about a window: where it is, whether it is mapped,
 * what lies on top of it, and how large the output is. Asked over a connection
 * of its own, because SDL only knows what it has requested. The loop's thread.
 */
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

/* Watches this window from now on, and no other. */
void window_x11_follow(struct window_x11 *x11, uint32_t id);

/* The primary output, else the first one that is on, else (on a server without
 * outputs) the whole screen. Empty: every output is off. */
struct rect window_x11_output(struct window_x11 *x11);

struct window_x11_news {
    bool any;  /* an event came: ask window_x11_cover again */
    bool lost; /* pixels of the window were lost and must be presented again */
    bool gone; /* the window was destroyed */
    bool cut;  /* the connection broke */
};

/* Takes what has arrived and adds it to the news. Does not wait. */
void window_x11_read(struct window_x11 *x11, struct window_x11_news *news);

/* Asks the server, and waits for its answers. */
struct window_cover window_x11_cover(struct window_x11 *x11, bool fullscreen);

/* Maps the window, brings it to this place and on top of the others. A window
 * manager is asked for it, and for full screen. */
void window_x11_place(struct window_x11 *x11, struct rect place);

/* The colour (0xRRGGBB) that the server fills a part of the window with until
 * it is drawn: where the window grows or another one uncovers it. */
void window_x11_set_ground(struct window_x11 *x11, uint32_t colour);

/* True: a window manager decides on maps, moves and sizes. */
bool window_x11_is_managed(struct window_x11 *x11);

#endif
