/* PNG by libpng. */
#include "base/translate.h"
#include "image/image_codec.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

struct reader {
    const struct image_source *source;
    size_t at;
    char text[96];
    /* Here, because a jump leaves no other variable as it was. */
    uint8_t *pixels;
    png_structp png;
    png_infop info;
};

static void read_bytes(png_structp png, png_bytep out, size_t count)
{
    struct reader *reader = png_get_io_ptr(png);

    if (count > reader->source->size - reader->at)
        png_error(png, "the file ends too early");
    memcpy(out, reader->source->bytes + reader->at, count);
    reader->at += count;
}

static void fail(png_structp png, png_const_charp text)
{
    struct reader *reader = png_get_error_ptr(png);

    snprintf(reader->text, sizeof reader->text, "%s", text);
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text)
{
    (void)png, (void)text;
}

static bool reader_init(struct reader *reader,
                        const struct image_source *source)
{
    *reader = (struct reader){.source = source};
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail,
                                         ignore);
    reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
    return reader->info != NULL;
}

static void reader_finish(struct reader *reader)
{
    if (reader->png)
        png_destroy_read_struct(&reader->png,
                                reader->info ? &reader->info : NULL, NULL);
    free(reader->pixels);
}

static bool tell(const struct reader *reader, struct problem *problem)
{
    return problem_set(problem, PROBLEM_SYNTAX, "PNG: %s",
                       reader->text[0] ? tr(reader->text) : tr("no memory"));
}

static void open_source(struct reader *reader)
{
    png_structp png = reader->png;

    png_set_read_fn(png, reader, read_bytes);
    png_set_user_limits(png, LIMIT_PICTURE_SIDE, LIMIT_PICTURE_SIDE);
    png_set_chunk_malloc_max(png, LIMIT_PICTURE_BYTES);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
    png_read_info(png, reader->info);
}

static int orientation_of(const struct reader *reader)
{
    png_bytep exif = NULL;
    png_uint_32 bytes = 0;

    if (!png_get_eXIf_1(reader->png, reader->info, &bytes, &exif))
        return 1;
    return image_exif_orientation(exif, bytes);
}

/* libpng does not know animations. */
static bool is_animated(const struct image_source *source)
{
    size_t at = 8;

    while (source->size - at >= 12) {
        const uint8_t *chunk = source->bytes + at;
        size_t length = (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 |
                        (size_t)chunk[2] << 8 | chunk[3];
        if (memcmp(chunk + 4, "acTL", 4) == 0)
            return true;
        if (memcmp(chunk + 4, "IDAT", 4) == 0 ||
            length > source->size - at - 12)
            return false;
        at += length + 12;
    }
    return false;
}

bool image_png_info(const struct image_source *source, struct image_info *out,
                    struct problem *problem)
{
    struct reader *reader = malloc(sizeof *reader);

    if (!reader)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (!reader_init(reader, source) || setjmp(png_jmpbuf(reader->png))) {
        tell(reader, problem);
        reader_finish(reader);
        free(reader);
        return false;
    }
    open_source(reader);
    out->raw_width = (int)png_get_image_width(reader->png, reader->info);
    out->raw_height = (int)png_get_image_height(reader->png, reader->info);
    out->orientation = orientation_of(reader);
    reader_finish(reader);
    free(reader);
    return !is_animated(source) ||
           problem_set(problem, PROBLEM_FIELD,
                       "an animated PNG; a panel takes a still picture");
}

static void keep_profile(const struct reader *reader, struct image_profile *out)
{
    png_charp name;
    png_bytep bytes;
    png_uint_32 size;
    int compression;

    if (!png_get_iCCP(reader->png, reader->info, &name, &compression, &bytes,
                      &size) ||
        size > IMAGE_PROFILE_BYTES)
        return;
    out->bytes = malloc(size);
    if (!out->bytes)
        return;
    memcpy(out->bytes, bytes, size);
    out->size = size;
}

/* All kinds of PNG become RGBA with eight bits each. */
static void ask_for_rgba(const struct reader *reader)
{
    png_structp png = reader->png;

    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
}

static bool pass_rows(struct reader *reader, struct image_sink *sink,
                      struct problem *problem)
{
    png_structp png = reader->png;
    int passes = png_set_interlace_handling(png);

    png_read_update_info(png, reader->info);
    int width = (int)png_get_image_width(png, reader->info);
    int height = (int)png_get_image_height(png, reader->info);
    size_t row_bytes = png_get_rowbytes(png, reader->info);
    if (row_bytes != (size_t)width * 4)
        png_error(png, "a kind that is not known");
    if (!image_sink_begin(sink, width, height, problem))
        return false;
    /* The rows of an interlaced picture come several times. */
    reader->pixels = calloc(passes > 1 ? (size_t)height : 1, row_bytes);
    if (!reader->pixels)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    for (int pass = 0; pass < passes; pass++) {
        for (int y = 0; y < height; y++) {
            uint8_t *row = reader->pixels +
                           (passes > 1 ? (size_t)y * row_bytes : 0);
            png_read_row(png, row, NULL);
            if (pass < passes - 1)
                continue;
            image_flatten(row, row, width);
            image_sink_row(sink, row);
        }
    }
    png_read_end(png, NULL);
    return true;
}

bool image_png_decode(const struct image_source *source,
                      struct image_sink *sink, struct problem *problem)
{
    struct reader *reader = malloc(sizeof *reader);

    if (!reader)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (!reader_init(reader, source) || setjmp(png_jmpbuf(reader->png))) {
        tell(reader, problem);
        reader_finish(reader);
        free(reader);
        return false;
    }
    open_source(reader);
    keep_profile(reader, &sink->profile);
    ask_for_rgba(reader);
    bool good = pass_rows(reader, sink, problem);
    reader_finish(reader);
    free(reader);
    return good;
}
