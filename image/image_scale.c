/* Each row is scaled in width when it comes; the last of these rows are kept
 * until no row of the result needs them. */
#include "image/image_scale.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHANNELS = 3,
    WEIGHT_BITS = 14,
    WEIGHT_ONE = 1 << WEIGHT_BITS,
    /* Rows scaled in width are kept so many times finer. */
    FINE_BITS = 5,
};

/* For each pixel of the result along one axis: which ones of the source it is
 * made of, and how much of each. */
struct axis {
    int count, taps;
    int *first;
    int16_t *weights; /* taps for each */
};

struct image_scaler {
    int width, height; /* of the source */
    int row;           /* the next that comes */
    int next;          /* the next row of the result */
    struct axis across, down;
    int16_t *kept; /* down.taps rows, each at its number modulo that */
    uint8_t *out;
};

static double cubic(double x)
{
    x = fabs(x);
    if (x < 1)
        return (1.5 * x - 2.5) * x * x + 1;
    if (x < 2)
        return ((-0.5 * x + 2.5) * x - 4) * x + 2;
    return 0;
}

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

/* The weights of one pixel add up to WEIGHT_ONE exactly, so that a plain
 * ground stays as it is. Beyond the edge lies the edge. */
static void weigh(struct axis *axis, int at, double centre, double reach,
                  int length, double *shares)
{
    int begin = (int)floor(centre - 2 * reach);
    int first = clamp(begin, 0,
                      length - axis->taps > 0 ? length - axis->taps : 0);
    int16_t *weights = axis->weights + (size_t)at * (size_t)axis->taps;
    double sum = 0;
    int left = WEIGHT_ONE, greatest = 0;

    memset(shares, 0, (size_t)axis->taps * sizeof *shares);
    for (int i = begin; i <= begin + (int)ceil(4 * reach) + 1; i++) {
        double share = cubic((i + 0.5 - centre) / reach);
        int to = clamp(clamp(i, 0, length - 1) - first, 0, axis->taps - 1);
        shares[to] += share;
        sum += share;
    }
    for (int i = 0; i < axis->taps; i++) {
        weights[i] = (int16_t)lround(shares[i] / sum * WEIGHT_ONE);
        left -= weights[i];
        if (weights[i] > weights[greatest])
            greatest = i;
    }
    weights[greatest] = (int16_t)(weights[greatest] + left);
    axis->first[at] = first;
}

static bool axis_init(struct axis *axis, int length, double part_from,
                      double part_length, int count)
{
    double step = part_length / count;
    double reach = step > 1 ? step : 1;
    int taps = (int)ceil(4 * reach) + 2;

    axis->count = count;
    axis->taps = taps < length ? taps : length;
    axis->first = calloc((size_t)count, sizeof *axis->first);
    axis->weights = calloc((size_t)count * (size_t)axis->taps,
                           sizeof *axis->weights);
    double *shares = calloc((size_t)axis->taps, sizeof *shares);
    bool made = axis->first && axis->weights && shares;
    for (int i = 0; made && i < count; i++)
        weigh(axis, i, part_from + (i + 0.5) * step, reach, length, shares);
    free(shares);
    return made;
}

static void axis_finish(struct axis *axis)
{
    free(axis->first);
    free(axis->weights);
}

struct image_scaler *image_scaler_create(int width, int height, double part_x,
                                         double part_y, double part_width,
                                         double part_height, int out_width,
                                         int out_height, uint8_t *out)
{
    struct image_scaler *scaler = calloc(1, sizeof *scaler);

    if (!scaler)
        return NULL;
    scaler->width = width;
    scaler->height = height;
    scaler->out = out;
    bool made =
        axis_init(&scaler->across, width, part_x, part_width, out_width) &&
        axis_init(&scaler->down, height, part_y, part_height, out_height);
    if (made)
        scaler->kept = calloc((size_t)scaler->down.taps * (size_t)out_width,
                              CHANNELS * sizeof *scaler->kept);
    if (made && scaler->kept)
        return scaler;
    image_scaler_destroy(scaler);
    return NULL;
}

void image_scaler_destroy(struct image_scaler *scaler)
{
    if (!scaler)
        return;
    axis_finish(&scaler->across);
    axis_finish(&scaler->down);
    free(scaler->kept);
    free(scaler);
}

static int16_t *kept_row(const struct image_scaler *scaler, int row)
{
    return scaler->kept + (size_t)(row % scaler->down.taps) *
                              (size_t)scaler->across.count * CHANNELS;
}

static int16_t fine(int sum)
{
    return (int16_t)(sum >> (WEIGHT_BITS - FINE_BITS));
}

static void scale_across(const struct image_scaler *scaler, const uint8_t *rgb,
                         int16_t *out)
{
    const struct axis *axis = &scaler->across;

    for (int x = 0; x < axis->count; x++) {
        const int16_t *weights = axis->weights + (size_t)x * (size_t)axis->taps;
        const uint8_t *from = rgb + (size_t)axis->first[x] * CHANNELS;
        int red = 0, green = 0, blue = 0;
        for (int i = 0; i < axis->taps; i++) {
            red += weights[i] * from[i * CHANNELS];
            green += weights[i] * from[i * CHANNELS + 1];
            blue += weights[i] * from[i * CHANNELS + 2];
        }
        out[x * CHANNELS] = fine(red);
        out[x * CHANNELS + 1] = fine(green);
        out[x * CHANNELS + 2] = fine(blue);
    }
}

static void scale_down(const struct image_scaler *scaler, int row)
{
    const struct axis *axis = &scaler->down;
    const int16_t *weights = axis->weights + (size_t)row * (size_t)axis->taps;
    int values = scaler->across.count * CHANNELS;
    uint8_t *out = scaler->out + (size_t)row * (size_t)values;
    const int shift = WEIGHT_BITS + FINE_BITS;

    for (int x = 0; x < values; x++) {
        int64_t sum = 1 << (shift - 1);
        for (int i = 0; i < axis->taps; i++)
            sum += weights[i] * kept_row(scaler, axis->first[row] + i)[x];
        out[x] = (uint8_t)clamp((int)(sum >> shift), 0, 255);
    }
}

void image_scaler_row(struct image_scaler *scaler, const uint8_t *rgb)
{
    const struct axis *down = &scaler->down;

    if (scaler->row >= scaler->height)
        return;
    if (scaler->next < down->count && scaler->row >= down->first[scaler->next])
        scale_across(scaler, rgb, kept_row(scaler, scaler->row));
    scaler->row++;
    while (scaler->next < down->count &&
           down->first[scaler->next] + down->taps <= scaler->row)
        scale_down(scaler, scaler->next++);
}
