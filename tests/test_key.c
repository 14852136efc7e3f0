/* Keys: made, written, read again, and kept apart by what they may sign. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/key.h"

/* The example of RFC 8410 §10.1 and 10.3 (Ed25519), and a P-256 key. */
static const char rfc_public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";
static const char rfc_private[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
static const char foreign_public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEakADrBk4dRUz0SH9ExKx4hOykTdY\n"
    "rYACqzlKQE9FUDGylBYmgoOERiJyzMc2iKsf+r/vh2e2Axz6P2pMBcy0Pg==\n"
    "-----END PUBLIC KEY-----\n";

/* Under the pass-phrase «secret». */
static const char locked_private[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAivjQZdl3VV4AICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEKETOCQzY9th06UrhhGxQP8EQLbh\n"
    "a7J+CuZIkmM4VWGJDwTtFJdwNLni5KSSASxMNmnK9KDvwZzeYmDH9MAft1SS+6f6\n"
    "wf+//lrcuwm81nmOTRE=\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

static struct key *make_key(void)
{
    struct key *key = NULL;

    assert_true(key_generate(&key, NULL));
    return key;
}

static void a_key_is_read_as_it_was_written(void **state)
{
    struct key *key = make_key();
    struct key *private_half = NULL;
    struct key *public_half = NULL;
    char *private_pem = key_to_private_pem(key);
    char *public_pem = key_to_public_pem(key);
    unsigned char signature[KEY_SIGNATURE_BYTES];

    (void)state;
    assert_int_equal(strncmp(private_pem, "-----BEGIN PRIVATE KEY-----\n", 28),
                     0);
    assert_true(key_from_private_pem(private_pem, strlen(private_pem),
                                     &private_half, NULL));
    assert_true(key_from_public_pem(public_pem, strlen(public_pem),
                                    &public_half, NULL));
    assert_string_equal(key_id(private_half), key_id(key));
    assert_string_equal(key_id(public_half), key_id(key));
    assert_true(key_sign(private_half, "body", 4, signature));
    assert_true(
        key_verify(public_half, "body", 4, signature, sizeof signature));
    assert_false(
        key_verify(public_half, "bodY", 4, signature, sizeof signature));
    assert_false(key_verify(public_half, "body", 4, signature, 63));
    free(private_pem);
    free(public_pem);
    key_destroy(private_half);
    key_destroy(public_half);
    key_destroy(key);
}

static void the_id_is_the_hash_of_the_public_der(void **state)
{
    struct key *public_half = NULL;
    struct key *private_half = NULL;

    (void)state;
    assert_true(key_from_public_pem(rfc_public, strlen(rfc_public),
                                    &public_half, NULL));
    assert_true(key_from_private_pem(rfc_private, strlen(rfc_private),
                                     &private_half, NULL));
    /* openssl pkey -pubin -outform DER | sha256sum | cut -c 1-16 */
    assert_string_equal(key_id(public_half), "a1e9156054e04fac");
    assert_string_equal(key_id(private_half), "a1e9156054e04fac");
    key_destroy(public_half);
    key_destroy(private_half);
}

static void a_public_half_neither_signs_nor_tells_a_private_one(void **state)
{
    struct key *key = NULL;
    unsigned char signature[KEY_SIGNATURE_BYTES];

    (void)state;
    assert_true(
        key_from_public_pem(rfc_public, strlen(rfc_public), &key, NULL));
    assert_false(key_sign(key, "body", 4, signature));
    assert_null(key_to_private_pem(key));
    key_destroy(key);
}

static void what_is_no_ed25519_key_is_refused(void **state)
{
    static const struct {
        const char *pem;
        bool is_private;
        const char *expected;
    } cases[] = {
        {"", true, "private key in PEM"},
        {"nonsense", true, "private key in PEM"},
        {rfc_public, true, "private key in PEM"},
        {locked_private, true, "without a pass-phrase"},
        {rfc_private, false, "public key in PEM"},
        {foreign_public, false, "an Ed25519 key expected"},
        {"-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n", false,
         "public key in PEM"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct key *key = NULL;
        struct problem problem = {0};
        size_t bytes = strlen(cases[i].pem);
        assert_false(
            cases[i].is_private
                ? key_from_private_pem(cases[i].pem, bytes, &key, &problem)
                : key_from_public_pem(cases[i].pem, bytes, &key, &problem));
        assert_null(key);
        assert_int_equal(problem.code, PROBLEM_SYNTAX);
        assert_non_null(strstr(problem.expected, cases[i].expected));
    }
}

static void a_key_file_over_its_limit_is_refused(void **state)
{
    static char pem[LIMIT_KEY_PEM_BYTES + 1];
    struct key *key = NULL;
    struct problem problem = {0};

    (void)state;
    memset(pem, '\n', sizeof pem);
    memcpy(pem, rfc_public, strlen(rfc_public));
    assert_true(key_from_public_pem(pem, LIMIT_KEY_PEM_BYTES, &key, NULL));
    key_destroy(key);
    key = NULL;
    assert_false(
        key_from_public_pem(pem, LIMIT_KEY_PEM_BYTES + 1, &key, &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
}

static void a_ring_finds_keys_and_adds_up_their_roles(void **state)
{
    struct key_ring ring = {0};
    struct key *first = NULL;
    struct key *again = NULL;
    unsigned roles = 0;

    (void)state;
    assert_true(
        key_from_public_pem(rfc_public, strlen(rfc_public), &first, NULL));
    assert_true(
        key_from_public_pem(rfc_public, strlen(rfc_public), &again, NULL));
    assert_true(key_ring_add(&ring, first, KEY_ROLE_PANELS));
    assert_true(key_ring_add(&ring, make_key(), KEY_ROLE_ALERTS));
    assert_true(key_ring_add(&ring, again, KEY_ROLE_COMMANDS));
    assert_int_equal(ring.count, 2);
    assert_ptr_equal(key_ring_find(&ring, key_id(first), &roles), first);
    assert_int_equal(roles, KEY_ROLE_PANELS | KEY_ROLE_COMMANDS);
    assert_null(key_ring_find(&ring, "0123456789abcdef", &roles));
    assert_null(key_ring_find(&ring, "", NULL));
    key_ring_finish(&ring);
    assert_int_equal(ring.count, 0);
}

static void a_full_ring_leaves_the_key_to_the_caller(void **state)
{
    struct key_ring ring = {0};
    struct key *last = make_key();

    (void)state;
    for (size_t i = 0; i < KEY_RING_MAX; i++)
        assert_true(key_ring_add(&ring, make_key(), KEY_ROLE_PANELS));
    assert_false(key_ring_add(&ring, last, KEY_ROLE_PANELS));
    assert_int_equal(ring.count, KEY_RING_MAX);
    key_destroy(last);
    key_ring_finish(&ring);
    key_ring_finish(NULL);
    key_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_read_as_it_was_written),
        cmocka_unit_test(the_id_is_the_hash_of_the_public_der),
        cmocka_unit_test(a_public_half_neither_signs_nor_tells_a_private_one),
        cmocka_unit_test(what_is_no_ed25519_key_is_refused),
        cmocka_unit_test(a_key_file_over_its_limit_is_refused),
        cmocka_unit_test(a_ring_finds_keys_and_adds_up_their_roles),
        cmocka_unit_test(a_full_ring_leaves_the_key_to_the_caller),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
