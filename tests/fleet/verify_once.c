/* Takes the place of key_verify in the fleet (--wrap of the linker). */
#include "tests/fleet/verify_once.h"

#include "protocol/key.h"
#include "protocol/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN_MAX = 8 };

struct verified {
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    char *bytes; /* owned */
    size_t size;
    unsigned char signature[KEY_SIGNATURE_BYTES];
};

static struct verified known[KNOWN_MAX];
static size_t count; /* of all; those before the last KNOWN_MAX are replaced */
static bool is_on;

bool __real_key_verify(const struct key *key, const char *bytes, size_t size,
                       const unsigned char *signature, size_t signature_bytes);
bool __wrap_key_verify(const struct key *key, const char *bytes, size_t size,
                       const unsigned char *signature, size_t signature_bytes);

void verify_once(void)
{
    is_on = true;
}

static bool is_known(const struct key *key, const char *bytes, size_t size,
                     const unsigned char *signature)
{
    for (size_t i = 0; i < KNOWN_MAX && i < count; i++)
        if (strcmp(known[i].key_id, key_id(key)) == 0 &&
            known[i].size == size && memcmp(known[i].bytes, bytes, size) == 0 &&
            memcmp(known[i].signature, signature, KEY_SIGNATURE_BYTES) == 0)
            return true;
    return false;
}

static void remember(const struct key *key, const char *bytes, size_t size,
                     const unsigned char *signature)
{
    struct verified *verified = &known[count % KNOWN_MAX];
    char *copy = malloc(size + 1);

    if (!copy)
        return;
    memcpy(copy, bytes, size);
    free(verified->bytes);
    *verified = (struct verified){.bytes = copy, .size = size};
    snprintf(verified->key_id, sizeof verified->key_id, "%s", key_id(key));
    memcpy(verified->signature, signature, KEY_SIGNATURE_BYTES);
    count++;
}

bool __wrap_key_verify(const struct key *key, const char *bytes, size_t size,
                       const unsigned char *signature, size_t signature_bytes)
{
    bool keeps = is_on && signature_bytes == KEY_SIGNATURE_BYTES;

    if (keeps && is_known(key, bytes, size, signature))
        return true;
    if (!__real_key_verify(key, bytes, size, signature, signature_bytes))
        return false;
    if (keeps)
        remember(key, bytes, size, signature);
    return true;
}
