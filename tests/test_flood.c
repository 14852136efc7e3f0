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
#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/hose.h"
#include "tests/support/process.h"
#include "tests/support/screen.h"
#include "tests/support/signer.h"

enum { GENUINE = 40, FORGED_A_ROUND = 300 };

struct road {
    struct broker *broker;
    struct peer *peer;
    struct signer *signer;
    char *folder;
};

static int set_up(void **state)
{
    static struct road road;

    road = (struct road){.broker = broker_start(NULL), .folder = folder_make()};
    if (!road.broker || !road.folder)
        return -1;
    road.signer = signer_create(road.folder, "operator");
    road.peer = peer_connect(broker_url(road.broker), "operator");
    *state = &road;
    return road.signer && road.peer ? 0 : -1;
}

static int tear_down(void **state)
{
    struct road *road = *state;

    peer_destroy(road->peer);
    signer_destroy(road->signer);
    broker_destroy(road->broker);
    folder_remove(road->folder);
    free(road->folder);
    return 0;
}

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

/* Retained, and acknowledged: the broker has all that came before it. */
static void raise_alert(struct road *road, int number)
{
    char id[16];
    const struct signer_message alert = {.kind = "alert",
                                         .id = id,
                                         .seq = 1,
                                         .content = signer_drill,
                                         .expires_in_s = 3600};

    snprintf(id, sizeof id, "a%d", number);
    assert_true(signer_publish(road->signer, road->peer, &alert));
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
    const struct screen_options options = {
        .folder = road->folder,
        .broker = broker_url(road->broker),
        .trust = signer_file(road->signer),
        .mode = "--headless",
        .size = "640x360",
    };
    struct screen *screen = screen_start(&options);
    int hose = hose_open(broker_port(road->broker), "hose");
    char *genuine = signer_seal(road->signer, &other);

    assert_non_null(screen);
    assert_non_null(genuine);
    assert_true(screen_wait(screen, "line-up", "", 1));
    kill(screen_pid(screen), SIGSTOP);
    for (int i = 0; i < GENUINE; i++) {
        pour_forged(genuine, hose, i);
        raise_alert(road, i);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(alerts_lost_in_a_flood_come_back_from_the_broker),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
