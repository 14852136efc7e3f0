/* Pictures as people and strangers send them: what can be shown is decoded to
 * what is seen, everything else is refused with a reason, and what is sent
 * bears no word of its owner. */
#include "tests/support/made_picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDE = 64, HIGH = 40, SMALL_W = 16, SMALL_H = 10 };

/* The field of the stored picture that is seen at a corner, for each
 * orientation: top left, top right, bottom left, bottom right. */
static const int seen[9][4] = {
    {0, 1, 2, 3}, {0, 1, 2, 3}, {1, 0, 3, 2}, {3, 2, 1, 0}, {2, 3, 0, 1},
    {0, 2, 1, 3}, {2, 0, 3, 1}, {3, 1, 2, 0}, {1, 3, 0, 2},
};

typedef struct made_picture maker(const struct made_options *options);

static uint32_t corner(const struct image *image, int which)
{
    int x = which % 2 == 0 ? image->width / 4 : image->width * 3 / 4;
    int y = which < 2 ? image->height / 4 : image->height * 3 / 4;

    return image->pixels[y * image->width + x];
}

static void assert_seen(const void *bytes, size_t size, int orientation,
                        const char *what)
{
    struct problem problem = {0};
    struct image_info info;
    struct image image;

    if (!image_read_info(bytes, size, &info, &problem))
        fail_msg("%s: %s", what, problem.expected);
    bool turned = orientation >= 5;
    assert_int_equal(info.width, turned ? HIGH : WIDE);
    assert_int_equal(info.height, turned ? WIDE : HIGH);
    const struct image_part whole = {0, 0, info.width, info.height};
    if (!image_decode(bytes, size, &whole, turned ? SMALL_H : SMALL_W,
                      turned ? SMALL_W : SMALL_H, &image, &problem))
        fail_msg("%s: %s", what, problem.expected);
    for (int i = 0; i < 4; i++)
        if (!made_is_near(corner(&image, i), made_colour(seen[orientation][i])))
            fail_msg("%s: corner %d is %06x, not %06x", what, i,
                     corner(&image, i), made_colour(seen[orientation][i]));
    free(image.pixels);
}

static const struct kind {
    const char *name;
    maker *make;
    struct made_options options;
} kinds[] = {
    {"jpeg", made_jpeg, {.width = WIDE, .height = HIGH}},
    {"progressive jpeg",
     made_jpeg,
     {.width = WIDE, .height = HIGH, .progressive = true}},
    {"png", made_png, {.width = WIDE, .height = HIGH}},
    {"png of 16 bits", made_png, {.width = WIDE, .height = HIGH, .deep = true}},
    {"interlaced png",
     made_png,
     {.width = WIDE, .height = HIGH, .progressive = true}},
    {"webp", made_webp, {.width = WIDE, .height = HIGH}},
    {"lossless webp",
     made_webp,
     {.width = WIDE, .height = HIGH, .lossless = true}},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void every_kind_is_seen_in_every_orientation(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        for (int orientation = 0; orientation <= 8; orientation++) {
            struct made_options options = kinds[k].options;
            char what[80];
            options.orientation = orientation;
            struct made_picture made = kinds[k].make(&options);
            snprintf(what, sizeof what, "%s %d", kinds[k].name, orientation);
            assert_seen(made.bytes, made.size, orientation, what);
            free(made.bytes);
        }
    }
}

