/* WebP by libwebp. */
#include "base/translate.h"
#include "image/image_codec.h"

#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/mux.h>

static bool fail(struct problem *problem, const char *text)
{
    return problem_set(problem, PROBLEM_SYNTAX, "WebP: %s", tr(text));
}

/* Out is borrowed from the mux. */
static bool find_chunk(const WebPMux *mux, const char *name, WebPData *out)
{
    return WebPMuxGetChunk(mux, name, out) == WEBP_MUX_OK && out->size > 0;
}

static int orientation_of(const WebPMux *mux)
{
    WebPData exif;

    if (!find_chunk(mux, "EXIF", &exif))
        return 1;
    /* Some programs put the head of a JPEG's segment before it. */
    bool headed = exif.size > 6 && memcmp(exif.bytes, "Exif\0", 6) == 0;
    return image_exif_orientation(exif.bytes + (headed ? 6 : 0),
                                  exif.size - (headed ? 6 : 0));
}

static WebPMux *open_mux(const struct image_source *source)
{
    const WebPData data = {source->bytes, source->size};

    return WebPMuxCreate(&data, 0);
}

bool image_webp_info(const struct image_source *source, struct image_info *out,
                     struct problem *problem)
{
    WebPBitstreamFeatures features;

    if (WebPGetFeatures(source->bytes, source->size, &features) !=
        VP8_STATUS_OK)
        return fail(problem, "the header cannot be read");
    if (features.has_animation)
        return problem_set(problem, PROBLEM_FIELD,
                           "an animated WebP; a panel takes a still picture");
    out->raw_width = features.width;
    out->raw_height = features.height;
    out->orientation = 1;
    WebPMux *mux = open_mux(source);
    if (!mux)
        return fail(problem, "not whole");
    out->orientation = orientation_of(mux);
    WebPMuxDelete(mux);
    return true;
}

static void keep_profile(const struct image_source *source,
                         struct image_profile *out)
{
    WebPMux *mux = open_mux(source);
    WebPData profile;

    if (mux && find_chunk(mux, "ICCP", &profile) &&
        profile.size <= IMAGE_PROFILE_BYTES &&
        (out->bytes = malloc(profile.size))) {
        memcpy(out->bytes, profile.bytes, profile.size);
        out->size = profile.size;
    }
    WebPMuxDelete(mux);
}

static bool pass_rows(const WebPRGBABuffer *rows, int width, int height,
                      struct image_sink *sink, struct problem *problem)
{
    if (!image_sink_begin(sink, width, height, problem))
        return false;
    for (int y = 0; y < height; y++) {
        uint8_t *row = rows->rgba + (size_t)y * (size_t)rows->stride;
        image_flatten(row, row, width);
        image_sink_row(sink, row);
    }
    return true;
}

bool image_webp_decode(const struct image_source *source,
                       struct image_sink *sink, struct problem *problem)
{
    WebPDecoderConfig config;

    if (!WebPInitDecoderConfig(&config) ||
        WebPGetFeatures(source->bytes, source->size, &config.input) !=
            VP8_STATUS_OK)
        return fail(problem, "the header cannot be read");
    keep_profile(source, &sink->profile);
    int width = (config.input.width + sink->shrink - 1) / sink->shrink;
    int height = (config.input.height + sink->shrink - 1) / sink->shrink;
    config.options.use_scaling = sink->shrink > 1;
    config.options.scaled_width = width;
    config.options.scaled_height = height;
    config.output.colorspace = MODE_RGBA;
    VP8StatusCode status = WebPDecode(source->bytes, source->size, &config);
    bool good =
        status == VP8_STATUS_OK
            ? pass_rows(&config.output.u.RGBA, width, height, sink, problem)
            : fail(problem, status == VP8_STATUS_OUT_OF_MEMORY ? "no memory"
                                                               : "not whole");
    WebPFreeDecBuffer(&config.output);
    return good;
}
