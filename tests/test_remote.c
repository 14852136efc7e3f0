/* Commands from the operator's words to the glass and back, with a real broker
 * and a real display: what each does, who is refused, and what a hostile screen
 * may answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <jansson.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "display/edge/render/picture.h"
#include "protocol/reply.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/screen.h"
#include "tests/support/xvfb.h"

struct remote {
    struct publisher_fixture *publisher;
    char *records; /* of the display */
    char *store;
    struct screen *screen;
};

static int open_remote(void **state)
{
    struct remote *remote = calloc(1, sizeof *remote);

    if (publisher_open((void **)&remote->publisher) != 0)
        return -1;
    remote->records = folder_make();
    remote->store = folder_path(remote->records, "store.db");
    *state = remote;
    return 0;
}

static int close_remote(void **state)
{
    struct remote *remote = *state;

    if (remote->screen)
        screen_stop(remote->screen);
    publisher_close((void **)&remote->publisher);
    folder_remove(remote->records);
    free(remote->records);
    free(remote->store);
    free(remote);
    return 0;
}

/* config: the text of display.conf, or NULL. Where it says whom the screen
 * trusts, the command line does not. */
static void start(struct remote *remote, const char *mode, const char *size,
                  const char *config)
{
    char *key = folder_path(remote->publisher->folder, "gaoshi.pub.pem");
    char *file = folder_path(remote->publisher->folder, "display.conf");
    struct screen_options options = {
        .folder = remote->records,
        .broker = broker_url(remote->publisher->broker),
        .trust = key,
        .store = remote->store,
        .mode = mode,
        .size = size,
    };

    if (config && strstr(config, "[trust]"))
        options.trust = NULL;
    if (config) {
        assert_true(
            folder_write(remote->publisher->folder, "display.conf", config));
        options.extra[0] = "--config";
        options.extra[1] = file;
    }
    remote->screen = screen_start(&options);
    assert_non_null(remote->screen);
    assert_true(screen_wait(remote->screen, "line-up", "", 1));
    free(file);
    free(key);
}

static void start_plain(struct remote *remote)
{
    start(remote, "--headless", "640x360", NULL);
}

#define COMMAND(remote, ...)                                                   \
    PUBLISHER_SEND((remote)->publisher, "command", __VA_ARGS__)

static void expect(const struct remote *remote, int code, const char *text)
{
    const struct program_result *result = &remote->publisher->result;

    if (result->code != code || !strstr(result->out, text))
        fail_msg("expected %d and '%s', got %d: %s%s", code, text, result->code,
                 result->out, result->err);
}

static void raise_alert(struct remote *remote, const char *id)
{
    PUBLISHER_SEND(remote->publisher, "alert", "raise", "--template", "flood",
                   "--level", "red", "--sender", "防汛办", "--status",
                   "exercise", "--id", id, "--yes");
    assert_int_equal(remote->publisher->result.code, 0);
    assert_true(screen_wait(remote->screen, "shown", id, 1));
}

static void cancel_alert(struct remote *remote, const char *id)
{
    PUBLISHER_SEND(remote->publisher, "alert", "cancel", id, "--yes");
    assert_int_equal(remote->publisher->result.code, 0);
    assert_true(screen_wait(remote->screen, "ended", id, 1));
}

static void each_command_is_done_and_answered(void **state)
{
    struct remote *remote = *state;

    start_plain(remote);
    COMMAND(remote, "lobby-1", "identify");
    expect(remote, 0, "lobby-1: identify: the screen shows its name\n");
    expect(remote, 0, "identify done on 1 of 1 (100.0 %)");
    COMMAND(remote, "lobby-1", "reload");
    expect(remote, 0, "reload: name and glass are read anew");
    COMMAND(remote, "lobby-1", "brightness", "60");
    expect(remote, 0, "brightness: 60 % by the picture");
    COMMAND(remote, "lobby-1", "brightness", "3");
    expect(remote, 0, "brightness: 25 % by the picture");
    COMMAND(remote, "lobby-1", "brightness", "90");
    COMMAND(remote, "lobby-1", "night", "on");
    expect(remote, 0, "night: 30 % by the picture");
    COMMAND(remote, "lobby-1", "night", "off", "--json");
    json_t *all = json_loads(remote->publisher->result.out, 0, NULL);
    json_t *one = json_array_get(json_object_get(all, "answers"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "answer")),
                        "done");
    assert_string_equal(json_string_value(json_object_get(one, "text")),
                        "night: 90 % by the picture");
    json_decref(all);
}