/* The profile says that the stored red is a blue. It stays in what is sent. */
static void the_colour_profile_is_respected(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct made_options options = kinds[k].options;
        const struct image_part whole = {0, 0, WIDE, HIGH};
        struct problem problem = {0};
        void *clean = NULL;
        size_t size = 0;
        options.profiled = true;
        struct made_picture made = kinds[k].make(&options);
        assert_true(
            image_clean(made.bytes, made.size, &clean, &size, &problem));
        for (int sent = 0; sent < 2; sent++) {
            struct image image;
            assert_true(image_decode(sent ? clean : made.bytes,
                                     sent ? size : made.size, &whole, SMALL_W,
                                     SMALL_H, &image, &problem));
            for (int i = 0; i < 3; i++) {
                uint32_t colour = made_colour(i);
                uint32_t swapped = (colour & 0xFF) << 16 | (colour & 0xFF00) |
                                   colour >> 16;
                if (!made_is_near(corner(&image, i), swapped))
                    fail_msg("%s: corner %d is %06x, not %06x", kinds[k].name,
                             i, corner(&image, i), swapped);
            }
            free(image.pixels);
        }
        free(clean);
        free(made.bytes);
    }
}

static void
what_is_sent_says_nothing_of_its_owner_and_looks_the_same(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct made_options options = kinds[k].options;
        struct problem problem = {0};
        void *clean = NULL;
        size_t size = 0;
        options.talkative = true;
        options.orientation = 6;
        struct made_picture made = kinds[k].make(&options);
        assert_true(made_has(made.bytes, made.size, made_secret));
        if (!image_clean(made.bytes, made.size, &clean, &size, &problem))
            fail_msg("%s: %s", kinds[k].name, problem.expected);
        assert_false(made_has(clean, size, made_secret));
        assert_false(made_has(clean, size, "Li"));
        assert_seen(clean, size, 6, kinds[k].name);
        free(clean);
        free(made.bytes);
    }
}

/* What follows the end of a JPEG is a second picture, or a film. */
static void what_follows_a_picture_is_not_sent(void **state)
{
    struct made_picture made = made_jpeg(&kinds[0].options);
    struct problem problem = {0};
    void *clean = NULL;
    size_t size = 0;

    (void)state;
    made.bytes = realloc(made.bytes, made.size + strlen(made_secret));
    assert_non_null(made.bytes);
    memcpy(made.bytes + made.size, made_secret, strlen(made_secret));
    assert_true(image_clean(made.bytes, made.size + strlen(made_secret), &clean,
                            &size, &problem));
    assert_int_equal(size, made.size);
    free(clean);
    free(made.bytes);
}

static void a_part_is_what_lies_there(void **state)
{
    const struct image_part right = {WIDE / 2, 0, WIDE / 2, HIGH / 2};
    struct made_picture made = made_png(&kinds[2].options);
    struct problem problem = {0};
    struct image image;

    (void)state;
    /* Larger than it is, too. */
    assert_true(image_decode(made.bytes, made.size, &right, 3 * WIDE, HIGH,
                             &image, &problem));
    for (int i = 0; i < 4; i++)
        assert_true(made_is_near(corner(&image, i), made_colour(1)));
    free(image.pixels);
    const struct image_part beyond = {WIDE / 2, 0, WIDE, HIGH};
    assert_false(
        image_decode(made.bytes, made.size, &beyond, 8, 8, &image, &problem));
    free(made.bytes);
}

static void what_is_transparent_shows_white(void **state)
{
    const struct made_options options = {
        .width = WIDE, .height = HIGH, .clear = true};
    const struct image_part whole = {0, 0, WIDE, HIGH};
    struct made_picture made = made_png(&options);
    struct problem problem = {0};
    struct image image;

    (void)state;
    assert_true(
        image_decode(made.bytes, made.size, &whole, 8, 8, &image, &problem));
    assert_int_equal(image.pixels[0] & 0xFFFFFF, 0xFFFFFF);
    assert_int_equal(image_edge_colour(&image), 0xFFFFFF);
    free(image.pixels);
    free(made.bytes);
}

static bool decodes(const void *bytes, size_t size, struct problem *problem)
{
    struct image_info info;
    struct image image = {.pixels = NULL};

    if (!image_read_info(bytes, size, &info, problem))
        return false;
    const struct image_part whole = {0, 0, info.width, info.height};
    bool good = image_decode(bytes, size, &whole, 16, 16, &image, problem);
    free(image.pixels);
    return good;
}

