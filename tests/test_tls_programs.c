/* Both programs over TLS: what an operator reads and the exit code, what a
 * screen logs, and that neither ever goes on without TLS. */
#include "tests/support/desk.h"
#include "tests/support/folder.h"
#include "tests/support/pki.h"
#include "tests/support/program.h"
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

struct town {
    struct desk *desk; /* its broker speaks TLS */
    char *panel;
};

static const char *file(const struct town *town, const char *name)
{
    static char paths[8][256];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", town->desk->folder, name);
    return path;
}

static bool make_certificates(const char *folder)
{
    const struct pki_wish expired = {"expired", CERTIFICATE_BROKER, "localhost",
                                     -9, -2};
    const struct pki_wish late = {"late", CERTIFICATE_CLIENT, "operator-wang",
                                  -9, -2};
    struct pki *town = pki_create(folder, "town");
    struct pki *other = pki_create(folder, "other");

    bool made = town && other &&
                pki_issue_broker(town, "broker", "localhost") &&
                pki_issue_broker(town, "elsewhere", "broker.example.org") &&
                pki_issue(town, &expired) && pki_issue(town, &late) &&
                pki_issue_client(other, "stranger") &&
                pki_issue_client(town, "operator-li") &&
                pki_issue_client(town, "lobby-1") &&
                pki_issue_client(town, "stolen") &&
                pki_revoke(town, "revoked", "stolen");
    pki_destroy(town);
    pki_destroy(other);
    return made;
}

static void use_broker(struct town *town, const char *certificate,
                       const char *acl, const char *extra)
{
    char certificate_file[256];
    char key_file[256];
    const struct broker_options options = {
        .acl = acl,
        .extra = extra,
        .cert_file = certificate_file,
        .key_file = key_file,
        .ca_file = file(town, "town.pem"),
        .require_certificate = true,
    };

    snprintf(certificate_file, sizeof certificate_file, "%s/%s.pem",
             town->desk->folder, certificate);
    snprintf(key_file, sizeof key_file, "%s/%s.key", town->desk->folder,
             certificate);
    broker_destroy(town->desk->broker);
    town->desk->broker = broker_start(&options);
    assert_non_null(town->desk->broker);
}

static int set_up(void **state)
{
    static struct town town;
    void *desk = NULL;

    if (desk_open(&desk) != 0)
        return -1;
    town = (struct town){.desk = desk};
    town.panel = desk_write_panel(town.desk, "water", "停水");
    *state = &town;
    return make_certificates(town.desk->folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct town *town = *state;
    void *desk = town->desk;

    free(town->panel);
    return desk_close(&desk);
}

/* authority and client are names of files; client NULL: no certificate. */
static void push(struct town *town, const char *authority, const char *client)
{
    const char *words[PROGRAM_WORDS_MAX] = {
        "panel", "push", town->panel, "--timeout",
        "2",     "--ca", authority,   client ? "--cert" : NULL,
        client,  NULL};
    char certificate[256];
    char key[256];

    if (client) {
        snprintf(certificate, sizeof certificate, "%s/%s.pem",
                 town->desk->folder, client);
        snprintf(key, sizeof key, "%s/%s.key", town->desk->folder, client);
        words[8] = certificate;
        words[9] = "--cert-key";
        words[10] = key;
    }
    desk_send_words(town->desk, words);
}

static void expect_told(struct town *town, int code, const char *text)
{
    const struct program_result *result = &town->desk->result;

    if (result->code != code || !strstr(result->err, text))
        fail_msg("expected exit %d and '%s', got %d: %s", code, text,
                 result->code, result->err);
}

static void a_push_over_mutual_tls_is_confirmed(void **state)
{
    struct town *town = *state;

    use_broker(town, "broker", NULL, NULL);
    push(town, file(town, "town.pem"), "operator-li");
    expect_told(town, 0, "");
    assert_non_null(strstr(town->desk->result.out, "confirmed gaoshi/1/"));
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
    struct town *town = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        use_broker(town, cases[i].broker, NULL, NULL);
        push(town, file(town, cases[i].authority), cases[i].client);
        expect_told(town, 3, cases[i].expected);
        expect_told(town, 3, broker_url(town->desk->broker));
        expect_told(town, 3, "they stay in the outbox");
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
    struct town *town = *state;
    char extra[300];

    snprintf(extra, sizeof extra, "crlfile %s", file(town, "revoked.pem"));
    use_broker(town, "broker", NULL, extra);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        push(town, file(town, "town.pem"), cases[i].client);
        expect_told(town, 6, cases[i].expected);
        expect_told(town, 6, "once our certificate is mended");
    }
    push(town, file(town, "town.pem"), "operator-li");
    expect_told(town, 0, "");
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
    struct town *town = *state;

    use_broker(town, "broker", NULL, NULL);
    assert_true(folder_write(town->desk->folder, "empty.pem", ""));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        push(town, file(town, cases[i].authority), cases[i].client);
        expect_told(town, 6, cases[i].expected);
        expect_told(town, 6, "nothing was sent");
    }
}

