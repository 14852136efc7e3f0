/* Loops over whole pages; pixman would need several passes. */
#include "display/edge/render/renderer_mix.h"

#include <math.h>
#include <string.h>

#include "display/core/page/timeline.h"

enum {
    WEIGHT_FULL = 256,
    WIPE_SOFT_PARTS = 12, /* the soft edge is 1/12 of the width */
    TURN_TILE = 16,       /* the rows of a tile are a line of the cache each */
    TURN_BLOCK = 4, /* pixels that are turned at once, in both directions */
};

static uint32_t *pixel_at(const struct pixel_layer *layer, int x, int y)
{
    return layer->pixels + (size_t)y * (size_t)layer->width + (size_t)x;
}

/* One pass with 16-bit sums, which compilers turn into vector code. It is
 * faster than pixman's two passes (copy, then blend by a constant mask). */
static void mix_bytes(const uint8_t *restrict from, const uint8_t *restrict to,
                      uint8_t *restrict out, size_t count, unsigned weight)
{
    const uint16_t gain = (uint16_t)weight;
    const uint16_t loss = (uint16_t)(WEIGHT_FULL - weight);

    for (size_t i = 0; i < count; i++) {
        uint16_t sum = (uint16_t)(from[i] * loss + to[i] * gain);
        out[i] = (uint8_t)(sum >> 8);
    }
}

static void mix_run(const uint32_t *from, const uint32_t *to, uint32_t *out,
                    size_t count, unsigned weight)
{
    if (weight == 0 || weight == WEIGHT_FULL)
        memcpy(out, weight ? to : from, count * sizeof *out);
    else
        mix_bytes((const uint8_t *)from, (const uint8_t *)to, (uint8_t *)out,
                  count * sizeof *out, weight);
}

static void fade_row(double progress, const uint32_t *from, const uint32_t *to,
                     uint32_t *out, size_t count)
{
    mix_run(from, to, out, count, (unsigned)lrint(progress * WEIGHT_FULL));
}

/* Both pages move left, the new one in from the right, and slow down at the
 * end. */
static void slide_row(double progress, const uint32_t *from, const uint32_t *to,
                      uint32_t *out, size_t count)
{
    size_t way = (size_t)timeline_length((int)count,
                                         timeline_ease_out(progress));

    memcpy(out, from + way, (count - way) * sizeof *out);
    memcpy(out + count - way, to, way * sizeof *out);
}

/* A soft edge moves from left to right; behind it is the new page. */
static void wipe_row(double progress, const uint32_t *from, const uint32_t *to,
                     uint32_t *out, size_t count)
{
    double soft = ceil((double)count / WIPE_SOFT_PARTS);
    double edge = progress * ((double)count + soft);
    size_t done = edge > soft ? (size_t)(edge - soft) : 0;
    size_t reached = (size_t)fmin(ceil(edge), (double)count);

    memcpy(out, to, done * sizeof *out);
    for (size_t x = done; x < reached; x++) {
        double part = fmin((edge - (double)x) / soft, 1);
        mix_run(from + x, to + x, out + x, 1,
                (unsigned)lrint(part * WEIGHT_FULL));
    }
    memcpy(out + reached, from + reached, (count - reached) * sizeof *out);
}

typedef void mix_row(double progress, const uint32_t *from, const uint32_t *to,
                     uint32_t *out, size_t count);

static void cut_row(double progress, const uint32_t *from, const uint32_t *to,
                    uint32_t *out, size_t count)
{
    (void)progress;
    (void)from;
    memcpy(out, to, count * sizeof *out);
}

static mix_row *const mix_rows[TRANSITION_COUNT] = {
    [TRANSITION_CUT] = cut_row,
    [TRANSITION_FADE] = fade_row,
    [TRANSITION_SLIDE] = slide_row,
    [TRANSITION_WIPE] = wipe_row,
};

void mix_layers(enum transition_kind kind, double progress,
                const struct pixel_layer *from, const struct pixel_layer *to,
                struct rect area, struct pixel_layer *out)
{
    if (!(progress > 0))
        progress = 0;
    if (progress > 1)
        progress = 1;
    for (int y = area.y; y < area.y + area.height; y++)
        mix_rows[kind](progress, pixel_at(from, area.x, y),
                       pixel_at(to, area.x, y), pixel_at(out, area.x, y),
                       (size_t)area.width);
}

struct rect turn_rect(const struct pixel_layer *layer, int rotation,
                      struct rect rect)
{
    int right = layer->width - rect.x - rect.width;
    int below = layer->height - rect.y - rect.height;

    switch (rotation) {
    case 90:
        return (struct rect){below, rect.x, rect.height, rect.width};
    case 180:
        return (struct rect){right, below, rect.width, rect.height};
    case 270:
        return (struct rect){rect.y, right, rect.height, rect.width};
    default:
        return rect;
    }
}