static void assert_refused(const struct made_picture *made, const char *why)
{
    struct problem problem = {0};
    void *clean = NULL;
    size_t size;

    assert_false(decodes(made->bytes, made->size, &problem));
    if (!strstr(problem.expected, why))
        fail_msg("«%s» in place of «%s»", problem.expected, why);
    /* Nor does cleaning make it whole. */
    if (image_clean(made->bytes, made->size, &clean, &size, &problem))
        assert_false(decodes(clean, size, &problem));
    free(clean);
}

static void what_is_cut_off_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct made_picture made = kinds[k].make(&kinds[k].options);
        for (size_t size = 0; size < made.size - 2; size += 1 + size / 16) {
            struct problem problem = {0};
            unsigned char *cut = malloc(size + 1);
            memcpy(cut, made.bytes, size);
            if (decodes(cut, size, &problem))
                fail_msg("%s: %zu of %zu bytes", kinds[k].name, size,
                         made.size);
            assert_int_not_equal(problem.expected[0], '\0');
            free(cut);
        }
        free(made.bytes);
    }
}

static void what_no_screen_can_show_is_refused_with_its_reason(void **state)
{
    const struct made_options cmyk = {
        .width = WIDE, .height = HIGH, .cmyk = true};
    struct made_picture made = made_jpeg(&cmyk);

    (void)state;
    assert_refused(&made, "CMYK");
    free(made.bytes);
    made = made_animated_webp();
    assert_refused(&made, "animated");
    free(made.bytes);
    unsigned char text[] = "GIF89a and nothing else";
    assert_refused(&(struct made_picture){text, sizeof text}, "no JPEG");
    assert_refused(&(struct made_picture){text, 0}, "empty");
}

static void put_number(unsigned char *to, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(number >> (24 - 8 * i));
}

/* Nothing is decoded, or taken memory for, by the word of a header. */
static void a_header_that_promises_too_much_is_refused(void **state)
{
    struct made_picture png = made_png(&kinds[2].options);
    struct made_picture jpeg = made_jpeg(&kinds[0].options);

    (void)state;
    put_number(png.bytes + 16, 29000);
    put_number(png.bytes + 20, 29000);
    /* libpng says first that the checksum is another one. */
    assert_refused(&png, "PNG");
    for (size_t i = 0; i + 9 < jpeg.size; i++) {
        if (jpeg.bytes[i] != 0xFF || jpeg.bytes[i + 1] != 0xC0)
            continue;
        memset(jpeg.bytes + i + 5, 0x70, 4);
        break;
    }
    assert_refused(&jpeg, "28784 by 28784 pixels");
    free(png.bytes);
    free(jpeg.bytes);
}

static void a_plain_ground_stays_as_it_is_at_any_size(void **state)
{
    const struct made_options options = {.width = 301, .height = 101};
    struct made_picture made = made_png(&options);
    const struct image_part field = {0, 0, 100, 30};
    struct problem problem = {0};

    (void)state;
    for (int side = 38; side < 400; side += 37) {
        struct image image;
        assert_true(image_decode(made.bytes, made.size, &field, side, side,
                                 &image, &problem));
        assert_int_equal(image.pixels[0], made_colour(0));
        free(image.pixels);
    }
    free(made.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_seen_in_every_orientation),
        cmocka_unit_test(the_colour_profile_is_respected),
        cmocka_unit_test(
            what_is_sent_says_nothing_of_its_owner_and_looks_the_same),
        cmocka_unit_test(what_follows_a_picture_is_not_sent),
        cmocka_unit_test(a_part_is_what_lies_there),
        cmocka_unit_test(what_is_transparent_shows_white),
        cmocka_unit_test(what_is_cut_off_anywhere_is_refused),
        cmocka_unit_test(what_no_screen_can_show_is_refused_with_its_reason),
        cmocka_unit_test(a_header_that_promises_too_much_is_refused),
        cmocka_unit_test(a_plain_ground_stays_as_it_is_at_any_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
