/* json_put: what can't be put into JSON is told, not left out. */
#include "protocol/json_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_text_takes_the_place_of_the_one_before(void **state)
{
    json_t *object = json_object();

    (void)state;
    assert_true(json_text_set(object, "event", "暴雨", NULL));
    assert_true(json_text_set(object, "event", "洪水", NULL));
    assert_int_equal(json_object_size(object), 1);
    assert_string_equal(json_string_value(json_object_get(object, "event")),
                        "洪水");
    json_decref(object);
}

static void what_is_no_utf_8_is_refused_with_its_field(void **state)
{
    static const char gbk[] = "\xB1\xA9\xD3\xEA";
    json_t *object = json_object();
    json_t *list = json_array();
    struct problem problem = {0};

    (void)state;
    assert_false(json_text_set(object, "event", gbk, &problem));
    assert_int_equal(problem.code, PROBLEM_FIELD);
    assert_string_equal(problem.field, "event");
    assert_non_null(strstr(problem.expected, "0xB1"));
    assert_int_equal(json_object_size(object), 0);
    assert_false(json_text_append(list, "references", gbk, &problem));
    assert_string_equal(problem.field, "references");
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    json_decref(object);
}

/* As when there was no memory for the object. */
static void nothing_can_be_put_into_nothing(void **state)
{
    struct problem problem = {0};

    (void)state;
    assert_false(json_text_set(NULL, "event", "暴雨", &problem));
    assert_int_equal(problem.code, PROBLEM_SYSTEM);
    assert_false(json_text_append(NULL, "references", "a", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_takes_the_place_of_the_one_before),
        cmocka_unit_test(what_is_no_utf_8_is_refused_with_its_field),
        cmocka_unit_test(nothing_can_be_put_into_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
