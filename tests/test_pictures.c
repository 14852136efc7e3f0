/* The road of a picture: from the operator's file over a real broker to the
 * glass, over restarts of everything on it. */
#include "base/clock.h"
#include "display/edge/album/album.h"
#include "tests/fleet/mqtt.h"
#include "tests/support/folder.h"
#include "tests/support/made_picture.h"
#include "tests/support/process.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/screen.h"

#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { BOUND_MS = 60000, STEP_MS = 20, NAME_BYTES = 400 };

static char *write_bytes(const struct publisher_fixture *publisher,
                         const char *name, const struct made_picture *made)
{
    char *path = folder_path(publisher->folder, name);
    FILE *file = fopen(path, "wbe");

    assert_non_null(file);
    assert_int_equal(fwrite(made->bytes, 1, made->size, file), made->size);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* A file of several chunks. */
static char *write_poster(const struct publisher_fixture *publisher)
{
    const struct made_options options = {
        .width = 2000, .height = 3000, .talkative = true};
    struct made_picture made = made_jpeg(&options);
    char *path = write_bytes(publisher, "Poster of September.jpg", &made);

    free(made.bytes);
    return path;
}

static struct screen *start(const struct publisher_fixture *publisher,
                            bool broker)
{
    char *record = folder_path(publisher->folder, "record");
    char *trust = folder_path(publisher->folder, "gaoshi.pub.pem");
    char *store = folder_path(publisher->folder, "display.db");
    const struct screen_options options = {
        .folder = record,
        .broker = broker ? broker_url(publisher->broker) : NULL,
        .trust = trust,
        .store = store,
        .mode = "--headless",
        .size = "800x600",
        .extra = {"--dwell", "300"},
    };

    mkdir(record, 0700); /* a second start finds it */
    struct screen *screen = screen_start(&options);
    assert_non_null(screen);
    free(record);
    free(trust);
    free(store);
    return screen;
}

/* A page of this id that the display recorded has the field's colour on many
 * pixels. */
static bool is_red(const char *folder, const char *name)
{
    char path[NAME_BYTES];
    struct problem problem = {0};
    struct image image;
    const struct image_part whole = {0, 0, 800, 600};
    int red = 0;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rbe");
    char *bytes = calloc(1, LIMIT_PICTURE_BYTES);
    size_t size = file ? fread(bytes, 1, LIMIT_PICTURE_BYTES, file) : 0;
    if (file)
        fclose(file);
    bool read = image_decode(bytes, size, &whole, 80, 60, &image, &problem);
    for (int i = 0; read && i < 80 * 60; i++)
        red += made_is_near(image.pixels[i], made_colour(0));
    if (read)
        free(image.pixels);
    free(bytes);
    return red > 80 * 60 / 40;
}

static bool any_is_red(const char *folder, const char *id)
{
    DIR *listing = opendir(folder);
    bool found = false;

    if (!listing)
        return false;
    for (struct dirent *entry; !found && (entry = readdir(listing));)
        found = strstr(entry->d_name, id) && is_red(folder, entry->d_name);
    closedir(listing);
    return found;
}

static void forget_record(const struct publisher_fixture *publisher)
{
    char *record = folder_path(publisher->folder, "record");

    folder_remove(record);
    free(record);
}

static bool shows(const struct publisher_fixture *publisher, const char *id)
{
    char *record = folder_path(publisher->folder, "record");
    int64_t end_ms = clock_monotonic_ms() + BOUND_MS;
    bool found = false;

    while (!found && clock_monotonic_ms() < end_ms) {
        found = any_is_red(record, id);
        if (!found)
            usleep(STEP_MS * 1000);
    }
    free(record);
    return found;
}

/* Ends the screen, which tells who decoded: no frame ever waited for that. */
static void expect_decoded_elsewhere(const struct publisher_fixture *publisher,
                                     struct screen *screen)
{
    char *record = folder_path(publisher->folder, "record");

    assert_int_equal(screen_stop(screen), 0);
    char *log = folder_read(record, "display.log");
    assert_non_null(log);
    assert_non_null(strstr(log, " decoded, 0 of them by the loop"));
    free(log);
    free(record);
}

static void a_poster_is_shown_and_again_without_a_broker(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *poster = write_poster(publisher);
    char *notice = publisher_write_panel(publisher, "notice", "停水通知");

    PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "二七文化节",
                   "--until", "+2d");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "panel", "push", notice);
    publisher_expect(publisher, 0, "");
    struct screen *screen = start(publisher, true);
    assert_true(shows(publisher, "poster-of-september"));
    expect_decoded_elsewhere(publisher, screen);

    broker_destroy(publisher->broker);
    publisher->broker = NULL;
    forget_record(publisher);
    screen = start(publisher, false);
    assert_true(shows(publisher, "poster-of-september"));
    expect_decoded_elsewhere(publisher, screen);
    publisher->broker = broker_start(NULL);
    free(poster);
    free(notice);
}

