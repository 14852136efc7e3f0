/* Leaves out what is not needed to show a picture: whoever is photographed, or
 * photographs, need not be told to every screen. What stays is copied. */
#include "image/image_codec.h"

#include <stdlib.h>
#include <string.h>

#include <webp/mux.h>
#include <zlib.h>

/* The copy, never longer than the original and a small EXIF. */
struct copy {
    uint8_t *bytes;
    size_t size;
};

static void put(struct copy *copy, const void *bytes, size_t size)
{
    memcpy(copy->bytes + copy->size, bytes, size);
    copy->size += size;
}

static bool is_not_whole(struct problem *problem, const char *what)
{
    return problem_set(problem, PROBLEM_SYNTAX, "%s: the file ends too early",
                       what);
}

enum {
    JPEG_SOS = 0xDA,
    JPEG_EOI = 0xD9,
    JPEG_COM = 0xFE,
    JPEG_APP_FIRST = 0xE0,
    JPEG_APP_LAST = 0xEF,
    EXTRA_BYTES = 64,
};

/* Of the application's segments a decoder needs JFIF, the colour profile, and
 * Adobe's word about the colours. */
static bool keeps_segment(int marker, const uint8_t *data, size_t size)
{
    if (marker == JPEG_COM)
        return false;
    if (marker < JPEG_APP_FIRST || marker > JPEG_APP_LAST)
        return true;
    switch (marker - JPEG_APP_FIRST) {
    case 0:
        return size >= 5 && memcmp(data, "JFIF", 5) == 0;
    case 2:
        return size >= 12 && memcmp(data, "ICC_PROFILE", 12) == 0;
    case 14:
        return size >= 5 && memcmp(data, "Adobe", 5) == 0;
    default:
        return false;
    }
}

static void put_jpeg_orientation(struct copy *copy, int orientation)
{
    uint8_t segment[10 + IMAGE_EXIF_BYTES] = {
        0xFF, 0xE1, 0, 8 + IMAGE_EXIF_BYTES, 'E', 'x', 'i', 'f', 0, 0};

    image_exif_make(orientation, segment + 10);
    put(copy, segment, sizeof segment);
}

/* The end of the coded data that begin at `at`: the next marker. */
static size_t skip_scan(const struct image_source *source, size_t at)
{
    for (; at + 1 < source->size; at++) {
        uint8_t next = source->bytes[at + 1];
        bool inside = next == 0 || next == 0xFF ||
                      (next >= 0xD0 && next <= 0xD7);
        if (source->bytes[at] == 0xFF && !inside)
            return at;
    }
    return source->size;
}

/* JFIF stands first, so the orientation follows it. */
static bool clean_jpeg(const struct image_source *source, int orientation,
                       struct copy *copy, struct problem *problem)
{
    size_t at = 2;
    bool turned = orientation == 1;

    put(copy, source->bytes, 2);
    while (at + 4 <= source->size && source->bytes[at] == 0xFF) {
        int marker = source->bytes[at + 1];
        if (marker == 0xFF) {
            at++;
            continue;
        }
        if (!turned && marker != JPEG_APP_FIRST) {
            put_jpeg_orientation(copy, orientation);
            turned = true;
        }
        size_t size = (size_t)source->bytes[at + 2] << 8 |
                      source->bytes[at + 3];
        if (size < 2 || size > source->size - at - 2)
            break;
        if (keeps_segment(marker, source->bytes + at + 4, size - 2))
            put(copy, source->bytes + at, size + 2);
        at += size + 2;
        if (marker == JPEG_SOS) {
            size_t end = skip_scan(source, at);
            put(copy, source->bytes + at, end - at);
            at = end;
        }
        /* What follows the end is no part of the picture. */
        if (at + 2 <= source->size && source->bytes[at] == 0xFF &&
            source->bytes[at + 1] == JPEG_EOI) {
            put(copy, source->bytes + at, 2);
            return true;
        }
    }
    return is_not_whole(problem, "JPEG");
}

static bool keeps_chunk(const uint8_t *name)
{
    static const char kept[][5] = {"IHDR", "PLTE", "IDAT", "IEND",
                                   "tRNS", "gAMA", "cHRM", "sRGB",
                                   "iCCP", "sBIT", "pHYs"};

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (memcmp(name, kept[i], 4) == 0)
            return true;
    return false;
}

