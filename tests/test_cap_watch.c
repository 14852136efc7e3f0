/* gaoshi-publish cap watch with a real broker: what lies in the folder of a
 * hand-over is sent once, and nothing in it stays without a word. */
#include "base/files.h"
#include "publisher/cap/cap_file.h"
#include "tests/support/cap_today.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/publisher_fixture.h"
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

#define ROOT "41010341600000_20210720182000"

/* A file of the corpus in the folder of the hand-over. */
static void hand_over(const char *inbox, const char *name)
{
    char *text = cap_today(name, cap_today_ms());

    assert_true(folder_write(inbox, name, text));
    free(text);
}

static char *make_inbox(const struct publisher_fixture *publisher)
{
    char *inbox = folder_path(publisher->folder, "inbox");

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
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *inbox = make_inbox(publisher);

    hand_over(inbox, "valid_china_alert.xml");
    hand_over(inbox, "invalid_sent_without_offset.xml");
    assert_true(folder_write(inbox, "notes.txt", "no message"));
    assert_true(folder_write(inbox, ".hidden.xml", "no message"));
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    assert_int_equal(publisher->result.code, 4);
    assert_true(has_file(inbox, "done/valid_china_alert.xml"));
    assert_true(has_file(inbox, "refused/invalid_sent_without_offset.xml"));
    assert_true(has_file(inbox, "notes.txt"));
    assert_true(has_file(inbox, ".hidden.xml"));
    char *reason = folder_read(
        inbox, "refused/invalid_sent_without_offset.xml.reason.txt");
    assert_non_null(
        strstr(reason, "invalid_sent_without_offset.xml:5:3: alert.sent: "));
    free(reason);
    assert_non_null(publisher_got(screen, 0));
    /* Handed over once more, it is not sent once more. */
    hand_over(inbox, "valid_china_alert.xml");
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    assert_int_equal(publisher->result.code, 0);
    assert_true(has_file(inbox, "done/valid_china_alert.xml.1"));
    assert_int_equal(publisher_got_count(screen), 1);
    free(inbox);
    peer_destroy(screen);
}

static void a_file_still_being_written_is_left(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *inbox = make_inbox(publisher);

    hand_over(inbox, "valid_china_alert.xml");
    char *path = folder_path(inbox, "valid_china_alert.xml");
    int writer = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_true(writer >= 0);
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    assert_int_equal(publisher->result.code, 0);
    assert_true(has_file(inbox, "valid_china_alert.xml"));
    close(writer);
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    assert_int_equal(publisher->result.code, 0);
    assert_true(has_file(inbox, "done/valid_china_alert.xml"));
    free(path);
    free(inbox);
}

static void what_a_dead_broker_did_not_take_goes_out_later_once(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *inbox = make_inbox(publisher);

    broker_stop(publisher->broker);
    hand_over(inbox, "valid_china_alert.xml");
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", "--timeout", "1",
                   inbox);
    assert_int_equal(publisher->result.code, 3);
    assert_true(has_file(inbox, "done/valid_china_alert.xml"));
    assert_true(broker_restart(publisher->broker));
    struct peer *screen = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    assert_int_equal(publisher->result.code, 0);
    publisher_expect_got(publisher, screen, 0, MESSAGE_ALERT,
                         "gaoshi/1/erqi/down/area-410103/alert/" ROOT);
    free(inbox);
    peer_destroy(screen);
}

static void a_running_watch_sends_what_appears_and_ends_on_term(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *inbox = make_inbox(publisher);
    char *state_file = folder_path(publisher->folder, "watch.db");
    char *program = process_beside("gaoshi-publish");
    const char *words[] = {program,
                           "cap",
                           "watch",
                           "--org",
                           "erqi",
                           "--key",
                           publisher->key,
                           "--broker",
                           broker_url(publisher->broker),
                           "--state",
                           state_file,
                           inbox,
                           NULL};

    pid_t pid = process_start(words, NULL, -1);
    assert_true(pid > 0);
    hand_over(inbox, "valid_china_alert.xml");
    assert_non_null(publisher_got(screen, 0));
    hand_over(inbox, "valid_china_update.xml");
    assert_non_null(publisher_got(screen, 1));
    assert_int_equal(process_stop(pid), 0);
    free(program);
    free(state_file);
    free(inbox);
    peer_destroy(screen);
}

