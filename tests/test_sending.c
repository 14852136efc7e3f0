/* What waits, what goes first, and what is not sent at all: the outbox and the
 * broker as an operator meets them. */
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#define OUTBOX ".local/state/gaoshi/outbox.db"

/* A notice that has no room in a packet of 4,000 bytes. */
static char *write_large_panel(const struct publisher_fixture *publisher,
                               const char *id)
{
    char body[3 * 1500 + 1] = "", text[sizeof body + 400], name[64];

    for (int i = 0; i < 1500; i++)
        strcat(body, "水");
    snprintf(text, sizeof text,
             "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"%s\",\"panel\":{"
             "\"template\":\"notice\",\"section\":\"general\",\"order\":1,"
             "\"title\":\"停水\",\"body\":\"%s\"}}\n",
             id, body);
    snprintf(name, sizeof name, "%s.json", id);
    assert_true(folder_write(publisher->folder, name, text));
    return folder_path(publisher->folder, name);
}

static void use_small_broker(struct publisher_fixture *publisher)
{
    const struct broker_options small = {.extra = "max_packet_size 4000\n"};

    broker_destroy(publisher->broker);
    publisher->broker = broker_start(&small);
    assert_non_null(publisher->broker);
}

static void raise_flood(struct publisher_fixture *publisher, const char *id,
                        const char *level, const char *area, const char *more)
{
    PUBLISHER_SEND(publisher, "alert", "raise", "--template", "flood",
                   "--sender", "防汛办", "--status", "actual", "--level", level,
                   "--id", id, "--area", area, "--timeout", "5", more);
}

static void expect_id(const struct publisher_fixture *publisher,
                      struct peer *screen, size_t n, const char *id)
{
    struct message *message = publisher_heard(publisher, screen, n);

    assert_string_equal(message->id, id);
    message_destroy(message);
}

static void a_message_too_large_for_the_broker_holds_up_no_other(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *large = write_large_panel(publisher, "a-large");
    char *small = publisher_write_panel(publisher, "b-small", "停水");

    use_small_broker(publisher);
    struct peer *screen = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "panel", "push", large, small);
    publisher_expect(publisher, 4, "panel/a-large: the broker refused it: ");
    publisher_expect(publisher, 4, "4000 bytes at most");
    expect_id(publisher, screen, 0, "b-small");
    PUBLISHER_SEND(publisher, "outbox", "list");
    publisher_expect(publisher, 0, "nothing waits");
    free(large);
    free(small);
    peer_destroy(screen);
}

/* With MQTT 3.1.1 a broker does not say what it takes: it hangs up. */
static void a_message_that_breaks_the_line_goes_behind_the_others(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *large = write_large_panel(publisher, "a-large");
    char *small = publisher_write_panel(publisher, "b-small", "停水");

    use_small_broker(publisher);
    struct peer *screen = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "panel", "push", large, small, "--mqtt", "4",
                   "--timeout", "5");
    publisher_expect(publisher, 3,
                     "panel/a-large: the line broke twice over this");
    publisher_expect(publisher, 3, "1 of 2 messages unconfirmed after 5 s");
    expect_id(publisher, screen, 0, "b-small");
    raise_flood(publisher, "flood-1", "orange", "410103", NULL);
    publisher_expect(publisher, 0,
                     "1 messages of earlier commands wait in the outbox");
    assert_non_null(peer_wait_topic(
        screen, "gaoshi/1/erqi/down/area-410103/alert/flood-1"));
    free(large);
    free(small);
    peer_destroy(screen);
}

static void the_most_urgent_of_what_waits_goes_first(void **state)
{
    static const char *const order[] = {"red", "orange", "blue", "water"};
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    broker_stop(publisher->broker);
    PUBLISHER_SEND(publisher, "panel", "push", file, "--timeout", "1");
    publisher_expect(publisher, 3, "stay in the outbox");
    for (size_t i = 3; i-- > 0;) {
        PUBLISHER_SEND(publisher, "alert", "raise", "--template", "flood",
                       "--sender", "防汛办", "--level", order[i], "--id",
                       order[i], "--area", "410103", "--timeout", "1", "--yes");
        assert_int_equal(publisher->result.code, 3);
    }
    assert_true(broker_restart(publisher->broker));
    struct peer *screen = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "outbox", "send");
    publisher_expect(publisher, 0, "4 messages of earlier commands");
    for (size_t i = 0; i < 4; i++)
        expect_id(publisher, screen, i, order[i]);
    free(file);
    peer_destroy(screen);
}

static void leave_waiting(struct publisher_fixture *publisher, const char *file)
{
    broker_stop(publisher->broker);
    PUBLISHER_SEND(publisher, "panel", "push", file, "--timeout", "1");
    assert_int_equal(publisher->result.code, 3);
    assert_true(broker_restart(publisher->broker));
}

