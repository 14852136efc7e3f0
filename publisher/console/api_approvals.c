/* Alerts that two people send: what the first one asks is frozen as a draft
 * whose times are fixed, and sent as it is when the second one confirms. */
#include "publisher/console/api_parts.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/timestamp.h"
#include "protocol/scope.h"
#include "publisher/alert/alert.h"
#include "publisher/send/compose.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHRINK_MAX = 16, PAGES_MAX = 9999 };

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* A level that is not known may be the highest one. */
static bool wants_two(const struct options *options,
                      const struct message *message, const char *scope)
{
    const struct alert *alert = &message->alert;

    return options->two_people >= 0 && alert->status == ALERT_STATUS_ACTUAL &&
           scope_rank(scope) <= options->two_people_width &&
           ((int)alert->level <= options->two_people ||
            alert->level == ALERT_LEVEL_UNKNOWN);
}

static json_t *about_json(const struct message *message, const char *scope)
{
    const struct alert *alert = &message->alert;

    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s*, s:s, s:b}", "level",
        alert_level_name(alert->level), "event", alert->event, "headline",
        alert->headline, "instruction", alert->instruction, "scope", scope,
        "expires", json_string_value(json_object_get(message->root, "expires")),
        "status", alert_status_name(alert->status), "update",
        alert->type == ALERT_TYPE_UPDATE);
}

/* The drafts that the command would send, one for each scope. */
struct frozen {
    struct options options;
    struct run_words words;
    struct drafts drafts;
    struct sent_alerts sent;
    int64_t base_seq;
};

static void frozen_finish(struct frozen *frozen)
{
    drafts_finish(&frozen->drafts);
    sent_alerts_finish(&frozen->sent);
    options_finish(&frozen->options);
    run_words_finish(&frozen->words);
}

static int64_t seq_of(const struct sent_alert *sent)
{
    return sent->alert ? sent->alert->seq : 0;
}

/* An alert may stand in several scopes, and an update goes to all of them. */
static bool freeze_updates(struct frozen *frozen, const char *update,
                           struct problem *problem)
{
    if (!send_options_load_sent(&frozen->options, update, &frozen->sent,
                                problem))
        return false;
    for (size_t i = 0; i < frozen->sent.count; i++) {
        const struct sent_alert *sent = &frozen->sent.items[i];
        if (seq_of(sent) > frozen->base_seq)
            frozen->base_seq = seq_of(sent);
        if (sent->alert && !alert_update_draft(&frozen->drafts,
                                               &frozen->options, sent, problem))
            return false;
    }
    return frozen->drafts.count > 0 ||
           problem_set_field(problem, "id",
                             "no alert of this id was sent from here");
}

static bool freeze(const struct api *api, const json_t *fields,
                   const char *update, const char *id, struct frozen *frozen,
                   struct problem *problem)
{
    if (!api_add_flags(&frozen->words, fields, problem))
        return false;
    if (!update)
        run_words_flag(&frozen->words, "id", id);
    return api_read_options(api, &frozen->words, &frozen->options, problem) &&
           (update ? freeze_updates(frozen, update, problem)
                   : alert_raise_draft(&frozen->drafts, &frozen->options,
                                       problem));
}

static const char *scope_of(const struct frozen *frozen, size_t draft)
{
    const struct message *message = frozen->drafts.items[draft].message;
    const char *own =
        json_string_value(json_object_get(message->root, "scope"));

    return own ? own : frozen->options.scope ? frozen->options.scope : "all";
}

static bool any_wants_two(const struct api *api, const struct frozen *frozen)
{
    for (size_t i = 0; i < frozen->drafts.count; i++)
        if (wants_two(api->options, frozen->drafts.items[i].message,
                      scope_of(frozen, i)))
            return true;
    return false;
}

/* Takes what was asked; answers. */
static void keep_waiting(struct http_request *request,
                         const struct login *login, struct approval *asked)
{
    struct api *api = api_of(request);
    struct problem problem = {0};

    snprintf(asked->who, sizeof asked->who, "%s", login->who);
    const struct approval *kept = approvals_ask(&api->approvals, asked,
                                                clock_monotonic_ms(),
                                                clock_wall_ms(), &problem);
    if (!kept) {
        http_answer_problem(request, 503, "", problem.expected);
        return;
    }
    if (!api_note(api, login->who, login->from, "waits",
                  json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*}", "approval",
                            kept->id, "digest", kept->digest, "id",
                            kept->message, "scope", kept->scope, "draft",
                            kept->draft, "reason", kept->words))) {
        approvals_decline(&api->approvals, kept->id, login->who, "",
                          clock_monotonic_ms(), &problem);
        http_answer_problem(request, 500, "",
                            "nothing is done without an entry in the journal");
        return;
    }
    http_tell(api->http, "approvals", json_true());
    http_answer_json(
        request, 202,
        json_pack("{s:s, s:s}", "approval", kept->id, "id", kept->message));
}

/* Without accounts nobody knows that there are two. */
static bool has_people(struct http_request *request)
{
    if (api_of(request)->checker)
        return true;
    http_answer_problem(request, 422, "scope",
                        "this alert needs two people: send it at a console "
                        "with accounts");
    return false;
}

