/* Runs a lifecycle for tests that speak in minutes and ids. */
#include "tests/support/alert_screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"

struct alert_screen *alert_screen_start(bool drills)
{
    const struct lifecycle_options options = {
        .show_exercises = drills,
        .show_tests = drills,
        .clear_ms = ALERT_SCREEN_CLEAR_MINUTES * MADE_MINUTE_MS,
    };
    struct alert_screen *screen = calloc(1, sizeof *screen);

    assert_non_null(screen);
    screen->lifecycle = lifecycle_create(&options);
    assert_non_null(screen->lifecycle);
    screen->now = (struct moment){0,    MADE_EPOCH_MS,  true,
                                  true, TIMESTAMP_NONE, 0};
    return screen;
}

void alert_screen_finish(struct alert_screen *screen)
{
    lifecycle_destroy(screen->lifecycle);
    free(screen);
}

/* The clocks go on together. */
void alert_screen_wait_until(struct alert_screen *screen, int minute)
{
    int64_t step_ms = made_time(minute) - screen->now.wall_ms;

    screen->now.wall_ms += step_ms;
    screen->now.mono_ms += step_ms;
    if (screen->now.floor_ms != TIMESTAMP_NONE)
        screen->now.floor_ms += step_ms;
    lifecycle_advance(screen->lifecycle, &screen->now, &screen->ended);
}

void alert_screen_set_clock(struct alert_screen *screen, int minute,
                            bool trusted)
{
    screen->now.wall_ms = made_time(minute);
    screen->now.wall_trusted = screen->now.wall_confirmed = trusted;
    lifecycle_advance(screen->lifecycle, &screen->now, &screen->ended);
}

void alert_screen_set_floor(struct alert_screen *screen, int minute)
{
    screen->now.floor_ms = made_time(minute);
    lifecycle_advance(screen->lifecycle, &screen->now, &screen->ended);
}

struct board_taken alert_screen_take(struct alert_screen *screen,
                                     struct message *message, bool live,
                                     int received)
{
    /* Bodies of one kind and time are the same here. */
    const struct arrival arrival = {
        live, made_time(received),
        (uint64_t)message->issued_ms * 2 +
            (message->kind == MESSAGE_ALERT_CANCEL)};
    struct problem problem = {0};

    return lifecycle_take(screen->lifecycle, message, &arrival, &screen->now,
                          &screen->ended, &problem);
}

static enum board_effect comes(struct alert_screen *screen,
                               struct message *message)
{
    return alert_screen_take(screen, message, true, MADE_NONE).effect;
}

enum board_effect alert_screen_alert(struct alert_screen *screen,
                                     struct made made)
{
    return comes(screen, made_alert(&made));
}

enum board_effect alert_screen_cancel(struct alert_screen *screen,
                                      struct made made)
{
    return comes(screen, made_cancel(&made));
}

/* As the director does: what leads stands on the glass. */
void alert_screen_look(struct alert_screen *screen)
{
    size_t count;
    const struct message *const *list = lifecycle_list(screen->lifecycle,
                                                       &count);

    for (size_t i = 0; i < count; i++)
        lifecycle_mark_shown(screen->lifecycle, list[i]);
}

/* ids in order, parted by spaces. */
void alert_screen_expect(const struct alert_screen *screen, const char *ids)
{
    size_t count;
    const struct message *const *list = lifecycle_list(screen->lifecycle,
                                                       &count);
    char text[4096] = "";

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            strcat(text, " ");
        strcat(text, list[i]->id);
    }
    assert_string_equal(text, ids);
}

void alert_screen_expect_clear(const struct alert_screen *screen,
                               const char *id)
{
    const struct message *clear = lifecycle_clear(screen->lifecycle);

    if (!id) {
        assert_null(clear);
        return;
    }
    assert_non_null(clear);
    assert_string_equal(clear->id, id);
}

void alert_screen_expect_ended(struct alert_screen *screen, const char *id,
                               const char *reason)
{
    struct board_ended out[BOARD_ENDED_MAX];

    assert_int_equal(board_ended_fetch(&screen->ended, out), 1);
    assert_string_equal(out[0].id, id);
    assert_string_equal(out[0].reason, reason);
}
