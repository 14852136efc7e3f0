/* The lifecycle against the reference model: random histories of messages,
 * reordered, doubled, lost, with restarts and jumping clocks; the same alerts
 * must be in force at every step.
 *
 *     test_lifecycle_model [SEQUENCES [SEED]]
 *
 * runs so many instead of the number that every run of the tests takes; a
 * failure prints the seed of its sequence, which alone repeats it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/alerts/lifecycle.h"
#include "display/core/validation/slot_table.h"
#include "protocol/message.h"
#include "tests/support/alert_model.h"
#include "tests/support/made_message.h"
#include "tests/support/random_alerts.h"
#include "tests/support/share.h"

static long sequences = 100000 / SANITIZED_SHARE;
static uint64_t first_seed = 1;

/* The display's side: lifecycle and table of slots as the board puts them
 * together, and the newest row of each topic as the store keeps it. */
struct display {
    struct lifecycle *lifecycle;
    struct slot_table *slots;
    struct board_ended_queue ended;
    bool drills;
};

static bool holds(void *context, enum slot_class class, const char *slot,
                  int64_t seq)
{
    (void)context, (void)class, (void)slot, (void)seq;
    return false;
}

/* What nobody is believed for is forgotten: cheaper than a new table. */
static void forget_slots(struct display *display)
{
    const struct slot_holder holder = {NULL, holds};
    const struct key_ring nobody = {.count = 0};
    const struct trust trust = {&nobody, NULL};

    if (!display->slots)
        display->slots = slot_table_create(&holder);
    assert_non_null(display->slots);
    slot_table_distrust(display->slots, &trust);
}

static void boot(struct display *display)
{
    const struct lifecycle_options options = {
        .show_exercises = display->drills,
        .show_tests = display->drills,
        .clear_ms = MADE_MINUTE_MS,
        .trust = random_alerts_trust(),
    };

    lifecycle_destroy(display->lifecycle);
    display->lifecycle = lifecycle_create(&options);
    assert_non_null(display->lifecycle);
    forget_slots(display);
    display->ended.count = 0;
}

/* True when the store keeps it. */
static bool show_display(struct display *display,
                         const struct alert_model_event *event)
{
    const struct moment now = random_alerts_moment(event);
    struct message *message = random_alerts_make(event->message);
    char slot[LIFECYCLE_SLOT_BYTES];
    uint64_t body = slot_hash((const char *)&event->message,
                              sizeof event->message);
    const struct arrival arrival = {event->live,
                                    random_alerts_time(event->received), body};
    struct slot_mark mark = {.class = SLOT_ALERTS,
                             .body_hash = body,
                             .seq = event->message->seq,
                             .order_ms = message->issued_ms};
    struct board_taken taken;

    lifecycle_slot((enum alert_status)event->message->status, message->id,
                   message->key_id, slot);
    memcpy(mark.key_id, message->key_id, sizeof mark.key_id);
    if (slot_table_judge(display->slots, slot, &mark) != SLOT_NEW) {
        message_destroy(message);
        return false;
    }
    taken = lifecycle_take(display->lifecycle, message, &arrival, &now,
                           &display->ended, NULL);
    if (taken.known)
        slot_table_note(display->slots, slot, &mark);
    return taken.keep;
}

static void advance(struct display *display,
                    const struct alert_model_event *event)
{
    const struct moment now = random_alerts_moment(event);
    size_t count;

    lifecycle_advance(display->lifecycle, &now, &display->ended);
    display->ended.count = 0;
    const struct message *const *list = lifecycle_list(display->lifecycle,
                                                       &count);
    if (count > 0)
        lifecycle_mark_shown(display->lifecycle, list[0]);
}

static void fail_sequence(const struct random_alerts *random, const char *why)
{
    random_alerts_print(random, stderr);
    fail_msg("%s; repeat with: test_lifecycle_model 1 %llu", why,
             (unsigned long long)random->seed);
}

static void print_lists(const struct message *const *list, size_t count,
                        const struct alert_model_message *const *expected,
                        size_t expected_count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "in force: %s %lld\n", list[i]->id,
                (long long)list[i]->seq);
    for (size_t i = 0; i < expected_count; i++)
        fprintf(stderr, "the model: %c %d\n", 'a' + expected[i]->id,
                expected[i]->seq);
}

static void compare(const struct display *display,
                    const struct random_alerts *random)
{
    const struct alert_model_message *expected[ALERT_MODEL_EVENTS_MAX];
    size_t count;
    const struct message *const *list = lifecycle_list(display->lifecycle,
                                                       &count);
    size_t expected_count = alert_model_run(random->events, random->event_count,
                                            display->drills, expected);

    bool same = count == expected_count;
    for (size_t i = 0; same && i < count; i++)
        same = random_alerts_is(list[i], expected[i]);
    if (same)
        return;
    print_lists(list, count, expected, expected_count);
    fail_sequence(random, "other alerts are in force than in the model");
}

/* What must hold whatever the model thinks. */
static void check_invariants(const struct display *display,
                             const struct random_alerts *random)
{
    const struct alert_model_event *now =
        &random->events[random->event_count - 1];
    size_t count;
    const struct message *const *list = lifecycle_list(display->lifecycle,
                                                       &count);

    for (size_t i = 0; i < count; i++) {
        const struct alert *alert = &list[i]->alert;
        if (now->trusted &&
            message_alert_end_ms(list[i]) <= random_alerts_time(now->wall))
            fail_sequence(random, "an expired alert is in force");
        if (alert->status != ALERT_STATUS_ACTUAL && !display->drills)
            fail_sequence(random, "a drill shows where none may");
        if (alert->status != list[0]->alert.status &&
            (alert->status == ALERT_STATUS_ACTUAL ||
             list[0]->alert.status == ALERT_STATUS_ACTUAL))
            fail_sequence(random, "a drill stands beside an actual alert");
        if (random_alerts_is_cancelled(random, list[i]))
            fail_sequence(random, "a cancelled alert is in force");
        if (i > 0 && random_alerts_is_graver(list[i], list[i - 1]))
            fail_sequence(random, "a graver alert stands behind a lesser");
    }
    const struct message *clear = lifecycle_clear(display->lifecycle);
    if (clear && clear->cancel.status != ALERT_STATUS_ACTUAL &&
        !display->drills)
        fail_sequence(random, "解除 of a drill shows where none may");
    if (clear &&
        (!clear->cancel.ended || clear->cancel.ended->alert.level !=
                                     lifecycle_clear_level(display->lifecycle)))
        fail_sequence(random, "解除 does not know what it ended");
}

static void run_sequence(struct display *display, uint64_t seed)
{
    struct random_alerts random;

    random_alerts_start(&random, seed);
    display->drills = random_alerts_chance(&random, 70);
    boot(display);
    while (random_alerts_next(&random)) {
        const struct alert_model_event *event =
            &random.events[random.event_count - 1];
        if (random.rebooted)
            boot(display);
        if (event->message && show_display(display, event))
            random_alerts_keep(&random);
        advance(display, event);
        compare(display, &random);
        check_invariants(display, &random);
    }
}

static void the_same_alerts_are_in_force_as_in_the_model(void **state)
{
    struct display *display = calloc(1, sizeof *display);

    (void)state;
    assert_non_null(display);
    for (long i = 0; i < sequences; i++)
        run_sequence(display, first_seed + (uint64_t)i);
    lifecycle_destroy(display->lifecycle);
    slot_table_destroy(display->slots);
    free(display);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_alerts_are_in_force_as_in_the_model),
    };

    if (argc > 1)
        sequences = strtol(argv[1], NULL, 10);
    if (argc > 2)
        first_seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
