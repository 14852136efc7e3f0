/* What a signature costs: messages of a panel's size verified and signed in
 * a second, each algorithm, and their ratio. One run, one machine. */
#include "protocol/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BODY_BYTES = 1500, ROUNDS = 2000 };

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

struct cost {
    double sign_us, open_us;
};

static bool measure(enum key_algorithm algorithm, const char *body,
                    struct cost *out)
{
    struct key_ring ring = {.count = 0};
    struct envelope envelope;
    struct key *key = NULL;
    char *payload = NULL;
    size_t bytes = 0;

    if (!key_generate(algorithm, &key, NULL) ||
        !key_ring_add(&ring, key, KEY_ROLE_PANELS))
        return false;
    double began_ms = now_ms();
    for (int i = 0; i < ROUNDS; i++) {
        free(payload);
        if (!envelope_seal(key, body, BODY_BYTES, &payload, &bytes, NULL))
            return false;
    }
    out->sign_us = (now_ms() - began_ms) * 1e3 / ROUNDS;
    began_ms = now_ms();
    for (int i = 0; i < ROUNDS; i++)
        if (!envelope_open(&ring, payload, bytes, &envelope, NULL))
            return false;
    out->open_us = (now_ms() - began_ms) * 1e3 / ROUNDS;
    free(payload);
    key_ring_finish(&ring);
    return true;
}

int main(void)
{
    struct cost costs[KEY_ALGORITHM_COUNT];
    char body[BODY_BYTES];

    memset(body, 'x', sizeof body);
    for (int i = 0; i < KEY_ALGORITHM_COUNT; i++) {
        if (!measure((enum key_algorithm)i, body, &costs[i]))
            return 1;
        printf("%-8s sign %6.0f us, verify %6.0f us, %.1f times ed25519\n",
               key_algorithm_name((enum key_algorithm)i), costs[i].sign_us,
               costs[i].open_us, costs[i].open_us / costs[KEY_ED25519].open_us);
    }
    return 0;
}
