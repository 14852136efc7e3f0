/* Builds a fixture as docs/operations.md says, with paths of the test's own. */
#include "tests/support/tls_fixture.h"

#include "source_dir.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char packaging[] = GAOSHI_SOURCE_DIR "/packaging/mosquitto";

/* What Debian's mosquitto.conf says, in a folder of ours. */
static const char debian_config[] = "persistence true\n"
                                    "persistence_location @FOLDER@/\n"
                                    "log_dest file @FOLDER@/mosquitto.log\n";

const char *tls_path(const struct tls_fixture *tls, const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", tls->folder, name);
    return path;
}

void tls_run_words(struct tls_fixture *tls, const char *const *words)
{
    program_result_finish(&tls->result);
    assert_true(
        program_run(&tls->result, tls->folder, "gaoshi-publish", words));
}

/* Frees the text; exactly one place is expected. */
static char *replace(char *text, const char *what, const char *by)
{
    char *found = strstr(text, what);
    char *out = NULL;

    assert_non_null(found);
    assert_true(asprintf(&out, "%.*s%s%s", (int)(found - text), text, by,
                         found + strlen(what)) > 0);
    free(text);
    return out;
}

/* The shipped configuration; what differs is where its files lie, and that a
 * test listens on loopback alone. */
static char *read_config(const struct tls_fixture *tls)
{
    static const char place[] = "/etc/mosquitto/gaoshi/";
    char *shipped = folder_read(packaging, "gaoshi.conf");
    char *text = NULL;

    assert_non_null(shipped);
    shipped = replace(shipped, "listener 8883\n",
                      "listener @PORT@ 127.0.0.1\n");
    shipped = replace(shipped, "listener 8884\n",
                      "listener @PORT2@ 127.0.0.1\n");
    while (strstr(shipped, place))
        shipped = replace(shipped, place, tls_path(tls, "broker/"));
    assert_true(asprintf(&text, "%s%s", debian_config, shipped) > 0);
    free(shipped);
    return text;
}

/* The broker's rules with those of the operator behind them. */
static void write_rules(const struct tls_fixture *tls)
{
    char *made = folder_read(tls->folder, "broker/operators.acl");
    char *operator= folder_read(tls->folder, "li/broker.acl");
    char *text = NULL;

    assert_non_null(made);
    assert_non_null(operator);
    assert_true(asprintf(&text, "%s%s", made, operator) > 0);
    assert_true(folder_write(tls->folder, "broker/operators.acl", text));
    free(text);
    free(operator);
    free(made);
}

static void start_broker(struct tls_fixture *tls)
{
    char *config = read_config(tls);
    const struct broker_options options = {.config = config};

    write_rules(tls);
    tls->broker = broker_start(&options);
    free(config);
    assert_non_null(tls->broker);
}

/* The ports are not known before the broker runs, so files name others. */
static void point_to_broker(const struct tls_fixture *tls, const char *file,
                            const char *named, const char *url)
{
    char *text = folder_read(tls->folder, file);

    assert_non_null(text);
    text = replace(text, named, url);
    assert_true(folder_write(tls->folder, file, text));
    free(text);
}

static void add_screen(struct tls_fixture *tls, const char *id)
{
    TLS_RUN(tls, "provision", "screen", id, "--area", "410103001001", "--group",
            "halls", "--broker", "mqtts://localhost:8883", "--ca",
            tls_path(tls, "ca"), "--trust",
            tls_path(tls, "signing/gaoshi.pub.pem"), "--out",
            tls_path(tls, id));
    if (tls->result.code != 0)
        fail_msg("%s", tls->result.err);
}

int tls_open(void **state)
{
    struct tls_fixture *tls = calloc(1, sizeof *tls);

    if (!tls)
        return -1;
    *state = tls;
    tls->folder = folder_make();
    TLS_RUN(tls, "keys", "new", "--out", tls_path(tls, "signing"));
    TLS_RUN(tls, "provision", "ca", "--org", "erqi", "--out",
            tls_path(tls, "ca"));
    assert_int_equal(tls->result.code, 0);
    TLS_RUN(tls, "provision", "broker", "localhost", "--ca",
            tls_path(tls, "ca"), "--out", tls_path(tls, "broker"));
    assert_int_equal(tls->result.code, 0);
    add_screen(tls, "lobby-1");
    add_screen(tls, "lobby-2");
    TLS_RUN(tls, "provision", "operator", "li", "--broker",
            "mqtts://localhost:8884", "--ca", tls_path(tls, "ca"), "--out",
            tls_path(tls, "li"));
    assert_int_equal(tls->result.code, 0);
    start_broker(tls);
    point_to_broker(tls, "lobby-1/display.conf", "mqtts://localhost:8883",
                    broker_url(tls->broker));
    point_to_broker(tls, "li/publish.conf", "mqtts://localhost:8884",
                    broker_second_url(tls->broker));
    return 0;
}

int tls_close(void **state)
{
    struct tls_fixture *tls = *state;

    program_result_finish(&tls->result);
    broker_destroy(tls->broker);
    folder_remove(tls->folder);
    free(tls->folder);
    free(tls);
    return 0;
}

struct peer *tls_peer(struct tls_fixture *tls, const char *name,
                      const char *stem)
{
    char client_id[64];

    snprintf(client_id, sizeof client_id, "gaoshi-%s", name);
    return tls_peer_at(tls,
                       strcmp(stem, "operator") == 0
                           ? broker_second_url(tls->broker)
                           : broker_url(tls->broker),
                       client_id, name, stem);
}

struct link_options tls_link_options(struct tls_fixture *tls, const char *url,
                                     const char *client_id, const char *name,
                                     const char *stem)
{
    struct link_options options = peer_options(url, client_id);
    char path[128];

    options.ca_file = tls_path(tls, "ca/ca.pem");
    snprintf(path, sizeof path, "%s/%s.pem", name, stem);
    options.cert_file = tls_path(tls, path);
    snprintf(path, sizeof path, "%s/%s.key", name, stem);
    options.key_file = tls_path(tls, path);
    return options;
}

struct peer *tls_peer_at(struct tls_fixture *tls, const char *url,
                         const char *client_id, const char *name,
                         const char *stem)
{
    struct link_options options = tls_link_options(tls, url, client_id, name,
                                                   stem);
    struct peer *peer = peer_create(&options);
    assert_non_null(peer);
    return peer;
}
