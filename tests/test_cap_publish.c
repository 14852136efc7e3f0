/* gaoshi-publish cap with a real broker: what a warning centre hands over
 * reaches the screens once, in its order, and where it belongs. */
#include "tests/support/desk.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/table.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define CORPUS GAOSHI_SOURCE_DIR "/tests/cap/"
#define ROOT "41010341600000_20210720182000"

static void assert_got(const struct desk *desk, struct peer *screen, size_t n,
                       enum message_kind kind, const char *topic)
{
    const struct peer_message *got = desk_got(screen, n);

    assert_non_null(got);
    assert_string_equal(got->topic, topic);
    struct message *message = desk_open_message(desk, got);
    assert_int_equal(message->kind, kind);
    message_destroy(message);
}

static void an_import_goes_to_every_area_that_the_file_names(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "cap", "import",
              CORPUS "valid_china_full_width_commas.xml");
    assert_int_equal(desk->result.code, 0);
    assert_got(desk, screen, 0, MESSAGE_ALERT,
               "gaoshi/1/erqi/down/area-410103/alert/" ROOT);
    assert_got(desk, screen, 1, MESSAGE_ALERT,
               "gaoshi/1/erqi/down/area-410105/alert/" ROOT);
    assert_got(desk, screen, 2, MESSAGE_ALERT,
               "gaoshi/1/erqi/down/area-410122/alert/" ROOT);
    peer_destroy(screen);
}

static void an_update_ends_what_stood_in_areas_it_names_no_more(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "cap", "import",
              CORPUS "valid_china_full_width_commas.xml");
    DESK_SEND(desk, "cap", "import", CORPUS "valid_china_update.xml");
    assert_int_equal(desk->result.code, 0);
    assert_got(desk, screen, 3, MESSAGE_ALERT_CANCEL,
               "gaoshi/1/erqi/down/area-410105/alert/" ROOT);
    assert_got(desk, screen, 4, MESSAGE_ALERT_CANCEL,
               "gaoshi/1/erqi/down/area-410122/alert/" ROOT);
    assert_got(desk, screen, 5, MESSAGE_ALERT,
               "gaoshi/1/erqi/down/area-410103/alert/" ROOT);
    peer_destroy(screen);
}

static void a_cancel_without_areas_goes_wherever_its_alert_went(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "cap", "import", CORPUS "valid_oasis_several_areas.xml");
    DESK_SEND(desk, "cap", "import",
              CORPUS "valid_oasis_cancel_without_info.xml");
    assert_int_equal(desk->result.code, 0);
    for (size_t i = 3; i < 6; i++) {
        struct message *message = desk_open_message(desk, desk_got(screen, i));
        assert_int_equal(message->kind, MESSAGE_ALERT_CANCEL);
        message_destroy(message);
    }
    peer_destroy(screen);
}

static void an_alert_after_its_own_cancel_is_not_sent(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "cap", "import",
              CORPUS "valid_oasis_cancel_without_info.xml");
    assert_int_equal(desk->result.code, 0);
    DESK_SEND(desk, "cap", "import", CORPUS "valid_oasis_1_2.xml");
    assert_int_equal(desk->result.code, 4);
    assert_non_null(strstr(desk->result.err, "older than what was sent"));
    assert_int_equal(desk_got_count(screen), 0);
    peer_destroy(screen);
}

static void an_older_message_never_replaces_a_newer_one(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "cap", "import", CORPUS "valid_china_update.xml");
    assert_int_equal(desk->result.code, 0);
    DESK_SEND(desk, "cap", "import", CORPUS "valid_china_alert.xml");
    assert_int_equal(desk->result.code, 4);
    assert_int_equal(desk_got_count(screen), 1);
    peer_destroy(screen);
}

static void
the_same_file_is_sent_once_and_another_of_its_name_never(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "cap", "import", CORPUS "valid_china_alert.xml");
    DESK_SEND(desk, "cap", "import", CORPUS "valid_china_alert.xml");
    assert_int_equal(desk->result.code, 0);
    assert_non_null(strstr(desk->result.err, "was sent before"));
    DESK_SEND(desk, "cap", "import", CORPUS "valid_china_red.xml");
    assert_int_equal(desk->result.code, 4);
    assert_non_null(strstr(desk->result.err, "with other contents"));
    assert_int_equal(desk_got_count(screen), 1);
    DESK_SEND(desk, "cap", "import", "--again", CORPUS "valid_china_alert.xml");
    assert_int_equal(desk->result.code, 0);
    assert_non_null(desk_got(screen, 1));
    peer_destroy(screen);
}

