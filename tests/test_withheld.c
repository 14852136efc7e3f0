/* A broker in the middle that passes on what it likes: the operator speaks to
 * one, the screen hears another, and the test carries between them. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "display/edge/render/picture.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/screen.h"

struct middle {
    struct publisher_fixture
        *publisher;        /* with the broker that the operator speaks to */
    struct broker *broker; /* that the screen hears */
    struct peer *tap;      /* hears the operator */
    struct peer *mouth;    /* speaks to the screen, and hears its state */
    char *folder;          /* of the screen */
    struct screen *screen;
    size_t states; /* looked at */
    pid_t beat;    /* 0: none runs */
};

static int set_up(void **state)
{
    static struct middle middle;
    void *publisher = NULL;

    middle = (struct middle){.folder = folder_make(),
                             .broker = broker_start(NULL)};
    *state = &middle;
    if (publisher_open(&publisher) != 0 || !middle.broker)
        return -1;
    middle.publisher = publisher;
    middle.tap = publisher_screen(middle.publisher);
    middle.mouth = peer_connect(broker_url(middle.broker), "middle");
    assert_true(
        peer_subscribe(middle.mouth, "gaoshi/1/erqi/screen/lobby-1/state"));
    char *trust = folder_path(middle.publisher->folder, "gaoshi.pub.pem");
    const struct screen_options options = {
        .folder = middle.folder,
        .broker = broker_url(middle.broker),
        .trust = trust,
        .mode = "--headless",
        .size = "640x360",
        .extra = {"--dwell", "500"},
    };
    middle.screen = screen_start(&options);
    free(trust);
    return middle.screen ? 0 : -1;
}

static int tear_down(void **state)
{
    struct middle *middle = *state;
    void *publisher = middle->publisher;

    if (middle->beat > 0)
        process_stop(middle->beat);
    screen_stop(middle->screen);
    peer_destroy(middle->mouth);
    peer_destroy(middle->tap);
    broker_destroy(middle->broker);
    publisher_close(&publisher);
    folder_remove(middle->folder);
    free(middle->folder);
    return 0;
}

static void push(struct middle *middle, const char *id, const char *scope)
{
    char *file = publisher_write_panel(middle->publisher, id, "停水");

    PUBLISHER_SEND(middle->publisher, "panel", "push", file, "--scope", scope);
    assert_int_equal(middle->publisher->result.code, 0);
    free(file);
}

/* The n-th message of the operator, from 0, byte for byte. */
static const struct peer_message *pass_on(struct middle *middle, size_t n)
{
    const struct peer_message *got = peer_wait_message(middle->tap, n);

    assert_non_null(got);
    assert_true(peer_publish(middle->mouth, got->topic, got->payload,
                             got->bytes, !strstr(got->topic, "/tick")));
    return got;
}

/* Waits until the screen says so of itself. */
static void expect_state(struct middle *middle, const char *field,
                         const char *value)
{
    const struct peer_message *got;
    bool found = false;

    while (!found &&
           (got = peer_wait_message(middle->mouth, middle->states++)) != NULL) {
        json_t *state = json_loads(got->payload, 0, NULL);
        char *text = json_dumps(json_object_get(state, field), JSON_ENCODE_ANY);
        found = text && strcmp(text, value) == 0;
        free(text);
        json_decref(state);
    }
    if (!found)
        fail_msg("the state never said %s %s", field, value);
}

