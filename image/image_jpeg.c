/* JPEG by libjpeg-turbo. */
#include "base/translate.h"
#include "image/image_codec.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

enum {
    /* A progressive picture has some ten passes; each of them costs as much as
     * the first. */
    PASSES_MAX = 64,
    EXIF_HEAD_BYTES = 6,
};

struct jpeg {
    struct jpeg_decompress_struct codec;
    struct jpeg_error_mgr error;
    struct jpeg_progress_mgr progress;
    jmp_buf jump;
    char text[JMSG_LENGTH_MAX];
};

static void fail(j_common_ptr codec)
{
    struct jpeg *jpeg = codec->client_data;

    codec->err->format_message(codec, jpeg->text);
    longjmp(jpeg->jump, 1);
}

/* A warning about missing or bad data is an error: the rest would be grey. */
static void hear(j_common_ptr codec, int level)
{
    int code = codec->err->msg_code;

    if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_JFIF_MAJOR &&
        code != JWRN_TOO_MUCH_DATA && code != JWRN_ADOBE_XFORM)
        fail(codec);
}

static void watch_passes(j_common_ptr codec)
{
    struct jpeg *jpeg = codec->client_data;

    if (jpeg->codec.input_scan_number <= PASSES_MAX)
        return;
    snprintf(jpeg->text, sizeof jpeg->text, tr("more than %d passes"),
             PASSES_MAX);
    longjmp(jpeg->jump, 1);
}

/* After it, setjmp and jpeg_finish. */
static void jpeg_init(struct jpeg *jpeg)
{
    memset(jpeg, 0, sizeof *jpeg);
    jpeg->codec.err = jpeg_std_error(&jpeg->error);
    jpeg->error.error_exit = fail;
    jpeg->error.emit_message = hear;
    jpeg->progress.progress_monitor = watch_passes;
}

static bool tell(const struct jpeg *jpeg, struct problem *problem)
{
    return problem_set(problem, PROBLEM_SYNTAX, "JPEG: %s", tr(jpeg->text));
}

static void open_source(struct jpeg *jpeg, const struct image_source *source)
{
    jpeg_create_decompress(&jpeg->codec);
    jpeg->codec.client_data = jpeg;
    jpeg->codec.progress = &jpeg->progress;
    jpeg->codec.mem->max_memory_to_use = (long)IMAGE_MEMORY_BYTES;
    jpeg_mem_src(&jpeg->codec, source->bytes, (unsigned long)source->size);
    jpeg_save_markers(&jpeg->codec, JPEG_APP0 + 1, 0xFFFF);
    jpeg_save_markers(&jpeg->codec, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&jpeg->codec, TRUE);
}

static int orientation_of(const struct jpeg *jpeg)
{
    const struct jpeg_marker_struct *marker = jpeg->codec.marker_list;

    for (; marker; marker = marker->next) {
        if (marker->marker == JPEG_APP0 + 1 &&
            marker->data_length > EXIF_HEAD_BYTES &&
            memcmp(marker->data, "Exif\0", EXIF_HEAD_BYTES) == 0)
            return image_exif_orientation(marker->data + EXIF_HEAD_BYTES,
                                          marker->data_length -
                                              EXIF_HEAD_BYTES);
    }
    return 1;
}

static bool has_colours(const struct jpeg *jpeg, struct problem *problem)
{
    J_COLOR_SPACE space = jpeg->codec.jpeg_color_space;

    if (space == JCS_GRAYSCALE || space == JCS_RGB || space == JCS_YCbCr)
        return true;
    return problem_set(problem, PROBLEM_FIELD,
                       space == JCS_CMYK || space == JCS_YCCK
                           ? "JPEG in CMYK, the colours of printing; export it "
                             "as RGB"
                           : "JPEG in colours that no screen shows; export it "
                             "as RGB");
}

bool image_jpeg_info(const struct image_source *source, struct image_info *out,
                     struct problem *problem)
{
    struct jpeg *jpeg = malloc(sizeof *jpeg);

    if (!jpeg)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    jpeg_init(jpeg);
    if (setjmp(jpeg->jump)) {
        tell(jpeg, problem);
        jpeg_destroy_decompress(&jpeg->codec);
        free(jpeg);
        return false;
    }
    open_source(jpeg, source);
    out->raw_width = (int)jpeg->codec.image_width;
    out->raw_height = (int)jpeg->codec.image_height;
    out->orientation = orientation_of(jpeg);
    bool good = has_colours(jpeg, problem);
    jpeg_destroy_decompress(&jpeg->codec);
    free(jpeg);
    return good;
}

static void keep_profile(struct jpeg *jpeg, struct image_profile *out)
{
    JOCTET *bytes = NULL;
    unsigned size = 0;

    if (!jpeg_read_icc_profile(&jpeg->codec, &bytes, &size))
        return;
    if (size > IMAGE_PROFILE_BYTES) {
        free(bytes);
        return;
    }
    *out = (struct image_profile){bytes, size};
}

static void choose_size(struct jpeg *jpeg, int shrink)
{
    int eighths = 8;

    while (eighths > 1 && shrink >= 2) {
        eighths /= 2;
        shrink /= 2;
    }
    jpeg->codec.scale_num = (unsigned)eighths;
    jpeg->codec.scale_denom = 8;
    jpeg->codec.out_color_space = JCS_RGB;
}

static bool pass_rows(struct jpeg *jpeg, struct image_sink *sink,
                      struct problem *problem)
{
    struct jpeg_decompress_struct *codec = &jpeg->codec;

    jpeg_start_decompress(codec);
    if (!image_sink_begin(sink, (int)codec->output_width,
                          (int)codec->output_height, problem))
        return false;
    JSAMPARRAY row = codec->mem->alloc_sarray((j_common_ptr)codec, JPOOL_IMAGE,
                                              codec->output_width * 3, 1);
    while (codec->output_scanline < codec->output_height) {
        jpeg_read_scanlines(codec, row, 1);
        image_sink_row(sink, row[0]);
    }
    jpeg_finish_decompress(codec);
    return true;
}

bool image_jpeg_decode(const struct image_source *source,
                       struct image_sink *sink, struct problem *problem)
{
    struct jpeg *jpeg = malloc(sizeof *jpeg);

    if (!jpeg)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    jpeg_init(jpeg);
    if (setjmp(jpeg->jump)) {
        tell(jpeg, problem);
        jpeg_destroy_decompress(&jpeg->codec);
        free(jpeg);
        return false;
    }
    open_source(jpeg, source);
    bool good = has_colours(jpeg, problem);
    if (good) {
        keep_profile(jpeg, &sink->profile);
        choose_size(jpeg, sink->shrink);
        good = pass_rows(jpeg, sink, problem);
    }
    jpeg_destroy_decompress(&jpeg->codec);
    free(jpeg);
    return good;
}
