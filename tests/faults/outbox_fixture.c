/* Runs the publisher by the shell, and holds what it sent against what its
 * outbox kept. */
#include "tests/faults/outbox_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/envelope.h"
#include "protocol/message.h"
#include "publisher/outbox/outbox.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

enum { COMMAND_BYTES = 2048 };

static const char notice[] =
    "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"%s\",\"panel\":{\"template\":"
    "\"notice\",\"section\":\"general\",\"title\":\"停水通知\",\"body\":"
    "\"今晚八点停水\"}}\n";

/* A key has one outbox: two would overwrite each other's index. */
static const char *key_of(const char *outbox)
{
    return strcmp(outbox, "two.db") == 0 ? "two" : "gaoshi";
}

/* Makes a key pair, and trusts it. */
static bool make_key(struct outbox_fixture *publisher, const char *name)
{
    struct problem problem = {0};
    struct key *key = NULL;
    char command[COMMAND_BYTES], file[64];
    char *program = process_beside("gaoshi-publish");

    snprintf(command, sizeof command,
             "%s keys new --out %s --name %s >/dev/null",
             program ? program : "", publisher->folder, name);
    snprintf(file, sizeof file, "%s.pub.pem", name);
    bool made = program && system(command) == 0;
    char *pem = made ? folder_read(publisher->folder, file) : NULL;
    bool read = pem && key_from_public_pem(pem, strlen(pem), &key, &problem) &&
                key_ring_add(&publisher->ring, key, KEY_ROLE_PANELS);

    free(program);
    free(pem);
    return read;
}

bool outbox_fixture_open(struct outbox_fixture *publisher)
{
    *publisher = (struct outbox_fixture){.folder = folder_make(),
                                         .broker = broker_start(NULL)};
    if (!publisher->folder || !publisher->broker ||
        !make_key(publisher, "gaoshi") || !make_key(publisher, "two"))
        return false;
    publisher->ear = peer_connect(broker_url(publisher->broker), "ear");
    return publisher->ear &&
           peer_subscribe(publisher->ear, "gaoshi/1/erqi/down/#");
}

void outbox_fixture_close(struct outbox_fixture *publisher)
{
    peer_destroy(publisher->ear);
    broker_destroy(publisher->broker);
    key_ring_finish(&publisher->ring);
    folder_remove(publisher->folder);
    free(publisher->folder);
    *publisher = (struct outbox_fixture){.folder = NULL};
}

static bool write_notice(const struct outbox_fixture *publisher, const char *id)
{
    char text[sizeof notice + 64], name[96];

    snprintf(text, sizeof text, notice, id);
    snprintf(name, sizeof name, "%s.json", id);
    return folder_write(publisher->folder, name, text);
}

int outbox_fixture_push(struct outbox_fixture *publisher, const char *outbox,
                        const char *id, const char *strace)
{
    char command[COMMAND_BYTES];
    char *program = process_beside("gaoshi-publish");
    int length = snprintf(
        command, sizeof command,
        "HOME=%s exec %s %s panel push %s/%s.json --org erqi --key "
        "%s/%s.pem --broker %s --state %s/%s --timeout 10 "
        "--with-waiting >/dev/null 2>%s/said.%d",
        publisher->folder, strace ? strace : "", program ? program : "",
        publisher->folder, id, publisher->folder, key_of(outbox),
        broker_url(publisher->broker), publisher->folder, outbox,
        publisher->folder, (int)getpid());
    bool ready = program && length < COMMAND_BYTES &&
                 write_notice(publisher, id);
    int status = ready ? system(command) : -1;

    free(program);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

char *outbox_fixture_said(const struct outbox_fixture *publisher)
{
    char name[32];

    snprintf(name, sizeof name, "said.%d", (int)getpid());
    return folder_read(publisher->folder, name);
}

struct search {
    struct outbox_fixture *publisher;
    int missing;
};

static bool was_heard(struct outbox_fixture *publisher,
                      const struct outbox_message *message)
{
    for (size_t i = peer_messages(publisher->ear); i-- > 0;) {
        const struct peer_message *heard = peer_wait_message(publisher->ear, i);
        if (heard->bytes == message->bytes &&
            strcmp(heard->topic, message->topic) == 0 &&
            memcmp(heard->payload, message->payload, message->bytes) == 0)
            return true;
    }
    return false;
}

struct expected {
    struct outbox_fixture *publisher;
    const struct outbox_message *message;
};

static bool has_come(void *context)
{
    const struct expected *expected = context;

    return was_heard(expected->publisher, expected->message);
}

static bool look_for(void *context, const struct outbox_message *message)
{
    struct search *search = context;
    struct expected expected = {search->publisher, message};

    search->missing += !process_wait_until(has_come, &expected);
    return true;
}

int outbox_fixture_missing(struct outbox_fixture *publisher, const char *outbox)
{
    struct search search = {.publisher = publisher};
    struct problem problem = {0};
    struct outbox *opened = NULL;
    char *file = folder_path(publisher->folder, outbox);
    bool read = file && outbox_open(file, &opened, &problem) &&
                outbox_each(opened, look_for, &search, &problem);

    outbox_close(opened);
    free(file);
    return read ? search.missing : -1;
}

static int64_t sequence_of(struct outbox_fixture *publisher,
                           const struct peer_message *heard)
{
    struct problem problem = {0};
    struct envelope envelope;
    struct message *message = NULL;
    int64_t seq = 0;

    if (envelope_open(&publisher->ring, heard->payload, heard->bytes, &envelope,
                      &problem) &&
        message_parse(envelope.body, envelope.body_bytes, MESSAGE_WIRE,
                      heard->topic, &message, &problem))
        seq = message->seq;
    message_destroy(message);
    return seq;
}

/* Two bodies that must not have one number. */
static bool are_rivals(const struct outbox_fixture *publisher,
                       const struct peer_message *a,
                       const struct peer_message *b)
{
    bool one_slot = strcmp(a->topic, b->topic) == 0;
    bool one_body = a->bytes == b->bytes &&
                    memcmp(a->payload, b->payload, a->bytes) == 0;

    return one_slot ? !one_body : !publisher->apart;
}

void outbox_fixture_judge(struct outbox_fixture *publisher)
{
    size_t count = peer_messages(publisher->ear);

    for (size_t i = publisher->judged; i < count; i++) {
        const struct peer_message *heard = peer_wait_message(publisher->ear, i);
        int64_t seq = sequence_of(publisher, heard);
        publisher->unverified += seq == 0;
        for (size_t k = 0; seq != 0 && k < i; k++) {
            const struct peer_message *other = peer_wait_message(publisher->ear,
                                                                 k);
            publisher->doubled += are_rivals(publisher, heard, other) &&
                                  sequence_of(publisher, other) == seq;
        }
    }
    publisher->judged = count;
}