static void wrong_words_ask_nobody(void **state)
{
    struct remote *remote = *state;
    static const struct {
        const char *words[4];
        const char *said;
    } table[] = {
        {{"lobby-1"}, "what shall lobby-1 do?"},
        {{"lobby-1", "dance"}, "expected identify, screenshot"},
        {{"lobby-1", "plays"}, "expected identify, screenshot"},
        {{"lobby-1", "brightness"}, "expected a number"},
        {{"lobby-1", "brightness", "101"}, "from 0 to 100"},
        {{"lobby-1", "night", "1"}, "expected on or off"},
        {{"lobby-1", "identify", "7"}, "expected nothing"},
        {{"lobby-1", "screenshot"}, "--out FILE.png"},
        {{"LOBBY", "identify"}, "a-z 0-9"},
        {{"--scope", "everywhere", "identify"}, "all, area-CODE"},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *words[6] = {"command"};
        memcpy(words + 1, table[i].words, sizeof table[i].words);
        publisher_send_words(remote->publisher, words);
        publisher_expect(remote->publisher, 2, table[i].said);
    }
}

static void the_configuration_comes_without_secrets(void **state)
{
    struct remote *remote = *state;

    start(remote, "--headless", "640x360",
          "[glass]\nticker = 今晚八点\n[broker]\nusername = wang\n");
    COMMAND(remote, "lobby-1", "config");
    expect(remote, 0, "\nid = lobby-1\n");
    expect(remote, 0, "\nticker = 今晚八点\n");
    expect(remote, 0, "\nyellow = upper\n");
    assert_null(strstr(remote->publisher->result.out, "wang"));
    assert_null(strstr(remote->publisher->result.out, "password"));
    char *out = folder_path(remote->publisher->folder, "lobby.conf");
    COMMAND(remote, "lobby-1", "config", "--out", out);
    expect(remote, 0, "lobby-1: ");
    char *text = folder_read(remote->publisher->folder, "lobby.conf");
    assert_non_null(strstr(text, "[alerts]"));
    free(text);
    free(out);
}

static void a_reload_takes_the_file_as_it_is_now(void **state)
{
    struct remote *remote = *state;

    start(remote, "--headless", "640x360", "[glass]\nticker = 昨天\n");
    assert_true(folder_write(remote->publisher->folder, "display.conf",
                             "[glass]\nticker = 今天\nrotation = 90\n"
                             "brightness = 50\n"));
    COMMAND(remote, "lobby-1", "reload");
    expect(remote, 0, "reload done on 1 of 1");
    COMMAND(remote, "lobby-1", "config");
    expect(remote, 0, "\nticker = 今天\n");
    expect(remote, 0, "\nrotation = 90\n");
    COMMAND(remote, "lobby-1", "night", "off");
    expect(remote, 0, "night: 50 %");
    /* One with a mistake changes nothing. */
    assert_true(folder_write(remote->publisher->folder, "display.conf",
                             "[glass]\nticker = 明天\nrotation = 91\n"));
    COMMAND(remote, "lobby-1", "reload");
    expect(remote, 5, "reload refused by lobby-1: field: ");
    expect(remote, 5, "rotation");
    COMMAND(remote, "lobby-1", "config");
    expect(remote, 0, "\nticker = 今天\n");
}

struct light_watch {
    struct remote *remote;
    const char *text;
};

static bool has_light(void *context)
{
    const struct light_watch *watch = context;
    struct publisher_fixture *publisher = watch->remote->publisher;

    PUBLISHER_RUN(publisher, "screens", "show", "lobby-1", "--org", "erqi",
                  "--broker", broker_url(publisher->broker));
    bool dark = strstr(publisher->result.out, "\nlight            dark\n");
    return publisher->result.code == 0 &&
           dark == (strcmp(watch->text, "dark") == 0);
}

