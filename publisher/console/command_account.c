/* console account: who may log in at a console on the network. */
#include "base/files.h"
#include "base/language.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/cli/tell.h"
#include "publisher/console/accounts.h"
#include "publisher/console/console.h"
#include "publisher/send/send_options.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of accounts that is being changed. */
struct change {
    char *path, *folder;
    int lock; /* of its folder; -1: none */
    struct accounts *accounts;
};

char *accounts_path(const struct options *options, struct problem *problem)
{
    char *path = options->accounts_file
                     ? strdup(options->accounts_file)
                     : send_options_beside_outbox(options, "console.accounts",
                                                  problem);

    if (!path && options->accounts_file)
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return path;
}

/* A file that is not there has no accounts. */
static bool begin(const struct options *options, struct change *change,
                  struct problem *problem)
{
    *change = (struct change){.path = accounts_path(options, problem),
                              .lock = -1};
    if (!change->path)
        return false;
    change->folder = file_folder(change->path);
    change->accounts = calloc(1, sizeof *change->accounts);
    if (!change->folder || !change->accounts)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    change->lock = folder_lock(change->folder, problem);
    return change->lock >= 0 &&
           (access(change->path, F_OK) != 0 ||
            accounts_read(change->path, change->accounts, problem));
}

static enum publish_exit end(struct change *change, bool done,
                             const struct problem *problem)
{
    if (!done)
        tell_problem(problem);
    folder_unlock(change->lock);
    free(change->accounts);
    free(change->folder);
    free(change->path);
    return done ? PUBLISH_DONE : PUBLISH_OTHER;
}

static bool read_line(char out[PASSWORD_BYTES + 1], struct problem *problem)
{
    char line[PASSWORD_BYTES + 2] = "";
    bool read = fgets(line, sizeof line, stdin) != NULL;
    size_t length = strcspn(line, "\r\n");

    read = read && (line[length] || length <= PASSWORD_BYTES);
    length = length < PASSWORD_BYTES ? length : PASSWORD_BYTES;
    memcpy(out, line, length);
    out[length] = '\0';
    explicit_bzero(line, sizeof line);
    return read || problem_set(problem, PROBLEM_SYSTEM,
                               "no password came on standard input");
}

/* On a terminal it is typed twice without echo; otherwise it is the first line
 * of standard input. */
static bool find_password(char out[PASSWORD_BYTES + 1], struct problem *problem)
{
    bool found = isatty(STDIN_FILENO)
                     ? EVP_read_pw_string_min(out, 1, PASSWORD_BYTES,
                                              tr("Password: "), 1) == 0 ||
                           problem_set(problem, PROBLEM_FIELD,
                                       "no password was typed")
                     : read_line(out, problem);

    return found && password_is_good(out, problem);
}

static bool choose_password(struct account *account, struct problem *problem)
{
    char text[PASSWORD_BYTES + 1] = "";
    bool chosen = find_password(text, problem) &&
                  password_make(text, &account->password, problem);

    explicit_bzero(text, sizeof text);
    return chosen;
}

static bool read_roles(const struct options *options, unsigned *out,
                       struct problem *problem)
{
    *out = ROLE_SEES;
    if (options->account_roles.count == 0)
        return problem_set_field(problem, "role",
                                 "missing: sees, panels or alerts");
    for (size_t i = 0; i < options->account_roles.count; i++) {
        unsigned role = role_find(options->account_roles.texts[i]);
        if (role == 0)
            return problem_set_field(problem, "role",
                                     "'%s', expected sees, panels or alerts",
                                     options->account_roles.texts[i]);
        *out |= role;
    }
    return true;
}

static bool check_name(const char *name, struct problem *problem)
{
    return account_name_is_valid(name) ||
           problem_set_field(problem, "name",
                             "'%s', expected 1 to %d lower-case letters, "
                             "digits, '.', '_' and '-'",
                             name, ACCOUNT_NAME_BYTES - 1);
}

enum publish_exit account_add_run(const struct options *options, int count,
                                  char **operands)
{
    struct problem problem = {.consequence = "no account was made"};
    struct account account = {.roles = 0};
    struct change change;

    (void)count;
    if (!check_name(operands[0], &problem) ||
        !read_roles(options, &account.roles, &problem)) {
        tell_problem(&problem);
        return PUBLISH_USAGE;
    }
    snprintf(account.name, sizeof account.name, "%s", operands[0]);
    bool done = begin(options, &change, &problem);
    if (done && accounts_find(change.accounts, account.name))
        done = problem_set_field(&problem, "name",
                                 "'%s' has an account; «console account "
                                 "password» changes its password",
                                 account.name);
    done = done && choose_password(&account, &problem) &&
           accounts_put(change.accounts, &account, &problem) &&
           accounts_write(change.path, change.accounts, &problem);
    if (done)
        tell_result("account %s in %s", account.name, change.path);
    return end(&change, done, &problem);
}

static bool find_account(const struct change *change, const char *name,
                         struct account *out, struct problem *problem)
{
    const struct account *found = accounts_find(change->accounts, name);

    if (!found)
        return problem_set_field(problem, "name", "'%s' has no account", name);
    *out = *found;
    return true;
}

enum publish_exit account_password_run(const struct options *options, int count,
                                       char **operands)
{
    struct problem problem = {.consequence = "the old password stays"};
    struct account account;
    struct change change;

    (void)count;
    bool done = begin(options, &change, &problem) &&
                find_account(&change, operands[0], &account, &problem) &&
                choose_password(&account, &problem) &&
                accounts_put(change.accounts, &account, &problem) &&
                accounts_write(change.path, change.accounts, &problem);
    if (done)
        tell_result("%s has a new password; its logins end", account.name);
    return end(&change, done, &problem);
}

enum publish_exit account_remove_run(const struct options *options, int count,
                                     char **operands)
{
    struct problem problem = {.consequence = "nothing was changed"};
    struct account account;
    struct change change;

    (void)count;
    bool done = begin(options, &change, &problem) &&
                find_account(&change, operands[0], &account, &problem) &&
                accounts_remove(change.accounts, account.name) &&
                accounts_write(change.path, change.accounts, &problem);
    if (done)
        tell_result("account %s is removed; its logins end", account.name);
    return end(&change, done, &problem);
}

static json_t *list_json(const struct accounts *accounts)
{
    json_t *list = json_array();
    char held[ACCOUNT_ROLES_BYTES];

    for (size_t i = 0; i < accounts->count; i++) {
        roles_print(accounts->items[i].roles, held);
        json_array_append_new(list, json_pack("{s:s, s:s}", "name",
                                              accounts->items[i].name, "roles",
                                              held));
    }
    return json_pack("{s:o}", "accounts", list);
}

enum publish_exit account_list_run(const struct options *options, int count,
                                   char **operands)
{
    struct problem problem = {0};
    char held[ACCOUNT_ROLES_BYTES];
    struct change change;

    (void)count, (void)operands;
    bool done = begin(options, &change, &problem);
    if (done && options->json)
        tell_json(list_json(change.accounts));
    for (size_t i = 0; done && !options->json && i < change.accounts->count;
         i++) {
        roles_print(change.accounts->items[i].roles, held);
        tell_result(
            "%-*s  %s",
            UTF8_FIELD(change.accounts->items[i].name, ACCOUNT_NAME_BYTES - 1),
            held);
    }
    return end(&change, done, &problem);
}
