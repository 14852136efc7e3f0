/* Limits, colours and rotation, around the codecs. */
#include "image/image.h"

#include "image/image_codec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lcms2.h>

enum { RGB = 3 };

static _Thread_local unsigned long decoded_here;

unsigned long image_decoded_here(void)
{
    return decoded_here;
}

static const struct codec {
    bool (*info)(const struct image_source *source, struct image_info *out,
                 struct problem *problem);
    bool (*decode)(const struct image_source *source, struct image_sink *sink,
                   struct problem *problem);
} codecs[PICTURE_OTHER] = {
    [PICTURE_JPEG] = {image_jpeg_info, image_jpeg_decode},
    [PICTURE_PNG] = {image_png_info, image_png_decode},
    [PICTURE_WEBP] = {image_webp_info, image_webp_decode},
};

static bool check_pixels(const struct image_info *info, struct problem *problem)
{
    if (info->raw_width < 1 || info->raw_height < 1)
        return problem_set(problem, PROBLEM_FIELD, "a picture without pixels");
    if (info->raw_width <= LIMIT_PICTURE_SIDE &&
        info->raw_height <= LIMIT_PICTURE_SIDE &&
        (int64_t)info->raw_width * info->raw_height <= LIMIT_PICTURE_PIXELS)
        return true;
    return problem_set(problem, PROBLEM_TOO_LARGE,
                       "%d by %d pixels; %d million at most, and %d to a side",
                       info->raw_width, info->raw_height,
                       LIMIT_PICTURE_PIXELS / 1000000, LIMIT_PICTURE_SIDE);
}

bool image_read_info(const void *bytes, size_t size, struct image_info *out,
                     struct problem *problem)
{
    const struct image_source source = {bytes, size};
    struct image_info info = {.type = picture_type_of(bytes, size)};

    if (size == 0)
        return problem_set(problem, PROBLEM_SYNTAX, "an empty file");
    if (size > LIMIT_PICTURE_BYTES)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "more than %d MiB; save it smaller",
                           LIMIT_PICTURE_BYTES / (1024 * 1024));
    if (info.type == PICTURE_OTHER)
        return problem_set(problem, PROBLEM_FIELD,
                           "no JPEG, PNG or WebP by its content");
    if (!codecs[info.type].info(&source, &info, problem) ||
        !check_pixels(&info, problem))
        return false;
    bool turned = info.orientation >= 5;
    info.width = turned ? info.raw_height : info.raw_width;
    info.height = turned ? info.raw_width : info.raw_height;
    *out = info;
    return true;
}

