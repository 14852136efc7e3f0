/* Keys: made, written, read again, and kept apart by what they may sign. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

/* Made, like the signature in a_signature_of_another_program_holds, with
 * «openssl genpkey -algorithm SM2» and «openssl pkeyutl -sign -rawin -digest
 * sm3 -pkeyopt distid:1234567812345678». */
static const char sm2_public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE1RHUxn2PaAdWmWwg/bmjwZ/todaq\n"
    "+r93DG1d8TpTdtM6yBW9GkaOdO+U/ScjIGzHFE8yjUMYE+E6oJttZWUXGQ==\n"
    "-----END PUBLIC KEY-----\n";
static const char sm2_signed[] = "gaoshi1 3f3c2416a0ab0a78\n"
                                 "{\"kind\": \"示例\"}";
static const char sm2_signature[] =
    "c27fd561942a904a8b90e5e80ed2a732e457f42be623b19f8e229b6e111858b1"
    "af02a695a1524b4065e4aa15c72bc0197c0f913acb3ddece19968c79086fe661";

static struct key *make_key(void)
{
    struct key *key = NULL;

    assert_true(key_generate(KEY_ED25519, &key, NULL));
    return key;
}

static void a_key_is_read_as_it_was_written(void **state)
{
    struct key *key = make_key();
    struct key *private_half = NULL;
    struct key *public_half = NULL;
    char *private_pem = key_to_private_pem(key, NULL);
    char *public_pem = key_to_public_pem(key);
    unsigned char signature[KEY_SIGNATURE_BYTES];

    (void)state;
    assert_int_equal(strncmp(private_pem, "-----BEGIN PRIVATE KEY-----\n", 28),
                     0);
    assert_true(key_from_private_pem(private_pem, strlen(private_pem), NULL,
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

static void every_algorithm_signs_in_64_bytes(void **state)
{
    (void)state;
    for (int i = 0; i < KEY_ALGORITHM_COUNT; i++) {
        enum key_algorithm algorithm = (enum key_algorithm)i;
        enum key_algorithm parsed;
        struct key *key = NULL;
        unsigned char signature[KEY_SIGNATURE_BYTES];
        assert_true(
            key_algorithm_parse(key_algorithm_name(algorithm), &parsed));
        assert_int_equal(parsed, algorithm);
        assert_true(key_generate(algorithm, &key, NULL));
        assert_int_equal(key_algorithm_of(key), algorithm);
        /* A number with zeros in front is as long as any other. */
        for (int n = 0; n < 300; n++) {
            char text[16];
            int length = snprintf(text, sizeof text, "%d", n);
            assert_true(key_sign(key, text, (size_t)length, signature));
            assert_true(key_verify(key, text, (size_t)length, signature,
                                   sizeof signature));
            signature[n % KEY_SIGNATURE_BYTES] ^= 1;
            assert_false(key_verify(key, text, (size_t)length, signature,
                                    sizeof signature));
        }
        key_destroy(key);
    }
    enum key_algorithm none;
    assert_false(key_algorithm_parse("rsa", &none));
}

static void a_signature_of_another_program_holds(void **state)
{
    struct key *key = NULL;
    unsigned char signature[KEY_SIGNATURE_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof signature; i++)
        assert_int_equal(sscanf(sm2_signature + 2 * i, "%2hhx", &signature[i]),
                         1);
    assert_true(
        key_from_public_pem(sm2_public, strlen(sm2_public), &key, NULL));
    assert_int_equal(key_algorithm_of(key), KEY_SM2);
    assert_string_equal(key_id(key), "3f3c2416a0ab0a78");
    assert_true(key_verify(key, sm2_signed, strlen(sm2_signed), signature,
                           sizeof signature));
    assert_false(key_verify(key, sm2_signed, strlen(sm2_signed) - 1, signature,
                            sizeof signature));
    key_destroy(key);
}

static void a_locked_key_opens_with_its_pass_phrase_alone(void **state)
{
    static const struct {
        const char *pass_phrase, *expected;
    } wrong[] = {{NULL, "under a pass-phrase"},
                 {"secreT", "not that of this key"},
                 {"", "not that of this key"}};
    struct key *key = make_key();
    char *pem = key_to_private_pem(key, "北京 secret");
    struct key *again = NULL;

    (void)state;
    assert_true(key_pem_is_locked(pem, strlen(pem)));
    assert_true(key_pem_is_locked(locked_private, strlen(locked_private)));
    assert_false(key_pem_is_locked(rfc_private, strlen(rfc_private)));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct problem problem = {0};
        assert_false(key_from_private_pem(
            pem, strlen(pem), wrong[i].pass_phrase, &again, &problem));
        assert_int_equal(problem.code, PROBLEM_AUTHORITY);
        assert_non_null(strstr(problem.expected, wrong[i].expected));
    }
    assert_true(
        key_from_private_pem(pem, strlen(pem), "北京 secret", &again, NULL));
    assert_string_equal(key_id(again), key_id(key));
    key_destroy(again);
    assert_true(key_from_private_pem(locked_private, strlen(locked_private),
                                     "secret", &again, NULL));
    key_destroy(again);
    key_destroy(key);
    free(pem);
}

static void the_public_half_is_one_line_of_base64(void **state)
{
    static const char *const others[] = {
        "", "MCow",
        "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE",
        "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuF=",
        " MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="};
    struct key *key = NULL;
    struct key *again = NULL;

    (void)state;
    assert_true(
        key_from_public_pem(rfc_public, strlen(rfc_public), &key, NULL));
    char *text = key_to_public_base64(key);
    assert_non_null(strstr(rfc_public, text));
    assert_true(key_from_public_base64(text, &again, NULL));
    assert_string_equal(key_id(again), key_id(key));
    key_destroy(again);
    again = NULL;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(key_from_public_base64(others[i], &again, NULL));
        assert_null(again);
    }
    key_destroy(key);
    free(text);
}

static void the_id_is_the_hash_of_the_public_der(void **state)
{
    struct key *public_half = NULL;
    struct key *private_half = NULL;

    (void)state;
    assert_true(key_from_public_pem(rfc_public, strlen(rfc_public),
                                    &public_half, NULL));
    assert_true(key_from_private_pem(rfc_private, strlen(rfc_private), NULL,
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
    assert_null(key_to_private_pem(key, NULL));
    key_destroy(key);
}

static void what_is_no_signing_key_is_refused(void **state)
{
    static const struct {
        const char *pem;
        bool is_private;
        const char *expected;
    } cases[] = {
        {"", true, "private key in PEM"},
        {"nonsense", true, "private key in PEM"},
        {rfc_public, true, "private key in PEM"},
        {rfc_private, false, "public key in PEM"},
        {foreign_public, false, "an Ed25519 or SM2 key expected"},
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
                ? key_from_private_pem(cases[i].pem, bytes, NULL, &key,
                                       &problem)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_read_as_it_was_written),
        cmocka_unit_test(every_algorithm_signs_in_64_bytes),
        cmocka_unit_test(a_signature_of_another_program_holds),
        cmocka_unit_test(a_locked_key_opens_with_its_pass_phrase_alone),
        cmocka_unit_test(the_public_half_is_one_line_of_base64),
        cmocka_unit_test(the_id_is_the_hash_of_the_public_der),
        cmocka_unit_test(a_public_half_neither_signs_nor_tells_a_private_one),
        cmocka_unit_test(what_is_no_signing_key_is_refused),
        cmocka_unit_test(a_key_file_over_its_limit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
