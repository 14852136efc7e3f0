/* What is known of screens and counted of messages, whatever screens say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "publisher/fleet/tally.h"

static const char table[] = "id,area,groups\n"
                            "a,410103001002,x\n"
                            "b,410103001002,\n"
                            "c,410103001002,x\n"
                            "far,110101001001,x\n";

struct town {
    struct inventory inventory;
    struct roster roster;
    struct tally tally;
};

static int open_town(void **state)
{
    struct town *town = calloc(1, sizeof *town);
    struct problem problem = {0};
    const struct tally_message message = {.id = "flood",
                                          .scope = "area-41",
                                          .seq = 7,
                                          .is_alert = true,
                                          .published_ms = 1000};

    assert_true(
        inventory_parse(table, sizeof table - 1, &town->inventory, &problem));
    assert_true(roster_init(&town->roster, &town->inventory));
    tally_init(&town->tally, &town->roster);
    assert_true(tally_add(&town->tally, &message));
    *state = town;
    return 0;
}

static int close_town(void **state)
{
    struct town *town = *state;

    tally_finish(&town->tally);
    roster_finish(&town->roster);
    inventory_finish(&town->inventory);
    free(town);
    return 0;
}

static int presence(struct town *town, const char *id, enum presence word,
                    int64_t run)
{
    struct presence_said said = {.presence = word, .run = run};

    snprintf(said.screen, sizeof said.screen, "%s", id);
    return roster_take_presence(&town->roster, &said);
}

static int state_of(struct town *town, const struct screen_state *state)
{
    char *text = screen_state_format(state);
    struct screen_state *read = screen_state_parse(text, strlen(text));

    assert_non_null(read);
    free(text);
    int screen = roster_take_state(&town->roster, read);
    tally_note_screen(&town->tally, screen);
    return screen;
}

static void receipt(struct town *town, const char *id, enum receipt_event event,
                    int64_t at_ms)
{
    struct receipt told = {.event = event, .seq = 7, .at_ms = at_ms};

    snprintf(told.message, sizeof told.message, "flood");
    snprintf(told.screen, sizeof told.screen, "%s", id);
    snprintf(told.reason, sizeof told.reason, "%s",
             event == RECEIPT_REFUSED ? "signature" : "");
    tally_note_receipt(&town->tally, 0, &told);
}

static void expect(const struct town *town, size_t reached, size_t refused,
                   size_t waiting, size_t offline, size_t silent)
{
    struct tally_counts counts = tally_count(&town->tally, 0);

    assert_int_equal(counts.expected, 3);
    assert_int_equal(counts.classes[TALLY_REACHED], reached);
    assert_int_equal(counts.classes[TALLY_REFUSING], refused);
    assert_int_equal(counts.classes[TALLY_WAITING], waiting);
    assert_int_equal(counts.classes[TALLY_OFFLINE], offline);
    assert_int_equal(counts.classes[TALLY_SILENT], silent);
}

static void each_screen_counts_once_and_in_one_class(void **state)
{
    struct town *town = *state;

    expect(town, 0, 0, 0, 0, 3);
    presence(town, "a", PRESENCE_ONLINE, 1);
    presence(town, "b", PRESENCE_OFFLINE, 1);
    expect(town, 0, 0, 1, 1, 1);
    receipt(town, "a", RECEIPT_VERIFIED, 1100);
    expect(town, 0, 0, 1, 1, 1);
    receipt(town, "a", RECEIPT_SHOWN, 1234);
    receipt(town, "a", RECEIPT_SHOWN, 9999);
    receipt(town, "a", RECEIPT_VERIFIED, 1100);
    receipt(town, "a", RECEIPT_ENDED, 1500);
    expect(town, 1, 0, 0, 1, 1);
    assert_int_equal(town->tally.messages[0].last_after_ms, 234);
    /* That it ended does not say that anybody saw it, nor that it was refused.
     */
    receipt(town, "b", RECEIPT_ENDED, 1500);
    expect(town, 1, 0, 0, 1, 1);
    assert_int_equal(tally_step_of(&town->tally, 0, 1), TALLY_VERIFIED);
    receipt(town, "c", RECEIPT_REFUSED, 1000);
    expect(town, 1, 1, 0, 1, 0);
    assert_string_equal(tally_find_refusal(&town->tally, 0, 2)->reason,
                        "signature");
    /* It got the key since. */
    receipt(town, "c", RECEIPT_SHOWN, 1200);
    expect(town, 2, 0, 0, 1, 0);
}

