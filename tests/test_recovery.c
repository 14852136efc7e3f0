/* When a display believes in itself again: a minute of healthy turns, and in
 * safe mode six hours of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/types.h>

#include "display/edge/app/recovery.h"
#include "tests/support/board_screen.h"
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
