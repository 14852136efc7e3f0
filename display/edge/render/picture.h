/* Writes and reads PNG files of frames with libpng. */
#ifndef GAOSHI_DISPLAY_PICTURE_H
#define GAOSHI_DISPLAY_PICTURE_H

#include "base/problem.h"
#include "display/edge/render/renderer.h"

/* Writes a file beside the final name and renames it; an existing file that is
 * no regular file is written to directly. */
bool picture_write(const char *file, const struct renderer_pixels *pixels,
                   struct problem *problem);

/* The same in memory; the caller frees *out. Fast: for somebody who waits, in a
 * quarter of the time, and a little larger. */
bool picture_encode(const struct renderer_pixels *pixels, bool fast, void **out,
                    size_t *bytes, struct problem *problem);

/* A picture of which each pixel is the mean of factor × factor (2 to 16) of
 * the other one; rests at the right and the bottom are left out. XRGB8888
 * without gaps, which the caller frees. NULL: no memory. */
uint32_t *picture_shrink(const struct renderer_pixels *pixels, int factor);

/* Reads a PNG with 8 bits a channel into memory that the caller frees:
 * XRGB8888, transparent parts on black. Sides up to PICTURE_SIDE_MAX. */
bool picture_read(const char *file, uint32_t **out, int *width, int *height,
                  struct problem *problem);

enum { PICTURE_SIDE_MAX = 16384 };

#endif
