/* Whether the news is whole and fresh: indexes and ticks with real keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/board/board_index.h"
#include "display/core/validation/liveness.h"
#include "tests/support/board_screen.h"

#define PROMISE "{'index_seq':0,'every_s':30}"
#define TICK_TOPIC "gaoshi/1/erqi/down/all/tick"
enum { SECOND = 1000, SILENT_MS = 95 * SECOND };

static struct board_intake set_index(struct board_screen *screen,
                                     const struct key *key, const char *scope,
                                     int64_t seq, const char *content)
{
    return board_screen_take(screen, delivery_index(key, scope, seq, content));
}

static struct board_intake tick(struct board_screen *screen,
                                const struct key *key, int64_t seq, int issued,
                                const char *content)
{
    return board_screen_take(
        screen, delivery_text(key, TICK_TOPIC, "tick", seq, issued, content));
}

/* What is missing when the line has had its time. */
static int missing(struct board_screen *screen)
{
    board_screen_wait(screen, 0);
    board_screen_wait(screen, LIVENESS_GRACE_MS);
    return board_figures(screen->board).missing;
}

static struct board_figures figures_after(struct board_screen *screen,
                                          int64_t ms)
{
    board_screen_wait(screen, ms);
    return board_figures(screen->board);
}

static void what_an_index_lists_and_is_not_here_is_missing(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->both;

    board_screen_panel(screen, (struct made){.id = "p1", .seq = 3});
    board_screen_alert(
        screen,
        (struct made){.id = "x1", .seq = 2, .status = ALERT_STATUS_EXERCISE});
    struct board_intake intake =
        set_index(screen, key, "all", 1,
                  "{'entries':[{'slot':'panel/p1','seq':3},"
                  "{'slot':'alert/x1','seq':2},"
                  "{'slot':'panel/p2','seq':1},"
                  "{'slot':'alert/a1','seq':4}]}");
    assert_int_equal(intake.effect, BOARD_NOTED);
    assert_true(intake.keep);
    assert_int_equal(missing(screen), 2);
    board_screen_panel(screen, (struct made){.id = "p2"});
    board_screen_alert(screen, (struct made){.id = "a1", .seq = 3});
    assert_int_equal(missing(screen), 1);
    board_screen_cancel(screen, (struct made){.id = "a1", .seq = 4});
    assert_int_equal(missing(screen), 0);
    set_index(screen, key, "all", 2,
              "{'entries':[{'slot':'panel/p1','seq':4}]}");
    assert_int_equal(missing(screen), 1);
    assert_int_equal(set_index(screen, key, "all", 1, "{'entries':[]}").effect,
                     BOARD_REFUSED);
    assert_int_equal(missing(screen), 1);
}

static void a_withheld_cancel_is_missing(void **state)
{
    struct board_screen *screen = *state;

    board_screen_alert(screen, (struct made){.id = "a1", .seq = 3});
    set_index(screen, screen->keys->alerts, "all", 1,
              "{'entries':[{'slot':'alert/a1','seq':4}]}");
    assert_int_equal(missing(screen), 1);
    board_screen_cancel(screen, (struct made){.id = "a1", .seq = 4});
    assert_int_equal(missing(screen), 0);
}

static void withheld_settings_are_missing(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->commands;
    static const char content[] =
        "{'entries':[],'settings':[{'slot':'settings/glass','seq':4}]}";

    assert_int_equal(set_index(screen, key, "all", 1, content).effect,
                     BOARD_NOTED);
    assert_int_equal(missing(screen), 1);
    board_screen_take(
        screen,
        delivery_sign(key, "gaoshi/1/erqi/down/all/settings/glass",
                      "{\"gaoshi\":1,\"kind\":\"settings\",\"org\":\"erqi\","
                      "\"scope\":\"all\",\"id\":\"glass\",\"seq\":4,"
                      "\"issued\":\"2021-07-20T18:30:00+08:00\","
                      "\"settings\":{}}"));
    assert_int_equal(missing(screen), 0);
    /* A key without the role speaks for nobody's settings. */
    set_index(screen, screen->keys->panels, "all", 1,
              "{'entries':[],'settings':[{'slot':'settings/glass','seq':9}]}");
    assert_int_equal(missing(screen), 0);
}

