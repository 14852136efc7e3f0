/* Only what a known key signed is opened, to the last bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/envelope.h"

enum { LINE_BYTES = ENVELOPE_LINE_BYTES };

static const char body[] = "{\"gaoshi\": 1, \"title\": \"二七\"}";

struct fixture {
    struct key *key; /* owned by the ring */
    struct key_ring ring;
    char *payload;
    size_t bytes;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    assert_non_null(fixture);
    assert_true(key_generate(KEY_ED25519, &fixture->key, NULL));
    assert_true(key_ring_add(&fixture->ring, fixture->key, KEY_ROLE_ALERTS));
    assert_true(envelope_seal(fixture->key, body, strlen(body),
                              &fixture->payload, &fixture->bytes, NULL));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    free(fixture->payload);
    key_ring_finish(&fixture->ring);
    free(fixture);
    return 0;
}

static void a_sealed_body_opens_with_the_roles_of_its_key(void **state)
{
    struct fixture *fixture = *state;
    struct envelope envelope;

    assert_true(envelope_open(&fixture->ring, fixture->payload, fixture->bytes,
                              &envelope, NULL));
    assert_string_equal(envelope.key_id, key_id(fixture->key));
    assert_int_equal(envelope.grant->roles, KEY_ROLE_ALERTS);
    assert_int_equal(envelope.body_bytes, strlen(body));
    assert_memory_equal(envelope.body, body, strlen(body));
    assert_ptr_equal(envelope.body, fixture->payload + LINE_BYTES);
}

static void a_body_is_sealed_as_other_programs_seal_it(void **state)
{
    /* Made with the key of RFC 8410 and «openssl pkeyutl -sign -rawin». */
    static const char pem[] =
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
        "-----END PRIVATE KEY-----\n";
    static const char expected[] =
        "gaoshi1 a1e9156054e04fac OGEc0_c-d48XxERKz_M-UxbnsImQEE9lycWAeyllggr1"
        "NEWfsdB2_bNlwZkSOWIFk7g6SRMJJaB2AsTmYL-pCg\n{\"kind\": \"示例\"}";
    static const char small[] = "{\"kind\": \"示例\"}";
    struct key *key = NULL;
    char *payload = NULL;
    size_t bytes = 0;

    (void)state;
    assert_true(key_from_private_pem(pem, strlen(pem), NULL, &key, NULL));
    assert_true(
        envelope_seal(key, small, strlen(small), &payload, &bytes, NULL));
    assert_int_equal(bytes, strlen(expected));
    assert_memory_equal(payload, expected, bytes);
    free(payload);
    key_destroy(key);
}

static void every_changed_bit_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct envelope envelope = {.body_bytes = 77};

    for (size_t bit = 0; bit < fixture->bytes * 8; bit++) {
        struct problem problem = {0};
        char mask = (char)(1 << (bit % 8));
        fixture->payload[bit / 8] ^= mask;
        assert_false(envelope_open(&fixture->ring, fixture->payload,
                                   fixture->bytes, &envelope, &problem));
        assert_true(problem.code == PROBLEM_SIGNATURE ||
                    problem.code == PROBLEM_SYNTAX);
        fixture->payload[bit / 8] ^= mask;
    }
    assert_int_equal(envelope.body_bytes, 77);
}

static void every_shorter_or_longer_payload_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct envelope envelope;

    for (size_t bytes = 0; bytes < fixture->bytes; bytes++) {
        /* A copy of exactly that size, so that a read behind it is seen. */
        char *part = malloc(bytes + 1);
        assert_non_null(part);
        memcpy(part, fixture->payload, bytes);
        part = realloc(part, bytes ? bytes : 1);
        struct problem problem = {0};
        assert_false(
            envelope_open(&fixture->ring, part, bytes, &envelope, &problem));
        assert_int_equal(problem.code, bytes < LINE_BYTES ? PROBLEM_SYNTAX
                                                          : PROBLEM_SIGNATURE);
        free(part);
    }
    char *longer = calloc(1, fixture->bytes + 1);
    memcpy(longer, fixture->payload, fixture->bytes);
    assert_false(envelope_open(&fixture->ring, longer, fixture->bytes + 1,
                               &envelope, NULL));
    free(longer);
}

static void a_key_that_is_not_in_the_ring_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct key_ring empty = {0};
    struct envelope envelope;
    struct problem problem = {0};

    assert_false(envelope_open(&empty, fixture->payload, fixture->bytes,
                               &envelope, &problem));
    assert_int_equal(problem.code, PROBLEM_SIGNATURE);
    assert_non_null(strstr(problem.expected, key_id(fixture->key)));
}

