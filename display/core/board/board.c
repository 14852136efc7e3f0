/* Puts the parts together. A verified message, from the broker or from the
 * store, goes past the table of slots to the part that it is for; the director
 * shows what programme and lifecycle list. */
#include "display/core/board/board.h"

#include "base/timestamp.h"
#include "display/core/alerts/lifecycle.h"
#include "display/core/board/board_index.h"
#include "display/core/board/programme.h"
#include "display/core/validation/liveness.h"
#include "display/core/validation/shaping.h"
#include "display/core/validation/slot_table.h"
#include "display/core/validation/verified_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct board {
    struct board_options options;
    struct key_ring ring; /* the keys that it trusts now */
    int64_t keys_seq;     /* number of the key list in force; 0: none */
    struct slot_table *slots;
    struct programme *programme;
    struct lifecycle *lifecycle;
    struct director *director;
    struct board_index index;
    struct live_figures *figures;
    struct message *settings[SCOPE_MAX]; /* owned; one for each scope */
    size_t settings_count;
    struct board_ended_queue ended;
    struct liveness liveness;
    struct liveness_report report; /* as of the last advance */
    bool changed; /* something arrived since the last count of missing messages
                   */
    int64_t news_ms, news_mono_ms;
    /* from this time on the next tick is kept */
    int64_t next_tick_kept_mono_ms;
};

/* Whether the message is in force or may still take effect. */
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
    board->programme = programme_create(options->calendar,
                                        PROGRAMME_PANELS_MAX);
    board->lifecycle = lifecycle_create(&lifecycle);
    board->director = director_create(&director);
    board->figures = live_figures_create();
    return board->slots && board->programme && board->lifecycle &&
           board->director && board->figures;
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
    while (board->settings_count > 0)
        message_destroy(board->settings[--board->settings_count]);
    live_figures_destroy(board->figures);
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

    const struct director_panel shown = director_panel(board->director);
    for (int i = 0; i < GROUP_COUNT; i++)
        stage.panels[i] = programme_list(board->programme, (enum panel_group)i);
    stage.standing = programme_find(board->programme, shown.id, shown.scope,
                                    shown.seq);
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

/* Advances programme, lifecycle and director to now. */
static void settle(struct board *board, const struct moment *now)
{
    programme_advance(board->programme, now, &board->ended);
    lifecycle_advance(board->lifecycle, now, &board->ended);
    direct(board, now);
}

/* A tick contains the number of its key's newest index, so a withheld index is
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

/* A tick contains the number of the newest list of keys, so a withheld list is
 * noticed; it may revoke a key. */
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
    settle(board, now);
    watch(board, now);
    return board_ended_fetch(&board->ended, out);
}

void board_raise_watermark(struct board *board, enum slot_class class,
                           const struct watermark *watermark)
{
    const struct trust trust = {&board->ring, &board->options.identity};

    /* Before its first list of keys a screen with a root key does not know
     * which keys are trusted. */
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

void board_seek(struct board *board, int64_t delta_ms, const struct moment *now)
{
    director_seek(board->director, delta_ms, now);
}

void board_step(struct board *board, int direction, const struct moment *now)
{
    settle(board, now);
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
        .screens = report->screens,
        .keys_seq = board->keys_seq,
        .news_ms = board->news_ms,
        .news_mono_ms = board->news_mono_ms,
        .until_ms = old ? report->until_ms : board->news_ms,
        .until_mono_ms = old ? report->until_mono_ms : board->news_mono_ms,
    };
    size_t count;

    memcpy(figures.silent_key, report->silent_key, sizeof figures.silent_key);
    figures.panels = (int)programme_count(board->programme);
    figures.waiting = (int)programme_waiting(board->programme);
    lifecycle_list(board->lifecycle, &count);
    figures.alerts = (int)count;
    return figures;
}

bool board_live(const struct board *board, const struct message *panel,
                const struct moment *now, struct page_live *out)
{
    return live_figures_find(board->figures, panel, now, out);
}

const struct message *const *board_alerts(const struct board *board,
                                          size_t *count)
{
    return lifecycle_list(board->lifecycle, count);
}

/* One message on its way through the board. */
struct passage {
    struct verified_message *verified;
    struct arrival arrival;
    char slot[SLOT_NAME_BYTES];
    struct slot_mark mark;
    const struct moment *now;
    struct problem *problem;
};