void image_flatten(const uint8_t *rgba, uint8_t *rgb, int width)
{
    for (int x = 0; x < width; x++) {
        const uint8_t *from = rgba + (size_t)x * 4;
        uint8_t *to = rgb + (size_t)x * RGB;
        int alpha = from[3];
        for (int i = 0; i < RGB; i++)
            to[i] =
                (uint8_t)((from[i] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}

bool image_sink_begin(struct image_sink *sink, int width, int height,
                      struct problem *problem)
{
    double across = (double)width / sink->raw_width;
    double down = (double)height / sink->raw_height;

    sink->scaler = image_scaler_create(
        width, height, sink->part.x * across, sink->part.y * down,
        sink->part.width * across, sink->part.height * down, sink->width,
        sink->height, sink->out);
    return sink->scaler || problem_set(problem, PROBLEM_SYSTEM, "no memory");
}

void image_sink_row(struct image_sink *sink, const uint8_t *rgb)
{
    image_scaler_row(sink->scaler, rgb);
}

/* Where a pixel of the turned picture lies in the stored one; sizes are those
 * of the stored one. */
static void turn_back(int orientation, double width, double height, double *x,
                      double *y)
{
    double across = orientation >= 5 ? *y : *x;
    double down = orientation >= 5 ? *x : *y;
    static const bool mirrors_x[] = {false, false, true, true, false,
                                     false, false, true, true};
    static const bool mirrors_y[] = {false, false, false, true, true,
                                     false, true,  true,  false};

    *x = mirrors_x[orientation] ? width - across : across;
    *y = mirrors_y[orientation] ? height - down : down;
}

static struct image_part turn_part(const struct image_info *info,
                                   const struct image_part *part)
{
    double left = part->x, top = part->y;
    double right = part->x + part->width, bottom = part->y + part->height;

    turn_back(info->orientation, info->raw_width, info->raw_height, &left,
              &top);
    turn_back(info->orientation, info->raw_width, info->raw_height, &right,
              &bottom);
    return (struct image_part){fmin(left, right), fmin(top, bottom),
                               fabs(right - left), fabs(bottom - top)};
}

/* Rows of the result, not rotated yet, to the pixels of the picture as it is
 * seen. */
static void turn(const struct image_sink *sink, int orientation,
                 struct image *out)
{
    for (int y = 0; y < out->height; y++) {
        for (int x = 0; x < out->width; x++) {
            double from_x = x + 0.5, from_y = y + 0.5;
            turn_back(orientation, sink->width, sink->height, &from_x, &from_y);
            const uint8_t *rgb =
                sink->out +
                ((size_t)from_y * (size_t)sink->width + (size_t)from_x) * RGB;
            out->pixels[(size_t)y * (size_t)out->width + (size_t)x] =
                (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
        }
    }
}

static void transform(cmsHPROFILE from, struct image_sink *sink)
{
    bool grey = cmsGetColorSpace(from) == cmsSigGrayData;
    size_t count = (size_t)sink->width * (size_t)sink->height;
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM way = NULL;

    if (to && (grey || cmsGetColorSpace(from) == cmsSigRgbData))
        way = cmsCreateTransform(from, grey ? TYPE_GRAY_8 : TYPE_RGB_8, to,
                                 TYPE_RGB_8, INTENT_PERCEPTUAL, 0);
    if (way && grey)
        for (size_t i = 0; i < count; i++) {
            uint8_t value = sink->out[i * RGB];
            cmsDoTransform(way, &value, sink->out + i * RGB, 1);
        }
    else if (way)
        cmsDoTransform(way, sink->out, sink->out, (cmsUInt32Number)count);
    if (way)
        cmsDeleteTransform(way);
    if (to)
        cmsCloseProfile(to);
}

/* Without a profile, or with a bad one, colours are taken for sRGB. */
static void make_srgb(struct image_sink *sink)
{
    if (!sink->profile.bytes)
        return;
    cmsHPROFILE from = cmsOpenProfileFromMem(
        sink->profile.bytes, (cmsUInt32Number)sink->profile.size);
    if (!from)
        return;
    transform(from, sink);
    cmsCloseProfile(from);
}

static int shrink_of(const struct image_sink *sink)
{
    double across = sink->part.width / sink->width;
    double down = sink->part.height / sink->height;
    double shrink = across < down ? across : down;

    return shrink >= 2 ? (int)shrink : 1;
}

static bool is_inside(const struct image_part *part,
                      const struct image_info *info, int width, int height)
{
    const double slack = 0.5;

    return width >= 1 && height >= 1 && width <= IMAGE_SIDE_MAX_PX &&
           height <= IMAGE_SIDE_MAX_PX && part->x >= 0 && part->y >= 0 &&
           part->width > 0 && part->height > 0 &&
           part->x + part->width <= info->width + slack &&
           part->y + part->height <= info->height + slack;
}

static bool run(const struct image_source *source,
                const struct image_info *info, struct image_sink *sink,
                struct image *image, struct problem *problem)
{
    sink->shrink = shrink_of(sink);
    sink->out = calloc((size_t)sink->width * (size_t)sink->height, RGB);
    image->pixels = calloc((size_t)sink->width * (size_t)sink->height,
                           sizeof *image->pixels);
    bool good = sink->out && image->pixels
                    ? codecs[info->type].decode(source, sink, problem)
                    : problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (good) {
        make_srgb(sink);
        turn(sink, info->orientation, image);
    }
    image_scaler_destroy(sink->scaler);
    free(sink->profile.bytes);
    free(sink->out);
    return good;
}

bool image_decode(const void *bytes, size_t size, const struct image_part *part,
                  int width, int height, struct image *out,
                  struct problem *problem)
{
    const struct image_source source = {bytes, size};
    struct image_info info;
    struct image image = {.width = width, .height = height};

    decoded_here++;
    if (!image_read_info(bytes, size, &info, problem))
        return false;
    if (!is_inside(part, &info, width, height))
        return problem_set(problem, PROBLEM_FIELD,
                           "a part that the picture does not have");
    bool turned = info.orientation >= 5;
    struct image_sink sink = {
        .part = turn_part(&info, part),
        .width = turned ? height : width,
        .height = turned ? width : height,
        .raw_width = info.raw_width,
        .raw_height = info.raw_height,
    };
    if (!run(&source, &info, &sink, &image, problem)) {
        free(image.pixels);
        return false;
    }
    *out = image;
    return true;
}

uint32_t image_edge_colour(const struct image *image)
{
    uint64_t sums[RGB] = {0}, count = 0;

    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++) {
            bool edge = x == 0 || y == 0 || x == image->width - 1 ||
                        y == image->height - 1;
            uint32_t pixel =
                image->pixels[(size_t)y * (size_t)image->width + (size_t)x];
            if (!edge)
                continue;
            count++;
            for (int i = 0; i < RGB; i++)
                sums[i] += pixel >> (16 - 8 * i) & 255;
        }
    }
    uint32_t colour = 0;
    for (int i = 0; i < RGB && count > 0; i++)
        colour = colour << 8 | (uint32_t)(sums[i] / count);
    return colour;
}
