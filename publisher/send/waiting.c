/* Reads what waits, and tells it. */
#include "publisher/send/waiting.h"

#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "publisher/cli/clock.h"
#include "publisher/send/dispatch.h"

#include <stdlib.h>
#include <string.h>

static const char *title_of(const struct message *message)
{
    switch (message->kind) {
    case MESSAGE_PANEL:
        return message->panel.title;
    case MESSAGE_ALERT:
        return message->alert.event;
    case MESSAGE_ALERT_CANCEL:
        return message->cancel.event;
    default:
        return "";
    }
}

static void waiting_message_finish(struct waiting_message *message)
{
    free(message->title);
}

/* A message of another version is named by its topic alone. */
static bool read_body(struct waiting_message *out,
                      const struct outbox_message *stored)
{
    struct message *message = NULL;

    out->kind = out->topic.kind == TOPIC_ALERT ? MESSAGE_ALERT : MESSAGE_PANEL;
    out->issued_ms = TIMESTAMP_NONE;
    if (stored->bytes >= ENVELOPE_LINE_BYTES &&
        message_parse(stored->payload + ENVELOPE_LINE_BYTES,
                      stored->bytes - ENVELOPE_LINE_BYTES, MESSAGE_WIRE,
                      stored->topic, &message, NULL)) {
        out->kind = message->kind;
        out->issued_ms = message->issued_ms;
    }
    const char *title = message ? title_of(message) : "";
    out->title = strdup(title ? title : "");
    message_destroy(message);
    return out->title != NULL;
}

struct reading {
    struct outbox *outbox;
    struct waiting waiting;
};

static bool add(void *context, const struct outbox_message *stored)
{
    struct reading *reading = context;
    struct waiting *waiting = &reading->waiting;
    struct waiting_message message = {.seq = stored->seq};

    if (!topic_parse(stored->topic, &message.topic) ||
        message.topic.kind == TOPIC_INDEX ||
        outbox_is_held(reading->outbox, stored->seq))
        return true;
    struct waiting_message *grown =
        realloc(waiting->items, (waiting->count + 1) * sizeof *waiting->items);
    if (!grown)
        return false;
    waiting->items = grown;
    if (!read_body(&message, stored))
        return false;
    waiting->items[waiting->count++] = message;
    return true;
}

bool waiting_load(struct outbox *outbox, const char *org, struct waiting *out,
                  struct problem *problem)
{
    struct reading reading = {.outbox = outbox};

    problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (!outbox_each_waiting(outbox, org, clock_wall_ms(), add, &reading,
                             problem)) {
        waiting_finish(&reading.waiting);
        return false;
    }
    if (problem)
        problem->code = PROBLEM_NONE;
    *out = reading.waiting;
    return true;
}

void waiting_finish(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++)
        waiting_message_finish(&waiting->items[i]);
    free(waiting->items);
    *waiting = (struct waiting){.items = NULL};
}

static void remove_at(struct waiting *waiting, size_t index)
{
    waiting_message_finish(&waiting->items[index]);
    waiting->count--;
    memmove(waiting->items + index, waiting->items + index + 1,
            (waiting->count - index) * sizeof *waiting->items);
}

static bool is_replaced(const struct waiting_message *message,
                        const struct drafts *drafts,
                        const struct options *options)
{
    for (size_t i = 0; i < drafts->count; i++) {
        const struct message *draft = drafts->items[i].message;
        bool alert = draft->kind == MESSAGE_ALERT ||
                     draft->kind == MESSAGE_ALERT_CANCEL;
        if (alert == (message->topic.kind == TOPIC_ALERT) &&
            strcmp(draft->id, message->topic.id) == 0 &&
            strcmp(dispatch_scope(options, draft), message->topic.scope) == 0)
            return true;
    }
    return false;
}

void waiting_without(struct waiting *waiting, const struct drafts *drafts,
                     const struct options *options)
{
    for (size_t i = waiting->count; i-- > 0;)
        if (is_replaced(&waiting->items[i], drafts, options))
            remove_at(waiting, i);
}

void waiting_without_alerts(struct waiting *waiting)
{
    for (size_t i = waiting->count; i-- > 0;)
        if (waiting->items[i].topic.kind == TOPIC_ALERT)
            remove_at(waiting, i);
}

void waiting_print(const struct waiting *waiting,
                   void (*print)(const char *format, ...)
                       __attribute__((format(printf, 1, 2))))
{
    for (size_t i = 0; i < waiting->count; i++) {
        const struct waiting_message *message = &waiting->items[i];
        char issued[CLOCK_MINUTE_BYTES];
        clock_format_minute(message->issued_ms, issued);
        print("%-13s %-32s %-18s %-22s %s", message_kind_name(message->kind),
              message->topic.id[0] ? message->topic.id : "-",
              message->topic.scope, issued, message->title);
    }
}
