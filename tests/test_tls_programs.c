/* Both programs over TLS: what an operator reads and the exit code, what a
 * screen logs, and that neither ever goes on without TLS. */
#include "tests/support/folder.h"
#include "tests/support/pki.h"
#include "tests/support/program.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct tls_fixture {
    struct publisher_fixture *publisher; /* its broker speaks TLS */
    char *panel;
};

static const char *file(const struct tls_fixture *tls, const char *name)
{
    static char paths[8][256];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", tls->publisher->folder, name);
    return path;
}

static bool make_certificates(const char *folder)
{
    const struct pki_wish expired = {"expired", CERTIFICATE_BROKER, "localhost",
                                     -9, -2};
    const struct pki_wish late = {"late", CERTIFICATE_CLIENT, "operator-wang",
                                  -9, -2};
    /* Told 60 days before the end, not 61. */
    const struct pki_wish ends[] = {
        {"operator-59", CERTIFICATE_CLIENT, "operator-59", -9, 59},
        {"operator-61", CERTIFICATE_CLIENT, "operator-61", -9, 61},
        {"screen-59", CERTIFICATE_CLIENT, "lobby-1", -9, 59},
        {"screen-61", CERTIFICATE_CLIENT, "lobby-1", -9, 61},
    };
    struct pki *tls = pki_create(folder, "town");
    struct pki *other = pki_create(folder, "other");

    bool made = tls && other && pki_issue_broker(tls, "broker", "localhost") &&
                pki_issue_broker(tls, "elsewhere", "broker.example.org") &&
                pki_issue(tls, &expired) && pki_issue(tls, &late) &&
                pki_issue_client(other, "stranger") &&
                pki_issue_client(tls, "operator-li") &&
                pki_issue_client(tls, "lobby-1") &&
                pki_issue_client(tls, "stolen") &&
                pki_revoke(tls, "revoked", "stolen");
    for (size_t i = 0; made && i < sizeof ends / sizeof ends[0]; i++)
        made = pki_issue(tls, &ends[i]);
    pki_destroy(tls);
    pki_destroy(other);
    return made;
}

static void use_broker(struct tls_fixture *tls, const char *certificate,
                       const char *acl, const char *extra)
{
    char certificate_file[256];
    char key_file[256];
    const struct broker_options options = {
        .acl = acl,
        .extra = extra,
        .cert_file = certificate_file,
        .key_file = key_file,
        .ca_file = file(tls, "town.pem"),
        .require_certificate = true,
    };

    snprintf(certificate_file, sizeof certificate_file, "%s/%s.pem",
             tls->publisher->folder, certificate);
    snprintf(key_file, sizeof key_file, "%s/%s.key", tls->publisher->folder,
             certificate);
    broker_destroy(tls->publisher->broker);
    tls->publisher->broker = broker_start(&options);
    assert_non_null(tls->publisher->broker);
}

static int set_up(void **state)
{
    static struct tls_fixture tls;
    void *publisher = NULL;

    if (publisher_open(&publisher) != 0)
        return -1;
    tls = (struct tls_fixture){.publisher = publisher};
    tls.panel = publisher_write_panel(tls.publisher, "water", "停水");
    *state = &tls;
    return make_certificates(tls.publisher->folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct tls_fixture *tls = *state;
    void *publisher = tls->publisher;

    free(tls->panel);
    return publisher_close(&publisher);
}

/* authority and client are names of files; client NULL: no certificate. */
static void push(struct tls_fixture *tls, const char *authority,
                 const char *client)
{
    const char *words[PROGRAM_WORDS_MAX] = {
        "panel", "push", tls->panel, "--timeout",
        "2",     "--ca", authority,  client ? "--cert" : NULL,
        client,  NULL};
    char certificate[256];
    char key[256];

    if (client) {
        snprintf(certificate, sizeof certificate, "%s/%s.pem",
                 tls->publisher->folder, client);
        snprintf(key, sizeof key, "%s/%s.key", tls->publisher->folder, client);
        words[8] = certificate;
        words[9] = "--cert-key";
        words[10] = key;
    }
    publisher_send_words(tls->publisher, words);
}

static void expect_told(struct tls_fixture *tls, int code, const char *text)
{
    const struct program_result *result = &tls->publisher->result;

    if (result->code != code || !strstr(result->err, text))
        fail_msg("expected exit %d and '%s', got %d: %s", code, text,
                 result->code, result->err);
}

static void a_push_over_mutual_tls_is_confirmed(void **state)
{
    struct tls_fixture *tls = *state;

    use_broker(tls, "broker", NULL, NULL);
    push(tls, file(tls, "town.pem"), "operator-li");
    expect_told(tls, 0, "");
    assert_non_null(strstr(tls->publisher->result.out, "confirmed gaoshi/1/"));
}

static void a_broker_that_cannot_be_trusted_leaves_it_unconfirmed(void **state)
{
    static const struct {
        const char *broker;
        const char *authority;
        const char *client;
        const char *expected;
    } cases[] = {
        {"broker", "other.pem", "operator-li", "not signed by the CA in"},
        {"elsewhere", "town.pem", "operator-li", "not for 'localhost'"},
        {"expired", "town.pem", "operator-li", "expired on 20"},
    };
    struct tls_fixture *tls = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        use_broker(tls, cases[i].broker, NULL, NULL);
        push(tls, file(tls, cases[i].authority), cases[i].client);
        expect_told(tls, 3, cases[i].expected);
        expect_told(tls, 3, broker_url(tls->publisher->broker));
        expect_told(tls, 3, "they stay in the outbox");
    }
}