/* Nothing of a place or an owner leaves the operator's machine, and the chunks
 * of a picture that no panel names go. */
static void
the_broker_has_the_chunks_as_long_as_a_panel_names_them(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *poster = write_poster(publisher);
    struct peer *peer = peer_connect(broker_url(publisher->broker), "looks");

    assert_true(peer_subscribe(peer, "gaoshi/1/erqi/picture/#"));
    PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "节", "--id",
                   "poster");
    publisher_expect(publisher, 0, "");
    size_t chunks = peer_messages(peer);
    assert_true(chunks > 1);
    for (size_t i = 0; i < chunks; i++) {
        const struct peer_message *got = peer_wait_message(peer, i);
        assert_true(got->bytes > 0 && got->bytes <= LIMIT_CHUNK_BYTES);
        assert_false(made_has(got->payload, got->bytes, "owner"));
    }
    /* Another panel names it, too; whoever pushes it wants it there. */
    PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "节", "--id",
                   "again");
    publisher_expect(publisher, 0, "");
    chunks *= 2;
    assert_non_null(peer_wait_message(peer, chunks - 1));
    PUBLISHER_SEND(publisher, "panel", "remove", "poster");
    publisher_expect(publisher, 0, "");
    assert_int_equal(peer_messages(peer), chunks);
    PUBLISHER_SEND(publisher, "panel", "remove", "again");
    publisher_expect(publisher, 0, "");
    for (size_t i = chunks; i < chunks * 3 / 2; i++)
        assert_int_equal(peer_wait_message(peer, i)->bytes, 0);
    peer_destroy(peer);
    free(poster);
}

static void expect_refused(struct publisher_fixture *publisher,
                           struct made_picture made, const char *name,
                           const char *why)
{
    char *path = write_bytes(publisher, name, &made);

    PUBLISHER_SEND(publisher, "panel", "push", path, "--title", "节");
    assert_int_not_equal(publisher->result.code, 0);
    if (!strstr(publisher->result.err, why))
        fail_msg("%s: %s", name, publisher->result.err);
    assert_true(strstr(publisher->result.err, name) ||
                strstr(publisher->result.err, "FILE"));
    free(path);
    free(made.bytes);
}

static void what_no_screen_can_show_is_refused_before_it_is_sent(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct made_options options = {.width = 300, .height = 200};
    struct made_picture cut = made_jpeg(&options);
    struct peer *peer = peer_connect(broker_url(publisher->broker), "looks");

    assert_true(peer_subscribe(peer, "gaoshi/1/erqi/#"));
    cut.size = cut.size * 3 / 4;
    expect_refused(publisher, cut, "cut.jpg", "JPEG");
    options.cmyk = true;
    expect_refused(publisher, made_jpeg(&options), "print.jpg", "CMYK");
    expect_refused(publisher, made_animated_webp(), "film.webp", "animated");
    struct made_picture large = {calloc(1, LIMIT_PICTURE_BYTES + 1),
                                 LIMIT_PICTURE_BYTES + 1};
    memcpy(large.bytes, "\xFF\xD8\xFF", 3);
    expect_refused(publisher, large, "large.jpg", "8 MiB");
    expect_refused(publisher, (struct made_picture){calloc(1, 4), 4},
                   "text.jpg", "");
    assert_int_equal(peer_messages(peer), 0);
    peer_destroy(peer);
}

/* A broker that lost everything gets it again from the heartbeat. */
static void a_broker_that_lost_the_picture_gets_it_again(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *poster = write_poster(publisher);

    PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "节", "--id",
                   "poster");
    publisher_expect(publisher, 0, "");
    /* The words may stand before the picture is here. It is seen when the panel
     * comes again, behind another one. */
    char *other = publisher_write_panel(publisher, "other", "另一页");
    PUBLISHER_SEND(publisher, "panel", "push", other);
    publisher_expect(publisher, 0, "");
    free(other);
    pid_t heartbeat = publisher_start_heartbeat(publisher, "heartbeat.log");
    broker_kill(publisher->broker);
    assert_true(broker_restart(publisher->broker));
    struct screen *screen = start(publisher, true);
    if (!shows(publisher, "poster")) {
        char *log = folder_read(publisher->folder, "heartbeat.log");
        fail_msg("the heartbeat says: %s", log ? log : "");
    }
    assert_int_equal(screen_stop(screen), 0);
    process_stop(heartbeat);
    free(poster);
}

/* A simulated screen: an album with a line of its own. */
struct small_screen {
    struct mqtt mqtt;
    struct album *album;
    char asked[LIMIT_TOPIC_BYTES];
    bool up;
    int number;
};

static void on_connected(void *context)
{
    struct small_screen *screen = context;

    screen->up = true;
    if (screen->asked[0])
        mqtt_subscribe(&screen->mqtt, screen->asked);
}

static void on_subscribed(void *context, bool granted)
{
    (void)context;
    assert_true(granted);
}

