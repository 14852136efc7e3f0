/* Inside the room: what the codecs share. */
#ifndef GAOSHI_IMAGE_IMAGE_CODEC_H
#define GAOSHI_IMAGE_IMAGE_CODEC_H

#include "image/image.h"
#include "image/image_scale.h"

/* A colour profile; bytes NULL: none. The owner frees them. */
struct image_profile {
    void *bytes;
    size_t size;
};
enum { IMAGE_PROFILE_BYTES = 1024 * 1024 };

/* Gets rows of a picture from the top, RGB, eight bits each. The picture may
 * come smaller than it is stored. */
struct image_sink {
    /* How many times smaller the rows may be; 1: not at all. */
    int shrink;
    struct image_scaler *scaler; /* made by begin */
    struct image_part part;      /* of the stored picture */
    int width, height;           /* of the result, not rotated yet */
    int raw_width, raw_height;
    struct image_profile profile;
    uint8_t *out; /* RGB */
};

/* The size of the rows that follow. */
bool image_sink_begin(struct image_sink *sink, int width, int height,
                      struct problem *problem);
void image_sink_row(struct image_sink *sink, const uint8_t *rgb);

/* RGBA over white, to RGB; both may be the same memory. */
void image_flatten(const uint8_t *rgba, uint8_t *rgb, int width);

struct image_source {
    const uint8_t *bytes;
    size_t size;
};

bool image_jpeg_info(const struct image_source *source, struct image_info *out,
                     struct problem *problem);
bool image_jpeg_decode(const struct image_source *source,
                       struct image_sink *sink, struct problem *problem);
bool image_png_info(const struct image_source *source, struct image_info *out,
                    struct problem *problem);
bool image_png_decode(const struct image_source *source,
                      struct image_sink *sink, struct problem *problem);
bool image_webp_info(const struct image_source *source, struct image_info *out,
                     struct problem *problem);
bool image_webp_decode(const struct image_source *source,
                       struct image_sink *sink, struct problem *problem);

/* The orientation that EXIF data tell, which begin with the byte order; 1 if
 * they tell none. */
int image_exif_orientation(const void *bytes, size_t size);

/* EXIF data that tell nothing but an orientation. */
enum { IMAGE_EXIF_BYTES = 26 };
void image_exif_make(int orientation, uint8_t out[IMAGE_EXIF_BYTES]);

#endif
