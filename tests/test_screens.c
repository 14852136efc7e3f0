/* An operator, a broker and many screens: who has a message, and how screens
 * stand. */
#include "base/clock.h"
#include "tests/support/folder.h"
#include "tests/support/hose.h"
#include "tests/support/process.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/share.h"
#include "tests/support/terminal.h"
#include "tests/support/vitals.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 20 screens in the inventory, two of them dead and one with another key, one
 * that never speaks, and one that nobody wrote down. */
enum { SCREENS = 21, LISTED = 20, DEAD = 2 };

struct screens_fixture {
    struct publisher_fixture *publisher;
    char *inventory, *log;
    pid_t fleet;
};

static void write_inventory(const struct screens_fixture *screens)
{
    char text[4096] = "id,place,area,groups\n";

    for (int i = 1; i <= LISTED; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "s-%d,大厅 %d,%s,%s\n", i, i,
                 i <= 10 ? "410103001002" : "410103001003",
                 i % 2 ? "odd" : "even");
    }
    strcat(text, "quiet-1,库房,410103001002,\n");
    assert_true(folder_write(screens->publisher->folder, "screens.csv", text));
}

static bool is_ready(void *context)
{
    const struct screens_fixture *screens = context;
    char *text = folder_read(screens->publisher->folder, "fleet.log");
    bool ready = text && strstr(text, "ready");

    free(text);
    return ready;
}

static int open_town(void **state)
{
    struct screens_fixture *screens = calloc(1, sizeof *screens);
    char *program = process_beside("fleet");
    char port[16];

    assert_int_equal(publisher_open((void **)&screens->publisher), 0);
    screens->inventory = folder_path(screens->publisher->folder, "screens.csv");
    screens->log = folder_path(screens->publisher->folder, "fleet.log");
    write_inventory(screens);
    char *key = folder_path(screens->publisher->folder, "gaoshi.pub.pem");
    snprintf(port, sizeof port, "%d", broker_port(screens->publisher->broker));
    const char *words[] = {program, "--port",     port, "--trust",
                           key,     "--screens",  "21", "--dead",
                           "2",     "--refusing", "1",  NULL};
    screens->fleet = process_start(words, screens->log, -1);
    assert_true(screens->fleet > 0);
    assert_true(process_wait_until(is_ready, screens));
    free(key);
    free(program);
    *state = screens;
    return 0;
}

static void stop_fleet(struct screens_fixture *screens)
{
    if (screens->fleet > 0)
        process_stop(screens->fleet);
    screens->fleet = 0;
}

static int close_town(void **state)
{
    struct screens_fixture *screens = *state;

    stop_fleet(screens);
    publisher_close((void **)&screens->publisher);
    free(screens->inventory);
    free(screens->log);
    free(screens);
    return 0;
}

#define RAISE(screens, id, ...)                                                \
    PUBLISHER_SEND((screens)->publisher, "alert", "raise", "--template",       \
                   "flood", "--level", "red", "--sender", "防汛办",            \
                   "--status", "exercise", "--id", id, "--inventory",          \
                   (screens)->inventory, __VA_ARGS__)
#define ASK(screens, ...)                                                      \
    PUBLISHER_SEND((screens)->publisher, __VA_ARGS__, "--inventory",           \
                   (screens)->inventory)

static void expect_out(const struct screens_fixture *screens, int code,
                       const char *text)
{
    const struct program_result *result = &screens->publisher->result;

    if (result->code != code || !strstr(result->out, text))
        fail_msg("expected %d and '%s', got %d: %s%s", code, text, result->code,
                 result->out, result->err);
}

