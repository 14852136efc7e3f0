/* Writes bodies, signs them and finds their topics. */
#include "tests/support/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "protocol/envelope.h"

const struct screen_identity delivery_screen = {
    .org = "erqi",
    .screen = "s1",
    .area = "410103001002",
    .groups = {"lobby"},
    .group_count = 1,
};

static const struct key *add_key(struct delivery_keys *keys, unsigned roles)
{
    struct key *key = NULL;

    assert_true(key_generate(KEY_ED25519, &key, NULL));
    assert_true(key_ring_add(&keys->ring, key, roles));
    return key;
}

struct delivery_keys *delivery_keys_create(void)
{
    struct delivery_keys *keys = calloc(1, sizeof *keys);

    assert_non_null(keys);
    keys->panels = add_key(keys, KEY_ROLE_PANELS);
    keys->alerts = add_key(keys, KEY_ROLE_ALERTS);
    keys->commands = add_key(keys, KEY_ROLE_COMMANDS);
    keys->both = add_key(keys, KEY_ROLE_PANELS | KEY_ROLE_ALERTS);
    keys->root = add_key(keys, KEY_ROLE_ROOT);
    assert_true(key_generate(KEY_ED25519, &keys->stranger, NULL));
    return keys;
}

void delivery_keys_destroy(struct delivery_keys *keys)
{
    if (!keys)
        return;
    key_ring_finish(&keys->ring);
    key_destroy(keys->stranger);
    free(keys);
}

void delivery_finish(struct delivery *delivery)
{
    free(delivery->payload);
    delivery->payload = NULL;
}

struct delivery delivery_sign(const struct key *key, const char *topic,
                              const char *body)
{
    struct delivery delivery = {.payload = NULL};

    snprintf(delivery.topic, sizeof delivery.topic, "%s", topic);
    assert_true(envelope_seal(key, body, strlen(body), &delivery.payload,
                              &delivery.bytes, NULL));
    return delivery;
}

static void set_time(json_t *object, const char *field, int64_t ms)
{
    char text[TIMESTAMP_BYTES];

    if (ms == TIMESTAMP_NONE)
        return;
    timestamp_format(ms, 480, text);
    assert_int_equal(json_object_set_new(object, field, json_string(text)), 0);
}

static json_t *list(const char *const *texts, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_string(texts[i]));
    return array;
}

static json_t *situation_object(const struct panel *panel)
{
    return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "template", "situation",
                     "section", panel_section_name(panel->section), "order",
                     panel->order, "title", "防汛", "date",
                     "2021-07-20T18:30:00+08:00", "level", panel->level);
}

/* Hours, weight and campaign; the other fields are not made. */
static json_t *schedule_object(const struct schedule *schedule)
{
    json_t *object = json_pack("{s:i}", "weight", schedule->weight);
    json_t *hours = json_array();

    for (size_t i = 0; i < schedule->times.hours_count; i++) {
        const struct schedule_hours *span = &schedule->times.hours[i];
        char text[32];
        snprintf(text, sizeof text, "%02d:%02d-%02d:%02d", span->from / 60,
                 span->from % 60, span->until / 60 % 24, span->until % 60);
        json_array_append_new(hours, json_string(text));
    }
    if (json_array_size(hours) > 0)
        json_object_set(object, "hours", hours);
    json_decref(hours);
    if (schedule->priority == SCHEDULE_CAMPAIGN) {
        json_object_set_new(object, "priority", json_string("campaign"));
        json_object_set_new(object, "share", json_integer(schedule->share));
    }
    return object;
}

static json_t *panel_object(const struct panel *panel)
{
    if (panel->template == TEMPLATE_SITUATION)
        return situation_object(panel);
    return json_pack("{s:s, s:s, s:i, s:s, s:o}", "template", "title",
                     "section", panel_section_name(panel->section), "order",
                     panel->order, "title", "品质二七", "schedule",
                     schedule_object(&panel->schedule));
}

