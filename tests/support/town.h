/* A town for tests, made by the commands that people use: an authority, a
 * broker with the files of packaging/mosquitto, screens and operators. */
#ifndef GAOSHI_TESTS_SUPPORT_TOWN_H
#define GAOSHI_TESTS_SUPPORT_TOWN_H

#include "tests/support/broker.h"
#include "tests/support/peer.h"
#include "tests/support/program.h"

struct town {
    char *folder; /* ca/, broker/, signing/, and one folder for each name */
    struct broker *broker;
    struct program_result result; /* of the last command */
};

/* cmocka's setup and teardown: screens lobby-1 and lobby-2, operator li. */
int town_open(void **state);
int town_close(void **state);

/* Runs gaoshi-publish; words are borrowed. */
void town_run_words(struct town *town, const char *const *words);
#define TOWN_RUN(town, ...)                                                    \
    town_run_words(town, (const char *const[]){__VA_ARGS__, NULL})

/* folder/NAME, valid until the eighth call from now. */
const char *town_path(const struct town *town, const char *name);

/* A link with the certificate of NAME/STEM.pem to the listener that is for it;
 * not waited for. */
struct peer *town_peer(struct town *town, const char *name, const char *stem);
struct peer *town_peer_at(struct town *town, const char *url,
                          const char *client_id, const char *name,
                          const char *stem);

/* What such a peer connects with. url and client_id are borrowed. */
struct link_options town_link_options(struct town *town, const char *url,
                                      const char *client_id, const char *name,
                                      const char *stem);

#endif
