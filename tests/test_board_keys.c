/* The key list at work: whom a screen believes may change while it runs, and
 * what it holds changes with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/alerts/lifecycle.h"
#include "display/core/validation/liveness.h"
#include "protocol/key_list.h"
#include "tests/support/board_screen.h"

enum { LIST_SEQ = 100 };

static json_t *entry(const struct key *key, unsigned roles)
{
    const struct key_grant grant = key_grant_of(roles);

    return key_list_write_entry(key, "", &grant);
}

static json_t *revoked_entry(const struct key *key)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_PANELS | KEY_ROLE_ALERTS);

    grant.revoked_ms = MADE_EPOCH_MS;
    return key_list_write_entry(key, "", &grant);
}

static struct board_intake take_list(struct board_screen *screen, int64_t seq,
                                     json_t *one)
{
    json_t *const entries[] = {one, NULL};

    return board_screen_take(
        screen, delivery_key_list(screen->keys->root, seq, 0, entries));
}

static enum board_effect take_alert(struct board_screen *screen,
                                    const struct key *key, struct made made)
{
    return board_screen_take(screen, delivery_by(key, made_alert(&made)))
        .effect;
}

static enum board_effect take_panel(struct board_screen *screen,
                                    const struct key *key, struct made made)
{
    return board_screen_take(screen, delivery_by(key, made_panel(&made)))
        .effect;
}

static void a_listed_key_is_believed_from_then_on(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->stranger;
    const struct made made = {.id = "a1"};

    assert_int_equal(take_alert(screen, key, made), BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_SIGNATURE);
    struct board_intake intake = take_list(screen, LIST_SEQ,
                                           entry(key, KEY_ROLE_ALERTS));
    assert_int_equal(intake.effect, BOARD_NOTED);
    assert_true(intake.keep);
    assert_int_equal(board_figures(screen->board).keys_seq, LIST_SEQ);
    assert_int_equal(take_alert(screen, key, made), BOARD_ACCEPTED);
    assert_int_equal(take_panel(screen, key, (struct made){.id = "p1"}),
                     BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_AUTHORITY);
    board_screen_expect(screen, "alert a1");
}

static void what_a_revoked_key_said_leaves_the_glass(void **state)
{
    struct board_screen *screen = *state;
    const struct key *stolen = screen->keys->stranger;

    take_list(screen, LIST_SEQ,
              entry(stolen, KEY_ROLE_PANELS | KEY_ROLE_ALERTS));
    board_screen_panel(screen, (struct made){.id = "p1"});
    take_panel(screen, stolen, (struct made){.id = "p2"});
    take_alert(screen, stolen, (struct made){.id = "a1"});
    board_screen_expect(screen, "alert a1");
    assert_int_equal(
        take_list(screen, LIST_SEQ + 1, revoked_entry(stolen)).effect,
        BOARD_TOOK_OFF);
    board_screen_expect(screen, "panel p1");
    assert_int_equal(board_figures(screen->board).panels, 1);
    struct board_ended ended[BOARD_ENDED_MAX];
    assert_int_equal(board_advance(screen->board, &screen->now, ended), 2);
    assert_string_equal(ended[0].reason, "revoked");
    assert_string_equal(ended[1].reason, "revoked");
    assert_int_equal(
        take_alert(screen, stolen, (struct made){.id = "a2", .seq = 3}),
        BOARD_REFUSED);
    assert_non_null(strstr(screen->problem.expected, "revoked"));
}

/* Also keys that stand in the configuration. */
static void a_list_revokes_what_the_configuration_trusts(void **state)
{
    struct board_screen *screen = *state;

    board_screen_alert(screen, (struct made){.id = "a1"});
    board_screen_panel(screen, (struct made){.id = "p1"});
    take_list(screen, LIST_SEQ, revoked_entry(screen->keys->alerts));
    board_screen_expect(screen, "panel p1");
    assert_int_equal(board_screen_alert(screen, (struct made){.id = "a2"}),
                     BOARD_REFUSED);
}

static void a_key_that_left_the_list_is_not_believed_any_more(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->stranger;

    take_list(screen, LIST_SEQ, entry(key, KEY_ROLE_ALERTS));
    take_alert(screen, key, (struct made){.id = "a1"});
    take_list(screen, LIST_SEQ + 1, NULL);
    board_screen_expect(screen, "plain");
}