static void what_waits_never_goes_out_unasked(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *wide = publisher_write_panel(publisher, "wide", "停水");
    char *narrow = publisher_write_panel(publisher, "narrow", "停电");

    leave_waiting(publisher, wide);
    struct peer *screen = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "outbox", "list");
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(strstr(publisher->result.out, "wide"));
    assert_non_null(strstr(publisher->result.out, "停水"));
    PUBLISHER_SEND(publisher, "panel", "push", narrow, "--scope",
                   "screen-lobby");
    publisher_expect(publisher, 2, "--with-waiting");
    assert_non_null(strstr(publisher->result.err, "wide"));
    raise_flood(publisher, "flood-1", "orange", "410103", NULL);
    publisher_expect(publisher, 0, "stay there");
    expect_id(publisher, screen, 0, "flood-1");
    PUBLISHER_SEND(publisher, "outbox", "drop", "wide");
    assert_int_equal(publisher->result.code, 0);
    PUBLISHER_SEND(publisher, "panel", "push", narrow, "--scope",
                   "screen-lobby");
    publisher_expect(publisher, 0, "");
    expect_id(publisher, screen, 1, "narrow");
    PUBLISHER_SEND(publisher, "outbox", "drop", "wide");
    publisher_expect(publisher, 4, "nothing of this id waits");
    free(wide);
    free(narrow);
    peer_destroy(screen);
}

/* A screen would miss what an index lists and nobody sent. */
static void an_index_lists_nothing_that_still_waits(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "wide", "停水");

    leave_waiting(publisher, file);
    struct peer *screen = publisher_screen(publisher);
    raise_flood(publisher, "flood-1", "orange", "410103", NULL);
    publisher_expect(publisher, 0, "");
    for (size_t i = 0; i < 3; i++) {
        const struct peer_message *got = peer_wait_message(screen, i);
        assert_non_null(got);
        assert_null(strstr(got->payload, "panel/wide"));
    }
    PUBLISHER_SEND(publisher, "outbox", "send");
    publisher_expect(publisher, 0, "");
    expect_id(publisher, screen, 1, "wide");
    const struct peer_message *index = peer_wait_message(screen, 4);
    assert_non_null(index);
    assert_non_null(strstr(index->payload, "panel/wide"));
    free(file);
    peer_destroy(screen);
}

static void the_same_panel_again_takes_the_place_of_what_waits(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    leave_waiting(publisher, file);
    PUBLISHER_SEND(publisher, "panel", "push", file);
    publisher_expect(publisher, 0, "");
    free(file);
}

static void a_removal_follows_the_panel_wherever_it_went(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *file = publisher_write_panel(publisher, "water", "停水");

    PUBLISHER_SEND(publisher, "panel", "push", file, "--scope", "area-410103");
    PUBLISHER_SEND(publisher, "panel", "push", file, "--scope", "screen-lobby");
    PUBLISHER_SEND(publisher, "panel", "remove", "water");
    publisher_expect(publisher, 0, "");
    publisher_expect_got(publisher, screen, 2, MESSAGE_PANEL_REMOVAL,
                         "gaoshi/1/erqi/down/screen-lobby/panel/water");
    publisher_expect_got(publisher, screen, 3, MESSAGE_PANEL_REMOVAL,
                         "gaoshi/1/erqi/down/area-410103/panel/water");
    PUBLISHER_SEND(publisher, "panel", "remove", "watre");
    publisher_expect(publisher, 4, "'watre': no panel of this id was pushed");
    PUBLISHER_SEND(publisher, "panel", "remove", "water", "--scope", "all");
    publisher_expect(publisher, 4, "was pushed to all from here");
    assert_int_equal(publisher_got_count(screen), 4);
    free(file);
    peer_destroy(screen);
}

static void an_alert_goes_out_where_nothing_can_be_written(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");
    struct rlimit full = {.rlim_cur = 8192, .rlim_max = RLIM_INFINITY};
    struct rlimit before;

    raise_flood(publisher, "flood-1", "orange", "410103", NULL);
    struct peer *screen = publisher_screen(publisher);
    expect_id(publisher, screen, 0, "flood-1");
    /* A file can't grow, as on a disk that is full. */
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    PUBLISHER_SEND(publisher, "panel", "push", file);
    publisher_expect(publisher, 1, "nothing was sent");
    raise_flood(publisher, "flood-2", "orange", "410103", NULL);
    publisher_expect(publisher, 0, "sent without the outbox");
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood-1");
    publisher_expect(publisher, 0, "sent without the outbox");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    struct message *first = publisher_heard(publisher, screen, 0);
    struct message *second = publisher_heard(publisher, screen, 1);
    struct message *third = publisher_heard(publisher, screen, 2);
    assert_string_equal(second->id, "flood-2");
    assert_true(second->seq > first->seq);
    assert_int_equal(third->kind, MESSAGE_ALERT_CANCEL);
    assert_string_equal(third->scope, "area-410103");
    assert_true(third->seq > second->seq);
    message_destroy(first);
    message_destroy(second);
    message_destroy(third);
    raise_flood(publisher, "flood-3", "orange", "410103",
                "--state=/proc/none/outbox.db");
    publisher_expect(publisher, 0, "sent without the outbox");
    free(file);
    peer_destroy(screen);
}

