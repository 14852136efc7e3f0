/* What a broker withholds is asked for until it is there, less and less often.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "display/edge/app/news.h"

struct watch {
    struct news news;
    struct screen_line line;
    struct telemetry telemetry;
    struct moment now;
};

/* The line is up, and nothing was asked for. */
static struct watch begin(void)
{
    return (struct watch){
        .line = {.seen.up = true, .refresh_ms = INT64_MAX},
        .now.mono_ms = 1000000,
    };
}

/* Turns until the broker is asked. Returns how long that took. */
static int64_t wait_for_question(struct watch *watch,
                                 const struct board_figures *figures)
{
    int64_t begun_ms = watch->now.mono_ms;

    news_watch(&watch->news, figures, &watch->line, &watch->telemetry,
               &watch->now);
    assert_true(screen_line_asks(&watch->line));
    watch->now.mono_ms = watch->line.refresh_ms;
    watch->line.refreshed_ms = watch->now.mono_ms;
    watch->line.refresh_ms = INT64_MAX;
    return watch->now.mono_ms - begun_ms;
}

static void what_is_missing_is_asked_for_again_and_again(void **state)
{
    const struct board_figures missing = {.missing = 1}, whole = {.missing = 0};
    struct watch watch = begin();
    int64_t last_ms = 0, most_ms = 0;

    (void)state;
    assert_int_equal(wait_for_question(&watch, &missing), 1000);
    for (int i = 0; i < 20; i++) {
        last_ms = wait_for_question(&watch, &missing);
        assert_in_range(last_ms, 30 * 1000, 10 * 60 * 1000);
        most_ms = last_ms > most_ms ? last_ms : most_ms;
    }
    assert_true(most_ms >= 5 * 60 * 1000);
    news_watch(&watch.news, &whole, &watch.line, &watch.telemetry, &watch.now);
    assert_false(screen_line_asks(&watch.line));
    watch.now.mono_ms += 60 * 60 * 1000;
    assert_int_equal(wait_for_question(&watch, &missing), 1000);
}

/* When a heartbeat stops, all screens notice it in the same second. */
static void a_silent_key_is_asked_for_after_a_time_drawn_by_lot(void **state)
{
    const struct board_figures frozen = {.frozen = true};
    struct watch watch = begin(), other = begin();
    bool differ = false;

    (void)state;
    for (int i = 0; i < 10; i++) {
        int64_t one_ms = wait_for_question(&watch, &frozen);
        int64_t other_ms = wait_for_question(&other, &frozen);
        assert_in_range(one_ms, 15 * 1000, 10 * 60 * 1000);
        differ = differ || one_ms != other_ms;
    }
    assert_true(differ);
}

static void without_a_line_nothing_is_asked_for(void **state)
{
    const struct board_figures missing = {.missing = 1};
    struct watch watch = begin();

    (void)state;
    watch.line.seen.up = false;
    news_watch(&watch.news, &missing, &watch.line, &watch.telemetry,
               &watch.now);
    assert_false(screen_line_asks(&watch.line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_asked_for_again_and_again),
        cmocka_unit_test(a_silent_key_is_asked_for_after_a_time_drawn_by_lot),
        cmocka_unit_test(without_a_line_nothing_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
