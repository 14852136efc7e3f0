/* The commands that provision: what they write, what they refuse, and the
 * whole road with nothing but their files. */
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/tls_fixture.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "publisher/provision/certificate.h"

static X509 *read_certificate(const struct tls_fixture *tls, const char *name)
{
    char *pem = folder_read(tls->folder, name);
    X509 *certificate = pem ? certificate_read(pem) : NULL;

    assert_non_null(certificate);
    free(pem);
    return certificate;
}

static bool chain_is_good(X509 *authority, X509 *certificate, int purpose)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();

    assert_int_equal(X509_STORE_add_cert(store, authority), 1);
    assert_int_equal(X509_STORE_CTX_init(context, store, certificate, NULL), 1);
    X509_STORE_CTX_set_purpose(context, purpose);
    bool good = X509_verify_cert(context) == 1;
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return good;
}

static void every_certificate_serves_its_one_purpose(void **state)
{
    static const struct {
        const char *file;
        const char *name;
        bool broker;
    } cases[] = {
        {"broker/broker.pem", "localhost", true},
        {"lobby-1/screen.pem", "lobby-1", false},
        {"li/operator.pem", "operator-li", false},
    };
    struct tls_fixture *tls = *state;
    X509 *authority = read_certificate(tls, "ca/ca.pem");
    char name[CERTIFICATE_NAME_BYTES + 1];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        X509 *certificate = read_certificate(tls, cases[i].file);
        assert_int_equal(
            chain_is_good(authority, certificate, X509_PURPOSE_SSL_SERVER),
            cases[i].broker);
        assert_int_equal(
            chain_is_good(authority, certificate, X509_PURPOSE_SSL_CLIENT),
            !cases[i].broker);
        assert_true(
            certificate_text(certificate, NID_commonName, name, sizeof name));
        assert_string_equal(name, cases[i].name);
        assert_int_equal(X509_check_ca(certificate), 0);
        X509_free(certificate);
    }
    X509_free(authority);
}

static void secret_files_are_for_their_owner_alone(void **state)
{
    static const char *const files[] = {"ca/ca.key", "broker/broker.key",
                                        "lobby-1/screen.key",
                                        "li/operator.key"};
    struct stat status;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        assert_int_equal(stat(tls_path(*state, files[i]), &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
}

static void an_authority_lasts_ten_years_and_nothing_outlives_it(void **state)
{
    X509 *authority = read_certificate(*state, "ca/ca.pem");
    X509 *screen = read_certificate(*state, "lobby-1/screen.pem");
    int days = 0;
    int seconds = 0;

    assert_int_equal(
        ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(authority)),
        1);
    assert_in_range(days, 3651, 3653);
    assert_int_equal(ASN1_TIME_compare(X509_get0_notAfter(screen),
                                       X509_get0_notAfter(authority)),
                     -1);
    X509_free(screen);
    X509_free(authority);

    struct credential old = {0};
    struct credential young = {0};
    struct certificate_plan plan = {.role = CERTIFICATE_AUTHORITY,
                                    .name = "old",
                                    .org = "erqi",
                                    .from_s = 0,
                                    .until_s = time(NULL) + 1000};
    assert_true(credential_make(&plan, NULL, &old, NULL));
    plan.role = CERTIFICATE_CLIENT;
    plan.until_s += 1000;
    assert_true(credential_make(&plan, &old, &young, NULL));
    assert_int_equal(ASN1_TIME_compare(X509_get0_notAfter(young.certificate),
                                       X509_get0_notAfter(old.certificate)),
                     0);
    credential_finish(&young);
    credential_finish(&old);
}

static void serial_numbers_are_random_and_positive(void **state)
{
    X509 *one = read_certificate(*state, "lobby-1/screen.pem");
    X509 *two = read_certificate(*state, "lobby-2/screen.pem");
    const ASN1_INTEGER *serial = X509_get0_serialNumber(one);

    assert_int_not_equal(ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(two)),
                         0);
    assert_int_equal(ASN1_STRING_type(serial), V_ASN1_INTEGER);
    assert_int_equal(ASN1_STRING_length(serial), 20);
    X509_free(two);
    X509_free(one);
}