/* Whoever mistypes its name would wait for warnings that come elsewhere. */
static void a_folder_that_is_not_there_is_never_made(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *typo = folder_path(publisher->folder, "imbox");

    PUBLISHER_SEND(publisher, "cap", "watch", "--once", typo);
    publisher_expect(publisher, 1, "imbox: no such folder");
    assert_int_not_equal(access(typo, F_OK), 0);
    assert_true(folder_write(publisher->folder, "imbox", "a file"));
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", typo);
    publisher_expect(publisher, 1, "imbox: no such folder");
    free(typo);
}

/* None of them is opened: a pipe would hold the watch for ever. */
static void what_is_no_file_is_moved_aside_with_the_reason(void **state)
{
    static const struct {
        const char *name, *reason;
    } rows[] = {{"link.xml", "a symbolic link found"},
                {"pipe.xml", "a pipe found"},
                {"folder.xml", "a folder found"}};
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *inbox = make_inbox(publisher);
    char *target = folder_path(publisher->folder, "elsewhere.xml");
    char *paths[3];

    for (size_t i = 0; i < 3; i++)
        paths[i] = folder_path(inbox, rows[i].name);
    assert_true(folder_write(publisher->folder, "elsewhere.xml", "<alert/>"));
    assert_int_equal(symlink(target, paths[0]), 0);
    assert_int_equal(mkfifo(paths[1], 0600), 0);
    assert_int_equal(mkdir(paths[2], 0700), 0);
    hand_over(inbox, "valid_china_alert.xml");
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    assert_int_equal(publisher->result.code, 4);
    for (size_t i = 0; i < 3; i++) {
        char name[64];
        assert_false(has_file(inbox, rows[i].name));
        assert_non_null(strstr(publisher->result.err, rows[i].reason));
        snprintf(name, sizeof name, "refused/%s.reason.txt", rows[i].name);
        char *reason = folder_read(inbox, name);
        assert_non_null(strstr(reason, rows[i].reason));
        free(reason);
        free(paths[i]);
    }
    assert_int_equal(access(target, F_OK), 0);
    assert_non_null(publisher_got(screen, 0));
    free(target);
    free(inbox);
    peer_destroy(screen);
}

/* Nobody is there to ask: --scope all at its start is the consent. */
static void a_watch_asks_nobody(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *inbox = make_inbox(publisher);

    hand_over(inbox, "valid_oasis_without_area.xml");
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", "--scope", "all",
                   inbox);
    publisher_expect(publisher, 0, "");
    assert_non_null(strstr(publisher_got(screen, 0)->topic, "/all/alert/"));
    free(inbox);
    peer_destroy(screen);
}

/* As it lies in the corpus: of 2021, and without an end. */
static void a_file_that_came_too_late_is_moved_aside(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *inbox = make_inbox(publisher);
    size_t size;
    char *text = source_read("tests/cap/valid_china_alert.xml", &size);

    assert_true(folder_write(inbox, "late.xml", text));
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    assert_int_equal(publisher->result.code, 4);
    char *reason = folder_read(inbox, "refused/late.xml.reason.txt");
    assert_non_null(strstr(reason, "no screen would show it"));
    free(reason);
    free(text);
    free(inbox);
}

/* In the order of the levels, whichever came first; of one chain the older one
 * stays before the newer. */
static void the_gravest_of_many_files_goes_out_first(void **state)
{
    static const char *const names[] = {"valid_china_blue.xml",
                                        "valid_china_yellow.xml",
                                        "valid_china_red.xml"};
    static const enum alert_level levels[] = {
        ALERT_LEVEL_RED, ALERT_LEVEL_YELLOW, ALERT_LEVEL_BLUE};
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *inbox = make_inbox(publisher);

    for (size_t i = 0; i < 3; i++) {
        char name[16], root[64];
        char *text = cap_today(names[i], cap_today_ms());
        /* Each a chain of its own. */
        char *id = strstr(text, ROOT);
        assert_non_null(id);
        snprintf(root, sizeof root, "4101034160000%zu", i + 1);
        memcpy(id, root, strlen(root));
        snprintf(name, sizeof name, "%zu.xml", i);
        assert_true(folder_write(inbox, name, text));
        free(text);
    }
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    publisher_expect(publisher, 0, "");
    for (size_t i = 0; i < 3; i++) {
        struct message *alert = publisher_heard(publisher, screen, i);
        assert_int_equal(alert->alert.level, levels[i]);
        message_destroy(alert);
    }
    free(inbox);
    peer_destroy(screen);
}