static void a_wait_tells_who_has_it_and_who_has_not_and_why(void **state)
{
    struct screens_fixture *screens = *state;

    RAISE(screens, "flood-1", "--wait", "30s");
    expect_out(screens, 5,
               "flood-1 shown on 17 of 21 (80.9 %), refused 1, "
               "offline 2, silent 1, not in the inventory 1; the last "
               "after ");
    expect_out(screens, 5, "flood-1 refused by s-3: signature: key ");
    expect_out(screens, 5, "flood-1 offline: s-1, s-2\n");
    expect_out(screens, 5, "flood-1 silent: quiet-1\n");
    publisher_expect(screens->publisher, 5,
                     "fewer screens than 100.0 % have it");
    RAISE(screens, "flood-2", "--min-shown", "80.9%");
    expect_out(screens, 0, "flood-2 shown on 17 of 21");
    RAISE(screens, "flood-3", "--min-shown", "81%");
    expect_out(screens, 5, "flood-3 shown on 17 of 21");
    PUBLISHER_SEND(screens->publisher, "alert", "cancel", "flood-3",
                   "--inventory", screens->inventory, "--wait", "30s",
                   "--min-shown", "80%");
    expect_out(screens, 0, "flood-3 taken on 17 of 21 (80.9 %), refused 1");
}

static void only_the_screens_of_the_scope_are_waited_for(void **state)
{
    struct screens_fixture *screens = *state;

    RAISE(screens, "flood-1", "--wait", "1s", "--scope", "group-even");
    expect_out(screens, 5, " of 10 ");
    RAISE(screens, "flood-2", "--wait", "30s", "--scope", "screen-s-9");
    expect_out(screens, 0, "flood-2 shown on 1 of 1 (100.0 %); the last after");
}

static void a_program_reads_it_as_json(void **state)
{
    struct screens_fixture *screens = *state;

    RAISE(screens, "flood-1", "--wait", "30s", "--min-shown", "80%", "--json");
    assert_int_equal(screens->publisher->result.code, 0);
    json_t *all = json_loads(screens->publisher->result.out, 0, NULL);
    json_t *message = json_array_get(json_object_get(all, "messages"), 0);
    assert_true(json_is_true(json_object_get(all, "enough")));
    assert_string_equal(json_string_value(json_object_get(message, "message")),
                        "flood-1");
    assert_int_equal(json_integer_value(json_object_get(message, "expected")),
                     21);
    assert_int_equal(json_array_size(json_object_get(message, "shown")), 17);
    assert_int_equal(json_array_size(json_object_get(message, "offline")), 2);
    json_t *refusal = json_array_get(json_object_get(message, "refused"), 0);
    assert_string_equal(json_string_value(json_object_get(refusal, "screen")),
                        "s-3");
    assert_string_equal(json_string_value(json_object_get(refusal, "reason")),
                        "signature");
    json_decref(all);
}

static void
a_command_that_sends_tells_a_program_what_the_broker_said(void **state)
{
    struct screens_fixture *screens = *state;

    RAISE(screens, "flood-5", "--json", "--wait-shown", "3");
    json_t *all = json_loads(screens->publisher->result.out, 0, NULL);
    const json_t *one = json_array_get(json_object_get(all, "messages"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "id")),
                        "flood-5");
    assert_string_equal(json_string_value(json_object_get(one, "broker")),
                        "confirmed");
    assert_true(json_array_size(json_object_get(one, "shown")) >= 3);
    json_decref(all);
    PUBLISHER_SEND(screens->publisher, "alert", "cancel", "flood-5", "--json");
    expect_out(screens, 0, "\"id\":\"flood-5\"");
}

static void wrong_words_send_nothing(void **state)
{
    struct screens_fixture *screens = *state;

    RAISE(screens, "flood-1", "--wait", "30");
    publisher_expect(screens->publisher, 2, "as 30s, 5m or 1h");
    RAISE(screens, "flood-1", "--min-shown", "101%");
    publisher_expect(screens->publisher, 2, "from 0% to 100%");
    RAISE(screens, "flood-1", "--wait", "5s", "--wait-shown", "1");
    publisher_expect(screens->publisher, 2, "give one of them");
    PUBLISHER_SEND(screens->publisher, "outbox", "list");
    publisher_expect(screens->publisher, 0, "nothing waits");
}

