/* Puts the parts together: the director shows what programme and lifecycle
 * list. */
#include "display/core/board/board_state.h"

#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

static bool create_parts(struct board *board)
{
    const struct board_options *options = &board->options;
    struct director_options director = {.plan = options->plan,
                                        .transition_ms = options->transition_ms,
                                        .situation = options->situation};
    struct lifecycle_options lifecycle = {
        .show_exercises = options->show_exercises,
        .show_tests = options->show_tests,
        .clear_ms = options->clear_ms,
        .trust = {&board->ring, &options->identity},
    };

    memcpy(director.transitions, options->transitions,
           sizeof director.transitions);
    memcpy(director.presentations, options->presentations,
           sizeof director.presentations);
    board->programme = programme_create();
    board->lifecycle = lifecycle_create(&lifecycle);
    board->director = director_create(&director);
    return board->programme && board->lifecycle && board->director;
}

struct board *board_create(const struct board_options *options)
{
    struct board *board = calloc(1, sizeof *board);

    if (!board)
        return NULL;
    board->options = *options;
    board->news_ms = board->news_mono_ms = TIMESTAMP_NONE;
    ledger_init(&board->ledger);
    liveness_init(&board->liveness);
    board->report =
        liveness_report(&board->liveness,
                        &(struct trust){&board->ring, &board->options.identity},
                        &(struct moment){0});
    if (!key_ring_copy(options->ring, &board->ring) || !create_parts(board)) {
        board_destroy(board);
        return NULL;
    }
    return board;
}

void board_destroy(struct board *board)
{
    if (!board)
        return;
    board_index_finish(&board->index);
    director_destroy(board->director);
    lifecycle_destroy(board->lifecycle);
    programme_destroy(board->programme);
    key_ring_finish(&board->ring);
    free(board);
}

struct trust board_trust(const struct board *board)
{
    return (struct trust){&board->ring, &board->options.identity};
}

static struct director_stage stage_of(const struct board *board)
{
    struct director_stage stage = {
        .clear = lifecycle_clear(board->lifecycle),
        .clear_level = lifecycle_clear_level(board->lifecycle),
        .farewell = programme_farewell(board->programme),
    };

    stage.panels = programme_list(board->programme, &stage.panel_count);
    stage.alerts = lifecycle_list(board->lifecycle, &stage.alert_count);
    return stage;
}

static void mark_shown(struct board *board, const struct moment *now)
{
    struct scene scene = director_scene(board->director, now);

    if (scene.kind == SCENE_ALERT)
        lifecycle_mark_shown(board->lifecycle, scene.message);
    if (scene.alert.message)
        lifecycle_mark_shown(board->lifecycle, scene.alert.message);
}

static void direct(struct board *board, const struct moment *now)
{
    struct director_stage stage = stage_of(board);

    director_advance(board->director, &stage, now);
    while (stage.farewell &&
           director_has_told(board->director, stage.farewell)) {
        programme_end_farewell(board->programme);
        stage = stage_of(board);
        director_advance(board->director, &stage, now);
    }
    mark_shown(board, now);
}

void board_settle(struct board *board, const struct moment *now)
{
    programme_advance(board->programme, now, &board->ended);
    lifecycle_advance(board->lifecycle, now, &board->ended);
    direct(board, now);
}

size_t board_advance(struct board *board, const struct moment *now,
                     struct board_ended out[BOARD_ENDED_MAX])
{
    board_settle(board, now);
    board_watch(board, now);
    return board_ended_fetch(&board->ended, out);
}

bool board_holds(const struct board *board, enum ledger_class class,
                 const char *slot, int64_t seq)
{
    switch (class) {
    case LEDGER_ALERTS:
        return lifecycle_holds(board->lifecycle, slot, seq);
    case LEDGER_PANELS:
        return programme_holds(board->programme, slot, seq);
    default:
        return false;
    }
}

void board_raise_floor(struct board *board, enum ledger_class class,
                       const struct floor *floor)
{
    const struct trust trust = {&board->ring, &board->options.identity};

    /* Before its first list a screen with a root key does not know yet who is
     * not believed. */
    bool knows = board->keys_seq > 0 || !key_ring_has_root(&board->ring);
    if (knows && floor->key_id[0] != '\0' &&
        !trust_in_key(&trust, floor->key_id))
        return;
    ledger_raise_floor(&board->ledger, class, floor);
    if (class == LEDGER_ALERTS)
        lifecycle_raise_floor(board->lifecycle, floor);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct scene board_scene(const struct board *board, const struct moment *now)
{
    struct scene scene = director_scene(board->director, now);

    scene.next_ms = earlier(scene.next_ms,
                            programme_next_ms(board->programme, now));
    scene.next_ms = earlier(scene.next_ms,
                            lifecycle_next_ms(board->lifecycle, now));
    scene.next_ms = earlier(scene.next_ms,
                            liveness_next_ms(&board->liveness, now));
    if (board->ended.count > 0)
        scene.next_ms = now->mono_ms;
    return scene;
}

void board_pause(struct board *board, bool paused, const struct moment *now)
{
    director_pause(board->director, paused, now);
}

void board_step(struct board *board, int direction, const struct moment *now)
{
    board_settle(board, now);
    struct director_stage stage = stage_of(board);
    director_step(board->director, &stage, direction, now);
    mark_shown(board, now);
}
