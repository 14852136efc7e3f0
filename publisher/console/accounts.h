/* The accounts of a console on the network: a file of one line for each.
 *
 *     NAME ROLES N:R:P:SALT:HASH
 *
 * ROLES are separated by commas; N, R and P are scrypt's cost, SALT and HASH
 * hexadecimal digits. Lines that begin with # and empty lines are left out. */
#ifndef GAOSHI_PUBLISHER_ACCOUNTS_H
#define GAOSHI_PUBLISHER_ACCOUNTS_H

#include "base/problem.h"
#include "publisher/console/passwords.h"

#include <stddef.h>
#include <sys/stat.h>

enum {
    ACCOUNTS_MAX = 200,
    ACCOUNT_NAME_BYTES = 33, /* 1 … 32 characters of an identifier */
    ACCOUNTS_FILE_BYTES = 64 * 1024,
    ACCOUNT_ROLES_BYTES = 32,
};

/* What somebody may do at the console, a bit for each. */
enum {
    ROLE_SEES = 1,   /* reads; every account has it */
    ROLE_PANELS = 2, /* sends and removes panels */
    ROLE_ALERTS = 4, /* raises, updates and cancels alerts, confirms those of
                        others, empties the outbox */
    ROLE_ALL = ROLE_SEES | ROLE_PANELS | ROLE_ALERTS,
};

struct account {
    char name[ACCOUNT_NAME_BYTES];
    unsigned roles;
    struct password password;
};

/* Zeroed is empty. */
struct accounts {
    struct account items[ACCOUNTS_MAX]; /* sorted by name */
    size_t count;
};

/* Whether the text may be the name of an account. */
bool account_name_is_valid(const char *text);

/* The role of that name (sees, panels, alerts); 0: there is none. */
unsigned role_find(const char *name);

/* «panels,alerts» */
void roles_print(unsigned roles, char out[ACCOUNT_ROLES_BYTES]);

/* Reads the text of a file. On failure *out is unchanged, and the problem has
 * the line. */
bool accounts_parse(const char *text, struct accounts *out,
                    struct problem *problem);

/* The text of a file; the caller frees it. NULL: no memory. */
char *accounts_print(const struct accounts *accounts);

/* Reads the file; refused where other users may read or write it. */
bool accounts_read(const char *file, struct accounts *out,
                   struct problem *problem);

/* Replaces the file; it is for its owner alone. */
bool accounts_write(const char *file, const struct accounts *accounts,
                    struct problem *problem);

/* NULL: there is none of that name. */
const struct account *accounts_find(const struct accounts *accounts,
                                    const char *name);

/* Adds one, or replaces that of its name. False: there are ACCOUNTS_MAX. */
bool accounts_put(struct accounts *accounts, const struct account *account,
                  struct problem *problem);

/* False: there is none of that name. */
bool accounts_remove(struct accounts *accounts, const char *name);

/* The accounts of a file that is read again when it changes. */
struct accounts_file {
    const char *path; /* borrowed */
    struct stat read; /* of the file as it was read last */
    bool was_read;
    struct accounts accounts;
};

/* Reads the file again if it changed. False: it cannot be read, and nobody has
 * an account until it can. */
bool accounts_file_refresh(struct accounts_file *file, struct problem *problem);

#endif
