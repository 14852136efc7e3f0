/* Pictures from outside: what they are, what they show, and the same picture
 * without what does not belong to it. All limits are checked before anything is
 * decoded; no function here keeps state, so that any thread may call it. */
#ifndef GAOSHI_IMAGE_IMAGE_H
#define GAOSHI_IMAGE_IMAGE_H

#include "base/problem.h"
#include "protocol/picture.h"

/* The most memory that decoding may take besides the result, in bytes. */
#define IMAGE_MEMORY_BYTES (320LL * 1024 * 1024)

/* What a file says of itself. */
struct image_info {
    enum picture_type type;
    int width, height;         /* as it is seen, after its rotation */
    int raw_width, raw_height; /* as it is stored */
    int orientation;           /* 1 … 8, as EXIF has it */
};

/* Reads the header. False, with the reason, for what no screen can show: no
 * picture, over a limit, animated, CMYK. */
bool image_read_info(const void *bytes, size_t size, struct image_info *out,
                     struct problem *problem);

/* Part of a picture as it is seen, in its pixels. */
struct image_part {
    double x, y, width, height;
};

/* XRGB8888, rows without gaps; the owner frees pixels. */
struct image {
    uint32_t *pixels;
    int width, height;
};

enum { IMAGE_SIDE_MAX_PX = 8192 };

/* Decodes the whole file and scales the part to width by height (1 …
 * IMAGE_SIDE_MAX_PX). What is transparent shows white. Colours are sRGB. False:
 * a file that is not whole, or no memory; *out is then untouched. */
bool image_decode(const void *bytes, size_t size, const struct image_part *part,
                  int width, int height, struct image *out,
                  struct problem *problem);

/* How many pictures this thread has decoded, or tried to. */
unsigned long image_decoded_here(void);

/* The mean colour along the edges, 0xRRGGBB. */
uint32_t image_edge_colour(const struct image *image);

/* The same picture without comments, owner, place, preview and whatever else is
 * not needed to show it; pixels are not encoded anew. The caller frees *out. */
bool image_clean(const void *bytes, size_t size, void **out, size_t *out_size,
                 struct problem *problem);

#endif
