/* What the core knows of fonts: sizes of glyphs, asked through a table of
 * functions, so that layout needs no font library and tests can bring their
 * own. Thread: whoever owns the state. */
#ifndef GAOSHI_DISPLAY_TYPE_METRICS_H
#define GAOSHI_DISPLAY_TYPE_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum type_role {
    TYPE_SANS,       /* text that informs */
    TYPE_SANS_BOLD,  /* figures and titles */
    TYPE_SERIF_BOLD, /* section titles */
    TYPE_ROLE_COUNT
};

/* A length in 1/64 pixel («26.6»). A typedef, because it is a plain number. */
typedef int32_t type_length;
enum { TYPE_PIXEL = 64 };

/* The em at which advances are exact: that of any other size follows from that
 * of this one by type_scale. */
enum { TYPE_UNITS = 2048 };

/* Set in the codepoint of a glyph that was shaped: the lowest 16 bits are then
 * the index of the glyph in its face. No Unicode character has this bit. */
enum { TYPE_GLYPH_INDEX = 0x1000000 };

/* Set in the codepoint of a glyph that is drawn turned by 90° clockwise round
 * its origin, as the letters of a column are. */
enum { TYPE_GLYPH_TURNED = 0x2000000 };

struct type_glyph {
    int face;            /* index into the chain of fonts */
    uint32_t codepoint;  /* what is drawn */
    type_length advance; /* 0 for combining marks */
    bool missing;        /* no face has it: a visible box is drawn */
};

/* Where a glyph's ink lies, from its origin on the base line. */
struct type_ink {
    type_length left, right;
    type_length bottom, top; /* over the base line */
};

struct type_line {
    int ascent_px;     /* of the role's first face: base line to top */
    int descent_px;    /* base line to bottom, positive */
    int cap_height_px; /* top of 'H' and of digits over the base line */
};

/* A part of a text in one script, one direction and one face, to be shaped. */
struct type_run {
    const uint32_t *points; /* the whole text: letters join over a run's end */
    size_t point_count;
    size_t from, count; /* the run */
    const char *script; /* ISO 15924: "Arab" */
    bool right_to_left;
};

/* A glyph of a shaped run. Lengths are at TYPE_UNITS, in whole units. */
struct type_shaped {
    uint32_t index;   /* in the face; 0: the face lacks a character */
    uint32_t cluster; /* the first point it stands for */
    int32_t advance;
    int32_t x, y;        /* from where the advances before it end */
    int32_t top, bottom; /* of its ink, over the base line */
    int32_t left, right; /* of its ink, as x */
};

/* size_px is the em: a Chinese character is size_px wide and high. Which face
 * has a character does not depend on the size, and advances are linear in it:
 * that at size_px is type_scale of that at TYPE_UNITS. */
struct type_metrics {
    void *context;
    struct type_glyph (*glyph)(void *context, enum type_role role, int size_px,
                               uint32_t codepoint);
    struct type_line (*line)(void *context, enum type_role role, int size_px);
    /* NULL: not known. */
    struct type_ink (*ink)(void *context, enum type_role role, int size_px,
                           uint32_t codepoint);
    /* The face of the role that knows the script and has all the characters;
     * -1: none. NULL: nothing is shaped. */
    int (*script_face)(void *context, enum type_role role, const char *script,
                       const uint32_t *points, size_t count);
    /* Shapes a run; the glyphs come from left to right. Returns how many; 0: it
     * cannot be shaped, or into no more than `most` glyphs. */
    size_t (*shape)(void *context, int face, const struct type_run *run,
                    struct type_shaped *out, size_t most);
};

/* An advance at TYPE_UNITS becomes that at another size. */
static inline type_length type_scale(type_length advance, int size_px)
{
    int64_t scaled = (int64_t)(advance / TYPE_PIXEL) * size_px * TYPE_PIXEL;

    return (type_length)((scaled + TYPE_UNITS / 2) / TYPE_UNITS);
}

/* A length at TYPE_UNITS, in whole units, at another size. */
static inline type_length type_from_units(int32_t units, int size_px)
{
    int64_t length = (int64_t)units * size_px * TYPE_PIXEL;
    int64_t half = length < 0 ? -TYPE_UNITS / 2 : TYPE_UNITS / 2;

    return (type_length)((length + half) / TYPE_UNITS);
}

/* Metrics without fonts for tests: every wide character one em, everything
 * else half of it, combining marks nothing, all present. */
extern const struct type_metrics type_metrics_plain;

#endif