static bool make_slot(const struct verified_message *verified,
                      char out[SLOT_NAME_BYTES])
{
    const struct message *message = verified->message;
    const char *scope = verified->topic.scope;
    int length = 0;

    switch (message->kind) {
    case MESSAGE_ALERT:
        lifecycle_slot(message->alert.status, message->id, message->key_id,
                       out);
        return true;
    case MESSAGE_ALERT_CANCEL:
        lifecycle_slot(message->cancel.status, message->id, message->key_id,
                       out);
        return true;
    case MESSAGE_PANEL:
    case MESSAGE_PANEL_REMOVAL:
        programme_slot(scope, message->id, out);
        return true;
    case MESSAGE_INDEX:
        board_index_slot(scope, message->key_id, out);
        return true;
    case MESSAGE_TICK:
        length = snprintf(out, SLOT_NAME_BYTES, "tick/%s", message->key_id);
        break;
    case MESSAGE_KEYS:
        length = snprintf(out, SLOT_NAME_BYTES, "keys/%s", scope);
        break;
    case MESSAGE_SETTINGS:
        length = snprintf(out, SLOT_NAME_BYTES, "settings/%s", scope);
        break;
    case MESSAGE_FIGURE:
        length = snprintf(out, SLOT_NAME_BYTES, "figure/%s/%s", scope,
                          message->id);
        break;
    default:
        length = snprintf(out, SLOT_NAME_BYTES, "command/%s", message->key_id);
        break;
    }
    return length > 0 && length < SLOT_NAME_BYTES;
}

/* The time by which messages are ordered by age. A time of issue in the future
 * counts as now: once such a message is forgotten, its watermark must not
 * refuse everything until then. An alert counts from its time of sending, so
 * that it is forgotten before the cancel that ended it. */
static int64_t order_ms(const struct message *message, const struct moment *now)
{
    int64_t order_ms = message->issued_ms;

    if (now->wall_trusted && order_ms > now->wall_ms)
        order_ms = now->wall_ms;
    if (message->kind == MESSAGE_ALERT &&
        message_alert_sent_ms(message) < order_ms)
        order_ms = message_alert_sent_ms(message);
    return order_ms;
}

static struct slot_mark make_mark(const struct verified_message *verified,
                                  const struct moment *now)
{
    struct slot_mark mark = {.class = slot_class_of(verified->topic.kind),
                             .body_hash = verified->body_hash,
                             .seq = verified->message->seq,
                             .order_ms = order_ms(verified->message, now)};

    memcpy(mark.key_id, verified->message->key_id, sizeof mark.key_id);
    return mark;
}

/* A sequence number follows the clock of the signer, and a screen keeps the
 * highest for ever. A number far ahead would block its slot for years, so it is
 * refused. Lists of keys are an exception: the root key numbers each list from
 * the one before, so after one wrong clock all later lists are ahead, and a
 * revocation must still reach the screens. */
static bool judge_haste(const struct passage *passage)
{
    const struct message *message = passage->verified->message;
    const struct moment *now = passage->now;
    bool judged_later = message->kind == MESSAGE_ALERT ||
                        message->kind == MESSAGE_ALERT_CANCEL ||
                        message->kind == MESSAGE_TICK;

    if (message->kind == MESSAGE_KEYS)
        return true;
    if (message->seq - LIMIT_SEQUENCE_AHEAD_MS > message->issued_ms)
        return problem_set(passage->problem, PROBLEM_STALE,
                           "sequence number %lld is more than a day ahead of "
                           "the time of issue",
                           (long long)message->seq);
    /* Alerts wait in quarantine instead, and ticks have their own rule. An
     * unconfirmed clock may itself be days behind, so it refuses nothing. */
    if (!judged_later && now->wall_confirmed &&
        message->issued_ms - LIMIT_SEQUENCE_AHEAD_MS > now->wall_ms)
        return problem_set(passage->problem, PROBLEM_STALE,
                           "issued more than a day ahead of this screen's "
                           "clock");
    return true;
}

static bool judge_sequence(const struct board *board,
                           const struct passage *passage, bool *duplicate)
{
    const struct message *message = passage->verified->message;
    struct problem *problem = passage->problem;

    switch (slot_table_judge(board->slots, passage->slot, &passage->mark)) {
    case SLOT_DUPLICATE:
        *duplicate = true;
        return problem_set(problem, PROBLEM_STALE, "known already");
    case SLOT_CONFLICT:
        return problem_set(problem, PROBLEM_STALE,
                           "sequence number %lld is known with another body",
                           (long long)message->seq);
    case SLOT_STALE:
        return problem_set(
            problem, PROBLEM_STALE, "sequence number %lld, but %lld is known",
            (long long)message->seq,
            (long long)slot_table_sequence(board->slots, passage->slot));
    case SLOT_FORGOTTEN:
        return problem_set(problem, PROBLEM_STALE,
                           "older than what this screen remembers");
    default:
        return true;
    }
}