/* What is seen on a terminal of this kind. */
static char *raise_and_wait(struct screens_fixture *screens, const char *kind)
{
    const struct publisher_fixture *publisher = screens->publisher;
    const struct terminal_talk talk = {
        .prompt = "\1", .answer = "", .kind = kind};
    const char *words[] = {"alert",       "raise",
                           "--template",  "flood",
                           "--level",     "red",
                           "--sender",    "x",
                           "--status",    "exercise",
                           "--id",        "flood-1",
                           "--wait",      "30s",
                           "--inventory", screens->inventory,
                           "--org",       "erqi",
                           "--key",       publisher->key,
                           "--broker",    broker_url(publisher->broker),
                           NULL};
    char *screen = NULL;

    assert_int_equal(terminal_run(publisher->folder, "gaoshi-publish", words,
                                  &talk, &screen),
                     5);
    return screen;
}

static void on_a_terminal_a_table_stands_and_goes(void **state)
{
    char *screen = raise_and_wait(*state, "xterm");

    assert_non_null(strstr(screen, "\033[J"));
    assert_non_null(strstr(screen, "flood-1 ["));
    assert_non_null(strstr(screen, "\033[1A"));
    const char *end = strstr(screen, "flood-1 shown on 17 of 21");
    assert_non_null(end);
    assert_null(strstr(end, "\033[1A"));
    free(screen);
}

static void a_terminal_that_knows_no_sequences_gets_lines(void **state)
{
    char *screen = raise_and_wait(*state, "dumb");

    assert_null(strchr(screen, '\033'));
    assert_non_null(strstr(screen, "flood-1 shown on 17 of 21"));
    free(screen);
}

static void say_offline(void *context)
{
    struct screens_fixture *screens = context;
    static const char text[] =
        "{\"gaoshi\":1,\"presence\":\"offline\",\"screen\":\"s-4\"}";
    struct peer *peer = publisher_screen(screens->publisher);

    assert_true(peer_publish(peer, "gaoshi/1/erqi/screen/s-4/presence", text,
                             strlen(text), true));
    peer_destroy(peer);
}

/* The table is drawn over the one before when a screen goes; Ctrl-C ends it. */
static void a_watched_table_is_updated_in_place(void **state)
{
    struct screens_fixture *screens = *state;
    const struct publisher_fixture *publisher = screens->publisher;
    const struct terminal_talk talk = {.prompt = "18 up, 0 old, 3 offline",
                                       .answer = "\3",
                                       .cue = "19 up, 0 old, 2 offline",
                                       .act = say_offline,
                                       .context = screens};
    const char *words[] = {
        "screens", "--watch", "--inventory", screens->inventory,
        "--org",   "erqi",    "--broker",    broker_url(publisher->broker),
        NULL};
    char *screen = NULL;

    assert_int_equal(terminal_run(publisher->folder, "gaoshi-publish", words,
                                  &talk, &screen),
                     0);
    char *before = strstr(screen, "\033[H\033[J22 screens: 19 up");
    assert_non_null(before);
    char *after = strstr(before, "\033[H\033[J22 screens: 18 up");
    assert_non_null(after);
    /* The worst stand first, and a terminal of 24 rows never scrolls. */
    char *gone = strstr(after, "s-4       offline");
    char *up = strstr(after, "s-5       up");
    assert_non_null(gone);
    assert_true(!up || gone < up);
    for (char *frame = before; frame;) {
        char *next = strstr(frame + 1, "\033[H\033[J");
        int lines = 0;
        for (char *at = frame; at && *at && at != next; at++)
            lines += *at == '\n';
        assert_true(lines <= 24);
        frame = next;
    }
    free(screen);
}

static void a_command_for_a_scope_tells_who_did_it_and_who_not(void **state)
{
    struct screens_fixture *screens = *state;

    ASK(screens, "command", "--scope", "all", "identify");
    expect_out(screens, 5,
               "identify done on 17 of 21 (80.9 %), refused 1, offline 2, "
               "silent 1");
    expect_out(screens, 5, "identify refused by s-3: signature: key ");
    expect_out(screens, 5, "identify offline: s-1, s-2\n");
    expect_out(screens, 5, "identify silent: quiet-1\n");
    ASK(screens, "command", "--scope", "group-even", "night", "on");
    expect_out(screens, 5, "night done on 9 of 10");
    ASK(screens, "command", "s-7", "brightness", "50");
    expect_out(screens, 0, "brightness done on 1 of 1 (100.0 %)");
    /* One that no inventory lists is asked when it is named. */
    ASK(screens, "command", "s-21", "identify");
    expect_out(screens, 0, "identify done on 1 of 1");
    ASK(screens, "command", "--scope", "area-99", "identify");
    publisher_expect(screens->publisher, 2, "no screen lies in area-99");
    ASK(screens, "command", "--scope", "all", "config");
    publisher_expect(screens->publisher, 2, "21 screens, 20 at most at once");
}

