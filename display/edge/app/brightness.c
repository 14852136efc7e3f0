/* Decides how much light there is, and sets it when it changes. */
#include "display/edge/app/brightness.h"

#include "base/log.h"

void brightness_init(struct brightness *brightness, const char *folder,
                     int percent, int night_percent)
{
    *brightness = (struct brightness){.percent = percent,
                                      .night_percent = night_percent,
                                      .hours_percent = 100,
                                      .lit_percent = -1};
    brightness->lit = folder[0] &&
                      backlight_find(&brightness->backlight, folder);
}

int brightness_percent(const struct brightness *brightness)
{
    if (brightness->night && brightness->night_percent < brightness->percent)
        return brightness->night_percent;
    return brightness->percent;
}

bool brightness_is_lit(const struct brightness *brightness)
{
    return brightness->lit;
}

/* One that cannot be written is tried again with the next change. */
static void set_backlight(struct brightness *brightness, int percent)
{
    bool was_lit = brightness->lit;

    if (!brightness->backlight.file[0] || percent == brightness->lit_percent)
        return;
    brightness->lit = backlight_set(&brightness->backlight, percent);
    brightness->lit_percent = percent;
    if (was_lit && !brightness->lit)
        log_write(LOG_WARNING,
                  "brightness: %s cannot be written; the picture is dimmed "
                  "instead",
                  brightness->backlight.file);
}

void brightness_apply(struct brightness *brightness, struct renderer *renderer,
                      bool alerting)
{
    int percent = alerting ? 100 : brightness_percent(brightness);

    if (percent > brightness->hours_percent)
        percent = brightness->hours_percent;
    set_backlight(brightness, percent);
    if (brightness->lit)
        percent = 100;
    if (percent < RENDERER_LIGHT_FLOOR)
        percent = RENDERER_LIGHT_FLOOR;
    renderer_set_light(renderer, percent);
}