static void what_others_may_write_is_not_trusted(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");
    char *outbox = folder_path(publisher->folder, OUTBOX);
    char *public_half = folder_path(publisher->folder, "gaoshi.pub.pem");
    char *list = folder_path(publisher->folder, "keys.gaoshi");

    PUBLISHER_SEND(publisher, "panel", "push", file);
    publisher_expect(publisher, 0, "");
    assert_int_equal(chmod(outbox, 0620), 0);
    PUBLISHER_SEND(publisher, "panel", "push", file);
    publisher_expect(publisher, 6, "others may write");
    PUBLISHER_SEND(publisher, "outbox", "list");
    publisher_expect(publisher, 6, "others may write");
    assert_int_equal(chmod(outbox, 0600), 0);
    assert_int_equal(chmod(public_half, 0646), 0);
    PUBLISHER_RUN(publisher, "keys", "grant", list, public_half, "--root",
                  publisher->key, "--role", "panels", "--org", "erqi");
    assert_int_not_equal(publisher->result.code, 0);
    assert_non_null(strstr(publisher->result.err, "others may write"));
    free(file);
    free(outbox);
    free(public_half);
    free(list);
}

static void
a_word_is_wanted_from_the_level_and_width_on_that_are_set(void **state)
{
    static const struct {
        const char *level, *area, *more;
        int code;
    } cases[] = {
        {"red", "410103", NULL, 2},
        {"red", "41", NULL, 2},
        {"red", "410103001", NULL, 0},
        {"orange", "410103", NULL, 0},
        {"red", "410103", "--yes", 0},
        {"red", "410103", "--confirm-scope=city", 0},
        {"red", "410103001", "--confirm-scope=township", 2},
        {"orange", "410103", "--confirm-level=orange", 2},
        {"yellow", "410103", "--confirm-level=orange", 0},
        {"blue", "410103", "--confirm-level=purple", 2},
        {"blue", "410103", "--confirm-scope=world", 2},
    };
    struct publisher_fixture *publisher = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char id[32];
        snprintf(id, sizeof id, "flood-%zu", i);
        raise_flood(publisher, id, cases[i].level, cases[i].area,
                    cases[i].more);
        if (publisher->result.code != cases[i].code)
            fail_msg("case %zu: %d\n%s", i, publisher->result.code,
                     publisher->result.err);
    }
    raise_flood(publisher, "last", "red", "410103", NULL);
    publisher_expect(publisher, 2,
                     "last goes to every screen in area-410103, a district");
    publisher_expect(publisher, 2, "«red» typed on a terminal");
}

/* The validator counts what is filled in before a draft is signed. */
static void what_validate_calls_good_is_not_refused_for_its_size(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *text = malloc(70000);
    char *file = folder_path(publisher->folder, "panel.json");
    bool seen_bad = false;

    assert_non_null(text);
    for (int pad = 65000; pad <= 65536; pad += 268) {
        int length = snprintf(text, 70000,
                              "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"x\","
                              "\"panel\":{\"template\":\"notice\",\"section\":"
                              "\"general\",\"order\":1,\"title\":\"停水\","
                              "\"body\":\"水\"}");
        memset(text + length, ' ', (size_t)(pad - length));
        strcpy(text + pad - 1, "}");
        assert_true(folder_write(publisher->folder, "panel.json", text));
        PUBLISHER_RUN(publisher, "validate", file);
        bool good = publisher->result.code == 0;
        seen_bad = seen_bad || !good;
        PUBLISHER_SEND(publisher, "panel", "push", file);
        if (good)
            publisher_expect(publisher, 0, "");
    }
    free(file);
    file = publisher_write_panel(publisher, "x", "停水");
    PUBLISHER_RUN(publisher, "validate", file, file);
    publisher_expect(publisher, 4, "'x' is also that of");
    assert_true(folder_write(
        publisher->folder, "x.json",
        "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"x\",\"expires\":"
        "\"2026-01-02T00:00:00+08:00\",\"panel\":{\"template\":\"notice\","
        "\"section\":\"general\",\"order\":1,\"title\":\"停水\",\"body\":"
        "\"水\"}}"));
    PUBLISHER_RUN(publisher, "validate", file);
    publisher_expect(publisher, 4, "a time after issued");
    free(file);
    free(text);
}

int main(void)
{
#define WITH_PUBLISHER(test)                                                   \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(a_message_too_large_for_the_broker_holds_up_no_other),
        WITH_PUBLISHER(a_message_that_breaks_the_line_goes_behind_the_others),
        WITH_PUBLISHER(the_most_urgent_of_what_waits_goes_first),
        WITH_PUBLISHER(what_waits_never_goes_out_unasked),
        WITH_PUBLISHER(an_index_lists_nothing_that_still_waits),
        WITH_PUBLISHER(the_same_panel_again_takes_the_place_of_what_waits),
        WITH_PUBLISHER(a_removal_follows_the_panel_wherever_it_went),
        WITH_PUBLISHER(an_alert_goes_out_where_nothing_can_be_written),
        WITH_PUBLISHER(what_others_may_write_is_not_trusted),
        WITH_PUBLISHER(
            a_word_is_wanted_from_the_level_and_width_on_that_are_set),
        WITH_PUBLISHER(what_validate_calls_good_is_not_refused_for_its_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
