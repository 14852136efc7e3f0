/* The outbox: numbers never go back, nothing queued is lost. */
#include "base/sqlite.h"
#include "base/timestamp.h"
#include "protocol/limits.h"
#include "publisher/outbox/outbox.h"
#include "publisher/outbox/sent_alerts.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct bench {
    char *folder;
    char *file;
};

static int make_folder(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);

    bench->folder = folder_make();
    bench->file = folder_path(bench->folder, "state/gaoshi/outbox.db");
    *state = bench;
    return 0;
}

static int remove_folder(void **state)
{
    struct bench *bench = *state;

    folder_remove(bench->folder);
    free(bench->file);
    free(bench->folder);
    free(bench);
    return 0;
}

static struct outbox *open_box(const struct bench *bench)
{
    struct outbox *outbox = NULL;
    struct problem problem = {0};

    if (!outbox_open(bench->file, &outbox, &problem))
        fail_msg("%s", problem.expected);
    return outbox;
}

static int64_t next(struct outbox *outbox, int64_t now_ms)
{
    struct problem problem = {0};
    int64_t seq = 0;

    assert_true(outbox_begin(outbox, &problem));
    assert_true(outbox_next_sequence(outbox, now_ms, &seq, &problem));
    assert_true(outbox_commit(outbox, &problem));
    return seq;
}

static void add(struct outbox *outbox, int64_t seq, const char *topic,
                int64_t expires_ms)
{
    struct problem problem = {0};
    struct outbox_message message = {.seq = seq,
                                     .org = "erqi",
                                     .topic = topic,
                                     .payload = "a\0b",
                                     .bytes = 3,
                                     .expires_ms = expires_ms};

    assert_true(outbox_begin(outbox, &problem));
    assert_true(outbox_add(outbox, &message, &problem));
    assert_true(outbox_commit(outbox, &problem));
}

struct found {
    int64_t seqs[8];
    size_t count;
};

static bool note(void *context, const struct outbox_message *message)
{
    struct found *found = context;

    assert_int_equal(message->bytes, 3);
    assert_memory_equal(message->payload, "a\0b", 3);
    found->seqs[found->count++] = message->seq;
    return true;
}

static struct found waiting(struct outbox *outbox, int64_t now_ms)
{
    struct found found = {0};
    struct problem problem = {0};

    assert_true(
        outbox_each_waiting(outbox, "erqi", now_ms, note, &found, &problem));
    return found;
}

/* An hour ahead is taken up; what screens refused is not. */
static void a_clock_that_was_far_ahead_leaves_no_numbers_behind(void **state)
{
    const int64_t hour_ms = 3600 * 1000;
    struct outbox *outbox = open_box(*state);

    assert_int_equal(next(outbox, 5000 + hour_ms), 5000 + hour_ms);
    assert_int_equal(next(outbox, 5000), 5001 + hour_ms);
    next(outbox, 5000 + LIMIT_SEQUENCE_AHEAD_MS);
    assert_int_equal(next(outbox, 6000), 6000);
    assert_int_equal(next(outbox, 6000), 6001);
    outbox_close(outbox);
}

static void numbers_grow_strictly_across_runs(void **state)
{
    int64_t last = 0;

    for (int run = 0; run < 10; run++) {
        struct outbox *outbox = open_box(*state);
        for (int i = 0; i < 10; i++) {
            int64_t seq = next(outbox, 1000);
            assert_true(seq > last);
            last = seq;
        }
        outbox_close(outbox);
    }
    assert_int_equal(last, 1099);
}

static void numbers_begin_at_the_clock_and_survive_its_jump_back(void **state)
{
    struct outbox *outbox = open_box(*state);

    assert_int_equal(next(outbox, 5000), 5000);
    assert_int_equal(next(outbox, 9000), 9000);
    assert_int_equal(next(outbox, 10), 9001);
    outbox_close(outbox);
}

static void a_number_of_a_rolled_back_sending_was_never_sent(void **state)
{
    struct outbox *outbox = open_box(*state);
    struct problem problem = {0};
    int64_t seq = 0;

    assert_true(outbox_begin(outbox, &problem));
    assert_true(outbox_next_sequence(outbox, 7, &seq, &problem));
    outbox_rollback(outbox);
    assert_int_equal(waiting(outbox, 0).count, 0);
    outbox_rollback(outbox);
    assert_int_equal(next(outbox, 7), 7);
    outbox_close(outbox);
}

