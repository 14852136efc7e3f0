/* The log of what was shown, from the glass to the operator's list: it is
 * bounded, spares the card, survives power cuts, and nobody changes it unseen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "display/edge/app/play_recorder.h"
#include "publisher/fleet/play_list.h"
#include "tests/support/folder.h"

/* 2026-11-01T00:00Z */
#define BEGIN_MS INT64_C(1793491200000)
enum {
    SECOND_MS = 1000,
    MINUTE_MS = 60 * SECOND_MS,
    DAY_S = 24 * 60 * 60,
    DWELL_S = 15,
    LIMIT_BYTES = 3 * 1024 * 1024,
};

struct rig {
    char *folder, *store;
    struct play_recorder recorder;
    struct moment now;
    struct message panels[3], alert;
};

static void make_message(struct message *message, enum message_kind kind,
                         const char *id, int64_t seq)
{
    *message = (struct message){.kind = kind, .id = id, .seq = seq};
}

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);

    rig->folder = folder_make();
    rig->store = folder_path(rig->folder, "store.db");
    rig->now = (struct moment){
        .mono_ms = 5000, .wall_ms = BEGIN_MS, .wall_trusted = true};
    make_message(&rig->panels[0], MESSAGE_PANEL, "q01", 1);
    make_message(&rig->panels[1], MESSAGE_PANEL, "q02", 2);
    make_message(&rig->panels[2], MESSAGE_PANEL, "q03", 3);
    make_message(&rig->alert, MESSAGE_ALERT, "flood-1", 9);
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    free(rig->recorder.lines);
    folder_remove(rig->folder);
    free(rig->folder);
    free(rig->store);
    free(rig);
    return 0;
}

static void begin(struct rig *rig)
{
    play_recorder_init(&rig->recorder, rig->store, &rig->now);
    assert_true(rig->recorder.on);
}

/* What is in memory alone is gone, as with the power. */
static void cut_power(struct rig *rig)
{
    free(rig->recorder.lines);
    rig->recorder = (struct play_recorder){.on = false};
    rig->now.mono_ms = 7000;
}

static void wait_s(struct rig *rig, int seconds)
{
    rig->now.mono_ms += seconds * (int64_t)SECOND_MS;
    rig->now.wall_ms += seconds * (int64_t)SECOND_MS;
}

/* It stands on the glass for so long; the loop turns at both ends. alert NULL:
 * none above it. */
static void stand(struct rig *rig, const struct message *message,
                  const struct message *alert, int seconds)
{
    struct scene scene = {.kind = !message ? SCENE_PLAIN
                                  : message->kind == MESSAGE_ALERT
                                      ? SCENE_ALERT
                                      : SCENE_PANEL,
                          .message = message,
                          .alert = {.message = alert}};

    play_recorder_note(&rig->recorder, &scene, true, &rig->now);
    wait_s(rig, seconds);
    play_recorder_note(&rig->recorder, &scene, true, &rig->now);
}

static void programme(struct rig *rig, int seconds)
{
    for (int i = 0; i * DWELL_S < seconds; i++)
        stand(rig, &rig->panels[i % 3], NULL, DWELL_S);
}

/* Page by page, as an operator asks. */
static void collect(const struct rig *rig, int64_t from_ms, int64_t to_ms,
                    struct play_list *list)
{
    struct play_range range = {.from_ms = from_ms, .to_ms = to_ms};
    struct play_file file;
    struct problem problem = {0};
    bool more = true;

    *list = (struct play_list){.rows = NULL};
    snprintf(file.path, sizeof file.path, "%s.plays", rig->store);
    snprintf(file.before, sizeof file.before, "%s.plays.1", rig->store);
    for (int pages = 0; more && pages < 16; pages++) {
        char *blocks = NULL;
        size_t bytes = 0;
        bool unused;
        assert_true(play_file_select(&file, &range, LIMIT_BYTES, &blocks,
                                     &bytes, &more, &problem));
        char *whole = malloc(bytes + 32);
        int head = sprintf(whole, "gaoshi-plays 1 %s\n", more ? "more" : "all");
        memcpy(whole + head, blocks, bytes);
        assert_true(play_list_take(list, whole, bytes + (size_t)head, &unused));
        assert_true(unused == more);
        range.after = list->last.number;
        free(whole);
        free(blocks);
    }
    assert_false(more);
    assert_true(play_list_close(list, from_ms, to_ms, INT64_MAX));
}