static void reload(struct remote *remote, const char *config, const char *light)
{
    struct light_watch watch = {remote, light};

    assert_true(
        folder_write(remote->publisher->folder, "display.conf", config));
    COMMAND(remote, "lobby-1", "reload");
    expect(remote, 0, "reload done on 1 of 1");
    if (!process_wait_until(has_light, &watch))
        fail_msg("the glass never became %s with %s", light, config);
}

/* The span from an hour ago to in an hour, in UTC, is dark. */
static void a_reload_takes_hours_and_zone(void **state)
{
    struct remote *remote = *state;
    time_t from = time(NULL) - 3600, until = from + 7200;
    struct tm parts;
    char begins[8], ends[8], here[200], elsewhere[200];

    strftime(begins, sizeof begins, "%H:%M", gmtime_r(&from, &parts));
    strftime(ends, sizeof ends, "%H:%M", gmtime_r(&until, &parts));
    snprintf(here, sizeof here,
             "[glass]\nzone = Etc/UTC\n[hours]\ndark = %s-%s\n", begins, ends);
    snprintf(elsewhere, sizeof elsewhere,
             "[glass]\nzone = Asia/Shanghai\n[hours]\ndark = %s-%s\n", begins,
             ends);
    start(remote, "--headless", "640x360", "[glass]\nzone = Etc/UTC\n");
    reload(remote, here, "dark");
    reload(remote, elsewhere, "bright");
    reload(remote, here, "dark");
    reload(remote, "[glass]\nzone = Etc/UTC\n", "bright");
}

/* Yesterday, today and tomorrow, so that midnight changes nothing. */
static void write_holidays(struct remote *remote, const char *kind)
{
    char text[200] = "";

    for (int day = -1; day <= 1; day++) {
        time_t at = time(NULL) + day * 86400;
        struct tm parts;
        size_t used = strlen(text);
        used += strftime(text + used, sizeof text - used, "%Y-%m-%d ",
                         gmtime_r(&at, &parts));
        snprintf(text + used, sizeof text - used, "%s\n", kind);
    }
    assert_true(folder_write(remote->publisher->folder, "days.txt", text));
}

static void a_reload_takes_the_table_of_holidays(void **state)
{
    struct remote *remote = *state;
    char config[1024];
    char *table = folder_path(remote->publisher->folder, "days.txt");

    snprintf(config, sizeof config,
             "[glass]\nzone = Etc/UTC\n[programme]\nholidays = %s\n"
             "[hours]\ndark = holiday\n",
             table);
    write_holidays(remote, "workday");
    start(remote, "--headless", "640x360", config);
    reload(remote, config, "bright");
    write_holidays(remote, "holiday");
    reload(remote, config, "dark");
    write_holidays(remote, "workday");
    reload(remote, config, "bright");
    free(table);
}

struct image {
    uint32_t *pixels;
    int width, height;
};

static struct image read_image(const char *file)
{
    struct image image = {.pixels = NULL};
    struct problem problem = {0};

    if (!picture_read(file, &image.pixels, &image.width, &image.height,
                      &problem))
        fail_msg("%s: %s", file, problem.expected);
    return image;
}

static struct image take_screenshot(struct remote *remote, const char *name)
{
    char *file = folder_path(remote->publisher->folder, name);

    COMMAND(remote, "lobby-1", "screenshot", "--out", file);
    expect(remote, 0, "screenshot done on 1 of 1");
    struct image image = read_image(file);
    free(file);
    return image;
}

static bool is_recorded(const struct remote *remote, const char *id,
                        const struct image *wanted)
{
    return screen_has_recorded(remote->records, id, wanted->pixels,
                               wanted->width, wanted->height);
}

