/* The line over TLS against a real broker: good certificates connect; every
 * bad one ends with its own reason, and nothing ever goes on without TLS. */
#include "protocol/link/diagnosis.h"
#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/peer.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One set of certificates serves all tests. */
static char *folder;

/* folder/NAME.TYPE in a ring of texts, good for the next eight calls. */
static const char *file(const char *name, const char *type)
{
    static char paths[8][256];
    static unsigned next;
    char *path = paths[next++ % 8];

    if (!name)
        return NULL;
    snprintf(path, sizeof paths[0], "%s/%s.%s", folder, name, type);
    return path;
}

static int make_certificates(void **state)
{
    const struct pki_wish expired = {"expired", CERTIFICATE_BROKER, "localhost",
                                     -9, -2};
    const struct pki_wish early = {"early", CERTIFICATE_BROKER, "localhost", 2,
                                   9};
    const struct pki_wish old = {"old", CERTIFICATE_CLIENT, NULL, -9, -2};

    (void)state;
    folder = folder_make();
    struct pki *tls = folder ? pki_create(folder, "town") : NULL;
    struct pki *other = folder ? pki_create(folder, "other") : NULL;
    bool made = tls && other && pki_issue_broker(tls, "broker", "localhost") &&
                pki_issue_broker(tls, "elsewhere", "broker.example.org") &&
                pki_issue(tls, &expired) && pki_issue(tls, &early) &&
                pki_issue_client(tls, "lobby-1") &&
                pki_issue_client(tls, "stolen") && pki_issue(tls, &old) &&
                pki_issue_client(other, "stranger") &&
                pki_revoke(tls, "revoked", "stolen");
    pki_destroy(tls);
    pki_destroy(other);
    return made ? 0 : -1;
}

static int remove_certificates(void **state)
{
    (void)state;
    folder_remove(folder);
    free(folder);
    return 0;
}

static struct broker *start_broker(const char *certificate, const char *more)
{
    char extra[512];
    struct broker_options options = {
        .cert_file = file(certificate, "pem"),
        .key_file = file(certificate, "key"),
        .ca_file = file("town", "pem"),
        .require_certificate = true,
        .extra = extra,
    };

    snprintf(extra, sizeof extra, "%s", more ? more : "");
    struct broker *broker = broker_start(&options);
    assert_non_null(broker);
    return broker;
}

/* client NULL: without a certificate of its own. */
static struct link_options make_options(const struct broker *broker,
                                        const char *authority,
                                        const char *client)
{
    struct link_options options = peer_options(broker_url(broker), "lobby-1");

    options.ca_file = file(authority, "pem");
    options.cert_file = file(client, "pem");
    options.key_file = file(client, "key");
    return options;
}

static void both_ends_know_each_other_by_certificate(void **state)
{
    struct broker *broker = start_broker("broker", NULL);
    struct link_options options = make_options(broker, "town", "lobby-1");
    struct peer *peer = peer_create(&options);

    (void)state;
    assert_non_null(peer);
    assert_true(peer_wait_connected(peer, 1));
    assert_true(peer_subscribe(peer, "gaoshi/x"));
    assert_true(peer_publish(peer, "gaoshi/x", "hello", 5, false));
    assert_non_null(peer_wait_message(peer, 0));
    peer_destroy(peer);
    broker_destroy(broker);
}

struct bad {
    const char *broker;    /* its certificate */
    const char *extra;     /* lines of mosquitto.conf */
    const char *authority; /* that we trust */
    const char *client;    /* our certificate */
    const char *expected;
    enum diagnosis_fault fault;
};

static const char hint[] = "here is more";

/* The link names the broker and hints at where to learn more; a diagnosis says
 * what is wrong. */
