/* Writes the frames of a rehearsal: as a lossless WebP animation, in which a
 * frame stands until the next one differs, or as numbered PNG files at a steady
 * rate. */
#ifndef GAOSHI_DISPLAY_EXPORT_H
#define GAOSHI_DISPLAY_EXPORT_H

#include "base/problem.h"
#include "display/edge/render/renderer.h"

struct frame_export;

/* to: a file that ends in .webp, or a folder that ends in a slash or exists. */
bool frame_export_create(const char *to, int width_px, int height_px,
                         struct frame_export **out, struct problem *problem);
void frame_export_destroy(struct frame_export *frames); /* NULL: nothing */

/* at_ms: since the first frame, growing. changed: it is not like the last one.
 */
bool frame_export_add(struct frame_export *frames,
                      const struct renderer_pixels *pixels, int64_t at_ms,
                      bool changed, struct problem *problem);

/* Writes what is left; the last frame stands until end_ms. */
bool frame_export_end(struct frame_export *frames, int64_t end_ms,
                      struct problem *problem);

#endif
