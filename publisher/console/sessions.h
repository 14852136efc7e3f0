/* Who is logged in at the console: one-time tokens, cookies, and what each may
 * do. */
#ifndef GAOSHI_PUBLISHER_SESSIONS_H
#define GAOSHI_PUBLISHER_SESSIONS_H

#include "base/problem.h"
#include "publisher/console/accounts.h"
#include "publisher/console/listen_address.h"

#include <stdint.h>

enum {
    SESSION_SECRET_BYTES = 65, /* 32 random bytes in hexadecimal digits */
    SESSION_WHO_BYTES = 65,
    /* The one that was used least recently ends for a further one: of the same
     * person where these have SESSIONS_OF_ONE, otherwise of all. */
    SESSIONS_MAX = 64,
    SESSIONS_OF_ONE = 16,
    /* Without accounts. */
    SESSION_IDLE_MS = 12 * 60 * 60 * 1000,
    /* With accounts, however much it is used. */
    SESSION_LASTS_MS = 12 * 60 * 60 * 1000,
};

struct login {
    char cookie[SESSION_SECRET_BYTES]; /* "": free */
    /* Comes with every POST in a header, which no other page can set. */
    char check[SESSION_SECRET_BYTES];
    char who[SESSION_WHO_BYTES];
    char from[ADDRESS_BYTES]; /* of its last request */
    unsigned roles;
    uint64_t number; /* from 1, never that of another one */
    /* The account's password at the login; another one ends it. */
    unsigned char hash[PASSWORD_HASH_BYTES];
    int64_t began_ms, used_ms; /* monotonic */
};

/* Zeroed at the start but for the times. */
struct sessions {
    struct login logins[SESSIONS_MAX];
    char token[SESSION_SECRET_BYTES]; /* "": none is valid */
    int64_t idle_ms;                  /* ends what was not used for so long */
    int64_t lasts_ms;                 /* 0: no end but that */
    uint64_t made;
};

/* Makes the token of the next login; one before is not valid any more. */
bool sessions_make_token(struct sessions *sessions, struct problem *problem);

/* Takes the token, which is used up, and makes a login that may do everything.
 * NULL: another token, or no random numbers. */
struct login *sessions_enter(struct sessions *sessions, const char *token,
                             const char *who, int64_t now_ms);

/* Makes a login of an account. NULL: no random numbers. */
struct login *sessions_open(struct sessions *sessions,
                            const struct account *account, int64_t now_ms);

/* The login of this cookie (NULL: none came); NULL: there is none, or its time
 * is over. Whoever uses it sets used_ms. */
struct login *sessions_find(struct sessions *sessions, const char *cookie,
                            int64_t now_ms);

/* The login of this number ends, if there is one. */
void sessions_end(struct sessions *sessions, uint64_t number);

/* Ends those whose time is over; with accounts (NULL: there are none) also
 * those whose account is gone or has another password, and gives the others the
 * roles that their accounts have now. Calls ended with each number. */
void sessions_review(struct sessions *sessions, const struct accounts *accounts,
                     int64_t now_ms,
                     void (*ended)(void *context, const struct login *login),
                     void *context);

/* Whether the text (NULL: none came) is the login's check. */
bool login_is_checked(const struct login *login, const char *text);

#endif