static void an_older_list_never_comes_back(void **state)
{
    struct board_screen *screen = *state;
    const struct key *stolen = screen->keys->stranger;

    take_list(screen, LIST_SEQ + 1, revoked_entry(stolen));
    assert_int_equal(
        take_list(screen, LIST_SEQ, entry(stolen, KEY_ROLE_ALERTS)).effect,
        BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_STALE);
    assert_int_equal(take_alert(screen, stolen, (struct made){.id = "a1"}),
                     BOARD_REFUSED);
}

static void only_a_root_key_signs_a_list_and_it_signs_nothing_else(void **state)
{
    struct board_screen *screen = *state;
    const struct delivery_keys *keys = screen->keys;
    const struct key *const others[] = {keys->panels, keys->alerts,
                                        keys->commands, keys->stranger};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        json_t *const entries[] = {entry(keys->stranger, KEY_ROLE_ALERTS),
                                   NULL};
        assert_int_equal(
            board_screen_take(
                screen, delivery_key_list(others[i], LIST_SEQ, 0, entries))
                .effect,
            BOARD_REFUSED);
    }
    assert_int_equal(take_alert(screen, keys->root, (struct made){.id = "a1"}),
                     BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_AUTHORITY);
    assert_int_equal(take_panel(screen, keys->root, (struct made){.id = "p1"}),
                     BOARD_REFUSED);
}

static void a_rotated_key_keeps_what_it_said_and_says_no_more(void **state)
{
    struct board_screen *screen = *state;
    const struct key *old = screen->keys->stranger;
    struct key_grant grant = key_grant_of(KEY_ROLE_PANELS);

    take_list(screen, LIST_SEQ, entry(old, KEY_ROLE_PANELS));
    take_panel(screen, old, (struct made){.id = "p1"});
    grant.until_ms = MADE_EPOCH_MS;
    take_list(screen, LIST_SEQ + 1, key_list_write_entry(old, "", &grant));
    board_screen_expect(screen, "panel p1");
    assert_int_equal(
        take_panel(screen, old, (struct made){.id = "p2", .issued = 1}),
        BOARD_REFUSED);
    assert_non_null(strstr(screen->problem.expected, "after the key's time"));
}

static void a_number_far_ahead_of_its_issue_is_refused(void **state)
{
    struct board_screen *screen = *state;
    const int64_t limit = MADE_EPOCH_MS + LIMIT_SEQUENCE_AHEAD_MS;

    assert_int_equal(
        board_screen_panel(screen, (struct made){.id = "p1", .seq = limit + 1}),
        BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_STALE);
    assert_int_equal(
        board_screen_alert(screen, (struct made){.id = "a1", .seq = limit + 1}),
        BOARD_REFUSED);
    assert_int_equal(
        board_screen_panel(screen, (struct made){.id = "p1", .seq = limit}),
        BOARD_ACCEPTED);
}

static void a_panel_from_far_ahead_of_a_confirmed_clock_is_refused(void **state)
{
    enum { DAY = 24 * 60 };
    struct board_screen *screen = *state;

    assert_int_equal(
        board_screen_panel(screen, (struct made){.id = "p1", .issued = DAY}),
        BOARD_ACCEPTED);
    assert_int_equal(board_screen_panel(
                         screen, (struct made){.id = "p2", .issued = DAY + 1}),
                     BOARD_REFUSED);
    screen->now.wall_confirmed = false;
    assert_int_equal(board_screen_panel(
                         screen, (struct made){.id = "p2", .issued = DAY + 1}),
                     BOARD_ACCEPTED);
}

/* The root's machine has no network to set its clock by, and only the root key
 * numbers lists: what one of them ran ahead, the next one has to follow. */
static void a_list_of_keys_is_taken_however_far_ahead_it_is(void **state)
{
    struct board_screen *screen = *state;
    const struct key *key = screen->keys->stranger;
    const int64_t far = MADE_EPOCH_MS + 365 * LIMIT_SEQUENCE_AHEAD_MS;
    json_t *const entries[] = {entry(key, KEY_ROLE_ALERTS), NULL};

    assert_true(screen->now.wall_confirmed);
    assert_int_equal(
        board_screen_take(screen, delivery_key_list(screen->keys->root, far,
                                                    365 * 24 * 60, entries))
            .effect,
        BOARD_NOTED);
    assert_int_equal(take_alert(screen, key, (struct made){.id = "a1"}),
                     BOARD_ACCEPTED);
    assert_int_equal(take_list(screen, far + 1, revoked_entry(key)).effect,
                     BOARD_TOOK_OFF);
    assert_int_equal(take_list(screen, far, entry(key, KEY_ROLE_ALERTS)).effect,
                     BOARD_REFUSED);
}