static bool make_ring(const struct board *board, const struct key_list *list,
                      struct key_ring *out, struct problem *problem)
{
    if (!key_ring_copy(board->options.ring, out))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for keys");
    if (key_list_apply(list, out, problem))
        return true;
    key_ring_finish(out);
    return false;
}

static void drop_settings(struct board *board, size_t at)
{
    message_destroy(board->settings[at]);
    board->settings[at] = board->settings[--board->settings_count];
}

static void distrust_settings(struct board *board, const struct trust *trust)
{
    for (size_t i = board->settings_count; i-- > 0;)
        if (!trust_in_message(trust, board->settings[i], NULL))
            drop_settings(board, i);
}

/* Forgets everything that would be refused if it arrived now. Messages that had
 * already ended stay ended. */
static bool distrust(struct board *board, const struct moment *now)
{
    const struct trust trust = {&board->ring, &board->options.identity};
    size_t dropped = programme_distrust(board->programme, &trust,
                                        &board->ended) +
                     lifecycle_distrust(board->lifecycle, board->slots, &trust,
                                        now, &board->ended);

    board_index_distrust(&board->index, &trust);
    distrust_settings(board, &trust);
    live_figures_distrust(board->figures, &trust);
    slot_table_distrust(board->slots, &trust);
    return dropped > 0;
}

static struct board_taken take_keys(struct board *board,
                                    struct passage *passage)
{
    struct message *message = passage->verified->message;
    struct key_ring ring = {.count = 0};

    if (!make_ring(board, message->keys, &ring, passage->problem)) {
        message_destroy(message);
        return (struct board_taken){BOARD_REFUSED, false, false};
    }
    key_ring_finish(&board->ring);
    board->ring = ring;
    board->keys_seq = message->seq;
    message_destroy(message);
    return (struct board_taken){distrust(board, passage->now) ? BOARD_TOOK_OFF
                                                              : BOARD_NOTED,
                                true, true};
}

static struct board_taken take_command(struct passage *passage)
{
    struct message *message = passage->verified->message;
    const struct moment *now = passage->now;
    struct board_taken taken = {BOARD_COMMAND, true, true};
    bool old = moment_passed_ms(now) >
               message->issued_ms + BOARD_COMMAND_FRESH_MS;
    bool early = now->wall_trusted &&
                 now->wall_ms < message->issued_ms - BOARD_COMMAND_FRESH_MS;

    bool over = message->expires_ms != TIMESTAMP_NONE &&
                moment_passed_ms(now) >= message->expires_ms;

    if (!passage->arrival.live) {
        taken.effect = BOARD_NOTED;
    } else if (over) {
        problem_set(passage->problem, PROBLEM_STALE, "the command has expired");
        taken = (struct board_taken){BOARD_REFUSED, false, false};
    } else if (old || early) {
        problem_set(passage->problem, PROBLEM_STALE,
                    "the command was issued more than 10 minutes away");
        taken = (struct board_taken){BOARD_REFUSED, false, false};
    }
    message_destroy(message);
    return taken;
}

/* Keeps one tick in BOARD_TICK_KEEP_MS; its time is the floor after the next
 * start. */
static struct board_taken take_tick(struct board *board,
                                    struct passage *passage)
{
    const struct trust trust = {&board->ring, &board->options.identity};
    const struct moment *now = passage->now;
    struct message *message = passage->verified->message;
    struct board_taken taken = {BOARD_NOTED, true, false};

    if (liveness_believes(message, &passage->arrival, now, passage->problem)) {
        liveness_hear(&board->liveness, message, &trust, &passage->arrival,
                      now);
        taken.keep = passage->arrival.live &&
                     now->mono_ms >= board->next_tick_kept_mono_ms;
    } else {
        taken = (struct board_taken){BOARD_REFUSED, false, false};
    }
    if (taken.keep)
        board->next_tick_kept_mono_ms = now->mono_ms + BOARD_TICK_KEEP_MS;
    message_destroy(message);
    return taken;
}

/* The newest of a scope replaces the one before. */
static struct board_taken take_settings(struct board *board,
                                        struct passage *passage)
{
    struct message *message = passage->verified->message;

