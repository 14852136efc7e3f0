/* Reads and writes the file of accounts. */
#include "publisher/console/accounts.h"

#include "base/files.h"
#include "base/translate.h"
#include "protocol/scope.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 320 };

static const struct {
    const char *name;
    unsigned role;
} roles[] = {
    {"sees", ROLE_SEES}, {"panels", ROLE_PANELS}, {"alerts", ROLE_ALERTS}};
enum { ROLE_COUNT = sizeof roles / sizeof roles[0] };

bool account_name_is_valid(const char *text)
{
    return strlen(text) < ACCOUNT_NAME_BYTES && identifier_is_valid(text);
}

unsigned role_find(const char *name)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (strcmp(roles[i].name, name) == 0)
            return roles[i].role;
    return 0;
}

void roles_print(unsigned held, char out[ACCOUNT_ROLES_BYTES])
{
    size_t used = 0;

    out[0] = '\0';
    /* Who may do something also sees. */
    for (size_t i = held == ROLE_SEES ? 0 : 1; i < ROLE_COUNT; i++)
        if (held & roles[i].role)
            used += (size_t)snprintf(out + used, ACCOUNT_ROLES_BYTES - used,
                                     "%s%s", used > 0 ? "," : "",
                                     roles[i].name);
}

/* Parts the text at commas. 0: one of them is no role. */
static unsigned parse_roles(char *text)
{
    unsigned held = 0;
    char *rest = text;

    for (char *one; (one = strsep(&rest, ","));) {
        unsigned role = role_find(one);
        if (role == 0)
            return 0;
        held |= role | ROLE_SEES;
    }
    return held;
}

static bool parse_line(char *line, struct account *out, struct problem *problem)
{
    char *rest = line;
    const char *name = strsep(&rest, " ");
    char *held = rest ? strsep(&rest, " ") : NULL;

    if (!account_name_is_valid(name))
        return problem_set(problem, PROBLEM_FIELD,
                           "expected NAME ROLES N:R:P:SALT:HASH; a name has 1 "
                           "to %d lower-case letters, digits, '.', '_' and '-'",
                           ACCOUNT_NAME_BYTES - 1);
    *out = (struct account){.roles = held ? parse_roles(held) : 0};
    snprintf(out->name, sizeof out->name, "%s", name);
    if (out->roles == 0)
        return problem_set_field(problem, name,
                                 "roles: expected sees, panels or alerts, "
                                 "separated by commas");
    return (rest && password_parse(rest, &out->password)) ||
           problem_set_field(problem, name,
                             "password: expected N:R:P:SALT:HASH, as «console "
                             "account password» writes it");
}

static bool add_line(struct accounts *accounts, const char *text, size_t length,
                     struct problem *problem)
{
    char line[LINE_BYTES];
    struct account account;

    if (length > 0 && text[length - 1] == '\r')
        length--;
    if (length == 0 || text[0] == '#')
        return true;
    if (length >= sizeof line)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "a line of more than %d bytes", LINE_BYTES - 1);
    memcpy(line, text, length);
    line[length] = '\0';
    if (!parse_line(line, &account, problem))
        return false;
    if (accounts_find(accounts, account.name))
        return problem_set_field(problem, account.name, "stands here twice");
    return accounts_put(accounts, &account, problem);
}

bool accounts_parse(const char *text, struct accounts *out,
                    struct problem *problem)
{
    struct accounts *read = calloc(1, sizeof *read);
    bool good = read || problem_set(problem, PROBLEM_SYSTEM, "out of memory");

    for (int line = 1; good && *text; line++) {
        size_t length = strcspn(text, "\n");
        good = add_line(read, text, length, problem);
        if (!good && problem)
            problem->line = line;
        text += length + (text[length] == '\n');
    }
    if (good)
        *out = *read;
    free(read);
    return good;
}

char *accounts_print(const struct accounts *accounts)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    if (!out)
        return NULL;
    fputs("# Accounts of the console; written by «gaoshi-publish console "
          "account».\n",
          out);
    for (size_t i = 0; i < accounts->count; i++) {
        char held[ACCOUNT_ROLES_BYTES], password[PASSWORD_TEXT_BYTES];
        roles_print(accounts->items[i].roles, held);
        password_print(&accounts->items[i].password, password);
        fprintf(out, "%s %s %s\n", accounts->items[i].name, held, password);
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

bool accounts_read(const char *file, struct accounts *out,
                   struct problem *problem)
{
    char *text = file_read_secret(file, problem);
    bool read = text && accounts_parse(text, out, problem);

    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    if (!read)
        problem_set_place(problem, file);
    return read;
}

bool accounts_write(const char *file, const struct accounts *accounts,
                    struct problem *problem)
{
    char *text = accounts_print(accounts);
    bool written = text ? file_replace(file, 0600, text, problem)
                        : problem_set(problem, PROBLEM_SYSTEM, "out of memory");

    free(text);
    return written;
}

const struct account *accounts_find(const struct accounts *accounts,
                                    const char *name)
{
    for (size_t i = 0; i < accounts->count; i++)
        if (strcmp(accounts->items[i].name, name) == 0)
            return &accounts->items[i];
    return NULL;
}

bool accounts_put(struct accounts *accounts, const struct account *account,
                  struct problem *problem)
{
    struct account *items = accounts->items;
    size_t at = 0;

    while (at < accounts->count && strcmp(items[at].name, account->name) < 0)
        at++;
    bool is_new = at == accounts->count ||
                  strcmp(items[at].name, account->name) != 0;
    if (is_new && accounts->count == ACCOUNTS_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE, "more than %d accounts",
                           ACCOUNTS_MAX);
    if (is_new) {
        memmove(items + at + 1, items + at,
                (accounts->count - at) * sizeof items[0]);
        accounts->count++;
    }
    items[at] = *account;
    return true;
}

bool accounts_remove(struct accounts *accounts, const char *name)
{
    const struct account *found = accounts_find(accounts, name);

    if (!found)
        return false;
    size_t at = (size_t)(found - accounts->items);
    accounts->count--;
    memmove(accounts->items + at, accounts->items + at + 1,
            (accounts->count - at) * sizeof accounts->items[0]);
    return true;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
           a->st_size == b->st_size && a->st_mode == b->st_mode &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
           a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool accounts_file_refresh(struct accounts_file *file, struct problem *problem)
{
    struct stat now;

    if (stat(file->path, &now) != 0) {
        problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
        problem_set_place(problem, file->path);
    } else if (file->was_read && is_same(&file->read, &now)) {
        return true;
    } else if (accounts_read(file->path, &file->accounts, problem)) {
        file->read = now;
        file->was_read = true;
        return true;
    }
    file->was_read = false;
    file->accounts.count = 0;
    return false;
}
