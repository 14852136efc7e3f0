/* From the size of the glass and the distance of its readers follow the
 * smallest legal character, the shape and the margins. */
#include "display/core/draw/geometry.h"

/* Where the distance is not known. */
#define GEOMETRY_SIDE_EMS 22
#define GEOMETRY_STRIP_LINES 3
#define GEOMETRY_SMALLEST_PX 16
/* A legal size over this share of the shorter side leaves no page. */
#define GEOMETRY_LARGEST_SHARE 4

static enum glass_shape glass_shape_of(int width_px, int height_px)
{
    if (width_px * 10 > height_px * 26)
        return SHAPE_STRIP;
    if (width_px * 10 > height_px * 12)
        return SHAPE_LANDSCAPE;
    if (height_px * 10 > width_px * 12)
        return SHAPE_PORTRAIT;
    return SHAPE_SQUARE;
}

static int legal_size(const struct geometry *geometry, int height_mm,
                      int viewing_mm)
{
    int side = smaller(geometry->width_px, geometry->height_px);
    bool strip = geometry->shape == SHAPE_STRIP;
    int most = strip ? side : side / GEOMETRY_LARGEST_SHARE;
    int least = smaller(GEOMETRY_SMALLEST_PX, most);
    int64_t legal;
    if (height_mm > 0 && viewing_mm > 0) {
        int64_t divisor = (int64_t)height_mm * GEOMETRY_DISTANCE_EMS;
        legal = ((int64_t)viewing_mm * geometry->height_px + divisor - 1) /
                divisor;
    } else {
        int parts = strip ? GEOMETRY_STRIP_LINES : GEOMETRY_SIDE_EMS;
        legal = (side + parts / 2) / parts;
    }
    if (legal > most)
        return most;
    return larger((int)legal, least);
}

struct geometry geometry_make(int width_px, int height_px, int height_mm,
                              int viewing_mm)
{
    struct geometry geometry = {.width_px = width_px, .height_px = height_px};
    geometry.shape = glass_shape_of(width_px, height_px);
    geometry.legal_px = legal_size(&geometry, height_mm, viewing_mm);
    int side = smaller(width_px, height_px);
    geometry.margin_px = geometry.shape == SHAPE_STRIP ? side * 3 / 100
                                                       : side * 6 / 100;
    int margin = geometry.margin_px;
    geometry.safe = (struct rect){margin, margin, width_px - 2 * margin,
                                  height_px - 2 * margin};
    return geometry;
}
