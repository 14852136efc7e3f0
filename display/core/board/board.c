/* Puts the parts together: the director shows what programme and lifecycle
 * list. */
#include "display/core/board/board_state.h"

#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

/* Whether the message is in force or may still come to be. */
static bool holds(void *context, enum slot_class class, const char *slot,
                  int64_t seq)
{
    const struct board *board = context;

    switch (class) {
    case SLOT_ALERTS:
        return lifecycle_holds(board->lifecycle, slot, seq);
    case SLOT_PANELS:
        return programme_holds(board->programme, slot, seq);
    default:
        return false;
    }
}

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
    board->slots = slot_table_create(&(struct slot_holder){board, holds});
    board->programme = programme_create();
    board->lifecycle = lifecycle_create(&lifecycle);
    board->director = director_create(&director);
    return board->slots && board->programme && board->lifecycle &&
           board->director;
}

struct board *board_create(const struct board_options *options)
{
    struct board *board = calloc(1, sizeof *board);

    if (!board)
        return NULL;
    board->options = *options;
    board->news_ms = board->news_mono_ms = TIMESTAMP_NONE;
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
    slot_table_destroy(board->slots);
    key_ring_finish(&board->ring);
    free(board);
}

struct trust board_trust(const struct board *board)
{
    return (struct trust){&board->ring, &board->options.identity};
}

struct slot_table *board_slots(const struct board *board)
{
    return board->slots;
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

/* A tick names the newest index of its key, so an index that is withheld is
 * noticed. */
static int unreached_indexes(const struct board *board,
                             const struct trust *trust)
{
    int missing = 0;

    for (size_t i = 0; i < board->liveness.count; i++) {
        const struct liveness_pulse *pulse = &board->liveness.pulses[i];
        char slot[SLOT_NAME_BYTES];
        board_index_slot("all", pulse->key_id, slot);
        missing += trust_expects(trust, pulse->key_id, TIMESTAMP_NONE) &&
                   slot_table_sequence(board->slots, slot) < pulse->index_seq;
    }
    return missing;
}

/* A tick names the newest list of keys that its sender knows. A list that is
 * withheld is noticed, because it may revoke a key. */
static bool lacks_keys(const struct board *board, const struct trust *trust)
{
    if (!key_ring_has_root(&board->ring))
        return false;
    for (size_t i = 0; i < board->liveness.count; i++) {
        const struct liveness_pulse *pulse = &board->liveness.pulses[i];
        if (trust_expects(trust, pulse->key_id, TIMESTAMP_NONE) &&
            board->keys_seq < pulse->keys_seq)
            return true;
    }
    return false;
}

static void watch(struct board *board, const struct moment *now)
{
    const struct trust trust = {&board->ring, &board->options.identity};
    const struct board_index_holdings holdings = {
        .trust = &trust,
        .slots = board->slots,
        .lifecycle = board->lifecycle,
    };

    if (board->changed)
        liveness_note_missing(&board->liveness,
                              board_index_missing(&board->index, &holdings) +
                                  unreached_indexes(board, &trust) +
                                  lacks_keys(board, &trust),
                              now);
    board->changed = false;
    board->report = liveness_report(&board->liveness, &trust, now);
}

size_t board_advance(struct board *board, const struct moment *now,
                     struct board_ended out[BOARD_ENDED_MAX])
{
    board_settle(board, now);
    watch(board, now);
    return board_ended_fetch(&board->ended, out);
}

void board_raise_watermark(struct board *board, enum slot_class class,
                           const struct watermark *watermark)
{
    const struct trust trust = {&board->ring, &board->options.identity};

    /* A screen with a root key does not know before its first list of keys
     * which keys are not believed. */
    bool knows = board->keys_seq > 0 || !key_ring_has_root(&board->ring);
    if (knows && watermark->key_id[0] != '\0' &&
        !trust_in_key(&trust, watermark->key_id))
        return;
    slot_table_raise_watermark(board->slots, class, watermark);
    if (class == SLOT_ALERTS)
        lifecycle_raise_watermark(board->lifecycle, watermark);
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

struct board_figures board_figures(const struct board *board)
{
    const struct liveness_report *report = &board->report;
    bool old = report->frozen || report->withheld;
    struct board_figures figures = {
        .missing = report->withheld ? board->liveness.missing : 0,
        .frozen = report->frozen,
        .tick_ms = report->tick_ms,
        .keys_seq = board->keys_seq,
        .news_ms = board->news_ms,
        .news_mono_ms = board->news_mono_ms,
        .until_ms = old ? report->until_ms : board->news_ms,
        .until_mono_ms = old ? report->until_mono_ms : board->news_mono_ms,
    };
    size_t count;

    memcpy(figures.silent_key, report->silent_key, sizeof figures.silent_key);
    programme_list(board->programme, &count);
    figures.panels = (int)count;
    lifecycle_list(board->lifecycle, &count);
    figures.alerts = (int)count;
    return figures;
}
