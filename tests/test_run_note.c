/* What one run leaves for the next: crashes counted, the message at work
 * named, and both forgotten when the run proves itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "display/edge/app/run_note.h"
#include "tests/support/folder.h"

struct publisher_fixture {
    char *folder;
    char *path;
};

static int set_up(void **state)
{
    static struct publisher_fixture publisher;

    publisher.folder = folder_make();
    publisher.path = publisher.folder
                         ? folder_path(publisher.folder, "store.db.run")
                         : NULL;
    *state = &publisher;
    return publisher.path ? 0 : -1;
}

static int tear_down(void **state)
{
    struct publisher_fixture *publisher = *state;

    folder_remove(publisher->folder);
    free(publisher->folder);
    free(publisher->path);
    return 0;
}

static const struct message panel = {
    .kind = MESSAGE_PANEL, .scope = "all", .id = "q01", .seq = 7};
static const struct message newer = {
    .kind = MESSAGE_PANEL, .scope = "all", .id = "q01", .seq = 8};
static const struct message alert = {
    .kind = MESSAGE_ALERT, .scope = "area-410103", .id = "flood", .seq = 9};

static struct run_note begin(const struct publisher_fixture *publisher)
{
    struct run_note note;
    struct problem problem = {0};

    assert_true(run_note_begin(&note, publisher->path, &problem));
    return note;
}

/* What the kernel does to a program that dies. */
static void crash(struct run_note *note)
{
    close(note->fd);
}

static void crash_over(const struct publisher_fixture *publisher,
                       enum run_work work, const struct message *message)
{
    struct run_note note = begin(publisher);

    run_note_work(&note, work, message);
    crash(&note);
}

static void starts_that_end_without_a_word_are_counted(void **state)
{
    for (int i = 0; i < 5; i++) {
        struct run_note note = begin(*state);
        assert_int_equal(note.crashes, i);
        crash(&note);
    }
}

static void an_end_in_order_forgets_the_crashes(void **state)
{
    struct run_note note;

    crash_over(*state, RUN_DRAWING, &alert);
    note = begin(*state);
    assert_int_equal(note.crashes, 1);
    run_note_end(&note);
    note = begin(*state);
    assert_int_equal(note.crashes, 0);
    assert_false(run_note_is_plain(&note, &alert));
    run_note_end(&note);
}

static void a_run_that_proved_itself_forgets_the_crashes_before_it(void **state)
{
    struct run_note note;

    crash_over(*state, RUN_DRAWING, NULL);
    note = begin(*state);
    run_note_settle(&note);
    crash(&note);
    note = begin(*state);
    assert_int_equal(note.crashes, 0);
    crash(&note);
}

static void a_start_without_a_window_counts_for_nothing(void **state)
{
    struct run_note note;

    crash_over(*state, RUN_DRAWING, NULL);
    for (int i = 0; i < 5; i++) {
        note = begin(*state);
        assert_int_equal(note.crashes, 1);
        run_note_withdraw(&note);
    }
}

static void a_panel_is_drawn_plainly_then_barred_until_it_changes(void **state)
{
    struct run_note note;

    crash_over(*state, RUN_DRAWING, &panel);
    note = begin(*state);
    assert_true(run_note_is_plain(&note, &panel));
    assert_false(run_note_is_barred(&note, &panel));
    run_note_work(&note, RUN_SETTING, &panel);
    crash(&note);
    note = begin(*state);
    assert_true(run_note_is_barred(&note, &panel));
    assert_false(run_note_is_barred(&note, &newer));
    assert_false(run_note_is_barred(&note, &alert));
    crash(&note);
}

static void an_alert_is_never_barred_but_drawn_plainly(void **state)
{
    struct run_note note;

    for (int i = 0; i < 4; i++)
        crash_over(*state, RUN_DRAWING_BESIDE, &alert);
    note = begin(*state);
    assert_false(run_note_is_barred(&note, &alert));
    assert_true(run_note_is_plain(&note, &alert));
    crash(&note);
}

/* While it sets one message, another may stand on the glass. */
static void
what_was_being_set_is_to_blame_and_not_what_stood_there(void **state)
{
    struct run_note note = begin(*state);

    run_note_work(&note, RUN_DRAWING, &panel);
    run_note_work(&note, RUN_DRAWING_BESIDE, &alert);
    run_note_work(&note, RUN_SETTING, &newer);
    crash(&note);
    note = begin(*state);
    assert_int_equal(note.suspect_count, 1);
    assert_int_equal(note.suspects[0].slot.seq, 8);
    assert_false(run_note_is_plain(&note, &alert));
    crash(&note);
}

static void replace(const struct publisher_fixture *publisher, const char *from,
                    const char *to)
{
    char *text = folder_read(publisher->folder, "store.db.run");
    char *at = strstr(text, from);

    assert_non_null(at);
    memcpy(at, to, strlen(to));
    assert_true(folder_write(publisher->folder, "store.db.run", text));
    free(text);
}

static void a_machine_that_was_started_anew_blames_no_message(void **state)
{
    struct run_note note;

    crash_over(*state, RUN_DRAWING, &alert);
    replace(*state, "boot ", "boot 00000000");
    note = begin(*state);
    assert_int_equal(note.crashes, 0);
    assert_false(run_note_is_plain(&note, &alert));
    crash(&note);
}

