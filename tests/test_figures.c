/* figures set and figures list: what operators, cron jobs and gateways send,
 * and what becomes of it. */
#include "display/edge/render/picture.h"
#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/publisher_fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include <cmocka.h>

static void push_panel(struct publisher_fixture *publisher)
{
    char *file = folder_path(publisher->folder, "level.json");

    assert_true(folder_write(
        publisher->folder, "level.json",
        "{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"level\", \"panel\": "
        "{\"template\": \"figure\", \"section\": \"garden\", \"title\": "
        "\"水位\", \"stale_after_s\": 900, \"figures\": [{\"value\": 3.42, "
        "\"unit\": \"米\", \"bind\": \"river.level\"}]}}"));
    PUBLISHER_SEND(publisher, "panel", "push", file);
    publisher_expect(publisher, 0, "");
    free(file);
}

/* The n-th message that came is this value. */
static void expect_figure(struct publisher_fixture *publisher,
                          struct peer *screen, size_t n, const char *name,
                          const char *value)
{
    struct message *message = publisher_heard(publisher, screen, n);
    char text[DECIMAL_BYTES];

    assert_int_equal(message->kind, MESSAGE_FIGURE);
    assert_string_equal(message->id, name);
    decimal_format(message->figure.value, text);
    assert_string_equal(text, value);
    message_destroy(message);
}

static json_t *list(struct publisher_fixture *publisher)
{
    PUBLISHER_RUN(publisher, "figures", "list", "--org", "erqi", "--json");
    publisher_expect(publisher, 0, "");
    json_t *answer = json_loads(publisher->result.out, 0, NULL);
    assert_non_null(answer);
    json_t *figures = json_incref(json_object_get(answer, "figures"));
    json_decref(answer);
    return figures;
}

static void a_value_goes_to_its_slot_and_is_listed(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    push_panel(publisher);
    PUBLISHER_SEND(publisher, "figures", "set", "river.level=3.5", "queue=12",
                   "--scope", "area-410103");
    publisher_expect(publisher, 0, "");
    expect_figure(publisher, screen, 1, "river.level", "3.5");
    expect_figure(publisher, screen, 2, "queue", "12");
    publisher_expect_got(publisher, screen, 1, MESSAGE_FIGURE,
                         "gaoshi/1/erqi/down/area-410103/figure/river.level");
    json_t *figures = list(publisher);
    assert_int_equal(json_array_size(figures), 2);
    json_t *river = json_array_get(figures, 1);
    assert_string_equal(json_string_value(json_object_get(river, "name")),
                        "river.level");
    assert_string_equal(json_string_value(json_object_get(river, "state")),
                        "sent");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(river, "panels"), 0)),
        "level");
    json_decref(figures);
    PUBLISHER_RUN(publisher, "panel", "show", "level", "--org", "erqi");
    publisher_expect(publisher, 0, "area-410103: river.level is 3.5 as of ");
    peer_destroy(screen);
}

static void a_value_of_an_earlier_time_than_the_last_is_not_sent(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "figures", "set", "river=3", "--at",
                   "2026-01-01T14:05:00+08:00");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "figures", "set", "river=2", "--at",
                   "2026-01-01T14:04:59+08:00");
    publisher_expect(publisher, 4, "river: a newer value, of ");
    PUBLISHER_SEND(publisher, "figures", "set", "river=4", "--at",
                   "2026-01-01T14:05:00+08:00");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "figures", "set", "river=5", "--at", "+6h");
    publisher_expect(publisher, 2, "is to come");
    expect_figure(publisher, screen, 0, "river", "3");
    expect_figure(publisher, screen, 1, "river", "4");
    assert_int_equal(publisher_got_count(screen), 2);
    peer_destroy(screen);
}

