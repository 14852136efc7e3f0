/* Frames as PNG files, for previews, the gallery and golden tests. */
#include "display/edge/render/picture.h"
#include "base/translate.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

static bool fail(struct problem *problem, const char *file, const char *text)
{
    problem_set_place(problem, file);
    return problem_set(problem, PROBLEM_SYSTEM, "%s", text);
}

/* libpng's simple interface needs RGB without gaps. */
static uint8_t *rgb_rows(const struct renderer_pixels *pixels)
{
    size_t width = (size_t)pixels->width, height = (size_t)pixels->height;
    uint8_t *rows = malloc(width * height * 3);

    if (!rows)
        return NULL;
    for (size_t y = 0; y < height; y++) {
        const uint32_t *from = pixels->pixels +
                               y * (size_t)pixels->stride_bytes / 4;
        uint8_t *to = rows + y * width * 3;
        for (size_t x = 0; x < width; x++) {
            to[3 * x] = (uint8_t)(from[x] >> 16);
            to[3 * x + 1] = (uint8_t)(from[x] >> 8);
            to[3 * x + 2] = (uint8_t)from[x];
        }
    }
    return rows;
}

static bool write_rows(FILE *out, const uint8_t *rows, const char *file,
                       const struct renderer_pixels *pixels,
                       struct problem *problem)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)pixels->width,
                       .height = (png_uint_32)pixels->height,
                       .format = PNG_FORMAT_RGB};

    return png_image_write_to_stdio(&image, out, 0, rows, 0, NULL) ||
           fail(problem, file, image.message);
}

static bool write_file(const char *temporary, const char *file,
                       const struct renderer_pixels *pixels,
                       struct problem *problem)
{
    FILE *out = fopen(temporary, "wbe");

    if (!out)
        return fail(problem, file, tr_error(errno));
    uint8_t *rows = rgb_rows(pixels);
    bool written = rows ? write_rows(out, rows, file, pixels, problem)
                        : fail(problem, file, "no memory");
    free(rows);
    if (fclose(out) != 0 && written)
        return fail(problem, file, tr_error(errno));
    return written;
}

/* The old file stays until the new one is complete. */
static bool replace_file(const char *file, const struct renderer_pixels *pixels,
                         struct problem *problem)
{
    char temporary[PATH_BYTES];
    int length = snprintf(temporary, sizeof temporary, "%s.%ld.part", file,
                          (long)getpid());

    if (length < 0 || (size_t)length >= sizeof temporary)
        return fail(problem, file, "path too long");
    if (!write_file(temporary, file, pixels, problem)) {
        unlink(temporary);
        return false;
    }
    if (rename(temporary, file) != 0) {
        fail(problem, file, tr_error(errno));
        unlink(temporary);
        return false;
    }
    return true;
}

/* A device or a pipe is written to, because a rename would put a file in its
 * place. A link stays, and its target is replaced. */
bool picture_write(const char *file, const struct renderer_pixels *pixels,
                   struct problem *problem)
{
    struct stat status;

    if (lstat(file, &status) != 0 || S_ISREG(status.st_mode))
        return replace_file(file, pixels, problem);
    char *target = realpath(file, NULL);
    bool is_file = target && stat(target, &status) == 0 &&
                   S_ISREG(status.st_mode);
    bool written = is_file ? replace_file(target, pixels, problem)
                           : write_file(file, file, pixels, problem);
    free(target);
    return written;
}

bool picture_encode(const struct renderer_pixels *pixels, bool fast, void **out,
                    size_t *bytes, struct problem *problem)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)pixels->width,
                       .height = (png_uint_32)pixels->height,
                       .flags = fast ? PNG_IMAGE_FLAG_FAST : 0,
                       .format = PNG_FORMAT_RGB};
    uint8_t *rows = rgb_rows(pixels);
    size_t room = PNG_IMAGE_PNG_SIZE_MAX(image);
    void *png = rows ? malloc(room) : NULL;

    if (!png) {
        free(rows);
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    }
    bool made = png_image_write_to_memory(&image, png, &room, 0, rows, 0, NULL);
    free(rows);
    if (!made) {
        free(png);
        return problem_set(problem, PROBLEM_SYSTEM, "%s", image.message);
    }
    *out = png;
    *bytes = room;
    return true;
}

/* One row of means. A constant factor makes it several times as fast. */
static inline void shrink_row(const uint32_t *from, size_t stride, int factor,
                              int width, uint32_t *out)
{
    /* Exact division by multiplication: sums are at most 255 * 256, and the
     * count is at most 256. */
    uint32_t count = (uint32_t)(factor * factor);
    uint64_t inverse = (1U << 24) / count + 1;

    for (int x = 0; x < width; x++) {
        /* Sums of red in the upper half, of blue in the lower one. */
        uint32_t red_blue = 0, green = 0;
        for (int row = 0; row < factor; row++)
            for (int i = 0; i < factor; i++) {
                uint32_t pixel =
                    from[(size_t)row * stride + (size_t)(x * factor + i)];
                red_blue += pixel & 0xff00ff;
                green += pixel >> 8 & 0xff;
            }
        out[x] = (uint32_t)((red_blue >> 16) * inverse >> 24 << 16 |
                            green * inverse >> 24 << 8 |
                            (red_blue & 0xffff) * inverse >> 24);
    }
}

uint32_t *picture_shrink(const struct renderer_pixels *pixels, int factor)
{
    int width = pixels->width / factor, height = pixels->height / factor;
    size_t stride = (size_t)pixels->stride_bytes / sizeof *pixels->pixels;
    uint32_t *out = malloc((size_t)width * (size_t)height * sizeof *out);

    for (int y = 0; out && y < height; y++) {
        const uint32_t *from = pixels->pixels + (size_t)(y * factor) * stride;
        uint32_t *to = out + (size_t)y * (size_t)width;
        if (factor == 2)
            shrink_row(from, stride, 2, width, to);
        else
            shrink_row(from, stride, factor, width, to);
    }
    return out;
}

static void pack_rows(const uint8_t *rows, size_t count, uint32_t *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (uint32_t)rows[3 * i] << 16 | (uint32_t)rows[3 * i + 1] << 8 |
                 rows[3 * i + 2];
}

static bool read_rows(png_image *image, uint32_t **out, const char **why)
{
    const png_color black = {0, 0, 0};
    size_t count = (size_t)image->width * image->height;

    *why = tr("larger than a picture may be");
    if (image->width > PICTURE_SIDE_MAX || image->height > PICTURE_SIDE_MAX)
        return false;
    image->format = PNG_FORMAT_RGB;
    uint8_t *rows = malloc(count * 3);
    uint32_t *pixels = malloc(count * sizeof *pixels);
    *why = "no memory";
    bool read = rows && pixels;
    if (read) {
        *why = image->message;
        read = png_image_finish_read(image, &black, rows, 0, NULL) != 0;
    }
    if (read) {
        pack_rows(rows, count, pixels);
        *out = pixels;
    } else {
        free(pixels);
    }
    free(rows);
    return read;
}

bool picture_read(const char *file, uint32_t **out, int *width, int *height,
                  struct problem *problem)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    const char *why = image.message;
    uint32_t *pixels = NULL;

    if (!png_image_begin_read_from_file(&image, file))
        return fail(problem, file, image.message);
    int wide = (int)image.width, high = (int)image.height;
    bool read = read_rows(&image, &pixels, &why);
    if (!read)
        fail(problem, file, why);
    png_image_free(&image);
    if (!read)
        return false;
    *out = pixels;
    *width = wide;
    *height = high;
    return true;
}
