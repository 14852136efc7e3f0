/* Draws draw lists into XRGB memory with pixman on the CPU, only where they
 * differ from the last frame. */
#ifndef GAOSHI_DISPLAY_RENDERER_H
#define GAOSHI_DISPLAY_RENDERER_H

#include "display/core/draw/draw_list.h"
#include "display/core/page/theme.h"
#include "display/edge/text/fonts.h"

struct renderer;

enum {
    RENDERER_DAMAGE_MAX = 16,
    RENDERER_STEP_MAX = 4,
    /* The most rectangles of one frame: a step and the mix after it. */
    RENDERER_FRAME_MAX = RENDERER_STEP_MAX + RENDERER_DAMAGE_MAX
};

/* rotation: 0, 90, 180 or 270 degrees clockwise; width and height are those
 * of the draw lists (before rotation). NULL: no memory. */
struct renderer *renderer_create(struct fonts *fonts, int width_px,
                                 int height_px, int rotation);
void renderer_destroy(struct renderer *renderer);

/* Copies the list as the next frame and draws the differences from the frame
 * before. out gets the damage (rotated, ready to present); returns the number
 * of rectangles, 0 if nothing changed. The list may be cleared afterwards. */
size_t renderer_draw(struct renderer *renderer, const struct draw_list *list,
                     struct rect out[RENDERER_DAMAGE_MAX]);

/* A transition: begin keeps the present frame and draws the new page (at t = 0)
 * beside it; draw mixes both; end keeps the new page. False: no memory, or
 * there is no frame that could be kept. */
bool renderer_transition_begin(struct renderer *renderer,
                               const struct draw_list *to);
size_t renderer_transition_draw(struct renderer *renderer,
                                enum transition_kind kind, double progress,
                                struct rect out[RENDERER_DAMAGE_MAX]);
void renderer_transition_end(struct renderer *renderer);

/* Gives back the two pages that a transition mixes; the next one takes memory
 * anew. During a transition: nothing. */
void renderer_rest(struct renderer *renderer);

/* Memory of all layers of pixels that are not lent. */
size_t renderer_bytes(const struct renderer *renderer);

/* During a transition, something that both pages show has changed (the clock,
 * the ticker). `to` is the new page with that change. Draws the change into
 * both pages and onto the glass, before the next mix. Returns damage like
 * renderer_draw. */
size_t renderer_transition_step(struct renderer *renderer,
                                const struct draw_list *to,
                                struct rect out[RENDERER_STEP_MAX]);

/* The shown pixels (rotated): XRGB8888. */
struct renderer_pixels {
    const uint32_t *pixels;
    int width, height, stride_bytes;
};
struct renderer_pixels renderer_pixels(const struct renderer *renderer);

/* How much of the light is left, RENDERER_LIGHT_FLOOR … 100 per cent, by a
 * table for each channel: the next frame is presented whole, and
 * renderer_pixels has it. At the floor white on black keeps a contrast of 6:1,
 * and the text of an alert 3:1. False: no memory, nothing changes. */
enum { RENDERER_LIGHT_FLOOR = 25 };
bool renderer_set_light(struct renderer *renderer, int percent);

/* From now on frames are made in this memory, as large as renderer_pixels says
 * and without gaps; NULL: in memory of the renderer's own. It is only touched
 * while something is drawn, and stays the caller's. fresh: what was drawn there
 * is lost. Where frames were made elsewhere before or are lost, the next one is
 * drawn whole. False: no memory; nothing may be drawn. */
bool renderer_use(struct renderer *renderer, uint32_t *pixels, bool fresh);

/* Draws everything anew next time (window exposed, resized back). */
void renderer_forget(struct renderer *renderer);

/* Has the kernel supply this memory at once, in large pages where it can: page
 * by page at the first write it takes longer than drawing. */
void renderer_touch(void *pixels, size_t bytes);

#endif