/* The newest picture of a page; the caller frees it. */
static char *newest_picture(const struct middle *middle)
{
    struct dirent **entries = NULL;
    char *newest = NULL;
    int count = scandir(middle->folder, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        const char *end = strrchr(entries[i]->d_name, '.');
        if (end && strcmp(end, ".png") == 0) {
            free(newest);
            newest = strdup(entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    return newest;
}

struct looking {
    const struct middle *middle;
    char *before;
    int newer; /* pictures that came since */
};

/* One picture may have been begun before; the second was not. */
static bool has_two_more(void *context)
{
    struct looking *looking = context;
    char *newest = newest_picture(looking->middle);

    if (newest && (!looking->before || strcmp(newest, looking->before) != 0)) {
        free(looking->before);
        looking->before = newest;
        return ++looking->newer == 2;
    }
    free(newest);
    return false;
}

/* Bright pixels in the lower left, where the glass tells of old news: the
 * name of the place is darker. */
static int bright_pixels(const struct middle *middle)
{
    struct looking looking = {middle, newest_picture(middle), 0};
    uint32_t *pixels = NULL;
    int width, height, bright = 0;

    assert_true(process_wait_until(has_two_more, &looking));
    char *file = folder_path(middle->folder, looking.before);
    assert_true(picture_read(file, &pixels, &width, &height, NULL));
    for (int y = height * 85 / 100; y < height * 97 / 100; y++)
        for (int x = 0; x < width / 2; x++)
            bright += (pixels[y * width + x] & 0xFF) > 0xE0;
    free(pixels);
    free(file);
    free(looking.before);
    return bright;
}

static void a_message_that_a_broker_withholds_is_noticed(void **state)
{
    struct middle *middle = *state;
    char topic[LIMIT_TOPIC_BYTES];

    push(middle, "first", "all");
    push(middle, "other", "all");
    push(middle, "second", "all");
    pass_on(middle, 0);
    pass_on(middle, 2);
    pass_on(middle, 3);
    assert_true(screen_wait(middle->screen, "shown", "first", 1));
    assert_int_equal(bright_pixels(middle), 0);
    const struct peer_message *index = pass_on(middle, 5);
    assert_true(screen_wait(middle->screen, "withheld", "", 1));
    expect_state(middle, "missing", "1");
    assert_true(bright_pixels(middle) > 100);
    /* An older index, and the index under another key's name, change
     * nothing. Not retained: the screen asks for that again in between. */
    const struct peer_message *older = peer_wait_message(middle->tap, 3);
    assert_true(peer_publish(middle->mouth, older->topic, older->payload,
                             older->bytes, false));
    snprintf(topic, sizeof topic,
             "gaoshi/1/erqi/down/all/index/0123456789abcdef");
    assert_true(peer_publish(middle->mouth, topic, index->payload, index->bytes,
                             false));
    pass_on(middle, 4);
    assert_true(screen_wait(middle->screen, "whole", "", 1));
    expect_state(middle, "missing", "0");
    assert_int_equal(bright_pixels(middle), 0);
    assert_int_equal(screen_count_log(middle->screen, "is known"), 1);
    assert_int_equal(screen_count_log(middle->screen, topic), 1);
    assert_int_equal(screen_count(middle->screen, "withheld", ""), 1);
    assert_int_equal(screen_count_log(middle->screen, "did not come"), 1);
}

/* The index of its scope is withheld meanwhile: that of all tells. */
static void a_broker_that_freezes_is_noticed(void **state)
{
    enum { TICKS = 6 }; /* of the operator's messages, from this one on */
    struct middle *middle = *state;

    push(middle, "first", "screen-lobby-1");
    push(middle, "other", "screen-lobby-1");
    pass_on(middle, 0);
    pass_on(middle, 3);
    pass_on(middle, 5);
    assert_true(screen_wait(middle->screen, "shown", "first", 1));
    middle->beat = publisher_start_heartbeat(middle->publisher, "beat.log");
    pass_on(middle, TICKS);
    pass_on(middle, TICKS + 1);
    assert_true(screen_wait(middle->screen, "frozen", "", 1));
    expect_state(middle, "frozen", "true");
    assert_true(bright_pixels(middle) > 100);
    /* Ticks that it heard are no sign of life. */
    pass_on(middle, TICKS);
    pass_on(middle, TICKS + 1);
    assert_true(screen_wait(middle->screen, "withheld", "", 1));
    assert_int_equal(screen_count(middle->screen, "unfrozen", ""), 0);
    pass_on(middle, TICKS + 6);
    assert_true(screen_wait(middle->screen, "unfrozen", "", 1));
    pass_on(middle, 4);
    assert_true(screen_wait(middle->screen, "whole", "", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_message_that_a_broker_withholds_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_broker_that_freezes_is_noticed,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
