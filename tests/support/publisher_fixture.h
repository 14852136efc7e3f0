/* An operator for tests: a home of its own, a key, a broker, and
 * gaoshi-publish. */
#ifndef GAOSHI_TESTS_SUPPORT_PUBLISHER_FIXTURE_H
#define GAOSHI_TESTS_SUPPORT_PUBLISHER_FIXTURE_H

#include "protocol/message.h"
#include "tests/support/broker.h"
#include "tests/support/peer.h"
#include "tests/support/program.h"

#include <sys/types.h>

struct publisher_fixture {
    struct broker *broker;
    char *folder; /* HOME of the program, and where the key pair lies */
    char *key;
    struct program_result result; /* of the last command */
};

/* cmocka's setup and teardown; the fixture is the state. */
int publisher_open(void **state);
int publisher_close(void **state);

/* Another broker, with these rules (mosquitto's acl_file). */
void publisher_use_broker(struct publisher_fixture *publisher, const char *acl);

/* Runs gaoshi-publish with these words; publisher_send_words adds org, key and
 * broker. */
void publisher_run_words(struct publisher_fixture *publisher,
                         const char *const *words);
void publisher_send_words(struct publisher_fixture *publisher,
                          const char *const *words);
#define PUBLISHER_RUN(publisher, ...)                                          \
    publisher_run_words(publisher, (const char *const[]){__VA_ARGS__, NULL})
#define PUBLISHER_SEND(publisher, ...)                                         \
    publisher_send_words(publisher, (const char *const[]){__VA_ARGS__, NULL})

/* A notice in ID.json; its path is the caller's to free. */
char *publisher_write_panel(const struct publisher_fixture *publisher,
                            const char *id, const char *title);

/* Starts «heartbeat --every 1» with the outbox of the fixture; what it says
 * goes to the log, a file of the fixture's folder. For process_stop. */
pid_t publisher_start_heartbeat(const struct publisher_fixture *publisher,
                                const char *log);

/* A peer that hears what screens hear. The caller destroys it. */
struct peer *publisher_screen(struct publisher_fixture *publisher);

/* Verifies and parses as a screen would. The caller destroys the message. */
struct message *
publisher_open_message(const struct publisher_fixture *publisher,
                       const struct peer_message *got);

/* The n-th message but indexes that the peer heard, from 0, as
 * peer_wait_message. */
const struct peer_message *publisher_got(struct peer *screen, size_t n);

/* How many of them came so far. */
size_t publisher_got_count(struct peer *screen);

/* The n-th message is of this kind, on this topic. */
void publisher_expect_got(const struct publisher_fixture *publisher,
                          struct peer *screen, size_t n, enum message_kind kind,
                          const char *topic);

/* publisher_got as publisher_open_message. */
struct message *publisher_heard(const struct publisher_fixture *publisher,
                                struct peer *screen, size_t n);

/* Fails the test unless the last command ended so and said that on standard
 * error. */
void publisher_expect(const struct publisher_fixture *publisher, int code,
                      const char *said);

#endif
