/* The picture in the window of a rehearsal: the glass, as large as the window
 * has room for, and over it what only a rehearsal shows. The pixels of the
 * glass itself stay as they are. */
#ifndef GAOSHI_DISPLAY_VIEW_H
#define GAOSHI_DISPLAY_VIEW_H

#include "base/problem.h"
#include "display/edge/render/renderer.h"

enum { VIEW_TIMES_MAX = 120 };

/* What is shown. Everything is borrowed. */
struct view_state {
    struct renderer_pixels glass;
    int rotation;
    const struct draw_list *list; /* what stands on the glass */
    const struct rect *damage;    /* of the last frame, on the glass */
    size_t damage_count;
    int legal_px;
    double legal_mm; /* 0: not known */
    bool help, boxes, changes, times, sizes;
    bool paused;
    const char *status; /* one line; with times */
    const char *prompt; /* what is asked for; NULL: nothing */
    const char *note;   /* what a key has just done; NULL: nothing */
    const char *const *problems;
    size_t problem_count;
    const int *times_us; /* of the last frames, oldest first */
    size_t time_count;
};

/* Zeroed is empty; end with view_finish. */
struct view {
    uint32_t *pixels;
    int width, height;
};

/* Draws into view->pixels, which get this size. fonts: those of the glass. */
bool view_draw(struct view *view, const struct view_state *state, int width_px,
               int height_px, struct fonts *fonts);
void view_finish(struct view *view);

struct renderer_pixels view_pixels(const struct view *view);

#endif
