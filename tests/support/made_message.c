/* Builds messages as message_parse would, with texts in a tree of their own. */
#include "tests/support/made_message.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"

int64_t made_time(int minutes)
{
    return minutes == MADE_NONE ? TIMESTAMP_NONE
                                : MADE_EPOCH_MS + minutes * MADE_MINUTE_MS;
}

static int64_t optional_time(int minutes)
{
    return minutes == 0 ? TIMESTAMP_NONE : made_time(minutes);
}

static const char *own(struct message *message, const char *text)
{
    json_t *string = json_string(text);

    assert(string);
    json_array_append_new(message->root, string);
    return json_string_value(string);
}

static struct message *make(const struct made *made, enum message_kind kind)
{
    struct message *message = calloc(1, sizeof *message);

    assert(message);
    message->root = json_array();
    assert(message->root);
    message->kind = kind;
    message->org = own(message, "erqi");
    message->scope = own(message, made->scope ? made->scope : "all");
    message->id = own(message, made->id);
    if (made->key_id)
        strncpy(message->key_id, made->key_id, sizeof message->key_id - 1);
    message->seq = made->seq ? made->seq : 1;
    message->issued_ms = made_time(made->issued);
    message->effective_ms = optional_time(made->effective);
    message->expires_ms = optional_time(made->expires);
    return message;
}

static size_t refer(struct message *message, const struct made *made,
                    const char **references)
{
    size_t count = 0;

    while (count < MADE_REFERENCES && made->references[count]) {
        references[count] = own(message, made->references[count]);
        count++;
    }
    return count;
}

struct message *made_alert(const struct made *made)
{
    struct message *message = make(made, MESSAGE_ALERT);
    struct alert *alert = &message->alert;

    alert->status = made->status;
    alert->level = made->level;
    alert->urgency = made->urgency;
    alert->sent_ms = made_time(made->sent ? made->sent : made->issued);
    alert->reference_count = refer(message, made, alert->references);
    return message;
}

struct message *made_cancel(const struct made *made)
{
    struct message *message = make(made, MESSAGE_ALERT_CANCEL);

    message->cancel.status = made->status;
    message->cancel.reference_count = refer(message, made,
                                            message->cancel.references);
    return message;
}

struct message *made_panel(const struct made *made)
{
    struct message *message = make(made, MESSAGE_PANEL);

    message->panel.section = made->section;
    message->panel.order = made->order;
    message->panel.schedule = made->schedule ? *made->schedule
                                             : schedule_always;
    if (made->situation) {
        message->panel.template = TEMPLATE_SITUATION;
        message->panel.level = own(message, made->situation);
    }
    return message;
}

struct message *made_removal(const struct made *made)
{
    return make(made, MESSAGE_PANEL_REMOVAL);
}
