/* Any bytes as the file of a picture: decoded, or refused with a reason; what
 * is cleaned can be read, shows a picture of the same size, and is clean. */
#include "tests/fuzz/check.h"

#include "image/image.h"

#include <stdlib.h>
#include <string.h>

/* Larger ones take so long that little else would be tried. */
enum { PIXELS_MOST = 1 << 20, SIDE = 24 };

static void check_decode(const void *bytes, size_t size,
                         const struct image_info *info)
{
    const struct image_part part = {info->width / 3.0, 0, info->width / 2.0,
                                    info->height};
    struct problem problem = {0};
    struct image image = {.pixels = NULL};

    if (!image_decode(bytes, size, &part, SIDE, SIDE, &image, &problem)) {
        FUZZ_CHECK(problem.expected[0]);
        FUZZ_CHECK(!image.pixels);
        return;
    }
    FUZZ_CHECK(image.width == SIDE && image.height == SIDE);
    image_edge_colour(&image);
    free(image.pixels);
}

static void check_clean(const void *bytes, size_t size,
                        const struct image_info *info)
{
    struct problem problem = {0};
    struct image_info again;
    void *clean = NULL, *twice = NULL;
    size_t clean_size = 0, twice_size = 0;

    if (!image_clean(bytes, size, &clean, &clean_size, &problem))
        return;
    /* The publisher reads it again, too. */
    if (image_read_info(clean, clean_size, &again, &problem)) {
        FUZZ_CHECK(again.type == info->type);
        FUZZ_CHECK(again.width == info->width && again.height == info->height);
        if (image_clean(clean, clean_size, &twice, &twice_size, &problem))
            FUZZ_CHECK(twice_size == clean_size &&
                       memcmp(twice, clean, clean_size) == 0);
    }
    free(twice);
    free(clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem problem = {0};
    struct image_info info;
    char *bytes = fuzz_copy(data, size);

    if (!image_read_info(bytes, size, &info, &problem)) {
        FUZZ_CHECK(problem.expected[0]);
    } else if ((int64_t)info.width * info.height <= PIXELS_MOST) {
        check_decode(bytes, size, &info);
        check_clean(bytes, size, &info);
    }
    free(bytes);
    return 0;
}