static void a_file_without_areas_needs_the_operators_scope(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "cap", "import", CORPUS "valid_oasis_without_area.xml");
    assert_int_equal(desk->result.code, 4);
    assert_non_null(strstr(desk->result.err, "--scope"));
    DESK_SEND(desk, "cap", "import", "--scope", "area-410103",
              CORPUS "valid_oasis_without_area.xml");
    assert_int_equal(desk->result.code, 0);
    assert_non_null(strstr(desk_got(screen, 0)->topic, "/area-410103/alert/"));
    /* Where the file names its areas, they hold. */
    DESK_SEND(desk, "cap", "import", "--scope", "all",
              CORPUS "valid_china_alert.xml");
    assert_non_null(strstr(desk_got(screen, 1)->topic, "/area-410103/alert/"));
    peer_destroy(screen);
}

static void acknowledgements_and_drafts_are_never_sent(void **state)
{
    static const char *const names[] = {
        "invalid_type_ack.xml", "invalid_type_error.xml",
        "invalid_status_draft.xml", "invalid_status_system.xml",
        "invalid_scope_private.xml"};
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[400];
        snprintf(path, sizeof path, CORPUS "%s", names[i]);
        DESK_SEND(desk, "cap", "import", path);
        assert_int_equal(desk->result.code, 4);
    }
    assert_int_equal(desk_got_count(screen), 0);
    peer_destroy(screen);
}

/* A file of the corpus in the folder of the hand-over. */
static void hand_over(const char *inbox, const char *name)
{
    char path[400];
    size_t size;

    snprintf(path, sizeof path, "tests/cap/%s", name);
    char *text = source_read(path, &size);
    assert_true(folder_write(inbox, name, text));
    free(text);
}

static char *make_inbox(const struct desk *desk)
{
    char *inbox = folder_path(desk->folder, "inbox");

    assert_int_equal(mkdir(inbox, 0700), 0);
    return inbox;
}

static bool has_file(const char *folder, const char *name)
{
    char *path = folder_path(folder, name);
    bool there = access(path, F_OK) == 0;

    free(path);
    return there;
}

static void a_watch_sends_good_files_and_moves_bad_ones_aside(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);
    char *inbox = make_inbox(desk);

    hand_over(inbox, "valid_china_alert.xml");
    hand_over(inbox, "invalid_sent_zulu.xml");
    assert_true(folder_write(inbox, "notes.txt", "no message"));
    assert_true(folder_write(inbox, ".hidden.xml", "no message"));
    DESK_SEND(desk, "cap", "watch", "--once", inbox);
    assert_int_equal(desk->result.code, 4);
    assert_true(has_file(inbox, "done/valid_china_alert.xml"));
    assert_true(has_file(inbox, "refused/invalid_sent_zulu.xml"));
    assert_true(has_file(inbox, "notes.txt"));
    assert_true(has_file(inbox, ".hidden.xml"));
    char *reason = folder_read(inbox,
                               "refused/invalid_sent_zulu.xml.reason.txt");
    assert_non_null(strstr(reason, "invalid_sent_zulu.xml:5:3: alert.sent: "));
    free(reason);
    assert_non_null(desk_got(screen, 0));
    /* Handed over once more, it is not sent once more. */
    hand_over(inbox, "valid_china_alert.xml");
    DESK_SEND(desk, "cap", "watch", "--once", inbox);
    assert_int_equal(desk->result.code, 0);
    assert_true(has_file(inbox, "done/valid_china_alert.xml.1"));
    assert_int_equal(desk_got_count(screen), 1);
    free(inbox);
    peer_destroy(screen);
}

static void a_file_still_being_written_is_left(void **state)
{
    struct desk *desk = *state;
    char *inbox = make_inbox(desk);

    hand_over(inbox, "valid_china_alert.xml");
    char *path = folder_path(inbox, "valid_china_alert.xml");
    int writer = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_true(writer >= 0);
    DESK_SEND(desk, "cap", "watch", "--once", inbox);
    assert_int_equal(desk->result.code, 0);
    assert_true(has_file(inbox, "valid_china_alert.xml"));
    close(writer);
    DESK_SEND(desk, "cap", "watch", "--once", inbox);
    assert_int_equal(desk->result.code, 0);
    assert_true(has_file(inbox, "done/valid_china_alert.xml"));
    free(path);
    free(inbox);
}

