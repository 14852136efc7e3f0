/* gaoshi-publish cap with a real broker: what a warning centre hands over
 * reaches the screens once, in its order, and where it belongs. */
#include "source_dir.h"
#include "tests/support/cap_today.h"
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#define ROOT "41010341600000_20210720182000"

static void an_import_goes_to_every_area_that_the_file_names(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(
        publisher, "cap", "import",
        cap_today_file(publisher, "valid_china_full_width_commas.xml"));
    assert_int_equal(publisher->result.code, 0);
    publisher_expect_got(publisher, screen, 0, MESSAGE_ALERT,
                         "gaoshi/1/erqi/down/area-410103/alert/" ROOT);
    publisher_expect_got(publisher, screen, 1, MESSAGE_ALERT,
                         "gaoshi/1/erqi/down/area-410105/alert/" ROOT);
    publisher_expect_got(publisher, screen, 2, MESSAGE_ALERT,
                         "gaoshi/1/erqi/down/area-410122/alert/" ROOT);
    peer_destroy(screen);
}

static void an_update_ends_what_stood_in_areas_it_names_no_more(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(
        publisher, "cap", "import",
        cap_today_file(publisher, "valid_china_full_width_commas.xml"));
    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_update.xml"),
                   "--yes");
    assert_int_equal(publisher->result.code, 0);
    publisher_expect_got(publisher, screen, 3, MESSAGE_ALERT_CANCEL,
                         "gaoshi/1/erqi/down/area-410105/alert/" ROOT);
    publisher_expect_got(publisher, screen, 4, MESSAGE_ALERT_CANCEL,
                         "gaoshi/1/erqi/down/area-410122/alert/" ROOT);
    publisher_expect_got(publisher, screen, 5, MESSAGE_ALERT,
                         "gaoshi/1/erqi/down/area-410103/alert/" ROOT);
    peer_destroy(screen);
}

static void a_cancel_without_areas_goes_wherever_its_alert_went(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_oasis_several_areas.xml"));
    PUBLISHER_SEND(
        publisher, "cap", "import",
        cap_today_file(publisher, "valid_oasis_cancel_without_info.xml"));
    assert_int_equal(publisher->result.code, 0);
    for (size_t i = 3; i < 6; i++) {
        struct message *message =
            publisher_open_message(publisher, publisher_got(screen, i));
        assert_int_equal(message->kind, MESSAGE_ALERT_CANCEL);
        message_destroy(message);
    }
    peer_destroy(screen);
}

static void an_all_clear_ends_what_it_names(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_oasis_1_2.xml"));
    PUBLISHER_SEND(
        publisher, "cap", "import",
        cap_today_file(publisher, "valid_oasis_all_clear_update.xml"));
    publisher_expect(publisher, 0, "it ends what it names");
    struct message *alert = publisher_heard(publisher, screen, 0);
    struct message *end = publisher_heard(publisher, screen, 1);
    assert_int_equal(end->kind, MESSAGE_ALERT_CANCEL);
    assert_string_equal(end->id, alert->id);
    assert_string_equal(end->scope, alert->scope);
    /* To others it goes out as what it is. */
    PUBLISHER_SEND(publisher, "cap", "export", end->id);
    assert_non_null(strstr(publisher->result.out, "<msgType>Cancel</msgType>"));
    message_destroy(alert);
    message_destroy(end);
    peer_destroy(screen);
}

/* The others of its areas keep their alert. */
static void an_all_clear_of_one_area_ends_it_there_alone(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_oasis_several_areas.xml"));
    PUBLISHER_SEND(
        publisher, "cap", "import",
        cap_today_file(publisher, "valid_oasis_all_clear_of_one_area.xml"));
    publisher_expect(publisher, 0, "no alert goes to its areas");
    size_t ended = 0, live = 0;
    for (size_t i = 3; i < 6; i++) {
        struct message *message = publisher_heard(publisher, screen, i);
        bool cancel = message->kind == MESSAGE_ALERT_CANCEL;
        bool other = strcmp(message->scope, "area-410105") == 0;
        assert_true(cancel != other);
        ended += cancel;
        live += !cancel;
        message_destroy(message);
    }
    assert_int_equal(ended, 2);
    assert_int_equal(live, 1);
    peer_destroy(screen);
}

static void an_alert_after_its_own_cancel_is_not_sent(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(
        publisher, "cap", "import",
        cap_today_file(publisher, "valid_oasis_cancel_without_info.xml"));
    assert_int_equal(publisher->result.code, 0);
    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_oasis_1_2.xml"));
    assert_int_equal(publisher->result.code, 4);
    assert_non_null(strstr(publisher->result.err, "older than what was sent"));
    assert_int_equal(publisher_got_count(screen), 0);
    peer_destroy(screen);
}

static void an_older_message_never_replaces_a_newer_one(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_update.xml"),
                   "--yes");
    assert_int_equal(publisher->result.code, 0);
    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_alert.xml"));
    assert_int_equal(publisher->result.code, 4);
    assert_int_equal(publisher_got_count(screen), 1);
    peer_destroy(screen);
}

