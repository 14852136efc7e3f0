/* The smallest legal character, shapes, margins, and parts of the glass. */
#include "display/core/draw/geometry.h"
#include "display/core/page/presentation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_shape_follows_from_the_aspect_ratio(void **state)
{
    (void)state;
    static const struct {
        int width, height;
        enum glass_shape shape;
    } rows[] = {
        {1920, 1080, SHAPE_LANDSCAPE}, {3840, 2160, SHAPE_LANDSCAPE},
        {1366, 768, SHAPE_LANDSCAPE},  {1280, 720, SHAPE_LANDSCAPE},
        {1080, 1920, SHAPE_PORTRAIT},  {2160, 3840, SHAPE_PORTRAIT},
        {1024, 256, SHAPE_STRIP},      {512, 128, SHAPE_STRIP},
        {192, 64, SHAPE_STRIP},        {1080, 1080, SHAPE_SQUARE},
        {1200, 1000, SHAPE_SQUARE},    {1201, 1000, SHAPE_LANDSCAPE},
        {2600, 1000, SHAPE_LANDSCAPE}, {2601, 1000, SHAPE_STRIP},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct geometry geometry = geometry_make(rows[i].width, rows[i].height,
                                                 0, 0);
        assert_int_equal(geometry.shape, rows[i].shape);
    }
}

static void the_legal_size_follows_from_the_viewing_distance(void **state)
{
    (void)state;
    static const struct {
        int width, height, height_mm, viewing_mm, legal;
    } rows[] = {
        {1920, 1080, 0, 0, 49},
        {1080, 1920, 0, 0, 49},
        {192, 64, 0, 0, 21},
        {512, 128, 0, 0, 43},
        {1024, 256, 0, 0, 85},
        {1280, 720, 0, 0, 33},
        {200, 200, 0, 0, 16},
        {1920, 1080, 680, 5000, 56},
        {1920, 1080, 680, 100000, 270},
        {192, 64, 640, 10000, 8},
        {192, 64, 640, 30000, 22},
        {192, 64, 640, 900000, 64},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct geometry geometry = geometry_make(rows[i].width, rows[i].height,
                                                 rows[i].height_mm,
                                                 rows[i].viewing_mm);
        int least = rows[i].legal < 16 ? 16 : rows[i].legal;
        assert_int_equal(geometry.legal_px, least);
    }
}

static void the_safe_area_lies_inside_the_margins(void **state)
{
    (void)state;
    struct geometry wide = geometry_make(1920, 1080, 0, 0);
    assert_int_equal(wide.margin_px, 64);
    assert_int_equal(wide.safe.x, 64);
    assert_int_equal(wide.safe.width, 1792);
    assert_int_equal(wide.safe.height, 952);
    struct geometry strip = geometry_make(192, 64, 0, 0);
    assert_int_equal(strip.margin_px, 1);
    assert_int_equal(strip.safe.height, 62);
}

static void the_glass_is_divided_where_it_has_room(void **state)
{
    static const struct {
        int width, height, viewing_mm;
        enum presentation wanted, expected;
    } rows[] = {
        {1920, 1080, 0, PRESENTATION_FULL, PRESENTATION_FULL},
        {1920, 1080, 0, PRESENTATION_UPPER, PRESENTATION_UPPER},
        {1920, 1080, 0, PRESENTATION_BANNER, PRESENTATION_BANNER},
        {1080, 1920, 0, PRESENTATION_UPPER, PRESENTATION_UPPER},
        {1080, 1920, 0, PRESENTATION_BANNER, PRESENTATION_BANNER},
        {1080, 1080, 0, PRESENTATION_UPPER, PRESENTATION_UPPER},
        {1080, 1080, 0, PRESENTATION_BANNER, PRESENTATION_BANNER},
        {1024, 256, 0, PRESENTATION_UPPER, PRESENTATION_FULL},
        {1024, 256, 0, PRESENTATION_BANNER, PRESENTATION_FULL},
        {192, 64, 0, PRESENTATION_BANNER, PRESENTATION_FULL},
        /* Characters so great that a line has few of them, and a page few
         * lines. */
        {1080, 1920, 5000, PRESENTATION_BANNER, PRESENTATION_UPPER},
        {1920, 1080, 20000, PRESENTATION_UPPER, PRESENTATION_FULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct geometry glass = geometry_make(rows[i].width, rows[i].height,
                                              rows[i].viewing_mm > 0 ? 680 : 0,
                                              rows[i].viewing_mm);
        assert_int_equal(presentation_fit(&glass, rows[i].wanted),
                         rows[i].expected);
    }
}

static void the_upper_part_is_more_than_half_but_on_a_square(void **state)
{
    struct geometry landscape = geometry_make(1920, 1080, 0, 0);
    struct geometry portrait = geometry_make(1080, 1920, 0, 0);
    struct geometry square = geometry_make(1080, 1080, 0, 0);

    (void)state;
    assert_int_equal(
        presentation_programme_top_px(&landscape, PRESENTATION_UPPER), 594);
    assert_int_equal(
        presentation_programme_top_px(&portrait, PRESENTATION_UPPER), 1056);
    assert_int_equal(presentation_programme_top_px(&square, PRESENTATION_UPPER),
                     540);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shape_follows_from_the_aspect_ratio),
        cmocka_unit_test(the_legal_size_follows_from_the_viewing_distance),
        cmocka_unit_test(the_safe_area_lies_inside_the_margins),
        cmocka_unit_test(the_glass_is_divided_where_it_has_room),
        cmocka_unit_test(the_upper_part_is_more_than_half_but_on_a_square),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
