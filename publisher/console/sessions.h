/* Who is logged in at the console: one-time tokens, cookies, and what each may
 * do. */
#ifndef GAOSHI_PUBLISHER_SESSIONS_H
#define GAOSHI_PUBLISHER_SESSIONS_H

#include "base/problem.h"

#include <stdint.h>

enum {
    SESSION_SECRET_BYTES = 65, /* 32 random bytes in hexadecimal digits */
    SESSION_WHO_BYTES = 65,
    /* The one that was used least recently ends for a further one. */
    SESSIONS_MAX = 16,
    SESSION_IDLE_MS = 12 * 60 * 60 * 1000,
};

struct login {
    char cookie[SESSION_SECRET_BYTES]; /* "": free */
    /* Comes with every POST in a header, which no other page can set. */
    char check[SESSION_SECRET_BYTES];
    char who[SESSION_WHO_BYTES];
    int64_t used_ms; /* monotonic */
};

/* Zeroed at the start. */
struct sessions {
    struct login logins[SESSIONS_MAX];
    char token[SESSION_SECRET_BYTES]; /* "": none is valid */
};

/* Makes the token of the next login; one before is not valid any more. */
bool sessions_make_token(struct sessions *sessions, struct problem *problem);

/* Takes the token, which is used up, and makes a login. NULL: another token, or
 * no random numbers. */
const struct login *sessions_enter(struct sessions *sessions, const char *token,
                                   const char *who, int64_t now_ms);

/* The login of this cookie (NULL: none came); NULL: there is none. */
const struct login *sessions_find(struct sessions *sessions, const char *cookie,
                                  int64_t now_ms);

/* Whether the text (NULL: none came) is the login's check. */
bool login_is_checked(const struct login *login, const char *text);

#endif