/* It is here, and waits until its time is believed. */
static void what_waits_in_quarantine_is_not_missing(void **state)
{
    struct board_screen *screen = *state;

    board_screen_alert(screen,
                       (struct made){.id = "a1", .seq = 4, .issued = 60});
    set_index(screen, screen->keys->alerts, "all", 1,
              "{'entries':[{'slot':'alert/a1','seq':4}]}");
    assert_int_equal(missing(screen), 0);
}

static void a_key_speaks_for_its_own_roles_alone(void **state)
{
    struct board_screen *screen = *state;

    set_index(screen, screen->keys->panels, "all", 1,
              "{'entries':[{'slot':'alert/a1','seq':4}]}");
    set_index(screen, screen->keys->alerts, "all", 1,
              "{'entries':[{'slot':'panel/p1','seq':4}]}");
    assert_int_equal(missing(screen), 0);
    set_index(screen, screen->keys->both, "all", 1,
              "{'entries':[{'slot':'panel/p1','seq':4},"
              "{'slot':'alert/a1','seq':4}]}");
    assert_int_equal(missing(screen), 2);
}

static void an_index_replaces_none_of_another_key(void **state)
{
    struct board_screen *screen = *state;

    set_index(screen, screen->keys->panels, "all", 9,
              "{'entries':[{'slot':'panel/p1','seq':4}]}");
    assert_int_equal(
        set_index(screen, screen->keys->both, "all", 2, "{'entries':[]}")
            .effect,
        BOARD_NOTED);
    assert_int_equal(missing(screen), 1);
    set_index(screen, screen->keys->panels, "all", 10, "{'entries':[]}");
    assert_int_equal(missing(screen), 0);
}

static void a_withheld_scope_is_found_out_by_the_index_of_all(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->panels;

    set_index(
        screen, key, "all", 6,
        "{'entries':[],'scopes':[{'scope':'area-410103','seq':5},"
        "{'scope':'area-410104','seq':4},{'scope':'screen-s1','seq':3}]}");
    assert_int_equal(missing(screen), 2);
    set_index(screen, key, "screen-s1", 3, "{'entries':[]}");
    set_index(screen, key, "area-410103", 4, "{'entries':[]}");
    assert_int_equal(missing(screen), 1);
    /* That of another key stands in for none. */
    set_index(screen, screen->keys->both, "area-410103", 5, "{'entries':[]}");
    assert_int_equal(missing(screen), 1);
    set_index(screen, key, "area-410103", 5,
              "{'entries':[{'slot':'panel/p1','seq':1}]}");
    assert_int_equal(missing(screen), 1);
    board_screen_panel(screen,
                       (struct made){.id = "p1", .scope = "area-410103"});
    assert_int_equal(missing(screen), 0);
}

static void a_withheld_index_is_found_out_by_the_tick(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->panels;

    tick(screen, key, 1, 0, "{'index_seq':7}");
    assert_int_equal(missing(screen), 1);
    set_index(screen, screen->keys->both, "all", 7, "{'entries':[]}");
    assert_int_equal(missing(screen), 1);
    set_index(screen, key, "all", 7, "{'entries':[]}");
    assert_int_equal(missing(screen), 0);
    /* A tick that left before a newer index came is late, no more. */
    set_index(screen, key, "all", 8, "{'entries':[]}");
    tick(screen, key, 2, 0, "{'index_seq':7}");
    assert_int_equal(missing(screen), 0);
}

static void what_is_on_its_way_is_not_missing_yet(void **state)
{
    struct board_screen *screen = *state;

    set_index(screen, screen->keys->panels, "all", 1,
              "{'entries':[{'slot':'panel/p1','seq':4}]}");
    assert_int_equal(figures_after(screen, 0).missing, 0);
    assert_int_equal(board_scene(screen->board, &screen->now).next_ms,
                     LIVENESS_GRACE_MS);
    assert_int_equal(figures_after(screen, LIVENESS_GRACE_MS - 1).missing, 0);
    struct board_figures figures = figures_after(screen, 1);
    assert_int_equal(figures.missing, 1);
    assert_int_equal(figures.until_ms, MADE_EPOCH_MS);
    assert_int_equal(figures.until_mono_ms, 0);
    board_screen_panel(screen, (struct made){.id = "p1", .seq = 4});
    assert_int_equal(figures_after(screen, 0).missing, 0);
}

