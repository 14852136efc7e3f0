/* What screens and operators with certificates need, made by the commands that
 * people use: an authority, a broker with the files of packaging/mosquitto,
 * screens and operators. */
#ifndef GAOSHI_TESTS_SUPPORT_TLS_FIXTURE_H
#define GAOSHI_TESTS_SUPPORT_TLS_FIXTURE_H

#include "tests/support/broker.h"
#include "tests/support/peer.h"
#include "tests/support/program.h"

struct tls_fixture {
    char *folder; /* ca/, broker/, signing/, and one folder for each name */
    struct broker *broker;
    struct program_result result; /* of the last command */
};

/* cmocka's setup and teardown: screens lobby-1 and lobby-2, operator li. */
int tls_open(void **state);
int tls_close(void **state);

/* Runs gaoshi-publish; words are borrowed. */
void tls_run_words(struct tls_fixture *tls, const char *const *words);
#define TLS_RUN(tls, ...)                                                      \
    tls_run_words(tls, (const char *const[]){__VA_ARGS__, NULL})

/* folder/NAME, valid until the eighth call from now. */
const char *tls_path(const struct tls_fixture *tls, const char *name);

/* A link with the certificate of NAME/STEM.pem to the listener that is for it;
 * not waited for. */
struct peer *tls_peer(struct tls_fixture *tls, const char *name,
                      const char *stem);
struct peer *tls_peer_at(struct tls_fixture *tls, const char *url,
                         const char *client_id, const char *name,
                         const char *stem);

/* What such a peer connects with. url and client_id are borrowed. */
struct link_options tls_link_options(struct tls_fixture *tls, const char *url,
                                     const char *client_id, const char *name,
                                     const char *stem);

#endif