static void
the_same_file_is_sent_once_and_another_of_its_name_never(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_alert.xml"));
    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_alert.xml"));
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(strstr(publisher->result.err, "was sent before"));
    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_red.xml"));
    assert_int_equal(publisher->result.code, 4);
    assert_non_null(strstr(publisher->result.err, "with other contents"));
    assert_int_equal(publisher_got_count(screen), 1);
    PUBLISHER_SEND(publisher, "cap", "import", "--again",
                   cap_today_file(publisher, "valid_china_alert.xml"));
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(publisher_got(screen, 1));
    peer_destroy(screen);
}

/* Before such files were refused, one may have been taken. */
static void a_chain_is_not_poisoned_by_a_time_in_the_future(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *database = NULL;
    sqlite3 *outbox = NULL;

    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_alert.xml"));
    publisher_expect(publisher, 0, "");
    assert_true(asprintf(&database, "%s/.local/state/gaoshi/outbox.db",
                         publisher->folder) > 0);
    assert_int_equal(
        sqlite3_open_v2(database, &outbox, SQLITE_OPEN_READWRITE, NULL),
        SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(outbox, "UPDATE cap_chain SET sent_ms = 2917000000000",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(outbox);
    PUBLISHER_SEND(publisher, "cap", "import", "--yes",
                   cap_today_file(publisher, "valid_china_update.xml"));
    publisher_expect(publisher, 0, "");
    assert_non_null(publisher_got(screen, 1));
    /* From now on its times count again. */
    PUBLISHER_SEND(publisher, "cap", "import", "--again",
                   cap_today_file(publisher, "valid_china_alert.xml"));
    publisher_expect(publisher, 4, "older than what was sent");
    free(database);
    peer_destroy(screen);
}

static void cap_check_tells_what_no_font_has(void **state)
{
    struct publisher_fixture *publisher = *state;
    size_t size;
    char *text = source_read("tests/cap/valid_china_gbk_user_defined.xml",
                             &size);
    char *path = folder_path(publisher->folder, "odd.xml");
    FILE *file = fopen(path, "wb");

    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    PUBLISHER_RUN(publisher, "cap", "check", path);
    publisher_expect(publisher, 0, "U+E000");
    publisher_expect(publisher, 0,
                     "forgiven: encoding: user-defined characters");
    free(path);
    free(text);
}

static void a_file_without_areas_needs_the_operators_scope(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_oasis_without_area.xml"));
    assert_int_equal(publisher->result.code, 4);
    assert_non_null(strstr(publisher->result.err, "--scope"));
    PUBLISHER_SEND(publisher, "cap", "import", "--scope", "area-410103",
                   cap_today_file(publisher, "valid_oasis_without_area.xml"));
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(
        strstr(publisher_got(screen, 0)->topic, "/area-410103/alert/"));
    /* Where the file names its areas, they hold. */
    PUBLISHER_SEND(publisher, "cap", "import", "--scope", "all",
                   cap_today_file(publisher, "valid_china_alert.xml"));
    assert_non_null(
        strstr(publisher_got(screen, 1)->topic, "/area-410103/alert/"));
    peer_destroy(screen);
}

static void without_a_terminal_an_import_to_all_needs_yes(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *file =
        strdup(cap_today_file(publisher, "valid_oasis_without_area.xml"));

    PUBLISHER_SEND(publisher, "cap", "import", "--scope", "all", file);
    publisher_expect(publisher, 2, "nothing was sent");
    /* Not sent, and so not remembered either. */
    PUBLISHER_SEND(publisher, "cap", "import", "--scope", "all", "--yes", file);
    publisher_expect(publisher, 0, "");
    assert_non_null(strstr(publisher_got(screen, 0)->topic, "/all/alert/"));
    /* What was sent before asks nobody. */
    PUBLISHER_SEND(publisher, "cap", "import", "--scope", "all", file);
    publisher_expect(publisher, 0, "was sent before");
    free(file);
    peer_destroy(screen);
}

/* Screens go by the time of the cancel: they would not show it. */
static void what_was_cancelled_is_not_sent_again(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *alert = strdup(cap_today_file(publisher, "valid_china_alert.xml"));

    PUBLISHER_SEND(publisher, "cap", "import", alert);
    PUBLISHER_SEND(publisher, "alert", "cancel", ROOT);
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "cap", "import", "--again", alert);
    publisher_expect(publisher, 4,
                     "was cancelled since: no screen would show it");
    /* Nor is an update that its source sent before that. */
    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_update.xml"),
                   "--yes");
    publisher_expect(publisher, 4,
                     "was cancelled since: no screen would show it");
    assert_int_equal(publisher_got_count(screen), 2);
    PUBLISHER_SEND(publisher, "alert", "list");
    publisher_expect(publisher, 0, "1 more that ended");
    free(alert);
    peer_destroy(screen);
}