static void a_denied_publish_exits_4_and_is_not_sent_again(void **state)
{
    struct town *town = *state;

    use_broker(town, "broker", "user operator-li\ntopic read gaoshi/#\n", NULL);
    push(town, file(town, "town.pem"), "operator-li");
    expect_told(town, 4, "Not authorized");
    expect_told(town, 4, broker_url(town->desk->broker));
    expect_told(town, 4, "it is not sent again");
}

static void write_config(struct town *town, const char *authority,
                         const char *client)
{
    char config[1024];

    snprintf(config, sizeof config,
             "[broker]\nca = %s/%s\ncert = %s/%s.pem\nkey = %s/%s.key\n",
             town->desk->folder, authority, town->desk->folder, client,
             town->desk->folder, client);
    assert_true(folder_write(town->desk->folder, "tls.conf", config));
}

/* The technician reads what is wrong; NULL: nothing is. */
static void expect_diagnosis(struct town *town, const char *expected)
{
    const char *const words[] = {"--check-config",
                                 "--config",
                                 file(town, "tls.conf"),
                                 "--broker",
                                 broker_url(town->desk->broker),
                                 "--trust",
                                 file(town, "gaoshi.pub.pem"),
                                 "--org",
                                 "erqi",
                                 "--screen",
                                 "lobby-1",
                                 NULL};
    struct program_result result = {0};

    assert_true(
        program_run(&result, town->desk->folder, "gaoshi-display", words));
    if (result.code != (expected ? 2 : 0) ||
        (expected && !strstr(result.err, expected)))
        fail_msg("expected '%s', got %d: %s", expected ? expected : "",
                 result.code, result.err);
    program_result_finish(&result);
}

/* A screen whose broker is not to be trusted logs it, and shows what it has
 * until it is stopped; --check-config says what is wrong. */
static void expect_log(struct town *town, const char *authority,
                       const char *client, const char *logged,
                       const char *expected)
{
    struct screen_options options = {
        .folder = town->desk->folder,
        .broker = broker_url(town->desk->broker),
        .trust = file(town, "gaoshi.pub.pem"),
        .mode = "--headless",
        .size = "320x180",
        .extra = {"--config", file(town, "tls.conf")},
    };

    write_config(town, authority, client);
    unlink(file(town, "display.log"));
    struct screen *screen = screen_start(&options);
    assert_non_null(screen);
    assert_true(screen_wait(screen, "line-down", "", 1));
    char *log = screen_log(screen);
    if (!strstr(log, logged) || !strstr(log, options.broker) ||
        !strstr(log, "the screen goes on with what it has"))
        fail_msg("expected '%s' in %s", logged, log);
    free(log);
    assert_int_equal(screen_stop(screen), 0);
    expect_diagnosis(town, expected);
}

static void a_screen_goes_on_and_check_config_says_what_is_wrong(void **state)
{
    static const char hint[] = "gaoshi-display --check-config says more";
    struct town *town = *state;
    char extra[300];

    use_broker(town, "broker", NULL, NULL);
    expect_log(town, "other.pem", "lobby-1", hint, "not signed by the CA in");
    expect_log(town, "town.pem", "nobody", "nobody.pem: No such file",
               "nobody.pem: No such file");
    use_broker(town, "elsewhere", NULL, NULL);
    expect_log(town, "town.pem", "lobby-1", hint, "not for 'localhost'");
    snprintf(extra, sizeof extra, "crlfile %s", file(town, "revoked.pem"));
    use_broker(town, "broker", NULL, extra);
    expect_log(town, "town.pem", "stolen", hint, "our certificate is revoked");
    use_broker(town, "broker", NULL, NULL);
    write_config(town, "town.pem", "lobby-1");
    expect_diagnosis(town, NULL);
}

int main(void)
{
#define IN_TOWN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        IN_TOWN(a_push_over_mutual_tls_is_confirmed),
        IN_TOWN(a_broker_that_cannot_be_trusted_leaves_it_unconfirmed),
        IN_TOWN(a_certificate_that_the_broker_does_not_take_exits_6),
        IN_TOWN(own_files_that_cannot_serve_exit_6),
        IN_TOWN(a_denied_publish_exits_4_and_is_not_sent_again),
        IN_TOWN(a_screen_goes_on_and_check_config_says_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
