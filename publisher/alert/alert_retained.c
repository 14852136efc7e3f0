/* Subscribes to the alert's slot in every scope, and verifies what comes. */
#include "publisher/alert/alert_retained.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "protocol/envelope.h"
#include "publisher/cli/tell.h"
#include "publisher/send/grants.h"
#include "publisher/send/session.h"

#include <stdlib.h>
#include <string.h>

struct retained {
    const struct options *options;
    struct key_ring ring;
    struct sent_alerts *out;
    struct problem *problem;
    bool complete;
};

/* Whether the key may send alerts there, as far as that is known here. */
static bool is_granted(const struct key_grant *grant,
                       const struct message *message)
{
    bool within = grant->scope_count == 0;

    for (size_t i = 0; i < grant->scope_count; i++)
        within = within || scope_contains(grant->scopes[i], message->scope);
    return within && key_grant_allows(grant, KEY_ROLE_ALERTS, NULL,
                                      message->issued_ms, NULL, NULL);
}

/* NULL: it is not signed by a key of the list, or it is no alert. */
static struct message *verify(const struct retained *retained,
                              const struct session_event *event)
{
    struct envelope envelope;
    struct message *message = NULL;
    struct topic topic;

    if (!envelope_open(&retained->ring, event->payload, event->bytes, &envelope,
                       NULL) ||
        !message_parse(envelope.body, envelope.body_bytes, MESSAGE_RECEIVED,
                       event->text, &message, NULL))
        return NULL;
    if ((message->kind == MESSAGE_ALERT ||
         message->kind == MESSAGE_ALERT_CANCEL) &&
        topic_parse(event->text, &topic) &&
        message_agrees_with_topic(message, &topic, NULL) &&
        is_granted(envelope.grant, message)) {
        snprintf(message->key_id, sizeof message->key_id, "%s",
                 envelope.key_id);
        return message;
    }
    message_destroy(message);
    return NULL;
}

static void tell_found(const struct message *message)
{
    bool is_alert = message->kind == MESSAGE_ALERT;
    char issued[CLOCK_MINUTE_BYTES];

    clock_format_minute(message->issued_ms, issued);
    tell_line("%s: not sent from here; the broker has it: %s%s%s %s, %s, "
              "issued %s, signed by the key %s",
              message->id,
              tr(alert_status_name(is_alert ? message->alert.status
                                            : message->cancel.status)),
              is_alert ? " " : "",
              is_alert ? tr(alert_level_name(message->alert.level)) : "",
              is_alert ? message->alert.event : tr("cancel"), message->scope,
              issued, message->key_id);
}

/* Takes the message. */
static bool put(struct retained *retained, struct message *message)
{
    bool is_alert = message->kind == MESSAGE_ALERT;
    struct sent_alert alert = {
        .id = strdup(message->id),
        .scope = strdup(message->scope),
        .status = is_alert ? message->alert.status : message->cancel.status,
        .issued_ms = message->issued_ms,
        .expires_ms = message->expires_ms,
        .cancelled_ms = is_alert ? TIMESTAMP_NONE : message->issued_ms,
        .alert = is_alert ? message : NULL,
        .state = OUTBOX_CONFIRMED,
    };
    struct sent_alert *items = realloc(
        retained->out->items, (retained->out->count + 1) * sizeof *items);

    if (items)
        retained->out->items = items;
    if (items && alert.id && alert.scope) {
        tell_found(message);
        items[retained->out->count++] = alert;
        if (!is_alert)
            message_destroy(message);
        return true;
    }
    free(alert.id);
    free(alert.scope);
    message_destroy(message);
    return problem_set(retained->problem, PROBLEM_SYSTEM, "out of memory");
}

static bool take(struct retained *retained, struct session_event *event)
{
    struct message *message = NULL;

    switch (event->kind) {
    case SESSION_MARKED:
        retained->complete = true;
        return true;
    case SESSION_DISCONNECTED:
        return !session_is_denied(event->text) ||
               problem_set(retained->problem, PROBLEM_SYSTEM, "%s",
                           event->text);
    case SESSION_RETAINED:
        message = verify(retained, event);
        if (!message)
            tell_line("%s: the broker has a message that no key of the list of "
                      "keys may have signed; it does not count",
                      event->text);
        free(event->payload);
        return !message || put(retained, message);
    default:
        return true;
    }
}

static bool collect(struct retained *retained, struct session *session)
{
    int64_t limit_ms = (int64_t)retained->options->timeout_s * 1000;
    struct session_event event;

    for (;;) {
        int64_t patience_ms = retained->complete ? SESSION_QUIET_MS : limit_ms;
        if (!session_next(session, clock_monotonic_ms() + patience_ms, &event))
            break;
        if (!take(retained, &event))
            return false;
    }
    return retained->complete ||
           problem_set(retained->problem, PROBLEM_SYSTEM,
                       "the broker did not tell within %d s what it retains",
                       retained->options->timeout_s);
}

bool alert_retained_load(const struct options *options, const char *id,
                         struct sent_alerts *out, struct problem *problem)
{
    struct retained retained = {
        .options = options, .out = out, .problem = problem};
    struct message *list = NULL;
    struct session *session = NULL;
    char filter[LIMIT_TOPIC_BYTES];
    const char *const filters[] = {filter};

    if (!grants_list(options, &list, problem))
        return false;
    snprintf(filter, sizeof filter, "gaoshi/1/%s/down/+/alert/%s", options->org,
             id);
    bool good = !list ||
                (key_list_apply(list->keys, &retained.ring, problem) &&
                 session_open(options, filters, 1, true, &session, problem) &&
                 collect(&retained, session));
    session_close(session);
    key_ring_finish(&retained.ring);
    message_destroy(list);
    return good;
}
