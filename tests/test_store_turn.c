/* A turn of the real loop, without a window: what stands on the glass when the
 * disk is written. The test looks from below SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "display/edge/app/loop.h"
#include "source_dir.h"
#include "tests/support/disk.h"
#include "tests/support/folder.h"
#include "tests/support/signer.h"
#include "tests/support/slot_rows.h"

enum {
    WIDTH = 640,
    HEIGHT = 360,
    LIMIT_S = 20, /* a loop that never gets there ends then */
};

enum phase { PHASE_PANEL, PHASE_ALERT, PHASE_CANCEL, PHASE_OVER };

struct rig {
    char *folder, *file;
    struct signer *signer;
    struct config config;
    struct display_options options;
    struct display display;
    enum phase phase;
    int64_t turn;         /* in which the last message was put */
    bool shown_at_commit; /* the alert, when it was committed */
    bool same_turn;       /* committed in the turn that took it in */
    uint32_t alert_pixel; /* at the side of the glass */
    bool alert_at_cancel; /* it stood when its cancel was committed */
    int64_t frames_at_cancel;
};

static void deliver(struct rig *rig, const struct signer_message *message)
{
    char topic[512];
    char *payload = signer_seal(rig->signer, message);

    assert_non_null(payload);
    signer_topic(message, topic);
    rig->turn = rig->display.turns;
    inbox_put(rig->display.line.inbox, topic, payload, strlen(payload), false);
    free(payload);
}

static uint32_t side_pixel(const struct rig *rig)
{
    struct renderer_pixels pixels =
        renderer_pixels(rig->display.glass.renderer);

    return pixels.pixels[HEIGHT / 2 * (pixels.stride_bytes / 4) + 3];
}

static bool was_shown(const struct rig *rig, const char *id)
{
    for (int i = 0; i < TELEMETRY_SHOWN; i++)
        if (rig->display.telemetry.shown[i].seq != 0 &&
            strcmp(rig->display.telemetry.shown[i].id, id) == 0)
            return true;
    return false;
}

static const struct signer_message alert = {.kind = "alert",
                                            .id = "drill",
                                            .seq = 1,
                                            .content = signer_drill,
                                            .expires_in_s = 3600};
static const struct signer_message cancel = {.kind = "alert-cancel",
                                             .id = "drill",
                                             .seq = 2,
                                             .content = signer_drill_cancel};

static void at_sync(void *context, enum disk_action action)
{
    struct rig *rig = context;

    if (action != DISK_SYNC)
        return;
    switch (rig->phase) {
    case PHASE_PANEL:
        rig->phase = PHASE_ALERT;
        deliver(rig, &alert);
        return;
    case PHASE_ALERT:
        rig->shown_at_commit = was_shown(rig, "drill");
        rig->same_turn = rig->display.turns == rig->turn + 1;
        rig->alert_pixel = side_pixel(rig);
        rig->phase = PHASE_CANCEL;
        deliver(rig, &cancel);
        return;
    case PHASE_CANCEL:
        rig->alert_at_cancel = side_pixel(rig) == rig->alert_pixel;
        rig->frames_at_cancel = rig->display.stage.frames;
        rig->phase = PHASE_OVER;
        rig->display.ending = true;
        return;
    case PHASE_OVER:
        return;
    }
}

static void configure(struct rig *rig)
{
    struct config *config = &rig->config;

    config_init(config);
    strcpy(config->identity.org, "erqi");
    strcpy(config->identity.screen, "lobby-1");
    strcpy(config->place_name, "郑州市二七区");
    strcpy(config->brokers.texts[0], "mqtt://127.0.0.1:1"); /* nobody */
    config->brokers.count = 1;
    strcpy(config->trust_panels.texts[0], signer_file(rig->signer));
    config->trust_panels.count = 1;
    config->trust_alerts = config->trust_panels;
    config->show_exercises = 1;
    strcpy(config->store_file, rig->file);
    rig->options = (struct display_options){.mode = DISPLAY_HEADLESS,
                                            .width_px = WIDTH,
                                            .height_px = HEIGHT,
                                            .data = GAOSHI_SOURCE_DIR,
                                            .seconds = LIMIT_S};
}

