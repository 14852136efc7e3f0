/* The root key's machine has no network, and nobody sets its clock: what a
 * wrong one does to the list of keys, and how screens come to the next one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/screen.h"

enum { YEAR_S = 365 * 86400, IN_1970_S = -1790000000 };

struct vault {
    struct publisher_fixture *publisher;
    char *root, *root_public, *duty, *duty_public, *list, *clock;
};

static int open_vault(void **state)
{
    struct vault *vault = calloc(1, sizeof *vault);
    void *publisher = NULL;

    if (!vault || publisher_open(&publisher) != 0)
        return -1;
    vault->publisher = publisher;
    vault->root = folder_path(vault->publisher->folder, "root.pem");
    vault->root_public = folder_path(vault->publisher->folder, "root.pub.pem");
    vault->duty = folder_path(vault->publisher->folder, "gaoshi.pem");
    vault->duty_public = folder_path(vault->publisher->folder,
                                     "gaoshi.pub.pem");
    vault->list = folder_path(vault->publisher->folder, "keys.gaoshi");
    vault->clock = folder_path(vault->publisher->folder, "clock");
    *state = vault;
    setenv("GAOSHI_FAKED_CLOCK", vault->clock, 1);
    PUBLISHER_RUN(vault->publisher, "keys", "new", "--out",
                  vault->publisher->folder, "--name", "root");
    return vault->publisher->result.code;
}

static int close_vault(void **state)
{
    struct vault *vault = *state;
    void *publisher = vault->publisher;
    char *const texts[] = {vault->root, vault->root_public,
                           vault->duty, vault->duty_public,
                           vault->list, vault->clock};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    free(vault);
    return publisher_close(&publisher);
}

/* On the root's machine, whose clock stands so far beside the time. */
static void run_offline(struct vault *vault, int beside_s,
                        const char *const *words)
{
    struct publisher_fixture *publisher = vault->publisher;
    char text[32];

    snprintf(text, sizeof text, "%d 0", beside_s);
    assert_true(folder_write(publisher->folder, "clock", text));
    program_result_finish(&publisher->result);
    assert_true(program_run(&publisher->result, publisher->folder,
                            "gaoshi-publish-faked-clock", words));
}

static void grant(struct vault *vault, int beside_s)
{
    const char *const words[] = {
        "keys",   "grant",     vault->list, vault->duty_public,
        "--root", vault->root, "--org",     "erqi",
        "--role", "alerts",    NULL};

    run_offline(vault, beside_s, words);
}

static void revoke(struct vault *vault, int beside_s, const char *option)
{
    const char *const words[] = {
        "keys",   "revoke",    vault->list, vault->duty_public,
        "--root", vault->root, option,      NULL};

    run_offline(vault, beside_s, words);
}

static void publish(struct vault *vault)
{
    PUBLISHER_RUN(vault->publisher, "keys", "publish", vault->list, "--root",
                  vault->root_public, "--org", "erqi", "--broker",
                  broker_url(vault->publisher->broker));
    publisher_expect(vault->publisher, 0, "");
}

static struct screen *start_screen(const struct vault *vault)
{
    const struct screen_options options = {
        .folder = vault->publisher->folder,
        .broker = broker_url(vault->publisher->broker),
        .mode = "--headless",
        .size = "640x360",
        .extra = {"--root", vault->root_public, "--area", "410103001001"},
    };
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    return screen;
}

static void a_clock_before_the_release_signs_no_list(void **state)
{
    struct vault *vault = *state;

    grant(vault, IN_1970_S);
    publisher_expect(vault->publisher, 4, "this machine's clock stands at 19");
    grant(vault, 0);
    publisher_expect(vault->publisher, 0, "");
    char *before = folder_read(vault->publisher->folder, "keys.gaoshi");
    revoke(vault, IN_1970_S, "--clock-is-right");
    publisher_expect(vault->publisher, 4, "set it first");
    char *after = folder_read(vault->publisher->folder, "keys.gaoshi");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

/* A list of revoked certificates would have ended in 1980, and a broker lets
 * nobody in by one that has ended. */
static void a_clock_before_the_release_signs_no_certificate(void **state)
{
    struct vault *vault = *state;
    char *folder = folder_path(vault->publisher->folder, "ca");
    const char *const make[] = {"provision", "ca",   "--org", "erqi",
                                "--out",     folder, NULL};
    const char *const revoke_one[] = {"provision", "revoke", "lobby-1",
                                      "--ca",      folder,   NULL};

    run_offline(vault, IN_1970_S, make);
    publisher_expect(vault->publisher, 1, "set it first");
    run_offline(vault, 0, make);
    publisher_expect(vault->publisher, 0, "");
    run_offline(vault, IN_1970_S, revoke_one);
    publisher_expect(vault->publisher, 1, "set it first");
    free(folder);
}

static void
a_clock_behind_the_last_list_signs_none_unless_it_is_right(void **state)
{
    struct vault *vault = *state;

    grant(vault, YEAR_S);
    publisher_expect(vault->publisher, 0, "");
    revoke(vault, 0, NULL);
    publisher_expect(vault->publisher, 4, "give --clock-is-right");
    assert_non_null(strstr(vault->publisher->result.err, "was issued at 20"));
    revoke(vault, 0, "--clock-is-right");
    publisher_expect(vault->publisher, 0, "");
    /* The last list is of now: nothing has to be said again. */
    revoke(vault, 60, NULL);
    publisher_expect(vault->publisher, 0, "");
}

static void
a_screen_takes_the_revocation_that_follows_a_clock_a_year_ahead(void **state)
{
    struct vault *vault = *state;
    struct screen *screen = start_screen(vault);

    grant(vault, YEAR_S);
    publish(vault);
    PUBLISHER_SEND(vault->publisher, "alert", "raise", "--template", "flood",
                   "--level", "red", "--status", "exercise", "--sender",
                   "演练：应急值班室", "--id", "drill-1", "--scope",
                   "area-410103");
    publisher_expect(vault->publisher, 0, "");
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    revoke(vault, 0, "--clock-is-right");
    publish(vault);
    assert_true(screen_wait(screen, "ended", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
}

#define VAULT_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, open_vault, close_vault)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VAULT_TEST(a_clock_before_the_release_signs_no_list),
        VAULT_TEST(a_clock_before_the_release_signs_no_certificate),
        VAULT_TEST(a_clock_behind_the_last_list_signs_none_unless_it_is_right),
        VAULT_TEST(
            a_screen_takes_the_revocation_that_follows_a_clock_a_year_ahead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
