/* How far was forgotten, by key: bounded, and never lower. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "display/core/validation/floors.h"

static void raise_floor(struct floors *floors, const char *key_id,
                        int64_t order_ms)
{
    const struct floor floor = floor_of(key_id, order_ms);

    floors_raise(floors, &floor);
}

static void a_floor_rises_and_never_sinks(void **state)
{
    struct floors floors = {.count = 0};

    (void)state;
    assert_true(floors_highest(&floors) == INT64_MIN);
    raise_floor(&floors, "a", 5);
    raise_floor(&floors, "a", 3);
    raise_floor(&floors, "b", 4);
    raise_floor(&floors, "c", INT64_MIN);
    assert_int_equal(floors_find(&floors, "a"), 5);
    assert_int_equal(floors_find(&floors, "b"), 4);
    assert_true(floors_find(&floors, "c") == INT64_MIN);
    assert_int_equal(floors_highest(&floors), 5);
}

/* Keys of many years: each way round. */
static void of_too_many_keys_the_lowest_become_one_of_nobody(void **state)
{
    enum { KEYS = 3 * FLOORS_MAX };

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct floors floors = {.count = 0};
        char key_id[LIMIT_KEY_ID_BYTES + 1];
        for (int i = 1; i <= KEYS; i++) {
            snprintf(key_id, sizeof key_id, "%016d", i);
            raise_floor(&floors, key_id, round == 0 ? i : KEYS + 1 - i);
            if (i % 7 == 0)
                raise_floor(&floors, "", i / 7);
            assert_true(floors.count <= FLOORS_MAX);
        }
        assert_int_equal(floors_highest(&floors), KEYS);
        assert_true(floors_find(&floors, "") >= KEYS - FLOORS_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_floor_rises_and_never_sinks),
        cmocka_unit_test(of_too_many_keys_the_lowest_become_one_of_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
