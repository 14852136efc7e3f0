/* Requests of one person and answers of another. */
#include "publisher/console/approvals.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const state_names[APPROVAL_STATE_COUNT] = {
    "waits", "confirmed", "declined", "lapsed"};

static void forget(struct approval *approval)
{
    free(approval->draft);
    free(approval->body);
    free(approval->message);
    free(approval->scope);
    free(approval->words);
    json_decref(approval->about);
    *approval = (struct approval){.id = ""};
}

void approvals_finish(struct approvals *approvals)
{
    for (size_t i = 0; i < APPROVALS_MAX; i++)
        forget(&approvals->items[i]);
}

/* A free place, otherwise that of what ended first. NULL: all wait. */
static struct approval *find_place(struct approvals *approvals)
{
    struct approval *place = NULL;

    for (size_t i = 0; i < APPROVALS_MAX; i++) {
        struct approval *one = &approvals->items[i];
        if (!one->id[0])
            return one;
        if (one->state != APPROVAL_WAITS &&
            (!place || one->decided_ms < place->decided_ms))
            place = one;
    }
    return place;
}

/* Of the draft and where it goes; of a cancel its id, scope and reason. */
static bool make_digest(struct approval *approval)
{
    unsigned char hash[APPROVAL_HASH_BYTES];
    char *text = NULL;
    int length = asprintf(&text, "%s\n%s\n%s", approval->message,
                          approval->scope ? approval->scope : "",
                          approval->draft   ? approval->draft
                          : approval->words ? approval->words
                                            : "");

    if (length < 0)
        return false;
    bool made = EVP_Digest(text, (size_t)length, hash, NULL, EVP_sha256(),
                           NULL) == 1;
    free(text);
    hex_print(hash, made ? sizeof hash : 0, approval->digest);
    return made;
}

const struct approval *approvals_ask(struct approvals *approvals,
                                     struct approval *asked, int64_t now_ms,
                                     int64_t wall_ms, struct problem *problem)
{
    struct approval *place = find_place(approvals);
    bool made = place && asked->message &&
                hex_draw((APPROVAL_ID_BYTES - 1) / 2, asked->id) &&
                make_digest(asked);

    if (!made) {
        forget(asked);
        problem_set(problem, PROBLEM_SYSTEM,
                    place ? "out of memory"
                          : "too many alerts wait for a second person");
        return NULL;
    }
    forget(place);
    *place = *asked;
    *asked = (struct approval){.id = ""};
    place->state = APPROVAL_WAITS;
    place->asked_ms = now_ms;
    place->asked_wall_ms = wall_ms;
    place->code = -1;
    return place;
}

const struct approval *approvals_find(const struct approvals *approvals,
                                      const char *id)
{
    for (size_t i = 0; i < APPROVALS_MAX; i++)
        if (approvals->items[i].id[0] &&
            strcmp(approvals->items[i].id, id) == 0)
            return &approvals->items[i];
    return NULL;
}

static struct approval *find_waiting(struct approvals *approvals,
                                     const char *id, int64_t now_ms,
                                     struct problem *problem)
{
    const struct approval *found = approvals_find(approvals, id);

    if (found && found->state == APPROVAL_WAITS &&
        now_ms < found->asked_ms + APPROVAL_LASTS_MS)
        return &approvals->items[found - approvals->items];
    problem_set_field(problem, "id", "it does not wait any more");
    return NULL;
}

static void decide(struct approval *approval, enum approval_state state,
                   const char *who, const char *reason, int64_t now_ms)
{
    approval->state = state;
    approval->decided_ms = now_ms;
    snprintf(approval->decided, sizeof approval->decided, "%s", who);
    snprintf(approval->reason, sizeof approval->reason, "%s", reason);
}

bool approvals_confirm(struct approvals *approvals, const char *id,
                       const char *who, const char *digest, int64_t now_ms,
                       struct problem *problem)
{
    struct approval *one = find_waiting(approvals, id, now_ms, problem);

