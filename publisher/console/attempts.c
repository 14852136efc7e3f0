/* Two tables of failures. */
#include "publisher/console/attempts.h"

#include <stdio.h>
#include <string.h>

static const struct {
    int free;
    int64_t most_ms;
} rules[ATTEMPT_COUNT] = {
    [ATTEMPT_ACCOUNT] = {ATTEMPT_FREE_ACCOUNT, ATTEMPT_WAIT_ACCOUNT_MS},
    [ATTEMPT_ADDRESS] = {ATTEMPT_FREE_ADDRESS, ATTEMPT_WAIT_ADDRESS_MS},
};

static bool is_over(const struct attempt *attempt, int64_t now_ms)
{
    return !attempt->key[0] || now_ms >= attempt->last_ms + ATTEMPT_MEMORY_MS;
}

static const struct attempt *find(const struct attempts *attempts,
                                  enum attempt_kind kind, const char *key)
{
    for (size_t i = 0; i < ATTEMPT_KEYS_MAX; i++)
        if (attempts->tables[kind][i].key[0] &&
            strncmp(attempts->tables[kind][i].key, key,
                    ATTEMPT_KEY_BYTES - 1) == 0)
            return &attempts->tables[kind][i];
    return NULL;
}

static struct attempt *find_own(struct attempts *attempts,
                                enum attempt_kind kind, const char *key)
{
    return (struct attempt *)(uintptr_t)find(attempts, kind, key);
}

static int64_t wait_of(const struct attempt *attempt, enum attempt_kind kind)
{
    int64_t wait_ms = ATTEMPT_WAIT_MS;

    if (attempt->failures < rules[kind].free)
        return 0;
    for (int i = rules[kind].free;
         i < attempt->failures && wait_ms < rules[kind].most_ms; i++)
        wait_ms *= 2;
    return wait_ms < rules[kind].most_ms ? wait_ms : rules[kind].most_ms;
}

int64_t attempts_wait_ms(const struct attempts *attempts,
                         enum attempt_kind kind, const char *key,
                         int64_t now_ms)
{
    const struct attempt *attempt = find(attempts, kind, key);

    if (!attempt || is_over(attempt, now_ms))
        return 0;
    int64_t left_ms = attempt->last_ms + wait_of(attempt, kind) - now_ms;
    return left_ms > 0 ? left_ms : 0;
}

/* Whether a should make room before b. */
static bool is_worth_less(const struct attempt *a, const struct attempt *b,
                          int64_t now_ms)
{
    if (is_over(a, now_ms) != is_over(b, now_ms))
        return is_over(a, now_ms);
    if (a->is_account != b->is_account)
        return b->is_account;
    return a->failures != b->failures ? a->failures < b->failures
                                      : a->last_ms < b->last_ms;
}

static struct attempt *take_place(struct attempts *attempts,
                                  enum attempt_kind kind, const char *key,
                                  int64_t now_ms)
{
    struct attempt *table = attempts->tables[kind];
    struct attempt *place = &table[0];

    for (size_t i = 1; i < ATTEMPT_KEYS_MAX; i++)
        if (is_worth_less(&table[i], place, now_ms))
            place = &table[i];
    *place = (struct attempt){.failures = 0};
    snprintf(place->key, sizeof place->key, "%s", key);
    return place;
}

void attempts_fail(struct attempts *attempts, enum attempt_kind kind,
                   const char *key, bool is_account, int64_t now_ms)
{
    struct attempt *attempt = find_own(attempts, kind, key);

    if (!attempt)
        attempt = take_place(attempts, kind, key, now_ms);
    else if (is_over(attempt, now_ms))
        attempt->failures = 0;
    attempt->failures++;
    attempt->last_ms = now_ms;
    attempt->is_account = is_account;
    attempt->is_told = false;
}

void attempts_forgive(struct attempts *attempts, enum attempt_kind kind,
                      const char *key)
{
    struct attempt *attempt = find_own(attempts, kind, key);

    if (!attempt)
        return;
    if (kind == ATTEMPT_ADDRESS && attempt->failures > 1)
        attempt->failures--;
    else
        *attempt = (struct attempt){.failures = 0};
}

bool attempts_tell_once(struct attempts *attempts, enum attempt_kind kind,
                        const char *key)
{
    struct attempt *attempt = find_own(attempts, kind, key);

    if (!attempt || attempt->is_told)
        return false;
    attempt->is_told = true;
    return true;
}
