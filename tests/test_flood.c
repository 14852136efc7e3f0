/* More than a screen can judge: what is lost of it is told and comes back from
 * what the broker retains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>

#include "protocol/envelope.h"
#include "tests/support/hose.h"
#include "tests/support/road.h"

enum { GENUINE = 40, FORGED_A_ROUND = 300 };

/* The signature of another message, each in a topic of its own. */
static void pour_forged(const char *genuine, int hose, int round)
{
    char topic[128], payload[256];

    for (int i = 0; i < FORGED_A_ROUND; i++) {
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/alert/f%d-%d",
                 round, i);
        int bytes = snprintf(payload, sizeof payload, "%.*s{\"n\": %d}",
                             ENVELOPE_LINE_BYTES, genuine, i);
        assert_true(hose_publish(hose, topic, payload, (size_t)bytes));
    }
}

/* While the screen is stopped everything waits for it; when it goes on, it
 * comes faster than signatures can be verified. */
static void alerts_lost_in_a_flood_come_back_from_the_broker(void **state)
{
    struct road *road = *state;
    const struct signer_message other = {.kind = "alert",
                                         .id = "other",
                                         .seq = 1,
                                         .content = signer_drill,
                                         .expires_in_s = 3600};
    struct screen *screen = road_start(road, NULL, NULL);
    int hose = hose_open(broker_port(road->broker), "hose");
    char *genuine = signer_seal(road->signer, &other);

    assert_non_null(genuine);
    assert_true(screen_wait(screen, "line-up", "", 1));
    kill(screen_pid(screen), SIGSTOP);
    for (int i = 0; i < GENUINE; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        pour_forged(genuine, hose, i);
        /* Retained, and acknowledged: the broker has all before it. */
        road_push(road, "alert", id, 1, signer_drill);
    }
    kill(screen_pid(screen), SIGCONT);
    for (int i = 0; i < GENUINE; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        assert_true(screen_wait(screen, "verified", id, 1));
    }
    assert_int_equal(screen_count_log(screen, "inbox: full"), 1);
    assert_int_equal(screen_count_log(screen, "is asked for again"), 1);
    assert_int_equal(screen_count(screen, "line-down", ""), 0);
    assert_int_equal(screen_stop(screen), 0);
    hose_close(hose);
    free(genuine);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, road_open, road_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(alerts_lost_in_a_flood_come_back_from_the_broker),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
