/* A glass and its page cache for tests of pictures. */
#include "tests/support/easel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "source_dir.h"
#include "tests/support/pages.h"

struct easel *easel_open(int width, int height, const char *theme,
                         enum motion_level motion)
{
    struct easel *easel = calloc(1, sizeof *easel);
    struct problem problem = {0};
    struct data_path data;
    const struct glass_options options = {
        .theme = theme,
        .width_px = width,
        .height_px = height,
        .motion = motion,
        .utc_offset_minutes = PAGES_OFFSET_MINUTES,
        .furniture = FURNITURE_DEFAULT,
    };

    assert_non_null(easel);
    assert_true(data_path_find(GAOSHI_SOURCE_DIR, &data, &problem));
    assert_true(glass_init(&easel->glass, &options, &data, &problem));
    easel->cache = page_cache_create(&easel->glass, NULL);
    assert_non_null(easel->cache);
    return easel;
}

void easel_close(struct easel *easel)
{
    page_cache_destroy(easel->cache);
    glass_finish(&easel->glass);
    free(easel);
}
