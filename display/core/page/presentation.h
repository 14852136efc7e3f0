/* How alerts and the programme share the glass: an alert has all of it, its
 * upper part, or a band along its top; the programme goes on below. Pure. */
#ifndef GAOSHI_DISPLAY_PRESENTATION_H
#define GAOSHI_DISPLAY_PRESENTATION_H

#include "display/core/draw/geometry.h"

#include <stdbool.h>

enum presentation {
    PRESENTATION_FULL,   /* the whole glass */
    PRESENTATION_UPPER,  /* the upper part */
    PRESENTATION_BANNER, /* two lines along the top */
    PRESENTATION_COUNT
};

/* Where a page stands. A panel's: below an alert of that presentation, FULL
 * where it has the glass for itself. */
struct page_place {
    enum presentation presentation;
    /* Of the alerts that are in force, gravest first, from 1; a page says so
     * where total is over 1. 解除: position 0, total those still in force.
     * Panels: 0. */
    int position, total;
};

bool page_place_equals(const struct page_place *a, const struct page_place *b);

/* What the glass has room for: the wanted presentation or a larger one. A
 * strip, and a glass with few great characters, has room for one thing. */
enum presentation presentation_fit(const struct geometry *glass,
                                   enum presentation wanted);

/* The part that an alert gets, and the one below it that is left to the
 * programme, each counted from its own top left corner; both have the legal
 * size of the glass. FULL: the whole glass. */
struct geometry presentation_alert_geometry(const struct geometry *glass,
                                            enum presentation presentation);
struct geometry presentation_programme_geometry(const struct geometry *glass,
                                                enum presentation presentation);

/* Where the programme's part begins on the glass; 0 for FULL. */
int presentation_programme_top_px(const struct geometry *glass,
                                  enum presentation presentation);

#endif