static void what_a_dead_broker_did_not_take_goes_out_later_once(void **state)
{
    struct desk *desk = *state;
    char *inbox = make_inbox(desk);

    broker_stop(desk->broker);
    hand_over(inbox, "valid_china_alert.xml");
    DESK_SEND(desk, "cap", "watch", "--once", "--timeout", "1", inbox);
    assert_int_equal(desk->result.code, 3);
    assert_true(has_file(inbox, "done/valid_china_alert.xml"));
    assert_true(broker_restart(desk->broker));
    struct peer *screen = desk_screen(desk);
    DESK_SEND(desk, "cap", "watch", "--once", inbox);
    assert_int_equal(desk->result.code, 0);
    assert_got(desk, screen, 0, MESSAGE_ALERT,
               "gaoshi/1/erqi/down/area-410103/alert/" ROOT);
    free(inbox);
    peer_destroy(screen);
}

static void a_running_watch_sends_what_appears_and_ends_on_term(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);
    char *inbox = make_inbox(desk);
    char *state_file = folder_path(desk->folder, "watch.db");
    char *program = process_beside("gaoshi-publish");
    const char *words[] = {program,   "cap",      "watch",
                           "--org",   "erqi",     "--key",
                           desk->key, "--broker", broker_url(desk->broker),
                           "--state", state_file, inbox,
                           NULL};

    pid_t pid = process_start(words, NULL, -1);
    assert_true(pid > 0);
    hand_over(inbox, "valid_china_alert.xml");
    assert_non_null(desk_got(screen, 0));
    hand_over(inbox, "valid_china_update.xml");
    assert_non_null(desk_got(screen, 1));
    assert_int_equal(process_stop(pid), 0);
    free(program);
    free(state_file);
    free(inbox);
    peer_destroy(screen);
}

static void an_export_of_what_was_sent_is_read_again_as_the_same(void **state)
{
    struct desk *desk = *state;

    DESK_SEND(desk, "cap", "import",
              CORPUS "valid_china_full_width_commas.xml");
    DESK_SEND(desk, "cap", "export", ROOT);
    assert_int_equal(desk->result.code, 0);
    assert_true(folder_write(desk->folder, "export.xml", desk->result.out));
    char *path = folder_path(desk->folder, "export.xml");
    DESK_RUN(desk, "cap", "check", path);
    assert_int_equal(desk->result.code, 0);
    assert_non_null(strstr(desk->result.out, "actual alert " ROOT));
    assert_non_null(strstr(desk->result.out, "orange 暴雨 to area-410103\n"));
    assert_non_null(strstr(desk->result.out, "orange 暴雨 to area-410105\n"));
    assert_non_null(strstr(desk->result.out, "orange 暴雨 to area-410122\n"));
    DESK_SEND(desk, "cap", "export", "never-sent");
    assert_int_equal(desk->result.code, 4);
    free(path);
}

int main(void)
{
#define AT_DESK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, desk_open, desk_close)
    const struct CMUnitTest tests[] = {
        AT_DESK(an_import_goes_to_every_area_that_the_file_names),
        AT_DESK(an_update_ends_what_stood_in_areas_it_names_no_more),
        AT_DESK(a_cancel_without_areas_goes_wherever_its_alert_went),
        AT_DESK(an_alert_after_its_own_cancel_is_not_sent),
        AT_DESK(an_older_message_never_replaces_a_newer_one),
        AT_DESK(the_same_file_is_sent_once_and_another_of_its_name_never),
        AT_DESK(a_file_without_areas_needs_the_operators_scope),
        AT_DESK(acknowledgements_and_drafts_are_never_sent),
        AT_DESK(a_watch_sends_good_files_and_moves_bad_ones_aside),
        AT_DESK(a_file_still_being_written_is_left),
        AT_DESK(what_a_dead_broker_did_not_take_goes_out_later_once),
        AT_DESK(a_running_watch_sends_what_appears_and_ends_on_term),
        AT_DESK(an_export_of_what_was_sent_is_read_again_as_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