/* Rotated, so that it is the glass and not the page. */
static void a_screenshot_of_an_alert_is_what_the_board_recorded(void **state)
{
    struct remote *remote = *state;

    start(remote, "--headless", "720x1280",
          "[glass]\nmotion = none\nrotation = 90\n");
    raise_alert(remote, "flood-1");
    assert_true(screen_wait(remote->screen, "came", "flood-1", 1));
    struct image image = take_screenshot(remote, "alert.png");
    assert_int_equal(image.width, 720);
    assert_int_equal(image.height, 1280);
    assert_true(is_recorded(remote, "flood-1", &image));
    free(image.pixels);
}

/* What stands in the memory of the X server. */
static void a_screenshot_is_read_back_from_the_window(void **state)
{
    enum { WIDTH = 800, HEIGHT = 480 };
    struct remote *remote = *state;
    uint32_t *seen = malloc(WIDTH * HEIGHT * 4);

    if (!xvfb_is_installed()) {
        free(seen);
        skip();
    }
    struct xvfb *xvfb = xvfb_start(WIDTH, HEIGHT);
    assert_non_null(xvfb);
    start(remote, "--fullscreen", NULL, "[glass]\nmotion = none\n");
    raise_alert(remote, "flood-1");
    struct image image = take_screenshot(remote, "window.png");
    assert_int_equal(image.width, WIDTH);
    assert_int_equal(image.height, HEIGHT);
    assert_true(is_recorded(remote, "flood-1", &image));
    /* An alert may turn to its next page: it is one of those. */
    xvfb_copy(xvfb, seen);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++)
        seen[i] &= 0xFFFFFF;
    const struct image server = {seen, WIDTH, HEIGHT};
    assert_true(is_recorded(remote, "flood-1", &server));
    screen_stop(remote->screen);
    remote->screen = NULL;
    xvfb_destroy(xvfb);
    free(image.pixels);
    free(seen);
}

static void a_large_glass_is_scaled_below_the_limit(void **state)
{
    struct remote *remote = *state;

    start(remote, "--headless", "3840x2160", NULL);
    struct image image = take_screenshot(remote, "large.png");
    assert_int_equal(image.width, 1920);
    assert_int_equal(image.height, 1080);
    expect(remote, 0, "screenshot: 1920x1080 of 3840x2160");
    free(image.pixels);
    /* Never more often than every ten seconds. */
    char *file = folder_path(remote->publisher->folder, "again.png");
    COMMAND(remote, "lobby-1", "screenshot", "--out", file);
    expect(remote, 5, "screenshot refused by lobby-1: busy: ");
    assert_int_not_equal(access(file, F_OK), 0);
    free(file);
}

struct watched {
    char *folder;
    const char *text;
};

static bool reads(void *context)
{
    const struct watched *watched = context;
    char *text = folder_read(watched->folder, "brightness");
    bool is = text && strcmp(text, watched->text) == 0;

    free(text);
    return is;
}

static void expect_light(const struct watched *backlight, const char *text)
{
    struct watched watched = {backlight->folder, text};

    if (!process_wait_until(reads, &watched))
        fail_msg("the backlight never stood at %s", text);
}

static void an_alert_lifts_the_backlight_and_it_goes_back(void **state)
{
    struct remote *remote = *state;
    const char *folder = remote->publisher->folder;
    struct watched device = {folder_path(folder, "acpi0"), NULL};
    char config[1024];

    assert_int_equal(mkdir(device.folder, 0700), 0);
    assert_true(folder_write(device.folder, "max_brightness", "250\n"));
    assert_true(folder_write(device.folder, "brightness", "7\n"));
    snprintf(config, sizeof config,
             "[glass]\nbrightness = 80\nbacklight = %s\n", folder);
    start(remote, "--headless", "640x360", config);
    expect_light(&device, "200\n");
    COMMAND(remote, "lobby-1", "brightness", "40");
    expect(remote, 0, "brightness: 40 % by the backlight");
    expect_light(&device, "100\n");
    raise_alert(remote, "flood-1");
    expect_light(&device, "250\n");
    COMMAND(remote, "lobby-1", "brightness", "10");
    expect(remote, 0, "100 % while an alert stands");
    cancel_alert(remote, "flood-1");
    expect_light(&device, "25\n");
    free(device.folder);
}