static void collect_all(const struct rig *rig, struct play_list *list)
{
    collect(rig, TIMESTAMP_NONE, TIMESTAMP_NONE, list);
}

static int64_t shown_ms(const struct play_list *list, const char *what)
{
    int64_t sum_ms = 0;

    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->rows[i].what, what) == 0)
            sum_ms += list->rows[i].lasted_ms;
    return sum_ms;
}

static void what_stood_there_is_told_with_its_times(void **state)
{
    struct rig *rig = *state;
    struct play_list list;

    begin(rig);
    stand(rig, &rig->panels[0], NULL, 15);
    stand(rig, &rig->panels[1], &rig->alert, 40);
    stand(rig, &rig->alert, NULL, 60);
    stand(rig, NULL, NULL, 5);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    static const struct {
        int from_s, lasted_s;
        const char *what, *id;
        int seq;
    } rows[] = {
        {0, 15, "panel", "q01", 1},
        {15, 100, "alert", "flood-1", 9},
        {15, 40, "panel", "q02", 2},
        {115, 5, "plain", "", 0},
    };
    assert_int_equal(list.count, sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.rows[i].from_ms,
                         BEGIN_MS + rows[i].from_s * SECOND_MS);
        assert_int_equal(list.rows[i].lasted_ms, rows[i].lasted_s * SECOND_MS);
        assert_string_equal(list.rows[i].what, rows[i].what);
        assert_string_equal(list.rows[i].id, rows[i].id);
        assert_int_equal(list.rows[i].seq, rows[i].seq);
        assert_int_equal(list.rows[i].clock, PLAY_CLOCK_TRUSTED);
    }
    assert_int_equal(list.fault_count, 0);
    assert_int_equal(list.gaps, 0);
    play_list_finish(&list);
}

static void what_is_covered_is_a_gap(void **state)
{
    struct rig *rig = *state;
    const struct scene scene = {.kind = SCENE_PANEL,
                                .message = &rig->panels[0]};
    struct play_list list;

    begin(rig);
    stand(rig, &rig->panels[0], NULL, 15);
    play_recorder_note(&rig->recorder, &scene, false, &rig->now);
    wait_s(rig, 30);
    stand(rig, &rig->panels[0], NULL, 15);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.rows[1].what, "gap");
    assert_int_equal(list.rows[1].lasted_ms, 30 * SECOND_MS);
    assert_non_null(strstr(list.rows[1].note, "covered"));
    play_list_finish(&list);
}

static void a_clock_that_is_trusted_later_dates_what_was_before(void **state)
{
    struct rig *rig = *state;
    struct play_list list;

    rig->now.wall_trusted = false;
    begin(rig);
    stand(rig, &rig->panels[0], NULL, 60);
    rig->now.wall_trusted = true;
    stand(rig, &rig->panels[1], NULL, 60);
    play_recorder_finish(&rig->recorder, &rig->now);
    rig->now.wall_trusted = false;
    begin(rig);
    stand(rig, &rig->panels[2], NULL, 60);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.rows[0].clock, PLAY_CLOCK_UNKNOWN);
    assert_string_equal(list.rows[0].id, "q03");
    assert_int_equal(list.rows[1].clock, PLAY_CLOCK_LATER);
    assert_int_equal(list.rows[1].from_ms, BEGIN_MS);
    assert_int_equal(list.rows[2].clock, PLAY_CLOCK_TRUSTED);
    play_list_finish(&list);
}