static json_t *alert_object(const struct alert *alert)
{
    static const char *const urgencies[] = {"immediate", "expected", "future",
                                            "past", "unknown"};
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}",
                               "status", alert_status_name(alert->status),
                               "level", alert_level_name(alert->level),
                               "urgency", urgencies[alert->urgency], "event",
                               "暴雨", "headline", "暴雨预警", "area", "二七区",
                               "sender", "郑州市气象台", "references",
                               list(alert->references, alert->reference_count));

    set_time(object, "sent", alert->sent_ms);
    return object;
}

static json_t *cancel_object(const struct alert_cancel *cancel)
{
    return json_pack("{s:s, s:o}", "status", alert_status_name(cancel->status),
                     "references",
                     list(cancel->references, cancel->reference_count));
}

static json_t *make_body(const struct message *message)
{
    json_t *body = json_pack("{s:i, s:s, s:s, s:s, s:s, s:I}", "gaoshi", 1,
                             "kind", message_kind_name(message->kind), "org",
                             message->org, "scope", message->scope, "id",
                             message->id, "seq", (json_int_t)message->seq);

    set_time(body, "issued", message->issued_ms);
    set_time(body, "effective", message->effective_ms);
    set_time(body, "expires", message->expires_ms);
    if (message->kind == MESSAGE_PANEL)
        json_object_set_new(body, "panel", panel_object(&message->panel));
    if (message->kind == MESSAGE_ALERT)
        json_object_set_new(body, "alert", alert_object(&message->alert));
    if (message->kind == MESSAGE_ALERT_CANCEL)
        json_object_set_new(body, "cancel", cancel_object(&message->cancel));
    return body;
}

struct delivery delivery_by(const struct key *key, struct message *message)
{
    json_t *body = make_body(message);
    char *text = json_dumps(body, JSON_COMPACT);
    struct topic topic;
    char topic_text[LIMIT_TOPIC_BYTES];

    assert_non_null(text);
    assert_true(message_topic(message, &topic));
    assert_true(topic_format(&topic, topic_text));
    struct delivery delivery = delivery_sign(key, topic_text, text);
    free(text);
    json_decref(body);
    message_destroy(message);
    return delivery;
}

struct delivery delivery_of(const struct delivery_keys *keys,
                            struct message *message)
{
    return delivery_by(message_roles(message->kind) == KEY_ROLE_ALERTS
                           ? keys->alerts
                           : keys->panels,
                       message);
}

struct delivery delivery_key_list(const struct key *root, int64_t seq,
                                  int issued, json_t *const *entries)
{
    json_t *list = json_array();

    for (size_t i = 0; entries[i]; i++)
        json_array_append_new(list, entries[i]);
    json_t *content = json_pack("{s:o}", "entries", list);
    char *text = json_dumps(content, JSON_COMPACT);
    struct delivery delivery = delivery_text(
        root, "gaoshi/1/erqi/down/all/keys", "keys", seq, issued, text);
    free(text);
    json_decref(content);
    return delivery;
}

struct delivery delivery_text(const struct key *key, const char *topic,
                              const char *kind, int64_t seq, int issued,
                              const char *content)
{
    char body[32768];
    char time[TIMESTAMP_BYTES];
    struct topic parts;

    assert_true(topic_parse(topic, &parts));
    timestamp_format(made_time(issued), 480, time);
    bool command = parts.kind == TOPIC_COMMAND;
    const char *id = command ? parts.screen : parts.id;
    int length =
        snprintf(body, sizeof body,
                 "{'gaoshi':1,'kind':'%s','org':'%s','scope':'%s%s','seq':%lld,"
                 "'issued':'%s'%s%s%s,'%s':%s}",
                 kind, parts.org, command ? "screen-" : "",
                 command ? parts.screen : parts.scope, (long long)seq, time,
                 id[0] ? ",'id':'" : "", id, id[0] ? "'" : "", kind, content);
    assert_true(length > 0 && length < (int)sizeof body);
    for (char *c = body; *c; c++)
        if (*c == '\'')
            *c = '"';
    return delivery_sign(key, topic, body);
}

struct delivery delivery_index(const struct key *key, const char *scope,
                               int64_t seq, const char *content)
{
    char topic[LIMIT_TOPIC_BYTES];

    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/%s/index/%s", scope,
             key_id(key));
    return delivery_text(key, topic, "index", seq, 0, content);
}
