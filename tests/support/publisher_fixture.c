/* Sets up what an operator has: home, key pair, broker. */
#include "tests/support/publisher_fixture.h"

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

void publisher_run_words(struct publisher_fixture *publisher,
                         const char *const *words)
{
    program_result_finish(&publisher->result);
    assert_true(program_run(&publisher->result, publisher->folder,
                            "gaoshi-publish", words));
}

void publisher_send_words(struct publisher_fixture *publisher,
                          const char *const *words)
{
    const char *const common[] = {
        "--org",        "erqi",     "--key",
        publisher->key, "--broker", broker_url(publisher->broker),
    };
    enum { COMMON = sizeof common / sizeof common[0] };
    const char *all[PROGRAM_WORDS_MAX + 1] = {NULL};
    size_t count = 0;

    for (; *words; words++) {
        assert_true(count + COMMON < PROGRAM_WORDS_MAX);
        all[count++] = *words;
    }
    memcpy(all + count, common, sizeof common);
    publisher_run_words(publisher, all);
}

char *publisher_write_panel(const struct publisher_fixture *publisher,
                            const char *id, const char *title)
{
    char text[1024];
    char name[128];

    snprintf(text, sizeof text, panel_text, id, title);
    snprintf(name, sizeof name, "%s.json", id);
    assert_true(folder_write(publisher->folder, name, text));
    return folder_path(publisher->folder, name);
}

int publisher_open(void **state)
{
    struct publisher_fixture *publisher = calloc(1, sizeof *publisher);

    if (!publisher)
        return -1;
    *state = publisher;
    publisher->folder = folder_make();
    publisher->broker = broker_start(NULL);
    if (!publisher->folder || !publisher->broker)
        return -1;
    publisher->key = folder_path(publisher->folder, "gaoshi.pem");
    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder);
    return publisher->result.code;
}

int publisher_close(void **state)
{
    struct publisher_fixture *publisher = *state;

    program_result_finish(&publisher->result);
    broker_destroy(publisher->broker);
    folder_remove(publisher->folder);
    free(publisher->folder);
    free(publisher->key);
    free(publisher);
    return 0;
}

void publisher_use_broker(struct publisher_fixture *publisher, const char *acl)
{
    struct broker_options rules = {.acl = acl};

    broker_destroy(publisher->broker);
    publisher->broker = broker_start(&rules);
    assert_non_null(publisher->broker);
}

pid_t publisher_start_heartbeat(const struct publisher_fixture *publisher,
                                const char *log)
{
    char *program = process_beside("gaoshi-publish");
    char *outbox = folder_path(publisher->folder,
                               ".local/state/gaoshi/outbox.db");
    char *log_file = folder_path(publisher->folder, log);
    const char *words[] = {
        program,   "heartbeat",    "--org",    "erqi",
        "--key",   publisher->key, "--broker", broker_url(publisher->broker),
        "--state", outbox,         "--every",  "1",
        NULL};
    pid_t pid = process_start(words, log_file, -1);

    assert_true(pid > 0);
    free(program);
    free(outbox);
    free(log_file);
    return pid;
}

struct peer *publisher_screen(struct publisher_fixture *publisher)
{
    struct peer *screen = peer_connect(broker_url(publisher->broker), "screen");

    assert_non_null(screen);
    assert_true(peer_subscribe(screen, "gaoshi/1/erqi/down/#"));
    return screen;
}

static struct key_ring read_ring(const struct publisher_fixture *publisher)
{
    struct key_ring ring = {0};
    struct problem problem = {0};
    struct key *key = NULL;
    char *pem = folder_read(publisher->folder, "gaoshi.pub.pem");

    assert_non_null(pem);
    assert_true(key_from_public_pem(pem, strlen(pem), &key, &problem));
    assert_true(key_ring_add(&ring, key, KEY_ROLE_PANELS | KEY_ROLE_ALERTS));
    free(pem);
    return ring;
}

struct message *
publisher_open_message(const struct publisher_fixture *publisher,
                       const struct peer_message *got)
{
    struct key_ring ring = read_ring(publisher);
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

const struct peer_message *publisher_got(struct peer *screen, size_t n)
{
    const struct peer_message *got;

    for (size_t i = 0; (got = peer_wait_message(screen, i)) != NULL; i++)
        if (!is_index(got) && n-- == 0)
            return got;
    return NULL;
}

size_t publisher_got_count(struct peer *screen)
{
    size_t count = 0;

    for (size_t i = 0; i < peer_messages(screen); i++)
        count += !is_index(peer_wait_message(screen, i));
    return count;
}

struct message *publisher_heard(const struct publisher_fixture *publisher,
                                struct peer *screen, size_t n)
{
    return publisher_open_message(publisher, publisher_got(screen, n));
}

void publisher_expect(const struct publisher_fixture *publisher, int code,
                      const char *said)
{
    if (publisher->result.code != code || !strstr(publisher->result.err, said))
        fail_msg("%d, expected %d and «%s»: %s%s", publisher->result.code, code,
                 said, publisher->result.out, publisher->result.err);
}

void publisher_expect_got(const struct publisher_fixture *publisher,
                          struct peer *screen, size_t n, enum message_kind kind,
                          const char *topic)
{
    const struct peer_message *got = publisher_got(screen, n);

    assert_non_null(got);
    assert_string_equal(got->topic, topic);
    struct message *message = publisher_open_message(publisher, got);
    assert_int_equal(message->kind, kind);
    message_destroy(message);
}
