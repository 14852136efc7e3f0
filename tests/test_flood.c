/* More than a screen can judge between two frames: what is genuine in it stands
 * all the same, and nothing has to be asked for again. */
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
#include "protocol/limits.h"
#include "tests/support/hose.h"
#include "tests/support/road.h"

enum { GENUINE = 40, FORGED_A_ROUND = 300, RETAINED = 3000 };

typedef bool hose_verb(int hose, const char *topic, const char *payload,
                       size_t bytes);

/* The signature of another message, each in a topic of its own. */
static void pour_forged(const char *genuine, int hose, hose_verb *verb,
                        int round, int count)
{
    char topic[128], payload[256];

    for (int i = 0; i < count; i++) {
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/alert/f%d-%d",
                 round, i);
        int bytes = snprintf(payload, sizeof payload, "%.*s{\"n\": %d}",
                             ENVELOPE_LINE_BYTES, genuine, i);
        assert_true(verb(hose, topic, payload, (size_t)bytes));
    }
}

static char *seal_other(const struct road *road)
{
    const struct signer_message other = {.kind = "alert",
                                         .id = "other",
                                         .seq = 1,
                                         .content = signer_drill,
                                         .expires_in_s = 3600};
    char *sealed = signer_seal(road->signer, &other);

    assert_non_null(sealed);
    return sealed;
}

static void expect_nothing_lost(struct screen *screen)
{
    assert_int_equal(screen_count_log(screen, "inbox: full"), 0);
    assert_int_equal(screen_count_log(screen, "is asked for again"), 0);
    assert_int_equal(screen_count(screen, "line-down", ""), 0);
}

/* While the screen is stopped everything waits for it; when it goes on, it
 * comes faster than signatures can be verified. */
static void alerts_stand_during_a_flood_of_forged_ones(void **state)
{
    struct road *road = *state;
    struct screen *screen = road_start(road, NULL, NULL);
    int hose = hose_open(broker_port(road->broker), "hose");
    char *genuine = seal_other(road);

    assert_true(screen_wait(screen, "line-up", "", 1));
    kill(screen_pid(screen), SIGSTOP);
    for (int i = 0; i < GENUINE; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        pour_forged(genuine, hose, hose_publish, i, FORGED_A_ROUND);
        /* Retained, and acknowledged: the broker has all before it. */
        road_push(road, "alert", id, 1, signer_drill);
    }
    kill(screen_pid(screen), SIGCONT);
    for (int i = 0; i < GENUINE; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        assert_true(screen_wait(screen, "verified", id, 1));
    }
    assert_true(screen_wait(screen, "refused", "f0-0", 1));
    expect_nothing_lost(screen);
    assert_int_equal(screen_stop(screen), 0);
    hose_close(hose);
    free(genuine);
}

/* Somebody who may write to the broker, but has no key that signs. */
static void a_new_screen_finds_the_alert_among_retained_forgeries(void **state)
{
    struct road *road = *state;
    int hose = hose_open(broker_port(road->broker), "hose");
    char *genuine = seal_other(road);

    pour_forged(genuine, hose, hose_retain, 0, RETAINED / 2);
    assert_true(hose_flush(hose));
    road_push(road, "alert", "real", 1, signer_drill);
    pour_forged(genuine, hose, hose_retain, 1, RETAINED / 2);
    assert_true(hose_flush(hose));
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "real", 1));
    expect_nothing_lost(screen);
    assert_int_equal(screen_stop(screen), 0);
    hose_close(hose);
    free(genuine);
}

/* Signed, over for hours, and never cleared at the broker. */
static void retain_old(const struct road *road, int hose)
{
    for (int i = 0; i < RETAINED; i++) {
        char id[16], topic[512];
        const struct signer_message old = {.kind = "alert",
                                           .id = id,
                                           .seq = 1,
                                           .content = signer_drill,
                                           .issued_in_s = -20000 + i,
                                           .expires_in_s = -10000 + i};
        snprintf(id, sizeof id, "old%d", i);
        char *sealed = signer_seal(road->signer, &old);
        signer_topic(&old, topic);
        assert_true(hose_retain(hose, topic, sealed, strlen(sealed)));
        free(sealed);
    }
    assert_true(hose_flush(hose));
}

static void a_new_screen_finds_the_alert_among_years_of_old_ones(void **state)
{
    struct road *road = *state;
    int hose = hose_open(broker_port(road->broker), "hose");

    retain_old(road, hose);
    road_push(road, "alert", "real", 1, signer_drill);
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "real", 1));
    expect_nothing_lost(screen);
    assert_int_equal(screen_stop(screen), 0);
    hose_close(hose);
}

/* None of ours can be so long: it is refused, and not asked for again. */
static void a_retained_message_on_an_endless_topic_is_refused_once(void **state)
{
    struct road *road = *state;
    int hose = hose_open(broker_port(road->broker), "hose");
    char topic[2 * LIMIT_TOPIC_BYTES] = "gaoshi/1/erqi/down/all/panel/";

    memset(topic + strlen(topic), 'x', sizeof topic - strlen(topic) - 1);
    assert_true(hose_retain(hose, topic, "x", 1));
    assert_true(hose_flush(hose));
    road_push(road, "alert", "real", 1, signer_drill);
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "real", 1));
    /* What the broker retains was handed over before it. */
    road_push(road, "alert", "next", 1, signer_drill);
    assert_true(screen_wait(screen, "verified", "next", 1));
    assert_int_equal(screen_count_log(screen, "1023 bytes, 511 at most"), 1);
    expect_nothing_lost(screen);
    assert_int_equal(screen_stop(screen), 0);
    hose_close(hose);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, road_open, road_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(alerts_stand_during_a_flood_of_forged_ones),
        TEST(a_new_screen_finds_the_alert_among_retained_forgeries),
        TEST(a_new_screen_finds_the_alert_among_years_of_old_ones),
        TEST(a_retained_message_on_an_endless_topic_is_refused_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
