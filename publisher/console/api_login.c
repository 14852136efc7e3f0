/* Lets people in and out: by a token on the operator's own machine, by an
 * account where the console listens on the network. */
#include "publisher/console/api_parts.h"

#include "base/clock.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/cli/tell.h"

#include <stdlib.h>
#include <string.h>

enum { COOKIE_NAME_BYTES = 48, COOKIE_BYTES = 256 };

/* Cookies know no ports. A name that begins so is taken by browsers only from
 * this very host, by TLS. */
static void cookie_name(const struct api *api, char out[COOKIE_NAME_BYTES])
{
    snprintf(out, COOKIE_NAME_BYTES, "%sgaoshi-console-%d",
             api->checker ? "__Host-" : "", http_port(api->http));
}

static void set_cookie(struct http_request *request, const char *value)
{
    const struct api *api = api_of(request);
    char name[COOKIE_NAME_BYTES], cookie[COOKIE_BYTES];

    cookie_name(api, name);
    snprintf(cookie, sizeof cookie,
             "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", name, value,
             api->checker ? "; Secure" : "", value[0] ? "" : "; Max-Age=0");
    http_add_header(request, "Set-Cookie", cookie);
}

struct login *api_find_login(struct http_request *request, int64_t now_ms)
{
    char name[COOKIE_NAME_BYTES];

    cookie_name(api_of(request), name);
    return sessions_find(&api_of(request)->sessions, http_cookie(request, name),
                         now_ms);
}

/* The address with the token is used once, and leaves no trace in the history:
 * the answer leads to the page without it. */
static void enter_by_token(struct http_request *request, const char *token)
{
    struct api *api = api_of(request);
    const struct login *login = sessions_enter(&api->sessions, token, api->who,
                                               clock_monotonic_ms());

    if (!login) {
        api_answer_text(request, 403,
                        "这个地址已经用过，请用终端里的新地址。\n"
                        "This address was used before: take the new one in the "
                        "terminal.\n");
        return;
    }
    set_cookie(request, login->cookie);
    http_add_header(request, "Location", "/");
    api_answer_text(request, 303, "");
    api->entered(api->context);
}

/* Somebody who gave a name and a password that is being compared. */
struct entry {
    struct http_request *request;
    char name[ATTEMPT_KEY_BYTES];
    bool is_known; /* it has an account */
    char from[ADDRESS_BYTES], network[ADDRESS_BYTES];
    uint64_t before; /* number of the login that the browser had; 0: none */
};

/* What has no account may be a password in the wrong field: it is not written
 * down. */
static void note_refused(const struct entry *entry, const char *reason,
                         long long wait_s)
{
    api_note(api_of(entry->request), entry->is_known ? entry->name : "?",
             entry->from, "login refused",
             json_pack("{s:s, s:I}", "reason", reason, "wait_s",
                       (json_int_t)wait_s));
}

static void refuse_entry(const struct entry *entry, enum password_result result)
{
    if (result == PASSWORD_UNKNOWN) {
        http_answer_problem(entry->request, 503, "", "the console ends");
        return;
    }
    note_refused(entry, "name or password", 0);
    http_answer_problem(entry->request, 401, "password",
                        "name or password is wrong");
}

static void end_login(struct api *api, uint64_t number)
{
    http_end_streams(api->http, number);
    sessions_end(&api->sessions, number);
}

/* The account may have changed meanwhile. A login always has a cookie of its
 * own, whatever the browser sent. */
static void entry_done(void *context, enum password_result result)
{
    struct entry *entry = context;
    struct api *api = api_of(entry->request);
    int64_t now_ms = clock_monotonic_ms();

    api_review(api, now_ms);
    const struct account *account = result == PASSWORD_RIGHT
                                        ? accounts_find(&api->accounts.accounts,
                                                        entry->name)
                                        : NULL;
    if (!account) {
        refuse_entry(entry, result);
        free(entry);
        return;
    }
    attempts_forgive(&api->attempts, ATTEMPT_ACCOUNT, entry->name);
    attempts_forgive(&api->attempts, ATTEMPT_ADDRESS, entry->network);
    if (entry->before > 0)
        end_login(api, entry->before);
    struct login *login = api_note(api, entry->name, entry->from, "login", NULL)
                              ? sessions_open(&api->sessions, account, now_ms)
                              : NULL;
    if (login) {
        memcpy(login->from, entry->from, sizeof login->from);
        set_cookie(entry->request, login->cookie);
        http_answer_json(entry->request, 200, json_object());
    } else {
        http_answer_problem(entry->request, 500, "",
                            "nobody can log in now: see the console's log");
    }
    free(entry);
}

