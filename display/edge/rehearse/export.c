/* Writes frames by libwebp's encoder of animations, or by libpng. */
#include "display/edge/rehearse/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include "base/files.h"
#include "display/edge/render/picture.h"

enum { PATH_BYTES = 4096, FILE_MODE = 0644 };

struct frame_export {
    char *to;
    WebPAnimEncoder *encoder; /* NULL: pictures into a folder */
    WebPConfig config;
    int count;
};

static bool is_webp(const char *to)
{
    size_t bytes = strlen(to);

    return bytes > 5 && strcmp(to + bytes - 5, ".webp") == 0;
}

static bool make_folder(const char *to, struct problem *problem)
{
    struct stat status;

    problem_set_place(problem, to);
    if (stat(to, &status) == 0 && S_ISDIR(status.st_mode))
        return true;
    if (to[0] && to[strlen(to) - 1] == '/')
        return folder_ensure(to, problem);
    return problem_set_field(problem, "--export",
                             "expected a file that ends in .webp, or a folder");
}

static bool make_encoder(struct frame_export *frames, int width_px,
                         int height_px, struct problem *problem)
{
    WebPAnimEncoderOptions options;

    if (!WebPAnimEncoderOptionsInit(&options) ||
        !WebPConfigInit(&frames->config) ||
        !WebPConfigLosslessPreset(&frames->config, 1))
        return problem_set(problem, PROBLEM_SYSTEM,
                           "libwebp is of another version");
    frames->encoder = WebPAnimEncoderNew(width_px, height_px, &options);
    return frames->encoder || problem_set(problem, PROBLEM_SYSTEM,
                                          "no animation of %dx%d can be made",
                                          width_px, height_px);
}

bool frame_export_create(const char *to, int width_px, int height_px,
                         struct frame_export **out, struct problem *problem)
{
    struct frame_export *frames = calloc(1, sizeof *frames);

    if (!frames || !(frames->to = strdup(to))) {
        free(frames);
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    }
    if (is_webp(to) ? make_encoder(frames, width_px, height_px, problem)
                    : make_folder(to, problem)) {
        *out = frames;
        return true;
    }
    frame_export_destroy(frames);
    return false;
}

void frame_export_destroy(struct frame_export *frames)
{
    if (!frames)
        return;
    WebPAnimEncoderDelete(frames->encoder);
    free(frames->to);
    free(frames);
}

static bool write_picture(struct frame_export *frames,
                          const struct renderer_pixels *pixels,
                          struct problem *problem)
{
    char file[PATH_BYTES];
    int length = snprintf(file, sizeof file, "%s/%05d.png", frames->to,
                          frames->count);

    if (length < 0 || length >= PATH_BYTES)
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    return picture_write(file, pixels, problem);
}

static void fill_picture(WebPPicture *picture,
                         const struct renderer_pixels *pixels)
{
    for (int y = 0; y < pixels->height; y++) {
        const uint32_t *from = pixels->pixels +
                               (ptrdiff_t)y * (pixels->stride_bytes / 4);
        uint32_t *to = picture->argb + (ptrdiff_t)y * picture->argb_stride;
        for (int x = 0; x < pixels->width; x++)
            to[x] = 0xFF000000u | from[x];
    }
}

static bool add_frame(struct frame_export *frames,
                      const struct renderer_pixels *pixels, int64_t at_ms,
                      struct problem *problem)
{
    WebPPicture picture;

    if (!WebPPictureInit(&picture))
        return problem_set(problem, PROBLEM_SYSTEM,
                           "libwebp is of another version");
    picture.use_argb = 1;
    picture.width = pixels->width;
    picture.height = pixels->height;
    bool added = WebPPictureAlloc(&picture);
    if (added) {
        fill_picture(&picture, pixels);
        added = WebPAnimEncoderAdd(frames->encoder, &picture, (int)at_ms,
                                   &frames->config);
    }
    WebPPictureFree(&picture);
    return added || problem_set(problem, PROBLEM_SYSTEM, "%s",
                                WebPAnimEncoderGetError(frames->encoder));
}

bool frame_export_add(struct frame_export *frames,
                      const struct renderer_pixels *pixels, int64_t at_ms,
                      bool changed, struct problem *problem)
{
    frames->count++;
    if (!frames->encoder)
        return write_picture(frames, pixels, problem);
    return (!changed && frames->count > 1) ||
           add_frame(frames, pixels, at_ms, problem);
}

bool frame_export_end(struct frame_export *frames, int64_t end_ms,
                      struct problem *problem)
{
    WebPData data;

    if (!frames->encoder)
        return true;
    WebPDataInit(&data);
    bool made = WebPAnimEncoderAdd(frames->encoder, NULL, (int)end_ms, NULL) &&
                WebPAnimEncoderAssemble(frames->encoder, &data);
    bool written = made ? file_replace_bytes(frames->to, FILE_MODE, data.bytes,
                                             data.size, problem)
                        : problem_set(problem, PROBLEM_SYSTEM, "%s",
                                      WebPAnimEncoderGetError(frames->encoder));
    WebPDataClear(&data);
    return written;
}
