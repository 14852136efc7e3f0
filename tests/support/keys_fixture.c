/* Keys, list and commands of a fixture. */
#include "tests/support/keys_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/support/folder.h"

void keys_fixture_expect(const struct keys_fixture *fixture, int code)
{
    if (fixture->publisher->result.code != code)
        fail_msg("exit %d, expected %d: %s", fixture->publisher->result.code,
                 code, fixture->publisher->result.err);
}

static bool make_pass_phrase(struct keys_fixture *fixture)
{
    fixture->phrase = folder_path(fixture->publisher->folder, "phrase");
    return folder_write(fixture->publisher->folder, "phrase",
                        "长江 secret\n") &&
           chmod(fixture->phrase, 0600) == 0;
}

static void make_keys(struct keys_fixture *fixture)
{
    struct publisher_fixture *publisher = fixture->publisher;

    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder,
                  "--name", "root", "--lock", "--pass-phrase-file",
                  fixture->phrase);
    keys_fixture_expect(fixture, 0);
    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder,
                  "--name", "duty", "--algorithm", "sm2");
    keys_fixture_expect(fixture, 0);
    assert_int_equal(
        sscanf(publisher->result.out, "key %16s", fixture->duty_id), 1);
}

int keys_fixture_open(void **state)
{
    struct keys_fixture *fixture = calloc(1, sizeof *fixture);
    void *publisher = NULL;

    if (!fixture || publisher_open(&publisher) != 0)
        return -1;
    fixture->publisher = publisher;
    fixture->root = folder_path(fixture->publisher->folder, "root.pem");
    fixture->root_public = folder_path(fixture->publisher->folder,
                                       "root.pub.pem");
    fixture->duty = folder_path(fixture->publisher->folder, "duty.pem");
    fixture->duty_public = folder_path(fixture->publisher->folder,
                                       "duty.pub.pem");
    fixture->list = folder_path(fixture->publisher->folder, "keys.gaoshi");
    fixture->store = folder_path(fixture->publisher->folder, "store.db");
    *state = fixture;
    if (!make_pass_phrase(fixture))
        return -1;
    make_keys(fixture);
    return 0;
}

int keys_fixture_close(void **state)
{
    struct keys_fixture *fixture = *state;
    void *publisher = fixture->publisher;
    char *const texts[] = {fixture->root,       fixture->root_public,
                           fixture->phrase,     fixture->list,
                           fixture->store,      fixture->duty,
                           fixture->duty_public};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    free(fixture);
    return publisher_close(&publisher);
}

void keys_fixture_grant(struct keys_fixture *fixture, const char *role)
{
    PUBLISHER_RUN(fixture->publisher, "keys", "grant", fixture->list,
                  fixture->duty_public, "--role", role, "--scope",
                  "area-410103", "--org", "erqi", "--root", fixture->root,
                  "--pass-phrase-file", fixture->phrase);
    keys_fixture_expect(fixture, 0);
}

void keys_fixture_publish(struct keys_fixture *fixture)
{
    PUBLISHER_RUN(fixture->publisher, "keys", "publish", fixture->list,
                  "--root", fixture->root_public, "--org", "erqi", "--broker",
                  broker_url(fixture->publisher->broker));
    keys_fixture_expect(fixture, 0);
}
