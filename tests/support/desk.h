/* An operator's desk for tests: a home of its own, a key, a broker, and
 * gaoshi-publish. */
#ifndef GAOSHI_TESTS_SUPPORT_DESK_H
#define GAOSHI_TESTS_SUPPORT_DESK_H

#include "protocol/message.h"
#include "tests/support/broker.h"
#include "tests/support/peer.h"
#include "tests/support/program.h"

#include <sys/types.h>

struct desk {
    struct broker *broker;
    char *folder; /* HOME of the program, and where the key pair lies */
    char *key;
    struct program_result result; /* of the last command */
};

/* cmocka's setup and teardown; the desk is the state. */
int desk_open(void **state);
int desk_close(void **state);

/* Another broker, with these rules (mosquitto's acl_file). */
void desk_use_broker(struct desk *desk, const char *acl);

/* Runs gaoshi-publish with these words; desk_send_words adds org, key and
 * broker. */
void desk_run_words(struct desk *desk, const char *const *words);
void desk_send_words(struct desk *desk, const char *const *words);
#define DESK_RUN(desk, ...)                                                    \
    desk_run_words(desk, (const char *const[]){__VA_ARGS__, NULL})
#define DESK_SEND(desk, ...)                                                   \
    desk_send_words(desk, (const char *const[]){__VA_ARGS__, NULL})

/* A notice in ID.json; its path is the caller's to free. */
char *desk_write_panel(const struct desk *desk, const char *id,
                       const char *title);

/* Starts «heartbeat --every 1» with the outbox of the desk; what it says goes
 * to the log, a file of the desk's folder. For process_stop. */
pid_t desk_start_heartbeat(const struct desk *desk, const char *log);

/* A peer that hears what screens hear. The caller destroys it. */
struct peer *desk_screen(struct desk *desk);

/* Verifies and parses as a screen would. The caller destroys the message. */
struct message *desk_open_message(const struct desk *desk,
                                  const struct peer_message *got);

/* The n-th message but indexes that the peer heard, from 0, as
 * peer_wait_message. */
const struct peer_message *desk_got(struct peer *screen, size_t n);

/* How many of them came so far. */
size_t desk_got_count(struct peer *screen);

/* The n-th message is of this kind, on this topic. */
void desk_expect_got(const struct desk *desk, struct peer *screen, size_t n,
                     enum message_kind kind, const char *topic);

/* desk_got as desk_open_message. */
struct message *desk_heard(const struct desk *desk, struct peer *screen,
                           size_t n);

/* Fails the test unless the last command ended so and said that on standard
 * error. */
void desk_expect(const struct desk *desk, int code, const char *said);

#endif
