/* Whom a screen believes: rings of keys, what a grant allows, key lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "protocol/key_list.h"

static const struct screen_identity bench = {
    .org = "erqi",
    .screen = "lobby-1",
    .area = "410103001002",
    .groups = {"halls"},
    .group_count = 1,
};

static struct key *make_key(void)
{
    struct key *key = NULL;

    assert_true(key_generate(KEY_ED25519, &key, NULL));
    return key;
}

static struct key *share(const struct key *key)
{
    struct key *again = NULL;

    assert_true(key_share(key, &again));
    assert_string_equal(key_id(again), key_id(key));
    return again;
}

static void a_ring_finds_keys_and_adds_up_their_roles(void **state)
{
    struct key_ring ring = {0};
    struct key *first = make_key();
    const struct key_grant *grant = NULL;

    (void)state;
    struct key *again = share(first);
    assert_true(key_ring_add(&ring, first, KEY_ROLE_PANELS));
    assert_true(key_ring_add(&ring, make_key(), KEY_ROLE_ALERTS));
    assert_true(key_ring_add(&ring, again, KEY_ROLE_COMMANDS));
    assert_int_equal(ring.count, 2);
    assert_ptr_equal(key_ring_find(&ring, key_id(first), &grant), first);
    assert_int_equal(grant->roles, KEY_ROLE_PANELS | KEY_ROLE_COMMANDS);
    assert_null(key_ring_find(&ring, "0123456789abcdef", &grant));
    assert_null(key_ring_find(&ring, "", NULL));
    key_ring_finish(&ring);
    assert_int_equal(ring.count, 0);
}

static void a_full_ring_leaves_the_key_to_the_caller(void **state)
{
    struct key_ring ring = {0};
    const struct key_grant grant = key_grant_of(KEY_ROLE_PANELS);
    struct key *last = make_key();

    (void)state;
    for (size_t i = 0; i < KEY_RING_MAX; i++)
        assert_true(key_ring_add(&ring, make_key(), KEY_ROLE_PANELS));
    assert_false(key_ring_add(&ring, last, KEY_ROLE_PANELS));
    assert_false(key_ring_put(&ring, last, &grant));
    assert_int_equal(ring.count, KEY_RING_MAX);
    key_destroy(last);
    key_ring_finish(&ring);
    key_ring_finish(NULL);
    key_destroy(NULL);
}

static void a_copy_of_a_ring_lives_on_its_own(void **state)
{
    struct key_ring ring = {0};
    struct key_ring copy = {0};
    const struct key_grant *grant = NULL;
    char id[LIMIT_KEY_ID_BYTES + 1];

    (void)state;
    assert_true(key_ring_add(&ring, make_key(), KEY_ROLE_ALERTS));
    strcpy(id, key_id(ring.entries[0].key));
    assert_true(key_ring_copy(&ring, &copy));
    key_ring_finish(&ring);
    assert_non_null(key_ring_find(&copy, id, &grant));
    assert_int_equal(grant->roles, KEY_ROLE_ALERTS);
    key_ring_finish(&copy);
}

static void a_grant_allows_its_role_scope_and_time_alone(void **state)
{
    static const struct {
        const char *granted; /* NULL: everywhere */
        const char *scope;
        unsigned role;
        int64_t issued_ms;
        const char *refused; /* NULL: allowed */
    } cases[] = {
        {NULL, "all", KEY_ROLE_ALERTS, 150, NULL},
        {NULL, "all", KEY_ROLE_PANELS, 150, "role"},
        {NULL, "all", KEY_ROLE_ROOT, 150, "role"},
        {NULL, "all", KEY_ROLE_ALERTS, 100, NULL},
        {NULL, "all", KEY_ROLE_ALERTS, 99, "before"},
        {NULL, "all", KEY_ROLE_ALERTS, 200, NULL},
        {NULL, "all", KEY_ROLE_ALERTS, 201, "after"},
        {"area-410103", "area-410103", KEY_ROLE_ALERTS, 150, NULL},
        {"area-410103", "area-410103001", KEY_ROLE_ALERTS, 150, NULL},
        {"area-410103", "area-4101", KEY_ROLE_ALERTS, 150, "scope"},
        {"area-410103", "all", KEY_ROLE_ALERTS, 150, "scope"},
        {"area-410103", "area-410102", KEY_ROLE_ALERTS, 150, "scope"},
        /* This screen lies there. */
        {"area-410103", "screen-lobby-1", KEY_ROLE_ALERTS, 150, NULL},
        {"area-410103", "group-halls", KEY_ROLE_ALERTS, 150, NULL},
        {"area-410102", "screen-lobby-1", KEY_ROLE_ALERTS, 150, "scope"},
        {"area-410102", "group-halls", KEY_ROLE_ALERTS, 150, "scope"},
        {"group-halls", "group-halls", KEY_ROLE_ALERTS, 150, NULL},
        {"group-halls", "area-410103", KEY_ROLE_ALERTS, 150, "scope"},
        {"screen-lobby-1", "screen-lobby-1", KEY_ROLE_ALERTS, 150, NULL},
        {"screen-lobby-2", "screen-lobby-1", KEY_ROLE_ALERTS, 150, "scope"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct key_grant grant = key_grant_of(KEY_ROLE_ALERTS);
        struct problem problem = {0};
        grant.from_ms = 100;
        grant.until_ms = 200;
        if (cases[i].granted)
            strcpy(grant.scopes[grant.scope_count++], cases[i].granted);
        bool allowed = key_grant_allows(&grant, cases[i].role, cases[i].scope,
                                        cases[i].issued_ms, &bench, &problem);
        if (allowed != !cases[i].refused)
            fail_msg("case %zu: %s", i, problem.expected);
        if (allowed)
            continue;
        assert_int_equal(problem.code, PROBLEM_AUTHORITY);
        assert_non_null(strstr(problem.expected, cases[i].refused));
    }
}

