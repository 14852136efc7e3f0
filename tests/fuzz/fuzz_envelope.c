/* The gate of every screen: any bytes as a payload. Nothing opens but what
 * the key has sealed, byte for byte; what it has sealed opens. */
#include "tests/fuzz/check.h"
#include "tests/fuzz/keys.h"

#include "protocol/envelope.h"

#include <stdlib.h>
#include <string.h>

static void check_opened(const char *payload, size_t bytes,
                         const struct envelope *envelope)
{
    char *sealed = NULL;
    size_t sealed_bytes = 0;

    FUZZ_CHECK(envelope->body >= payload);
    FUZZ_CHECK(envelope->body + envelope->body_bytes == payload + bytes);
    FUZZ_CHECK(strcmp(envelope->key_id, key_id(fuzz_key())) == 0);
    FUZZ_CHECK(envelope_seal(fuzz_key(), envelope->body, envelope->body_bytes,
                             &sealed, &sealed_bytes, NULL));
    FUZZ_CHECK(sealed_bytes == bytes && memcmp(sealed, payload, bytes) == 0);
    free(sealed);
}

static bool open_payload(const char *payload, size_t bytes)
{
    struct problem problem = {0};
    struct envelope envelope;

    fuzz_fill(&envelope, sizeof envelope);
    if (envelope_open(fuzz_ring(), payload, bytes, &envelope, &problem)) {
        check_opened(payload, bytes, &envelope);
        return true;
    }
    fuzz_check_untouched(&envelope, sizeof envelope);
    fuzz_check_problem(&problem);
    return false;
}

/* Sealed, it opens; with one bit changed anywhere, it doesn't. */
static void check_sealed(const char *body, size_t bytes)
{
    struct problem problem = {0};
    char *sealed = NULL;
    size_t size = 0;

    if (!envelope_seal(fuzz_key(), body, bytes, &sealed, &size, &problem)) {
        fuzz_check_problem(&problem);
        return;
    }
    FUZZ_CHECK(size == bytes + ENVELOPE_LINE_BYTES);
    FUZZ_CHECK(open_payload(sealed, size) == (size <= LIMIT_MESSAGE_BYTES));
    size_t at = bytes > 1
                    ? ((unsigned char)body[0] << 8 | (unsigned char)body[1]) %
                          size
                    : bytes % size;
    sealed[at] ^= (char)(1 << (bytes & 7));
    FUZZ_CHECK(!open_payload(sealed, size));
    free(sealed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *payload = fuzz_copy(data, size);

    open_payload(payload, size);
    check_sealed(payload, size);
    free(payload);
    return 0;
}
