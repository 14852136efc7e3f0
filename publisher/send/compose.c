/* Makes the signed message from a draft. */
#include "publisher/send/compose.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "protocol/message.h"

#include <stdlib.h>
#include <string.h>

/* With 15 digits every decimal number of up to 15 digits is printed as it was
 * typed. */
#define PRINT_FLAGS                                                            \
    (JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15))

/* The text of a field, from the draft or from the frame; if both have one, they
 * must be equal. NULL: refused. */
static const char *agreed_text(const json_t *draft, const char *field,
                               const char *framed, const char *otherwise,
                               struct problem *problem)
{
    const char *drafted = json_string_value(json_object_get(draft, field));

    if (drafted && framed && strcmp(drafted, framed) != 0) {
        problem_set_field(problem, field,
                          "'%s' stands in the draft, '%s' was asked for",
                          drafted, framed);
        return NULL;
    }
    if (!drafted && !framed && !otherwise)
        problem_set_field(problem, field,
                          "missing: neither in the draft nor "
                          "given");
    return drafted ? drafted : framed ? framed : otherwise;
}

/* Common fields first, then the draft's own fields in their order. */
static json_t *build(const json_t *draft, const struct compose_frame *frame,
                     const char *org, const char *scope)
{
    char issued[TIMESTAMP_BYTES];
    json_t *body = json_object();
    int failed = 0;

    timestamp_format(frame->issued_ms, frame->utc_offset_minutes, issued);
    failed |= json_object_set_new(body, "gaoshi", json_integer(1));
    failed |= json_object_set(body, "kind", json_object_get(draft, "kind"));
    if (json_object_get(draft, "id"))
        failed |= json_object_set(body, "id", json_object_get(draft, "id"));
    failed |= json_object_set_new(body, "org", json_string(org));
    failed |= json_object_set_new(body, "scope", json_string(scope));
    failed |= json_object_set_new(body, "seq", json_integer(frame->seq));
    failed |= json_object_set_new(body, "issued", json_string(issued));
    failed |= json_object_update_missing(body, (json_t *)(uintptr_t)draft);
    if (!failed)
        return body;
    json_decref(body);
    return NULL;
}

char *compose_print(const json_t *body)
{
    return json_dumps(body, PRINT_FLAGS);
}

bool compose_body(const json_t *draft, const struct compose_frame *frame,
                  char **out, size_t *bytes, struct problem *problem)
{
    const char *org = agreed_text(draft, "org", frame->org, NULL, problem);
    if (!org)
        return false;
    const char *scope = agreed_text(draft, "scope", frame->scope, "all",
                                    problem);
    if (!scope)
        return false;
    json_t *body = build(draft, frame, org, scope);
    char *text = body ? compose_print(body) : NULL;
    json_decref(body);
    if (!text)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    *out = text;
    *bytes = strlen(text);
    return true;
}

void composed_finish(struct composed *composed)
{
    free(composed->body);
    message_destroy(composed->message);
}

static void set_place(struct problem *problem, const char *place)
{
    problem_set_place(problem, place);
    problem->line = 0;
    problem->column = 0;
}

bool compose_draft(const struct draft *draft, const struct compose_frame *frame,
                   struct composed *out, struct problem *problem)
{
    struct composed composed = {0};
    struct topic topic;

    bool done = compose_body(draft->message->root, frame, &composed.body,
                             &composed.bytes, problem) &&
                message_parse(composed.body, composed.bytes, MESSAGE_WIRE,
                              draft->place, &composed.message, problem);
    if (done && (!message_topic(composed.message, &topic) ||
                 !topic_format(&topic, composed.topic)))
        done = problem_set(problem, PROBLEM_TOPIC, "it has no topic");
    if (!done) {
        set_place(problem, draft->place);
        composed_finish(&composed);
        return false;
    }
    *out = composed;
    return true;
}

