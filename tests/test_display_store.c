/* The real program and its store: without a broker, on disks that are full,
 * read-only or damaged, and afterwards. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/folder.h"
#include "tests/support/mount.h"
#include "tests/support/process.h"
#include "tests/support/road.h"

enum { DISK_KIBIBYTES = 512 };

static const char state_topic[] = "gaoshi/1/erqi/screen/lobby-1/state";

static bool has_mounts;

struct disk {
    char *folder;
    char *filler; /* takes all room that is left */
};

/* The store moves to a disk of its own. */
static struct disk give_disk(struct road *road)
{
    struct disk disk = {.folder = folder_path(road->folder, "disk")};

    if (!has_mounts) {
        free(disk.folder);
        print_message("no mounts here: test_keeper_faults has the same\n");
        skip();
    }
    assert_int_equal(mkdir(disk.folder, 0700), 0);
    assert_true(mount_small(disk.folder, DISK_KIBIBYTES));
    disk.filler = folder_path(disk.folder, "filler");
    free(road->store);
    road->store = folder_path(disk.folder, "store.db");
    return disk;
}

static void take_disk(struct disk *disk)
{
    assert_true(mount_end(disk->folder));
    free(disk->folder);
    free(disk->filler);
}

static void fill(const struct disk *disk)
{
    static const char nothing[1024];
    FILE *file = fopen(disk->filler, "w");

    assert_non_null(file);
    setvbuf(file, NULL, _IONBF, 0);
    while (fwrite(nothing, sizeof nothing, 1, file) == 1) {
    }
    fclose(file);
}

static bool is_logged(void *context)
{
    return screen_count_log(context, "it can be written again") > 0;
}

static void kill_screen(struct screen *screen)
{
    assert_int_equal(screen_kill(screen, SIGKILL), 128 + SIGKILL);
}

static void raise_one_and_cancel_another(struct road *road,
                                         struct screen *screen)
{
    road_push(road, "alert", "over", 1, signer_drill);
    assert_true(screen_wait(screen, "shown", "over", 1));
    road_push(road, "alert-cancel", "over", 2, signer_drill_cancel);
    assert_true(screen_wait(screen, "ended", "over", 1));
    road_push(road, "alert", "wind", 1, road_yellow_drill);
    assert_true(screen_wait(screen, "shown", "wind", 1));
}

static void a_start_without_a_broker_shows_programme_and_alert(void **state)
{
    struct road *road = *state;
    struct screen *screen = road_start(road, "--dwell", "300");

    assert_true(screen_wait(screen, "line-up", "", 1));
    road_push_panel(road, "q01", 1);
    road_push_panel(road, "q02", 1);
    raise_one_and_cancel_another(road, screen);
    assert_true(screen_wait(screen, "shown", "q02", 1));
    assert_int_equal(screen_stop(screen), 0);
    broker_stop(road->broker);
    screen = road_start(road, "--dwell", "300");
    assert_true(screen_wait(screen, "shown", "wind", 1));
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_true(screen_wait(screen, "shown", "q02", 1));
    assert_int_equal(screen_count(screen, "shown", "over"), 0);
    assert_int_equal(screen_count(screen, "line-up", ""), 0);
    assert_int_equal(screen_stop(screen), 0);
}

static struct screen *start_with_line(const struct road *road,
                                      const char *broker, const char *config)
{
    const struct screen_options options = {
        .folder = road->folder,
        .broker = broker,
        .trust = signer_file(road->signer),
        .store = road->store,
        .mode = "--headless",
        .size = "640x360",
        .extra = {config ? "--config" : NULL, config},
    };
    char *log = folder_path(road->folder, "display.log");

    unlink(log); /* of the run before */
    free(log);
    struct screen *screen = screen_start(&options);
    assert_non_null(screen);
    return screen;
}

/* What it kept shows, the line is to blame, and nobody's key. */
static void expect_kept(struct screen *screen, const char *line)
{
    assert_true(screen_wait(screen, "shown", "wind", 1));
    assert_true(screen_wait_log(screen, line, 1));
    assert_int_equal(screen_count_log(screen, "error: "), 1);
    assert_int_equal(screen_count_log(screen, "operator.pem"), 0);
    assert_int_equal(screen_stop(screen), 0);
}

static void a_line_that_cannot_be_darkens_no_screen(void **state)
{
    static const char *const addresses[] = {"b:1883", "mqtts://127.0.0.1:1",
                                            "mqtt://b:abc", "mqtt://x:y@b"};
    static const char *const lines[] = {
        "address = b:1883",
        "adress = mqtt://b",
        "address b",
        "address = mqtts://b\nca = none.pem\nkey = k",
        "address = mqtt://b\npassword_file = none\nusername = x",
    };
    struct road *road = *state;
    struct screen *screen = road_start(road, NULL, NULL);
    char *config = folder_path(road->folder, "display.conf");
    char text[256];

    road_push(road, "alert", "wind", 1, road_yellow_drill);
    assert_true(screen_wait(screen, "shown", "wind", 1));
    assert_int_equal(screen_stop(screen), 0);
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        expect_kept(start_with_line(road, addresses[i], NULL), "error: line: ");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        snprintf(text, sizeof text, "[broker]\n%s\n", lines[i]);
        assert_true(folder_write(road->folder, "display.conf", text));
        expect_kept(start_with_line(road, NULL, config), "display.conf:");
    }
    free(config);
}

