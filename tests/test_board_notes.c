/* What the board notes without showing it, with real keys: commands, index,
 * ticks and how old the news is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "protocol/timestamp.h"
#include "tests/support/board_screen.h"

static struct board_intake command(struct board_screen *screen, int64_t seq,
                                   int issued)
{
    return board_screen_take(
        screen, parcel_text(screen->keys->commands, "gaoshi/1/erqi/command/s1",
                            "command", seq, issued,
                            "{'verb':'brightness','value':60}"));
}

static void a_command_is_carried_out_once(void **state)
{
    struct board_screen *screen = *state;
    struct board_intake intake = command(screen, 5, 0);

    assert_int_equal(intake.effect, BOARD_COMMAND);
    assert_int_equal(intake.verb, COMMAND_BRIGHTNESS);
    assert_int_equal(intake.value, 60);
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
        enum board_effect effect;
    } table[] = {
        {-11, true, BOARD_REFUSED},  {-10, true, BOARD_COMMAND},
        {10, true, BOARD_COMMAND},   {11, true, BOARD_REFUSED},
        {-11, false, BOARD_COMMAND},
    };
    struct board_screen *screen = *state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        screen->now.wall_trusted = table[i].trusted;
        assert_int_equal(
            command(screen, (int64_t)i + 1, table[i].issued).effect,
            table[i].effect);
    }
}

static struct board_intake set_index(struct board_screen *screen, int64_t seq,
                                     const char *entries)
{
    return board_screen_take(screen, parcel_text(screen->keys->panels,
                                                 "gaoshi/1/erqi/down/all/index",
                                                 "index", seq, 0, entries));
}

static void what_the_index_lists_and_is_not_here_is_missing(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1", .seq = 3});
    board_screen_alert(
        screen,
        (struct made){.id = "x1", .seq = 2, .status = ALERT_STATUS_EXERCISE});
    struct board_intake intake =
        set_index(screen, 1,
                  "{'entries':[{'slot':'panel/p1','seq':3},"
                  "{'slot':'alert/x1','seq':2},"
                  "{'slot':'panel/p2','seq':1},"
                  "{'slot':'alert/a1','seq':4}]}");
    assert_int_equal(intake.effect, BOARD_NOTED);
    assert_true(intake.keep);
    assert_int_equal(board_figures(screen->board).missing, 2);
    board_screen_panel(screen, (struct made){.id = "p2"});
    board_screen_alert(screen, (struct made){.id = "a1", .seq = 3});
    assert_int_equal(board_figures(screen->board).missing, 1);
    board_screen_cancel(screen, (struct made){.id = "a1", .seq = 4});
    assert_int_equal(board_figures(screen->board).missing, 0);
    assert_int_equal(
        set_index(screen, 2, "{'entries':[{'slot':'panel/p1','seq':4}]}")
            .effect,
        BOARD_NOTED);
    assert_int_equal(board_figures(screen->board).missing, 1);
    assert_int_equal(set_index(screen, 1, "{'entries':[]}").effect,
                     BOARD_REFUSED);
}

static enum board_effect tick(struct board_screen *screen, int64_t seq)
{
    struct board_intake intake = board_screen_take(
        screen, parcel_text(screen->keys->panels, "gaoshi/1/erqi/down/all/tick",
                            "tick", seq, 0, "{'index_seq':1}"));

    assert_false(intake.keep);
    return intake.effect;
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
        BOARD_TEST(what_the_index_lists_and_is_not_here_is_missing),
        BOARD_TEST(only_what_is_new_is_news),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