static void a_key_that_promised_and_is_silent_freezes_the_news(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->panels;

    assert_true(figures_after(screen, 0).tick_ms == TIMESTAMP_NONE);
    tick(screen, key, 1, 0, PROMISE);
    assert_int_equal(figures_after(screen, 0).tick_ms, MADE_EPOCH_MS);
    assert_int_equal(board_scene(screen->board, &screen->now).next_ms,
                     SILENT_MS);
    assert_false(figures_after(screen, SILENT_MS - 1).frozen);
    struct board_figures figures = figures_after(screen, 1);
    assert_true(figures.frozen);
    assert_string_equal(figures.silent_key, key_id(key));
    assert_int_equal(figures.until_ms, MADE_EPOCH_MS);
    assert_int_equal(figures.until_mono_ms, 0);
    tick(screen, key, 2, 0, PROMISE);
    figures = figures_after(screen, 0);
    assert_false(figures.frozen);
    assert_int_equal(figures.until_ms, MADE_EPOCH_MS + SILENT_MS);
    assert_int_equal(figures.tick_ms, MADE_EPOCH_MS + SILENT_MS);
}

/* Messages of its own are news, but don't stand in for a tick: they may be
 * the ones that a broker lets pass. */
static void only_a_tick_keeps_the_promise(void **state)
{
    struct board_screen *screen = *state;

    tick(screen, screen->keys->panels, 1, 0, PROMISE);
    board_screen_wait(screen, SILENT_MS - 1);
    board_screen_panel(screen, (struct made){.id = "p1"});
    assert_true(figures_after(screen, 1).frozen);
}

static void a_tick_without_a_promise_freezes_nothing(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->panels;

    tick(screen, key, 1, 0, PROMISE);
    tick(screen, key, 2, 0, "{'index_seq':0}");
    assert_false(figures_after(screen, 24 * 60 * MADE_MINUTE_MS).frozen);
    screen->now.wall_trusted = false;
    tick(screen, key, 3, 0, "{'index_seq':0,'every_s':3600}");
    assert_false(figures_after(screen, 3 * 60 * MADE_MINUTE_MS).frozen);
    assert_true(figures_after(screen, 5 * SECOND).frozen);
}

static void one_key_does_not_hide_the_silence_of_another(void **state)
{
    struct board_screen *screen = *state;

    tick(screen, screen->keys->alerts, 1, 0, PROMISE);
    board_screen_wait(screen, SILENT_MS / 2);
    tick(screen, screen->keys->panels, 1, 0, PROMISE);
    struct board_figures figures = figures_after(screen, SILENT_MS / 2 + 1);
    assert_true(figures.frozen);
    assert_string_equal(figures.silent_key, key_id(screen->keys->alerts));
    assert_int_equal(figures.until_ms, MADE_EPOCH_MS);
    assert_int_equal(figures.tick_ms, MADE_EPOCH_MS + SILENT_MS / 2);
}

static void a_tick_that_was_kept_back_is_no_sign_of_life(void **state)
{
    static const struct {
        int issued;
        bool trusted;
        enum board_effect effect;
    } table[] = {
        {-6, true, BOARD_REFUSED}, {-5, true, BOARD_NOTED},
        {5, true, BOARD_NOTED},    {6, true, BOARD_REFUSED},
        {-6, false, BOARD_NOTED},
    };
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->panels;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        screen->now.wall_trusted = table[i].trusted;
        assert_int_equal(
            tick(screen, key, (int64_t)i + 1, table[i].issued, PROMISE).effect,
            table[i].effect);
    }
    board_screen_wait(screen, SILENT_MS);
    /* A copy, an older one, one of a stranger. */
    assert_int_equal(tick(screen, key, 5, -6, PROMISE).effect, BOARD_DUPLICATE);
    assert_int_equal(tick(screen, key, 4, 0, PROMISE).effect, BOARD_REFUSED);
    assert_int_equal(tick(screen, screen->keys->stranger, 9, 0, PROMISE).effect,
                     BOARD_REFUSED);
    assert_true(figures_after(screen, 0).frozen);
}

static void a_promise_outlives_a_restart(void **state)
{
    struct board_screen *screen = *state;
    struct delivery kept = delivery_text(screen->keys->panels, TICK_TOPIC,
                                         "tick", 1, 0, PROMISE);

    screen->now.wall_ms = made_time(600);
    assert_int_equal(receive_row(screen->board, kept.topic, kept.payload,
                                 kept.bytes, made_time(1), &screen->now, NULL)
                         .effect,
                     BOARD_NOTED);
    delivery_finish(&kept);
    /* It has its time from the start on. */
    assert_false(figures_after(screen, SILENT_MS - 1).frozen);
    struct board_figures figures = figures_after(screen, 1);
    assert_true(figures.frozen);
    assert_int_equal(figures.until_ms, made_time(1));
    assert_true(figures.until_mono_ms == TIMESTAMP_NONE);
}