static int set_up(void **state)
{
    static struct rig rig;
    struct problem problem = {0};

    memset(&rig, 0, sizeof rig);
    rig.folder = folder_make();
    rig.file = folder_path(rig.folder, "store.db");
    rig.signer = signer_create(rig.folder, "operator");
    disk_install(rig.folder);
    disk_reset();
    configure(&rig);
    *state = &rig;
    bool made = display_init(&rig.display, &rig.config, &rig.options, &problem);
    if (!made)
        print_message("%s\n", problem.expected);
    return made ? 0 : -1;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    display_finish(&rig->display);
    signer_destroy(rig->signer);
    folder_remove(rig->folder);
    free(rig->file);
    free(rig->folder);
    return 0;
}

static void run(struct rig *rig)
{
    struct problem problem = {0};
    int signal_fd = loop_catch_signals();

    assert_true(signal_fd >= 0);
    assert_true(loop_run(&rig->display, signal_fd, &problem));
    close(signal_fd);
}

static void
an_alert_stands_before_its_commit_and_goes_after_its_cancels(void **state)
{
    struct rig *rig = *state;
    const struct signer_message panel = {
        .kind = "panel", .id = "q01", .seq = 1, .content = signer_figure};

    disk_set_watch(at_sync, rig);
    deliver(rig, &panel);
    run(rig);
    disk_set_watch(NULL, NULL);
    assert_int_equal(rig->phase, PHASE_OVER);
    assert_true(rig->shown_at_commit);
    assert_true(rig->same_turn);
    /* When the cancel was on the disk, its alert still stood … */
    assert_true(rig->alert_at_cancel);
    /* … and the frame without it came in the same turn. */
    assert_int_equal(rig->display.turns, rig->turn + 1);
    assert_true(rig->display.stage.frames > rig->frames_at_cancel);
    assert_true(side_pixel(rig) != rig->alert_pixel);
    struct slot_rows_loaded loaded = slot_rows_on_disk(rig->file);
    assert_int_equal(loaded.count, 2);
    assert_non_null(strstr(loaded.text, "@2"));
}

/* Each message at the sync of the one before, while the disk is full. */
static void full_at(void *context, enum disk_action action)
{
    struct rig *rig = context;

    if (action == DISK_WRITE && rig->phase == PHASE_PANEL) {
        rig->phase = PHASE_ALERT;
        disk_set_fault(DISK_FULL);
        deliver(rig, &alert);
    } else if (action == DISK_WRITE && was_shown(rig, "drill")) {
        rig->phase = PHASE_OVER;
        disk_set_fault(DISK_WELL);
    }
    if (action == DISK_SYNC && rig->phase == PHASE_OVER)
        rig->display.ending = true;
}

static void
on_a_full_disk_an_alert_stands_and_is_committed_afterwards(void **state)
{
    struct rig *rig = *state;
    const struct signer_message panel = {
        .kind = "panel", .id = "q01", .seq = 1, .content = signer_figure};

    disk_set_watch(full_at, rig);
    deliver(rig, &panel);
    run(rig);
    disk_set_watch(NULL, NULL);
    assert_int_equal(rig->phase, PHASE_OVER);
    assert_true(was_shown(rig, "drill"));
    while (keeper_next_ms(rig->display.keeper) < INT64_MAX) {
        const struct moment later = {.mono_ms = INT64_MAX / 2};
        keeper_behind_frame(rig->display.keeper, &later);
    }
    assert_true(keeper_is_well(rig->display.keeper));
    assert_int_equal(slot_rows_on_disk(rig->file).count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_alert_stands_before_its_commit_and_goes_after_its_cancels),
        TEST(on_a_full_disk_an_alert_stands_and_is_committed_afterwards),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
