/* Sets up what an operator has: home, key pair, broker. */
#include "tests/support/desk.h"

#include "protocol/envelope.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char panel_text[] =
    "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"%s\",\"panel\":{\"template\":"
    "\"notice\",\"section\":\"general\",\"order\":1,\"title\":\"%s\",\"body\":"
    "\"今晚八点停水\"}}\n";

void desk_run_words(struct desk *desk, const char *const *words)
{
    program_result_finish(&desk->result);
    assert_true(
        program_run(&desk->result, desk->folder, "gaoshi-publish", words));
}

void desk_send_words(struct desk *desk, const char *const *words)
{
    const char *const common[] = {
        "--org",   "erqi",     "--key",
        desk->key, "--broker", broker_url(desk->broker),
    };
    enum { COMMON = sizeof common / sizeof common[0] };
    const char *all[PROGRAM_WORDS_MAX + 1] = {NULL};
    size_t count = 0;

    for (; *words; words++) {
        assert_true(count + COMMON < PROGRAM_WORDS_MAX);
        all[count++] = *words;
    }
    memcpy(all + count, common, sizeof common);
    desk_run_words(desk, all);
}

char *desk_write_panel(const struct desk *desk, const char *id,
                       const char *title)
{
    char text[1024];
    char name[128];

    snprintf(text, sizeof text, panel_text, id, title);
    snprintf(name, sizeof name, "%s.json", id);
    assert_true(folder_write(desk->folder, name, text));
    return folder_path(desk->folder, name);
}

int desk_open(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);

    if (!desk)
        return -1;
    *state = desk;
    desk->folder = folder_make();
    desk->broker = broker_start(NULL);
    if (!desk->folder || !desk->broker)
        return -1;
    desk->key = folder_path(desk->folder, "gaoshi.pem");
    DESK_RUN(desk, "keys", "new", "--out", desk->folder);
    return desk->result.code;
}

int desk_close(void **state)
{
    struct desk *desk = *state;

    program_result_finish(&desk->result);
    broker_destroy(desk->broker);
    folder_remove(desk->folder);
    free(desk->folder);
    free(desk->key);
    free(desk);
    return 0;
}

void desk_use_broker(struct desk *desk, const char *acl)
{
    struct broker_options rules = {.acl = acl};

    broker_destroy(desk->broker);
    desk->broker = broker_start(&rules);
    assert_non_null(desk->broker);
}

pid_t desk_start_heartbeat(const struct desk *desk, const char *log)
{
    char *program = process_beside("gaoshi-publish");
    char *outbox = folder_path(desk->folder, ".local/state/gaoshi/outbox.db");
    char *log_file = folder_path(desk->folder, log);
    const char *words[] = {
        program,   "heartbeat", "--org",    "erqi",
        "--key",   desk->key,   "--broker", broker_url(desk->broker),
        "--state", outbox,      "--every",  "1",
        NULL};
    pid_t pid = process_start(words, log_file, -1);

    assert_true(pid > 0);
    free(program);
    free(outbox);
    free(log_file);
    return pid;
}

struct peer *desk_screen(struct desk *desk)
{
    struct peer *screen = peer_connect(broker_url(desk->broker), "screen");

    assert_non_null(screen);
    assert_true(peer_subscribe(screen, "gaoshi/1/erqi/down/#"));
    return screen;
}

static struct key_ring read_ring(const struct desk *desk)
{
    struct key_ring ring = {0};
    struct problem problem = {0};
    struct key *key = NULL;
    char *pem = folder_read(desk->folder, "gaoshi.pub.pem");

    assert_non_null(pem);
    assert_true(key_from_public_pem(pem, strlen(pem), &key, &problem));
    assert_true(key_ring_add(&ring, key, KEY_ROLE_PANELS | KEY_ROLE_ALERTS));
    free(pem);
    return ring;
}

struct message *desk_open_message(const struct desk *desk,
                                  const struct peer_message *got)
{
    struct key_ring ring = read_ring(desk);
    struct problem problem = {0};
    struct envelope envelope;
    struct message *message = NULL;
    struct topic topic;

    assert_non_null(got);
    assert_true(
        envelope_open(&ring, got->payload, got->bytes, &envelope, &problem));
    assert_true(message_parse(envelope.body, envelope.body_bytes, MESSAGE_WIRE,
                              got->topic, &message, &problem));
    assert_true(topic_parse(got->topic, &topic));
    assert_true(message_agrees_with_topic(message, &topic, &problem));
    key_ring_finish(&ring);
    return message;
}

static bool is_index(const struct peer_message *got)
{
    struct topic topic;

    return topic_parse(got->topic, &topic) && topic.kind == TOPIC_INDEX;
}

const struct peer_message *desk_got(struct peer *screen, size_t n)
{
    const struct peer_message *got;

    for (size_t i = 0; (got = peer_wait_message(screen, i)) != NULL; i++)
        if (!is_index(got) && n-- == 0)
            return got;
    return NULL;
}

size_t desk_got_count(struct peer *screen)
{
    size_t count = 0;

    for (size_t i = 0; i < peer_messages(screen); i++)
        count += !is_index(peer_wait_message(screen, i));
    return count;
}

struct message *desk_heard(const struct desk *desk, struct peer *screen,
                           size_t n)
{
    return desk_open_message(desk, desk_got(screen, n));
}

void desk_expect(const struct desk *desk, int code, const char *said)
{
    if (desk->result.code != code || !strstr(desk->result.err, said))
        fail_msg("%d, expected %d and «%s»: %s%s", desk->result.code, code,
                 said, desk->result.out, desk->result.err);
}

void desk_expect_got(const struct desk *desk, struct peer *screen, size_t n,
                     enum message_kind kind, const char *topic)
{
    const struct peer_message *got = desk_got(screen, n);

    assert_non_null(got);
    assert_string_equal(got->topic, topic);
    struct message *message = desk_open_message(desk, got);
    assert_int_equal(message->kind, kind);
    message_destroy(message);
}