/* A page every 15 s for seven days, without a broker: 40,320 entries. */
static void a_week_without_a_line_is_kept_and_spares_the_card(void **state)
{
    enum { WEEK_S = 7 * DAY_S };
    struct rig *rig = *state;
    struct play_list list;

    begin(rig);
    programme(rig, WEEK_S);
    assert_true(rig->recorder.file.head.number <= 7 * 48);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    assert_int_equal(list.count, WEEK_S / DWELL_S);
    assert_int_equal(shown_ms(&list, "panel"), (int64_t)WEEK_S * SECOND_MS);
    assert_int_equal(list.gaps, 0);
    assert_int_equal(list.fault_count, 0);
    play_list_finish(&list);
    /* One day of it. */
    int64_t from_ms = BEGIN_MS + INT64_C(3) * DAY_S * SECOND_MS;
    collect(rig, from_ms, from_ms + (int64_t)DAY_S * SECOND_MS, &list);
    assert_int_equal(list.count, DAY_S / DWELL_S);
    assert_int_equal(list.rows[0].from_ms, from_ms);
    assert_int_equal(list.fault_count, 0);
    play_list_finish(&list);
}

static void what_stands_all_day_is_one_entry(void **state)
{
    struct rig *rig = *state;
    struct play_list list;

    begin(rig);
    for (int minute = 0; minute < 24 * 60; minute++)
        stand(rig, &rig->panels[0], NULL, 60);
    assert_true(rig->recorder.file.head.number > 40);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.rows[0].lasted_ms, DAY_S * SECOND_MS);
    play_list_finish(&list);
}

static void alerts_are_written_soon_and_a_flood_of_them_seldom(void **state)
{
    struct rig *rig = *state;

    begin(rig);
    stand(rig, &rig->panels[0], NULL, 15);
    stand(rig, &rig->alert, NULL, 5);
    assert_int_equal(rig->recorder.file.head.number, 0);
    assert_true(play_recorder_next_ms(&rig->recorder) <=
                rig->now.mono_ms + PLAY_ALERT_MS);
    stand(rig, &rig->alert, NULL, 6);
    assert_int_equal(rig->recorder.file.head.number, 1);
    for (int i = 0; i < DAY_S / 2; i++) {
        rig->alert.seq++;
        stand(rig, &rig->alert, NULL, 2);
    }
    assert_true(rig->recorder.file.head.number <= 145);
    play_recorder_finish(&rig->recorder, &rig->now);
}

static int64_t size_of(const struct rig *rig, const char *name)
{
    char *path = folder_path(rig->folder, name);
    struct stat status = {.st_size = 0};

    stat(path, &status);
    free(path);
    return status.st_size;
}

static void the_log_is_bounded_and_its_rest_is_whole(void **state)
{
    struct rig *rig = *state;
    struct play_list list;

    begin(rig);
    programme(rig, 40 * DAY_S);
    play_recorder_finish(&rig->recorder, &rig->now);
    assert_true(size_of(rig, "store.db.plays") <= PLAY_FILE_BYTES);
    assert_true(size_of(rig, "store.db.plays.1") <= PLAY_FILE_BYTES);
    assert_true(size_of(rig, "store.db.plays.1") > PLAY_FILE_BYTES / 2);
    collect(rig, BEGIN_MS, TIMESTAMP_NONE, &list);
    assert_int_equal(list.fault_count, 0);
    assert_true(list.first.number > 1);
    assert_true(shown_ms(&list, "panel") > INT64_C(8) * DAY_S * SECOND_MS);
    /* What is gone is a gap. */
    assert_int_equal(list.gaps, 1);
    assert_int_equal(list.rows[0].from_ms, BEGIN_MS);
    assert_non_null(strstr(list.rows[0].note, "the log begins later"));
    play_list_finish(&list);
}

static void write_bytes(const struct rig *rig, const char *bytes, size_t size)
{
    char *path = folder_path(rig->folder, "store.db.plays");
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
    free(path);
}

/* The power may go within any byte of the last block; what stands behind the
 * cut may be rubbish, for a sector was being written. */