static void a_signature_under_another_keys_name_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct key *other = NULL;
    struct envelope envelope;
    struct problem problem = {0};

    assert_true(key_generate(KEY_ED25519, &other, NULL));
    assert_true(key_ring_add(&fixture->ring, other, KEY_ROLE_PANELS));
    memcpy(fixture->payload + 8, key_id(other), LIMIT_KEY_ID_BYTES);
    assert_false(envelope_open(&fixture->ring, fixture->payload, fixture->bytes,
                               &envelope, &problem));
    assert_int_equal(problem.code, PROBLEM_SIGNATURE);
}

static void a_message_without_an_envelope_line_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const payloads[] = {
        "",
        "\n",
        "hello",
        "{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\", \"padding\": "
        "\"0123456789012345678901234567890123456789012345678901234567890\"}",
        "gaoshi2 0123456789abcdef AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{}",
        "gaoshi1 0123456789ABCDEF AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{}",
        "gaoshi1 0123456789abcdef AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA====\n{}",
        "gaoshi1 0123456789abcdef AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n{}",
        "gaoshi1 0123456789abcdef ++++++++++++++++++++++++++++++++++++++++"
        "+++++++++++++++++++++++++++++++++++++++++++++A\n{}",
    };

    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        struct envelope envelope;
        struct problem problem = {0};
        assert_false(envelope_open(&fixture->ring, payloads[i],
                                   strlen(payloads[i]), &envelope, &problem));
        assert_int_equal(problem.code, PROBLEM_SYNTAX);
    }
}

static void the_largest_message_passes_and_one_more_byte_does_not(void **state)
{
    struct fixture *fixture = *state;
    size_t room = LIMIT_MESSAGE_BYTES - LINE_BYTES;
    char *large = calloc(1, room + 1);
    char *payload = NULL;
    size_t bytes = 0;
    struct envelope envelope;
    struct problem problem = {0};

    assert_non_null(large);
    assert_true(
        envelope_seal(fixture->key, large, room, &payload, &bytes, NULL));
    assert_int_equal(bytes, LIMIT_MESSAGE_BYTES);
    assert_true(envelope_open(&fixture->ring, payload, bytes, &envelope, NULL));
    payload = realloc(payload, bytes + 1);
    payload[bytes] = ' ';
    assert_false(
        envelope_open(&fixture->ring, payload, bytes + 1, &envelope, &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
    free(payload);
    problem = (struct problem){0};
    assert_false(envelope_seal(fixture->key, large, room + 1, &payload, &bytes,
                               &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
    free(large);
}

static void a_public_half_seals_nothing(void **state)
{
    struct fixture *fixture = *state;
    char *pem = key_to_public_pem(fixture->key);
    struct key *public_half = NULL;
    char *payload = NULL;
    size_t bytes = 42;
    struct problem problem = {0};

    assert_true(key_from_public_pem(pem, strlen(pem), &public_half, NULL));
    assert_false(
        envelope_seal(public_half, body, 4, &payload, &bytes, &problem));
    assert_int_equal(problem.code, PROBLEM_SYSTEM);
    assert_null(payload);
    assert_int_equal(bytes, 42);
    key_destroy(public_half);
    free(pem);
}

static void an_empty_body_is_sealed_like_any_other(void **state)
{
    struct fixture *fixture = *state;
    char *payload = NULL;
    size_t bytes = 0;
    struct envelope envelope;

    assert_true(envelope_seal(fixture->key, "", 0, &payload, &bytes, NULL));
    assert_int_equal(bytes, LINE_BYTES);
    assert_true(envelope_open(&fixture->ring, payload, bytes, &envelope, NULL));
    assert_int_equal(envelope.body_bytes, 0);
    free(payload);
}

#define ENVELOPE_TEST(test)                                                    \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENVELOPE_TEST(a_sealed_body_opens_with_the_roles_of_its_key),
        cmocka_unit_test(a_body_is_sealed_as_other_programs_seal_it),
        ENVELOPE_TEST(every_changed_bit_is_refused),
        ENVELOPE_TEST(every_shorter_or_longer_payload_is_refused),
        ENVELOPE_TEST(a_key_that_is_not_in_the_ring_is_refused),
        ENVELOPE_TEST(a_signature_under_another_keys_name_is_refused),
        ENVELOPE_TEST(a_message_without_an_envelope_line_is_refused),
        ENVELOPE_TEST(the_largest_message_passes_and_one_more_byte_does_not),
        ENVELOPE_TEST(a_public_half_seals_nothing),
        ENVELOPE_TEST(an_empty_body_is_sealed_like_any_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