static uint32_t brightest(const struct image *image)
{
    uint32_t most = 0;

    for (int i = 0; i < image->width * image->height; i++)
        if ((image->pixels[i] >> 8 & 255) > most)
            most = image->pixels[i] >> 8 & 255;
    return most;
}

static void without_a_backlight_the_picture_is_dimmed_but_no_alert(void **state)
{
    struct remote *remote = *state;

    start(remote, "--headless", "640x360", "[glass]\nbrightness = 0\n");
    struct image dim = take_screenshot(remote, "dim.png");
    assert_in_range(brightest(&dim), 100, 136);
    free(dim.pixels);
    raise_alert(remote, "flood-1");
    /* The next screenshot may be taken ten seconds after the first: the board's
     * own record says the same. */
    assert_true(screen_wait(remote->screen, "came", "flood-1", 1));
    COMMAND(remote, "lobby-1", "brightness", "5");
    DIR *folder = opendir(remote->records);
    const struct dirent *entry;
    int alerts = 0;
    while ((entry = readdir(folder))) {
        if (!strstr(entry->d_name, "alert-flood-1"))
            continue;
        char *file = folder_path(remote->records, entry->d_name);
        struct image image = read_image(file);
        assert_in_range(brightest(&image), 230, 255);
        alerts++;
        free(image.pixels);
        free(file);
    }
    closedir(folder);
    (void)alerts; /* none has come to rest yet on a slow machine */
}

static void no_restart_and_no_name_over_an_alert(void **state)
{
    struct remote *remote = *state;

    start_plain(remote);
    raise_alert(remote, "flood-1");
    COMMAND(remote, "lobby-1", "restart");
    expect(remote, 5, "restart refused by lobby-1: busy: restart: an alert");
    COMMAND(remote, "lobby-1", "identify");
    expect(remote, 5, "identify refused by lobby-1: busy: ");
    cancel_alert(remote, "flood-1");
    COMMAND(remote, "lobby-1", "restart");
    expect(remote, 0, "the service manager starts it again");
    assert_int_equal(screen_wait_end(remote->screen), 0);
    remote->screen = NULL;
}

static void a_key_without_the_role_is_refused_with_the_reason(void **state)
{
    struct remote *remote = *state;
    const char *folder = remote->publisher->folder;

    PUBLISHER_RUN(remote->publisher, "keys", "new", "--out", folder, "--name",
                  "press");
    start(remote, "--headless", "640x360",
          "[trust]\npanels = press.pub.pem\nalerts = press.pub.pem\n"
          "commands = gaoshi.pub.pem\n");
    char *press = folder_path(folder, "press.pem");
    PUBLISHER_RUN(remote->publisher, "command", "lobby-1", "restart", "--org",
                  "erqi", "--key", press, "--broker",
                  broker_url(remote->publisher->broker));
    expect(remote, 5, "restart refused by lobby-1: authority: ");
    PUBLISHER_RUN(remote->publisher, "keys", "new", "--out", folder, "--name",
                  "stranger");
    char *stranger = folder_path(folder, "stranger.pem");
    PUBLISHER_RUN(remote->publisher, "command", "lobby-1", "restart", "--org",
                  "erqi", "--key", stranger, "--broker",
                  broker_url(remote->publisher->broker));
    expect(remote, 5, "restart refused by lobby-1: signature: ");
    COMMAND(remote, "lobby-1", "night", "off");
    expect(remote, 0, "night done on 1 of 1");
    free(stranger);
    free(press);
}

