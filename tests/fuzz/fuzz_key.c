/* Any bytes as a PEM file: a key that is read can be written, read again,
 * and, with its private half, signs what it verifies. */
#include "tests/fuzz/check.h"

#include "protocol/key.h"

#include <stdlib.h>
#include <string.h>

typedef bool key_reader(const char *pem, size_t bytes, struct key **out,
                        struct problem *problem);

static bool read_unlocked(const char *pem, size_t bytes, struct key **out,
                          struct problem *problem)
{
    return key_from_private_pem(pem, bytes, NULL, out, problem);
}

static struct key *read_key(key_reader *reader, const char *pem, size_t bytes)
{
    struct problem problem = {0};
    struct key *key = NULL;

    if (reader(pem, bytes, &key, &problem)) {
        FUZZ_CHECK(key && strlen(key_id(key)) == LIMIT_KEY_ID_BYTES);
        return key;
    }
    FUZZ_CHECK(key == NULL);
    fuzz_check_problem(&problem);
    return NULL;
}

static void check_again(const struct key *key, key_reader *reader, char *pem)
{
    FUZZ_CHECK(pem);
    struct key *again = read_key(reader, pem, strlen(pem));
    FUZZ_CHECK(again && strcmp(key_id(again), key_id(key)) == 0);
    key_destroy(again);
    free(pem);
}

static void check_signing(const struct key *key)
{
    unsigned char signature[KEY_SIGNATURE_BYTES];

    FUZZ_CHECK(key_sign(key, "abc", 3, signature));
    FUZZ_CHECK(key_verify(key, "abc", 3, signature, sizeof signature));
    FUZZ_CHECK(!key_verify(key, "abd", 3, signature, sizeof signature));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *pem = fuzz_copy(data, size);
    struct key *own = read_key(read_unlocked, pem, size);
    struct key *theirs = read_key(key_from_public_pem, pem, size);

    if (own) {
        check_again(own, read_unlocked, key_to_private_pem(own, NULL));
        check_again(own, key_from_public_pem, key_to_public_pem(own));
        check_signing(own);
    }
    if (theirs) {
        check_again(theirs, key_from_public_pem, key_to_public_pem(theirs));
        FUZZ_CHECK(key_to_private_pem(theirs, NULL) == NULL);
    }
    key_destroy(own);
    key_destroy(theirs);
    free(pem);
    return 0;
}
