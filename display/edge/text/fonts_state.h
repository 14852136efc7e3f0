/* What the files of the fonts module share; nobody else includes it. */
#ifndef GAOSHI_DISPLAY_FONTS_STATE_H
#define GAOSHI_DISPLAY_FONTS_STATE_H

#include "display/edge/text/fonts_atlas.h"
#include "display/edge/text/fonts_face.h"

enum {
    /* Characters whose face and advance are remembered: forgotten all at
     * once when they are more. A table of these, one for every role. */
    FONTS_KNOWN_MAX = 16 * 1024,
};

struct known {
    uint32_t codepoint; /* 0: free; NUL is never looked up here */
    int face;           /* FONTS_FACE_BOX: missing */
    int advance;        /* in FONTS_UNITS */
};

struct fonts {
    struct fonts_chain chain;
    struct fonts_face faces[FONTS_FACES];
    struct fonts_measures measures[TYPE_ROLE_COUNT];
    struct known *known[TYPE_ROLE_COUNT]; /* 2 × FONTS_KNOWN_MAX each */
    size_t known_count[TYPE_ROLE_COUNT];
    struct fonts_atlas atlas;
    size_t drawn; /* pictures put into it since the start */
    struct type_metrics metrics;
};

/* False: not installed or refused, which is logged once. */
bool fonts_open_face(struct fonts *fonts, int face);

/* Nothing to see, no width, and no defect where a font lacks it. */
bool fonts_is_invisible(uint32_t codepoint);

#endif
