/* What a link takes before it has a line, and that it takes nothing from libc.
 */
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

/* What Paho calls instead is for Paho alone (protocol/link/paho_calls.c). */
static void the_libraries_functions_stay_theirs(void **state)
{
    /* Those that no sanitizer replaces. */
    static const char *const names[] = {"usleep", "SSL_read", "SSL_write"};
    Dl_info ours, of_name;

    (void)state;
    assert_int_not_equal(dladdr((void *)(uintptr_t)link_create, &ours), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *found = dlsym(RTLD_DEFAULT, names[i]);
        assert_non_null(found);
        assert_int_not_equal(dladdr(found, &of_name), 0);
        assert_ptr_not_equal(of_name.dli_fbase, ours.dli_fbase);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_options_are_refused_with_what_was_expected),
        cmocka_unit_test(the_libraries_functions_stay_theirs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
