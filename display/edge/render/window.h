/* Opens a window or a full screen and presents pixels in it. Only window.c
 * calls SDL's video functions. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_WINDOW_H
#define GAOSHI_DISPLAY_WINDOW_H

#include "base/problem.h"
#include "display/edge/render/renderer.h"

struct window;

/* What the keyboard does. */
enum window_keys {
    WINDOW_KEYS_NONE, /* a board in service: nothing */
    WINDOW_KEYS_FEW,  /* pause, pages, full screen, drill, end */
    WINDOW_KEYS_ALL,  /* every key is a WINDOW_KEY */
};

struct window_options {
    bool fullscreen;
    int width_px; /* size of a window; full screen has the screen's size */
    int height_px;
    bool safe; /* without the graphics card, if possible */
    enum window_keys keys;
    const char *title;
};

/* Windows come from X11 or Wayland. A full screen comes from them or, without a
 * desktop, from KMSDRM; never from SDL's «offscreen» or «dummy» drivers. */
bool window_create(const struct window_options *options, struct window **out,
                   struct problem *problem);
void window_destroy(struct window *window); /* NULL: nothing */

void window_size(const struct window *window, int *width_px, int *height_px);
const char *window_driver(const struct window *window);

/* The glass is the whole output for a full screen, and all of the window for a
 * window on a desktop. */
enum window_cover_state {
    WINDOW_COVERED,    /* every pixel of the glass is ours and lit */
    WINDOW_NO_OUTPUT,  /* no output is connected, or all are off */
    WINDOW_UNMAPPED,   /* minimised, hidden or not there yet */
    WINDOW_MISPLACED,  /* of another size, or off the screen */
    WINDOW_OVERLAPPED, /* another window is on top (X11 only) */
    WINDOW_UNSTEADY,   /* it changed during the query */
};

struct window_cover {
    enum window_cover_state state;
    int width_px, height_px;           /* real size of the window */
    int seen_width_px, seen_height_px; /* its visible size on the glass */
    int glass_width_px, glass_height_px;
};

/* "1x1 of 1920x1080", with the reason if the sizes do not show it. */
enum { WINDOW_COVER_TEXT_BYTES = 80 };
void window_cover_format(const struct window_cover *cover,
                         char out[WINDOW_COVER_TEXT_BYTES]);

/* The result of the last query. */
const struct window_cover *window_cover(const struct window *window);

/* Call it once a turn, before window_next_event. Queries the window if an event
 * said that something changed. A full-screen window that does not cover the
 * glass is mapped, moved, raised, or made anew. Logs once when the glass is not
 * covered, and once when it is covered again. */
void window_tend(struct window *window, int64_t now_ms);

/* The latest monotonic time of the next window_tend; INT64_MAX: only when the
 * window system sends an event. */
int64_t window_next_ms(const struct window *window, int64_t now_ms);

/* Whether these pixels are visible on the glass: all of them were presented,
 * and the glass is covered now and has been for WINDOW_STEADY_MS. On X11 the
 * server is asked; frames of Xwayland take WINDOW_SETTLE_MS more. KMSDRM shows
 * what was presented. Wayland reports sizes and when a frame was shown, but not
 * what is on top. */
bool window_covers_glass(struct window *window,
                         const struct renderer_pixels *pixels, int64_t now_ms);
enum { WINDOW_STEADY_MS = 200 };

/* So long a frame needs from a compositor's drawing to the glass: awaited where
 * nobody tells when it is there. Shorter than the steps of an alert. */
enum { WINDOW_SETTLE_MS = 50 };

/* Memory in which a frame of this size may be made, XRGB8888 without gaps, so
 * that window_present need not copy it; NULL: the window has none. It is valid
 * until the next event or window_tend. fresh: it is not what was returned last,
 * or its content is lost. */
uint32_t *window_pixels(struct window *window, int width, int height,
                        bool *fresh);

/* Copies the damaged rectangles (everything, if there are more than
 * RENDERER_FRAME_MAX) and returns when they are handed over (on KMSDRM: at the
 * vertical blank). The pixels must have the window's size; if the window was
 * resized meanwhile, the part that fits is presented. While no output is
 * connected nothing is, and WINDOW_EXPOSED asks for it later. */
bool window_present(struct window *window, const struct renderer_pixels *pixels,
                    const struct rect *damage, size_t count);

/* Reads back what was presented last: the window's own surface, or the frame as
 * the graphics card makes it of the texture. XRGB8888 without gaps, which the
 * caller frees. False: it cannot be read. */
bool window_read(struct window *window, uint32_t **out, int *width_px,
                 int *height_px);

/* Switches the outputs of a full screen on X11 or KMSDRM off, or on again, by
 * DPMS; time-outs of the X server stay off. Other windows, and where DPMS is
 * not known: nothing. */
void window_set_lit(struct window *window, bool lit);

void window_toggle_fullscreen(struct window *window);
bool window_is_fullscreen(const struct window *window);

/* The line over the window; UTF-8. */
void window_set_title(struct window *window, const char *title);

/* The largest size of these proportions that the desktop has room for; not
 * larger than the given one. */
void window_fit(const struct window *window, int *width_px, int *height_px);

/* Sets the size of a window that is not full screen. */
void window_resize(struct window *window, int width_px, int height_px);

/* For poll. -1: the driver has none; call window_next_event every
 * WINDOW_LOOK_MS. */
int window_fd(const struct window *window);
enum { WINDOW_LOOK_MS = 250 };

/* For poll: readable when window_tend has something to read. -1: none. */
int window_tend_fd(const struct window *window);

enum window_event {
    WINDOW_NOTHING, /* no more events at present */
    WINDOW_QUIT,
    WINDOW_RESIZED, /* ask window_size */
    WINDOW_EXPOSED, /* present everything again */
    WINDOW_PAUSE,
    WINDOW_STEP_BACK,
    WINDOW_STEP_ON,
    WINDOW_FULLSCREEN,
    WINDOW_DRILL,
    WINDOW_KEY, /* ask window_key */
};

/* A key that was pressed: the character that it bears without Shift, in lower
 * case, or one of these. */
enum {
    WINDOW_KEY_LEFT = 0x110000,
    WINDOW_KEY_RIGHT,
    WINDOW_KEY_UP,
    WINDOW_KEY_DOWN,
    WINDOW_KEY_PAGE_UP,
    WINDOW_KEY_PAGE_DOWN,
    WINDOW_KEY_HOME,
    WINDOW_KEY_HELP, /* F1 */
    WINDOW_KEY_BACKSPACE = 8,
    WINDOW_KEY_ENTER = 13,
    WINDOW_KEY_ESCAPE = 27,
};

struct window_key {
    int code;
    bool shift;
    bool repeated; /* it is held down */
};

/* The key of the last WINDOW_KEY. */
struct window_key window_key(const struct window *window);

/* The next event. Call it until WINDOW_NOTHING before each poll, because events
 * that SDL has already read do not make the descriptor readable. */
enum window_event window_next_event(struct window *window);

#endif
