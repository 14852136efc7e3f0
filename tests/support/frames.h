/* Frames at random, and what tests of a renderer ask of two of them. */
#ifndef GAOSHI_TESTS_SUPPORT_FRAMES_H
#define GAOSHI_TESTS_SUPPORT_FRAMES_H

#include "display/edge/render/renderer.h"

enum { FRAMES_WIDTH = 200, FRAMES_HEIGHT = 120 };

void frames_add_fill(struct draw_list *list, struct rect bounds, int radius,
                     draw_colour colour);
void frames_add_ground(struct draw_list *list, draw_colour colour);

/* Fills, polygons, rings and texts, some over the edge, some half
 * transparent, with bounds that do not always tell the truth. The seed goes
 * on: the same seed gives the same frames. */
void frames_random(struct draw_list *list, struct fonts *fonts, uint32_t *seed);

/* The next frame: items leave, come and change. Shares the glyphs of from. */
void frames_vary(const struct draw_list *from, struct draw_list *to,
                 struct fonts *fonts, uint32_t *seed);

/* What is shown now; the caller frees it. */
uint32_t *frames_copy_pixels(const struct renderer *renderer);

/* Fails the test unless every pixel outside damage is as it was. */
void frames_assert_only_damage(const uint32_t *before,
                               const struct renderer *renderer,
                               const struct rect *damage, size_t count);
void frames_assert_same(const struct renderer *a, const struct renderer *b);

#endif
