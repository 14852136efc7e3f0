/* Filters of a link: with a clean start the broker forgets them, so they are
 * subscribed anew on every connect. */
#include "protocol/link/link_state.h"

#include <stdlib.h>
#include <string.h>

static void note_answered(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    if (link->subscribing > 0)
        link->subscribing--;
    pthread_mutex_unlock(&link->lock);
    pulse_heard(link);
}

static void tell(struct filter *filter, bool granted)
{
    const struct link_callbacks *callbacks = &filter->link->callbacks;

    if (callbacks->subscribed)
        callbacks->subscribed(callbacks->context, filter->text, granted);
}

static void on_success5(void *context, MQTTAsync_successData5 *data)
{
    struct filter *filter = context;

    (void)data;
    note_answered(filter->link);
    tell(filter, true);
}

static void on_success(void *context, MQTTAsync_successData *data)
{
    struct filter *filter = context;

    (void)data;
    note_answered(filter->link);
    tell(filter, true);
}

/* A line that went is no refusal: the next connect asks again. */
static void on_failure5(void *context, MQTTAsync_failureData5 *data)
{
    struct filter *filter = context;

    note_answered(filter->link);
    if ((int)data->reasonCode >= MQTT_BAD_SUBSCRIBE)
        tell(filter, false);
}

static void on_failure(void *context, MQTTAsync_failureData *data)
{
    struct filter *filter = context;

    note_answered(filter->link);
    if (data->code == MQTT_BAD_SUBSCRIBE)
        tell(filter, false);
}

static void subscribe(struct link *link, struct filter *filter)
{
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

    response.context = filter;
    if (link->options.mqtt_version == MQTTVERSION_5) {
        response.onSuccess5 = on_success5;
        response.onFailure5 = on_failure5;
    } else {
        response.onSuccess = on_success;
        response.onFailure = on_failure;
    }
    pthread_mutex_lock(&link->lock);
    link->subscribing++;
    nudge_expect(link);
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    /* Fails only without a line or memory; the next connect asks again. */
    if (MQTTAsync_subscribe(link->client, filter->text, 1, &response) !=
        MQTTASYNC_SUCCESS)
        note_answered(link);
}

void filters_subscribe(struct link *link, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        subscribe(link, &link->filters[i]);
}

bool link_subscribe(struct link *link, const char *filter,
                    struct problem *problem)
{
    char *copy = strdup(filter);

    if (!copy)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    pthread_mutex_lock(&link->lock);
    size_t index = link->filter_count;
    bool room = index < LINK_FILTER_MAX;
    if (room) {
        link->filters[index] = (struct filter){.link = link, .text = copy};
        link->filter_count++;
    }
    bool now = room && link->state == LINE_UP;
    pthread_mutex_unlock(&link->lock);
    if (!room) {
        free(copy);
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "more than %d subscriptions", LINK_FILTER_MAX);
    }
    if (now)
        filters_subscribe(link, index, 1);
    return true;
}

void link_refresh(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    size_t count = link->state == LINE_UP ? link->filter_count : 0;
    pthread_mutex_unlock(&link->lock);
    filters_subscribe(link, 0, count);
}

void filters_free(struct link *link)
{
    for (size_t i = 0; i < link->filter_count; i++)
        free(link->filters[i].text);
    link->filter_count = 0;
}