static void
what_waits_comes_oldest_first_and_what_is_settled_does_not(void **state)
{
    struct outbox *outbox = open_box(*state);
    struct problem problem = {0};

    add(outbox, 3, "c", TIMESTAMP_NONE);
    add(outbox, 1, "a", TIMESTAMP_NONE);
    add(outbox, 2, "b", TIMESTAMP_NONE);
    add(outbox, 4, "d", TIMESTAMP_NONE);
    assert_true(outbox_mark(outbox, 2, OUTBOX_CONFIRMED, &problem));
    assert_true(outbox_mark(outbox, 4, OUTBOX_REFUSED, &problem));
    assert_true(outbox_mark(outbox, 99, OUTBOX_REFUSED, &problem));
    outbox_close(outbox);

    outbox = open_box(*state);
    struct found found = waiting(outbox, 0);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.seqs[0], 1);
    assert_int_equal(found.seqs[1], 3);
    outbox_close(outbox);
}

static void what_was_replaced_in_its_slot_is_not_sent(void **state)
{
    struct outbox *outbox = open_box(*state);

    add(outbox, 1, "a", TIMESTAMP_NONE);
    add(outbox, 2, "a", TIMESTAMP_NONE);
    struct found found = waiting(outbox, 0);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.seqs[0], 2);
    outbox_close(outbox);
}

static void what_expired_meanwhile_is_not_sent(void **state)
{
    struct outbox *outbox = open_box(*state);

    add(outbox, 1, "a", 1000);
    add(outbox, 2, "b", 3000);
    add(outbox, 3, "c", TIMESTAMP_NONE);
    assert_int_equal(waiting(outbox, 999).count, 3);
    assert_int_equal(waiting(outbox, 1000).count, 2);
    outbox_close(outbox);
}

static void another_organisations_messages_are_left_alone(void **state)
{
    struct outbox *outbox = open_box(*state);
    struct problem problem = {0};
    struct outbox_message message = {.seq = 1,
                                     .org = "elsewhere",
                                     .topic = "a",
                                     .payload = "a\0b",
                                     .bytes = 3,
                                     .expires_ms = TIMESTAMP_NONE};

    assert_true(outbox_begin(outbox, &problem));
    assert_true(outbox_add(outbox, &message, &problem));
    assert_true(outbox_commit(outbox, &problem));
    assert_int_equal(waiting(outbox, 0).count, 0);
    outbox_close(outbox);
}