/* By a list of keys that lets it command one district only. */
static void a_key_of_another_scope_is_refused_with_the_reason(void **state)
{
    struct remote *remote = *state;
    struct publisher_fixture *publisher = remote->publisher;
    char *root = folder_path(publisher->folder, "root.pem");
    char *root_public = folder_path(publisher->folder, "root.pub.pem");
    char *list = folder_path(publisher->folder, "list.keys");
    char *north = folder_path(publisher->folder, "north.pem");
    char *north_public = folder_path(publisher->folder, "north.pub.pem");

    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder,
                  "--name", "root");
    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder,
                  "--name", "north");
    PUBLISHER_RUN(publisher, "keys", "grant", list, north_public, "--role",
                  "commands", "--scope", "area-410103", "--org", "erqi",
                  "--root", root, "--name", "北");
    publisher_expect(publisher, 0, "");
    PUBLISHER_RUN(publisher, "keys", "publish", list, "--org", "erqi",
                  "--broker", broker_url(publisher->broker), "--root",
                  root_public);
    publisher_expect(publisher, 0, "");
    start(remote, "--headless", "640x360",
          "[screen]\narea = 410104001002\n[trust]\nroot = root.pub.pem\n");
    assert_true(screen_wait_log(remote->screen, "is in force", 1));
    PUBLISHER_RUN(publisher, "command", "lobby-1", "restart", "--org", "erqi",
                  "--key", north, "--broker", broker_url(publisher->broker));
    expect(remote, 5, "restart refused by lobby-1: authority: ");
    free(north_public);
    free(north);
    free(list);
    free(root_public);
    free(root);
}

static void an_old_command_that_comes_again_is_refused(void **state)
{
    struct remote *remote = *state;
    struct peer *peer = publisher_screen(remote->publisher);

    assert_true(peer_subscribe(peer, "gaoshi/1/erqi/command/lobby-1"));
    assert_true(peer_subscribe(peer, "gaoshi/1/erqi/screen/lobby-1/reply"));
    start_plain(remote);
    COMMAND(remote, "lobby-1", "brightness", "40");
    COMMAND(remote, "lobby-1", "brightness", "70");
    const struct peer_message *first =
        peer_wait_topic(peer, "gaoshi/1/erqi/command/lobby-1");
    assert_non_null(first);
    assert_true(
        peer_publish(peer, first->topic, first->payload, first->bytes, false));
    bool refused = false;
    for (size_t n = 0; !refused; n++) {
        const struct peer_message *got = peer_wait_message(peer, n);
        assert_non_null(got);
        refused = strstr(got->topic, "/reply") &&
                  strstr(got->payload, "\"refused\"") &&
                  strstr(got->payload, "\"stale\"");
    }
    COMMAND(remote, "lobby-1", "night", "off");
    expect(remote, 0, "night: 70 %");
    peer_destroy(peer);
}

static void a_broker_that_takes_no_command_is_told(void **state)
{
    struct remote *remote = *state;

    publisher_use_broker(remote->publisher,
                         "topic read gaoshi/#\ntopic write gaoshi/1/erqi/"
                         "down/#\ntopic write gaoshi/1/erqi/screen/#\n");
    start_plain(remote);
    COMMAND(remote, "lobby-1", "identify");
    expect(remote, 5, "identify refused by lobby-1: broker: ");
}

static void plays_are_told_and_who_changes_the_log_is_found_out(void **state)
{
    struct remote *remote = *state;

    start_plain(remote);
    raise_alert(remote, "flood-1");
    cancel_alert(remote, "flood-1");
    PUBLISHER_SEND(remote->publisher, "plays", "--screen", "lobby-1");
    expect(remote, 0, "from,to,seconds,what,id,seq,clock,note\n");
    expect(remote, 0, ",alert,flood-1,");
    publisher_expect(remote->publisher, 0, "the chain is whole; 0 gaps");
    PUBLISHER_SEND(remote->publisher, "plays", "--screen", "lobby-1", "--from",
                   "2021-07-20", "--to", "2021-07-21");
    publisher_expect(remote->publisher, 0, "no log of this time");
    PUBLISHER_SEND(remote->publisher, "plays", "--screen", "lobby-1", "--from",
                   "yesterday");
    publisher_expect(remote->publisher, 2, "or a day as 2021-07-20");
    char *log = folder_read(remote->records, "store.db.plays");
    char *entry = strstr(log, "alert flood-1");
    assert_non_null(entry);
    memcpy(entry, "panel", 5);
    assert_true(folder_write(remote->records, "store.db.plays", log));
    free(log);
    PUBLISHER_SEND(remote->publisher, "plays", "--screen", "lobby-1", "--json");
    assert_int_equal(remote->publisher->result.code, 4);
    json_t *all = json_loads(remote->publisher->result.out, 0, NULL);
    json_t *chain = json_object_get(all, "chain");
    assert_true(json_is_false(json_object_get(chain, "intact")));
    assert_true(json_array_size(json_object_get(chain, "faults")) > 0);
    json_decref(all);
}