static void
revoking_frees_the_slots_that_a_stolen_key_ran_ahead_in(void **state)
{
    struct board_screen *screen = *state;
    const struct key *stolen = screen->keys->stranger;
    const int64_t far = MADE_EPOCH_MS + LIMIT_SEQUENCE_AHEAD_MS;

    take_list(screen, LIST_SEQ, entry(stolen, KEY_ROLE_ALERTS));
    take_alert(screen, stolen, (struct made){.id = "a1", .seq = far});
    assert_int_equal(
        take_alert(screen, stolen, (struct made){.id = "a1", .seq = 200}),
        BOARD_REFUSED);
    /* It ran ahead for itself alone. */
    assert_int_equal(
        board_screen_alert(screen,
                           (struct made){.id = "a1", .seq = 200, .issued = 1}),
        BOARD_ACCEPTED);
    take_list(screen, LIST_SEQ + 1, revoked_entry(stolen));
    board_screen_expect(screen, "alert a1");
    take_list(screen, LIST_SEQ + 2, entry(stolen, KEY_ROLE_ALERTS));
    assert_int_equal(
        take_alert(screen, stolen, (struct made){.id = "a2", .seq = 200}),
        BOARD_ACCEPTED);
}

/* A key for the group fixture alone, beside one for all. */
static const struct key *narrow_key(struct board_screen *screen)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_ALERTS);

    strcpy(grant.scopes[grant.scope_count++], "group-lobby");
    take_list(screen, LIST_SEQ,
              key_list_write_entry(screen->keys->stranger, "", &grant));
    return screen->keys->stranger;
}

static void take_cancel(struct board_screen *screen, const struct key *key,
                        struct made made)
{
    board_screen_take(screen, delivery_by(key, made_cancel(&made)));
}

static const struct made wide = {.id = "a1", .seq = 9, .expires = 600};

/* By id, by number, by reference; before the alert comes and after it. */
static void a_narrower_key_does_not_touch_a_wider_one_s_alert(void **state)
{
    const int64_t far = MADE_EPOCH_MS + LIMIT_SEQUENCE_AHEAD_MS;
    const struct {
        bool cancel;
        struct made made;
        int alerts; /* in force, with the wider one's */
    } attacks[] = {
        {true, {.id = "a1", .seq = 10, .issued = 1}, 1},
        {true, {.id = "a1", .seq = far, .issued = 1}, 1},
        {true, {.id = "x", .issued = 1, .references = {"a1"}}, 1},
        {false, {.id = "a1", .seq = 10, .issued = 1, .level = 3}, 2},
        {false, {.id = "a1", .seq = far, .issued = 1, .level = 3}, 2},
        {false, {.id = "x", .issued = 1, .level = 3, .references = {"a1"}}, 2},
    };
    struct board_screen *screen = *state;

    for (size_t i = 0; i < 2 * (sizeof attacks / sizeof attacks[0]); i++) {
        struct made made = attacks[i / 2].made;
        board_screen_boot(screen);
        const struct key *narrow = narrow_key(screen);
        made.scope = "group-lobby";
        if (i % 2)
            board_screen_alert(screen, wide);
        if (attacks[i / 2].cancel)
            take_cancel(screen, narrow, made);
        else
            take_alert(screen, narrow, made);
        if (i % 2 && attacks[i / 2].cancel)
            assert_int_equal(screen->problem.code, PROBLEM_AUTHORITY);
        if (i % 2 == 0)
            assert_int_equal(board_screen_alert(screen, wide), BOARD_ACCEPTED);
        board_screen_expect(screen, "alert a1");
        board_screen_wait(screen, 0);
        assert_int_equal(board_figures(screen->board).alerts,
                         attacks[i / 2].alerts);
        board_screen_cancel(screen,
                            (struct made){.id = "a1", .seq = 20, .issued = 2});
        board_screen_wait(screen, 0);
        assert_int_equal(board_figures(screen->board).alerts, 0);
    }
}

