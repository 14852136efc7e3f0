/* Pictures of glyphs, kept between frames: A8, cropped, keyed by face, size
 * and code point, compared in full. */
#ifndef GAOSHI_DISPLAY_FONTS_ATLAS_H
#define GAOSHI_DISPLAY_FONTS_ATLAS_H

#include "display/edge/text/fonts.h"

enum {
    FONTS_ATLAS_BYTES = 32 * 1024 * 1024,
    FONTS_ATLAS_PICTURES = 32 * 1024,
};

struct fonts_key {
    int face;
    int size_px;
    uint32_t codepoint;
};

struct fonts_slot {
    struct fonts_key key; /* size_px 0: free */
    struct font_picture picture;
};

struct fonts_block;

/* Zeroed is empty. */
struct fonts_atlas {
    struct fonts_slot *slots; /* open addressing, a power of two */
    size_t slot_count;
    size_t used;
    struct fonts_block *blocks; /* the pixels */
    size_t bytes;
};

void fonts_atlas_finish(struct fonts_atlas *atlas);

/* NULL: not there. */
const struct font_picture *fonts_atlas_find(const struct fonts_atlas *atlas,
                                            struct fonts_key key);

/* Memory for a picture's pixels, 4-byte aligned; NULL without memory. */
uint8_t *fonts_atlas_alloc(struct fonts_atlas *atlas, size_t bytes);

/* The key must not be there yet. False: no memory. */
bool fonts_atlas_put(struct fonts_atlas *atlas, struct fonts_key key,
                     const struct font_picture *picture);

/* Whether it is over one of its limits. */
bool fonts_atlas_is_full(const struct fonts_atlas *atlas);

#endif
