/* Who may do what at a console on the network: addresses, accounts, passwords,
 * failures, logins, and what waits for a second person. */
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "publisher/console/approvals.h"
#include "publisher/console/attempts.h"

#define SALT "000102030405060708090a0b0c0d0e0f"
#define HASH "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define LINE(name, roles) name " " roles " 16384:8:1:" SALT ":" HASH "\n"

static void addresses_are_read_or_refused(void **state)
{
    static const struct {
        const char *text;
        bool good, loopback, any;
        const char *host;
    } cases[] = {
        {"127.0.0.1:0", true, true, false, "127.0.0.1"},
        {"127.8.9.1:8443", true, true, false, "127.8.9.1"},
        {"10.0.0.5:8443", true, false, false, "10.0.0.5"},
        {"0.0.0.0:65535", true, false, true, "0.0.0.0"},
        {"[::1]:8443", true, true, false, "[::1]"},
        {"[::]:8443", true, false, true, "[::]"},
        {"[2001:db8::5]:1", true, false, false, "[2001:db8::5]"},
        {"10.0.0.5", false, false, false, NULL},
        {"10.0.0.5:", false, false, false, NULL},
        {"10.0.0.5:65536", false, false, false, NULL},
        {"10.0.0.5:-1", false, false, false, NULL},
        {"10.0.0.5:1x", false, false, false, NULL},
        {"localhost:80", false, false, false, NULL},
        {"::1:80", false, false, false, NULL},
        {"[::1]80", false, false, false, NULL},
        {"[10.0.0.5]:80", false, false, false, NULL},
        {"", false, false, false, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct listen_address out = {.is_any = false};
        struct problem problem = {0};
        bool read = listen_address_parse(cases[i].text, &out, &problem);
        if (read != cases[i].good)
            fail_msg("'%s' is read: %d", cases[i].text, read);
        if (!read)
            continue;
        assert_int_equal(out.is_loopback, cases[i].loopback);
        assert_int_equal(out.is_any, cases[i].any);
        assert_string_equal(out.host, cases[i].host);
    }
}

/* One house has one IPv4 address, but very many of IPv6. */
static void a_network_of_ipv6_counts_as_one(void **state)
{
    char one[ADDRESS_BYTES], other[ADDRESS_BYTES];

    (void)state;
    address_network("2001:db8:1:2:aaaa::1", one);
    address_network("2001:db8:1:2:bbbb::9", other);
    assert_string_equal(one, other);
    address_network("2001:db8:1:3::1", other);
    assert_string_not_equal(one, other);
    address_network("10.0.0.5", one);
    assert_string_equal(one, "10.0.0.5");
    address_network("::ffff:10.0.0.5", one);
    address_network("::ffff:10.0.0.6", other);
    assert_string_not_equal(one, other);
}

static void accounts_are_read_or_refused_with_their_line(void **state)
{
    static const struct {
        const char *text;
        int line; /* of the mistake; 0: none */
    } cases[] = {
        {"", 0},
        {"# nobody\n\n", 0},
        {LINE("li", "alerts") LINE("wang", "panels,alerts"), 0},
        {"# li\r\n" LINE("li", "sees"), 0},
        {LINE("li", "alerts") LINE("li", "sees"), 2},
        {LINE("Li", "alerts"), 1},
        {LINE("../li", "alerts"), 1},
        {LINE("<b>", "alerts"), 1},
        {LINE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "alerts"), 1},
        {LINE("", "alerts"), 1},
        {LINE("li", "root"), 1},
        {LINE("li", "alerts,"), 1},
        {LINE("li", ""), 1},
        {"li\n", 1},
        {"li alerts\n", 1},
        {"li alerts \n", 1},
        {"li alerts 16384:8:1:" SALT ":00\n", 1},
        {"li alerts 16384:8:1:" SALT ":" HASH "0\n", 1},
        {"li alerts 16383:8:1:" SALT ":" HASH "\n", 1},
        {"li alerts 1:8:1:" SALT ":" HASH "\n", 1},
        {"li alerts 1048576:8:1:" SALT ":" HASH "\n", 1},
        {"li alerts 262144:16:1:" SALT ":" HASH "\n", 1},
        {"li alerts 16384:8:99:" SALT ":" HASH "\n", 1},
        {"li alerts -16384:8:1:" SALT ":" HASH "\n", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct accounts accounts = {.count = 7};
        struct problem problem = {0};
        bool read = accounts_parse(cases[i].text, &accounts, &problem);
        if (read != (cases[i].line == 0) || problem.line != cases[i].line)
            fail_msg("case %zu: read %d, line %d: %s", i, read, problem.line,
                     problem.expected);
        assert_true(read || accounts.count == 7);
    }
}

static void accounts_are_written_as_they_are_read(void **state)
{
    struct accounts accounts = {.count = 0}, again = {.count = 0};
    struct problem problem = {0};

    (void)state;
    assert_true(accounts_parse(LINE("wang", "alerts,panels") LINE("kan", "sees")
                                   LINE("li", "alerts"),
                               &accounts, &problem));
    char *text = accounts_print(&accounts);
    assert_non_null(text);
    assert_true(accounts_parse(text, &again, &problem));
    assert_int_equal(again.count, 3);
    assert_string_equal(again.items[0].name, "kan");
    assert_int_equal(again.items[0].roles, ROLE_SEES);
    assert_int_equal(accounts_find(&again, "li")->roles,
                     ROLE_SEES | ROLE_ALERTS);
    assert_int_equal(accounts_find(&again, "wang")->roles, ROLE_ALL);
    assert_memory_equal(&accounts.items[1].password, &again.items[1].password,
                        sizeof accounts.items[1].password);
    free(text);
}

static void there_are_no_more_accounts_than_that(void **state)
{
    struct accounts accounts = {.count = 0};
    struct account account = {.roles = ROLE_SEES};
    struct problem problem = {0};

    (void)state;
    for (int i = 0; i <= ACCOUNTS_MAX; i++) {
        snprintf(account.name, sizeof account.name, "n%d", i);
        assert_int_equal(accounts_put(&accounts, &account, &problem),
                         i < ACCOUNTS_MAX);
    }
    assert_int_equal(accounts.count, ACCOUNTS_MAX);
}

static void a_password_is_only_itself(void **state)
{
    struct password password, again;
    struct problem problem = {0};
    char text[PASSWORD_TEXT_BYTES];

    (void)state;
    assert_true(password_make("二七区的密码很长很长", &password, &problem));
    assert_true(password_make("二七区的密码很长很长", &again, &problem));
    assert_memory_not_equal(password.hash, again.hash, PASSWORD_HASH_BYTES);
    password_print(&password, text);
    assert_null(strstr(text, "二七"));
    assert_true(password_parse(text, &again));
    assert_true(password_is(&again, "二七区的密码很长很长"));
    assert_false(password_is(&again, "二七区的密码很长很"));
    assert_false(password_is(&again, ""));
}

static void a_failure_too_many_waits_longer_each_time(void **state)
{
    struct attempts *attempts = calloc(1, sizeof *attempts);
    int64_t now_ms = 1000;

    (void)state;
    assert_non_null(attempts);
    for (int i = 0; i < ATTEMPT_FREE_ACCOUNT; i++) {
        assert_int_equal(
            attempts_wait_ms(attempts, ATTEMPT_ACCOUNT, "li", now_ms), 0);
        attempts_fail(attempts, ATTEMPT_ACCOUNT, "li", true, now_ms);
    }
    assert_int_equal(attempts_wait_ms(attempts, ATTEMPT_ACCOUNT, "li", now_ms),
                     ATTEMPT_WAIT_MS);
    assert_int_equal(
        attempts_wait_ms(attempts, ATTEMPT_ACCOUNT, "wang", now_ms), 0);
    assert_true(attempts_tell_once(attempts, ATTEMPT_ACCOUNT, "li"));
    assert_false(attempts_tell_once(attempts, ATTEMPT_ACCOUNT, "li"));
    now_ms += ATTEMPT_WAIT_MS;
    assert_int_equal(attempts_wait_ms(attempts, ATTEMPT_ACCOUNT, "li", now_ms),
                     0);
    for (int i = 0; i < 40; i++)
        attempts_fail(attempts, ATTEMPT_ACCOUNT, "li", true, now_ms);
    assert_int_equal(attempts_wait_ms(attempts, ATTEMPT_ACCOUNT, "li", now_ms),
                     ATTEMPT_WAIT_ACCOUNT_MS);
    attempts_forgive(attempts, ATTEMPT_ACCOUNT, "li");
    assert_int_equal(attempts_wait_ms(attempts, ATTEMPT_ACCOUNT, "li", now_ms),
                     0);
    for (int i = 0; i < 40; i++)
        attempts_fail(attempts, ATTEMPT_ADDRESS, "10.0.0.9", false, now_ms);
    attempts_forgive(attempts, ATTEMPT_ADDRESS, "10.0.0.9");
    assert_int_equal(
        attempts_wait_ms(attempts, ATTEMPT_ADDRESS, "10.0.0.9", now_ms),
        ATTEMPT_WAIT_ADDRESS_MS);
    now_ms += ATTEMPT_MEMORY_MS;
    assert_int_equal(
        attempts_wait_ms(attempts, ATTEMPT_ADDRESS, "10.0.0.9", now_ms), 0);
    free(attempts);
}

/* Otherwise thousands of made-up names would set the counters of accounts back.
 */
static void made_up_names_do_not_drive_out_an_account(void **state)
{
    struct attempts *attempts = calloc(1, sizeof *attempts);
    char name[32];

    (void)state;
    assert_non_null(attempts);
    for (int i = 0; i < ATTEMPT_FREE_ACCOUNT; i++)
        attempts_fail(attempts, ATTEMPT_ACCOUNT, "li", true, 1000);
    for (int i = 0; i < 20 * ATTEMPT_KEYS_MAX; i++) {
        snprintf(name, sizeof name, "x%d", i / 10);
        attempts_fail(attempts, ATTEMPT_ACCOUNT, name, false, 1001);
    }
    assert_true(attempts_wait_ms(attempts, ATTEMPT_ACCOUNT, "li", 1002) > 0);
    free(attempts);
}

static size_t ended;

static void count_ended(void *context, const struct login *login)
{
    (void)context, (void)login;
    ended++;
}

static struct sessions *new_sessions(void)
{
    struct sessions *sessions = calloc(1, sizeof *sessions);

    assert_non_null(sessions);
    sessions->idle_ms = 30 * 60000;
    sessions->lasts_ms = SESSION_LASTS_MS;
    ended = 0;
    return sessions;
}

static struct account new_account(const char *name, unsigned roles)
{
    struct account account = {.roles = roles,
                              .password = {.n = 16384, .r = 8, .p = 1}};

    snprintf(account.name, sizeof account.name, "%s", name);
    return account;
}

static void a_login_ends_when_it_is_idle_and_when_it_is_old(void **state)
{
    struct sessions *sessions = new_sessions();
    struct account li = new_account("li", ROLE_ALL);
    struct login *login = sessions_open(sessions, &li, 0);
    char cookie[SESSION_SECRET_BYTES];

    (void)state;
    assert_non_null(login);
    snprintf(cookie, sizeof cookie, "%s", login->cookie);
    assert_non_null(sessions_find(sessions, cookie, sessions->idle_ms - 1));
    assert_null(sessions_find(sessions, cookie, sessions->idle_ms));
    for (int64_t now = 0; now < SESSION_LASTS_MS; now += 60000)
        login->used_ms = now;
    assert_non_null(sessions_find(sessions, cookie, SESSION_LASTS_MS - 1));
    assert_null(sessions_find(sessions, cookie, SESSION_LASTS_MS));
    sessions_review(sessions, NULL, SESSION_LASTS_MS, count_ended, NULL);
    assert_int_equal(ended, 1);
    assert_null(sessions_find(sessions, cookie, 1));
    free(sessions);
}

static void a_login_ends_with_its_account_and_its_password(void **state)
{
    struct sessions *sessions = new_sessions();
    struct accounts accounts = {.count = 0};
    struct account li = new_account("li", ROLE_ALL);
    struct account wang = new_account("wang", ROLE_ALL);
    struct problem problem = {0};
    char cookie[SESSION_SECRET_BYTES];

    (void)state;
    assert_true(accounts_put(&accounts, &li, &problem));
    assert_true(accounts_put(&accounts, &wang, &problem));
    struct login *login = sessions_open(sessions, &li, 0);
    snprintf(cookie, sizeof cookie, "%s",
             sessions_open(sessions, &wang, 0)->cookie);
    sessions_review(sessions, &accounts, 1, count_ended, NULL);
    assert_int_equal(ended, 0);
    li.roles = ROLE_SEES;
    assert_true(accounts_put(&accounts, &li, &problem));
    sessions_review(sessions, &accounts, 1, count_ended, NULL);
    assert_int_equal(ended, 0);
    assert_int_equal(login->roles, ROLE_SEES);
    li.password.hash[3] = 1;
    assert_true(accounts_put(&accounts, &li, &problem));
    sessions_review(sessions, &accounts, 1, count_ended, NULL);
    assert_int_equal(ended, 1);
    assert_non_null(sessions_find(sessions, cookie, 1));
    assert_true(accounts_remove(&accounts, "wang"));
    sessions_review(sessions, &accounts, 1, count_ended, NULL);
    assert_int_equal(ended, 2);
    assert_null(sessions_find(sessions, cookie, 1));
    free(sessions);
}

/* One person with many logins does not end those of others. */
static void many_logins_of_one_end_only_their_own(void **state)
{
    struct sessions *sessions = new_sessions();
    struct account li = new_account("li", ROLE_ALL);
    struct account wang = new_account("wang", ROLE_ALL);
    char cookie[SESSION_SECRET_BYTES];

    (void)state;
    snprintf(cookie, sizeof cookie, "%s",
             sessions_open(sessions, &wang, 0)->cookie);
    for (int i = 0; i < 2 * SESSIONS_MAX; i++)
        assert_non_null(sessions_open(sessions, &li, i + 1));
    assert_non_null(sessions_find(sessions, cookie, 100));
    free(sessions);
}

static size_t lapsed;

static void count_lapsed(void *context, const struct approval *approval)
{
    (void)context, (void)approval;
    lapsed++;
}

static const struct approval *ask(struct approvals *approvals, const char *who,
                                  int64_t now_ms)
{
    struct problem problem = {0};
    struct approval asked = {.draft = strdup("{\"a\":1}"),
                             .message = strdup("flood-1"),
                             .scope = strdup("all")};

    snprintf(asked.who, sizeof asked.who, "%s", who);
    return approvals_ask(approvals, &asked, now_ms, 0, &problem);
}

static void a_second_account_confirms_what_it_saw(void **state)
{
    struct approvals approvals = {.items = {{.id = ""}}};
    struct problem problem = {0};
    const struct approval *one = ask(&approvals, "li", 0);

    (void)state;
    assert_non_null(one);
    char digest[2 * APPROVAL_HASH_BYTES + 1];
    snprintf(digest, sizeof digest, "%s", one->digest);
    assert_false(
        approvals_confirm(&approvals, one->id, "li", digest, 1, &problem));
    assert_string_equal(problem.field, "who");
    digest[0] = digest[0] == 'a' ? 'b' : 'a';
    assert_false(
        approvals_confirm(&approvals, one->id, "wang", digest, 1, &problem));
    assert_string_equal(problem.field, "digest");
    assert_false(approvals_confirm(&approvals, "0000000000000000", "wang",
                                   one->digest, 1, &problem));
    assert_true(approvals_confirm(&approvals, one->id, "wang", one->digest, 1,
                                  &problem));
    assert_false(approvals_confirm(&approvals, one->id, "zhao", one->digest, 2,
                                   &problem));
    assert_false(
        approvals_decline(&approvals, one->id, "zhao", "", 2, &problem));
    approvals_finish(&approvals);
}

static void what_nobody_answers_lapses(void **state)
{
    struct approvals approvals = {.items = {{.id = ""}}};
    struct problem problem = {0};
    const struct approval *one = ask(&approvals, "li", 0);

    (void)state;
    lapsed = 0;
    assert_false(
        approvals_turn(&approvals, APPROVAL_LASTS_MS - 1, count_lapsed, NULL));
    /* Also before the turn that ends it. */
    assert_false(approvals_confirm(&approvals, one->id, "wang", one->digest,
                                   APPROVAL_LASTS_MS, &problem));
    assert_true(
        approvals_turn(&approvals, APPROVAL_LASTS_MS, count_lapsed, NULL));
    assert_int_equal(lapsed, 1);
    assert_int_equal(one->state, APPROVAL_LAPSED);
    assert_true(approvals_turn(
        &approvals, APPROVAL_LASTS_MS + APPROVAL_SHOWN_MS, count_lapsed, NULL));
    assert_string_equal(one->id, "");
    approvals_finish(&approvals);
}

static void only_so_many_wait(void **state)
{
    struct approvals approvals = {.items = {{.id = ""}}};
    struct problem problem = {0};
    const struct approval *first = ask(&approvals, "li", 0);

    (void)state;
    for (int i = 1; i < APPROVALS_MAX; i++)
        assert_non_null(ask(&approvals, "li", i));
    assert_null(ask(&approvals, "li", 50));
    assert_true(
        approvals_decline(&approvals, first->id, "li", "typo", 60, &problem));
    assert_non_null(ask(&approvals, "li", 70));
    json_t *list = approvals_json(&approvals, "li", 80);
    assert_int_equal(json_array_size(list), APPROVALS_MAX);
    assert_true(json_is_true(json_object_get(json_array_get(list, 0), "own")));
    json_decref(list);
    approvals_finish(&approvals);
}

static void a_file_that_others_may_read_is_refused(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct accounts accounts = {.count = 0};
    struct account li = new_account("li", ROLE_SEES | ROLE_ALERTS);
    struct problem problem = {0};
    char *file = folder_path(publisher->folder, "accounts");

    assert_true(accounts_put(&accounts, &li, &problem));
    assert_true(accounts_write(file, &accounts, &problem));
    PUBLISHER_RUN(publisher, "console", "account", "list", "--accounts", file);
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(strstr(publisher->result.out, "alerts"));
    assert_int_equal(chmod(file, 0640), 0);
    PUBLISHER_RUN(publisher, "console", "account", "list", "--accounts", file);
    publisher_expect(publisher, 1, "chmod 600");
    free(file);
}

static void accounts_are_read_again_when_they_change(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *path = folder_path(publisher->folder, "accounts");
    struct accounts_file *file = calloc(1, sizeof *file);
    struct accounts accounts = {.count = 0};
    struct account li = new_account("li", ROLE_SEES);
    struct problem problem = {0};

    assert_non_null(file);
    file->path = path;
    assert_false(accounts_file_refresh(file, &problem));
    assert_true(accounts_put(&accounts, &li, &problem));
    assert_true(accounts_write(path, &accounts, &problem));
    assert_true(accounts_file_refresh(file, &problem));
    assert_int_equal(file->accounts.count, 1);
    assert_true(accounts_remove(&accounts, "li"));
    assert_true(accounts_write(path, &accounts, &problem));
    assert_true(accounts_file_refresh(file, &problem));
    assert_int_equal(file->accounts.count, 0);
    assert_true(accounts_put(&accounts, &li, &problem));
    assert_true(accounts_write(path, &accounts, &problem));
    assert_true(accounts_file_refresh(file, &problem));
    /* A file that cannot be read lets nobody in. */
    assert_int_equal(chmod(path, 0644), 0);
    assert_false(accounts_file_refresh(file, &problem));
    assert_int_equal(file->accounts.count, 0);
    free(file);
    free(path);
}

static void names_and_roles_are_checked(void **state)
{
    struct publisher_fixture *publisher = *state;

    PUBLISHER_RUN(publisher, "console", "account", "add", "../x", "--role",
                  "sees");
    publisher_expect(publisher, 2, "lower-case");
    PUBLISHER_RUN(publisher, "console", "account", "add", "<b>", "--role",
                  "sees");
    publisher_expect(publisher, 2, "lower-case");
    PUBLISHER_RUN(publisher, "console", "account", "add", "li", "--role",
                  "root");
    publisher_expect(publisher, 2, "panels");
    PUBLISHER_RUN(publisher, "console", "account", "add", "li");
    publisher_expect(publisher, 2, "role");
    PUBLISHER_RUN(publisher, "console", "account", "add", "li", "--role",
                  "sees");
    publisher_expect(publisher, 1, "no password came");
    PUBLISHER_RUN(publisher, "console", "account", "remove", "li");
    publisher_expect(publisher, 1, "has no account");
}

/* Off this machine it is TLS and accounts, or nothing. */
static void the_network_needs_tls_and_accounts(void **state)
{
    static const char *const cases[][8] = {
        {"--listen", "0.0.0.0:0"},
        {"--listen", "[::]:0"},
        {"--listen", "192.0.2.1:8443"},
        {"--listen", "127.0.0.1:0", "--tls-cert", "/dev/null"},
        {"--listen", "localhost:8443"},
    };
    struct publisher_fixture *publisher = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PUBLISHER_SEND(publisher, "console", "--no-browser", cases[i][0],
                       cases[i][1], cases[i][2], cases[i][3]);
        publisher_expect(publisher, 2, "no console");
    }
}

