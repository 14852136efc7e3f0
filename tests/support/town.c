/* Builds a town as docs/operations.md says, with paths of the test's own. */
#include "tests/support/town.h"

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

const char *town_path(const struct town *town, const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", town->folder, name);
    return path;
}

void town_run_words(struct town *town, const char *const *words)
{
    program_result_finish(&town->result);
    assert_true(
        program_run(&town->result, town->folder, "gaoshi-publish", words));
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
static char *read_config(const struct town *town)
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
        shipped = replace(shipped, place, town_path(town, "broker/"));
    assert_true(asprintf(&text, "%s%s", debian_config, shipped) > 0);
    free(shipped);
    return text;
}

/* The broker's rules with those of the operator behind them. */
static void write_rules(const struct town *town)
{
    char *made = folder_read(town->folder, "broker/operators.acl");
    char *operator= folder_read(town->folder, "li/broker.acl");
    char *text = NULL;

    assert_non_null(made);
    assert_non_null(operator);
    assert_true(asprintf(&text, "%s%s", made, operator) > 0);
    assert_true(folder_write(town->folder, "broker/operators.acl", text));
    free(text);
    free(operator);
    free(made);
}

static void start_broker(struct town *town)
{
    char *config = read_config(town);
    const struct broker_options options = {.config = config};

    write_rules(town);
    town->broker = broker_start(&options);
    free(config);
    assert_non_null(town->broker);
}

/* The ports are not known before the broker runs, so files name others. */
static void point_to_broker(const struct town *town, const char *file,
                            const char *named, const char *url)
{
    char *text = folder_read(town->folder, file);

    assert_non_null(text);
    text = replace(text, named, url);
    assert_true(folder_write(town->folder, file, text));
    free(text);
}

static void add_screen(struct town *town, const char *id)
{
    TOWN_RUN(town, "provision", "screen", id, "--area", "410103001001",
             "--group", "halls", "--broker", "mqtts://localhost:8883", "--ca",
             town_path(town, "ca"), "--trust",
             town_path(town, "signing/gaoshi.pub.pem"), "--out",
             town_path(town, id));
    if (town->result.code != 0)
        fail_msg("%s", town->result.err);
}

int town_open(void **state)
{
    struct town *town = calloc(1, sizeof *town);

    if (!town)
        return -1;
    *state = town;
    town->folder = folder_make();
    TOWN_RUN(town, "keys", "new", "--out", town_path(town, "signing"));
    TOWN_RUN(town, "provision", "ca", "--org", "erqi", "--out",
             town_path(town, "ca"));
    assert_int_equal(town->result.code, 0);
    TOWN_RUN(town, "provision", "broker", "localhost", "--ca",
             town_path(town, "ca"), "--out", town_path(town, "broker"));
    assert_int_equal(town->result.code, 0);
    add_screen(town, "lobby-1");
    add_screen(town, "lobby-2");
    TOWN_RUN(town, "provision", "operator", "li", "--broker",
             "mqtts://localhost:8884", "--ca", town_path(town, "ca"), "--out",
             town_path(town, "li"));
    assert_int_equal(town->result.code, 0);
    start_broker(town);
    point_to_broker(town, "lobby-1/display.conf", "mqtts://localhost:8883",
                    broker_url(town->broker));
    point_to_broker(town, "li/publish.conf", "mqtts://localhost:8884",
                    broker_second_url(town->broker));
    return 0;
}

int town_close(void **state)
{
    struct town *town = *state;

    program_result_finish(&town->result);
    broker_destroy(town->broker);
    folder_remove(town->folder);
    free(town->folder);
    free(town);
    return 0;
}

struct peer *town_peer(struct town *town, const char *name, const char *stem)
{
    char client_id[64];

    snprintf(client_id, sizeof client_id, "gaoshi-%s", name);
    return town_peer_at(town,
                        strcmp(stem, "operator") == 0
                            ? broker_second_url(town->broker)
                            : broker_url(town->broker),
                        client_id, name, stem);
}

struct link_options town_link_options(struct town *town, const char *url,
                                      const char *client_id, const char *name,
                                      const char *stem)
{
    struct link_options options = peer_options(url, client_id);
    char path[128];

    options.ca_file = town_path(town, "ca/ca.pem");
    snprintf(path, sizeof path, "%s/%s.pem", name, stem);
    options.cert_file = town_path(town, path);
    snprintf(path, sizeof path, "%s/%s.key", name, stem);
    options.key_file = town_path(town, path);
    return options;
}

struct peer *town_peer_at(struct town *town, const char *url,
                          const char *client_id, const char *name,
                          const char *stem)
{
    struct link_options options = town_link_options(town, url, client_id, name,
                                                    stem);
    struct peer *peer = peer_create(&options);
    assert_non_null(peer);
    return peer;
}