    if (!one)
        return false;
    if (strcmp(one->who, who) == 0)
        return problem_set_field(problem, "who",
                                 "whoever asks cannot confirm: it needs a "
                                 "second account");
    if (strcmp(one->digest, digest) != 0)
        return problem_set_field(problem, "digest",
                                 "this is not what waits: look at it again");
    decide(one, APPROVAL_CONFIRMED, who, "", now_ms);
    return true;
}

bool approvals_decline(struct approvals *approvals, const char *id,
                       const char *who, const char *reason, int64_t now_ms,
                       struct problem *problem)
{
    struct approval *one = find_waiting(approvals, id, now_ms, problem);

    if (!one)
        return false;
    if (strlen(reason) >= APPROVAL_REASON_BYTES)
        return problem_set_field(problem, "reason", "%d bytes at most",
                                 APPROVAL_REASON_BYTES - 1);
    decide(one, APPROVAL_DECLINED, who, reason, now_ms);
    return true;
}

bool approvals_turn(struct approvals *approvals, int64_t now_ms,
                    void (*lapsed)(void *context,
                                   const struct approval *approval),
                    void *context)
{
    bool changed = false;

    for (size_t i = 0; i < APPROVALS_MAX; i++) {
        struct approval *one = &approvals->items[i];
        if (!one->id[0])
            continue;
        if (one->state == APPROVAL_WAITS &&
            now_ms >= one->asked_ms + APPROVAL_LASTS_MS) {
            decide(one, APPROVAL_LAPSED, "", "", now_ms);
            lapsed(context, one);
            changed = true;
        } else if (one->state != APPROVAL_WAITS &&
                   now_ms >= one->decided_ms + APPROVAL_SHOWN_MS) {
            forget(one);
            changed = true;
        }
    }
    return changed;
}

static struct approval *find_own(struct approvals *approvals, const char *id)
{
    const struct approval *found = approvals_find(approvals, id);

    return found ? &approvals->items[found - approvals->items] : NULL;
}

void approvals_reopen(struct approvals *approvals, const char *id)
{
    struct approval *one = find_own(approvals, id);

    if (one)
        decide(one, APPROVAL_WAITS, "", "", 0);
}

void approvals_sent(struct approvals *approvals, const char *id, int code)
{
    struct approval *one = find_own(approvals, id);

    if (one)
        one->code = code;
}

static json_t *approval_json(const struct approval *one, const char *who,
                             int64_t now_ms)
{
    int64_t left_ms = one->asked_ms + APPROVAL_LASTS_MS - now_ms;

    return json_pack(
        "{s:s, s:s, s:s, s:b, s:s, s:s, s:I, s:I, s:i, s:s, s:b, s:s, s:s, "
        "s:s*, "
        "s:O*}",
        "id", one->id, "state", state_names[one->state], "who", one->who, "own",
        strcmp(one->who, who) == 0, "decided", one->decided, "reason",
        one->reason, "asked_ms", (json_int_t)one->asked_wall_ms, "left_ms",
        (json_int_t)(left_ms > 0 ? left_ms : 0), "code", one->code, "digest",
        one->digest, "cancel", one->draft == NULL, "message", one->message,
        "scope", one->scope ? one->scope : "", "words", one->words, "about",
        one->about);
}

json_t *approvals_json(const struct approvals *approvals, const char *who,
                       int64_t now_ms)
{
    json_t *list = json_array();
    const struct approval *sorted[APPROVALS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < APPROVALS_MAX; i++) {
        const struct approval *one = &approvals->items[i];
        size_t at = count;
        if (!one->id[0])
            continue;
        for (; at > 0 && sorted[at - 1]->asked_ms < one->asked_ms; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = one;
        count++;
    }
    for (size_t i = 0; list && i < count; i++)
        json_array_append_new(list, approval_json(sorted[i], who, now_ms));
    return list;
}
