/* Reads and prints the messages that wait in the outbox. */
#include "publisher/send/backlog.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "protocol/envelope.h"
#include "publisher/send/send_options.h"

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

static void backlog_message_finish(struct backlog_message *message)
{
    free(message->title);
}

/* A message of another version cannot be read: only its topic is printed. */
static bool read_body(struct backlog_message *out,
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
    struct backlog backlog;
};

static bool add(void *context, const struct outbox_message *stored)
{
    struct reading *reading = context;
    struct backlog *backlog = &reading->backlog;
    struct backlog_message message = {.seq = stored->seq};

    if (!topic_parse(stored->topic, &message.topic) ||
        message.topic.kind == TOPIC_INDEX ||
        outbox_is_held(reading->outbox, stored->seq))
        return true;
    struct backlog_message *grown =
        realloc(backlog->items, (backlog->count + 1) * sizeof *backlog->items);
    if (!grown)
        return false;
    backlog->items = grown;
    if (!read_body(&message, stored))
        return false;
    backlog->items[backlog->count++] = message;
    return true;
}

bool backlog_load(struct outbox *outbox, const char *org, struct backlog *out,
                  struct problem *problem)
{
    struct reading reading = {.outbox = outbox};

    problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (!outbox_each_waiting(outbox, org, clock_wall_ms(), add, &reading,
                             problem)) {
        backlog_finish(&reading.backlog);
        return false;
    }
    if (problem)
        problem->code = PROBLEM_NONE;
    *out = reading.backlog;
    return true;
}

void backlog_finish(struct backlog *backlog)
{
    for (size_t i = 0; i < backlog->count; i++)
        backlog_message_finish(&backlog->items[i]);
    free(backlog->items);
    *backlog = (struct backlog){.items = NULL};
}

static void remove_at(struct backlog *backlog, size_t index)
{
    backlog_message_finish(&backlog->items[index]);
    backlog->count--;
    memmove(backlog->items + index, backlog->items + index + 1,
            (backlog->count - index) * sizeof *backlog->items);
}

static bool is_replaced(const struct backlog_message *message,
                        const struct drafts *drafts,
                        const struct options *options)
{
    for (size_t i = 0; i < drafts->count; i++) {
        const struct message *draft = drafts->items[i].message;
        bool alert = draft->kind == MESSAGE_ALERT ||
                     draft->kind == MESSAGE_ALERT_CANCEL;
        if (alert == (message->topic.kind == TOPIC_ALERT) &&
            strcmp(draft->id, message->topic.id) == 0 &&
            strcmp(send_options_scope(options, draft), message->topic.scope) ==
                0)
            return true;
    }
    return false;
}

void backlog_without(struct backlog *backlog, const struct drafts *drafts,
                     const struct options *options)
{
    for (size_t i = backlog->count; i-- > 0;)
        if (is_replaced(&backlog->items[i], drafts, options))
            remove_at(backlog, i);
}

void backlog_without_alerts(struct backlog *backlog)
{
    for (size_t i = backlog->count; i-- > 0;)
        if (backlog->items[i].topic.kind == TOPIC_ALERT)
            remove_at(backlog, i);
}

void backlog_print(const struct backlog *backlog,
                   void (*print)(const char *format, ...)
                       __attribute__((format(printf, 1, 2))))
{
    for (size_t i = 0; i < backlog->count; i++) {
        const struct backlog_message *message = &backlog->items[i];
        char issued[CLOCK_MINUTE_BYTES];
        clock_format_minute(message->issued_ms, issued);
        print("%-*s %-32s %-18s %-22s %s",
              UTF8_FIELD(tr(message_kind_name(message->kind)), 13),
              message->topic.id[0] ? message->topic.id : "-",
              message->topic.scope, issued, message->title);
    }
}