static void expect(struct tls_fixture *tls, int code, const char *text)
{
    if (tls->result.code != code || !strstr(tls->result.err, text))
        fail_msg("expected %d and '%s', got %d: %s", code, text,
                 tls->result.code, tls->result.err);
}

static void nothing_is_ever_overwritten(void **state)
{
    struct tls_fixture *tls = *state;
    char *before = folder_read(tls->folder, "ca/ca.key");
    char *screen = folder_read(tls->folder, "lobby-1/screen.key");

    TLS_RUN(tls, "provision", "ca", "--org", "erqi", "--out",
            tls_path(tls, "ca"));
    expect(tls, 1, "ca.key: left as it is");
    TLS_RUN(tls, "provision", "screen", "lobby-1", "--broker", "mqtts://b:1",
            "--ca", tls_path(tls, "ca"), "--trust",
            tls_path(tls, "signing/gaoshi.pub.pem"), "--out",
            tls_path(tls, "again"));
    expect(tls, 6, "provision revoke lobby-1");
    TLS_RUN(tls, "provision", "screen", "lobby-3", "--broker", "mqtts://b:1",
            "--ca", tls_path(tls, "ca"), "--trust",
            tls_path(tls, "signing/gaoshi.pub.pem"), "--out",
            tls_path(tls, "lobby-1"));
    expect(tls, 1, "screen.key: left as it is");
    /* The name was not used up by that. */
    assert_int_not_equal(access(tls_path(tls, "ca/issued/lobby-3.pem"), F_OK),
                         0);
    char *after = folder_read(tls->folder, "ca/ca.key");
    char *still = folder_read(tls->folder, "lobby-1/screen.key");
    assert_string_equal(before, after);
    assert_string_equal(screen, still);
    free(still);
    free(after);
    free(screen);
    free(before);
}

static void provision_screen(struct tls_fixture *tls, const char *id,
                             const char *out, const char *inventory)
{
    TLS_RUN(tls, "provision", "screen", id, "--broker", "mqtts://b:1", "--ca",
            tls_path(tls, "ca"), "--trust",
            tls_path(tls, "signing/gaoshi.pub.pem"), "--out",
            tls_path(tls, out), "--area", "410103001002", "--group", "indoor",
            "--group", "lobbies", "--place", "大厅", "--inventory",
            tls_path(tls, inventory));
}

static void a_new_screen_is_written_into_the_inventory(void **state)
{
    struct tls_fixture *tls = *state;

    provision_screen(tls, "hall-1", "hall-1", "screens.csv");
    expect(tls, 0, "");
    char *text = folder_read(tls->folder, "screens.csv");
    assert_string_equal(text, "\xEF\xBB\xBFid,place,area,groups,notes\r\n"
                              "hall-1,大厅,410103001002,indoor lobbies,\r\n");
    free(text);
    /* A fault in it is told before a certificate is made. */
    assert_true(folder_write(tls->folder, "bad.csv", "id\nA\n"));
    provision_screen(tls, "hall-2", "hall-2", "bad.csv");
    expect(tls, 2, "bad.csv:2:1: id: 'A'");
    assert_int_not_equal(access(tls_path(tls, "ca/issued/hall-2.pem"), F_OK),
                         0);
    /* A screen that gets a new certificate keeps its row. */
    TLS_RUN(tls, "provision", "revoke", "hall-1", "--ca", tls_path(tls, "ca"));
    provision_screen(tls, "hall-1", "hall-1-again", "screens.csv");
    expect(tls, 0, "hall-1 stands in");
}