/* Whoever names two alerts makes one chain of them, whose newest speaks. */
static void a_narrower_key_makes_no_chain_of_other_alerts(void **state)
{
    struct board_screen *screen = *state;
    const struct key *narrow = narrow_key(screen);

    board_screen_alert(screen, wide);
    board_screen_alert(screen, (struct made){.id = "a2", .issued = 1});
    take_alert(screen, narrow,
               (struct made){.id = "x",
                             .scope = "group-lobby",
                             .issued = 2,
                             .references = {"a1", "a2"}});
    board_screen_wait(screen, 0);
    assert_int_equal(board_figures(screen->board).alerts, 3);
}

static void a_wider_key_and_a_colleague_s_end_what_they_could_send(void **state)
{
    struct board_screen *screen = *state;
    const struct made cancel = {.id = "a1", .issued = 1};

    take_alert(screen, narrow_key(screen),
               (struct made){.id = "a1", .seq = 9, .scope = "group-lobby"});
    board_screen_cancel(screen, cancel);
    board_screen_expect(screen, "clear a1");
    board_screen_boot(screen);
    board_screen_alert(screen, wide);
    take_cancel(screen, screen->keys->both, cancel);
    board_screen_expect(screen, "clear a1");
}

/* With the level of the gravest and the newest of all. */
static void
a_narrower_key_pushes_no_alert_out_that_it_could_not_end(void **state)
{
    struct board_screen *screen = *state;
    const struct key *narrow = narrow_key(screen);
    char id[16];

    board_screen_alert(screen, (struct made){.id = "a1", .level = 3});
    for (int i = 0; i < 2 * LIFECYCLE_ALERTS_MAX; i++) {
        snprintf(id, sizeof id, "x%d", i);
        take_alert(screen, narrow,
                   (struct made){
                       .id = id, .scope = "group-lobby", .issued = 1 + i / 9});
    }
    board_screen_wait(screen, 0);
    assert_int_equal(board_figures(screen->board).alerts, LIFECYCLE_ALERTS_MAX);
    take_cancel(screen, screen->keys->alerts,
                (struct made){.id = "a1", .seq = 9, .issued = 15});
    board_screen_wait(screen, 0);
    assert_int_equal(board_figures(screen->board).alerts,
                     LIFECYCLE_ALERTS_MAX - 1);
}

static void
a_cancel_of_a_revoked_key_ends_nothing_that_comes_after(void **state)
{
    struct board_screen *screen = *state;
    const struct key *stolen = screen->keys->stranger;
    const struct made cancel = {.id = "a1", .seq = 9};

    board_screen_alert(screen, (struct made){.id = "a1", .seq = 1});
    take_list(screen, LIST_SEQ, entry(stolen, KEY_ROLE_ALERTS));
    board_screen_take(screen, delivery_by(stolen, made_cancel(&cancel)));
    board_screen_expect(screen, "clear a1");
    take_list(screen, LIST_SEQ + 1, revoked_entry(stolen));
    board_screen_expect(screen, "plain");
    assert_int_equal(
        board_screen_alert(screen, (struct made){.id = "a1", .seq = 5}),
        BOARD_ACCEPTED);
    board_screen_expect(screen, "alert a1");
}

/* 解除 repeats what the alert said. */
static void an_end_goes_with_the_key_of_what_it_ended(void **state)
{
    struct board_screen *screen = *state;
    const struct key *stolen = screen->keys->stranger;
    const struct made cancel = {.id = "a1", .seq = 9};

    take_list(screen, LIST_SEQ, entry(stolen, KEY_ROLE_ALERTS));
    take_alert(screen, stolen, (struct made){.id = "a1"});
    board_screen_expect(screen, "alert a1");
    board_screen_take(screen,
                      delivery_by(screen->keys->alerts, made_cancel(&cancel)));
    board_screen_expect(screen, "clear a1");
    take_list(screen, LIST_SEQ + 1, revoked_entry(stolen));
    board_screen_expect(screen, "plain");
}

