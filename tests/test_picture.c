/* PNG files: what is written is what is read, and a failure leaves nothing. */
#include "display/edge/render/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/folder.h"
#include "tests/support/golden.h"

enum { WIDTH = 37, HEIGHT = 19, STRIDE = 40 };

static int set_up(void **state)
{
    *state = folder_make();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    folder_remove(*state);
    free(*state);
    return 0;
}

/* Rows with a gap behind them, as a window's surface may have. */
static struct renderer_pixels sample(uint32_t memory[STRIDE * HEIGHT])
{
    for (int i = 0; i < STRIDE * HEIGHT; i++)
        memory[i] = 0xAB000000u | (uint32_t)i * 2654435761u >> 8;
    return (struct renderer_pixels){memory, WIDTH, HEIGHT, STRIDE * 4};
}

static void a_picture_reads_as_it_was_written(void **state)
{
    uint32_t memory[STRIDE * HEIGHT], *read = NULL;
    struct renderer_pixels frame = sample(memory);
    struct problem problem = {0};
    char *file = folder_path(*state, "frame.png");
    int width = 0, height = 0;

    assert_true(picture_write(file, &frame, &problem));
    assert_true(picture_read(file, &read, &width, &height, &problem));
    assert_int_equal(width, WIDTH);
    assert_int_equal(height, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++)
            assert_int_equal(read[y * WIDTH + x],
                             memory[y * STRIDE + x] & 0xFFFFFF);
    }
    free(read);
    free(file);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    uint32_t memory[STRIDE * HEIGHT];
    struct renderer_pixels frame = sample(memory);
    struct problem problem = {0};

    (void)state;
    assert_false(picture_write("/nowhere/frame.png", &frame, &problem));
    assert_string_equal(problem.place, "/nowhere/frame.png");
    assert_non_null(strstr(problem.expected, "No such file"));
}

static void what_is_no_picture_is_refused(void **state)
{
    struct problem problem = {0};
    uint32_t *read = NULL;
    int width = 1, height = 2;
    char *file = folder_path(*state, "text.png");

    assert_true(folder_write(*state, "text.png", "二七"));
    assert_false(picture_read(file, &read, &width, &height, &problem));
    assert_null(read);
    assert_int_equal(width, 1);
    assert_int_equal(height, 2);
    free(file);
}

static void a_frame_that_differs_is_kept_beside_its_reference(void **state)
{
    uint32_t memory[STRIDE * HEIGHT];
    struct renderer_pixels frame = sample(memory);
    struct problem problem = {0};
    char *file = folder_path(*state, "golden.png");
    char *error = folder_path(*state, "golden_err.png");

    assert_true(picture_write(file, &frame, &problem));
    assert_int_equal(golden_compare(file, &frame), 0);
    assert_int_not_equal(access(error, F_OK), 0);
    memory[3] ^= 0x10;
    memory[STRIDE + 5] ^= 0x100000;
    assert_int_equal(golden_compare(file, &frame), 2);
    assert_int_equal(access(error, F_OK), 0);
    memory[3] ^= 0x10;
    memory[STRIDE + 5] ^= 0x100000;
    assert_int_equal(golden_compare(file, &frame), 0);
    assert_int_not_equal(access(error, F_OK), 0);
    frame.height--;
    assert_int_equal(golden_compare(file, &frame), WIDTH * (HEIGHT - 1));
    free(file);
    free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_reads_as_it_was_written),
        cmocka_unit_test(a_folder_that_is_not_there_is_told),
        cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(a_frame_that_differs_is_kept_beside_its_reference),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
