/* Fills the key ring before the board is made. */
#include "display/edge/config/trusted_keys.h"

#include <stdlib.h>

#include "base/files.h"

enum { KEY_FILE_BYTES = 16 * 1024 };

static bool load_key(const char *file, unsigned role, struct key_ring *ring,
                     struct problem *problem)
{
    struct key *key = NULL;
    char *pem = NULL;
    size_t bytes = 0;

    pem = file_read_any(file, KEY_FILE_BYTES, &bytes, problem);
    if (!pem)
        return false;
    bool read = key_from_public_pem(pem, bytes, &key, problem);
    free(pem);
    if (!read)
        return false;
    if (key_ring_add(ring, key, role))
        return true;
    key_destroy(key);
    return problem_set(problem, PROBLEM_TOO_LARGE, "more than %d keys",
                       KEY_RING_MAX);
}

static bool load_list(const struct config_list *list, unsigned role,
                      struct key_ring *ring, struct problem *problem)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!load_key(list->texts[i], role, ring, problem))
            return false;
    }
    return true;
}

bool trusted_keys_load(const struct config *config, struct key_ring *ring,
                       struct problem *problem)
{
    return load_list(&config->trust_root, KEY_ROLE_ROOT, ring, problem) &&
           load_list(&config->trust_panels, KEY_ROLE_PANELS, ring, problem) &&
           load_list(&config->trust_alerts, KEY_ROLE_ALERTS, ring, problem) &&
           load_list(&config->trust_commands, KEY_ROLE_COMMANDS, ring, problem);
}