    for (size_t i = 0; i < board->settings_count; i++)
        if (strcmp(board->settings[i]->scope, message->scope) == 0)
            drop_settings(board, i);
    if (board->settings_count == SCOPE_MAX) {
        message_destroy(message);
        problem_set(passage->problem, PROBLEM_TOO_LARGE,
                    "settings of more than %d scopes", SCOPE_MAX);
        return (struct board_taken){BOARD_REFUSED, false, false};
    }
    board->settings[board->settings_count++] = message;
    return (struct board_taken){BOARD_NOTED, true, true};
}

static bool is_valid_now(const struct message *message,
                         const struct moment *now)
{
    int64_t passed_ms = moment_passed_ms(now);

    if (passed_ms == TIMESTAMP_NONE)
        return true;
    return (message->effective_ms == TIMESTAMP_NONE ||
            message->effective_ms <= passed_ms) &&
           (message->expires_ms == TIMESTAMP_NONE ||
            message->expires_ms > passed_ms);
}

const struct settings *board_settings(const struct board *board,
                                      const struct moment *now)
{
    const struct message *best = NULL;

    for (size_t i = 0; i < board->settings_count; i++) {
        const struct message *message = board->settings[i];
        if (is_valid_now(message, now) &&
            (!best || scope_rank(message->scope) > scope_rank(best->scope) ||
             (scope_rank(message->scope) == scope_rank(best->scope) &&
              message->issued_ms > best->issued_ms)))
            best = message;
    }
    return best ? best->settings : NULL;
}

static struct board_taken take_index(struct board *board,
                                     struct passage *passage)
{
    struct message *message = passage->verified->message;

    if (board_index_take(&board->index, message))
        return (struct board_taken){BOARD_NOTED, true, true};
    message_destroy(message);
    problem_set(passage->problem, PROBLEM_TOO_LARGE,
                "more than %d indexes; this one is not watched",
                BOARD_INDEXES_MAX);
    return (struct board_taken){BOARD_REFUSED, false, false};
}

/* Passes the message to its part of the board, which then owns it. */
static struct board_taken hand_over(struct board *board,
                                    struct passage *passage)
{
    struct message *message = passage->verified->message;

    switch (message->kind) {
    case MESSAGE_PANEL:
    case MESSAGE_PANEL_REMOVAL:
        return programme_take(board->programme, message, &passage->arrival,
                              passage->now, &board->ended, passage->problem);
    case MESSAGE_ALERT:
    case MESSAGE_ALERT_CANCEL:
        return lifecycle_take(board->lifecycle, message, &passage->arrival,
                              passage->now, &board->ended, passage->problem);
    case MESSAGE_INDEX:
        return take_index(board, passage);
    case MESSAGE_KEYS:
        return take_keys(board, passage);
    case MESSAGE_TICK:
        return take_tick(board, passage);
    case MESSAGE_SETTINGS:
        return take_settings(board, passage);
    case MESSAGE_FIGURE:
        return live_figures_take(board->figures, message, &passage->arrival,
                                 passage->now, passage->problem);
    default:
        return take_command(passage);
    }
}

/* The time from which on the message shows nothing any more. */
static int64_t end_ms(const struct message *message, int64_t order_ms)
{
    switch (message->kind) {
    case MESSAGE_ALERT:
        return message_alert_end_ms(message);
    case MESSAGE_PANEL:
    case MESSAGE_SETTINGS:
        return message->expires_ms == TIMESTAMP_NONE ? INT64_MAX
                                                     : message->expires_ms;
    case MESSAGE_INDEX:
    case MESSAGE_TICK:
    case MESSAGE_KEYS:
    case MESSAGE_FIGURE:
        return INT64_MAX;
    default:
        return order_ms;
    }
}

static void describe(const struct board *board, const struct passage *passage,
                     const struct trust *trust, struct board_intake *result)
{
    const struct message *message = passage->verified->message;
    const struct slot_mark *mark = &passage->mark;

    if (board->options.is_low &&
        board->options.is_low(board->options.plan.context))
        shaping_note_low(passage->verified->message);
    result->kind = message->kind;
    result->seq = message->seq;
    result->issued_ms = message->issued_ms;
    memcpy(result->key_id, message->key_id, sizeof result->key_id);
    result->tells_time = message->kind != MESSAGE_KEYS &&
                         trust_in_time(trust, message->key_id);
    snprintf(result->id, sizeof result->id, "%s", message->id);
    result->class = mark->class;
    snprintf(result->slot, sizeof result->slot, "%s", passage->slot);
    result->order_ms = mark->order_ms;
    result->ends_ms = end_ms(message, mark->order_ms);
    memcpy(result->ignored, message->passed.paths, sizeof result->ignored);
    memcpy(result->left_out, message->left_out.paths, sizeof result->left_out);
    if (message->kind == MESSAGE_COMMAND)
        result->command = message->command;
}

