/* The glass: its size, how far away people stand, and what follows. Pure. */
#ifndef GAOSHI_DISPLAY_GEOMETRY_H
#define GAOSHI_DISPLAY_GEOMETRY_H

#include "display/core/draw/draw_list.h"

enum glass_shape {
    SHAPE_LANDSCAPE, /* wider than 1.2 : 1 */
    SHAPE_SQUARE,
    SHAPE_PORTRAIT, /* higher than 1.2 : 1 */
    SHAPE_STRIP,    /* wider than 2.6 : 1 */
    SHAPE_COUNT
};

/* The viewing distance in ems of the legal size: 24 minutes of arc. */
enum { GEOMETRY_DISTANCE_EMS = 142 };

struct geometry {
    int width_px;
    int height_px;
    enum glass_shape shape;
    int legal_px;     /* the smallest em for text that matters */
    int margin_px;    /* 6 % of the shorter side; strips less */
    struct rect safe; /* inside the margins */
};

static inline int smaller(int a, int b)
{
    return a < b ? a : b;
}

static inline int larger(int a, int b)
{
    return a > b ? a : b;
}

/* height_mm and viewing_mm (distance): from them follows the legal size,
 * 1/142 of the distance (24 minutes of arc). 0: not known; then 1/22 of the
 * shorter side, on a strip a third of the height, at least 16 px. Never over
 * a fourth of the shorter side (a strip: its height). */
struct geometry geometry_make(int width_px, int height_px, int height_mm,
                              int viewing_mm);

#endif
