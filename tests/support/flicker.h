/* Tells from the frames of something that moves whether it flashes: WCAG 2.3.1
 * speaks of opposing changes of relative luminance by a tenth or more, and of
 * saturated red, (R - G - B) * 320 by more than 20. Here no pixel may do either
 * within a second even once. */
#ifndef GAOSHI_TESTS_SUPPORT_FLICKER_H
#define GAOSHI_TESTS_SUPPORT_FLICKER_H

#include "display/edge/render/renderer.h"

/* A second is looked back, at a beat that is told at the beginning. */
enum { FLICKER_BACK_MS = 1000, FLICKER_BACK_MOST = 25 };

struct flicker {
    int back; /* frames that reach back a second */
    float *luminance[FLICKER_BACK_MOST + 1],
        *red[FLICKER_BACK_MOST + 1]; /* newest first */
    size_t pixels;
    size_t frames;
    double linear[256];
    size_t changing_most; /* pixels that differed by a tenth from so long ago */
    float step_most;      /* of luminance, from one frame to the next */
};

/* Fails the test where a second has more frames than are kept. */
void flicker_begin(struct flicker *flicker, const struct renderer *renderer,
                   int step_ms);
void flicker_finish(struct flicker *flicker);

/* The frame that stands now; fails the test when a pixel turned back. */
void flicker_look(struct flicker *flicker, const struct renderer *renderer);

#endif
