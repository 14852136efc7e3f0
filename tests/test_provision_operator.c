/* What an operator is given to work with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/folder.h"
#include "tests/support/town.h"

static const char panel[] =
    "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"water\",\"panel\":{"
    "\"template\":\"notice\",\"section\":\"general\",\"order\":1,"
    "\"title\":\"停水\",\"body\":\"今晚八点停水\"}}\n";

static void expect_done(const struct town *town)
{
    if (town->result.code != 0)
        fail_msg("%s", town->result.err);
}

static void fill_root(struct town *town)
{
    TOWN_RUN(town, "keys", "new", "--out", town_path(town, "root"), "--name",
             "root");
    TOWN_RUN(town, "keys", "new", "--out", town_path(town, "wang"));
    TOWN_RUN(town, "keys", "grant", town_path(town, "keys.gaoshi"),
             town_path(town, "wang/gaoshi.pub.pem"), "--root",
             town_path(town, "root/root.pem"), "--org", "erqi", "--role",
             "panels", "--scope", "area-410103");
    expect_done(town);
}

/* As docs/operations.md has it: nothing but the configuration says whom the
 * operator speaks to, and by which root a list is checked. */
static void an_operator_needs_no_options_but_what_was_provisioned(void **state)
{
    struct town *town = *state;

    fill_root(town);
    TOWN_RUN(town, "provision", "operator", "wang", "--scope", "area-410103",
             "--root", town_path(town, "root/root.pub.pem"), "--broker",
             broker_url(town->broker), "--ca", town_path(town, "ca"), "--out",
             town_path(town, "wang"));
    expect_done(town);
    TOWN_RUN(town, "keys", "publish", town_path(town, "keys.gaoshi"),
             "--dry-run", "--config", town_path(town, "wang/publish.conf"));
    expect_done(town);
    assert_true(folder_write(town->folder, "water.json", panel));
    TOWN_RUN(town, "panel", "push", town_path(town, "water.json"), "--dry-run",
             "--config", town_path(town, "wang/publish.conf"));
    expect_done(town);
    assert_non_null(strstr(town->result.out, "/down/area-410103/panel/water"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_operator_needs_no_options_but_what_was_provisioned, town_open,
            town_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
