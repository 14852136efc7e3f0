/* The pictures of a screen: those that its panels name are fetched one after
 * the other, kept in a folder by their digest, and decoded in the size in which
 * a page shows them. A picture that panels do not name is not asked for, and is
 * the first to leave. All functions are for the loop's thread; everything that
 * takes long happens in a thread of the album. */
#ifndef GAOSHI_DISPLAY_ALBUM_H
#define GAOSHI_DISPLAY_ALBUM_H

#include "image/image.h"
#include "protocol/panel.h"

struct album;

enum {
    /* Pictures that it knows at once. */
    ALBUM_PICTURES = 1024,
    /* Without a new chunk for so long the next picture has its turn; with each
     * round of nothing it is twice as long. */
    ALBUM_PATIENCE_MS = 10000,
    ALBUM_PATIENCE_MOST_MS = 80000,
};
/* Of files in the folder; of pictures that have none, in memory; of decoded
 * pictures. */
#define ALBUM_FOLDER_BYTES (INT64_C(256) * 1024 * 1024)
#define ALBUM_MEMORY_BYTES (INT64_C(32) * 1024 * 1024)
#define ALBUM_PIXELS_BYTES (INT64_C(96) * 1024 * 1024)

/* folder: made if it is missing; "": pictures are kept in memory. most_bytes:
 * of its files, ALBUM_FOLDER_BYTES as a rule. A folder that cannot be used is
 * logged, and memory used in its place. NULL: no memory, or no thread. */
struct album *album_create(const char *folder, int64_t most_bytes);
void album_destroy(struct album *album); /* NULL: nothing */

/* Readable when album_turn has something to do. */
int album_fd(const struct album *album);

/* Tells anew which pictures panels name: begin, then each, then end. */
void album_name_begin(struct album *album);
void album_name(struct album *album, const struct panel_picture *picture);
void album_name_end(struct album *album);

/* Once a turn: takes what its thread has done. True: there is a picture more,
 * or one less, so that pages that name pictures are to be set anew. */
bool album_turn(struct album *album, int64_t mono_ms);
/* The monotonic time at which album_turn is due; INT64_MAX: never. */
int64_t album_next_ms(const struct album *album);

/* What the line is to ask for now. round counts how often it was asked; NULL:
 * nothing. */
struct album_wish {
    const char *digest;
    uint64_t round;
};
struct album_wish album_wish(const struct album *album);

/* A chunk that came. One of another picture changes nothing. */
void album_take_chunk(struct album *album, const char *digest, size_t chunk,
                      const void *bytes, size_t size, int64_t mono_ms);

/* Whether it is there, whole and not known to be spoilt. */
bool album_has(const struct album *album, const char *digest);

/* A part of the picture in this size. Valid until the next album_turn. */
struct album_pixels {
    const uint32_t *pixels; /* NULL: not yet, or never */
    uint64_t serial;        /* another one for other pixels; 0: none */
    bool due;               /* they come later */
};
struct album_pixels album_pixels(struct album *album, const char *digest,
                                 const struct image_part *part, int width,
                                 int height);

struct album_figures {
    int missing;           /* named, and not there */
    int spoilt;            /* named and there, and not to be shown */
    int64_t folder_bytes;  /* in the folder */
    unsigned long decoded; /* since the start, all of it in its thread */
};
struct album_figures album_figures(const struct album *album);

/* Waits until its thread has nothing to do, for commands without a loop. */
void album_settle(struct album *album);

#endif