static void on_message(void *context, const char *text, const char *payload,
                       size_t bytes)
{
    struct small_screen *screen = context;
    struct topic topic;

    if (topic_parse(text, &topic) && topic.kind == TOPIC_PICTURE && bytes > 0)
        album_take_chunk(screen->album, topic.id, (size_t)atoi(topic.chunk),
                         payload, bytes, clock_monotonic_ms());
}

static void connect_screen(struct small_screen *screen, int port)
{
    const struct mqtt_will will = {"gaoshi/1/erqi/screen/x/presence", "gone"};
    char id[32];

    screen->up = false;
    snprintf(id, sizeof id, "small-%d", screen->number);
    mqtt_connect(&screen->mqtt, port, NULL, id, &will);
}

static void turn_screen(struct small_screen *screen, int port)
{
    const struct mqtt_events events = {screen, on_connected, on_subscribed,
                                       on_message, NULL};
    const struct album_wish wish = album_wish(screen->album);
    char filter[LIMIT_TOPIC_BYTES] = "";

    album_turn(screen->album, clock_monotonic_ms());
    if (wish.digest)
        topic_picture_filter("erqi", wish.digest, filter);
    if (strcmp(filter, screen->asked) != 0) {
        if (screen->asked[0] && screen->up)
            mqtt_unsubscribe(&screen->mqtt, screen->asked);
        snprintf(screen->asked, sizeof screen->asked, "%s", filter);
        if (screen->up && filter[0])
            mqtt_subscribe(&screen->mqtt, filter);
    }
    if (screen->mqtt.fd < 0 || !mqtt_flush(&screen->mqtt) ||
        !mqtt_read(&screen->mqtt, &events)) {
        mqtt_drop(&screen->mqtt);
        connect_screen(screen, port);
    }
}

enum { SMALL_SCREENS = 100, EARLY_SCREENS = 30 };

static int turn_some(struct small_screen *screens, int count, int port,
                     const char *digest)
{
    int have = 0;

    for (int i = 0; i < count; i++) {
        turn_screen(&screens[i], port);
        have += album_has(screens[i].album, digest);
    }
    usleep(STEP_MS * 100);
    return have;
}

/* The panel that was pushed, as every screen verifies it. */
static struct message *find_panel(const struct publisher_fixture *publisher,
                                  struct peer *peer)
{
    const struct peer_message *got =
        peer_wait_topic(peer, "gaoshi/1/erqi/down/all/panel/poster");

    assert_non_null(got);
    return publisher_open_message(publisher, got);
}

static void
a_hundred_screens_have_it_whole_after_the_broker_was_killed(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct small_screen *screens = calloc(SMALL_SCREENS, sizeof *screens);
    const struct broker_options persistent = {.persistence = true};
    char *poster = write_poster(publisher);

    broker_destroy(publisher->broker);
    publisher->broker = broker_start(&persistent);
    struct peer *peer = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "节", "--id",
                   "poster");
    publisher_expect(publisher, 0, "");
    struct message *panel = find_panel(publisher, peer);
    const struct panel_picture *picture = &panel->panel.pictures[0];
    int port = broker_port(publisher->broker);
    for (int i = 0; i < SMALL_SCREENS; i++) {
        screens[i] = (struct small_screen){.mqtt = {.fd = -1}, .number = i};
        screens[i].album = album_create("", ALBUM_FOLDER_BYTES);
        assert_non_null(screens[i].album);
        album_name_begin(screens[i].album);
        album_name(screens[i].album, picture);
        album_name_end(screens[i].album);
    }
    /* In the middle: some have it, some may have a part of it, most have not
     * asked yet. */
    int64_t end_ms = clock_monotonic_ms() + BOUND_MS;
    int have = 0;
    while (have == 0 && clock_monotonic_ms() < end_ms)
        have = turn_some(screens, EARLY_SCREENS, port, picture->digest);
    assert_in_range(have, 1, EARLY_SCREENS);
    broker_kill(publisher->broker);
    turn_some(screens, SMALL_SCREENS, port, picture->digest);
    assert_true(broker_restart(publisher->broker));
    end_ms = clock_monotonic_ms() + BOUND_MS;
    while (have < SMALL_SCREENS && clock_monotonic_ms() < end_ms)
        have = turn_some(screens, SMALL_SCREENS, port, picture->digest);
    assert_int_equal(have, SMALL_SCREENS);
    for (int i = 0; i < SMALL_SCREENS; i++) {
        mqtt_drop(&screens[i].mqtt);
        album_destroy(screens[i].album);
    }
    message_destroy(panel);
    peer_destroy(peer);
    free(screens);
    free(poster);
}

#define ON_ROAD(test)                                                          \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_ROAD(a_poster_is_shown_and_again_without_a_broker),
        ON_ROAD(the_broker_has_the_chunks_as_long_as_a_panel_names_them),
        ON_ROAD(what_no_screen_can_show_is_refused_before_it_is_sent),
        ON_ROAD(a_broker_that_lost_the_picture_gets_it_again),
        ON_ROAD(a_hundred_screens_have_it_whole_after_the_broker_was_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
