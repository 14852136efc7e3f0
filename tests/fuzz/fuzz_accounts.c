/* Any bytes as the file of accounts of a console; what is read can be written,
 * and is read the same. */
#include "tests/fuzz/check.h"

#include "publisher/console/accounts.h"

#include <stdlib.h>
#include <string.h>

static void check_account(const struct account *account)
{
    const struct password *password = &account->password;

    FUZZ_CHECK(account_name_is_valid(account->name));
    FUZZ_CHECK(account->roles & ROLE_SEES);
    FUZZ_CHECK((account->roles & ~(unsigned)ROLE_ALL) == 0);
    /* The thread that compares is not held up. */
    FUZZ_CHECK(128 * password->n * password->r <= 256u * 1024 * 1024);
    FUZZ_CHECK(password->n >= 2 && password->p >= 1 && password->p <= 16);
}

static void check_again(const struct accounts *accounts)
{
    struct accounts *again = calloc(1, sizeof *again);
    struct problem problem = {0};
    char *text = accounts_print(accounts);

    FUZZ_CHECK(again && text);
    FUZZ_CHECK(accounts_parse(text, again, &problem));
    FUZZ_CHECK(again->count == accounts->count);
    for (size_t i = 0; i < accounts->count; i++) {
        const struct account *a = &accounts->items[i], *b = &again->items[i];
        FUZZ_CHECK(strcmp(a->name, b->name) == 0 && a->roles == b->roles);
        FUZZ_CHECK(memcmp(&a->password, &b->password, sizeof a->password) == 0);
        FUZZ_CHECK(i == 0 || strcmp(accounts->items[i - 1].name, a->name) < 0);
        FUZZ_CHECK(accounts_find(accounts, a->name) == a);
    }
    free(text);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct accounts *accounts = malloc(sizeof *accounts);
    struct problem problem = {0};
    struct fuzz_input input;

    fuzz_input_split(data, size, &input);
    FUZZ_CHECK(accounts);
    fuzz_fill(accounts, sizeof *accounts);
    if (accounts_parse(input.text, accounts, &problem)) {
        FUZZ_CHECK(accounts->count <= ACCOUNTS_MAX);
        for (size_t i = 0; i < accounts->count; i++)
            check_account(&accounts->items[i]);
        check_again(accounts);
    } else {
        fuzz_check_problem(&problem);
        fuzz_check_untouched(accounts, sizeof *accounts);
    }
    free(accounts);
    fuzz_input_finish(&input);
    return 0;
}
