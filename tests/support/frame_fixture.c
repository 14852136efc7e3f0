/* A glass and its page cache for tests of pictures. */
#include "tests/support/frame_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "source_dir.h"
#include "tests/support/pages.h"

struct frame_fixture *frame_fixture_open(int width, int height,
                                         const char *theme,
                                         enum motion_level motion)
{
    struct frame_fixture *fixture = calloc(1, sizeof *fixture);
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

    assert_non_null(fixture);
    assert_true(data_path_find(GAOSHI_SOURCE_DIR, &data, &problem));
    assert_true(glass_init(&fixture->glass, &options, &data, &problem));
    fixture->cache = page_cache_create(&fixture->glass, NULL);
    assert_non_null(fixture->cache);
    return fixture;
}

void frame_fixture_close(struct frame_fixture *fixture)
{
    page_cache_destroy(fixture->cache);
    glass_finish(&fixture->glass);
    free(fixture);
}
