/* Which panels live, in what order, and what the bounds are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/board/programme.h"
#include "tests/support/made_message.h"

enum { HOUR = 60 };

struct screen {
    struct programme *programme;
    struct board_ended_queue ended;
    struct moment now;
};

static struct screen *start(void)
{
    struct screen *screen = calloc(1, sizeof *screen);

    assert_non_null(screen);
    screen->programme = programme_create(NULL, PROGRAMME_PANELS_MAX);
    assert_non_null(screen->programme);
    screen->now = (struct moment){0,    MADE_EPOCH_MS,  true,
                                  true, TIMESTAMP_NONE, 0};
    return screen;
}

static void finish(struct screen *screen)
{
    programme_destroy(screen->programme);
    free(screen);
}

static void advance(struct screen *screen)
{
    programme_advance(screen->programme, &screen->now, &screen->ended);
}

static void wait_until(struct screen *screen, int minute)
{
    int64_t step_ms = made_time(minute) - screen->now.wall_ms;

    screen->now.wall_ms += step_ms;
    screen->now.mono_ms += step_ms;
    advance(screen);
}

static struct board_taken take(struct screen *screen, struct message *message)
{
    const struct arrival arrival = {true, TIMESTAMP_NONE, 0};
    struct problem problem = {0};
    struct board_taken taken = programme_take(screen->programme, message,
                                              &arrival, &screen->now,
                                              &screen->ended, &problem);

    advance(screen);
    return taken;
}

static enum board_effect panel(struct screen *screen, struct made made)
{
    return take(screen, made_panel(&made)).effect;
}

static enum board_effect removal(struct screen *screen, struct made made)
{
    return take(screen, made_removal(&made)).effect;
}

/* id@scope in order, parted by spaces. */
static void expect(const struct screen *screen, const char *expected)
{
    char text[1024] = "";

    for (int group = 0; group < GROUP_COUNT; group++) {
        const struct panel_list *list = programme_list(screen->programme,
                                                       (enum panel_group)group);
        for (size_t i = 0; i < list->count; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s@%s",
                     text[0] ? " " : "", list->items[i]->id,
                     list->items[i]->scope);
    }
    assert_string_equal(text, expected);
}

static void panels_stand_by_section_then_order_then_id(void **state)
{
    struct screen *screen = start();

    (void)state;
    panel(screen, (struct made){.id = "g", .section = SECTION_GENERAL});
    panel(screen, (struct made){.id = "w", .section = SECTION_WARMTH});
    panel(screen, (struct made){.id = "b", .order = 2});
    panel(screen, (struct made){.id = "c", .order = 1});
    panel(screen, (struct made){.id = "a", .order = 2});
    panel(screen, (struct made){.id = "e", .section = SECTION_EMERGENCY});
    panel(screen, (struct made){.id = "t", .section = SECTION_GARDEN});
    expect(screen, "c@all a@all b@all t@all w@all e@all g@all");
    finish(screen);
}

static void the_narrowest_scope_wins(void **state)
{
    struct screen *screen = start();

    (void)state;
    panel(screen, (struct made){.id = "a", .scope = "area-410103", .seq = 9});
    panel(screen, (struct made){.id = "a", .scope = "all", .seq = 10});
    panel(screen, (struct made){.id = "a", .scope = "screen-s1", .expires = 5});
    expect(screen, "a@screen-s1");
    wait_until(screen, 5);
    expect(screen, "a@area-410103");
    assert_int_equal(
        removal(screen, (struct made){.id = "a", .scope = "area-410103"}),
        BOARD_TOOK_OFF);
    expect(screen, "a@all");
    finish(screen);
}

static void a_panel_lives_from_effective_until_expires(void **state)
{
    struct screen *screen = start();

    (void)state;
    panel(screen,
          (struct made){.id = "a", .effective = HOUR, .expires = 2 * HOUR});
    expect(screen, "");
    assert_int_equal(programme_next_ms(screen->programme, &screen->now),
                     HOUR * MADE_MINUTE_MS);
    wait_until(screen, HOUR);
    expect(screen, "a@all");
    assert_int_equal(programme_next_ms(screen->programme, &screen->now),
                     2 * HOUR * MADE_MINUTE_MS);
    wait_until(screen, 2 * HOUR);
    expect(screen, "");
    assert_int_equal(screen->ended.count, 1);
    assert_string_equal(screen->ended.events[0].reason, "expired");
    finish(screen);
}

