/* Keys, list and commands of a town. */
#include "tests/support/keys_town.h"

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

void keys_town_expect(const struct keys_town *town, int code)
{
    if (town->desk->result.code != code)
        fail_msg("exit %d, expected %d: %s", town->desk->result.code, code,
                 town->desk->result.err);
}

static bool make_pass_phrase(struct keys_town *town)
{
    town->phrase = folder_path(town->desk->folder, "phrase");
    return folder_write(town->desk->folder, "phrase", "长江 secret\n") &&
           chmod(town->phrase, 0600) == 0;
}

static void make_keys(struct keys_town *town)
{
    struct desk *desk = town->desk;

    DESK_RUN(desk, "keys", "new", "--out", desk->folder, "--name", "root",
             "--lock", "--pass-phrase-file", town->phrase);
    keys_town_expect(town, 0);
    DESK_RUN(desk, "keys", "new", "--out", desk->folder, "--name", "duty",
             "--algorithm", "sm2");
    keys_town_expect(town, 0);
    assert_int_equal(sscanf(desk->result.out, "key %16s", town->duty_id), 1);
}

int keys_town_open(void **state)
{
    struct keys_town *town = calloc(1, sizeof *town);
    void *desk = NULL;

    if (!town || desk_open(&desk) != 0)
        return -1;
    town->desk = desk;
    town->root = folder_path(town->desk->folder, "root.pem");
    town->root_public = folder_path(town->desk->folder, "root.pub.pem");
    town->duty = folder_path(town->desk->folder, "duty.pem");
    town->duty_public = folder_path(town->desk->folder, "duty.pub.pem");
    town->list = folder_path(town->desk->folder, "keys.gaoshi");
    town->store = folder_path(town->desk->folder, "store.db");
    *state = town;
    if (!make_pass_phrase(town))
        return -1;
    make_keys(town);
    return 0;
}

int keys_town_close(void **state)
{
    struct keys_town *town = *state;
    void *desk = town->desk;
    char *const texts[] = {town->root,       town->root_public, town->phrase,
                           town->list,       town->store,       town->duty,
                           town->duty_public};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    free(town);
    return desk_close(&desk);
}

void keys_town_grant(struct keys_town *town, const char *role)
{
    DESK_RUN(town->desk, "keys", "grant", town->list, town->duty_public,
             "--role", role, "--scope", "area-410103", "--org", "erqi",
             "--root", town->root, "--pass-phrase-file", town->phrase);
    keys_town_expect(town, 0);
}

void keys_town_publish(struct keys_town *town)
{
    DESK_RUN(town->desk, "keys", "publish", town->list, "--root",
             town->root_public, "--org", "erqi", "--broker",
             broker_url(town->desk->broker));
    keys_town_expect(town, 0);
}
