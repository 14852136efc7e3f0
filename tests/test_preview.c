/* A preview is what a real screen shows, to the pixel. */
#include "base/timestamp.h"
#include "display/edge/render/picture.h"
#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/screen.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define SAMPLE GAOSHI_SOURCE_DIR "/data/samples/sample-place.json"

/* It says when it was sent, and not when it ends: nothing on its pages depends
 * on the moment at which it is drawn. */
static const char alert_text[] =
    "{\"gaoshi\":1,\"kind\":\"alert\",\"id\":\"wind\",\"alert\":{\"status\":"
    "\"actual\",\"type\":\"alert\",\"level\":\"%s\",\"urgency\":\"expected\","
    "\"certainty\":\"likely\",\"event\":\"大风\",\"headline\":\"大风预警\","
    "\"instruction\":\"远离广告牌和大树\",\"area\":\"全区\",\"sender\":"
    "\"应急值班室\",\"sent\":\"%s\"}}\n";

/* As no default has it, and without what the clock changes. */
static const char other_text[] =
    "[glass]\ntheme = day\nmotion = none\nutc_offset = +05:30\n"
    "clock = no\ndate = no\nlunar = no\n"
    "[alerts]\nblue = upper\n";

/* What moves slowly along an alert's edge no still picture has. Between the
 * preview and the screen's picture a minute may pass. */
static const char still_text[] =
    "[glass]\nmotion = none\nclock = no\ndate = no\n"
    "lunar = no\n";

struct wall {
    const char *level;
    const char *size;
    const char *config;
};

static bool is_same_picture(const char *a, const char *b)
{
    uint32_t *pixels[2] = {NULL, NULL};
    int width[2] = {0}, height[2] = {0};
    struct problem problem = {0};
    bool same =
        picture_read(a, &pixels[0], &width[0], &height[0], &problem) &&
        picture_read(b, &pixels[1], &width[1], &height[1], &problem) &&
        width[0] == width[1] && height[0] == height[1] &&
        memcmp(pixels[0], pixels[1],
               sizeof *pixels[0] * (size_t)width[0] * (size_t)height[0]) == 0;

    free(pixels[0]);
    free(pixels[1]);
    return same;
}

struct search {
    const char *picture;
    const char *folder;
    int before; /* so many pictures when the alert came */
    bool found;
};

/* Enough pages to have shown the alert's first one. */
enum { PICTURES_MAX = 6 };

static bool look(struct search *search, const char *name, int *pictures)
{
    const char *ending = strrchr(name, '.');
    char *file = folder_path(search->folder, name);

    if (ending && strcmp(ending, ".png") == 0) {
        search->found |= is_same_picture(search->picture, file);
        ++*pictures;
    }
    free(file);
    return search->found;
}

static int count_pictures(struct search *search)
{
    DIR *folder = opendir(search->folder);
    const struct dirent *entry;
    int pictures = 0;

    while (folder && (entry = readdir(folder)) &&
           !look(search, entry->d_name, &pictures))
        continue;
    if (folder)
        closedir(folder);
    return pictures;
}

/* True when there is nothing more to wait for. */
static bool search_recorded(void *context)
{
    struct search *search = context;

    return count_pictures(search) >= search->before + PICTURES_MAX ||
           search->found;
}

static struct screen *start_screen(const struct publisher_fixture *publisher,
                                   const char *folder, const struct wall *wall)
{
    char *trust = folder_path(publisher->folder, "gaoshi.pub.pem");
    const struct screen_options options = {
        .folder = folder,
        .broker = broker_url(publisher->broker),
        .trust = trust,
        .mode = "--headless",
        .size = wall->size,
        .extra = {"--config", wall->config, "--place", ""},
    };
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    free(trust);
    return screen;
}

/* The first page; the caller frees its name. */
static char *draw_preview(struct publisher_fixture *publisher, const char *file,
                          const struct wall *wall)
{
    char *picture = folder_path(publisher->folder, "wall.png");

    PUBLISHER_RUN(publisher, "alert", "raise", file, "--preview", picture,
                  "--size", wall->size, "--preview-config", wall->config);
    publisher_expect(publisher, 0, "");
    if (access(picture, R_OK) == 0)
        return picture;
    free(picture);
    return folder_path(publisher->folder, "wall-1.png");
}

static char *write_alert(const struct publisher_fixture *publisher,
                         const char *level)
{
    char text[sizeof alert_text + TIMESTAMP_BYTES + 16];
    char sent[TIMESTAMP_BYTES];

    timestamp_format((time(NULL) - 3600) * INT64_C(1000), 480, sent);
    snprintf(text, sizeof text, alert_text, level, sent);
    assert_true(folder_write(publisher->folder, "wind.json", text));
    return folder_path(publisher->folder, "wind.json");
}

static void compare(struct publisher_fixture *publisher,
                    const struct wall *wall)
{
    char *folder = folder_make();
    char *alert = write_alert(publisher, wall->level);
    char *picture = draw_preview(publisher, alert, wall);
    struct screen *screen = start_screen(publisher, folder, wall);
    struct search search = {picture, folder, 0, false};

    PUBLISHER_SEND(publisher, "panel", "push", SAMPLE);
    publisher_expect(publisher, 0, "");
    assert_true(screen_wait(screen, "shown", "sample-place", 1));
    PUBLISHER_SEND(publisher, "alert", "raise", alert, "--yes");
    publisher_expect(publisher, 0, "");
    assert_true(screen_wait(screen, "shown", "wind", 1));
    search.before = count_pictures(&search);
    process_wait_until(search_recorded, &search);
    if (!search.found)
        fail_msg("%s at %s: the screen showed something else", wall->level,
                 wall->size);
    assert_int_equal(screen_stop(screen), 0);
    PUBLISHER_SEND(publisher, "alert", "cancel", "wind", "--yes");
    publisher_expect(publisher, 0, "");
    unlink(picture);
    free(picture);
    free(alert);
    folder_remove(folder);
    free(folder);
}

static void a_preview_is_what_a_screen_shows(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *config = folder_path(publisher->folder, "still.conf");
    const struct wall walls[] = {
        {"red", "960x540", config},
        {"yellow", "960x540", config},
        {"yellow", "540x960", config},
        {"blue", "192x64", config},
    };

    assert_true(folder_write(publisher->folder, "still.conf", still_text));
    for (size_t i = 0; i < sizeof walls / sizeof walls[0]; i++)
        compare(publisher, &walls[i]);
    free(config);
}

static void with_its_configuration_it_is_that_screen(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *config = folder_path(publisher->folder, "other.conf");

    assert_true(folder_write(publisher->folder, "other.conf", other_text));
    compare(publisher, &(struct wall){"blue", "960x540", config});
    free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_preview_is_what_a_screen_shows,
                                        publisher_open, publisher_close),
        cmocka_unit_test_setup_teardown(
            with_its_configuration_it_is_that_screen, publisher_open,
            publisher_close),
    };

    /* The operator is elsewhere than his screens. */
    setenv("TZ", "America/New_York", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