static void expect_reason(const struct bad *bad, int mqtt_version)
{
    char extra[512] = "";

    if (bad->extra)
        snprintf(extra, sizeof extra, "%s %s\n", bad->extra,
                 strcmp(bad->extra, "crlfile") == 0 ? file("revoked", "pem")
                                                    : "");
    struct broker *broker = start_broker(bad->broker, extra);
    struct link_options options = make_options(broker, bad->authority,
                                               bad->client);
    char reason[LINK_REASON_BYTES];
    struct diagnosis found;
    options.mqtt_version = mqtt_version;
    options.hint = hint;
    struct peer *peer = peer_create(&options);

    assert_non_null(peer);
    assert_true(peer_wait_disconnected(peer, 1));
    peer_reason(peer, reason, sizeof reason);
    if (!strstr(reason, hint) || !strstr(reason, broker_url(broker)))
        fail_msg("expected '%s' in '%s'", hint, reason);
    link_diagnose(&options, 0, &found);
    if (!strstr(found.text, bad->expected) || found.fault != bad->fault)
        fail_msg("expected '%s' in '%s'", bad->expected, found.text);
    assert_false(link_publish(peer_link(peer), "gaoshi/x", "x", 1, 1, 0, 1));
    peer_destroy(peer);
    broker_destroy(broker);
}