static void a_screen_without_a_store_has_no_log(void **state)
{
    struct remote *remote = *state;

    remote->store[0] = '\0';
    start_plain(remote);
    PUBLISHER_SEND(remote->publisher, "plays", "--screen", "lobby-1");
    expect(remote, 5,
           "plays refused by lobby-1: system: plays: this screen "
           "has no store");
}

/* A screen that answers what it likes. */
struct evil {
    struct remote *remote;
    struct peer *peer;
    size_t next; /* of its messages */
};

static void evil_open(struct evil *evil, struct remote *remote)
{
    static const char online[] =
        "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"evil-1\"}";

    *evil = (struct evil){.remote = remote,
                          .peer = publisher_screen(remote->publisher)};
    assert_true(peer_subscribe(evil->peer, "gaoshi/1/erqi/command/evil-1"));
    assert_true(peer_publish(evil->peer, "gaoshi/1/erqi/screen/evil-1/presence",
                             online, strlen(online), true));
}

/* Starts «command evil-1 screenshot --out evil.png», whose output goes to
 * evil.log, and returns the number of the command that arrived. */
static int64_t evil_asked(struct evil *evil, pid_t *pid)
{
    const struct publisher_fixture *publisher = evil->remote->publisher;
    char *program = process_beside("gaoshi-publish");
    char *log = folder_path(publisher->folder, "evil.log");
    char *out = folder_path(publisher->folder, "evil.png");
    char *outbox = folder_path(publisher->folder, "evil.db");
    const char *words[] = {
        program,        "command",  "evil-1",
        "screenshot",   "--out",    out,
        "--org",        "erqi",     "--key",
        publisher->key, "--broker", broker_url(publisher->broker),
        "--state",      outbox,     "--wait",
        "1s",           "--json",   NULL};
    const struct peer_message *got = NULL;

    *pid = process_start(words, log, -1);
    assert_true(*pid > 0);
    do {
        got = peer_wait_message(evil->peer, evil->next++);
        assert_non_null(got);
    } while (!strstr(got->topic, "/command/"));
    json_t *body = json_loads(strchr(got->payload, '\n') + 1, 0, NULL);
    int64_t seq = json_integer_value(json_object_get(body, "seq"));
    assert_true(seq > 0);
    json_decref(body);
    free(outbox);
    free(out);
    free(log);
    free(program);
    return seq;
}

static void evil_say(struct evil *evil, const char *text)
{
    assert_true(peer_publish(evil->peer, "gaoshi/1/erqi/screen/evil-1/reply",
                             text, strlen(text), false));
}

static void evil_part(struct evil *evil, const struct reply_part *part)
{
    char *text = reply_part_format(part);

    evil_say(evil, text);
    free(text);
}

static void evil_answer(struct evil *evil, int64_t seq, const char *event)
{
    char text[600];

    snprintf(text, sizeof text,
             "{\"gaoshi\":1,\"event\":\"%s\",\"message\":\"evil-1\","
             "\"screen\":\"evil-1\",\"seq\":%lld,\"at_ms\":null,"
             "\"text\":\"\\u001b[2J\\u009b31m\\u202e\"}",
             event, (long long)seq);
    evil_say(evil, text);
}

/* It ends so, and no picture is there. */
static void evil_fails(struct evil *evil, pid_t pid)
{
    const char *folder = evil->remote->publisher->folder;

    assert_int_equal(process_wait(pid), 5);
    assert_null(folder_read(folder, "evil.png"));
    char *log = folder_read(folder, "evil.log");
    for (const char *at = log; at && *at; at++)
        assert_true((unsigned char)*at >= ' ' || *at == '\n');
    free(log);
}

