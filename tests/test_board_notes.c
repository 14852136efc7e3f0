/* What the board notes without showing it, with real keys: commands, and when
 * the news came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "protocol/key_list.h"
#include "tests/support/board_screen.h"

static struct board_intake command(struct board_screen *screen, int64_t seq,
                                   int issued)
{
    return board_screen_take(
        screen, delivery_text(screen->keys->commands,
                              "gaoshi/1/erqi/command/s1", "command", seq,
                              issued, "{'verb':'brightness','value':60}"));
}

static void a_command_is_carried_out_once(void **state)
{
    struct board_screen *screen = *state;
    struct board_intake intake = command(screen, 5, 0);

    assert_int_equal(intake.effect, BOARD_COMMAND);
    assert_int_equal(intake.command.verb, COMMAND_BRIGHTNESS);
    assert_int_equal(intake.command.value, 60);
    assert_string_equal(intake.id, "s1");
    assert_true(intake.keep);
    assert_int_equal(command(screen, 5, 0).effect, BOARD_DUPLICATE);
    assert_int_equal(command(screen, 4, 0).effect, BOARD_REFUSED);
    assert_int_equal(command(screen, 6, 0).effect, BOARD_COMMAND);
}

static void a_command_must_be_fresh(void **state)
{
    static const struct {
        int issued;
        bool trusted;
        int floor;
        enum board_effect effect;
    } table[] = {
        {-11, true, MADE_NONE, BOARD_REFUSED},
        {-10, true, MADE_NONE, BOARD_COMMAND},
        {10, true, MADE_NONE, BOARD_COMMAND},
        {11, true, MADE_NONE, BOARD_REFUSED},
        {-11, false, MADE_NONE, BOARD_COMMAND},
        {-11, false, -1, BOARD_COMMAND},
        {-11, false, 0, BOARD_REFUSED},
        {11, false, 0, BOARD_COMMAND},
    };
    struct board_screen *screen = *state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        screen->now.wall_trusted = table[i].trusted;
        screen->now.floor_ms = made_time(table[i].floor);
        assert_int_equal(
            command(screen, (int64_t)i + 1, table[i].issued).effect,
            table[i].effect);
    }
}

static void a_command_that_has_expired_is_refused(void **state)
{
    static const struct {
        int expires;
        bool trusted;
        enum board_effect effect;
    } table[] = {{-1, true, BOARD_REFUSED},
                 {0, true, BOARD_REFUSED},
                 {1, true, BOARD_COMMAND},
                 {-1, false, BOARD_COMMAND}};
    struct board_screen *screen = *state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char content[128], expires[TIMESTAMP_BYTES];
        screen->now.wall_trusted = table[i].trusted;
        timestamp_format(made_time(table[i].expires), 480, expires);
        snprintf(content, sizeof content, "{'verb':'identify'},'expires':'%s'",
                 expires);
        struct board_intake intake = board_screen_take(
            screen,
            delivery_text(screen->keys->commands, "gaoshi/1/erqi/command/s1",
                          "command", (int64_t)i + 1, -5, content));
        assert_int_equal(intake.effect, table[i].effect);
        if (table[i].effect == BOARD_REFUSED)
            assert_int_equal(screen->problem.code, PROBLEM_STALE);
    }
}

/* So that its sender gets an answer. */
static void a_refused_command_names_the_screen(void **state)
{
    struct board_screen *screen = *state;
    struct board_intake intake = board_screen_take(
        screen, delivery_text(screen->keys->panels, "gaoshi/1/erqi/command/s1",
                              "command", 1, 0, "{'verb':'restart'}"));

    assert_int_equal(intake.effect, BOARD_REFUSED);
    assert_int_equal(intake.kind, MESSAGE_COMMAND);
    assert_string_equal(intake.id, "s1");
    assert_int_equal(screen->problem.code, PROBLEM_AUTHORITY);
}

static struct board_intake take_tick(struct board_screen *screen, int64_t seq,
                                     int issued)
{
    return board_screen_take(
        screen,
        delivery_text(screen->keys->panels, "gaoshi/1/erqi/down/all/tick",
                      "tick", seq, issued, "{'index_seq':1}"));
}

static enum board_effect tick(struct board_screen *screen, int64_t seq)
{
    return take_tick(screen, seq, 0).effect;
}

static void a_tick_says_when_and_by_whom_it_was_signed(void **state)
{
    struct board_screen *screen = *state;
    struct board_intake intake = take_tick(screen, 1, 3);

    assert_int_equal(intake.effect, BOARD_NOTED);
    assert_int_equal(intake.issued_ms, made_time(3));
    assert_string_equal(intake.key_id, key_id(screen->keys->panels));
    intake = board_screen_take(
        screen, delivery_sign(screen->keys->panels,
                              "gaoshi/1/erqi/down/all/tick", "{}"));
    assert_int_equal(intake.effect, BOARD_REFUSED);
    assert_true(intake.issued_ms == TIMESTAMP_NONE);
}