struct watched {
    const struct screens_fixture *screens;
    const char *log, *text;
};

static bool log_says(void *context)
{
    const struct watched *watched = context;
    char *text = folder_read(watched->screens->publisher->folder, watched->log);
    bool says = text && strstr(text, watched->text);

    free(text);
    return says;
}

static void tell(struct peer *peer, const char *screen, const char *what,
                 const char *text)
{
    char topic[256];

    snprintf(topic, sizeof topic, "gaoshi/1/erqi/screen/%s/%s", screen, what);
    assert_true(peer_publish(peer, topic, text, strlen(text), true));
}

/* Raises an alert and waits for an hour, in a process of its own that writes to
 * raise.log. */
static pid_t start_raise(const struct screens_fixture *screens)
{
    const struct publisher_fixture *publisher = screens->publisher;
    char *program = process_beside("gaoshi-publish");
    char *outbox = folder_path(publisher->folder,
                               ".local/state/gaoshi/outbox.db");
    char *log = folder_path(publisher->folder, "raise.log");
    const char *words[] = {program,
                           "alert",
                           "raise",
                           "--template",
                           "flood",
                           "--level",
                           "red",
                           "--sender",
                           "x",
                           "--status",
                           "exercise",
                           "--id",
                           "flood-1",
                           "--wait",
                           "1h",
                           "--inventory",
                           screens->inventory,
                           "--org",
                           "erqi",
                           "--key",
                           publisher->key,
                           "--broker",
                           broker_url(publisher->broker),
                           "--state",
                           outbox,
                           NULL};
    pid_t raise = process_start(words, log, -1);

    free(log);
    free(outbox);
    free(program);
    return raise;
}

static void who_waits_no_longer_learns_how_to_look_later(void **state)
{
    struct screens_fixture *screens = *state;
    const struct publisher_fixture *publisher = screens->publisher;
    struct peer *screen = publisher_screen(screens->publisher);
    struct watched watched = {screens, "raise.log", "status flood-1"};

    /* s-21 shows it and is not listed; it is one of those that never answer. */
    assert_true(
        folder_write(publisher->folder, "screens.csv", "id\ns-4\nlater-1\n"));
    tell(screen, "later-1", "presence",
         "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"later-1\"}");
    pid_t raise = start_raise(screens);
    assert_true(raise > 0);
    /* The broker has it, and so do the screens; the first line of progress says
     * that the wait has begun. */
    watched.text = "flood-1 shown on 1 of 2";
    assert_true(process_wait_until(log_says, &watched));
    kill(raise, SIGINT);
    assert_int_equal(process_wait(raise), 5);
    watched.text = "gaoshi-publish status flood-1 tells later";
    assert_true(log_says(&watched));
    /* The answers that came are not lost with the broker. */
    broker_kill(publisher->broker);
    PUBLISHER_SEND(screens->publisher, "status", "flood-1", "--inventory",
                   screens->inventory, "--timeout", "1");
    expect_out(screens, 0, "flood-1 shown on 1 of 2");
    peer_destroy(screen);
}

static int64_t seq_of(const struct screens_fixture *screens)
{
    json_t *all = json_loads(screens->publisher->result.out, 0, NULL);
    json_t *message = json_array_get(json_object_get(all, "messages"), 0);
    int64_t seq = json_integer_value(json_object_get(message, "seq"));

    json_decref(all);
    return seq;
}

/* Of two that are online one says nothing, the other one has it and shows
 * something else. */