size_t compose_limit(enum message_kind kind)
{
    bool alert = kind == MESSAGE_ALERT || kind == MESSAGE_ALERT_CANCEL ||
                 kind == MESSAGE_SETTINGS;

    if (kind == MESSAGE_FIGURE)
        return LIMIT_FIGURE_BYTES;
    return alert ? LIMIT_ALERT_BYTES : LIMIT_MESSAGE_BYTES;
}

/* A name of the greatest length. */
static const char *longest(const struct message *message, const char *field,
                           char out[LIMIT_IDENTIFIER_BYTES + 1])
{
    memset(out, 'x', LIMIT_IDENTIFIER_BYTES);
    out[LIMIT_IDENTIFIER_BYTES] = '\0';
    return json_object_get(message->root, field) ? NULL : out;
}

bool compose_check(const struct draft *draft, struct problem *problem)
{
    const struct message *message = draft->message;
    char org[LIMIT_IDENTIFIER_BYTES + 1], name[LIMIT_IDENTIFIER_BYTES + 1];
    char scope[SCOPE_BYTES];
    int64_t now_ms = clock_wall_ms();
    struct compose_frame frame = {
        .org = longest(message, "org", org),
        .seq = now_ms,
        .issued_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
    struct composed composed;

    /* An alert that is over is checked as of a time before its end: «alert
     * raise» refuses it, but its file is valid. */
    if (message->kind == MESSAGE_ALERT &&
        message->expires_ms != TIMESTAMP_NONE && message->expires_ms <= now_ms)
        frame.issued_ms = message->expires_ms - 1000;
    if (message->kind != MESSAGE_PANEL && message->kind != MESSAGE_ALERT &&
        message->kind != MESSAGE_PANEL_REMOVAL &&
        message->kind != MESSAGE_ALERT_CANCEL &&
        message->kind != MESSAGE_SETTINGS && message->kind != MESSAGE_FIGURE)
        return true;
    if (longest(message, "scope", name)) {
        snprintf(scope, sizeof scope, "screen-%s", name);
        frame.scope = scope;
    }
    if (!compose_draft(draft, &frame, &composed, problem))
        return false;
    size_t bytes = ENVELOPE_LINE_BYTES + composed.bytes;
    composed_finish(&composed);
    if (bytes <= compose_limit(message->kind))
        return true;
    problem_set(problem, PROBLEM_TOO_LARGE,
                "%zu bytes as it would be sent, %zu at most", bytes,
                compose_limit(message->kind));
    set_place(problem, draft->place);
    return false;
}

bool compose_seal(const struct key *key, const char *body, char **out,
                  size_t *bytes, struct problem *problem)
{
    char *sealed = NULL;
    size_t sealed_bytes = 0;

    if (!envelope_seal(key, body, strlen(body), &sealed, &sealed_bytes,
                       problem))
        return false;
    char *text = realloc(sealed, sealed_bytes + 1);
    if (!text) {
        free(sealed);
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    }
    text[sealed_bytes] = '\0';
    *out = text;
    *bytes = sealed_bytes;
    return true;
}

bool compose_sign(const struct key *key, const struct composed *composed,
                  struct outbox_message *out, char **payload,
                  struct problem *problem)
{
    size_t limit = compose_limit(composed->message->kind);

    *out = (struct outbox_message){
        .seq = composed->message->seq,
        .org = composed->message->org,
        .topic = composed->topic,
        .expires_ms = composed->message->kind == MESSAGE_ALERT
                          ? message_alert_end_ms(composed->message)
                          : composed->message->expires_ms,
    };
    *payload = NULL;
    if (!envelope_seal(key, composed->body, composed->bytes, payload,
                       &out->bytes, problem))
        return false;
    out->payload = *payload;
    return out->bytes <= limit ||
           problem_set(problem, PROBLEM_TOO_LARGE,
                       "%zu bytes with the signature, %zu at most", out->bytes,
                       limit);
}
