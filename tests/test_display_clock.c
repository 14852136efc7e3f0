/* A real display whose clock starts in 1970, jumps under it, stands behind: a
 * real broker, messages signed by the protocol, and only the wall clock is
 * faked (tests/clock). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/screen.h"
#include "tests/support/signer.h"

enum { HOUR = 3600, DAY = 24 * HOUR, YEAR = 365 * DAY };

struct town {
    struct broker *broker;
    struct peer *peer;
    struct signer *signer;
    struct screen *screen; /* NULL: none runs */
    char *folder, *store, *clock;
    int64_t seq;
};

static int set_up(void **state)
{
    static struct town town;

    town = (struct town){.broker = broker_start(NULL), .folder = folder_make()};
    if (!town.broker || !town.folder)
        return -1;
    town.store = folder_path(town.folder, "store.db");
    town.clock = folder_path(town.folder, "clock");
    town.signer = signer_create(town.folder, "operator");
    town.peer = peer_connect(broker_url(town.broker), "operator");
    *state = &town;
    return town.store && town.clock && town.signer && town.peer ? 0 : -1;
}

static int tear_down(void **state)
{
    struct town *town = *state;

    if (town->screen)
        screen_stop(town->screen);
    peer_destroy(town->peer);
    signer_destroy(town->signer);
    broker_destroy(town->broker);
    folder_remove(town->folder);
    free(town->folder);
    free(town->store);
    free(town->clock);
    return 0;
}

/* Never half a file: it is read at any time. */
static void set_clock(struct town *town, int64_t beside_s, bool synchronised)
{
    char text[64];
    char *new_file = folder_path(town->folder, "clock.new");

    snprintf(text, sizeof text, "%lld %d\n", (long long)beside_s, synchronised);
    assert_true(folder_write(town->folder, "clock.new", text));
    assert_int_equal(rename(new_file, town->clock), 0);
    free(new_file);
}

static void start(struct town *town)
{
    const struct screen_options options = {
        .program = "gaoshi-display-faked-clock",
        .folder = town->folder,
        .broker = broker_url(town->broker),
        .trust = signer_file(town->signer),
        .store = town->store,
        .mode = "--headless",
        .size = "640x360",
    };

    assert_int_equal(setenv("GAOSHI_FAKED_CLOCK", town->clock, 1), 0);
    town->screen = screen_start(&options);
    assert_non_null(town->screen);
    assert_true(screen_wait(town->screen, "line-up", "", 1));
}

static void stop(struct town *town)
{
    assert_int_equal(screen_stop(town->screen), 0);
    town->screen = NULL;
}

static void push(struct town *town, const char *kind, const char *id,
                 const char *content, int64_t issued_in_s, int64_t expires_in_s)
{
    const struct signer_message message = {
        .kind = kind,
        .id = id,
        .seq = ++town->seq,
        .content = content,
        .issued_in_s = issued_in_s,
        .expires_in_s = expires_in_s,
    };

    assert_true(signer_publish(town->signer, town->peer, &message));
}

static void push_alert(struct town *town, const char *id, int64_t issued_in_s,
                       int64_t expires_in_s)
{
    push(town, "alert", id, signer_drill, issued_in_s, expires_in_s);
}

static void push_tick(struct town *town, int64_t issued_in_s)
{
    push(town, "tick", NULL, "{\"index_seq\": 0}", issued_in_s, 0);
}

/* What comes wakes the loop; when it was judged, so was all before it. An old
 * panel says nothing about the time. The first may have come in a turn that had
 * read the clock before; the second comes in one that reads it anew. */
static void wake(struct town *town)
{
    for (int i = 0; i < 2; i++) {
        char id[32];
        snprintf(id, sizeof id, "wake-%lld", (long long)town->seq);
        push(town, "panel", id, signer_figure, -30 * DAY, 0);
        assert_true(screen_wait(town->screen, "verified", id, 1));
    }
}

static void expect_log(struct town *town, const char *text, int times)
{
    if (screen_wait_log(town->screen, text, times))
        return;
    char *log = screen_log(town->screen);
    fail_msg("the log never said «%s»:\n%s", text, log ? log : "");
    free(log);
}

static void expect_in_force(struct town *town, const char *id, bool in_force)
{
    assert_int_equal(screen_count(town->screen, "shown", id), in_force);
    assert_int_equal(screen_count(town->screen, "ended", id), 0);
}

static void expect_told(struct town *town, size_t *next, const char *text)
{
    const struct peer_message *message;

    while ((message = peer_wait_message(town->peer, (*next)++)) != NULL)
        if (strstr(message->payload, text))
            return;
    fail_msg("no screen said «%s»", text);
}

