/* The whole board, with real keys and over restarts, against the reference
 * model: what stands on the glass is always what leads in the model.
 *
 *     test_board_model [SEQUENCES [SEED]]
 *
 * Signing is slow: a few hundred histories here, 100,000 without keys in
 * test_lifecycle_model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "tests/support/board_screen.h"
#include "tests/support/random_alerts.h"

static long sequences = 300;
static uint64_t first_seed = 1;

static struct board_intake deliver(struct board_screen *screen,
                                   const struct alert_model_event *event)
{
    const struct trust trust = random_alerts_trust();
    struct delivery delivery =
        delivery_by(trust.ring->entries[event->message->key].key,
                    random_alerts_make(event->message));
    int64_t received_ms = random_alerts_time(event->received);
    struct board_intake intake =
        event->live
            ? receive_message(screen->board, delivery.topic, delivery.payload,
                              delivery.bytes, received_ms, &screen->now,
                              &screen->problem)
            : receive_row(screen->board, delivery.topic, delivery.payload,
                          delivery.bytes, received_ms, &screen->now,
                          &screen->problem);

    delivery_finish(&delivery);
    return intake;
}

/* What comes to lead is on the glass at once; then the others have their turns.
 */
static bool agrees(const struct scene *scene,
                   const struct alert_model_message *const *expected,
                   size_t count, const struct alert_model_message *lead)
{
    if (scene->kind == SCENE_CLEAR)
        return true;
    if (count == 0)
        return scene->kind == SCENE_PLAIN;
    if (expected[0] != lead)
        return scene->kind == SCENE_ALERT &&
               random_alerts_is(scene->message, expected[0]);
    for (size_t i = 0; i < count; i++)
        if (scene->kind == SCENE_ALERT &&
            random_alerts_is(scene->message, expected[i]))
            return true;
    return false;
}

/* lead: what led before; returns what leads now. */
static const struct alert_model_message *
compare(struct board_screen *screen, const struct random_alerts *random,
        const struct alert_model_message *lead)
{
    const struct alert_model_message *expected[ALERT_MODEL_EVENTS_MAX];
    size_t count = alert_model_run(random->events, random->event_count, true,
                                   expected);
    struct scene scene = board_scene(screen->board, &screen->now);

    if (agrees(&scene, expected, count, lead) &&
        (scene.kind == SCENE_CLEAR ||
         board_figures(screen->board).alerts == (int)count))
        return count > 0 && scene.kind != SCENE_CLEAR ? expected[0] : NULL;
    random_alerts_print(random, stderr);
    fail_msg("the glass disagrees; repeat with: test_board_model 1 %llu",
             (unsigned long long)random->seed);
    return NULL;
}

static void run_sequence(struct board_screen *screen, uint64_t seed)
{
    struct random_alerts random;
    struct board_ended ended[BOARD_ENDED_MAX];
    const struct alert_model_message *lead = NULL;

    random_alerts_start(&random, seed);
    board_screen_boot(screen);
    while (random_alerts_next(&random)) {
        const struct alert_model_event *event =
            &random.events[random.event_count - 1];
        if (random.rebooted) {
            board_screen_boot(screen);
            lead = NULL;
        }
        screen->now = random_alerts_moment(event);
        if (event->message && deliver(screen, event).keep)
            random_alerts_keep(&random);
        board_advance(screen->board, &screen->now, ended);
        lead = compare(screen, &random, lead);
    }
}

static void the_glass_shows_what_the_model_has_in_force(void **state)
{
    for (long i = 0; i < sequences; i++)
        run_sequence(*state, first_seed + (uint64_t)i);
}

static void take_some(struct board_screen *screen, struct random_alerts *random)
{
    for (size_t i = 0; i < random->pool_count; i++) {
        const struct alert_model_event event = {
            .message = &random->pool[i],
            .live = true,
            .received = random->trusted ? random->wall : ALERT_MODEL_NONE,
        };
        char id[32];
        snprintf(id, sizeof id, "p%zu", i);
        deliver(screen, &event);
        if (random_alerts_chance(random, 40))
            board_screen_panel(screen,
                               (struct made){.id = id,
                                             .issued = -9,
                                             .effective = (int)i * 9 - 20,
                                             .expires = (int)i * 17});
    }
}

/* One sleep of the loop: one millisecond before its end all is as it was. */
static bool sleep_once(struct board_screen *screen)
{
    struct scene before = board_scene(screen->board, &screen->now);
    int64_t rest_ms = before.next_ms - screen->now.mono_ms;

    if (before.next_ms == INT64_MAX)
        return false;
    assert_true(rest_ms > 0);
    board_screen_wait(screen, rest_ms - 1);
    struct scene after = board_scene(screen->board, &screen->now);
    assert_int_equal(after.showing, before.showing);
    assert_int_equal(after.kind, before.kind);
    assert_int_equal(after.total, before.total);
    assert_true(after.next_ms == before.next_ms);
    board_screen_wait(screen, 1);
    return true;
}

static void nothing_changes_before_the_scene_says_so(void **state)
{
    struct board_screen *screen = *state;

    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct random_alerts random;
        random_alerts_start(&random, seed);
        board_screen_boot(screen);
        screen->now = (struct moment){0,
                                      random_alerts_time(random.wall),
                                      random.trusted,
                                      random.confirmed,
                                      TIMESTAMP_NONE,
                                      0};
        take_some(screen, &random);
        board_screen_wait(screen, 0);
        for (int i = 0; i < 200 && sleep_once(screen); i++)
            ;
    }
}

/* A screen that believes the keys of the model. */
static int start(void **state)
{
    const struct trust trust = random_alerts_trust();

    if (board_screen_start(state) != 0)
        return -1;
    struct board_screen *screen = *state;
    for (size_t i = 0; i < trust.ring->count; i++) {
        struct key *key = NULL;
        assert_true(key_share(trust.ring->entries[i].key, &key));
        assert_true(key_ring_put(&screen->keys->ring, key,
                                 &trust.ring->entries[i].grant));
    }
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_glass_shows_what_the_model_has_in_force, start,
            board_screen_finish),
        cmocka_unit_test_setup_teardown(
            nothing_changes_before_the_scene_says_so, start,
            board_screen_finish),
    };

    if (argc > 1)
        sequences = strtol(argv[1], NULL, 10);
    if (argc > 2)
        first_seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