static void a_power_cut_takes_the_last_block_at_most(void **state)
{
    enum { SECTOR = 512 };
    struct rig *rig = *state;
    struct play_list list;

    begin(rig);
    programme(rig, 40 * 60);
    int64_t whole = size_of(rig, "store.db.plays");
    programme(rig, 40 * 60);
    assert_int_equal(rig->recorder.file.head.number, 2);
    char *text = folder_read(rig->folder, "store.db.plays");
    size_t size = strlen(text);
    assert_true(size > (size_t)whole);
    for (size_t cut = (size_t)whole; cut < size; cut += 7) {
        char *torn = calloc(1, size + SECTOR);
        memcpy(torn, text, cut);
        memset(torn + cut, cut % 2 ? '\n' : 0xA5, SECTOR);
        write_bytes(rig, torn, cut + (cut % 3 ? SECTOR : 0));
        free(torn);
        cut_power(rig);
        begin(rig);
        assert_int_equal(rig->recorder.file.head.number, 1);
        programme(rig, 60);
        play_recorder_finish(&rig->recorder, &rig->now);
        collect_all(rig, &list);
        assert_int_equal(list.fault_count, 0);
        assert_int_equal(list.last.number, 2);
        /* Whoever reads it learns that something is missing. */
        assert_int_equal(list.gaps, 1);
        assert_non_null(strstr(list.rows[list.count - 5].note, "power"));
        play_list_finish(&list);
    }
    free(text);
}

/* The first block of a new file is torn: the ten days before it stay. */
static void a_power_cut_in_a_new_file_keeps_the_file_before(void **state)
{
    struct rig *rig = *state;
    struct play_list list;

    begin(rig);
    while (size_of(rig, "store.db.plays.1") == 0)
        programme(rig, 60 * 60);
    int64_t number = rig->recorder.file.head.number;
    char *text = folder_read(rig->folder, "store.db.plays");
    char *block = strchr(strstr(text, "\n= ") + 1, '\n') + 1;
    int64_t blocks = 0;
    for (char *at = text; (at = strstr(at, "\n= ")); at++)
        blocks++;
    write_bytes(rig, text, (size_t)(block - text) / 2);
    free(text);
    cut_power(rig);
    begin(rig);
    assert_int_equal(rig->recorder.file.head.number, number - blocks);
    programme(rig, 60);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    assert_int_equal(list.first.number, 1);
    assert_int_equal(list.last.number, number - blocks + 1);
    assert_int_equal(list.fault_count, 0);
    play_list_finish(&list);
}

static void an_end_in_order_is_told_as_such(void **state)
{
    struct rig *rig = *state;
    struct play_list list;

    begin(rig);
    programme(rig, 60);
    play_recorder_finish(&rig->recorder, &rig->now);
    wait_s(rig, 3600);
    begin(rig);
    programme(rig, 60);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    assert_int_equal(list.gaps, 1);
    assert_int_equal(list.rows[4].lasted_ms, 3600 * SECOND_MS);
    assert_string_equal(list.rows[4].note, "the program was stopped");
    play_list_finish(&list);
}

/* Three blocks of half an hour. */
static char *make_blocks(struct rig *rig)
{
    begin(rig);
    programme(rig, 100 * 60);
    assert_int_equal(rig->recorder.file.head.number, 3);
    cut_power(rig);
    return folder_read(rig->folder, "store.db.plays");
}

static void expect_fault(const struct rig *rig, const char *words)
{
    struct play_list list;

    collect_all(rig, &list);
    for (size_t i = 0; i < list.fault_count; i++)
        if (strstr(list.faults[i].text, words)) {
            play_list_finish(&list);
            return;
        }
    fail_msg("nothing told: %s", words);
}

static void a_changed_entry_breaks_its_block(void **state)
{
    struct rig *rig = *state;
    char *text = make_blocks(rig);
    char *entry = strstr(strstr(text, "\n= ") + 3, "panel q02");

    entry[8] = '9';
    write_bytes(rig, text, strlen(text));
    expect_fault(rig, "not as it was sealed");
    free(text);
}