static void wrong_words_are_told_and_make_nothing(void **state)
{
    static const struct {
        const char *words[16];
        const char *expected;
    } cases[] = {
        {{"provision", "ca", "--out", "x"}, "--org is missing"},
        {{"provision", "ca", "--org", "x"}, "--out is missing"},
        {{"provision", "ca", "--org", "É", "--out", "x"}, "--org 'É'"},
        {{"provision", "broker", "a b", "--ca", "x", "--out", "x"}, "'a b'"},
        {{"provision", "broker", "a,DNS:b", "--ca", "x", "--out", "x"},
         "expected a host's name"},
        {{"provision", "broker", "b", "--out", "x"}, "--ca is missing"},
        {{"provision", "broker", "--ca", "x", "--out", "x"},
         "provision broker --help"},
        {{"provision", "screen", "Lobby"}, "'Lobby'"},
        {{"provision", "screen", "operator-x"}, "begins with operator-"},
        {{"provision", "screen", "gaoshi-x"}, "begins with gaoshi-"},
        {{"provision", "screen", "x", "--area", "4101"}, "expected 12 digits"},
        {{"provision", "screen", "x", "--group", "A"}, "--group 'A'"},
        {{"provision", "screen", "x"}, "--root is missing"},
        {{"provision", "screen", "x", "--trust", "k", "--ca", "c", "--out",
          "o"},
         "--broker is missing"},
        {{"provision", "screen", "x", "--trust", "k", "--ca", "c", "--out", "o",
          "--broker", "mqtt://b:1883"},
         "expected mqtts:// or wss://HOST:PORT"},
        {{"provision", "screen", "x", "--trust", "k", "--ca", "c", "--out", "o",
          "--broker", "mqtts://b\n[trust]"},
         "expected mqtt://HOST:PORT or mqtts"},
        {{"provision", "operator", "x/y", "--ca", "c", "--out", "o"}, "'x/y'"},
        {{"provision", "operator", "x", "--scope", "area-x"},
         "--scope 'area-x'"},
        {{"provision", "revoke", "../x", "--ca", "c"}, "'../x'"},
        {{"provision", "revoke", "x"}, "--ca or --town is missing"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tls_run_words(*state, cases[i].words);
        expect(*state, 2, cases[i].expected);
    }
}

/* A private key on a screen would let whoever takes the screen sign. */
static void only_public_keys_are_given_to_screens(void **state)
{
    struct tls_fixture *tls = *state;

    TLS_RUN(tls, "provision", "screen", "lobby-3", "--broker", "mqtts://b:1",
            "--ca", tls_path(tls, "ca"), "--trust",
            tls_path(tls, "signing/gaoshi.pem"), "--out",
            tls_path(tls, "lobby-3"));
    assert_int_not_equal(tls->result.code, 0);
    assert_non_null(strstr(tls->result.err, "signing/gaoshi.pem"));
    assert_int_not_equal(access(tls_path(tls, "lobby-3/screen.key"), F_OK), 0);
}

static void an_authority_that_others_can_read_is_refused(void **state)
{
    struct tls_fixture *tls = *state;

    assert_int_equal(chmod(tls_path(tls, "ca/ca.key"), 0644), 0);
    TLS_RUN(tls, "provision", "revoke", "lobby-1", "--ca", tls_path(tls, "ca"));
    expect(tls, 6, "chmod 600");
}

static bool the_line_is_up(void *context)
{
    char *log = folder_read(context, "display.log");
    bool up = log && strstr(log, "the line is up");

    free(log);
    return up;
}

/* The display as its service starts it, but for the glass and the store. */
static pid_t start_display(const struct tls_fixture *tls)
{
    char *program = process_beside("gaoshi-display");
    const char *const words[] = {program,
                                 "--config",
                                 tls_path(tls, "lobby-1/display.conf"),
                                 "--headless",
                                 "320x180",
                                 "--store",
                                 tls_path(tls, "store.db"),
                                 NULL};
    pid_t display = process_start(words, tls_path(tls, "display.log"), -1);

    free(program);
    assert_true(display > 0);
    assert_true(process_wait_until(the_line_is_up, tls->folder));
    return display;
}

static void the_whole_road_runs_on_what_was_provisioned(void **state)
{
    static const char panel[] =
        "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"water\",\"panel\":{"
        "\"template\":\"notice\",\"section\":\"general\",\"order\":1,"
        "\"title\":\"停水\",\"body\":\"今晚八点停水\"}}\n";
    struct tls_fixture *tls = *state;
    pid_t display = start_display(tls);

    /* The operator's folder, completed as its file says. */
    char *key = folder_read(tls->folder, "signing/gaoshi.pem");
    assert_true(folder_write(tls->folder, "li/gaoshi.pem", key));
    assert_int_equal(chmod(tls_path(tls, "li/gaoshi.pem"), 0600), 0);
    free(key);
    assert_true(folder_write(tls->folder, "water.json", panel));
    TLS_RUN(tls, "panel", "push", tls_path(tls, "water.json"), "--config",
            tls_path(tls, "li/publish.conf"), "--scope", "area-410103",
            "--wait-shown", "1");
    if (tls->result.code != 0)
        fail_msg("%s", tls->result.err);
    assert_non_null(strstr(tls->result.out, "lobby-1"));
    assert_int_equal(process_stop(display), 0);
}

static void expect_good_config(struct tls_fixture *tls, const char *file)
{
    struct program_result result = {0};
    const char *const words[] = {"--check-config", "--config",
                                 tls_path(tls, file), NULL};

    assert_true(program_run(&result, tls->folder, "gaoshi-display", words));
    if (result.code != 0)
        fail_msg("%s", result.err);
    program_result_finish(&result);
}

static void what_a_screen_gets_passes_check_config(void **state)
{
    expect_good_config(*state, "lobby-2/display.conf");
}

/* Lines of a configuration are short, and lists may be long. */
static void as_many_keys_and_groups_as_there_may_be_pass_too(void **state)
{
    enum { MANY = 8 };
    static const char broker[] = "mqtts://broker.example.org:8883";
    struct tls_fixture *tls = *state;
    char names[MANY][80];
    char keys[MANY][128];
    const char *words[PROGRAM_WORDS_MAX] = {
        "provision", "screen", "lobby-3",  "--ca", NULL,
        "--out",     NULL,     "--broker", broker, NULL};
    char authority[256];
    char out[256];
    int count = 9;

    snprintf(authority, sizeof authority, "%s/ca", tls->folder);
    snprintf(out, sizeof out, "%s/lobby-3", tls->folder);
    words[4] = authority;
    words[6] = out;
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "group-%d-%050d", i, i);
        snprintf(keys[i], sizeof keys[i], "%s/k%d.pub.pem", tls->folder, i);
        char name[16];
        snprintf(name, sizeof name, "k%d", i);
        TLS_RUN(tls, "keys", "new", "--out", tls->folder, "--name", name);
        words[count++] = "--group";
        words[count++] = names[i];
        words[count++] = "--trust";
        words[count++] = keys[i];
    }
    tls_run_words(tls, words);
    if (tls->result.code != 0)
        fail_msg("%s", tls->result.err);
    expect_good_config(tls, "lobby-3/display.conf");
}

int main(void)
{
#define WITH_TLS(test)                                                         \
    cmocka_unit_test_setup_teardown(test, tls_open, tls_close)
    const struct CMUnitTest tests[] = {
        WITH_TLS(every_certificate_serves_its_one_purpose),
        WITH_TLS(secret_files_are_for_their_owner_alone),
        WITH_TLS(an_authority_lasts_ten_years_and_nothing_outlives_it),
        WITH_TLS(serial_numbers_are_random_and_positive),
        WITH_TLS(nothing_is_ever_overwritten),
        WITH_TLS(a_new_screen_is_written_into_the_inventory),
        WITH_TLS(wrong_words_are_told_and_make_nothing),
        WITH_TLS(only_public_keys_are_given_to_screens),
        WITH_TLS(an_authority_that_others_can_read_is_refused),
        WITH_TLS(what_a_screen_gets_passes_check_config),
        WITH_TLS(as_many_keys_and_groups_as_there_may_be_pass_too),
        WITH_TLS(the_whole_road_runs_on_what_was_provisioned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
