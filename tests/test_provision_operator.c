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
#include "tests/support/tls_fixture.h"

static const char panel[] =
    "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"water\",\"panel\":{"
    "\"template\":\"notice\",\"section\":\"general\",\"order\":1,"
    "\"title\":\"停水\",\"body\":\"今晚八点停水\"}}\n";

static void expect_done(const struct tls_fixture *tls)
{
    if (tls->result.code != 0)
        fail_msg("%s", tls->result.err);
}

static void fill_root(struct tls_fixture *tls)
{
    TLS_RUN(tls, "keys", "new", "--out", tls_path(tls, "root"), "--name",
            "root");
    TLS_RUN(tls, "keys", "new", "--out", tls_path(tls, "wang"));
    TLS_RUN(tls, "keys", "grant", tls_path(tls, "keys.gaoshi"),
            tls_path(tls, "wang/gaoshi.pub.pem"), "--root",
            tls_path(tls, "root/root.pem"), "--org", "erqi", "--role", "panels",
            "--scope", "area-410103");
    expect_done(tls);
}

/* As docs/operations.md has it: nothing but the configuration says whom the
 * operator speaks to, and by which root a list is checked. */
static void an_operator_needs_no_options_but_what_was_provisioned(void **state)
{
    struct tls_fixture *tls = *state;

    fill_root(tls);
    TLS_RUN(tls, "provision", "operator", "wang", "--scope", "area-410103",
            "--root", tls_path(tls, "root/root.pub.pem"), "--broker",
            broker_url(tls->broker), "--ca", tls_path(tls, "ca"), "--out",
            tls_path(tls, "wang"));
    expect_done(tls);
    TLS_RUN(tls, "keys", "publish", tls_path(tls, "keys.gaoshi"), "--dry-run",
            "--config", tls_path(tls, "wang/publish.conf"));
    expect_done(tls);
    assert_true(folder_write(tls->folder, "water.json", panel));
    TLS_RUN(tls, "panel", "push", tls_path(tls, "water.json"), "--dry-run",
            "--config", tls_path(tls, "wang/publish.conf"));
    expect_done(tls);
    assert_non_null(strstr(tls->result.out, "/down/area-410103/panel/water"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_operator_needs_no_options_but_what_was_provisioned, tls_open,
            tls_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