/* Four pixels side by side; compilers have instructions for them. */
typedef uint32_t four_pixels
    __attribute__((vector_size(TURN_BLOCK * sizeof(uint32_t))));

/* Four columns of the layer become four rows: row y of the copy begins at
 * rows[y]. A column is step_x from the next, first[0] the top of the first. */
static void turn_block(const uint32_t *first, ptrdiff_t step_x,
                       uint32_t *const rows[TURN_BLOCK])
{
    four_pixels in[TURN_BLOCK], half[TURN_BLOCK], out[TURN_BLOCK];

    for (int x = 0; x < TURN_BLOCK; x++)
        memcpy(&in[x], first + x * step_x, sizeof in[x]);
    half[0] = __builtin_shufflevector(in[0], in[1], 0, 4, 1, 5);
    half[1] = __builtin_shufflevector(in[0], in[1], 2, 6, 3, 7);
    half[2] = __builtin_shufflevector(in[2], in[3], 0, 4, 1, 5);
    half[3] = __builtin_shufflevector(in[2], in[3], 2, 6, 3, 7);
    out[0] = __builtin_shufflevector(half[0], half[2], 0, 1, 4, 5);
    out[1] = __builtin_shufflevector(half[0], half[2], 2, 3, 6, 7);
    out[2] = __builtin_shufflevector(half[1], half[3], 0, 1, 4, 5);
    out[3] = __builtin_shufflevector(half[1], half[3], 2, 3, 6, 7);
    for (int y = 0; y < TURN_BLOCK; y++)
        memcpy(rows[y], &out[y], sizeof out[y]);
}

/* As turn_tile, of a tile whose sides are multiples of a block, turned by 90 or
 * 270. Turned back, a column is read from its other end. */
static void turn_blocks(const uint32_t *first, ptrdiff_t step_x,
                        ptrdiff_t step_y, struct rect turned,
                        struct pixel_layer *out)
{
    bool back = step_y < 0;

    for (int y = 0; y < turned.height; y += TURN_BLOCK) {
        const uint32_t *from = first + y * step_y - (back ? TURN_BLOCK - 1 : 0);
        for (int x = 0; x < turned.width; x += TURN_BLOCK) {
            uint32_t *rows[TURN_BLOCK];
            for (int k = 0; k < TURN_BLOCK; k++)
                rows[back ? TURN_BLOCK - 1 - k : k] =
                    pixel_at(out, turned.x + x, turned.y + y + k);
            turn_block(from + x * step_x, step_x, rows);
        }
    }
}

/* Copies one tile, row by row of the rotated copy: sequential writes cost less
 * than sequential reads. `first` is the pixel at the begin of the first row. */
static void turn_tile(const uint32_t *first, ptrdiff_t step_x, ptrdiff_t step_y,
                      struct rect turned, struct pixel_layer *out)
{
    bool whole = turned.width % TURN_BLOCK == 0 &&
                 turned.height % TURN_BLOCK == 0;

    if (whole && (step_y == 1 || step_y == -1)) {
        turn_blocks(first, step_x, step_y, turned, out);
        return;
    }
    for (int y = 0; y < turned.height; y++) {
        const uint32_t *from = first + y * step_y;
        uint32_t *to = pixel_at(out, turned.x, turned.y + y);
        for (int x = 0; x < turned.width; x++)
            to[x] = from[x * step_x];
    }
}

static void turn_part(const struct pixel_layer *layer, int rotation,
                      struct rect tile, struct pixel_layer *out)
{
    const ptrdiff_t row = layer->width;
    struct rect turned = turn_rect(layer, rotation, tile);
    int right = tile.x + tile.width - 1, bottom = tile.y + tile.height - 1;

    switch (rotation) {
    case 90:
        turn_tile(pixel_at(layer, tile.x, bottom), -row, 1, turned, out);
        break;
    case 180:
        turn_tile(pixel_at(layer, right, bottom), -1, -row, turned, out);
        break;
    case 270:
        turn_tile(pixel_at(layer, right, tile.y), row, -1, turned, out);
        break;
    default:
        turn_tile(pixel_at(layer, tile.x, tile.y), 1, row, turned, out);
        break;
    }
}

void turn_copy(const struct pixel_layer *layer, int rotation, struct rect area,
               struct pixel_layer *out)
{
    for (int y = area.y; y < area.y + area.height; y += TURN_TILE) {
        for (int x = area.x; x < area.x + area.width; x += TURN_TILE) {
            struct rect tile = {x, y, TURN_TILE, TURN_TILE};
            turn_part(layer, rotation, rect_intersect(tile, area), out);
        }
    }
}
