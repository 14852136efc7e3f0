/* The national event codes: told by name where they are confirmed, and by the
 * headline where they are not. */
#include "cap/cap_events.h"
#include "cap/cap_words.h"
#include "tests/support/table.h"

#include <ctype.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_code_stands_once_and_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < cap_event_count; i++) {
        const char *code = cap_events[i].code;
        assert_int_equal(strlen(code), 5);
        assert_true(strncmp(code, "11", 2) == 0 && isupper(code[2]) &&
                    isdigit(code[3]) && isdigit(code[4]));
        assert_true(cap_events[i].name[0] != '\0');
        assert_true(i == 0 || strcmp(cap_events[i - 1].code, code) < 0);
        assert_string_equal(cap_event_name(code), cap_events[i].name);
    }
}

static void a_code_names_the_event(void **state)
{
    static const struct {
        const char *code, *headline, *event;
    } rows[] = {
        {"11B03", "某台发布大雨红色预警", "暴雨"},
        {"11B20", "", "雷雨大风"},
        {"11B25", "", "森林火险"},
        {"11A01", "", "洪水"},
        {"11D01", "某局发布滑坡橙色预警", "滑坡"},
        {"11B", "某台发布暴雨红色预警", "暴雨"},
        {"11B030", "某台发布台风蓝色预警", "台风"},
        {"", "没有说明", "突发事件"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char event[CAP_EVENT_BYTES];
        cap_words_event(rows[i].code, rows[i].headline, event);
        assert_string_equal(event, rows[i].event);
    }
}

/* 雾霾 is haze: its code says 霾. */
static void a_template_bears_no_code_but_that_of_its_event(void **state)
{
    char *text = source_read("data/alerts/templates.json", NULL);
    json_t *file = json_loads(text, 0, NULL);
    const json_t *templates = json_object_get(file, "templates");
    const json_t *one;
    size_t index, coded = 0;

    (void)state;
    json_array_foreach(templates, index, one)
    {
        const char *code =
            json_string_value(json_object_get(one, "event_code"));
        const char *event = json_string_value(json_object_get(one, "event"));
        if (!code)
            continue;
        const char *name = cap_event_name(code);
        assert_non_null(name);
        assert_non_null(strstr(event, name));
        coded++;
    }
    assert_true(coded > 0);
    json_decref(file);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_stands_once_and_in_order),
        cmocka_unit_test(a_code_names_the_event),
        cmocka_unit_test(a_template_bears_no_code_but_that_of_its_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