/* Alone, against a clock that nobody confirms. */
static void a_word_about_time_takes_who_may_end_alerts_here(void **state)
{
    struct board_screen *screen = *state;
    static const char tick[] = "gaoshi/1/erqi/down/all/tick";
    struct key_grant grant = key_grant_of(KEY_ROLE_ALERTS);

    strcpy(grant.scopes[grant.scope_count++], "area-11");
    json_t *const entries[] = {
        key_list_write_entry(screen->keys->stranger, "", &grant), NULL};
    board_screen_take(screen,
                      delivery_key_list(screen->keys->root, 1, 0, entries));
    const struct {
        const struct key *key;
        bool tells_time;
    } table[] = {{screen->keys->alerts, true},
                 {screen->keys->both, true},
                 {screen->keys->panels, false},
                 {screen->keys->stranger, false}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct board_intake intake = board_screen_take(
            screen,
            delivery_text(table[i].key, tick, "tick", 1, 0, "{'index_seq':0}"));
        assert_int_equal(intake.effect, BOARD_NOTED);
        assert_int_equal(intake.tells_time, table[i].tells_time);
    }
    const struct made panel = {.id = "p1"};
    assert_false(board_screen_take(screen, delivery_by(screen->keys->panels,
                                                       made_panel(&panel)))
                     .tells_time);
    const struct made newer = {.id = "p1", .seq = 2};
    assert_true(board_screen_take(
                    screen, delivery_by(screen->keys->both, made_panel(&newer)))
                    .tells_time);
}

/* A day of ticks every 30 s. */
static void a_tick_is_kept_every_ten_minutes_at_most(void **state)
{
    enum { DAY_S = 86400, TICK_S = 30 };
    struct board_screen *screen = *state;
    int kept = 0;

    for (int i = 0; i < DAY_S / TICK_S; i++) {
        struct board_intake intake = take_tick(screen, i + 1, i * TICK_S / 60);
        assert_int_equal(intake.effect, BOARD_NOTED);
        kept += intake.keep;
        board_screen_wait(screen, TICK_S * 1000);
    }
    assert_int_equal(kept, DAY_S * 1000 / BOARD_TICK_KEEP_MS);
    assert_true(kept <= 144);
}

/* An operator's machine whose clock is a year ahead, and ticks that somebody
 * kept back. */
static void a_tick_far_from_a_confirmed_clock_is_refused(void **state)
{
    static const struct {
        int issued;
        bool confirmed;
        enum board_effect effect;
    } table[] = {
        {5, true, BOARD_NOTED},
        {6, true, BOARD_REFUSED},
        {365 * 24 * 60, true, BOARD_REFUSED},
        {365 * 24 * 60, false, BOARD_NOTED},
        {-5, true, BOARD_NOTED},
        {-6, true, BOARD_REFUSED},
    };
    struct board_screen *screen = *state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        screen->now.wall_confirmed = table[i].confirmed;
        struct board_intake intake = take_tick(screen, (int64_t)i + 1,
                                               table[i].issued);
        assert_int_equal(intake.effect, table[i].effect);
        if (table[i].effect == BOARD_REFUSED) {
            assert_int_equal(screen->problem.code, PROBLEM_STALE);
            assert_non_null(strstr(screen->problem.expected, intake.key_id));
            assert_false(intake.keep);
        }
    }
}

/* The key goes on with the numbers of its clock once that is put right. */
static void a_refused_tick_does_not_use_up_its_number(void **state)
{
    struct board_screen *screen = *state;

    assert_int_equal(take_tick(screen, 9, 60).effect, BOARD_REFUSED);
    assert_int_equal(take_tick(screen, 9, 0).effect, BOARD_NOTED);
}

static void only_what_is_new_is_news(void **state)
{
    struct board_screen *screen = *state;

    assert_true(board_figures(screen->board).news_ms == TIMESTAMP_NONE);
    assert_int_equal(tick(screen, 1), BOARD_NOTED);
    assert_int_equal(board_figures(screen->board).news_ms, MADE_EPOCH_MS);
    board_screen_wait(screen, 30000);
    /* Whoever holds an old message can send it. */
    assert_int_equal(tick(screen, 1), BOARD_DUPLICATE);
    assert_int_equal(board_figures(screen->board).news_ms, MADE_EPOCH_MS);
    assert_int_equal(tick(screen, 2), BOARD_NOTED);
    assert_int_equal(board_figures(screen->board).news_ms,
                     MADE_EPOCH_MS + 30000);
    assert_int_equal(board_figures(screen->board).news_mono_ms, 30000);
    screen->now.wall_trusted = false;
    board_screen_wait(screen, 30000);
    assert_int_equal(tick(screen, 3), BOARD_NOTED);
    assert_int_equal(board_figures(screen->board).news_ms,
                     MADE_EPOCH_MS + 30000);
    assert_int_equal(board_figures(screen->board).news_mono_ms, 60000);
}

#define BOARD_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, board_screen_start,                  \
                                    board_screen_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOARD_TEST(a_command_is_carried_out_once),
        BOARD_TEST(a_command_must_be_fresh),
        BOARD_TEST(a_command_that_has_expired_is_refused),
        BOARD_TEST(a_refused_command_names_the_screen),
        BOARD_TEST(only_what_is_new_is_news),
        BOARD_TEST(a_tick_says_when_and_by_whom_it_was_signed),
        BOARD_TEST(a_word_about_time_takes_who_may_end_alerts_here),
        BOARD_TEST(a_tick_is_kept_every_ten_minutes_at_most),
        BOARD_TEST(a_tick_far_from_a_confirmed_clock_is_refused),
        BOARD_TEST(a_refused_tick_does_not_use_up_its_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
