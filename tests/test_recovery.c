/* When a display believes in itself again: a minute of healthy turns, and in
 * safe mode six hours of them. How often it writes to the disk in a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/types.h>

#include "display/edge/app/recovery.h"
#include "display/edge/store/keeper.h"
#include "tests/support/board_screen.h"
#include "tests/support/disk.h"
#include "tests/support/folder.h"

struct rig {
    struct recovery recovery;
    bool ending;
    struct board_screen *screen;
};

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    void *screen = NULL;

    if (!rig || board_screen_start(&screen) != 0)
        return -1;
    rig->screen = screen;
    rig->recovery = (struct recovery){.health = {.supervised = true},
                                      .note = {.fd = -1, .starts = 2}};
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    void *screen = rig->screen;

    board_screen_finish(&screen);
    free(rig);
    return 0;
}

static void turn(struct rig *rig, bool healthy)
{
    int alerts = board_figures(rig->screen->board).alerts;

    rig->ending |= recovery_watch(&rig->recovery, healthy, alerts,
                                  &rig->screen->now);
}

/* Healthy turns, one a minute as on a screen where nothing moves. */
static void live(struct rig *rig, int64_t ms)
{
    enum { TURN_MS = 60000 };

    for (int64_t lived = 0; lived < ms; lived += TURN_MS) {
        board_screen_wait(rig->screen, TURN_MS);
        turn(rig, true);
    }
}

static void a_minute_of_healthy_turns_forgets_the_crashes(void **state)
{
    struct rig *rig = *state;

    turn(rig, true);
    assert_int_equal(rig->recovery.note.starts, 2);
    live(rig, RUN_NOTE_SETTLE_MS);
    assert_int_equal(rig->recovery.note.starts, 0);
    assert_false(rig->ending);
}

static void a_glass_that_takes_no_frames_proves_nothing(void **state)
{
    struct rig *rig = *state;

    board_screen_wait(rig->screen, RUN_NOTE_SETTLE_MS);
    turn(rig, false);
    turn(rig, true);
    assert_int_equal(rig->recovery.note.starts, 2);
}

static void safe_mode_ends_by_itself_after_its_hours(void **state)
{
    struct rig *rig = *state;

    rig->recovery.safe = true;
    live(rig, RECOVERY_SAFE_MS - 60000);
    assert_false(rig->ending);
    assert_int_equal(rig->recovery.note.starts, 2);
    live(rig, 60000);
    assert_true(rig->ending);
}

static void safe_mode_does_not_end_while_an_alert_is_in_force(void **state)
{
    const struct made alert = {.id = "flood", .expires = 12 * 60};
    const struct made cancel = {.id = "flood", .seq = 2, .issued = 7 * 60};
    struct rig *rig = *state;

    rig->recovery.safe = true;
    board_screen_alert(rig->screen, alert);
    live(rig, RECOVERY_SAFE_MS + 60 * 60000);
    assert_false(rig->ending);
    board_screen_cancel(rig->screen, cancel);
    live(rig, 60000);
    assert_true(rig->ending);
}

static void a_trial_of_safe_mode_does_not_end_by_itself(void **state)
{
    struct rig *rig = *state;

    rig->recovery.safe = rig->recovery.trial = true;
    live(rig, 2 * RECOVERY_SAFE_MS);
    assert_false(rig->ending);
}

static void without_a_service_manager_safe_mode_stays(void **state)
{
    struct rig *rig = *state;

    rig->recovery.safe = true;
    rig->recovery.health.supervised = false;
    live(rig, 2 * RECOVERY_SAFE_MS);
    assert_false(rig->ending);
}

static int64_t writes;

ssize_t __real_pwrite(int file, const void *bytes, size_t count, off_t at);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t count, off_t at);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t count, off_t at)
{
    writes++;
    return __real_pwrite(file, bytes, count, at);
}

/* Its frames: an entrance, then the edge of an alert that beats on. */
static void show_page(struct rig *rig, const struct scene *scene, int64_t ms)
{
    enum { BEAT_MS = 80, ENTRANCE_MS = 800 };

    for (int64_t shown = 0; shown < ms; shown += BEAT_MS) {
        recovery_before_frame(&rig->recovery, scene);
        recovery_behind_frame(&rig->recovery, scene, shown >= ENTRANCE_MS);
    }
}

/* A day of it, as fast as it goes: of an alert that stands, and of pages of ten
 * seconds each. */
