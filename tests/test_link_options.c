/* What a link takes before it has a line, and what it takes over from libc. */
#include "protocol/link/link.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void bad_options_are_refused_with_what_was_expected(void **state)
{
    static const struct {
        struct link_options options;
        const char *expected;
    } cases[] = {
        {{.client_id = "x", .mqtt_version = 5}, "broker addresses"},
        {{.brokers = {"http://x"},
          .broker_count = 1,
          .client_id = "x",
          .mqtt_version = 5},
         "mqtt://HOST:PORT"},
        {{.brokers = {"mqtt://"},
          .broker_count = 1,
          .client_id = "x",
          .mqtt_version = 5},
         "mqtt://HOST:PORT"},
        {{.brokers = {"mqtts://x"},
          .broker_count = 1,
          .client_id = "x",
          .mqtt_version = 5},
         "CA"},
        {{.brokers = {"mqtt://x"},
          .broker_count = 1,
          .client_id = "x",
          .mqtt_version = 5,
          .ca_file = "ca.pem"},
         "not mqtts"},
        {{.brokers = {"mqtt://x", "mqtts://y"},
          .broker_count = 2,
          .client_id = "x",
          .mqtt_version = 5},
         "either all"},
        {{.brokers = {"mqtt://x"},
          .broker_count = 1,
          .client_id = "x",
          .mqtt_version = 3},
         "version 3"},
        {{.brokers = {"mqtt://x"}, .broker_count = 1, .mqtt_version = 5},
         "identifier"},
    };
    const struct link_callbacks callbacks = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct link *link = NULL;
        struct problem problem = {0};
        assert_false(
            link_create(&cases[i].options, &callbacks, &link, &problem));
        assert_null(link);
        assert_non_null(strstr(problem.expected, cases[i].expected));
    }
}

/* Paho's naps of 100 ms go through usleep; ours keeps them short. */
static void the_receivers_naps_are_ours(void **state)
{
    void *found = dlsym(RTLD_DEFAULT, "usleep");
    Dl_info of_usleep;
    Dl_info of_us;

    (void)state;
    assert_non_null(found);
    assert_int_not_equal(dladdr(found, &of_usleep), 0);
    assert_int_not_equal(dladdr((void *)(uintptr_t)link_create, &of_us), 0);
    assert_ptr_equal(of_usleep.dli_fbase, of_us.dli_fbase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_options_are_refused_with_what_was_expected),
        cmocka_unit_test(the_receivers_naps_are_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