int main(void)
{
#define WITH_PROGRAM(test)                                                     \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_or_refused),
        cmocka_unit_test(a_network_of_ipv6_counts_as_one),
        cmocka_unit_test(accounts_are_read_or_refused_with_their_line),
        cmocka_unit_test(accounts_are_written_as_they_are_read),
        cmocka_unit_test(there_are_no_more_accounts_than_that),
        cmocka_unit_test(a_password_is_only_itself),
        cmocka_unit_test(a_failure_too_many_waits_longer_each_time),
        cmocka_unit_test(made_up_names_do_not_drive_out_an_account),
        cmocka_unit_test(a_login_ends_when_it_is_idle_and_when_it_is_old),
        cmocka_unit_test(a_login_ends_with_its_account_and_its_password),
        cmocka_unit_test(many_logins_of_one_end_only_their_own),
        cmocka_unit_test(a_second_account_confirms_what_it_saw),
        cmocka_unit_test(what_nobody_answers_lapses),
        cmocka_unit_test(only_so_many_wait),
        WITH_PROGRAM(a_file_that_others_may_read_is_refused),
        WITH_PROGRAM(accounts_are_read_again_when_they_change),
        WITH_PROGRAM(names_and_roles_are_checked),
        WITH_PROGRAM(the_network_needs_tls_and_accounts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
