/* Runs a board for tests, with keys, clocks and deliveries. */
#include "tests/support/board_screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/timestamp.h"

static size_t one_page(void *context, const struct message *message,
                       const struct page_place *place)
{
    (void)context;
    (void)message;
    (void)place;
    return 1;
}

static int64_t one_dwell(void *context, const struct message *message,
                         const struct page_place *place, size_t page)
{
    (void)context;
    (void)message;
    (void)place;
    (void)page;
    return BOARD_SCREEN_DWELL_MS;
}

void board_screen_boot(struct board_screen *screen)
{
    const struct board_options options = {
        .identity = delivery_screen,
        .ring = &screen->keys->ring,
        .plan = {NULL, one_page, one_dwell, NULL},
        .show_exercises = true,
        .show_tests = true,
        .clear_ms = BOARD_SCREEN_CLEAR_MS,
    };

    board_destroy(screen->board);
    screen->board = board_create(&options);
    assert_non_null(screen->board);
}

int board_screen_start(void **state)
{
    struct board_screen *screen = calloc(1, sizeof *screen);

    assert_non_null(screen);
    screen->keys = delivery_keys_create();
    screen->now = (struct moment){0,    MADE_EPOCH_MS,  true,
                                  true, TIMESTAMP_NONE, 0};
    board_screen_boot(screen);
    *state = screen;
    return 0;
}

int board_screen_finish(void **state)
{
    struct board_screen *screen = *state;

    board_destroy(screen->board);
    delivery_keys_destroy(screen->keys);
    free(screen);
    return 0;
}

size_t board_screen_wait(struct board_screen *screen, int64_t ms)
{
    struct board_ended ended[BOARD_ENDED_MAX];

    screen->now.mono_ms += ms;
    screen->now.wall_ms += ms;
    return board_advance(screen->board, &screen->now, ended);
}

struct board_intake board_screen_take(struct board_screen *screen,
                                      struct delivery delivery)
{
    int64_t received_ms = screen->now.wall_trusted ? screen->now.wall_ms
                                                   : TIMESTAMP_NONE;

    screen->problem = (struct problem){0};
    struct board_intake intake = receive_message(
        screen->board, delivery.topic, delivery.payload, delivery.bytes,
        received_ms, &screen->now, &screen->problem);
    delivery_finish(&delivery);
    return intake;
}

enum board_effect board_screen_panel(struct board_screen *screen,
                                     struct made made)
{
    return board_screen_take(screen,
                             delivery_of(screen->keys, made_panel(&made)))
        .effect;
}

enum board_effect board_screen_alert(struct board_screen *screen,
                                     struct made made)
{
    return board_screen_take(screen,
                             delivery_of(screen->keys, made_alert(&made)))
        .effect;
}

enum board_effect board_screen_cancel(struct board_screen *screen,
                                      struct made made)
{
    return board_screen_take(screen,
                             delivery_of(screen->keys, made_cancel(&made)))
        .effect;
}

/* kind and id: "panel p1", "alert a1", "clear a1", "plain". */
void board_screen_expect(struct board_screen *screen, const char *expected)
{
    static const char *const kinds[] = {"plain", "panel", "alert", "clear"};
    struct scene scene = board_scene(screen->board, &screen->now);
    char text[80];

    snprintf(text, sizeof text, "%s%s%s", kinds[scene.kind],
             scene.message ? " " : "", scene.message ? scene.message->id : "");
    assert_string_equal(text, expected);
}