static void the_gravest_leads_again_when_a_forged_one_goes(void **state)
{
    struct board_screen *screen = *state;
    const struct key *stolen = screen->keys->stranger;
    const char *const named[] = {"a1"};

    board_screen_alert(screen,
                       (struct made){.id = "a1", .level = ALERT_LEVEL_ORANGE});
    take_list(screen, LIST_SEQ, entry(stolen, KEY_ROLE_ALERTS));
    take_alert(screen, stolen,
               (struct made){.id = "a2",
                             .issued = 1,
                             .level = ALERT_LEVEL_BLUE,
                             .references = {named[0]}});
    board_screen_expect(screen, "alert a2");
    take_list(screen, LIST_SEQ + 1, revoked_entry(stolen));
    board_screen_expect(screen, "alert a1");
}

static struct board_intake tick(struct board_screen *screen, int64_t seq,
                                const char *content)
{
    return board_screen_take(screen,
                             delivery_text(screen->keys->panels,
                                           "gaoshi/1/erqi/down/all/tick",
                                           "tick", seq, 0, content));
}

static int missing(struct board_screen *screen)
{
    board_screen_wait(screen, 0);
    board_screen_wait(screen, LIVENESS_GRACE_MS);
    return board_figures(screen->board).missing;
}

/* Else a broker could keep a revocation from a screen unnoticed. */
static void a_withheld_list_is_found_out_by_the_tick(void **state)
{
    struct board_screen *screen = *state;

    take_list(screen, LIST_SEQ, NULL);
    tick(screen, 1, "{'index_seq':0,'keys_seq':100}");
    assert_int_equal(missing(screen), 0);
    tick(screen, 2, "{'index_seq':0,'keys_seq':101}");
    assert_int_equal(missing(screen), 1);
    take_list(screen, LIST_SEQ + 1, NULL);
    assert_int_equal(missing(screen), 0);
    /* Others may know of a newer one than this operator does. */
    tick(screen, 3, "{'index_seq':0}");
    assert_int_equal(missing(screen), 0);
}

/* What it cannot verify it does not miss. */
static void a_screen_without_a_root_key_misses_no_list(void **state)
{
    struct board_screen *screen = *state;

    struct key_ring *ring = &screen->keys->ring;
    for (size_t i = 0; i < ring->count; i++)
        ring->entries[i].grant.roles &= ~(unsigned)KEY_ROLE_ROOT;
    board_screen_boot(screen);
    tick(screen, 1, "{'index_seq':0,'keys_seq':101}");
    assert_int_equal(missing(screen), 0);
}

#define KEYS_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, board_screen_start,                  \
                                    board_screen_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEYS_TEST(a_listed_key_is_believed_from_then_on),
        KEYS_TEST(what_a_revoked_key_said_leaves_the_glass),
        KEYS_TEST(a_list_revokes_what_the_configuration_trusts),
        KEYS_TEST(a_key_that_left_the_list_is_not_believed_any_more),
        KEYS_TEST(an_older_list_never_comes_back),
        KEYS_TEST(only_a_root_key_signs_a_list_and_it_signs_nothing_else),
        KEYS_TEST(a_rotated_key_keeps_what_it_said_and_says_no_more),
        KEYS_TEST(a_number_far_ahead_of_its_issue_is_refused),
        KEYS_TEST(a_panel_from_far_ahead_of_a_confirmed_clock_is_refused),
        KEYS_TEST(a_list_of_keys_is_taken_however_far_ahead_it_is),
        KEYS_TEST(revoking_frees_the_slots_that_a_stolen_key_ran_ahead_in),
        KEYS_TEST(a_narrower_key_does_not_touch_a_wider_one_s_alert),
        KEYS_TEST(a_narrower_key_makes_no_chain_of_other_alerts),
        KEYS_TEST(a_wider_key_and_a_colleague_s_end_what_they_could_send),
        KEYS_TEST(a_narrower_key_pushes_no_alert_out_that_it_could_not_end),
        KEYS_TEST(a_cancel_of_a_revoked_key_ends_nothing_that_comes_after),
        KEYS_TEST(an_end_goes_with_the_key_of_what_it_ended),
        KEYS_TEST(the_gravest_leads_again_when_a_forged_one_goes),
        KEYS_TEST(a_withheld_list_is_found_out_by_the_tick),
        KEYS_TEST(a_screen_without_a_root_key_misses_no_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
