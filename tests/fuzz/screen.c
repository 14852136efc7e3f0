/* Boards for fuzz targets, and what must hold of their scenes. */
#include "tests/fuzz/screen.h"

#include "base/timestamp.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/keys.h"

static size_t two_pages(void *context, const struct message *message,
                        const struct page_place *place)
{
    (void)place;
    (void)context;
    (void)message;
    return 2;
}

static int64_t ten_seconds(void *context, const struct message *message,
                           const struct page_place *place, size_t page)
{
    (void)place;
    (void)context;
    (void)message;
    (void)page;
    return 10000;
}

struct board *fuzz_board(void)
{
    const struct board_options options = {
        .identity = {.org = "erqi",
                     .screen = "s1",
                     .area = "410103001002",
                     .groups = {"lobby"},
                     .group_count = 1},
        .ring = fuzz_ring(),
        .plan = {.pages = two_pages, .dwell_ms = ten_seconds},
        .show_exercises = true,
        .transition_ms = 500,
        .clear_ms = 8000,
    };
    struct board *board = board_create(&options);

    FUZZ_CHECK(board);
    return board;
}

static void check_shown(const struct message *message, const struct moment *now)
{
    FUZZ_CHECK(message);
    FUZZ_CHECK(message->org && message->id && message->root);
    if (message->kind == MESSAGE_ALERT_CANCEL)
        return;
    FUZZ_CHECK(message->expires_ms == TIMESTAMP_NONE ||
               message->expires_ms > moment_passed_ms(now));
}

void fuzz_check_scene(const struct board *board, const struct moment *now)
{
    struct scene scene = board_scene(board, now);
    struct board_figures figures = board_figures(board);

    FUZZ_CHECK(scene.t_ms >= 0 && scene.next_ms >= now->mono_ms);
    FUZZ_CHECK(scene.progress >= 0 && scene.progress <= 1);
    FUZZ_CHECK(scene.page < 2);
    if (scene.kind != SCENE_PLAIN)
        check_shown(scene.message, now);
    if (scene.kind == SCENE_ALERT)
        FUZZ_CHECK(scene.message->kind == MESSAGE_ALERT &&
                   scene.message->alert.status != ALERT_STATUS_TEST);
    FUZZ_CHECK(figures.panels >= 0 && figures.alerts >= 0 &&
               figures.missing >= 0);
    FUZZ_CHECK(figures.frozen == (figures.silent_key[0] != '\0'));
}

void fuzz_settle(struct board *board, const struct moment *now)
{
    struct board_ended ended[BOARD_ENDED_MAX];
    int turns = 0;

    do {
        size_t count = board_advance(board, now, ended);
        FUZZ_CHECK(count <= BOARD_ENDED_MAX);
        for (size_t i = 0; i < count; i++)
            FUZZ_CHECK(ended[i].reason);
        FUZZ_CHECK(++turns <= BOARD_ENDED_QUEUE_MAX);
    } while (board_scene(board, now).next_ms <= now->mono_ms);
}

void fuzz_check_intake(const struct board_intake *intake,
                       const struct problem *problem)
{
    FUZZ_CHECK(!intake->id[0] || identifier_is_valid(intake->id));
    if (intake->effect == BOARD_REFUSED)
        fuzz_check_problem(problem);
}