static void a_day_writes_when_the_page_changes_and_never_else(void **state)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000, PAGE_MS = 10000 };
    struct rig *rig = *state;
    struct message panel = {
        .kind = MESSAGE_PANEL, .scope = "all", .id = "q01", .seq = 1};
    const struct message alert = {
        .kind = MESSAGE_ALERT, .scope = "all", .id = "flood", .seq = 2};
    struct scene scene = {.kind = SCENE_ALERT, .message = &alert, .showing = 1};
    char *folder = folder_make();
    char *path = folder_path(folder, "display.run");
    struct problem problem = {0};

    assert_true(run_note_begin(&rig->recovery.note, path, &problem));
    writes = 0;
    show_page(rig, &scene, DAY_MS);
    assert_int_equal(writes, 2);
    scene.kind = SCENE_PANEL;
    scene.message = &panel;
    for (int64_t shown = 0; shown < DAY_MS; shown += PAGE_MS) {
        panel.seq++;
        scene.showing++;
        show_page(rig, &scene, PAGE_MS);
    }
    assert_int_equal(writes, 2 + 2 * (DAY_MS / PAGE_MS));
    run_note_end(&rig->recovery.note);
    folder_remove(folder);
    free(folder);
    free(path);
}

/* What was drawn once is drawn again all day without a word; after a start it
 * has to prove itself anew. */
static void a_page_that_comes_again_is_not_noted_again(void **state)
{
    enum { ROUNDS = 100, PAGES = 3 };
    struct rig *rig = *state;
    const struct message panel = {
        .kind = MESSAGE_PANEL, .scope = "all", .id = "q01", .seq = 1};
    struct scene scene = {.kind = SCENE_PANEL, .message = &panel};
    char *folder = folder_make();
    char *path = folder_path(folder, "display.run");
    struct problem problem = {0};

    assert_true(run_note_begin(&rig->recovery.note, path, &problem));
    writes = 0;
    for (int i = 0; i < ROUNDS * PAGES; i++) {
        scene.showing++;
        scene.page = (size_t)(i % PAGES);
        show_page(rig, &scene, 1000);
    }
    assert_int_equal(writes, 2 * PAGES);
    run_note_end(&rig->recovery.note);
    folder_remove(folder);
    free(folder);
    free(path);
}

/* A day of a screen: its store and its note, each in a folder of its own, as
 * under systemd. */
struct day {
    struct rig *rig;
    char *card, *memory; /* folders */
    char *store;
    struct keeper *keeper;
    int64_t messages; /* with something new to draw */
};

static struct board_intake recall_nothing(void *context,
                                          const struct slot_row *row,
                                          const struct moment *now)
{
    (void)context, (void)now;
    return board_refusal(row->topic);
}

static void raise_nothing(void *context, enum slot_class class,
                          const struct watermark *watermark)
{
    (void)context, (void)class, (void)watermark;
}

static void begin_day(struct day *day)
{
    const struct keeper_judge judge = {.recall = recall_nothing,
                                       .raise_watermark = raise_nothing};
    struct rig *rig = day->rig;

    day->store = folder_path(day->card, "display.db");
    disk_install(day->card);
    disk_reset();
    assert_int_equal(setenv("RUNTIME_DIRECTORY", day->memory, 1), 0);
    writes = 0;
    recovery_init(&rig->recovery, day->store, false, rig->screen->now.mono_ms);
    unsetenv("RUNTIME_DIRECTORY");
    day->keeper = keeper_create(day->store, board_slots(rig->screen->board),
                                &judge);
    assert_non_null(day->keeper);
    keeper_start(day->keeper, &rig->screen->now);
}

/* As the feed keeps it. */
static void take(struct day *day, struct delivery delivery, unsigned urgency)
{
    struct board_screen *screen = day->rig->screen;
    struct delivery kept = delivery;

    kept.payload = malloc(delivery.bytes);
    assert_non_null(kept.payload);
    memcpy(kept.payload, delivery.payload, delivery.bytes);
    struct board_intake judged = board_screen_take(screen, delivery);
    const struct slot_row row = {.slot = judged.slot,
                                 .topic = kept.topic,
                                 .payload = kept.payload,
                                 .bytes = kept.bytes,
                                 .seq = judged.seq,
                                 .received_ms = screen->now.wall_ms,
                                 .order_ms = judged.order_ms,
                                 .ends_ms = judged.ends_ms};
    assert_int_not_equal(judged.effect, BOARD_REFUSED);
    day->messages += judged.effect != BOARD_NOTED;
    if (judged.keep)
        keeper_put(day->keeper, &row, urgency);
    delivery_finish(&kept);
}