static void many_files_of_one_chain_keep_their_order(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *first = strdup(cap_today_file(publisher, "valid_china_alert.xml"));
    char *second = strdup(cap_today_file(publisher, "valid_china_update.xml"));

    /* The update is graver, and comes behind what it updates all the same. */
    PUBLISHER_SEND(publisher, "cap", "import", "--yes", first, second);
    publisher_expect(publisher, 0, "");
    struct message *alert = publisher_heard(publisher, screen, 0);
    struct message *update = publisher_heard(publisher, screen, 1);
    assert_int_equal(alert->alert.level, ALERT_LEVEL_ORANGE);
    assert_int_equal(update->alert.level, ALERT_LEVEL_RED);
    message_destroy(alert);
    message_destroy(update);
    free(first);
    free(second);
    peer_destroy(screen);
}

/* Somebody who may write into the folder puts a link, or another file, in place
 * of the one that was found there. */
static void only_the_file_that_was_listed_is_read(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *inbox = make_inbox(publisher);
    char *path = folder_path(inbox, "a.xml");
    char *secret = folder_path(publisher->folder, "secret");
    struct problem problem = {0};
    struct stat status;
    size_t bytes;

    assert_true(folder_write(inbox, "a.xml", "listed"));
    assert_true(folder_write(publisher->folder, "secret", "secret"));
    assert_int_equal(lstat(path, &status), 0);
    struct file_identity listed = {status.st_dev, status.st_ino};
    char *text = file_read_listed(path, &listed, 100, &bytes, &problem);
    assert_string_equal(text, "listed");
    free(text);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(secret, path), 0);
    assert_null(file_read_listed(path, &listed, 100, &bytes, &problem));
    assert_non_null(strstr(problem.expected, "no longer the file"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(link(secret, path), 0);
    assert_null(file_read_listed(path, &listed, 100, &bytes, &problem));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_null(file_read_listed(path, &listed, 100, &bytes, &problem));
    free(secret);
    free(path);
    free(inbox);
}

/* A good CAP file in its place is not read either. */
static void a_file_that_took_the_place_of_a_listed_one_is_refused(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *inbox = make_inbox(publisher);
    char *path = folder_path(inbox, "a.xml");
    char *text = cap_today("valid_china_alert.xml", cap_today_ms());
    struct cap_file file;
    struct problem problem = {0};
    struct stat status;

    assert_true(folder_write(inbox, "a.xml", text));
    assert_int_equal(lstat(path, &status), 0);
    const struct file_identity listed = {status.st_dev, status.st_ino};
    assert_true(cap_file_read(&file, path, &listed, NULL, &problem));
    cap_file_finish(&file);
    assert_true(folder_write(inbox, "b.xml", text));
    char *other = folder_path(inbox, "b.xml");
    assert_int_equal(rename(other, path), 0);
    assert_false(cap_file_read(&file, path, &listed, NULL, &problem));
    assert_non_null(strstr(problem.expected, "no longer the file"));
    free(other);
    free(text);
    free(path);
    free(inbox);
}

/* Its sender's clock was wrong: nothing of its chain would ever be newer. */
static void what_was_sent_in_the_far_future_is_refused(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *inbox = make_inbox(publisher);
    char *text = cap_today("valid_china_alert.xml",
                           INT64_C(2917000000000)); /* in 2062 */

    assert_true(folder_write(inbox, "future.xml", text));
    PUBLISHER_SEND(publisher, "cap", "watch", "--once", inbox);
    publisher_expect(publisher, 4, "more than a day ahead of this clock");
    char *refused = folder_path(inbox, "refused/future.xml");
    PUBLISHER_RUN(publisher, "cap", "check", refused);
    publisher_expect(publisher, 4, "more than a day ahead of this clock");
    free(refused);
    free(text);
    free(inbox);
}

int main(void)
{
#define WITH_PUBLISHER(test)                                                   \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(a_watch_sends_good_files_and_moves_bad_ones_aside),
        WITH_PUBLISHER(a_file_still_being_written_is_left),
        WITH_PUBLISHER(what_a_dead_broker_did_not_take_goes_out_later_once),
        WITH_PUBLISHER(a_running_watch_sends_what_appears_and_ends_on_term),
        WITH_PUBLISHER(a_folder_that_is_not_there_is_never_made),
        WITH_PUBLISHER(what_is_no_file_is_moved_aside_with_the_reason),
        WITH_PUBLISHER(a_watch_asks_nobody),
        WITH_PUBLISHER(a_file_that_came_too_late_is_moved_aside),
        WITH_PUBLISHER(the_gravest_of_many_files_goes_out_first),
        WITH_PUBLISHER(many_files_of_one_chain_keep_their_order),
        WITH_PUBLISHER(only_the_file_that_was_listed_is_read),
        WITH_PUBLISHER(a_file_that_took_the_place_of_a_listed_one_is_refused),
        WITH_PUBLISHER(what_was_sent_in_the_far_future_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
