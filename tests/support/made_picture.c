/* Encodes with the libraries that everybody uses. */
#include "tests/support/made_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <lcms2.h>
#include <png.h>
#include <webp/encode.h>
#include <webp/mux.h>

const char made_secret[] = "N34 45 12 E113 38 owner Li";

static const uint32_t colours[] = {0xD02020, 0x20A040, 0x2040C0, 0xE0C020};

uint32_t made_colour(int field)
{
    return colours[field];
}

bool made_is_near(uint32_t a, uint32_t b)
{
    enum { NEAR = 24 };

    for (int shift = 0; shift <= 16; shift += 8) {
        int one = (int)(a >> shift & 255), other = (int)(b >> shift & 255);
        if (abs(one - other) > NEAR)
            return false;
    }
    return true;
}

bool made_has(const void *bytes, size_t size, const char *text)
{
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

/* RGBA rows. */
static unsigned char *draw(const struct made_options *options)
{
    unsigned char *rgba =
        malloc((size_t)options->width * (size_t)options->height * 4);
    unsigned char *at = rgba;

    if (!rgba)
        abort();
    for (int y = 0; y < options->height; y++) {
        for (int x = 0; x < options->width; x++, at += 4) {
            int field = (x >= options->width / 2) +
                        2 * (y >= options->height / 2);
            at[0] = (unsigned char)(colours[field] >> 16);
            at[1] = (unsigned char)(colours[field] >> 8 & 255);
            at[2] = (unsigned char)(colours[field] & 255);
            at[3] = options->clear ? 0 : 255;
        }
    }
    return rgba;
}

/* As image_exif.c writes it, and as cameras do. */
static void put_exif(unsigned char out[26], int orientation)
{
    static const unsigned char data[26] = {'I', 'I',  42,   0, 8, 0, 0, 0, 1,
                                           0,   0x12, 0x01, 3, 0, 1, 0, 0, 0};

    memcpy(out, data, sizeof data);
    out[18] = (unsigned char)orientation;
}

/* The colours of sRGB, with the red of the one for the blue of the other. */
static struct made_picture make_profile(void)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {
        {0.15, 0.06, 1}, {0.30, 0.60, 1}, {0.64, 0.33, 1}};
    const double srgb[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    cmsToneCurve *curve = cmsBuildParametricToneCurve(NULL, 4, srgb);
    cmsToneCurve *const curves[] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsUInt32Number size = 0;

    cmsSaveProfileToMem(profile, NULL, &size);
    struct made_picture out = {malloc(size), size};
    if (!out.bytes || !cmsSaveProfileToMem(profile, out.bytes, &size))
        abort();
    cmsCloseProfile(profile);
    cmsFreeToneCurve(curve);
    return out;
}

static void say_jpeg(struct jpeg_compress_struct *codec,
                     const struct made_options *options)
{
    unsigned char exif[32] = "Exif\0";

    if (options->orientation > 0) {
        put_exif(exif + 6, options->orientation);
        jpeg_write_marker(codec, JPEG_APP0 + 1, exif, sizeof exif);
    }
    if (options->profiled) {
        struct made_picture profile = make_profile();
        jpeg_write_icc_profile(codec, profile.bytes, (unsigned)profile.size);
        free(profile.bytes);
    }
    if (!options->talkative)
        return;
    jpeg_write_marker(codec, JPEG_COM, (const JOCTET *)made_secret,
                      (unsigned)strlen(made_secret));
    jpeg_write_marker(codec, JPEG_APP0 + 13, (const JOCTET *)made_secret,
                      (unsigned)strlen(made_secret));
}

struct made_picture made_jpeg(const struct made_options *options)
{
    struct jpeg_compress_struct codec;
    struct jpeg_error_mgr error;
    unsigned char *rgba = draw(options), *out = NULL;
    unsigned long size = 0;
    int channels = options->cmyk ? 4 : options->grey ? 1 : 3;
    unsigned char *row = malloc((size_t)options->width * (size_t)channels);

    codec.err = jpeg_std_error(&error);
    jpeg_create_compress(&codec);
    jpeg_mem_dest(&codec, &out, &size);
    codec.image_width = (JDIMENSION)options->width;
    codec.image_height = (JDIMENSION)options->height;
    codec.input_components = channels;
    codec.in_color_space = options->cmyk   ? JCS_CMYK
                           : options->grey ? JCS_GRAYSCALE
                                           : JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, 92, TRUE);
    if (options->progressive)
        jpeg_simple_progression(&codec);
    jpeg_start_compress(&codec, TRUE);
    say_jpeg(&codec, options);
    while (codec.next_scanline < codec.image_height) {
        const unsigned char *from = rgba + (size_t)codec.next_scanline *
                                               (size_t)options->width * 4;
        for (int x = 0; x < options->width; x++)
            memcpy(row + x * channels, from + x * 4, (size_t)channels);
        jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    jpeg_destroy_compress(&codec);
    free(row);
    free(rgba);
    return (struct made_picture){out, size};
}

static void append(png_structp png, png_bytep bytes, size_t size)
{
    struct made_picture *out = png_get_io_ptr(png);

    out->bytes = realloc(out->bytes, out->size + size);
    if (!out->bytes)
        abort();
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

static void say_png(png_structp png, png_infop info,
                    const struct made_options *options)
{
    static char key[] = "Comment", text[64];
    png_text comment = {
        .compression = PNG_TEXT_COMPRESSION_NONE, .key = key, .text = text};
    unsigned char exif[26];

    snprintf(text, sizeof text, "%s", made_secret);
    if (options->orientation > 0) {
        put_exif(exif, options->orientation);
        png_set_eXIf_1(png, info, sizeof exif, exif);
    }
    if (options->profiled) {
        struct made_picture profile = make_profile();
        png_set_iCCP(png, info, "swapped", PNG_COMPRESSION_TYPE_BASE,
                     profile.bytes, (png_uint_32)profile.size);
        free(profile.bytes);
    }
    if (options->talkative)
        png_set_text(png, info, &comment, 1);
}

struct made_picture made_png(const struct made_options *options)
{
    struct made_picture out = {0};
    unsigned char *rgba = draw(options);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL,
                                              NULL);
    png_infop info = png_create_info_struct(png);
    int depth = options->deep ? 16 : 8;
    size_t values = (size_t)options->width * 4;
    size_t row_bytes = values * (size_t)depth / 8;
    png_bytep *rows = calloc((size_t)options->height, sizeof *rows);

    png_set_write_fn(png, &out, append, NULL);
    png_set_IHDR(png, info, (png_uint_32)options->width,
                 (png_uint_32)options->height, depth, PNG_COLOR_TYPE_RGBA,
                 options->progressive ? PNG_INTERLACE_ADAM7
                                      : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    say_png(png, info, options);
    for (int y = 0; y < options->height; y++) {
        rows[y] = calloc(1, row_bytes);
        for (size_t i = 0; i < values; i++)
            rows[y][i * (size_t)depth / 8] = rgba[(size_t)y * values + i];
    }
    png_write_info(png, info);
    png_write_image(png, rows);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    for (int y = 0; y < options->height; y++)
        free(rows[y]);
    free(rows);
    free(rgba);
    return out;
}

static struct made_picture take(const uint8_t *bytes, size_t size)
{
    struct made_picture out = {malloc(size), size};

    if (!out.bytes)
        abort();
    memcpy(out.bytes, bytes, size);
    return out;
}

static struct made_picture say_webp(uint8_t *bytes, size_t size,
                                    const struct made_options *options)
{
    const WebPData data = {bytes, size};
    WebPMux *mux = WebPMuxCreate(&data, 1);
    unsigned char exif[26];
    const WebPData said = {exif, sizeof exif};
    const WebPData secret = {(const uint8_t *)made_secret, strlen(made_secret)};
    WebPData whole;

    put_exif(exif, options->orientation > 0 ? options->orientation : 1);
    WebPMuxSetChunk(mux, "EXIF", &said, 1);
    if (options->talkative)
        WebPMuxSetChunk(mux, "XMP ", &secret, 1);
    if (options->profiled) {
        struct made_picture profile = make_profile();
        const WebPData colours_of = {profile.bytes, profile.size};
        WebPMuxSetChunk(mux, "ICCP", &colours_of, 1);
        free(profile.bytes);
    }
    WebPMuxAssemble(mux, &whole);
    struct made_picture out = take(whole.bytes, whole.size);
    WebPDataClear(&whole);
    WebPMuxDelete(mux);
    return out;
}

struct made_picture made_webp(const struct made_options *options)
{
    unsigned char *rgba = draw(options);
    uint8_t *bytes = NULL;
    int stride = options->width * 4;
    size_t size = options->lossless
                      ? WebPEncodeLosslessRGBA(rgba, options->width,
                                               options->height, stride, &bytes)
                      : WebPEncodeRGBA(rgba, options->width, options->height,
                                       stride, 95, &bytes);
    bool says = options->orientation > 0 || options->talkative ||
                options->profiled;
    struct made_picture out = says ? say_webp(bytes, size, options)
                                   : take(bytes, size);

    WebPFree(bytes);
    free(rgba);
    return out;
}

struct made_picture made_animated_webp(void)
{
    const struct made_options still = {.width = 16, .height = 16};
    struct made_picture frame = made_webp(&still);
    WebPMux *mux = WebPMuxNew();
    WebPMuxFrameInfo info = {.bitstream = {frame.bytes, frame.size},
                             .id = WEBP_CHUNK_ANMF,
                             .duration = 100};
    const WebPMuxAnimParams params = {0xFFFFFFFF, 0};
    WebPData whole;

    WebPMuxPushFrame(mux, &info, 1);
    WebPMuxPushFrame(mux, &info, 1);
    WebPMuxSetAnimationParams(mux, &params);
    WebPMuxAssemble(mux, &whole);
    struct made_picture out = take(whole.bytes, whole.size);
    WebPDataClear(&whole);
    WebPMuxDelete(mux);
    free(frame.bytes);
    return out;
}
