/* Publishes on their way: each is answered exactly once, by the broker, or
 * as unconfirmed when the line goes. */
#include "protocol/link/link_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From here on the broker said no (MQTT 5, reason codes). */
enum { REASON_CODE_REFUSED = 0x80 };

static void list_add(struct ticket_list *list, struct ticket *ticket)
{
    ticket->previous = NULL;
    ticket->next = list->first;
    if (list->first)
        list->first->previous = ticket;
    list->first = ticket;
    list->count++;
}

static void list_remove(struct ticket_list *list, struct ticket *ticket)
{
    if (ticket->previous)
        ticket->previous->next = ticket->next;
    else
        list->first = ticket->next;
    if (ticket->next)
        ticket->next->previous = ticket->previous;
    list->count--;
}

/* Takes the ticket from its list. True when its end was not told yet. */
static bool take(struct link *link, struct ticket *ticket)
{
    pthread_mutex_lock(&link->lock);
    bool untold = !ticket->reported;
    list_remove(untold ? &link->pending : &link->reported, ticket);
    if (untold) {
        nudge_expect(link);
        pthread_cond_broadcast(&link->changed);
    }
    pthread_mutex_unlock(&link->lock);
    return untold;
}

static void answer(struct ticket *ticket, enum link_result result,
                   const char *reason)
{
    struct link *link = ticket->link;
    uint64_t token = ticket->token;
    bool untold = take(link, ticket);

    free(ticket);
    if (untold && link->callbacks.published)
        link->callbacks.published(link->callbacks.context, token, result,
                                  reason);
}

static void on_success5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    pulse_heard(((struct ticket *)context)->link);
    answer(context, LINK_DELIVERED, "");
}

static void on_success(void *context, MQTTAsync_successData *data)
{
    (void)data;
    pulse_heard(((struct ticket *)context)->link);
    answer(context, LINK_DELIVERED, "");
}

static const char *address_in_use(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    const char *address = link->options.brokers[link->broker];
    pthread_mutex_unlock(&link->lock);
    return address;
}

static void on_failure5(void *context, MQTTAsync_failureData5 *data)
{
    struct ticket *ticket = context;

    if ((int)data->reasonCode < REASON_CODE_REFUSED) {
        answer(context, LINK_UNCONFIRMED, "the line went");
        return;
    }
    const char *name = MQTTReasonCode_toString(data->reasonCode);
    char text[LINK_REASON_BYTES];
    snprintf(text, sizeof text, "%s: %s (0x%02x)", address_in_use(ticket->link),
             name ? name : "refused", (unsigned)data->reasonCode);
    answer(context, LINK_REFUSED, text);
}

static void on_failure(void *context, MQTTAsync_failureData *data)
{
    /* MQTT 3.1.1 has no refusing answer to a publish. */
    (void)data;
    answer(context, LINK_UNCONFIRMED, "the line went");
}

static struct ticket *issue(struct link *link, uint64_t token)
{
    struct ticket *ticket = calloc(1, sizeof *ticket);

    if (!ticket)
        return NULL;
    ticket->link = link;
    ticket->token = token;
    pthread_mutex_lock(&link->lock);
    bool open = link->state == LINE_UP && !link->closing &&
                link->pending.count < LINK_PENDING_MAX;
    if (open) {
        list_add(&link->pending, ticket);
        nudge_expect(link);
        pthread_cond_broadcast(&link->changed);
    }
    pthread_mutex_unlock(&link->lock);
    if (open)
        return ticket;
    free(ticket);
    return NULL;
}

/* What a message is sent with; Paho copies all of it. */
struct sending {
    const char *topic;
    const char *payload;
    size_t bytes;
    int qos;
    bool retained;
    uint32_t lasts_s; /* 0: for ever */
};

static int send_message(struct link *link, const struct sending *sending,
                        struct ticket *ticket)
{
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    MQTTProperty expiry = {
        .identifier = MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL,
        .value.integer4 = sending->lasts_s,
    };

    response.context = ticket;
    if (link->options.mqtt_version == MQTTVERSION_5) {
        response.onSuccess5 = on_success5;
        response.onFailure5 = on_failure5;
        if (sending->lasts_s > 0)
            MQTTProperties_add(&response.properties, &expiry);
    } else {
        response.onSuccess = on_success;
        response.onFailure = on_failure;
    }
    int result = MQTTAsync_send(link->client, sending->topic,
                                (int)sending->bytes, sending->payload,
                                sending->qos, sending->retained, &response);
    MQTTProperties_free(&response.properties);
    return result;
}