static void power_that_blinks_is_no_crash_and_takes_none_back(void **state)
{
    struct run_note note = begin(*state);

    crash(&note);
    for (int i = 0; i < 4; i++) {
        note = begin(*state);
        assert_int_equal(note.crashes, 1);
        crash(&note);
        replace(*state, "boot ", "boot 00000000");
    }
}

static void suspects_are_bounded_and_the_oldest_is_forgotten(void **state)
{
    struct message many = panel;
    struct run_note note;

    for (int i = 0; i < 2 * RUN_NOTE_SUSPECTS; i++) {
        many.seq = 100 + i;
        crash_over(*state, RUN_DRAWING, &many);
    }
    note = begin(*state);
    assert_int_equal(note.suspect_count, RUN_NOTE_SUSPECTS);
    assert_int_equal(note.suspects[RUN_NOTE_SUSPECTS - 1].slot.seq,
                     100 + 2 * RUN_NOTE_SUSPECTS - 1);
    crash(&note);
}

/* The longest that the protocol allows find room in the file. */
static void the_longest_names_come_back_whole(void **state)
{
    char id[LIMIT_IDENTIFIER_BYTES + 1], scope[SCOPE_BYTES];
    struct message longest = {.kind = MESSAGE_ALERT, .scope = scope, .id = id};
    struct run_note note;

    memset(id, 'x', LIMIT_IDENTIFIER_BYTES);
    id[LIMIT_IDENTIFIER_BYTES] = '\0';
    memset(scope, 'g', SCOPE_BYTES - 1);
    scope[SCOPE_BYTES - 1] = '\0';
    for (int i = 0; i < RUN_NOTE_SUSPECTS; i++) {
        longest.seq = LIMIT_SEQUENCE - i;
        crash_over(*state, RUN_DRAWING, &longest);
    }
    note = begin(*state);
    for (int i = 0; i < RUN_NOTE_SUSPECTS; i++) {
        longest.seq = LIMIT_SEQUENCE - i;
        assert_true(run_note_is_plain(&note, &longest));
    }
    crash(&note);
}

static void a_spoilt_note_counts_as_none(void **state)
{
    static const char *const texts[] = {
        "",
        "\n\n\n",
        "gaoshi-run 2\nstarts 9\n",
        "gaoshi-run 1\nstarts -3\n",
        "gaoshi-run 1\nstarts 99999999999999\n",
        "gaoshi-run 1\nsuspect panel all q01 0 1\nsuspect panel all\n",
        "gaoshi-run 1\ndrawing panel all q01 -7 1\nstarts x\n"};
    const struct publisher_fixture *publisher = *state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_true(folder_write(publisher->folder, "store.db.run", texts[i]));
        struct run_note note = begin(publisher);
        assert_int_equal(note.crashes, 0);
        assert_int_equal(note.suspect_count, 0);
        run_note_end(&note);
    }
}

static void random_bytes_in_the_note_do_no_harm(void **state)
{
    const struct publisher_fixture *publisher = *state;
    char text[RUN_NOTE_BYTES + 1] = "gaoshi-run 1\n";
    uint32_t seed = 1;

    for (int round = 0; round < 300; round++) {
        for (size_t i = 13; i < RUN_NOTE_BYTES; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] =
                "starsuspect panel boot 0123456789\n -"[(seed >> 16) % 36];
        }
        assert_true(folder_write(publisher->folder, "store.db.run", text));
        struct run_note note = begin(publisher);
        assert_in_range(note.suspect_count, 0, RUN_NOTE_SUSPECTS);
        crash(&note);
    }
}

static void without_a_file_it_still_works_for_this_run(void **state)
{
    struct run_note note;
    struct problem problem = {0};

    (void)state;
    assert_true(run_note_begin(&note, "", &problem));
    run_note_work(&note, RUN_DRAWING, &panel);
    run_note_settle(&note);
    run_note_end(&note);
    assert_false(run_note_begin(&note, "/proc/nowhere/run", &problem));
    assert_int_equal(note.crashes, 0);
    run_note_work(&note, RUN_DRAWING, &panel);
    assert_false(run_note_is_barred(&note, &panel));
    run_note_end(&note);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(starts_that_end_without_a_word_are_counted),
        TEST(an_end_in_order_forgets_the_crashes),
        TEST(a_run_that_proved_itself_forgets_the_crashes_before_it),
        TEST(a_start_without_a_window_counts_for_nothing),
        TEST(a_panel_is_drawn_plainly_then_barred_until_it_changes),
        TEST(an_alert_is_never_barred_but_drawn_plainly),
        TEST(what_was_being_set_is_to_blame_and_not_what_stood_there),
        TEST(a_machine_that_was_started_anew_blames_no_message),
        TEST(power_that_blinks_is_no_crash_and_takes_none_back),
        TEST(suspects_are_bounded_and_the_oldest_is_forgotten),
        TEST(the_longest_names_come_back_whole),
        TEST(a_spoilt_note_counts_as_none),
        TEST(random_bytes_in_the_note_do_no_harm),
        TEST(without_a_file_it_still_works_for_this_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