static void without_a_clock_the_last_good_panels_stay(void **state)
{
    struct screen *screen = start();
    const struct made made = {.id = "a", .effective = -1, .expires = HOUR};
    const struct arrival stored = {false, made_time(0), 0};

    (void)state;
    screen->now = (struct moment){0, 0, false, false, TIMESTAMP_NONE, 0};
    programme_take(screen->programme, made_panel(&made), &stored, &screen->now,
                   &screen->ended, NULL);
    advance(screen);
    expect(screen, "a@all");
    /* Its age since receipt ends it all the same. */
    screen->now.mono_ms = HOUR * MADE_MINUTE_MS;
    advance(screen);
    expect(screen, "");
    finish(screen);
}

static void the_floor_ends_a_panel_without_a_clock(void **state)
{
    struct screen *screen = start();

    (void)state;
    screen->now = (struct moment){0, 0, false, false, TIMESTAMP_NONE, 0};
    panel(screen, (struct made){.id = "a", .expires = HOUR});
    screen->now.floor_ms = made_time(HOUR) - 1;
    advance(screen);
    expect(screen, "a@all");
    screen->now.floor_ms = made_time(HOUR);
    advance(screen);
    expect(screen, "");
    assert_int_equal(panel(screen, (struct made){.id = "b", .expires = HOUR}),
                     BOARD_REFUSED);
    finish(screen);
}

static void a_panel_that_is_not_due_waits_without_a_clock(void **state)
{
    struct screen *screen = start();

    (void)state;
    screen->now = (struct moment){0, 0, false, false, TIMESTAMP_NONE, 0};
    panel(screen, (struct made){.id = "a", .effective = HOUR});
    expect(screen, "");
    screen->now.mono_ms = HOUR * MADE_MINUTE_MS;
    advance(screen);
    expect(screen, "a@all");
    finish(screen);
}

static void an_expired_panel_is_refused_but_ends_the_older(void **state)
{
    struct screen *screen = start();

    (void)state;
    wait_until(screen, HOUR);
    assert_int_equal(panel(screen, (struct made){.id = "a", .expires = HOUR}),
                     BOARD_REFUSED);
    panel(screen, (struct made){.id = "b"});
    assert_int_equal(
        panel(screen, (struct made){.id = "b", .seq = 2, .expires = HOUR}),
        BOARD_TOOK_OFF);
    expect(screen, "");
    finish(screen);
}

static void removing_what_is_not_here_is_noted(void **state)
{
    struct screen *screen = start();

    (void)state;
    assert_int_equal(removal(screen, (struct made){.id = "a"}), BOARD_NOTED);
    finish(screen);
}

static void a_full_programme_keeps_what_it_has(void **state)
{
    struct screen *screen = start();

    (void)state;
    for (int i = 0; i < PROGRAMME_PANELS_MAX; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%03d", i);
        assert_int_equal(panel(screen, (struct made){.id = id}),
                         BOARD_ACCEPTED);
    }
    const struct made more = {.id = "more"};
    struct board_taken taken = take(screen, made_panel(&more));
    assert_int_equal(taken.effect, BOARD_REFUSED);
    assert_false(taken.known);
    assert_false(taken.keep);
    assert_int_equal(panel(screen, (struct made){.id = "p000", .seq = 2}),
                     BOARD_ACCEPTED);
    assert_int_equal(programme_count(screen->programme), PROGRAMME_PANELS_MAX);
    removal(screen, (struct made){.id = "p000", .seq = 3});
    assert_int_equal(panel(screen, more), BOARD_ACCEPTED);
    finish(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(panels_stand_by_section_then_order_then_id),
        cmocka_unit_test(the_narrowest_scope_wins),
        cmocka_unit_test(a_panel_lives_from_effective_until_expires),
        cmocka_unit_test(without_a_clock_the_last_good_panels_stay),
        cmocka_unit_test(the_floor_ends_a_panel_without_a_clock),
        cmocka_unit_test(a_panel_that_is_not_due_waits_without_a_clock),
        cmocka_unit_test(an_expired_panel_is_refused_but_ends_the_older),
        cmocka_unit_test(removing_what_is_not_here_is_noted),
        cmocka_unit_test(a_full_programme_keeps_what_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