static void
a_good_address_beside_a_bad_one_is_used_and_the_bad_one_told(void **state)
{
    struct road *road = *state;
    char text[256];
    size_t next = 0;

    snprintf(text, sizeof text, "[broker]\naddress = mqtt://b:abc %s\n",
             broker_url(road->broker));
    assert_true(folder_write(road->folder, "display.conf", text));
    char *config = folder_path(road->folder, "display.conf");
    assert_true(
        peer_subscribe(road->peer, "gaoshi/1/erqi/screen/lobby-1/state"));
    struct screen *screen = start_with_line(road, NULL, config);
    assert_true(road_hears(road->peer, &next,
                           "display.conf:2: broker.address: 'mqtt://b:abc'"));
    assert_int_equal(screen_stop(screen), 0);
    free(config);
}

/* The panel's turn comes behind the alert's: that is committed by then. */
static void a_kill_loses_no_alert_and_brings_no_cancelled_one_back(void **state)
{
    struct road *road = *state;
    struct screen *screen = road_start(road, "--dwell", "300");

    raise_one_and_cancel_another(road, screen);
    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    kill_screen(screen);
    broker_stop(road->broker);
    screen = road_start(road, "--dwell", "300");
    assert_true(screen_wait(screen, "shown", "wind", 1));
    assert_int_equal(screen_count(screen, "shown", "over"), 0);
    assert_int_equal(screen_stop(screen), 0);
}

static void
on_a_full_disk_the_glass_goes_on_and_the_store_comes_back(void **state)
{
    struct road *road = *state;
    struct disk disk = give_disk(road);
    size_t next = 0;

    assert_true(peer_subscribe(road->peer, state_topic));
    struct screen *screen = road_start(road, "--dwell", "300");
    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_true(road_hears(road->peer, &next, "\"store_ok\":true"));
    fill(&disk);
    road_push(road, "alert", "wind", 1, road_yellow_drill);
    assert_true(screen_wait(screen, "shown", "wind", 1));
    assert_true(road_hears(road->peer, &next, "\"store_ok\":false"));
    road_push_panel(road, "q02", 1);
    assert_true(screen_wait(screen, "shown", "q02", 1));
    assert_int_equal(screen_count_log(screen, "goes on from memory"), 1);
    assert_int_equal(unlink(disk.filler), 0);
    assert_true(road_hears(road->peer, &next, "\"store_ok\":true"));
    assert_int_equal(screen_count_log(screen, "it can be written again"), 1);
    kill_screen(screen);
    broker_stop(road->broker);
    screen = road_start(road, "--dwell", "300");
    assert_true(screen_wait(screen, "shown", "wind", 1));
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_true(screen_wait(screen, "shown", "q02", 1));
    assert_int_equal(screen_stop(screen), 0);
    take_disk(&disk);
}

/* The kill leaves the last commits in the log, beside the file. */
static void a_read_only_disk_shows_what_it_has_and_comes_back(void **state)
{
    struct road *road = *state;
    struct disk disk = give_disk(road);
    struct screen *screen = road_start(road, "--dwell", "300");

    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    road_push(road, "alert", "wind", 1, road_yellow_drill);
    assert_true(screen_wait(screen, "shown", "wind", 1));
    road_push_panel(road, "q02", 1);
    assert_true(screen_wait(screen, "shown", "q02", 1));
    kill_screen(screen);
    broker_stop(road->broker);
    assert_true(mount_set_read_only(disk.folder, true));
    screen = road_start(road, "--dwell", "300");
    assert_true(screen_wait(screen, "shown", "wind", 1));
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count_log(screen, "goes on from memory"), 1);
    assert_true(mount_set_read_only(disk.folder, false));
    assert_true(process_wait_until(is_logged, screen));
    assert_int_equal(screen_count(screen, "shown", "wind"), 1);
    assert_int_equal(screen_stop(screen), 0);
    take_disk(&disk);
}

static void a_damaged_store_comes_back_from_the_broker(void **state)
{
    struct road *road = *state;

    road_push_panel(road, "q01", 1);
    assert_true(folder_write(road->folder, "store.db", "rubbish, not rows"));
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count_log(screen, "was damaged"), 1);
    assert_int_equal(screen_stop(screen), 0);
    broker_stop(road->broker);
    screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count_log(screen, "was damaged"), 1);
    assert_int_equal(screen_stop(screen), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, road_open, road_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_start_without_a_broker_shows_programme_and_alert),
        TEST(a_line_that_cannot_be_darkens_no_screen),
        TEST(a_good_address_beside_a_bad_one_is_used_and_the_bad_one_told),
        TEST(a_kill_loses_no_alert_and_brings_no_cancelled_one_back),
        TEST(on_a_full_disk_the_glass_goes_on_and_the_store_comes_back),
        TEST(a_read_only_disk_shows_what_it_has_and_comes_back),
        TEST(a_damaged_store_comes_back_from_the_broker),
    };

    has_mounts = mount_begin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