static void a_block_that_was_taken_out_is_missed(void **state)
{
    struct rig *rig = *state;
    char *text = make_blocks(rig);
    char *first = strchr(strstr(text, "\n= 1 ") + 1, '\n') + 1;
    char *second = strchr(strstr(text, "\n= 2 ") + 1, '\n') + 1;

    memmove(first, second, strlen(second) + 1);
    write_bytes(rig, text, strlen(text));
    expect_fault(rig, "1 blocks are missing");
    free(text);
}

/* Somebody who knows how to seal writes another second block. */
static void a_block_that_was_sealed_anew_does_not_fit(void **state)
{
    struct rig *rig = *state;
    char *text = make_blocks(rig);
    char *first = strchr(strstr(text, "\n= 1 ") + 1, '\n') + 1;
    char *second = strchr(strstr(text, "\n= 2 ") + 1, '\n') + 1;
    static const char lines[] = "show 1 - 5 panel q99 1\n";
    struct play_block block;
    char seal[PLAY_SEAL_BYTES], *forged = malloc(strlen(text) + 1024);

    assert_int_equal(play_log_read(text, strlen(text), 0, &block), PLAY_INTACT);
    struct play_head head = block.head;
    assert_true(play_log_seal(&head, lines, strlen(lines), seal));
    sprintf(forged, "%.*s%s%s%s", (int)(first - text), text, lines, seal,
            second);
    write_bytes(rig, forged, strlen(forged));
    expect_fault(rig, "changed or replaced");
    free(forged);
    free(text);
}

static void a_file_of_rubbish_is_put_aside_and_told(void **state)
{
    struct rig *rig = *state;
    struct play_list list;

    char rubbish[4000];
    memset(rubbish, 'x', sizeof rubbish);
    write_bytes(rig, rubbish, sizeof rubbish);
    begin(rig);
    programme(rig, 60);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    assert_int_equal(shown_ms(&list, "panel"), 60 * SECOND_MS);
    play_list_finish(&list);
}

static void without_a_store_nothing_is_recorded(void **state)
{
    struct rig *rig = *state;

    play_recorder_init(&rig->recorder, "", &rig->now);
    assert_false(rig->recorder.on);
    programme(rig, 60);
    assert_int_equal(play_recorder_next_ms(&rig->recorder), INT64_MAX);
    play_recorder_finish(&rig->recorder, &rig->now);
}

static void a_disk_that_fails_loses_nothing_that_fits(void **state)
{
    struct rig *rig = *state;
    struct play_list list;
    char *file = folder_path(rig->folder, "store.db.plays");

    begin(rig);
    assert_int_equal(mkdir(file, 0700), 0); /* cannot be written */
    programme(rig, 40 * 60);
    assert_true(rig->recorder.failed);
    assert_int_equal(remove(file), 0);
    programme(rig, 40 * 60);
    play_recorder_finish(&rig->recorder, &rig->now);
    collect_all(rig, &list);
    assert_int_equal(shown_ms(&list, "panel"), 80 * MINUTE_MS);
    assert_int_equal(list.fault_count, 0);
    play_list_finish(&list);
    free(file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_stood_there_is_told_with_its_times),
        TEST(what_is_covered_is_a_gap),
        TEST(a_clock_that_is_trusted_later_dates_what_was_before),
        TEST(a_week_without_a_line_is_kept_and_spares_the_card),
        TEST(what_stands_all_day_is_one_entry),
        TEST(alerts_are_written_soon_and_a_flood_of_them_seldom),
        TEST(the_log_is_bounded_and_its_rest_is_whole),
        TEST(a_power_cut_takes_the_last_block_at_most),
        TEST(a_power_cut_in_a_new_file_keeps_the_file_before),
        TEST(an_end_in_order_is_told_as_such),
        TEST(a_changed_entry_breaks_its_block),
        TEST(a_block_that_was_taken_out_is_missed),
        TEST(a_block_that_was_sealed_anew_does_not_fit),
        TEST(a_file_of_rubbish_is_put_aside_and_told),
        TEST(without_a_store_nothing_is_recorded),
        TEST(a_disk_that_fails_loses_nothing_that_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