static void what_is_no_value_is_refused(void **state)
{
    static const struct {
        const char *word, *said;
    } rows[] = {
        {"river", "expected NAME=VALUE"},
        {"=3", "expected NAME=VALUE"},
        {"River=3", "name 'River', expected a-z"},
        {"river=", "expected a number such as 3.42"},
        {"river=NaN", "expected a number such as 3.42"},
        {"river=-inf", "expected a number such as 3.42"},
        {"river=0x10", "expected a number such as 3.42"},
        {"river=\"3\"", "expected a number such as 3.42"},
        {"river=3 4", "expected a number such as 3.42"},
        {"river=1e308", "at most 15 digits"},
        {"river=3.4201", "at most 15 digits"},
        {"river=\x1b[2J", "expected a number such as 3.42"},
    };
    struct publisher_fixture *publisher = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        PUBLISHER_SEND(publisher, "figures", "set", "good=1", rows[i].word);
        publisher_expect(publisher, 4, rows[i].said);
        publisher_expect(publisher, 4, "nothing was sent");
        assert_null(strchr(publisher->result.err, '\x1b'));
    }
    PUBLISHER_SEND(publisher, "figures", "set", "good=1", "--unit",
                   "一二三四五六七八九十一二三");
    publisher_expect(publisher, 4, "figure.unit");
    PUBLISHER_SEND(publisher, "figures", "set");
    publisher_expect(publisher, 2, "either NAME=VALUE or --from FILE");
    json_t *figures = list(publisher);
    assert_int_equal(json_array_size(figures), 0);
    json_decref(figures);
}

static void a_broken_line_is_named_and_the_others_are_sent(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *file = folder_path(publisher->folder, "values");
    char text[1200] = "# sensors\n"
                      "river=3.1 米 2026-01-01T14:05:00+08:00\n"
                      "\n"
                      "broken\n"
                      "queue=7\r\n"
                      "air=NaN\n"
                      "queue=8\n";

    memset(text + strlen(text), 'x', 500); /* a line that is too long */
    strcat(text, "\nlast=9");
    assert_true(folder_write(publisher->folder, "values", text));
    PUBLISHER_SEND(publisher, "figures", "set", "--from", file);
    publisher_expect(publisher, 4, "values:4: 'broken', expected NAME=VALUE");
    publisher_expect(publisher, 4, "values:6: air: 'NaN', expected a number");
    publisher_expect(publisher, 4, "values:8: a line of 400 bytes or more");
    expect_figure(publisher, screen, 0, "river", "3.1");
    expect_figure(publisher, screen, 1, "queue", "8"); /* the last of a name */
    expect_figure(publisher, screen, 2, "last", "9");
    assert_int_equal(publisher_got_count(screen), 3);
    struct message *river = publisher_heard(publisher, screen, 0);
    assert_string_equal(river->figure.unit, "米");
    assert_int_equal(river->figure.at_ms, INT64_C(1767247500000));
    message_destroy(river);
    free(file);
    peer_destroy(screen);
}

/* What a gateway writes is sent while it goes on, of a name the last. */
static void lines_of_a_program_are_sent_as_they_come(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *pipe = folder_path(publisher->folder, "pipe");
    char *log = folder_path(publisher->folder, "set.log");
    char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
    const char *const words[] = {program_path("gaoshi-publish"),
                                 "figures",
                                 "set",
                                 "--from",
                                 pipe,
                                 "--org",
                                 "erqi",
                                 "--key",
                                 publisher->key,
                                 "--broker",
                                 broker_url(publisher->broker),
                                 NULL};

    assert_int_equal(mkfifo(pipe, 0600), 0);
    setenv("HOME", publisher->folder, 1);
    pid_t gateway = process_start(words, log, -1);
    if (home)
        setenv("HOME", home, 1);
    int fd = open(pipe, O_WRONLY | O_CLOEXEC);
    assert_true(gateway > 0 && fd >= 0);
    for (int i = 0; i < 500; i++)
        assert_true(dprintf(fd, "river=%d.5\n", i) > 0);
    /* The pipe is still open when the last value arrives. */
    size_t got = 0;
    for (bool last = false; !last; got++) {
        struct message *message = publisher_heard(publisher, screen, got);
        char text[DECIMAL_BYTES];
        decimal_format(message->figure.value, text);
        last = strcmp(text, "499.5") == 0;
        message_destroy(message);
    }
    assert_in_range(got, 1, 20);
    close(fd);
    assert_int_equal(process_wait(gateway), 0);
    json_t *figures = list(publisher);
    assert_int_equal(json_array_size(figures),
                     1); /* the outbox does not grow */
    json_decref(figures);
    free(home);
    free(log);
    free(pipe);
    peer_destroy(screen);
}