/* No later command sends it either, until somebody mends that. */
static void a_certificate_that_the_broker_does_not_take_exits_6(void **state)
{
    static const struct {
        const char *client;
        const char *expected;
    } cases[] = {
        {NULL, "asks for a certificate of ours"},
        {"stolen", "our certificate is revoked"},
        {"late", "our certificate expired"},
        {"stranger", "the CA of our certificate"},
    };
    struct tls_fixture *tls = *state;
    char extra[300];

    snprintf(extra, sizeof extra, "crlfile %s", file(tls, "revoked.pem"));
    use_broker(tls, "broker", NULL, extra);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        push(tls, file(tls, "town.pem"), cases[i].client);
        expect_told(tls, 6, cases[i].expected);
        expect_told(tls, 6, "once our certificate is mended");
    }
    push(tls, file(tls, "town.pem"), "operator-li");
    expect_told(tls, 0, "");
}

static void own_files_that_cannot_serve_exit_6(void **state)
{
    static const struct {
        const char *authority;
        const char *client;
        const char *expected;
    } cases[] = {
        {"none.pem", "operator-li", "none.pem: broker.ca: No such file"},
        {"town.pem", "nobody", "nobody.pem: broker.cert: No such file"},
        {"town.pem", "empty", "empty.pem: broker.cert: no PEM certificate"},
    };
    struct tls_fixture *tls = *state;

    use_broker(tls, "broker", NULL, NULL);
    assert_true(folder_write(tls->publisher->folder, "empty.pem", ""));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        push(tls, file(tls, cases[i].authority), cases[i].client);
        expect_told(tls, 6, cases[i].expected);
        expect_told(tls, 6, "nothing was sent");
    }
}

static void a_denied_publish_exits_4_and_is_not_sent_again(void **state)
{
    struct tls_fixture *tls = *state;

    use_broker(tls, "broker", "user operator-li\ntopic read gaoshi/#\n", NULL);
    push(tls, file(tls, "town.pem"), "operator-li");
    expect_told(tls, 4, "Not authorized");
    expect_told(tls, 4, broker_url(tls->publisher->broker));
    expect_told(tls, 4, "it is not sent again");
}

static void write_config(struct tls_fixture *tls, const char *authority,
                         const char *client)
{
    char config[1024];

    snprintf(config, sizeof config,
             "[broker]\nca = %s/%s\ncert = %s/%s.pem\nkey = %s/%s.key\n",
             tls->publisher->folder, authority, tls->publisher->folder, client,
             tls->publisher->folder, client);
    assert_true(folder_write(tls->publisher->folder, "tls.conf", config));
}

/* The technician reads what is wrong; NULL: nothing is. */
static void expect_diagnosis(struct tls_fixture *tls, const char *expected)
{
    const char *const words[] = {"--check-config",
                                 "--config",
                                 file(tls, "tls.conf"),
                                 "--broker",
                                 broker_url(tls->publisher->broker),
                                 "--trust",
                                 file(tls, "gaoshi.pub.pem"),
                                 "--org",
                                 "erqi",
                                 "--screen",
                                 "lobby-1",
                                 NULL};
    struct program_result result = {0};

    assert_true(
        program_run(&result, tls->publisher->folder, "gaoshi-display", words));
    if (result.code != (expected ? 2 : 0) ||
        (expected && !strstr(result.err, expected)))
        fail_msg("expected '%s', got %d: %s", expected ? expected : "",
                 result.code, result.err);
    program_result_finish(&result);
}

/* A screen whose broker is not to be trusted logs it, and shows what it has
 * until it is stopped; --check-config says what is wrong. */
static void expect_log(struct tls_fixture *tls, const char *authority,
                       const char *client, const char *logged,
                       const char *expected)
{
    struct screen_options options = {
        .folder = tls->publisher->folder,
        .broker = broker_url(tls->publisher->broker),
        .trust = file(tls, "gaoshi.pub.pem"),
        .mode = "--headless",
        .size = "320x180",
        .extra = {"--config", file(tls, "tls.conf")},
    };

    write_config(tls, authority, client);
    unlink(file(tls, "display.log"));
    struct screen *screen = screen_start(&options);
    assert_non_null(screen);
    assert_true(screen_wait(screen, "line-down", "", 1));
    char *log = screen_log(screen);
    if (!strstr(log, logged) || !strstr(log, options.broker) ||
        !strstr(log, "the screen goes on with what it has"))
        fail_msg("expected '%s' in %s", logged, log);
    free(log);
    assert_int_equal(screen_stop(screen), 0);
    expect_diagnosis(tls, expected);
}