static void a_wait_that_is_over_tells_who_is_late_and_why(void **state)
{
    struct screens_fixture *screens = *state;
    struct peer *screen = publisher_screen(screens->publisher);
    char text[256];

    assert_true(folder_write(screens->publisher->folder, "screens.csv",
                             "id\ns-4\nlater-1\nlater-2\n"));
    tell(screen, "later-1", "presence",
         "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"later-1\"}");
    tell(screen, "later-2", "presence",
         "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"later-2\"}");
    RAISE(screens, "flood-1", "--wait", "1s", "--json");
    assert_int_equal(screens->publisher->result.code, 5);
    snprintf(text, sizeof text,
             "{\"gaoshi\":1,\"screen\":\"later-2\",\"version\":\"1\","
             "\"showing\":\"plain\",\"live\":[{\"id\":\"flood-1\","
             "\"seq\":%" PRId64 "}]}",
             seq_of(screens));
    tell(screen, "later-2", "state", text);
    ASK(screens, "status", "flood-1");
    expect_out(screens, 0,
               "flood-1 waiting, online without an answer: later-1\n");
    expect_out(screens, 0,
               "flood-1 waiting, taken in but not shown: later-2\n");
    peer_destroy(screen);
}

/* Asks until it is so; fails by the bound of process_wait_until. */
static bool status_says(void *context)
{
    struct watched *watched = context;
    struct screens_fixture *screens =
        (struct screens_fixture *)(uintptr_t)watched->screens;

    ASK(screens, "status", "flood-1", "--timeout", "1");
    return strstr(screens->publisher->result.out, watched->text) != NULL;
}

static void the_heartbeat_collects_while_nobody_waits(void **state)
{
    struct screens_fixture *screens = *state;
    pid_t heartbeat = publisher_start_heartbeat(screens->publisher, "beat.log");
    struct peer *ticks = publisher_screen(screens->publisher);
    struct watched watched = {screens, NULL, "shown on 17 of 21"};

    assert_non_null(peer_wait_message(ticks, 0));
    RAISE(screens, "flood-1", "--yes");
    assert_int_equal(screens->publisher->result.code, 0);
    assert_true(process_wait_until(status_says, &watched));
    /* No screen and no broker can be asked any more. */
    stop_fleet(screens);
    assert_int_equal(process_stop(heartbeat), 0);
    broker_kill(screens->publisher->broker);
    ASK(screens, "status", "flood-1", "--timeout", "1");
    expect_out(screens, 0, "flood-1 shown on 17 of 21");
    expect_out(screens, 0, "flood-1 refused by s-3: signature: key ");
    ASK(screens, "status", "nothing", "--timeout", "1");
    publisher_expect(screens->publisher, 4, "was sent from here");
    peer_destroy(ticks);
}

static void a_heartbeat_names_how_many_screens_there_are(void **state)
{
    struct screens_fixture *screens = *state;
    struct peer *peer = publisher_screen(screens->publisher);

    ASK(screens, "heartbeat", "--once");
    assert_int_equal(screens->publisher->result.code, 0);
    struct message *tick = publisher_heard(screens->publisher, peer, 0);
    assert_int_equal(tick->tick.screens, 21);
    message_destroy(tick);
    peer_destroy(peer);
}

