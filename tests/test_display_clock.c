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

struct tls_fixture {
    struct broker *broker;
    struct peer *peer;
    struct signer *signer;
    struct screen *screen; /* NULL: none runs */
    char *folder, *store, *clock;
    int64_t seq;
};

static int set_up(void **state)
{
    static struct tls_fixture tls;

    tls = (struct tls_fixture){.broker = broker_start(NULL),
                               .folder = folder_make()};
    if (!tls.broker || !tls.folder)
        return -1;
    tls.store = folder_path(tls.folder, "store.db");
    tls.clock = folder_path(tls.folder, "clock");
    tls.signer = signer_create(tls.folder, "operator");
    tls.peer = peer_connect(broker_url(tls.broker), "operator");
    *state = &tls;
    return tls.store && tls.clock && tls.signer && tls.peer ? 0 : -1;
}

static int tear_down(void **state)
{
    struct tls_fixture *tls = *state;

    if (tls->screen)
        screen_stop(tls->screen);
    peer_destroy(tls->peer);
    signer_destroy(tls->signer);
    broker_destroy(tls->broker);
    folder_remove(tls->folder);
    free(tls->folder);
    free(tls->store);
    free(tls->clock);
    return 0;
}

/* Never half a file: it is read at any time. */
static void set_clock(struct tls_fixture *tls, int64_t beside_s,
                      bool synchronised)
{
    char text[64];
    char *new_file = folder_path(tls->folder, "clock.new");

    snprintf(text, sizeof text, "%lld %d\n", (long long)beside_s, synchronised);
    assert_true(folder_write(tls->folder, "clock.new", text));
    assert_int_equal(rename(new_file, tls->clock), 0);
    free(new_file);
}

static void start(struct tls_fixture *tls)
{
    const struct screen_options options = {
        .program = "gaoshi-display-faked-clock",
        .folder = tls->folder,
        .broker = broker_url(tls->broker),
        .trust = signer_file(tls->signer),
        .store = tls->store,
        .mode = "--headless",
        .size = "640x360",
    };

    assert_int_equal(setenv("GAOSHI_FAKED_CLOCK", tls->clock, 1), 0);
    tls->screen = screen_start(&options);
    assert_non_null(tls->screen);
    assert_true(screen_wait(tls->screen, "line-up", "", 1));
}

static void stop(struct tls_fixture *tls)
{
    assert_int_equal(screen_stop(tls->screen), 0);
    tls->screen = NULL;
}

static void push(struct tls_fixture *tls, const char *kind, const char *id,
                 const char *content, int64_t issued_in_s, int64_t expires_in_s)
{
    const struct signer_message message = {
        .kind = kind,
        .id = id,
        .seq = ++tls->seq,
        .content = content,
        .issued_in_s = issued_in_s,
        .expires_in_s = expires_in_s,
    };

    assert_true(signer_publish(tls->signer, tls->peer, &message));
}

static void push_alert(struct tls_fixture *tls, const char *id,
                       int64_t issued_in_s, int64_t expires_in_s)
{
    push(tls, "alert", id, signer_drill, issued_in_s, expires_in_s);
}

static void push_tick(struct tls_fixture *tls, int64_t issued_in_s)
{
    push(tls, "tick", NULL, "{\"index_seq\": 0}", issued_in_s, 0);
}

/* What comes wakes the loop; when it was judged, so was all before it. An old
 * panel says nothing about the time. The first may have come in a turn that had
 * read the clock before; the second comes in one that reads it anew. */
static void wake(struct tls_fixture *tls)
{
    for (int i = 0; i < 2; i++) {
        char id[32];
        snprintf(id, sizeof id, "wake-%lld", (long long)tls->seq);
        push(tls, "panel", id, signer_figure, -30 * DAY, 0);
        assert_true(screen_wait(tls->screen, "verified", id, 1));
    }
}

static void expect_log(struct tls_fixture *tls, const char *text, int times)
{
    if (screen_wait_log(tls->screen, text, times))
        return;
    char *log = screen_log(tls->screen);
    fail_msg("the log never said «%s»:\n%s", text, log ? log : "");
    free(log);
}

static void expect_in_force(struct tls_fixture *tls, const char *id,
                            bool in_force)
{
    assert_int_equal(screen_count(tls->screen, "shown", id), in_force);
    assert_int_equal(screen_count(tls->screen, "ended", id), 0);
}

static void expect_told(struct tls_fixture *tls, size_t *next, const char *text)
{
    const struct peer_message *message;

    while ((message = peer_wait_message(tls->peer, (*next)++)) != NULL)
        if (strstr(message->payload, text))
            return;
    fail_msg("no screen said «%s»", text);
}