static void a_screen_in_another_place_does_not_count(void **state)
{
    struct town *town = *state;

    receipt(town, "far", RECEIPT_SHOWN, 1100);
    receipt(town, "stranger", RECEIPT_SHOWN, 1100);
    expect(town, 0, 0, 0, 0, 3);
    assert_int_equal(tally_count(&town->tally, 0).unlisted, 2);
    /* Nor does one that says itself that it is here. */
    state_of(town, &(struct screen_state){.screen = "stranger",
                                          .version = "1",
                                          .area = "410103001002",
                                          .showing = "plain"});
    expect(town, 0, 0, 0, 0, 3);
}

/* Who did not listen to receipts still learns it. */
static void a_state_tells_which_alerts_a_screen_has_shown(void **state)
{
    struct town *town = *state;
    const struct screen_alert flood = {"flood", 7, 1300};
    const struct screen_alert older = {"flood", 6, 1300};
    struct screen_state told = {.screen = "a",
                                .version = "1",
                                .showing = "panel/p",
                                .showing_seq = 7,
                                .until_ms = TIMESTAMP_NONE,
                                .live = &flood,
                                .live_count = 1,
                                .shown = &older,
                                .shown_count = 1,
                                .at_ms = TIMESTAMP_NONE};

    state_of(town, &told);
    expect(town, 0, 0, 1, 0, 2);
    assert_int_equal(tally_count(&town->tally, 0).taken, 1);
    told.shown = &flood;
    state_of(town, &told);
    expect(town, 1, 0, 0, 0, 2);
    assert_int_equal(town->tally.messages[0].last_after_ms, 300);
    /* What stands there now, of a screen of an earlier version. */
    told = (struct screen_state){.screen = "b",
                                 .version = "1",
                                 .showing = "alert/flood",
                                 .showing_seq = 7,
                                 .glass = "1x1 of 640x360"};
    state_of(town, &told);
    expect(town, 1, 0, 1, 0, 1);
    told.glass = NULL;
    state_of(town, &told);
    expect(town, 2, 0, 0, 0, 1);
}

static void the_will_of_an_earlier_run_takes_no_screen_down(void **state)
{
    struct town *town = *state;
    const struct screen_state told = {.screen = "a",
                                      .version = "1",
                                      .showing = "plain",
                                      .run = 2,
                                      .until_ms = TIMESTAMP_NONE,
                                      .at_ms = 50000};
    int screen = presence(town, "a", PRESENCE_OFFLINE, 2);

    state_of(town, &told);
    const struct roster_screen *known = &town->roster.screens[screen];
    assert_int_equal(roster_condition(known, 50000), ROSTER_OFFLINE);
    presence(town, "a", PRESENCE_OFFLINE, 1);
    assert_int_equal(roster_condition(known, 50000), ROSTER_UP);
    assert_int_equal(roster_condition(known, 50000 + ROSTER_OLD_MS), ROSTER_UP);
    assert_int_equal(roster_condition(known, 50001 + ROSTER_OLD_MS),
                     ROSTER_OLD);
}

static void a_million_false_names_change_no_total(void **state)
{
    struct town *town = *state;
    char id[32];

    receipt(town, "a", RECEIPT_SHOWN, 1100);
    for (int i = 0; i < 1000000; i++) {
        snprintf(id, sizeof id, "false-%d", i);
        receipt(town, id, i % 2 ? RECEIPT_SHOWN : RECEIPT_REFUSED, 1100);
    }
    receipt(town, "b", RECEIPT_REFUSED, 1100);
    expect(town, 1, 1, 0, 0, 1);
    assert_int_equal(town->roster.count, 4 + ROSTER_UNLISTED_MAX);
    assert_int_equal(town->roster.passed_over, 1000000 - ROSTER_UNLISTED_MAX);
    assert_true(town->tally.refusal_count <= TALLY_REFUSALS_MAX);
}

int main(void)
{
#define IN_TOWN(test)                                                          \
    cmocka_unit_test_setup_teardown(test, open_town, close_town)
    const struct CMUnitTest tests[] = {
        IN_TOWN(each_screen_counts_once_and_in_one_class),
        IN_TOWN(a_screen_in_another_place_does_not_count),
        IN_TOWN(a_state_tells_which_alerts_a_screen_has_shown),
        IN_TOWN(the_will_of_an_earlier_run_takes_no_screen_down),
        IN_TOWN(a_million_false_names_change_no_total),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