static void a_boot_in_1970_shows_alerts_and_believes_the_tick(void **state)
{
    struct town *town = *state;
    size_t next = 0, next_receipt = 0;

    assert_true(
        peer_subscribe(town->peer, "gaoshi/1/erqi/screen/lobby-1/state"));
    assert_true(
        peer_subscribe(town->peer, "gaoshi/1/erqi/screen/lobby-1/receipt"));
    set_clock(town, -(int64_t)time(NULL) + 60, false);
    start(town);
    expect_log(town, "clock: it stands before the release", 1);
    expect_told(town, &next,
                "\"clock_trusted\":false,\"clock_reason\":\"unset\"");
    push_alert(town, "now", 0, HOUR);
    assert_true(screen_wait(town->screen, "shown", "now", 1));
    expect_told(town, &next_receipt,
                "\"shown\",\"message\":\"now\",\"screen\":\"lobby-1\",\"seq\":"
                "1,\"at_ms\":null");
    push_tick(town, 0);
    wake(town); /* alerts would overtake the tick */
    /* Over since a minute, as the tick tells. */
    push_alert(town, "over", -HOUR, -60);
    assert_true(screen_wait(town->screen, "refused", "over", 1));
    set_clock(town, 0, true);
    wake(town);
    expect_log(town, "clock: trusted again, a time service vouches", 1);
    expect_told(town, &next, "\"clock_trusted\":true,\"store_ok\"");
    expect_in_force(town, "now", true);
    stop(town);
}

static void a_jump_of_a_day_ends_nothing_and_is_told_once(void **state)
{
    static const struct {
        int64_t beside_s;
        const char *told;
    } table[] = {
        {DAY, "jumped forwards by 86"},
        {-DAY, "jumped backwards by 86"},
    };
    struct town *town = *state;

    set_clock(town, 0, false);
    start(town);
    push_alert(town, "a", 0, HOUR);
    assert_true(screen_wait(town->screen, "shown", "a", 1));
    for (int i = 0; i < 2; i++) {
        set_clock(town, table[i].beside_s, false);
        wake(town);
        expect_log(town, table[i].told, 1);
        expect_in_force(town, "a", true);
        set_clock(town, 0, false);
        wake(town);
        expect_log(town, "clock: trusted again", i + 1);
        expect_in_force(town, "a", true);
        assert_int_equal(screen_count_log(town->screen, "jumped"), i + 1);
    }
    stop(town);
}

static void a_tick_explains_a_jump_that_was_right(void **state)
{
    struct town *town = *state;

    set_clock(town, -2 * DAY, false);
    start(town);
    set_clock(town, 0, false);
    wake(town);
    expect_log(town, "jumped forwards by 17", 1);
    push_tick(town, 0);
    wake(town);
    expect_log(town, "clock: trusted again", 1);
    stop(town);
}

static void the_floor_of_the_last_run_holds_after_a_restart(void **state)
{
    struct town *town = *state;

    set_clock(town, 0, false);
    start(town);
    push_tick(town, 0);
    wake(town);
    assert_int_equal(screen_count_log(town->screen, "clock:"), 0);
    stop(town);
    /* Retained, and over before the screen went off. */
    push_alert(town, "over", -2 * HOUR, -HOUR);
    set_clock(town, -DAY, false);
    start(town);
    assert_true(screen_wait(town->screen, "refused", "over", 1));
    expect_log(town, "clock: it stands 86", 1);
    assert_int_equal(screen_count(town->screen, "shown", "over"), 0);
    stop(town);
}

static void an_operator_a_year_ahead_ends_nothing(void **state)
{
    struct town *town = *state;

    set_clock(town, 0, true);
    start(town);
    push_alert(town, "a", 0, HOUR);
    assert_true(screen_wait(town->screen, "shown", "a", 1));
    push_tick(town, YEAR);
    expect_log(town, "s ahead of this screen's clock", 1);
    wake(town);
    expect_in_force(town, "a", true);
    assert_int_equal(screen_count_log(town->screen, "clock: it"), 0);
    stop(town);
}

/* A board without a battery, off for five hours, no time service: what is
 * issued now is five hours ahead of its clock. */
static void an_alert_is_not_held_back_by_a_clock_that_is_behind(void **state)
{
    struct town *town = *state;

    set_clock(town, -5 * HOUR, false);
    start(town);
    push_alert(town, "a", 0, HOUR);
    assert_true(screen_wait(town->screen, "shown", "a", 1));
    expect_log(town, "clock: it stands 1", 1); /* 17999 or 18000 s */
    stop(town);
}

#define CLOCK_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLOCK_TEST(a_boot_in_1970_shows_alerts_and_believes_the_tick),
        CLOCK_TEST(a_jump_of_a_day_ends_nothing_and_is_told_once),
        CLOCK_TEST(a_tick_explains_a_jump_that_was_right),
        CLOCK_TEST(the_floor_of_the_last_run_holds_after_a_restart),
        CLOCK_TEST(an_operator_a_year_ahead_ends_nothing),
        CLOCK_TEST(an_alert_is_not_held_back_by_a_clock_that_is_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