static void a_boot_in_1970_shows_alerts_and_believes_the_tick(void **state)
{
    struct tls_fixture *tls = *state;
    size_t next = 0, next_receipt = 0;

    assert_true(
        peer_subscribe(tls->peer, "gaoshi/1/erqi/screen/lobby-1/state"));
    assert_true(
        peer_subscribe(tls->peer, "gaoshi/1/erqi/screen/lobby-1/receipt"));
    set_clock(tls, -(int64_t)time(NULL) + 60, false);
    start(tls);
    expect_log(tls, "clock: it is before the release", 1);
    expect_told(tls, &next,
                "\"clock_trusted\":false,\"clock_reason\":\"unset\"");
    push_alert(tls, "now", 0, HOUR);
    assert_true(screen_wait(tls->screen, "shown", "now", 1));
    expect_told(tls, &next_receipt,
                "\"shown\",\"message\":\"now\",\"screen\":\"lobby-1\",\"seq\":"
                "1,\"at_ms\":null");
    push_tick(tls, 0);
    wake(tls); /* alerts would overtake the tick */
    /* Over since a minute, as the tick tells. */
    push_alert(tls, "over", -HOUR, -60);
    assert_true(screen_wait(tls->screen, "refused", "over", 1));
    set_clock(tls, 0, true);
    wake(tls);
    expect_log(tls, "clock: trusted again, a time service vouches", 1);
    expect_told(tls, &next, "\"clock_trusted\":true,\"store_ok\"");
    expect_in_force(tls, "now", true);
    stop(tls);
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
    struct tls_fixture *tls = *state;

    set_clock(tls, 0, false);
    start(tls);
    push_alert(tls, "a", 0, HOUR);
    assert_true(screen_wait(tls->screen, "shown", "a", 1));
    for (int i = 0; i < 2; i++) {
        set_clock(tls, table[i].beside_s, false);
        wake(tls);
        expect_log(tls, table[i].told, 1);
        expect_in_force(tls, "a", true);
        set_clock(tls, 0, false);
        wake(tls);
        expect_log(tls, "clock: trusted again", i + 1);
        expect_in_force(tls, "a", true);
        assert_int_equal(screen_count_log(tls->screen, "jumped"), i + 1);
    }
    stop(tls);
}

static void a_tick_explains_a_jump_that_was_right(void **state)
{
    struct tls_fixture *tls = *state;

    set_clock(tls, -2 * DAY, false);
    start(tls);
    set_clock(tls, 0, false);
    wake(tls);
    expect_log(tls, "jumped forwards by 17", 1);
    push_tick(tls, 0);
    wake(tls);
    expect_log(tls, "clock: trusted again", 1);
    stop(tls);
}

static void the_floor_of_the_last_run_holds_after_a_restart(void **state)
{
    struct tls_fixture *tls = *state;

    set_clock(tls, 0, false);
    start(tls);
    push_tick(tls, 0);
    wake(tls);
    assert_int_equal(screen_count_log(tls->screen, "clock:"), 0);
    stop(tls);
    /* Retained, and over before the screen went off. */
    push_alert(tls, "over", -2 * HOUR, -HOUR);
    set_clock(tls, -DAY, false);
    start(tls);
    assert_true(screen_wait(tls->screen, "refused", "over", 1));
    expect_log(tls, "clock: it is 86", 1);
    assert_int_equal(screen_count(tls->screen, "shown", "over"), 0);
    stop(tls);
}

static void an_operator_a_year_ahead_ends_nothing(void **state)
{
    struct tls_fixture *tls = *state;

    set_clock(tls, 0, true);
    start(tls);
    push_alert(tls, "a", 0, HOUR);
    assert_true(screen_wait(tls->screen, "shown", "a", 1));
    push_tick(tls, YEAR);
    expect_log(tls, "s ahead of this screen's clock", 1);
    wake(tls);
    expect_in_force(tls, "a", true);
    assert_int_equal(screen_count_log(tls->screen, "clock: it"), 0);
    stop(tls);
}

/* A board without a battery, off for five hours, no time service: what is
 * issued now is five hours ahead of its clock. */
static void an_alert_is_not_held_back_by_a_clock_that_is_behind(void **state)
{
    struct tls_fixture *tls = *state;

    set_clock(tls, -5 * HOUR, false);
    start(tls);
    push_alert(tls, "a", 0, HOUR);
    assert_true(screen_wait(tls->screen, "shown", "a", 1));
    expect_log(tls, "clock: it is 1", 1); /* 17999 or 18000 s */
    stop(tls);
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