static void ask_for_second(struct http_request *request,
                           const struct login *login,
                           const struct frozen *frozen)
{
    const struct message *message = frozen->drafts.items[0].message;
    const char *scope = scope_of(frozen, 0);
    struct problem problem = {0};
    struct options options = frozen->options;
    struct approval asked = {.base_seq = frozen->base_seq};

    if (!has_people(request))
        return;
    if (frozen->drafts.count > 1) {
        http_answer_problem(request, 422, "id",
                            "it stands in several scopes: cancel it, and raise "
                            "a new one");
        return;
    }
    options.scope = scope;
    asked.body = api_body_of(&options, &frozen->drafts.items[0], &problem);
    if (!asked.body) {
        api_answer_problem(request, &problem);
        return;
    }
    asked.draft = compose_print(message->root);
    asked.message = copy(message->id);
    asked.scope = copy(scope);
    asked.about = about_json(message, scope);
    keep_waiting(request, login, &asked);
}

bool api_alert_waits(struct http_request *request, const struct login *login,
                     const json_t *fields, const char *update, const char *id)
{
    const struct api *api = api_of(request);
    struct problem problem = {0};
    struct frozen frozen = {.base_seq = 0};
    bool waits = false;

    if (api->options->two_people < 0)
        return false;
    if (!freeze(api, fields, update, id, &frozen, &problem)) {
        api_answer_problem(request, &problem);
        waits = true;
    } else if (any_wants_two(api, &frozen)) {
        ask_for_second(request, login, &frozen);
        waits = true;
    }
    frozen_finish(&frozen);
    return waits;
}

/* Whether the end of this alert wants two; what is not known here may. Fills in
 * what is shown of it. */
static bool cancel_wants_two(const struct api *api, const char *id,
                             struct approval *asked)
{
    struct sent_alerts sent = {0};
    struct problem problem = {0};
    bool read = send_options_load_sent(api->options, id, &sent, &problem);
    bool wants = !read || sent.count == 0;

    for (size_t i = 0; i < sent.count; i++) {
        const struct sent_alert *one = &sent.items[i];
        if (seq_of(one) > asked->base_seq)
            asked->base_seq = seq_of(one);
        bool this_wants = one->alert
                              ? wants_two(api->options, one->alert, one->scope)
                              : one->status == ALERT_STATUS_ACTUAL;
        if (this_wants && one->alert && !asked->about)
            asked->about = about_json(one->alert, one->scope);
        wants = wants || this_wants;
    }
    if (read)
        sent_alerts_finish(&sent);
    return wants;
}

bool api_cancel_waits(struct http_request *request, const struct login *login)
{
    const struct api *api = api_of(request);
    struct approval asked = {.base_seq = 0};

    if (api->options->two_people < 0 || !api->options->two_people_cancel)
        return false;
    json_t *body = api_read_asked(request);
    const char *id = api_text(body, "id");
    const char *reason = api_text(body, "reason");
    if (!body)
        return true;
    /* Without a good id it is refused by whoever reads it next. */
    bool waits = id && identifier_is_valid(id) &&
                 cancel_wants_two(api, id, &asked);
    if (waits && has_people(request)) {
        asked.message = copy(id);
        asked.words = copy(reason ? reason : "");
        asked.scope = copy(api_text(asked.about, "scope"));
        keep_waiting(request, login, &asked);
    } else {
        json_decref(asked.about);
    }
    json_decref(body);
    return waits;
}

void api_get_approvals(struct http_request *request, const struct login *login)
{
    http_answer_json(request, 200,
                     approvals_json(&api_of(request)->approvals, login->who,
                                    clock_monotonic_ms()));
}

static const struct approval *find_asked(const struct http_request *request,
                                         const char *id)
{
    return id ? approvals_find(&api_of(request)->approvals, id) : NULL;
}

void api_get_approval_picture(struct http_request *request,
                              const struct login *login)
{
    const struct approval *one = find_asked(request, http_query(request, "id"));

    (void)login;
    if (!one || !one->body) {
        http_answer_problem(request, 404, "id", "not known");
        return;
    }
    json_t *wanted = api_wanted_picture(
        api_of(request), one->body,
        api_number(http_query(request, "shape"), 0, SHAPES_MAX),
        api_number(http_query(request, "page"), 1, PAGES_MAX),
        api_number(http_query(request, "shrink"), 2, SHRINK_MAX));
    json_object_set_new(wanted, "over", json_string("sample"));
    api_ask_painter(request, wanted);
}

/* Whether the alert still is as it was when the first person asked, and that
 * person still may ask. */
static bool still_holds(const struct api *api, const struct approval *one,
                        struct problem *problem)
{
    struct sent_alerts sent = {0};
    const struct account *account = accounts_find(&api->accounts.accounts,
                                                  one->who);
    int64_t seq = 0;

