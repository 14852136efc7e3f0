/* From drafts to bodies: what is filled in and what stays. */
#include "publisher/send/compose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct compose_frame frame = {.org = "erqi",
                                           .seq = 1790000000000,
                                           .issued_ms = 1626777000000,
                                           .utc_offset_minutes = 480};

static char *compose(const char *draft, const struct compose_frame *with,
                     struct problem *problem)
{
    json_t *json = json_loads(draft, 0, NULL);
    char *body = NULL;
    size_t bytes = 0;

    assert_non_null(json);
    if (compose_body(json, with, &body, &bytes, problem))
        assert_int_equal(bytes, strlen(body));
    json_decref(json);
    return body;
}

static void a_draft_becomes_a_body_with_its_header_first(void **state)
{
    struct problem problem = {0};
    char *body = compose("{\"kind\":\"panel\",\"id\":\"q05\",\"panel\":"
                         "{\"title\":\"建成区\",\"value\":68.45,\"a\":0.1}}",
                         &frame, &problem);

    (void)state;
    assert_non_null(body);
    assert_string_equal(body, "{\n"
                              "  \"gaoshi\": 1,\n"
                              "  \"kind\": \"panel\",\n"
                              "  \"id\": \"q05\",\n"
                              "  \"org\": \"erqi\",\n"
                              "  \"scope\": \"all\",\n"
                              "  \"seq\": 1790000000000,\n"
                              "  \"issued\": \"2021-07-20T18:30:00+08:00\",\n"
                              "  \"panel\": {\n"
                              "    \"title\": \"建成区\",\n"
                              "    \"value\": 68.45,\n"
                              "    \"a\": 0.1\n"
                              "  }\n"
                              "}");
    free(body);
}

static void seq_and_issued_are_always_new(void **state)
{
    struct problem problem = {0};
    char *body = compose("{\"kind\":\"panel\",\"id\":\"x\",\"seq\":5,"
                         "\"issued\":\"2020-01-01T00:00:00+08:00\"}",
                         &frame, &problem);

    (void)state;
    assert_non_null(strstr(body, "\"seq\": 1790000000000"));
    assert_null(strstr(body, "2020"));
    free(body);
}

static void what_the_draft_says_stays(void **state)
{
    struct problem problem = {0};
    struct compose_frame open = frame;
    char *body = compose("{\"kind\":\"alert\",\"id\":\"x\",\"org\":\"hn\","
                         "\"scope\":\"area-410103\",\"expires\":\"later\","
                         "\"anything\":[1,2.5,null]}",
                         (open.org = NULL, &open), &problem);

    (void)state;
    assert_non_null(body);
    assert_non_null(strstr(body, "\"org\": \"hn\""));
    assert_non_null(strstr(body, "\"scope\": \"area-410103\""));
    assert_non_null(strstr(body, "\"expires\": \"later\""));
    assert_non_null(strstr(body, "2.5"));
    free(body);
}

static void a_draft_that_contradicts_what_was_asked_is_refused(void **state)
{
    static const struct {
        const char *draft;
        const char *org;
        const char *scope;
        const char *field;
    } cases[] = {
        {"{\"kind\":\"panel\",\"org\":\"hn\"}", "erqi", NULL, "org"},
        {"{\"kind\":\"panel\",\"scope\":\"all\"}", "erqi", "group-lobby",
         "scope"},
        {"{\"kind\":\"panel\"}", NULL, NULL, "org"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problem problem = {0};
        struct compose_frame with = frame;
        with.org = cases[i].org;
        with.scope = cases[i].scope;
        assert_null(compose(cases[i].draft, &with, &problem));
        assert_string_equal(problem.field, cases[i].field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_becomes_a_body_with_its_header_first),
        cmocka_unit_test(seq_and_issued_are_always_new),
        cmocka_unit_test(what_the_draft_says_stays),
        cmocka_unit_test(a_draft_that_contradicts_what_was_asked_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