static void tell_megabytes(const struct evil *evil)
{
    enum { BYTES = 10 * 1024 * 1024 };
    const struct publisher_fixture *publisher = evil->remote->publisher;
    char *large = malloc(BYTES + 1), port[16];

    memset(large, '[', BYTES);
    large[BYTES] = '\0';
    assert_true(folder_write(publisher->folder, "large", large));
    free(large);
    char *file = folder_path(publisher->folder, "large");
    snprintf(port, sizeof port, "%d", broker_port(publisher->broker));
    const char *words[] = {"mosquitto_pub",
                           "-h",
                           "127.0.0.1",
                           "-p",
                           port,
                           "-t",
                           "gaoshi/1/erqi/screen/evil-1/reply",
                           "-f",
                           file,
                           NULL};
    assert_int_equal(process_wait(process_start(words, NULL, -1)), 0);
    free(file);
}

static void what_a_hostile_screen_sends_is_never_written(void **state)
{
    struct evil evil;
    struct reply_part *part = calloc(1, sizeof *part);
    pid_t pid;

    evil_open(&evil, *state);
    /* Another digest than what comes. */
    *part = (struct reply_part){.screen = "evil-1", .kind = "image/png"};
    part->seq = evil_asked(&evil, &pid);
    memset(part->digest, 'a', REPLY_DIGEST_BYTES);
    reply_cut("\x89PNG\r\n\x1a\nx", 9, 1, part);
    evil_answer(&evil, part->seq, "verified");
    evil_part(&evil, part);
    evil_fails(&evil, pid);
    /* The right digest, and no picture. */
    part->seq = evil_asked(&evil, &pid);
    reply_cut("\x1b[2Jhello", 9, 1, part);
    reply_digest("\x1b[2Jhello", 9, part->digest);
    evil_answer(&evil, part->seq, "verified");
    evil_part(&evil, part);
    assert_int_equal(process_wait(pid), 1);
    assert_null(folder_read(evil.remote->publisher->folder, "evil.png"));
    /* In another screen's name, for another command, and too many. */
    part->seq = evil_asked(&evil, &pid);
    reply_digest("\x89PNG\r\n\x1a\nx", 9, part->digest);
    reply_cut("\x89PNG\r\n\x1a\nx", 9, 1, part);
    snprintf(part->screen, sizeof part->screen, "lobby-1");
    evil_part(&evil, part);
    snprintf(part->screen, sizeof part->screen, "evil-1");
    part->seq++;
    evil_part(&evil, part);
    part->seq--;
    part->parts = 100000;
    evil_part(&evil, part);
    evil_say(&evil, "{\"gaoshi\":1,\"part\":");
    tell_megabytes(&evil);
    evil_fails(&evil, pid);
    /* A refusal that a terminal would obey. */
    part->seq = evil_asked(&evil, &pid);
    evil_answer(&evil, part->seq, "refused");
    evil_fails(&evil, pid);
    peer_destroy(evil.peer);
    free(part);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, open_remote, close_remote)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_command_is_done_and_answered),
        TEST(wrong_words_ask_nobody),
        TEST(the_configuration_comes_without_secrets),
        TEST(a_reload_takes_the_file_as_it_is_now),
        TEST(a_reload_takes_hours_and_zone),
        TEST(a_reload_takes_the_table_of_holidays),
        TEST(a_screenshot_of_an_alert_is_what_the_board_recorded),
        TEST(a_screenshot_is_read_back_from_the_window),
        TEST(a_large_glass_is_scaled_below_the_limit),
        TEST(an_alert_lifts_the_backlight_and_it_goes_back),
        TEST(without_a_backlight_the_picture_is_dimmed_but_no_alert),
        TEST(no_restart_and_no_name_over_an_alert),
        TEST(a_key_without_the_role_is_refused_with_the_reason),
        TEST(a_key_of_another_scope_is_refused_with_the_reason),
        TEST(an_old_command_that_comes_again_is_refused),
        TEST(a_broker_that_takes_no_command_is_told),
        TEST(plays_are_told_and_who_changes_the_log_is_found_out),
        TEST(a_screen_without_a_store_has_no_log),
        TEST(what_a_hostile_screen_sends_is_never_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
