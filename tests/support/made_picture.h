/* Pictures that tests make themselves: four fields, red, green, blue, yellow
 * from the top left, as files of every kind. */
#ifndef GAOSHI_TESTS_SUPPORT_MADE_PICTURE_H
#define GAOSHI_TESTS_SUPPORT_MADE_PICTURE_H

#include "image/image.h"

struct made_picture {
    unsigned char *bytes; /* the caller frees them */
    size_t size;
};

struct made_options {
    int width, height; /* as it is stored */
    int orientation;   /* 1 … 8; 0: nothing is said of it */
    bool progressive;  /* JPEG; an interlaced PNG */
    bool cmyk, grey;   /* JPEG */
    bool deep;         /* PNG: 16 bits */
    bool clear;        /* PNG, WebP: transparent */
    bool lossless;     /* WebP */
    bool talkative;    /* with a place, an owner and a comment */
    bool profiled;     /* with a colour profile: in it red and blue have changed
                          places */
};

struct made_picture made_jpeg(const struct made_options *options);
struct made_picture made_png(const struct made_options *options);
struct made_picture made_webp(const struct made_options *options);
struct made_picture made_animated_webp(void);

/* Of a talkative picture: what must not be in what is sent. */
extern const char made_secret[];
bool made_has(const void *bytes, size_t size, const char *text);

/* The field at a corner of the picture as it is stored: 0 … 3. */
uint32_t made_colour(int field);

/* Whether two colours look alike. */
bool made_is_near(uint32_t a, uint32_t b);

#endif