    if (!account || !(account->roles & ROLE_ALERTS))
        return problem_set_field(problem, "who",
                                 "whoever asked may not send alerts any more");
    if (!send_options_load_sent(api->options, one->message, &sent, problem))
        return false;
    for (size_t i = 0; i < sent.count; i++) {
        bool is_over = sent.items[i].cancelled_ms != TIMESTAMP_NONE;
        if (seq_of(&sent.items[i]) > seq || is_over)
            seq = is_over ? INT64_MAX : seq_of(&sent.items[i]);
    }
    sent_alerts_finish(&sent);
    return seq == one->base_seq ||
           problem_set_field(problem, "id",
                             "the alert changed meanwhile: decline this one, "
                             "and ask anew");
}

static char *write_draft(const struct api *api, const struct approval *one,
                         struct problem *problem)
{
    char *path = NULL;

    if (asprintf(&path, "%s/approval-%s.json", api->folder, one->id) < 0) {
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
        return NULL;
    }
    if (file_replace(path, 0600, one->draft, problem))
        return path;
    free(path);
    return NULL;
}

/* What was confirmed goes to the command; the request was answered in any case.
 */
static void send_confirmed(struct http_request *request,
                           const struct login *login,
                           const struct approval *one)
{
    struct api *api = api_of(request);
    struct problem problem = {0};
    struct run_words words = {.count = 0};
    struct api_deed deed = {.scope = copy(one->scope),
                            .id = copy(one->message)};
    char id[APPROVAL_ID_BYTES];

    memcpy(id, one->id, sizeof id);
    memcpy(deed.approval, one->id, sizeof deed.approval);
    run_words_add(&words, "alert");
    run_words_add(&words, one->draft ? "raise" : "cancel");
    if (one->draft) {
        deed.path = write_draft(api, one, &problem);
        run_words_add(&words, deed.path ? deed.path : "");
        run_words_flag(&words, "scope", one->scope);
    } else {
        run_words_add(&words, one->message);
        if (one->words && one->words[0])
            run_words_flag(&words, "reason", one->words);
    }
    run_words_add(&words, "--yes");
    if (one->draft && !deed.path) {
        run_words_finish(&words);
        free(deed.scope);
        free(deed.id);
        api_answer_problem(request, &problem);
        approvals_reopen(&api->approvals, id);
    } else if (!api_run(request, login, &words, &deed)) {
        approvals_reopen(&api->approvals, id);
    }
    http_tell(api->http, "approvals", json_true());
}

/* Refused attempts stand in the journal, too. */
static void refuse(struct http_request *request, const struct login *login,
                   const char *path, const char *id,
                   const struct problem *problem)
{
    api_note(api_of(request), login->who, login->from, "refused",
             json_pack("{s:s, s:s, s:s}", "path", path, "approval", id,
                       "reason", problem->field));
    http_answer_problem(request, strcmp(problem->field, "who") == 0 ? 403 : 409,
                        problem->field, problem->expected);
}

void api_post_confirm(struct http_request *request, const struct login *login)
{
    struct api *api = api_of(request);
    struct problem problem = {0};
    json_t *asked = api_read_asked(request);
    const char *digest = api_text(asked, "digest");

    if (!asked)
        return;
    const struct approval *one = find_asked(request, api_text(asked, "id"));
    if (!one) {
        http_answer_problem(request, 404, "id", "not known");
    } else if (one->draft && !api_is_confirmed(asked, one->about, &problem)) {
        api_answer_problem(request, &problem);
    } else if (!approvals_confirm(&api->approvals, one->id, login->who,
                                  digest ? digest : "", clock_monotonic_ms(),
                                  &problem)) {
        refuse(request, login, "/api/approval/confirm", one->id, &problem);
    } else if (!still_holds(api, one, &problem)) {
        approvals_reopen(&api->approvals, one->id);
        refuse(request, login, "/api/approval/confirm", one->id, &problem);
    } else if (!api_note(api, login->who, login->from, "confirmed",
                         json_pack("{s:s, s:s, s:s, s:s}", "approval", one->id,
                                   "digest", one->digest, "id", one->message,
                                   "asked", one->who))) {
        approvals_reopen(&api->approvals, one->id);
        http_answer_problem(request, 500, "",
                            "nothing is done without an entry in the journal");
    } else {
        send_confirmed(request, login, one);
    }
    json_decref(asked);
}

void api_post_decline(struct http_request *request, const struct login *login)
{
    struct api *api = api_of(request);
    struct problem problem = {0};
    json_t *asked = api_read_asked(request);
    const char *reason = api_text(asked, "reason");

    if (!asked)
        return;
    const struct approval *one = find_asked(request, api_text(asked, "id"));
    if (!one) {
        http_answer_problem(request, 404, "id", "not known");
    } else if (!approvals_decline(&api->approvals, one->id, login->who,
                                  reason ? reason : "", clock_monotonic_ms(),
                                  &problem)) {
        refuse(request, login, "/api/approval/decline", one->id, &problem);
    } else {
        api_note(api, login->who, login->from, "declined",
                 json_pack("{s:s, s:s, s:s, s:s, s:s}", "approval", one->id,
                           "digest", one->digest, "id", one->message, "asked",
                           one->who, "reason", one->reason));
        http_tell(api->http, "approvals", json_true());
        http_answer_json(request, 200, json_object());
    }
    json_decref(asked);
}