/* Of the PUBLISH that MQTT 5 makes of it (3.3 of the standard). */
static size_t packet_bytes(const struct sending *sending)
{
    size_t after_length = 2 + strlen(sending->topic) +
                          (sending->qos > 0 ? 2 : 0) + 1 +
                          (sending->lasts_s > 0 ? 5 : 0) + sending->bytes;
    size_t length = 1;

    for (size_t rest = after_length; rest >= 128; rest /= 128)
        length++;
    return 1 + length + after_length;
}

/* A broker ends the line over a packet that is larger than it takes. */
static bool is_too_large(struct link *link, const struct sending *sending,
                         char reason[LINK_REASON_BYTES])
{
    size_t bytes = packet_bytes(sending);

    pthread_mutex_lock(&link->lock);
    uint32_t limit = link->state == LINE_UP ? link->packet_limit_bytes : 0;
    const char *address = link->options.brokers[link->broker];
    pthread_mutex_unlock(&link->lock);
    if (limit == 0 || bytes <= limit)
        return false;
    snprintf(reason, LINK_REASON_BYTES,
             "%.100s takes packets of %" PRIu32 " bytes at most, this one "
             "has %zu",
             address, limit, bytes);
    return true;
}

static bool publish(struct link *link, const struct sending *sending,
                    uint64_t token)
{
    char reason[LINK_REASON_BYTES];

    if (sending->bytes > LIMIT_MESSAGE_BYTES)
        return false;
    if (is_too_large(link, sending, reason)) {
        if (link->callbacks.published)
            link->callbacks.published(link->callbacks.context, token,
                                      LINK_REFUSED, reason);
        return true;
    }
    struct ticket *ticket = issue(link, token);
    if (!ticket)
        return false;
    if (send_message(link, sending, ticket) == MQTTASYNC_SUCCESS)
        return true;
    /* Nothing was queued. Was its end told meanwhile, because the line went,
     * then it counts as published and unconfirmed. */
    bool untold = take(link, ticket);
    free(ticket);
    return !untold;
}

bool link_publish(struct link *link, const char *topic, const char *payload,
                  size_t bytes, int qos, bool retained, uint64_t token)
{
    const struct sending sending = {topic, payload, bytes, qos, retained, 0};

    return publish(link, &sending, token);
}

bool link_publish_lasting(struct link *link, const char *topic,
                          const char *payload, size_t bytes, uint32_t lasts_s,
                          uint64_t token)
{
    const struct sending sending = {topic, payload, bytes, 1, true, lasts_s};

    return publish(link, &sending, token);
}

void tickets_report_lost(struct link *link, const char *reason)
{
    pthread_mutex_lock(&link->lock);
    while (link->pending.first) {
        struct ticket *ticket = link->pending.first;
        uint64_t token = ticket->token;
        list_remove(&link->pending, ticket);
        ticket->reported = true;
        list_add(&link->reported, ticket);
        pthread_mutex_unlock(&link->lock);
        if (link->callbacks.published)
            link->callbacks.published(link->callbacks.context, token,
                                      LINK_UNCONFIRMED, reason);
        pthread_mutex_lock(&link->lock);
    }
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

static struct timespec from_ms(int64_t ms)
{
    return (struct timespec){.tv_sec = ms / 1000,
                             .tv_nsec = ms % 1000 * 1000000};
}

void tickets_wait_answered(struct link *link, int64_t limit_ms)
{
    struct timespec until = from_ms(link_now_ms() + limit_ms);
    int result = 0;

    pthread_mutex_lock(&link->lock);
    while (link->pending.first && link->state == LINE_UP && result == 0)
        result = pthread_cond_timedwait(&link->changed, &link->lock, &until);
    pthread_mutex_unlock(&link->lock);
}

static void free_list(struct ticket_list *list)
{
    while (list->first) {
        struct ticket *ticket = list->first;
        list_remove(list, ticket);
        free(ticket);
    }
}

void tickets_free(struct link *link)
{
    free_list(&link->pending);
    free_list(&link->reported);
}
