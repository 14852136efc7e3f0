/* Secrets of logins: drawn by lot, compared in constant time. */
#include "publisher/console/sessions.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

static bool make_secret(char out[SESSION_SECRET_BYTES])
{
    return hex_draw((SESSION_SECRET_BYTES - 1) / 2, out);
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

static void login_end(struct login *login)
{
    explicit_bzero(login, sizeof *login);
}

/* A free place; otherwise the one that was used least recently, of this person
 * alone where they have enough. */
static struct login *find_place(struct sessions *sessions, const char *who)
{
    struct login *place = NULL, *own = NULL;
    size_t count = 0;

    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct login *login = &sessions->logins[i];
        bool is_free = !login->cookie[0];
        if (!place ||
            (place->cookie[0] && (is_free || login->used_ms < place->used_ms)))
            place = login;
        if (is_free || strcmp(login->who, who) != 0)
            continue;
        count++;
        if (!own || login->used_ms < own->used_ms)
            own = login;
    }
    return count >= SESSIONS_OF_ONE ? own : place;
}

static struct login *make(struct sessions *sessions, const char *who,
                          unsigned roles, int64_t now_ms)
{
    struct login *place = find_place(sessions, who);

    *place = (struct login){.roles = roles,
                            .number = ++sessions->made,
                            .began_ms = now_ms,
                            .used_ms = now_ms};
    snprintf(place->who, sizeof place->who, "%s", who);
    if (make_secret(place->check) && make_secret(place->cookie))
        return place;
    login_end(place);
    return NULL;
}

struct login *sessions_enter(struct sessions *sessions, const char *token,
                             const char *who, int64_t now_ms)
{
    if (!is_same(sessions->token, token))
        return NULL;
    sessions->token[0] = '\0';
    return make(sessions, who, ROLE_ALL, now_ms);
}

struct login *sessions_open(struct sessions *sessions,
                            const struct account *account, int64_t now_ms)
{
    struct login *login = make(sessions, account->name, account->roles, now_ms);

    if (login)
        memcpy(login->hash, account->password.hash, sizeof login->hash);
    return login;
}

static bool is_over(const struct sessions *sessions, const struct login *login,
                    int64_t now_ms)
{
    return now_ms >= login->used_ms + sessions->idle_ms ||
           (sessions->lasts_ms > 0 &&
            now_ms >= login->began_ms + sessions->lasts_ms);
}

struct login *sessions_find(struct sessions *sessions, const char *cookie,
                            int64_t now_ms)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct login *login = &sessions->logins[i];
        if (is_same(login->cookie, cookie))
            return is_over(sessions, login, now_ms) ? NULL : login;
    }
    return NULL;
}

void sessions_end(struct sessions *sessions, uint64_t number)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (sessions->logins[i].number == number)
            login_end(&sessions->logins[i]);
}

static bool has_account(struct login *login, const struct accounts *accounts)
{
    const struct account *account = accounts_find(accounts, login->who);

    if (!account ||
        memcmp(account->password.hash, login->hash, sizeof login->hash) != 0)
        return false;
    login->roles = account->roles;
    return true;
}

void sessions_review(struct sessions *sessions, const struct accounts *accounts,
                     int64_t now_ms,
                     void (*ended)(void *context, const struct login *login),
                     void *context)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct login *login = &sessions->logins[i];
        if (!login->cookie[0] || (!is_over(sessions, login, now_ms) &&
                                  (!accounts || has_account(login, accounts))))
            continue;
        ended(context, login);
        login_end(login);
    }
}

bool login_is_checked(const struct login *login, const char *text)
{
    return is_same(login->check, text);
}