static void take_panel(struct day *day, int number, int64_t seq, int minute)
{
    char id[8];
    const struct made panel = {.id = id, .seq = seq, .issued = minute};

    snprintf(id, sizeof id, "p%d", number);
    take(day, delivery_of(day->rig->screen->keys, made_panel(&panel)), 0);
}

/* Twelve panels, one of which changes every minute, ticks all the time; an
 * alert stands from six in the morning till noon. */
static void hear(struct day *day, int64_t at_s)
{
    enum { PANELS = 12, TICK_S = 30, MINUTE_S = 60, HOUR_S = 3600 };
    const struct delivery_keys *keys = day->rig->screen->keys;
    int minute = (int)(at_s / MINUTE_S);
    const struct made alert = {
        .id = "flood", .issued = minute, .expires = 1440};
    const struct made cancel = {.id = "flood", .seq = 2, .issued = minute};

    for (int i = 0; at_s == 0 && i < PANELS; i++)
        take_panel(day, i, 1, 0);
    if (at_s > 0 && at_s % MINUTE_S == 0)
        take_panel(day, minute % PANELS, 1 + minute, minute);
    if (at_s % TICK_S == 0)
        take(day,
             delivery_text(keys->panels, "gaoshi/1/erqi/down/all/tick", "tick",
                           at_s + 1, minute, "{'index_seq':0}"),
             0);
    if (at_s == 6 * HOUR_S)
        take(day, delivery_of(keys, made_alert(&alert)),
             KEEPER_SOON | KEEPER_RESERVED);
    if (at_s == 12 * HOUR_S)
        take(day, delivery_of(keys, made_cancel(&cancel)),
             KEEPER_FIRST | KEEPER_RESERVED);
}

/* A page comes to rest in its second frame; an alert's edge beats on. */
static void draw(struct day *day)
{
    enum { BEATS = 12 };
    struct rig *rig = day->rig;
    struct scene scene = board_scene(rig->screen->board, &rig->screen->now);

    keeper_before_frame(day->keeper, &rig->screen->now);
    for (int beat = 0; beat < (scene.kind == SCENE_ALERT ? BEATS : 2); beat++) {
        recovery_before_frame(&rig->recovery, &scene);
        recovery_behind_frame(&rig->recovery, &scene, beat > 0);
    }
    keeper_behind_frame(day->keeper, &rig->screen->now);
    turn(rig, true);
}

static void a_day_of_store_and_note_stays_within_what_is_promised(void **state)
{
    enum { DAY_S = 86400, PROMISED = 9000, BEGIN_AND_SETTLE = 2 };
    struct day day = {
        .rig = *state, .card = folder_make(), .memory = folder_make()};

    begin_day(&day);
    for (int64_t at_s = 0; at_s < DAY_S; at_s++) {
        hear(&day, at_s);
        draw(&day);
        board_screen_wait(day.rig->screen, 1000);
    }
    int64_t commits = keeper_figures(day.keeper).commits;
    struct disk_counts counts = disk_counts();
    print_message("%lld commits, %lld syncs, %lld KiB; %lld messages, %lld "
                  "writes of the note\n",
                  (long long)commits, (long long)counts.syncs,
                  (long long)(counts.bytes / 1024), (long long)day.messages,
                  (long long)writes);
    assert_in_range(commits, 1, KEEPER_COMMITS_PER_DAY);
    assert_in_range(writes, 1, 2 * day.messages + BEGIN_AND_SETTLE);
    assert_in_range(counts.syncs + writes, 1, PROMISED);
    char *beside = folder_read(day.card, "display.db.run");
    char *note = folder_read(day.memory, "display.run");
    assert_null(beside);
    assert_non_null(note);
    free(note);
    keeper_destroy(day.keeper, &day.rig->screen->now);
    run_note_end(&day.rig->recovery.note);
    folder_remove(day.card);
    folder_remove(day.memory);
    free(day.card);
    free(day.memory);
    free(day.store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_minute_of_healthy_turns_forgets_the_crashes),
        TEST(a_glass_that_takes_no_frames_proves_nothing),
        TEST(safe_mode_ends_by_itself_after_its_hours),
        TEST(safe_mode_does_not_end_while_an_alert_is_in_force),
        TEST(a_trial_of_safe_mode_does_not_end_by_itself),
        TEST(without_a_service_manager_safe_mode_stays),
        TEST(a_day_writes_when_the_page_changes_and_never_else),
        TEST(a_page_that_comes_again_is_not_noted_again),
        TEST(a_day_of_store_and_note_stays_within_what_is_promised),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
