/* Secrets of logins: drawn by lot, compared in constant time. */
#include "publisher/console/sessions.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static bool make_secret(char out[SESSION_SECRET_BYTES])
{
    unsigned char random[(SESSION_SECRET_BYTES - 1) / 2];

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(out + 2 * i, 3, "%02x", random[i]);
    return true;
}

static bool is_same(const char *secret, const char *text)
{
    return text && secret[0] && strlen(text) == SESSION_SECRET_BYTES - 1 &&
           CRYPTO_memcmp(secret, text, SESSION_SECRET_BYTES - 1) == 0;
}

bool sessions_make_token(struct sessions *sessions, struct problem *problem)
{
    sessions->token[0] = '\0';
    return make_secret(sessions->token) ||
           problem_set(problem, PROBLEM_SYSTEM, "no random numbers");
}

const struct login *sessions_enter(struct sessions *sessions, const char *token,
                                   const char *who, int64_t now_ms)
{
    struct login *place = &sessions->logins[0];

    if (!is_same(sessions->token, token))
        return NULL;
    sessions->token[0] = '\0';
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct login *other = &sessions->logins[i];
        if (place->cookie[0] &&
            (!other->cookie[0] || other->used_ms < place->used_ms))
            place = other;
    }
    *place = (struct login){.used_ms = now_ms};
    snprintf(place->who, sizeof place->who, "%s", who);
    if (make_secret(place->check) && make_secret(place->cookie))
        return place;
    place->cookie[0] = '\0';
    return NULL;
}

const struct login *sessions_find(struct sessions *sessions, const char *cookie,
                                  int64_t now_ms)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct login *login = &sessions->logins[i];
        if (!is_same(login->cookie, cookie))
            continue;
        if (now_ms >= login->used_ms + SESSION_IDLE_MS) {
            login->cookie[0] = '\0';
            return NULL;
        }
        login->used_ms = now_ms;
        return login;
    }
    return NULL;
}

bool login_is_checked(const struct login *login, const char *text)
{
    return is_same(login->check, text);
}