/* True: it has to wait, and was answered. */
static bool must_wait(const struct entry *entry, int64_t now_ms)
{
    struct api *api = api_of(entry->request);
    struct attempts *attempts = &api->attempts;
    const int64_t waits_ms[ATTEMPT_COUNT] = {
        attempts_wait_ms(attempts, ATTEMPT_ACCOUNT, entry->name, now_ms),
        attempts_wait_ms(attempts, ATTEMPT_ADDRESS, entry->network, now_ms)};
    enum attempt_kind kind =
        waits_ms[ATTEMPT_ADDRESS] > waits_ms[ATTEMPT_ACCOUNT] ? ATTEMPT_ADDRESS
                                                              : ATTEMPT_ACCOUNT;
    long long wait_s = (waits_ms[kind] + 999) / 1000;
    char number[24];

    if (wait_s == 0)
        return false;
    if (attempts_tell_once(attempts, kind,
                           kind == ATTEMPT_ADDRESS ? entry->network
                                                   : entry->name))
        note_refused(entry,
                     kind == ATTEMPT_ADDRESS ? "too often from there"
                                             : "too often",
                     wait_s);
    snprintf(number, sizeof number, "%lld", wait_s);
    http_add_header(entry->request, "Retry-After", number);
    http_answer_json(entry->request, 429,
                     json_pack("{s:{s:s, s:s}, s:I}", "problem", "field",
                               "password", "text", tr("too many failed: wait"),
                               "wait_s", (json_int_t)wait_s));
    return true;
}

/* Failures are counted before the comparison; names that can have no account
 * count as one. */
static void begin_entry(struct entry *entry, const char *name,
                        const char *password)
{
    struct api *api = api_of(entry->request);
    int64_t now_ms = clock_monotonic_ms();
    const struct account *account = account_name_is_valid(name)
                                        ? accounts_find(&api->accounts.accounts,
                                                        name)
                                        : NULL;

    snprintf(entry->name, sizeof entry->name, "%s",
             account_name_is_valid(name) ? name : "?");
    entry->is_known = account != NULL;
    http_from(entry->request, entry->from);
    address_network(entry->from, entry->network);
    if (must_wait(entry, now_ms)) {
        free(entry);
        return;
    }
    if (!password_checker_ask(api->checker, account ? &account->password : NULL,
                              password, entry_done, entry)) {
        http_add_header(entry->request, "Retry-After", "2");
        http_answer_problem(entry->request, 503, "password",
                            "too many log in at once: try again");
        free(entry);
        return;
    }
    attempts_fail(&api->attempts, ATTEMPT_ACCOUNT, entry->name, account != NULL,
                  now_ms);
    attempts_fail(&api->attempts, ATTEMPT_ADDRESS, entry->network, false,
                  now_ms);
}

static void enter_by_account(struct http_request *request,
                             const struct login *login)
{
    json_t *asked = api_read_asked(request);
    const char *name = api_text(asked, "name");
    const char *password = api_text(asked, "password");
    struct entry *entry = NULL;

    if (!asked)
        return;
    if (!name || !password || strlen(password) > PASSWORD_BYTES) {
        http_answer_problem(request, 422, "name",
                            "expected a name and a password");
    } else if (!(entry = calloc(1, sizeof *entry))) {
        http_answer_json(request, 500, NULL);
    } else {
        entry->request = request;
        entry->before = login ? login->number : 0;
        begin_entry(entry, name, password);
    }
    json_decref(asked);
}

bool api_enter(struct http_request *request, const struct login *login)
{
    const struct api *api = api_of(request);
    const char *token = http_query(request, "token");

    if (api->checker && request->is_post &&
        strcmp(request->path, "/login") == 0) {
        enter_by_account(request, login);
        return true;
    }
    if (api->checker || !token || request->is_post ||
        strcmp(request->path, "/") != 0)
        return false;
    enter_by_token(request, token);
    return true;
}

void api_answer_stranger(struct http_request *request)
{
    if (!api_of(request)->checker) {
        api_answer_text(request, 401,
                        "请用终端里的地址打开控制台。\n"
                        "Open the console with the address in the terminal.\n");
    } else if (!request->is_post && strcmp(request->path, "/") == 0) {
        http_add_header(request, "Location", "/login");
        api_answer_text(request, 303, "");
    } else {
        http_answer_problem(request, 401, "", "log in first");
    }
}

void api_post_logout(struct http_request *request, const struct login *login)
{
    struct api *api = api_of(request);

    api_note(api, login->who, login->from, "logout", NULL);
    end_login(api, login->number);
    set_cookie(request, "");
    http_answer_json(request, 200, json_object());
}

static void on_ended(void *context, const struct login *login)
{
    struct api *api = context;

    http_end_streams(api->http, login->number);
}

static void on_lapsed(void *context, const struct approval *approval)
{
    api_note(context, approval->who, "", "lapsed",
             json_pack("{s:s, s:s}", "approval", approval->id, "digest",
                       approval->digest));
}

void api_review(struct api *api, int64_t now_ms)
{
    struct problem problem = {.consequence = "nobody is logged in"};
    bool was_read = api->accounts.was_read;

    if (api->checker && !accounts_file_refresh(&api->accounts, &problem) &&
        was_read)
        tell_problem(&problem);
    sessions_review(&api->sessions,
                    api->checker ? &api->accounts.accounts : NULL, now_ms,
                    on_ended, api);
    if (approvals_turn(&api->approvals, now_ms, on_lapsed, api))
        http_tell(api->http, "approvals", json_true());
}

void api_finish(struct api *api)
{
    approvals_finish(&api->approvals);
    explicit_bzero(&api->sessions, sizeof api->sessions);
}