/* Draws the panel; the caller frees the pixels. */
static uint32_t *preview(struct publisher_fixture *publisher,
                         const char *sample)
{
    char *file = folder_path(publisher->folder, "level.json");
    char *picture = folder_path(publisher->folder, "p.png");
    struct problem problem = {0};
    uint32_t *pixels = NULL;
    int width, height;

    PUBLISHER_RUN(publisher, "panel", "push", file, "--org", "erqi",
                  "--preview", picture, "--size", "320x180", "--data",
                  GAOSHI_SOURCE_DIR, sample ? "--live" : NULL, sample);
    publisher_expect(publisher, 0, "");
    assert_true(picture_read(picture, &pixels, &width, &height, &problem));
    free(file);
    free(picture);
    return pixels;
}

static void a_preview_shows_the_last_value_or_a_sample(void **state)
{
    enum { FROM = 320 * 60, BYTES = 320 * 60 * 4 }; /* without the clock */
    struct publisher_fixture *publisher = *state;

    push_panel(publisher);
    uint32_t *own = preview(publisher, NULL);
    uint32_t *sample = preview(publisher, "river.level=9.99");
    PUBLISHER_SEND(publisher, "figures", "set", "river.level=9.99");
    publisher_expect(publisher, 0, "");
    uint32_t *last = preview(publisher, NULL);
    assert_memory_not_equal(own + FROM, sample + FROM, BYTES);
    assert_memory_equal(sample + FROM, last + FROM, BYTES);
    char *file = folder_path(publisher->folder, "level.json");
    PUBLISHER_RUN(publisher, "validate", file);
    assert_non_null(strstr(publisher->result.out,
                           "river.level: 3.42 米 until a value comes"));
    free(file);
    free(own);
    free(sample);
    free(last);
}

/* The unit of the value is not that of the panel: the operator is told. */
static void a_foreign_unit_is_not_sent(void **state)
{
    struct publisher_fixture *publisher = *state;

    push_panel(publisher);
    PUBLISHER_SEND(publisher, "figures", "set", "river.level=3.57");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "figures", "set", "river.level=342", "--unit",
                   "厘米");
    publisher_expect(publisher, 4,
                     "river.level: panel level has it in 米, not in 厘米");
    PUBLISHER_RUN(publisher, "figures", "list", "--org", "erqi");
    assert_non_null(strstr(publisher->result.out, "3.57"));
    PUBLISHER_SEND(publisher, "figures", "set", "river.level=342", "--unit",
                   "厘米", "--force");
    publisher_expect(publisher, 0, "");
    PUBLISHER_RUN(publisher, "figures", "list", "--org", "erqi");
    assert_non_null(strstr(publisher->result.out, "342"));
    /* Nobody has it any more: no panel speaks against it. */
    PUBLISHER_SEND(publisher, "panel", "remove", "level");
    PUBLISHER_SEND(publisher, "figures", "set", "river.level=343", "--unit",
                   "厘米");
    publisher_expect(publisher, 0, "");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, publisher_open, publisher_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_value_goes_to_its_slot_and_is_listed),
        TEST(a_value_of_an_earlier_time_than_the_last_is_not_sent),
        TEST(what_is_no_value_is_refused),
        TEST(a_broken_line_is_named_and_the_others_are_sent),
        TEST(lines_of_a_program_are_sent_as_they_come),
        TEST(a_preview_shows_the_last_value_or_a_sample),
        TEST(a_foreign_unit_is_not_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