static void every_bad_certificate_has_a_reason_of_its_own(void **state)
{
    static const struct bad cases[] = {
        {"broker", NULL, "other", "lobby-1", "not signed by the CA in",
         DIAGNOSIS_BROKER},
        {"elsewhere", NULL, "town", "lobby-1",
         "is for broker.example.org, not for 'localhost'", DIAGNOSIS_BROKER},
        {"expired", NULL, "town", "lobby-1", "certificate expired on 20",
         DIAGNOSIS_BROKER},
        {"early", NULL, "town", "lobby-1", "is the clock of this machine",
         DIAGNOSIS_BROKER},
        {"broker", NULL, "town", NULL, "asks for a certificate of ours",
         DIAGNOSIS_OURS},
        {"broker", "crlfile", "town", "stolen", "certificate is revoked",
         DIAGNOSIS_OURS},
        {"broker", NULL, "town", "old", "our certificate expired",
         DIAGNOSIS_OURS},
        {"broker", NULL, "town", "stranger", "does not know the CA of our",
         DIAGNOSIS_OURS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect_reason(&cases[i], 5);
        expect_reason(&cases[i], 4);
    }
}

/* mosquitto has no word for «1.1 at most»; OpenSSL's configuration has. */
static void a_broker_with_tls_1_1_only_is_refused(void **state)
{
    static const char settings[] =
        "openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\n"
        "system_default = old\n[old]\nMinProtocol = TLSv1.1\n"
        "MaxProtocol = TLSv1.1\nCipherString = DEFAULT@SECLEVEL=0\n";
    const struct bad old = {"broker",
                            NULL,
                            "town",
                            "lobby-1",
                            "it speaks no TLS from 1.2 on",
                            DIAGNOSIS_BROKER};

    (void)state;
    assert_true(folder_write(folder, "openssl.cnf", settings));
    /* Read by programs that start from now on; we have read ours. */
    assert_int_equal(setenv("OPENSSL_CONF", file("openssl", "cnf"), 1), 0);
    expect_reason(&old, 5);
    assert_int_equal(unsetenv("OPENSSL_CONF"), 0);
}

static void a_port_without_tls_is_told_and_never_used(void **state)
{
    struct broker *broker = broker_start(NULL);
    char address[64];
    char reason[LINK_REASON_BYTES];

    (void)state;
    assert_non_null(broker);
    snprintf(address, sizeof address, "mqtts://localhost:%d",
             broker_port(broker));
    struct link_options options = make_options(broker, "town", "lobby-1");
    options.brokers[0] = address;
    struct peer *peer = peer_create(&options);
    assert_non_null(peer);
    assert_true(peer_wait_disconnected(peer, 1));
    peer_reason(peer, reason, sizeof reason);
    if (!strstr(reason, address))
        fail_msg("'%s'", reason);
    struct diagnosis found;
    link_diagnose(&options, 0, &found);
    assert_int_equal(found.fault, DIAGNOSIS_BROKER);
    assert_non_null(strstr(found.text, "speak TLS on this port"));
    peer_destroy(peer);
    broker_destroy(broker);
}

static void nobody_there_and_nothing_wrong_are_told_apart(void **state)
{
    struct broker *broker = start_broker("broker", NULL);
    struct link_options options = make_options(broker, "town", "lobby-1");
    struct diagnosis found;

    (void)state;
    link_diagnose(&options, 0, &found);
    assert_int_equal(found.fault, DIAGNOSIS_NONE);
    assert_string_equal(found.text, "");
    broker_stop(broker);
    link_diagnose(&options, 0, &found);
    assert_int_equal(found.fault, DIAGNOSIS_UNREACHABLE);
    assert_string_equal(found.text, "Connection refused");
    broker_destroy(broker);
}

static void a_plain_client_gets_nothing_on_the_tls_port(void **state)
{
    struct broker *broker = start_broker("broker", NULL);
    char address[64];

    (void)state;
    snprintf(address, sizeof address, "mqtt://127.0.0.1:%d",
             broker_port(broker));
    struct link_options options = peer_options(address, "plain");
    struct peer *peer = peer_create(&options);
    assert_non_null(peer);
    assert_true(peer_wait_disconnected(peer, 1));
    assert_false(link_publish(peer_link(peer), "gaoshi/x", "x", 1, 1, 0, 1));
    peer_destroy(peer);
    broker_destroy(broker);
}

/* A screen's certificate with the broker's host on it is still none of a
 * broker. */
static void a_screens_certificate_does_not_serve_a_false_broker(void **state)
{
    const struct pki_wish false_broker = {"false", CERTIFICATE_CLIENT,
                                          "localhost", -1, 1};
    const struct bad bad = {
        "false", NULL, "impostor", "false", "is no broker's", DIAGNOSIS_BROKER};
    struct pki *impostor = pki_create(folder, "impostor");

    (void)state;
    assert_non_null(impostor);
    assert_true(pki_issue(impostor, &false_broker));
    pki_destroy(impostor);
    expect_reason(&bad, 5);
}

/* Each look at a bad file names it, and none of them reaches the broker. */
static void
files_that_cannot_serve_are_named_before_anything_is_sent(void **state)
{
    static const struct {
        const char *authority;
        const char *certificate;
        const char *key;
        const char *expected;
    } cases[] = {
        {"none", "lobby-1", "lobby-1", "none.pem: No such file"},
        {"empty", "lobby-1", "lobby-1", "empty.pem: no PEM certificate"},
        {"town", "none", "lobby-1", "none.pem: No such file"},
        {"town", "lobby-1", "none", "none.key: No such file"},
        {"town", "lobby-1", "empty", "empty.key: no PEM private key"},
        {"town", "lobby-1", "stolen", "stolen.key: not the key of"},
    };
    struct broker *broker = start_broker("broker", NULL);
    char reason[LINK_REASON_BYTES];

    (void)state;
    assert_true(folder_write(folder, "empty.pem", ""));
    assert_true(folder_write(folder, "empty.key", ""));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct link_options options = make_options(broker, cases[i].authority,
                                                   "lobby-1");
        struct problem problem = {0};
        options.cert_file = file(cases[i].certificate, "pem");
        options.key_file = file(cases[i].key, "key");
        assert_false(link_check_files(&options, &problem));
        assert_int_equal(problem.code, PROBLEM_AUTHORITY);
        struct peer *peer = peer_create(&options);
        assert_non_null(peer);
        assert_true(peer_wait_disconnected(peer, 1));
        peer_reason(peer, reason, sizeof reason);
        if (!strstr(reason, cases[i].expected))
            fail_msg("expected '%s' in '%s'", cases[i].expected, reason);
        peer_destroy(peer);
    }
    char *log = folder_read(broker_folder(broker), "mosquitto.log");
    assert_null(strstr(log, "New client connected"));
    free(log);
    broker_destroy(broker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_know_each_other_by_certificate),
        cmocka_unit_test(every_bad_certificate_has_a_reason_of_its_own),
        cmocka_unit_test(a_broker_with_tls_1_1_only_is_refused),
        cmocka_unit_test(a_port_without_tls_is_told_and_never_used),
        cmocka_unit_test(nobody_there_and_nothing_wrong_are_told_apart),
        cmocka_unit_test(a_plain_client_gets_nothing_on_the_tls_port),
        cmocka_unit_test(a_screens_certificate_does_not_serve_a_false_broker),
        cmocka_unit_test(
            files_that_cannot_serve_are_named_before_anything_is_sent),
    };

    return cmocka_run_group_tests(tests, make_certificates,
                                  remove_certificates);
}
