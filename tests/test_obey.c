/* Commands over the whole road: each is carried out once, and none that
 * somebody kept or sends again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/road.h"

static void command(const struct road *road, int64_t seq, bool retained)
{
    const struct signer_message message = {.kind = "command",
                                           .id = "lobby-1",
                                           .seq = seq,
                                           .content = "{\"verb\": "
                                                      "\"restart\"}"};
    char topic[512];
    char *text = signer_seal(road->signer, &message);

    signer_topic(&message, topic);
    assert_true(peer_publish(road->peer, topic, text, strlen(text), retained));
    free(text);
}

static struct screen *start(const struct road *road, const char *store)
{
    const struct screen_options options = {
        .folder = road->folder,
        .broker = broker_url(road->broker),
        .trust = signer_file(road->signer),
        .store = store,
        .mode = "--headless",
        .size = "640x360",
        .extra = {"--dwell", "300"},
    };
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    assert_true(screen_wait(screen, "line-up", "", 1));
    return screen;
}

/* The screen goes on, and shows what comes. */
static void goes_on(struct road *road, struct screen *screen, const char *panel)
{
    road_push_panel(road, panel, 1);
    assert_true(screen_wait(screen, "shown", panel, 1));
    assert_int_equal(screen_stop(screen), 0);
}

static void a_command_that_the_broker_keeps_is_never_obeyed(void **state)
{
    struct road *road = *state;

    command(road, 1, true);
    for (int i = 0; i < 2; i++) {
        struct screen *screen = start(road, NULL);
        assert_true(screen_wait_log(screen, "the broker had kept it", 1));
        goes_on(road, screen, i ? "q02" : "q01");
    }
}

static void a_restart_is_carried_out_once(void **state)
{
    struct road *road = *state;
    struct screen *screen = start(road, road->store);

    command(road, 1, false);
    assert_int_equal(screen_wait_end(screen), 0);
    screen = start(road, road->store);
    command(road, 1, false);
    goes_on(road, screen, "q01");
}

static void a_screen_that_could_not_remember_it_does_not_restart(void **state)
{
    static const char *const stores[] = {NULL, "/proc/nowhere/store.db"};
    static const char *const panels[] = {"q01", "q02"};
    struct road *road = *state;

    for (int i = 0; i < 2; i++) {
        struct screen *screen = start(road, stores[i]);
        command(road, 1, false);
        assert_true(screen_wait_log(screen, "the store cannot remember it", 1));
        goes_on(road, screen, panels[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, road_open, road_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_command_that_the_broker_keeps_is_never_obeyed),
        TEST(a_restart_is_carried_out_once),
        TEST(a_screen_that_could_not_remember_it_does_not_restart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
