/* What a Wayland compositor tells besides SDL: its outputs (SDL 2.26 hears an
 * output's size once and keeps it when the mode changes), and when a frame was
 * on the glass. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_WINDOW_WAYLAND_H
#define GAOSHI_DISPLAY_WINDOW_WAYLAND_H

#include <stdbool.h>
#include <stdint.h>

struct wl_display;
struct wl_surface;
struct window_wayland;

/* Listens on SDL's connection, which must outlive it, with a queue of its own.
 * NULL: no memory. */
struct window_wayland *window_wayland_create(struct wl_display *display);
void window_wayland_destroy(struct window_wayland *wayland); /* NULL: nothing */

struct window_wayland_news {
    bool any;  /* an output or a frame is another one than before */
    bool lost; /* the last frame never came to the glass */
};

/* Takes in what SDL has read, and adds it to the news. */
void window_wayland_read(struct window_wayland *wayland,
                         struct window_wayland_news *news);

/* The size of an output in the compositor's own pixels (a mode of 1920x1080
 * with a scale of 2 has 960x540): of that which a window of this size fills,
 * otherwise of the first one. False: there is no output. */
bool window_wayland_output(const struct window_wayland *wayland,
                           int window_width, int window_height, int *width,
                           int *height);

/* Asks to be told when the frame that is committed next is on the glass.
 * repeats: it has the pixels of the frame before. */
void window_wayland_expect(struct window_wayland *wayland,
                           struct wl_surface *surface, bool repeats);

/* Before the surface is destroyed. */
void window_wayland_forget(struct window_wayland *wayland);

/* The monotonic time from which the last frame counts as being on the glass: 0
 * when the compositor has said so (wp_presentation); WINDOW_SETTLE_MS after it
 * has drawn the frame where it has no such protocol, or has drawn it for the
 * second time. INT64_MAX: it said nothing yet. */
int64_t window_wayland_due_ms(const struct window_wayland *wayland);

/* The monotonic time from which the last frame should be presented again: it
 * was drawn, and nothing was said since of its being on the glass (wlroots 0.15
 * in a window of X11 says it of a frame only with the next one). INT64_MAX: it
 * need not. */
int64_t window_wayland_repeat_ms(const struct window_wayland *wayland);

#endif
