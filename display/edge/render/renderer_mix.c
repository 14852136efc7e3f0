/* Loops over whole pages; pixman would need several passes. */
#include "display/edge/render/renderer_mix.h"

#include <math.h>
#include <string.h>

enum {
    WEIGHT_FULL = 256,
    SOFT_PARTS = 8,   /* the soft edge is 1/8 of the way */
    SLIDE_PARTS = 16, /* of a slide 1/16, in so many steps */
    EDGE_STEPS = 4,
    /* Of the layer. Its columns become rows of the copy that are long enough
     * to be written without waiting for each. */
    TURN_TILE_WIDTH = 8,
    TURN_TILE_HEIGHT = 256,
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

/* The way that a transition goes over the span, in pixels. A wipe goes from top
 * to bottom. A fade is the same in bands, one after the other, so that nothing
 * travels. A slide goes from left to right, as one reads, in steps of some
 * columns; the text does not move, it is at its place as soon as it shows. */
struct way {
    double edge; /* how far it has come */
    double soft; /* before the edge both pages are mixed */
    int step;    /* so many pixels change alike */
};

static struct way way_of(enum transition_kind kind, double progress, int length)
{
    int parts = kind == TRANSITION_SLIDE ? SLIDE_PARTS : SOFT_PARTS;
    struct way way = {.soft = ceil((double)length / parts), .step = 1};

    if (kind == TRANSITION_FADE)
        way.step = (int)way.soft;
    if (kind == TRANSITION_SLIDE)
        way.step = length / (SLIDE_PARTS * EDGE_STEPS) + 1;
    if (kind == TRANSITION_CUT)
        progress = 1;
    way.edge = fmax(0, fmin(1, progress)) * (length + way.soft);
    return way;
}

/* Of the new page, at a place on the way: 0 to WEIGHT_FULL. Lines of two pages
 * are mixed only where the edge passes, and in every frame there are lines that
 * can be read. */
static unsigned weight_at(const struct way *way, int at)
{
    double share = (way->edge - at / way->step * way->step) / way->soft;

    return (unsigned)lrint(fmax(0, fmin(1, share)) * WEIGHT_FULL);
}

static void mix_area(const struct pixel_layer *from,
                     const struct pixel_layer *to, struct rect area,
                     unsigned weight, struct pixel_layer *out)
{
    for (int y = area.y; y < area.y + area.height; y++)
        mix_run(pixel_at(from, area.x, y), pixel_at(to, area.x, y),
                pixel_at(out, area.x, y), (size_t)area.width, weight);
}

void mix_layers(enum transition_kind kind, double progress,
                const struct pixel_layer *from, const struct pixel_layer *to,
                struct rect area, struct rect span, struct pixel_layer *out)
{
    bool across = kind == TRANSITION_SLIDE;
    const struct way way = way_of(kind, progress,
                                  across ? span.width : span.height);
    int at = across ? area.x - span.x : area.y - span.y;
    int end = at + (across ? area.width : area.height);

    while (at < end) {
        unsigned weight = weight_at(&way, at);
        int next = at;
        do
            next = (next / way.step + 1) * way.step;
        while (next < end && weight_at(&way, next) == weight);
        next = next < end ? next : end;
        mix_area(
            from, to,
            across ? (struct rect){span.x + at, area.y, next - at, area.height}
                   : (struct rect){area.x, span.y + at, area.width, next - at},
            weight, out);
        at = next;
    }
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

static four_pixels load(const uint32_t *from)
{
    four_pixels pixels;

    memcpy(&pixels, from, sizeof pixels);
    return pixels;
}

static void store(uint32_t *to, four_pixels pixels)
{
    memcpy(to, &pixels, sizeof pixels);
}

/* Four columns of the layer become four rows. A column is step_x from the next,
 * `first` the top of the first; a row is stride from the next. Written out, so
 * that all of it stays in registers: as loops over arrays it takes twice as
 * long. */
static void turn_block(const uint32_t *first, ptrdiff_t step_x, uint32_t *to,
                       ptrdiff_t stride)
{
    four_pixels a = load(first), b = load(first + step_x);
    four_pixels c = load(first + 2 * step_x), d = load(first + 3 * step_x);
    four_pixels ab_top = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    four_pixels ab_end = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    four_pixels cd_top = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    four_pixels cd_end = __builtin_shufflevector(c, d, 2, 6, 3, 7);

    store(to, __builtin_shufflevector(ab_top, cd_top, 0, 1, 4, 5));
    store(to + stride, __builtin_shufflevector(ab_top, cd_top, 2, 3, 6, 7));
    store(to + 2 * stride, __builtin_shufflevector(ab_end, cd_end, 0, 1, 4, 5));
    store(to + 3 * stride, __builtin_shufflevector(ab_end, cd_end, 2, 3, 6, 7));
}

/* As turn_tile, of a tile whose sides are multiples of a block, turned by 90 or
 * 270. Turned back, a column is read from its other end. */
static void turn_blocks(const uint32_t *first, ptrdiff_t step_x,
                        ptrdiff_t step_y, struct rect turned,
                        struct pixel_layer *out)
{
    bool back = step_y < 0;
    ptrdiff_t stride = back ? -(ptrdiff_t)out->width : out->width;

    for (int y = 0; y < turned.height; y += TURN_BLOCK) {
        const uint32_t *from = first + y * step_y - (back ? TURN_BLOCK - 1 : 0);
        uint32_t *to = pixel_at(out, turned.x,
                                turned.y + y + (back ? TURN_BLOCK - 1 : 0));
        for (int x = 0; x < turned.width; x += TURN_BLOCK)
            turn_block(from + x * step_x, step_x, to + x, stride);
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

/* `turned`: the place of the tile in out. */
static void turn_part(const struct pixel_layer *layer, int rotation,
                      struct rect tile, struct rect turned,
                      struct pixel_layer *out)
{
    const ptrdiff_t row = layer->width;
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
               struct pixel_layer *out, int out_x, int out_y)
{
    const struct pixel_layer all = {NULL, area.width, area.height};

    for (int y = 0; y < area.height; y += TURN_TILE_HEIGHT) {
        for (int x = 0; x < area.width; x += TURN_TILE_WIDTH) {
            struct rect tile = rect_intersect(
                (struct rect){x, y, TURN_TILE_WIDTH, TURN_TILE_HEIGHT},
                (struct rect){0, 0, area.width, area.height});
            struct rect turned = turn_rect(&all, rotation, tile);
            tile.x += area.x;
            tile.y += area.y;
            turned.x += out_x;
            turned.y += out_y;
            turn_part(layer, rotation, tile, turned, out);
        }
    }
}
