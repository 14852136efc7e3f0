/* How bright the glass is: by its backlight, or, where there is none that can
 * be written, by the picture. An alert has all of the light that the hours of
 * the glass allow; those are bright for an alert that wakes it (light.h). */
#ifndef GAOSHI_DISPLAY_BRIGHTNESS_H
#define GAOSHI_DISPLAY_BRIGHTNESS_H

#include "display/edge/render/backlight.h"
#include "display/edge/render/renderer.h"

/* brightness_init. */
struct brightness {
    struct backlight backlight;
    int percent;       /* 0 … 100, as configured or commanded */
    int night_percent; /* the most of it while it is night */
    bool night;
    int hours_percent; /* the most of it by the hours of the glass */
    int lit_percent;   /* what the backlight was set to last; -1: never */
    bool lit;          /* the backlight took it */
};

/* folder: of the backlight class; "": there is none. */
void brightness_init(struct brightness *brightness, const char *folder,
                     int percent, int night_percent);

/* What the programme gets now. */
int brightness_percent(const struct brightness *brightness);

/* Whether the backlight does it: the last change, or the next one. */
bool brightness_is_lit(const struct brightness *brightness);

/* Call it before each frame. alerting: an alert, or its end, is on the glass.
 */
void brightness_apply(struct brightness *brightness, struct renderer *renderer,
                      bool alerting);

#endif