static void put_number(uint8_t *to, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(number >> (24 - 8 * i));
}

static void put_png_orientation(struct copy *copy, int orientation)
{
    uint8_t chunk[12 + IMAGE_EXIF_BYTES] = {0,   0,   0,   IMAGE_EXIF_BYTES,
                                            'e', 'X', 'I', 'f'};

    image_exif_make(orientation, chunk + 8);
    put_number(chunk + 8 + IMAGE_EXIF_BYTES,
               (uint32_t)crc32(0, chunk + 4, 4 + IMAGE_EXIF_BYTES));
    put(copy, chunk, sizeof chunk);
}

static bool clean_png(const struct image_source *source, int orientation,
                      struct copy *copy, struct problem *problem)
{
    size_t at = 8;

    put(copy, source->bytes, 8);
    while (source->size - at >= 12) {
        const uint8_t *chunk = source->bytes + at;
        size_t length = (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 |
                        (size_t)chunk[2] << 8 | chunk[3];
        if (length > source->size - at - 12)
            break;
        if (keeps_chunk(chunk + 4))
            put(copy, chunk, length + 12);
        if (orientation != 1 && memcmp(chunk + 4, "IHDR", 4) == 0)
            put_png_orientation(copy, orientation);
        if (memcmp(chunk + 4, "IEND", 4) == 0)
            return true;
        at += length + 12;
    }
    return is_not_whole(problem, "PNG");
}

static bool strip(WebPMux *mux, int orientation)
{
    uint8_t exif[IMAGE_EXIF_BYTES];
    const WebPData data = {exif, sizeof exif};

    WebPMuxDeleteChunk(mux, "EXIF");
    WebPMuxDeleteChunk(mux, "XMP ");
    image_exif_make(orientation, exif);
    return orientation == 1 ||
           WebPMuxSetChunk(mux, "EXIF", &data, 1) == WEBP_MUX_OK;
}

/* The mux knows the chunks of a picture and writes no others that it was not
 * asked for. */
static bool clean_webp(const struct image_source *source, int orientation,
                       struct copy *copy, struct problem *problem)
{
    const WebPData data = {source->bytes, source->size};
    WebPMux *from = WebPMuxCreate(&data, 0);
    WebPMux *to = WebPMuxNew();
    WebPData profile, out = {NULL, 0};
    WebPMuxFrameInfo frame = {.id = WEBP_CHUNK_IMAGE};

    bool good = from && to && WebPMuxGetFrame(from, 1, &frame) == WEBP_MUX_OK &&
                WebPMuxSetImage(to, &frame.bitstream, 1) == WEBP_MUX_OK;
    if (good && WebPMuxGetChunk(from, "ICCP", &profile) == WEBP_MUX_OK)
        good = WebPMuxSetChunk(to, "ICCP", &profile, 1) == WEBP_MUX_OK;
    good = good && strip(to, orientation) &&
           WebPMuxAssemble(to, &out) == WEBP_MUX_OK &&
           out.size <= source->size + EXTRA_BYTES;
    if (good)
        put(copy, out.bytes, out.size);
    WebPDataClear(&out);
    WebPDataClear(&frame.bitstream);
    WebPMuxDelete(from);
    WebPMuxDelete(to);
    return good || is_not_whole(problem, "WebP");
}

bool image_clean(const void *bytes, size_t size, void **out, size_t *out_size,
                 struct problem *problem)
{
    const struct image_source source = {bytes, size};
    struct image_info info;
    struct copy copy = {0};
    bool good = false;

    if (!image_read_info(bytes, size, &info, problem))
        return false;
    copy.bytes = malloc(size + EXTRA_BYTES);
    if (!copy.bytes)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (info.type == PICTURE_JPEG)
        good = clean_jpeg(&source, info.orientation, &copy, problem);
    else if (info.type == PICTURE_PNG)
        good = clean_png(&source, info.orientation, &copy, problem);
    else
        good = clean_webp(&source, info.orientation, &copy, problem);
    if (!good) {
        free(copy.bytes);
        return false;
    }
    *out = copy.bytes;
    *out_size = copy.size;
    return true;
}