static void an_older_one_is_not_sent_again_over_a_newer_one(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *alert = strdup(cap_today_file(publisher, "valid_china_alert.xml"));

    PUBLISHER_SEND(publisher, "cap", "import", alert);
    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_update.xml"),
                   "--yes");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "cap", "import", "--again", alert);
    publisher_expect(publisher, 4, "older than what was sent");
    free(alert);
}

static void acknowledgements_and_drafts_are_never_sent(void **state)
{
    static const char *const names[] = {
        "invalid_type_ack.xml", "invalid_type_error.xml",
        "invalid_status_draft.xml", "invalid_status_system.xml",
        "invalid_scope_private.xml"};
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        PUBLISHER_SEND(publisher, "cap", "import",
                       cap_today_file(publisher, names[i]));
        assert_int_equal(publisher->result.code, 4);
    }
    assert_int_equal(publisher_got_count(screen), 0);
    peer_destroy(screen);
}

/* As it lies in the corpus: of 2021, and without an end. */
static void what_no_screen_would_show_is_not_sent(void **state)
{
    static const char file[] = GAOSHI_SOURCE_DIR
        "/tests/cap/valid_china_alert.xml";
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_RUN(publisher, "cap", "check", file);
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(strstr(publisher->result.out, "over since 2021-07-"));
    PUBLISHER_SEND(publisher, "cap", "import", file);
    publisher_expect(publisher, 4, "no screen would show it; nothing was sent");
    assert_int_equal(publisher_got_count(screen), 0);
    /* A file that came too late changes nothing for one that did not. */
    PUBLISHER_SEND(publisher, "cap", "import",
                   cap_today_file(publisher, "valid_china_alert.xml"));
    publisher_expect(publisher, 0, "");
    peer_destroy(screen);
}

static void what_screens_hold_back_is_told(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *text = cap_today("valid_china_alert.xml",
                           cap_today_ms() + 2 * CAP_TODAY_HOUR_MS);
    char *file = folder_path(publisher->folder, "ahead.xml");

    assert_true(folder_write(publisher->folder, "ahead.xml", text));
    PUBLISHER_RUN(publisher, "cap", "check", file);
    publisher_expect(publisher, 0,
                     "ahead of this clock: screens hold it back until");
    PUBLISHER_SEND(publisher, "cap", "import", file);
    publisher_expect(publisher, 0,
                     "ahead of this clock: screens hold it back until");
    free(file);
    free(text);
}

static void an_export_of_what_was_sent_is_read_again_as_the_same(void **state)
{
    struct publisher_fixture *publisher = *state;

    PUBLISHER_SEND(
        publisher, "cap", "import",
        cap_today_file(publisher, "valid_china_full_width_commas.xml"));
    PUBLISHER_SEND(publisher, "cap", "export", ROOT);
    assert_int_equal(publisher->result.code, 0);
    assert_true(
        folder_write(publisher->folder, "export.xml", publisher->result.out));
    char *path = folder_path(publisher->folder, "export.xml");
    PUBLISHER_RUN(publisher, "cap", "check", path);
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(strstr(publisher->result.out, "actual alert " ROOT));
    assert_non_null(
        strstr(publisher->result.out, "orange 暴雨 to area-410103\n"));
    assert_non_null(
        strstr(publisher->result.out, "orange 暴雨 to area-410105\n"));
    assert_non_null(
        strstr(publisher->result.out, "orange 暴雨 to area-410122\n"));
    PUBLISHER_SEND(publisher, "cap", "export", "never-sent");
    assert_int_equal(publisher->result.code, 4);
    free(path);
}

int main(void)
{
#define WITH_PUBLISHER(test)                                                   \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(an_import_goes_to_every_area_that_the_file_names),
        WITH_PUBLISHER(an_update_ends_what_stood_in_areas_it_names_no_more),
        WITH_PUBLISHER(a_cancel_without_areas_goes_wherever_its_alert_went),
        WITH_PUBLISHER(an_all_clear_ends_what_it_names),
        WITH_PUBLISHER(an_all_clear_of_one_area_ends_it_there_alone),
        WITH_PUBLISHER(an_alert_after_its_own_cancel_is_not_sent),
        WITH_PUBLISHER(an_older_message_never_replaces_a_newer_one),
        WITH_PUBLISHER(
            the_same_file_is_sent_once_and_another_of_its_name_never),
        WITH_PUBLISHER(a_chain_is_not_poisoned_by_a_time_in_the_future),
        WITH_PUBLISHER(cap_check_tells_what_no_font_has),
        WITH_PUBLISHER(a_file_without_areas_needs_the_operators_scope),
        WITH_PUBLISHER(without_a_terminal_an_import_to_all_needs_yes),
        WITH_PUBLISHER(what_was_cancelled_is_not_sent_again),
        WITH_PUBLISHER(an_older_one_is_not_sent_again_over_a_newer_one),
        WITH_PUBLISHER(acknowledgements_and_drafts_are_never_sent),
        WITH_PUBLISHER(what_no_screen_would_show_is_not_sent),
        WITH_PUBLISHER(what_screens_hold_back_is_told),
        WITH_PUBLISHER(an_export_of_what_was_sent_is_read_again_as_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