static void folder_and_file_are_the_owners_alone(void **state)
{
    struct bench *bench = *state;
    struct stat status;

    outbox_close(open_box(bench));
    assert_int_equal(stat(bench->file, &status), 0);
    assert_int_equal(status.st_mode & 077, 0);
    char *folder = folder_path(bench->folder, "state/gaoshi");
    assert_int_equal(stat(folder, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    free(folder);
}

static void a_file_that_is_no_database_is_told_by_its_name(void **state)
{
    struct bench *bench = *state;
    struct outbox *outbox = NULL;
    struct problem problem = {0};

    assert_true(folder_write(bench->folder, "text",
                             "this is no database, "
                             "but a longer text\n"));
    char *file = folder_path(bench->folder, "text");
    assert_false(outbox_open(file, &outbox, &problem));
    assert_string_equal(problem.place, file);
    assert_int_equal(problem.code, PROBLEM_SYSTEM);
    free(file);
}

/* Writes its numbers into the pipe. */
static void take_numbers(const struct bench *bench, int pipe_end, int count)
{
    struct outbox *outbox = open_box(bench);

    for (int i = 0; i < count; i++) {
        int64_t seq = next(outbox, 1);
        if (write(pipe_end, &seq, sizeof seq) != sizeof seq)
            _exit(1);
    }
    outbox_close(outbox);
    _exit(0);
}

static void two_operators_at_once_never_share_a_number(void **state)
{
    enum { EACH = 50 };
    bool seen[2 * EACH + 1] = {false};
    int ends[2];
    int64_t seq;

    outbox_close(open_box(*state));
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < 2; i++)
        if (fork() == 0)
            take_numbers(*state, ends[1], EACH);
    close(ends[1]);
    for (int i = 0; i < 2 * EACH; i++) {
        assert_int_equal(read(ends[0], &seq, sizeof seq), sizeof seq);
        assert_in_range(seq, 1, 2 * EACH);
        assert_false(seen[seq]);
        seen[seq] = true;
    }
    close(ends[0]);
    while (wait(NULL) > 0)
        ;
}

static void what_another_process_is_sending_is_held_until_it_ends(void **state)
{
    struct outbox *sender = open_box(*state);
    struct outbox *other = open_box(*state);

    outbox_hold(sender, 5, 7);
    assert_true(outbox_is_held(other, 5));
    assert_true(outbox_is_held(other, 7));
    assert_false(outbox_is_held(other, 8));
    assert_false(outbox_is_held(sender, 6));
    outbox_close(sender);
    assert_false(outbox_is_held(other, 6));
    outbox_close(other);
}

/* What gaoshi-publish 0.1.0 wrote before one module had all the tables: those
 * of imports were not there until the first import. */
static const char file_of_before[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA application_id = 1734438771;"
    "CREATE TABLE sequence (one INTEGER PRIMARY KEY CHECK (one = 1),"
    " last INTEGER NOT NULL);"
    "CREATE TABLE message (seq INTEGER PRIMARY KEY, org TEXT NOT NULL,"
    " topic TEXT NOT NULL, payload BLOB NOT NULL,"
    " expires_ms INTEGER NOT NULL, state INTEGER NOT NULL);"
    "CREATE INDEX message_topic ON message (topic);"
    "CREATE TABLE sent_alert (org TEXT NOT NULL, id TEXT NOT NULL,"
    " status INTEGER NOT NULL, scope TEXT NOT NULL, seq INTEGER NOT NULL,"
    " issued_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
    " cancelled_ms INTEGER, body TEXT,"
    " PRIMARY KEY (org, id, status, scope));"
    "INSERT INTO sequence VALUES (1, 5000);"
    "INSERT INTO message VALUES (4000, 'erqi',"
    " 'gaoshi/1/erqi/down/all/panel/p', x'610062', -1, 0);"
    "INSERT INTO message VALUES (5000, 'erqi',"
    " 'gaoshi/1/erqi/down/all/alert/flood', x'610062', -1, 1);"
    "INSERT INTO sent_alert VALUES ('erqi', 'flood', 0, 'all', 5000, 4990, -1,"
    " 4995, NULL);"
    "PRAGMA user_version = 1;";

static void execute_in(const char *file, const char *sql)
{
    sqlite3 *database = NULL;

    assert_int_equal(sqlite3_open(file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void an_outbox_of_the_version_before_is_read(void **state)
{
    const struct bench *bench = *state;
    struct sent_alerts sent = {0};
    struct found found = {.count = 0};
    struct problem problem = {0};

    outbox_close(open_box(bench)); /* makes the folders */
    assert_int_equal(unlink(bench->file), 0);
    execute_in(bench->file, file_of_before);
    assert_int_equal(chmod(bench->file, S_IRUSR | S_IWUSR), 0);

    struct outbox *outbox = open_box(bench);
    assert_int_equal(next(outbox, 100), 5001);
    assert_true(
        outbox_each_waiting(outbox, "erqi", 100, note, &found, &problem));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.seqs[0], 4000);
    assert_true(sent_alerts_load(outbox_file(outbox), "erqi", "flood", &sent,
                                 &problem));
    assert_int_equal(sent.count, 1);
    assert_int_equal(sent.items[0].cancelled_ms, 4995);
    assert_int_equal(sent.items[0].state, OUTBOX_CONFIRMED);
    sent_alerts_finish(&sent);
    outbox_close(outbox);
    execute_in(bench->file, "SELECT * FROM cap_message, cap_chain, cap_scope");
}

int main(void)
{
#define IN_FOLDER(test)                                                        \
    cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(numbers_grow_strictly_across_runs),
        IN_FOLDER(a_clock_that_was_far_ahead_leaves_no_numbers_behind),
        IN_FOLDER(numbers_begin_at_the_clock_and_survive_its_jump_back),
        IN_FOLDER(a_number_of_a_rolled_back_sending_was_never_sent),
        IN_FOLDER(what_waits_comes_oldest_first_and_what_is_settled_does_not),
        IN_FOLDER(what_was_replaced_in_its_slot_is_not_sent),
        IN_FOLDER(what_expired_meanwhile_is_not_sent),
        IN_FOLDER(another_organisations_messages_are_left_alone),
        IN_FOLDER(folder_and_file_are_the_owners_alone),
        IN_FOLDER(a_file_that_is_no_database_is_told_by_its_name),
        IN_FOLDER(two_operators_at_once_never_share_a_number),
        IN_FOLDER(what_another_process_is_sending_is_held_until_it_ends),
        IN_FOLDER(an_outbox_of_the_version_before_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