static void note_news(struct board *board, const struct passage *passage)
{
    if (passage->arrival.received_ms > board->news_ms)
        board->news_ms = passage->arrival.received_ms;
    if (passage->arrival.live)
        board->news_mono_ms = passage->now->mono_ms;
}

static void take_new(struct board *board, struct passage *passage,
                     struct board_intake *result)
{
    struct board_taken taken = hand_over(board, passage);

    result->effect = taken.effect;
    result->keep = taken.keep;
    if (taken.known)
        slot_table_note(board->slots, passage->slot, &passage->mark);
    if (taken.effect != BOARD_DUPLICATE)
        note_news(board, passage);
    board->changed = true;
}

/* Alerts are never barred: the renderer always finds a way to show them. */
static bool is_barred(const struct board *board, const struct passage *passage)
{
    const struct board_options *options = &board->options;
    const struct message *message = passage->verified->message;

    if (message->kind != MESSAGE_PANEL || !options->is_barred ||
        !options->is_barred(options->plan.context, message))
        return false;
    problem_set(passage->problem, PROBLEM_SYSTEM,
                "it stopped this screen twice: left out until there is a "
                "newer one");
    return true;
}

/* Decides about a verified message and consumes it. */
static void judge(struct board *board, struct passage *passage,
                  struct board_intake *result)
{
    const struct trust trust = board_trust(board);
    bool duplicate = false;

    make_slot(passage->verified, passage->slot);
    passage->mark = make_mark(passage->verified, passage->now);
    describe(board, passage, &trust, result);
    bool fits = judge_haste(passage) &&
                judge_sequence(board, passage, &duplicate);
    bool barred = (fits || duplicate) && is_barred(board, passage);
    if (fits && !barred)
        take_new(board, passage, result);
    else
        verified_message_finish(passage->verified);
    passage->verified->message = NULL;
    if (fits && barred) /* so that no older panel takes its place */
        slot_table_note(board->slots, passage->slot, &passage->mark);
    if (duplicate && !barred)
        result->effect = BOARD_DUPLICATE;
    settle(board, passage->now);
}

/* The verified signature stays valid, but the list of keys may have changed
 * since, so the key is checked again. */
static struct board_intake take(struct board *board,
                                struct verified_message *verified, bool live,
                                int64_t received_ms, const struct moment *now,
                                struct problem *problem)
{
    const struct trust trust = board_trust(board);
    struct passage passage = {.verified = verified,
                              .arrival = {.live = live,
                                          .received_ms = received_ms,
                                          .body_hash = verified->body_hash},
                              .now = now,
                              .problem = problem};
    struct board_intake result = board_refusal(verified->topic_text);

    problem_set_place(problem, verified->topic_text);
    if (trust_in_message(&trust, verified->message, problem))
        judge(board, &passage, &result);
    verified_message_finish(verified);
    return result;
}

struct board_intake board_refusal(const char *topic_text)
{
    struct board_intake refusal = {.effect = BOARD_REFUSED,
                                   .issued_ms = TIMESTAMP_NONE};
    struct topic topic;

    if (!topic_parse(topic_text, &topic))
        return refusal;
    memcpy(refusal.id, topic.id, sizeof refusal.id);
    if (topic.kind == TOPIC_COMMAND) {
        refusal.kind = MESSAGE_COMMAND;
        memcpy(refusal.id, topic.screen, sizeof refusal.id);
    }
    return refusal;
}

struct board_intake board_take(struct board *board,
                               struct verified_message *verified,
                               int64_t received_ms, const struct moment *now,
                               struct problem *problem)
{
    bool live = received_ms == TIMESTAMP_NONE ||
                (now->wall_trusted && received_ms == now->wall_ms);

    return take(board, verified, live, received_ms, now, problem);
}

struct board_intake board_recall(struct board *board,
                                 struct verified_message *verified,
                                 int64_t received_ms, const struct moment *now,
                                 struct problem *problem)
{
    return take(board, verified, false, received_ms, now, problem);
}

void board_each_picture(const struct board *board,
                        void (*visit)(void *context,
                                      const struct panel_picture *picture),
                        void *context)
{
    programme_each_picture(board->programme, visit, context);
}

uint64_t board_pictures_version(const struct board *board)
{
    return programme_pictures_version(board->programme);
}