static void screens_are_held_against_the_inventory(void **state)
{
    struct screens_fixture *screens = *state;

    ASK(screens, "screens");
    expect_out(screens, 5,
               "22 screens: 19 up, 0 old, 2 offline, 1 silent; 1 not "
               "in the inventory\n");
    expect_out(screens, 5, "s-4       up       plain ");
    expect_out(screens, 5, "大厅 4 ");
    expect_out(screens, 5, "not in the inventory\n");
    ASK(screens, "screens", "--down");
    expect_out(screens, 5, "s-1       offline");
    expect_out(screens, 5, "quiet-1   silent");
    assert_null(strstr(screens->publisher->result.out, "s-4 "));
    ASK(screens, "screens", "--area", "410103001003", "--group", "odd");
    expect_out(screens, 0, "5 screens: 5 up, 0 old, 0 offline, 0 silent\n");
    ASK(screens, "screens", "--area", "41010");
    publisher_expect(screens->publisher, 2, "2, 4, 6, 9 or 12 digits");
    ASK(screens, "screens", "--json", "--down");
    json_t *all = json_loads(screens->publisher->result.out, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(all, "screens")), 3);
    assert_int_equal(json_integer_value(json_object_get(all, "up")), 19);
    json_decref(all);
    ASK(screens, "screens", "--prometheus");
    expect_out(screens, 5, "\ngaoshi_screens{condition=\"offline\"} 2\n");
    expect_out(screens, 5,
               "\ngaoshi_screen_up{screen=\"s-1\",area="
               "\"410103001002\",place=\"大厅 1\"} 0\n");
    expect_out(screens, 5, "\ngaoshi_screen_alerts{screen=\"s-4\"} 0\n");
}

static void one_screen_tells_everything(void **state)
{
    struct screens_fixture *screens = *state;

    RAISE(screens, "flood-1", "--wait", "30s", "--min-shown", "80%");
    ASK(screens, "screens", "show", "s-4");
    expect_out(screens, 0, "showing          alert/flood-1\n");
    expect_out(screens, 0, "shown alert      flood-1 seq ");
    expect_out(screens, 0, "place            大厅 4\n");
    ASK(screens, "screens", "show", "s-1");
    expect_out(screens, 5, "condition        offline\n");
    ASK(screens, "screens", "show", "never-1");
    publisher_expect(screens->publisher, 4, "never said anything");
}

/* Ten of them, as the state of s-5. */
static void tell_megabytes(const struct screens_fixture *screens)
{
    enum { BYTES = 10 * 1024 * 1024 };
    char *large = malloc(BYTES + 1), port[16];

    memset(large, '[', BYTES);
    large[BYTES] = '\0';
    assert_true(folder_write(screens->publisher->folder, "large", large));
    free(large);
    char *file = folder_path(screens->publisher->folder, "large");
    snprintf(port, sizeof port, "%d", broker_port(screens->publisher->broker));
    const char *words[] = {"mosquitto_pub",
                           "-h",
                           "127.0.0.1",
                           "-p",
                           port,
                           "-r",
                           "-q",
                           "1",
                           "-t",
                           "gaoshi/1/erqi/screen/s-5/state",
                           "-f",
                           file,
                           NULL};
    assert_int_equal(process_wait(process_start(words, NULL, -1)), 0);
    free(file);
}

/* The totals stay, and nothing reaches the terminal that it would obey. */
static void what_hostile_screens_say_does_no_harm(void **state)
{
    struct screens_fixture *screens = *state;
    struct peer *peer = publisher_screen(screens->publisher);

    tell_megabytes(screens);
    tell(peer, "s-6", "presence", "\xff\xfe\0");
    tell(peer, "s-7", "state",
         "{\"gaoshi\":1,\"screen\":\"s-8\",\"version\":\"1\",\"showing\":"
         "\"x\"}");
    tell(peer, "s-8", "presence",
         "{\"gaoshi\":1,\"presence\":\"offline\",\"screen\":\"s-9\"}");
    tell(peer, "s-10", "state",
         "{\"gaoshi\":1,\"screen\":\"s-10\",\"version\":\"1\",\"showing\":"
         "\"\\u001b[2J\\u202e\\u0007plain\",\"glass\":\"\\u009b31m\",\"last_"
         "error\":\"\\u001b]0;x\\u0007\"}");
    for (int i = 0; i < 300; i++) {
        char id[32], text[128];
        snprintf(id, sizeof id, "false-%d", i);
        snprintf(text, sizeof text,
                 "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"%s\"}",
                 id);
        tell(peer, id, "presence", text);
    }
    ASK(screens, "screens");
    /* s-5, s-6: what they said instead counts for nothing. */
    expect_out(screens, 5, " 2 offline, 1 silent; 301 not in the inventory\n");
    expect_out(screens, 5, "\\x1B[2J\\u202E\\x07plain");
    ASK(screens, "screens", "show", "s-10");
    expect_out(screens, 0, "\\x1B]0;x\\x07");
    const char *out = screens->publisher->result.out;
    for (const char *at = out; *at; at++)
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
    RAISE(screens, "flood-1", "--wait", "30s");
    expect_out(screens, 5, "flood-1 shown on 17 of 21 (80.9 %), refused 1");
    peer_destroy(peer);
}