/* The board's screen has to be booted again afterwards. */
static const struct key *add_key(struct board_screen *screen,
                                 const char *only_scope)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_PANELS);
    struct key *key = NULL;

    if (only_scope)
        snprintf(grant.scopes[grant.scope_count++], SCOPE_BYTES, "%s",
                 only_scope);
    assert_true(key_generate(KEY_ED25519, &key, NULL));
    assert_true(key_ring_put(&screen->keys->ring, key, &grant));
    return key;
}

static void a_key_of_one_place_speaks_for_that_place_alone(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = add_key(screen, "area-410103");

    board_screen_boot(screen);
    assert_int_equal(set_index(screen, key, "all", 9,
                               "{'entries':[{'slot':'panel/p1','seq':4}],"
                               "'scopes':[{'scope':'area-410103','seq':5},"
                               "{'scope':'area-4101','seq':5}]}")
                         .effect,
                     BOARD_NOTED);
    assert_int_equal(missing(screen), 1);
    assert_int_equal(
        set_index(screen, key, "area-4101", 5, "{'entries':[]}").effect,
        BOARD_REFUSED);
    set_index(screen, key, "area-410103", 5, "{'entries':[]}");
    assert_int_equal(missing(screen), 0);
    tick(screen, key, 1, 0, "{'index_seq':9,'every_s':30}");
    assert_true(figures_after(screen, SILENT_MS).frozen);
}

static void a_key_of_elsewhere_may_be_silent(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = add_key(screen, "area-410104");

    board_screen_boot(screen);
    assert_int_equal(
        tick(screen, key, 1, 0, "{'index_seq':9,'every_s':30}").effect,
        BOARD_NOTED);
    assert_false(figures_after(screen, SILENT_MS).frozen);
    assert_int_equal(missing(screen), 0);
}

static void more_indexes_than_a_screen_watches_are_refused(void **state)
{
    enum { KEYS = BOARD_INDEXES_MAX / 8 + 1 };
    struct board_screen *screen = *state;
    const struct key *keys[KEYS];
    char scopes[SCOPE_MAX][SCOPE_BYTES];

    assert_int_equal(scope_list(&delivery_screen, scopes), 8);
    for (int i = 0; i < KEYS; i++)
        keys[i] = add_key(screen, NULL);
    board_screen_boot(screen);
    for (int i = 0; i < 8 * KEYS; i++)
        assert_int_equal(
            set_index(screen, keys[i / 8], scopes[i % 8], 1, "{'entries':[]}")
                .effect,
            i < BOARD_INDEXES_MAX ? BOARD_NOTED : BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_TOO_LARGE);
}

#define BOARD_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, board_screen_start,                  \
                                    board_screen_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOARD_TEST(what_an_index_lists_and_is_not_here_is_missing),
        BOARD_TEST(a_withheld_cancel_is_missing),
        BOARD_TEST(withheld_settings_are_missing),
        BOARD_TEST(what_waits_in_quarantine_is_not_missing),
        BOARD_TEST(a_key_speaks_for_its_own_roles_alone),
        BOARD_TEST(an_index_replaces_none_of_another_key),
        BOARD_TEST(a_withheld_scope_is_found_out_by_the_index_of_all),
        BOARD_TEST(a_withheld_index_is_found_out_by_the_tick),
        BOARD_TEST(what_is_on_its_way_is_not_missing_yet),
        BOARD_TEST(a_key_that_promised_and_is_silent_freezes_the_news),
        BOARD_TEST(only_a_tick_keeps_the_promise),
        BOARD_TEST(a_tick_without_a_promise_freezes_nothing),
        BOARD_TEST(one_key_does_not_hide_the_silence_of_another),
        BOARD_TEST(a_tick_that_was_kept_back_is_no_sign_of_life),
        BOARD_TEST(a_promise_outlives_a_restart),
        BOARD_TEST(a_key_of_one_place_speaks_for_that_place_alone),
        BOARD_TEST(a_key_of_elsewhere_may_be_silent),
        BOARD_TEST(more_indexes_than_a_screen_watches_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
