/* Passwords of accounts: what is kept of them, and a thread that compares,
 * because that takes a large part of a second. */
#ifndef GAOSHI_PUBLISHER_PASSWORDS_H
#define GAOSHI_PUBLISHER_PASSWORDS_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PASSWORD_SALT_BYTES = 16,
    PASSWORD_HASH_BYTES = 32,
    PASSWORD_LEAST = 10, /* characters of a new one */
    PASSWORD_BYTES = 256,
    PASSWORD_TEXT_BYTES = 160, /* of password_print, with its end */
    PASSWORDS_WAITING = 8,     /* comparisons at once; further ones fail */
};

/* What is kept: scrypt's cost, salt and result (RFC 7914). */
struct password {
    uint64_t n, r, p;
    unsigned char salt[PASSWORD_SALT_BYTES];
    unsigned char hash[PASSWORD_HASH_BYTES];
};

/* Whether a new password is long enough, short enough, and UTF-8. */
bool password_is_good(const char *text, struct problem *problem);

/* Makes what is kept, with a new salt. */
bool password_make(const char *text, struct password *out,
                   struct problem *problem);

/* Whether the text is the password. Takes some 0.1 to 0.5 s and 32 MiB. */
bool password_is(const struct password *password, const char *text);

/* N:R:P:SALT:HASH. password_parse refuses costs that take more than 256 MiB or
 * a few seconds; then *out is unchanged. */
void password_print(const struct password *password,
                    char out[PASSWORD_TEXT_BYTES]);
bool password_parse(const char *text, struct password *out);

/* Writes two digits for each byte, and a NUL. */
void hex_print(const unsigned char *bytes, size_t count, char *out);

/* The same of so many random bytes, HEX_DRAW_MAX at most. False: the system has
 * no random numbers. */
enum { HEX_DRAW_MAX = 32 };
bool hex_draw(size_t count, char *out);

enum password_result {
    PASSWORD_WRONG,
    PASSWORD_RIGHT,
    PASSWORD_UNKNOWN, /* the thread ended before it knew */
};

/* A thread that compares one after the other. */
struct password_checker;

/* NULL: failed. password_checker_destroy waits for the comparison that runs,
 * and calls back for each that was not told. */
struct password_checker *password_checker_create(void);
void password_checker_destroy(struct password_checker *checker);

/* Calls back from password_checker_turn. password NULL: nobody has it, which
 * takes as long. False: too many wait. */
bool password_checker_ask(struct password_checker *checker,
                          const struct password *password, const char *text,
                          void (*done)(void *context,
                                       enum password_result result),
                          void *context);

/* Readable when there is something to call back. */
int password_checker_fd(const struct password_checker *checker);
void password_checker_turn(struct password_checker *checker);

#endif