enum {
    FALSE_NAMES = 30000 / SANITIZED_SHARE,
    LARGE_BYTES = 60000,
    LARGE = 200
};

struct pouring {
    const struct screens_fixture *screens;
    int names;
    pthread_t thread;
    bool begun;
};

/* What a thread sends while the command runs: presences, states, receipts and
 * replies of screens that are nowhere, with control characters, and some near
 * the limit of a message. */
static void *pour(void *context)
{
    const struct pouring *pouring = context;
    struct broker *broker = pouring->screens->publisher->broker;
    int hose = hose_open(broker_port(broker), "hose");
    char topic[128], text[512];
    char *large = malloc(LARGE_BYTES);

    memset(large, '[', LARGE_BYTES);
    for (int i = 0; hose >= 0 && i < pouring->names; i++) {
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/screen/f-%d/presence", i);
        snprintf(text, sizeof text,
                 "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"f-%d\","
                 "\"version\":\"\\u001b[2J\"}",
                 i);
        hose_publish(hose, topic, text, strlen(text));
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/receipt/flood-1/f-%d", i);
        snprintf(text, sizeof text,
                 "{\"gaoshi\":1,\"event\":\"refused\",\"message\":"
                 "\"flood-1\",\"seq\":1,\"screen\":\"f-%d\",\"reason\":"
                 "\"\\u001b]0;x\",\"text\":\"\\u0007\"}",
                 i);
        hose_publish(hose, topic, text, strlen(text));
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/screen/f-%d/reply", i);
        hose_publish(hose, topic, text, strlen(text));
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/screen/f-%d/state", i);
        snprintf(text, sizeof text,
                 "{\"gaoshi\":1,\"screen\":\"f-%d\",\"version\":\"1\","
                 "\"showing\":\"\\u001b[2J\"}",
                 i);
        hose_publish(hose, topic, text, strlen(text));
        if (i % (FALSE_NAMES / LARGE) == 0)
            hose_publish(hose, topic, large, LARGE_BYTES);
    }
    hose_flush(hose);
    hose_close(hose);
    free(large);
    return NULL;
}

static void begin_to_pour(void *context)
{
    struct pouring *pouring = context;

    pouring->begun = pthread_create(&pouring->thread, NULL, pour, pouring) == 0;
}

