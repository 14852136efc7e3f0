/* Pictograms: data/icons/icons.txt, compiled in. Pure. */
#ifndef GAOSHI_DISPLAY_ICON_H
#define GAOSHI_DISPLAY_ICON_H

#include "display/core/draw/draw_list.h"

/* Units of the square in which a pictogram is drawn. */
enum { ICON_UNITS = 48, ICON_NUMBERS = 25 };

enum icon_shape_kind { ICON_BOX, ICON_POLY, ICON_DISC, ICON_RING, ICON_PATH };

/* Numbers as icons.txt has them; count of them are given. */
struct icon_shape {
    enum icon_shape_kind kind;
    bool cut; /* in the colour of the ground */
    int count;
    float numbers[ICON_NUMBERS];
};

struct icon {
    const char *name;    /* "flood" */
    const char *meaning; /* 洪水 */
    size_t first; /* of its shapes; they end where those of the next begin */
};

/* A word of an event, and its pictogram. */
struct icon_event {
    const char *word;
    size_t icon;
};

extern const struct icon_event icon_events[];
extern const size_t icon_event_count;

extern const struct icon_shape icon_shapes[];
extern const struct icon icons[];
extern const size_t icon_count;

/* NULL: there is none of this name. */
const struct icon *icon_find(const char *name);

/* The pictogram of an alert's event, such as 暴雨红色预警: that of the longest
 * word in it. NULL: none is known. */
const struct icon *icon_of_event(const char *event);

/* Appends the pictogram in the square at x, y. False: no memory. */
bool icon_draw(const struct icon *icon, int x, int y, int side_px,
               draw_colour colour, draw_colour ground, struct draw_list *out);

#endif
