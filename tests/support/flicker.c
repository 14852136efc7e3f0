/* Remembers the last frames, pixel by pixel. */
#include "tests/support/flicker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LUMINANCE_SWING 0.1F
#define RED_SWING 20.0F

void flicker_begin(struct flicker *flicker, const struct renderer *renderer,
                   int step_ms)
{
    struct renderer_pixels pixels = renderer_pixels(renderer);

    flicker->back = (FLICKER_BACK_MS + step_ms - 1) / step_ms;
    assert_in_range(flicker->back, 2, FLICKER_BACK_MOST);
    flicker->pixels = (size_t)pixels.width * (size_t)pixels.height;
    for (int i = 0; i <= flicker->back; i++) {
        flicker->luminance[i] = calloc(flicker->pixels, sizeof(float));
        flicker->red[i] = calloc(flicker->pixels, sizeof(float));
        assert_true(flicker->luminance[i] && flicker->red[i]);
    }
    for (int i = 0; i < 256; i++)
        flicker->linear[i] = i <= 10 ? i / 255.0 / 12.92
                                     : pow((i / 255.0 + 0.055) / 1.055, 2.4);
}

void flicker_finish(struct flicker *flicker)
{
    for (int i = 0; i <= flicker->back; i++) {
        free(flicker->luminance[i]);
        free(flicker->red[i]);
    }
}

static void turn_round(float **rows, int back)
{
    float *oldest = rows[back];

    memmove(rows + 1, rows, (size_t)back * sizeof *rows);
    rows[0] = oldest;
}

static void add(struct flicker *flicker, const struct renderer *renderer)
{
    struct renderer_pixels now = renderer_pixels(renderer);

    turn_round(flicker->luminance, flicker->back);
    turn_round(flicker->red, flicker->back);
    for (size_t i = 0; i < flicker->pixels; i++) {
        double red = flicker->linear[now.pixels[i] >> 16 & 0xFF];
        double green = flicker->linear[now.pixels[i] >> 8 & 0xFF];
        double blue = flicker->linear[now.pixels[i] & 0xFF];
        double pure = red - green - blue;
        flicker->luminance[0][i] =
            (float)(0.2126 * red + 0.7152 * green + 0.0722 * blue);
        flicker->red[0][i] = pure > 0 ? (float)pure * 320 : 0;
    }
    flicker->frames++;
}

/* Up and down, or down and up, by that much within the time looked back. */
static bool turns_back(float *const *rows, int back, size_t pixel, float least)
{
    float first = rows[back][pixel], last = rows[0][pixel];

    for (int i = 1; i < back; i++) {
        float came = rows[i][pixel] - first, goes = rows[i][pixel] - last;
        if ((came >= least && goes >= least) ||
            (came <= -least && goes <= -least))
            return true;
    }
    return false;
}

static void check(struct flicker *flicker)
{
    size_t changing = 0;

    if (flicker->frames <= (size_t)flicker->back)
        return;
    for (size_t i = 0; i < flicker->pixels; i++) {
        float now = flicker->luminance[0][i];
        float change = now - flicker->luminance[flicker->back][i];
        flicker->step_most = fmaxf(flicker->step_most,
                                   fabsf(now - flicker->luminance[1][i]));
        assert_false(
            turns_back(flicker->luminance, flicker->back, i, LUMINANCE_SWING));
        assert_false(turns_back(flicker->red, flicker->back, i, RED_SWING));
        changing += fabsf(change) >= LUMINANCE_SWING;
    }
    if (changing > flicker->changing_most)
        flicker->changing_most = changing;
}

void flicker_look(struct flicker *flicker, const struct renderer *renderer)
{
    add(flicker, renderer);
    check(flicker);
}