static int count_of(const char *text, const char *part)
{
    int count = 0;

    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

/* As long as new names come, the wait for quiet-1 goes on. */
static void a_table_is_drawn_ten_times_a_second_at_most(void **state)
{
    struct screens_fixture *screens = *state;
    const struct publisher_fixture *publisher = screens->publisher;
    struct pouring pouring = {.screens = screens, .names = FALSE_NAMES / 6};
    const struct terminal_talk talk = {.prompt = "\1",
                                       .answer = "",
                                       .cue = "flood-1 [",
                                       .act = begin_to_pour,
                                       .context = &pouring};
    const char *words[] = {"alert",       "raise",
                           "--template",  "flood",
                           "--level",     "red",
                           "--sender",    "x",
                           "--status",    "exercise",
                           "--id",        "flood-1",
                           "--wait",      "1m",
                           "--inventory", screens->inventory,
                           "--org",       "erqi",
                           "--key",       publisher->key,
                           "--broker",    broker_url(publisher->broker),
                           NULL};
    char *screen = NULL;

    int64_t begun_ms = clock_monotonic_ms();
    assert_int_equal(terminal_run(publisher->folder, "gaoshi-publish", words,
                                  &talk, &screen),
                     5);
    int64_t took_ms = clock_monotonic_ms() - begun_ms;
    assert_true(pouring.begun);
    pthread_join(pouring.thread, NULL);
    int drawn = count_of(screen, "\r\033[J");
    /* One more clears it at the end. */
    if (drawn < 2 || drawn > took_ms / 100 + 2)
        fail_msg("%d times in %d ms", drawn, (int)took_ms);
    assert_non_null(strstr(screen, "flood-1 shown on 17 of 21"));
    free(screen);
}

/* More than twice of what was measured: 40 MiB. The address sanitizer keeps
 * what is freed for a while. */
#ifdef SANITIZED
enum { PEAK_KIB = 1024 * 1024 };
#else
enum { PEAK_KIB = 96 * 1024 };
#endif

/* Tells it again each time: what comes while the queue is full is lost. */
static bool says_that_it_left(void *context)
{
    struct watched *watched = context;
    struct peer *screen = publisher_screen(watched->screens->publisher);

    tell(screen, "later-1", "presence",
         "{\"gaoshi\":1,\"presence\":\"offline\",\"screen\":\"later-1\"}");
    peer_destroy(screen);
    return log_says(watched);
}

static void a_flood_of_false_answers_fills_no_memory(void **state)
{
    struct screens_fixture *screens = *state;
    struct peer *screen = publisher_screen(screens->publisher);
    struct watched watched = {screens, "raise.log", "flood-1 shown on 1 of 3"};
    struct pouring pouring = {.screens = screens, .names = FALSE_NAMES};
    struct vitals vitals;

    assert_true(folder_write(screens->publisher->folder, "screens.csv",
                             "id\ns-4\nlater-1\nlater-2\n"));
    for (int i = 1; i <= 2; i++) {
        char id[16], text[128];
        snprintf(id, sizeof id, "later-%d", i);
        snprintf(text, sizeof text,
                 "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"%s\"}",
                 id);
        tell(screen, id, "presence", text);
    }
    peer_destroy(screen);
    pid_t raise = start_raise(screens);
    assert_true(process_wait_until(log_says, &watched));
    pour(&pouring);
    /* What is true still counts, behind all of it. */
    watched.text = "flood-1 shown on 1 of 3 (33.3 %), waiting 1, offline 1";
    assert_true(process_wait_until(says_that_it_left, &watched));
    assert_true(vitals_read(raise, &vitals));
    if (vitals.peak_kib > PEAK_KIB)
        fail_msg("%ld KiB", vitals.peak_kib);
    kill(raise, SIGINT);
    assert_int_equal(process_wait(raise), 5);
    char *log = folder_read(screens->publisher->folder, "raise.log");
    for (const char *at = log; *at; at++)
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
    free(log);
}

int main(void)
{
#define IN_TOWN(test)                                                          \
    cmocka_unit_test_setup_teardown(test, open_town, close_town)
    const struct CMUnitTest tests[] = {
        IN_TOWN(a_wait_tells_who_has_it_and_who_has_not_and_why),
        IN_TOWN(only_the_screens_of_the_scope_are_waited_for),
        IN_TOWN(a_program_reads_it_as_json),
        IN_TOWN(a_command_that_sends_tells_a_program_what_the_broker_said),
        IN_TOWN(wrong_words_send_nothing),
        IN_TOWN(on_a_terminal_a_table_stands_and_goes),
        IN_TOWN(a_terminal_that_knows_no_sequences_gets_lines),
        IN_TOWN(a_watched_table_is_updated_in_place),
        IN_TOWN(a_command_for_a_scope_tells_who_did_it_and_who_not),
        IN_TOWN(who_waits_no_longer_learns_how_to_look_later),
        IN_TOWN(a_wait_that_is_over_tells_who_is_late_and_why),
        IN_TOWN(the_heartbeat_collects_while_nobody_waits),
        IN_TOWN(a_heartbeat_names_how_many_screens_there_are),
        IN_TOWN(screens_are_held_against_the_inventory),
        IN_TOWN(one_screen_tells_everything),
        IN_TOWN(what_hostile_screens_say_does_no_harm),
        IN_TOWN(a_table_is_drawn_ten_times_a_second_at_most),
        IN_TOWN(a_flood_of_false_answers_fills_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
