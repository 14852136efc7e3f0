/* How far was forgotten, by key: bounded, and never lower. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "display/core/validation/watermarks.h"

static void raise_watermark(struct watermarks *watermarks, const char *key_id,
                            int64_t order_ms)
{
    const struct watermark watermark = watermark_of(key_id, order_ms);

    watermarks_raise(watermarks, &watermark);
}

static void a_watermark_rises_and_never_sinks(void **state)
{
    struct watermarks watermarks = {.count = 0};

    (void)state;
    assert_true(watermarks_highest(&watermarks) == INT64_MIN);
    raise_watermark(&watermarks, "a", 5);
    raise_watermark(&watermarks, "a", 3);
    raise_watermark(&watermarks, "b", 4);
    raise_watermark(&watermarks, "c", INT64_MIN);
    assert_int_equal(watermarks_find(&watermarks, "a"), 5);
    assert_int_equal(watermarks_find(&watermarks, "b"), 4);
    assert_true(watermarks_find(&watermarks, "c") == INT64_MIN);
    assert_int_equal(watermarks_highest(&watermarks), 5);
}

/* Keys of many years: each way round. */
static void of_too_many_keys_the_lowest_become_one_of_nobody(void **state)
{
    enum { KEYS = 3 * WATERMARKS_MAX };

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct watermarks watermarks = {.count = 0};
        char key_id[LIMIT_KEY_ID_BYTES + 1];
        for (int i = 1; i <= KEYS; i++) {
            snprintf(key_id, sizeof key_id, "%016d", i);
            raise_watermark(&watermarks, key_id, round == 0 ? i : KEYS + 1 - i);
            if (i % 7 == 0)
                raise_watermark(&watermarks, "", i / 7);
            assert_true(watermarks.count <= WATERMARKS_MAX);
        }
        assert_int_equal(watermarks_highest(&watermarks), KEYS);
        assert_true(watermarks_find(&watermarks, "") >= KEYS - WATERMARKS_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_watermark_rises_and_never_sinks),
        cmocka_unit_test(of_too_many_keys_the_lowest_become_one_of_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
