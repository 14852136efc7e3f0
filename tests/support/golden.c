/* Compares frames with the pictures of a reference. */
#include "tests/support/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "display/edge/render/picture.h"

static long all_pixels(const struct renderer_pixels *frame)
{
    return (long)frame->width * frame->height;
}

static long count_differences(const uint32_t *reference,
                              const struct renderer_pixels *frame)
{
    long differing = 0;

    for (int y = 0; y < frame->height; y++) {
        const uint32_t *row = frame->pixels +
                              (size_t)y * (size_t)frame->stride_bytes / 4;
        for (int x = 0; x < frame->width; x++)
            differing += ((row[x] ^ *reference++) & 0xFFFFFF) != 0;
    }
    return differing;
}

static bool write_frame(const char *file, const struct renderer_pixels *frame)
{
    struct problem problem = {0};
    char text[512];

    if (picture_write(file, frame, &problem))
        return true;
    problem_format(&problem, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return false;
}

static void write_error_frame(const char *reference, long differing,
                              const struct renderer_pixels *frame)
{
    char file[4096];
    int stem = (int)strlen(reference);

    if (stem > 4 && strcmp(reference + stem - 4, ".png") == 0)
        stem -= 4;
    snprintf(file, sizeof file, "%.*s_err.png", stem, reference);
    if (differing == 0)
        unlink(file);
    else if (write_frame(file, frame))
        fprintf(stderr, "%s: %ld pixels differ, see %s\n", reference, differing,
                file);
}

long golden_compare(const char *reference, const struct renderer_pixels *frame)
{
    struct problem problem = {0};
    const char *mode = getenv("GAOSHI_GOLDEN");
    uint32_t *pixels = NULL;
    int width = 0, height = 0;
    long differing = all_pixels(frame);

    if (mode && strcmp(mode, "write") == 0)
        return write_frame(reference, frame) ? 0 : differing;
    if (picture_read(reference, &pixels, &width, &height, &problem) &&
        width == frame->width && height == frame->height)
        differing = count_differences(pixels, frame);
    free(pixels);
    write_error_frame(reference, differing, frame);
    return differing;
}
