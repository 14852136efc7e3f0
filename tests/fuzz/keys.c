/* One well-known key, so that inputs mean the same in every run. */
#include "tests/fuzz/keys.h"

#include "tests/fuzz/check.h"

#include <string.h>

static const char pem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

const struct key_ring *fuzz_ring(void)
{
    static struct key_ring ring;
    struct problem problem = {0};
    struct key *key = NULL;

    if (ring.count == 0) {
        FUZZ_CHECK(
            key_from_private_pem(pem, strlen(pem), NULL, &key, &problem));
        FUZZ_CHECK(key_ring_add(
            &ring, key, KEY_ROLE_PANELS | KEY_ROLE_ALERTS | KEY_ROLE_COMMANDS));
    }
    return &ring;
}

const struct key *fuzz_key(void)
{
    return fuzz_ring()->entries[0].key;
}