static void a_screen_goes_on_and_check_config_says_what_is_wrong(void **state)
{
    static const char hint[] = "gaoshi-display --check-config says more";
    struct tls_fixture *tls = *state;
    char extra[300];

    use_broker(tls, "broker", NULL, NULL);
    expect_log(tls, "other.pem", "lobby-1", hint, "not signed by the CA in");
    expect_log(tls, "town.pem", "nobody", "nobody.pem: No such file",
               "nobody.pem: No such file");
    use_broker(tls, "elsewhere", NULL, NULL);
    expect_log(tls, "town.pem", "lobby-1", hint, "not for 'localhost'");
    snprintf(extra, sizeof extra, "crlfile %s", file(tls, "revoked.pem"));
    use_broker(tls, "broker", NULL, extra);
    expect_log(tls, "town.pem", "stolen", hint, "our certificate is revoked");
    use_broker(tls, "broker", NULL, NULL);
    write_config(tls, "town.pem", "lobby-1");
    expect_diagnosis(tls, NULL);
}

/* What screens tell, asked by operator-61. */
static void ask_screens(struct tls_fixture *tls, const char *how)
{
    const char *words[] = {"screens",
                           "--ca",
                           file(tls, "town.pem"),
                           "--cert",
                           file(tls, "operator-61.pem"),
                           "--cert-key",
                           file(tls, "operator-61.key"),
                           how,
                           NULL};

    publisher_send_words(tls->publisher, words);
}

static void a_certificate_that_ends_within_60_days_is_told(void **state)
{
    struct tls_fixture *tls = *state;

    use_broker(tls, "broker", NULL, NULL);
    push(tls, file(tls, "town.pem"), "operator-59");
    expect_told(tls, 0, "our certificate ends on 20");
    expect_told(tls, 0, "provision renew operator-59 --town DIR");
    push(tls, file(tls, "town.pem"), "operator-61");
    expect_told(tls, 0, "");
    assert_null(strstr(tls->publisher->result.err, "our certificate"));
}

/* Runs a screen with that certificate, and asks once the broker has its
 * state. */
static void expect_end(struct tls_fixture *tls, const char *certificate,
                       bool told)
{
    const struct screen_options options = {
        .folder = tls->publisher->folder,
        .broker = broker_url(tls->publisher->broker),
        .trust = file(tls, "gaoshi.pub.pem"),
        .mode = "--headless",
        .size = "320x180",
        .extra = {"--config", file(tls, "tls.conf")},
    };
    const struct program_result *result = &tls->publisher->result;

    write_config(tls, "town.pem", certificate);
    struct screen *screen = screen_start(&options);
    assert_non_null(screen);
    do
        ask_screens(tls, "--json");
    while (!strstr(result->out, "certificate_until_ms") ||
           !strstr(result->out, "\"up\":1"));
    assert_int_equal(strstr(result->out, "\"certificates_ending\":1") != NULL,
                     told);
    ask_screens(tls, NULL);
    expect_told(tls, told ? 7 : 0,
                told ? "lobby-1: gaoshi-publish provision renew lobby-1" : "");
    assert_int_equal(strstr(result->out, "certificate ends on 20") != NULL,
                     told);
    assert_int_equal(strstr(result->out, "certificates of 1 end") != NULL,
                     told);
    ask_screens(tls, "--prometheus");
    assert_non_null(strstr(result->out,
                           "gaoshi_screen_certificate_end_timestamp_seconds{"
                           "screen=\"lobby-1\"} 1"));
    assert_non_null(
        strstr(result->out, "\ngaoshi_certificate_end_timestamp_seconds 1"));
    char *log = screen_log(screen);
    assert_int_equal(strstr(log, "the certificate ends on 20") &&
                         strstr(log, "provision renew lobby-1 --town DIR"),
                     told);
    free(log);
    assert_int_equal(screen_stop(screen), 0);
}

static void the_end_of_a_screens_certificate_is_told_by_all(void **state)
{
    struct tls_fixture *tls = *state;

    use_broker(tls, "broker", NULL, NULL);
    expect_end(tls, "screen-61", false);
    use_broker(tls, "broker", NULL, NULL);
    expect_end(tls, "screen-59", true);
}

int main(void)
{
#define WITH_TLS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_TLS(a_push_over_mutual_tls_is_confirmed),
        WITH_TLS(a_broker_that_cannot_be_trusted_leaves_it_unconfirmed),
        WITH_TLS(a_certificate_that_the_broker_does_not_take_exits_6),
        WITH_TLS(own_files_that_cannot_serve_exit_6),
        WITH_TLS(a_denied_publish_exits_4_and_is_not_sent_again),
        WITH_TLS(a_certificate_that_ends_within_60_days_is_told),
        WITH_TLS(the_end_of_a_screens_certificate_is_told_by_all),
        WITH_TLS(a_screen_goes_on_and_check_config_says_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
