/* Scales a part of a picture while its rows come: cubic (Catmull-Rom), as wide
 * as the picture shrinks, so that nothing of it is skipped. */
#ifndef GAOSHI_IMAGE_IMAGE_SCALE_H
#define GAOSHI_IMAGE_IMAGE_SCALE_H

#include <stdbool.h>
#include <stdint.h>

struct image_scaler;

/* The part lies in rows of width by height; out has out_width by out_height
 * pixels, RGB, and is borrowed. NULL: no memory. */
struct image_scaler *image_scaler_create(int width, int height, double part_x,
                                         double part_y, double part_width,
                                         double part_height, int out_width,
                                         int out_height, uint8_t *out);
void image_scaler_destroy(struct image_scaler *scaler); /* NULL: nothing */

/* The next row from the top. */
void image_scaler_row(struct image_scaler *scaler, const uint8_t *rgb);

#endif
