/* How often somebody may try to log in: failures are counted for each account
 * and for each address, in tables of a fixed size. */
#ifndef GAOSHI_PUBLISHER_ATTEMPTS_H
#define GAOSHI_PUBLISHER_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum attempt_kind { ATTEMPT_ACCOUNT, ATTEMPT_ADDRESS, ATTEMPT_COUNT };

enum {
    ATTEMPT_KEYS_MAX = 256, /* of each kind */
    ATTEMPT_KEY_BYTES = 65, /* what is longer is cut */
    /* Failures without a wait. Behind one address may be an office. */
    ATTEMPT_FREE_ACCOUNT = 5,
    ATTEMPT_FREE_ADDRESS = 10,
    /* The wait after these; each further failure doubles it. That of an account
     * stays short, so that nobody keeps its owner out by failing. */
    ATTEMPT_WAIT_MS = 10 * 1000,
    ATTEMPT_WAIT_ACCOUNT_MS = 60 * 1000,
    ATTEMPT_WAIT_ADDRESS_MS = 15 * 60 * 1000,
    /* Without a failure for so long all are forgotten. */
    ATTEMPT_MEMORY_MS = 30 * 60 * 1000,
};

struct attempt {
    char key[ATTEMPT_KEY_BYTES]; /* "": free */
    int failures;
    int64_t last_ms; /* monotonic, of the last failure */
    bool is_account; /* the name has an account: names that have none never take
                        its place */
    bool is_told;    /* set by attempts_tell_once */
};

/* Zeroed at the start. */
struct attempts {
    struct attempt tables[ATTEMPT_COUNT][ATTEMPT_KEYS_MAX];
};

/* How long until the next try, in ms; 0: now. */
int64_t attempts_wait_ms(const struct attempts *attempts,
                         enum attempt_kind kind, const char *key,
                         int64_t now_ms);

/* Counts a failure; before the password is compared, so that many tries at once
 * count as well. */
void attempts_fail(struct attempts *attempts, enum attempt_kind kind,
                   const char *key, bool is_account, int64_t now_ms);

/* The password was right: of an account all failures are forgotten, of an
 * address the last one. */
void attempts_forgive(struct attempts *attempts, enum attempt_kind kind,
                      const char *key);

/* True once for each wait, so that a journal does not grow by each refusal. */
bool attempts_tell_once(struct attempts *attempts, enum attempt_kind kind,
                        const char *key);

#endif