static void a_revoked_key_may_say_nothing(void **state)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_ALERTS);

    (void)state;
    grant.revoked_ms = 1000;
    assert_false(
        key_grant_allows(&grant, KEY_ROLE_ALERTS, "all", 5, &bench, NULL));
}

/* What key_list_write_entry makes of a key and grant, read again. */
static void read_list(struct key_list *out, const struct key *key,
                      const struct key_grant *grant)
{
    json_t *object = json_pack("{s:[o]}", "entries",
                               key_list_write_entry(key, "值班室", grant));

    assert_true(key_list_read(object, out, NULL, NULL));
    assert_int_equal(out->count, 1);
    assert_string_equal(out->entries[0].name, "值班室");
    assert_memory_equal(&out->entries[0].grant, grant, sizeof *grant);
    json_decref(object);
}

static void a_list_is_read_as_it_was_written(void **state)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_PANELS | KEY_ROLE_COMMANDS);

    (void)state;
    strcpy(grant.scopes[0], "area-410103");
    strcpy(grant.scopes[1], "group-halls");
    grant.scope_count = 2;
    grant.from_ms = 1000;
    grant.until_ms = 4102444800000;
    for (int algorithm = 0; algorithm < KEY_ALGORITHM_COUNT; algorithm++) {
        struct key_list list = {.count = 0};
        struct key *key = NULL;
        assert_true(key_generate((enum key_algorithm)algorithm, &key, NULL));
        read_list(&list, key, &grant);
        assert_string_equal(key_id(list.entries[0].key), key_id(key));
        key_destroy(key);
        key_list_finish(&list);
    }
    key_list_finish(NULL);
}

static void
a_list_says_more_than_the_configuration_but_not_of_the_root(void **state)
{
    struct key_ring ring = {0};
    struct key *key = make_key();
    struct key *root = make_key();
    const struct key_grant *found = NULL;
    struct key_grant revoked = key_grant_of(KEY_ROLE_ALERTS);
    const struct key *const named[] = {key, root};

    (void)state;
    revoked.revoked_ms = 1000;
    assert_true(key_ring_add(&ring, share(key), KEY_ROLE_PANELS));
    assert_true(key_ring_add(&ring, share(root), KEY_ROLE_ROOT));
    for (size_t i = 0; i < 2; i++) {
        struct key_list list = {.count = 0};
        read_list(&list, named[i], &revoked);
        assert_true(key_list_apply(&list, &ring, NULL));
        key_list_finish(&list);
    }
    assert_non_null(key_ring_find(&ring, key_id(key), &found));
    assert_int_equal(found->roles, KEY_ROLE_ALERTS);
    assert_int_equal(found->revoked_ms, 1000);
    assert_non_null(key_ring_find(&ring, key_id(root), &found));
    assert_int_equal(found->roles, KEY_ROLE_ROOT);
    assert_int_equal(found->revoked_ms, TIMESTAMP_NONE);
    key_ring_finish(&ring);
    key_destroy(key);
    key_destroy(root);
}

static void roles_are_told_by_name(void **state)
{
    char text[64];

    (void)state;
    assert_int_equal(key_role_parse("alerts"), KEY_ROLE_ALERTS);
    assert_int_equal(key_role_parse("root"), 0);
    key_roles_format(KEY_ROLE_PANELS | KEY_ROLE_COMMANDS, ", ", text,
                     sizeof text);
    assert_string_equal(text, "panels, commands");
    key_roles_format(0, ", ", text, sizeof text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_finds_keys_and_adds_up_their_roles),
        cmocka_unit_test(a_full_ring_leaves_the_key_to_the_caller),
        cmocka_unit_test(a_copy_of_a_ring_lives_on_its_own),
        cmocka_unit_test(a_grant_allows_its_role_scope_and_time_alone),
        cmocka_unit_test(a_revoked_key_may_say_nothing),
        cmocka_unit_test(a_list_is_read_as_it_was_written),
        cmocka_unit_test(
            a_list_says_more_than_the_configuration_but_not_of_the_root),
        cmocka_unit_test(roles_are_told_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
