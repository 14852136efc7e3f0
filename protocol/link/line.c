/* Keeps the line up: one thread of ours decides when Paho connects, and where
 * to. Paho's own reconnect stays off: it looks only every three seconds, and
 * of several brokers it returns to the last one alone. */
#include "protocol/link/link_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    /* Paho looks at its own limit every 3 s and may look up names before. */
    GIVE_UP_MS = 30000,
    STEADY_MS = 5000, /* a line that stood so long begins with short steps */
    CLOSE_LIMIT_MS = 2000,
    FAULT_FRESH_MS = 30000,
    SHORT_LIVES_TOLD = 3, /* lines in a row that stood shorter */
};

int64_t link_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Lock held. The next broker is tried at once while there is one that was
 * not tried in this round. Steps count from the begin of the last attempt:
 * one that waited seconds for nobody spared the broker long enough, and the
 * line may be back by now. */
static void schedule(struct link *link)
{
    size_t count = link->options.broker_count;
    int64_t now_ms = link_now_ms();

    link->state = LINE_DOWN;
    link->next_ms = now_ms;
    link->broker = (link->broker + 1) % count;
    if (link->failures % count == 0) {
        int64_t due_ms = link->attempt_ms + pace_step_ms(link);
        int64_t soon_ms = now_ms + pace_least_ms();
        link->next_ms = due_ms > soon_ms ? due_ms : soon_ms;
    }
    pthread_cond_broadcast(&link->changed);
}

/* Gives the reason unless it is the one given before. */
static void tell(struct link *link, const char *reason)
{
    pthread_mutex_lock(&link->lock);
    bool news = strcmp(link->told, reason) != 0;
    snprintf(link->told, sizeof link->told, "%s", reason);
    pthread_mutex_unlock(&link->lock);
    if (news && link->callbacks.disconnected)
        link->callbacks.disconnected(link->callbacks.context, reason);
}

/* Notes why; the keeper goes on from there, because to look closer takes
 * time that Paho's thread does not have. */
void line_attempt_failed(struct link *link, const char *why, bool is_final)
{
    pthread_mutex_lock(&link->lock);
    if (link->state == LINE_TRYING) {
        snprintf(link->failure, sizeof link->failure, "%s",
                 link->tls_error[0] && !is_final ? link->tls_error : why);
        link->failure_is_final = is_final;
        link->state = LINE_FAILED;
        pthread_cond_broadcast(&link->changed);
    }
    pthread_mutex_unlock(&link->lock);
}

/* Says what is wrong, where a look at TLS can tell; true: our own certificate.
 * Looked at again after FAULT_FRESH_MS only: a thousand screens whose broker
 * lost its certificate must not double their connections. */
static bool is_our_fault(struct link *link, size_t broker,
                         char out[TLS_REASON_BYTES])
{
    struct fault *fault = &link->faults[broker];
    int64_t now_ms = link_now_ms();

    if (fault->found_ms == 0 || now_ms - fault->found_ms >= FAULT_FRESH_MS) {
        fault->found_ms = now_ms;
        tls_find_fault(&link->options, broker, &fault->tls);
    }
    if (fault->tls.text[0])
        snprintf(out, TLS_REASON_BYTES, "%s", fault->tls.text);
    return fault->tls.is_ours;
}

/* Lock held on entry and on return. */
static void settle_failure(struct link *link)
{
    size_t broker = link->broker;
    bool look = link->tls && !link->failure_is_final;
    char reason[LINK_REASON_BYTES];
    char why[TLS_REASON_BYTES];

    snprintf(why, sizeof why, "%s", link->failure);
    pthread_mutex_unlock(&link->lock);
    bool unwelcome = look && is_our_fault(link, broker, why);
    snprintf(reason, sizeof reason, "no connection to %.100s: %s",
             link->options.brokers[broker], why);
    pthread_mutex_lock(&link->lock);
    link->is_unwelcome = unwelcome;
    link->failures++;
    schedule(link);
    pthread_mutex_unlock(&link->lock);
    tell(link, reason);
    pthread_mutex_lock(&link->lock);
}

/* Lock held. mosquitto 2.0.11 throws the older of two clients of one name
 * out without a word, so what happens again and again is asked about. */
static void say_lost(const struct link *link, const char *why,
                     char out[LINK_REASON_BYTES])
{
    const char *address = link->options.brokers[link->broker];

    if (link->short_lives < SHORT_LIVES_TOLD)
        snprintf(out, LINK_REASON_BYTES, "lost %.100s: %.120s", address, why);
    else
        snprintf(out, LINK_REASON_BYTES,
                 "lost %.80s: %.40s, soon after it came up, again and again: "
                 "does another client use the name '%.100s'?",
                 address, why, link->options.client_id);
}

static void line_lost(struct link *link, const char *why)
{
    char reason[LINK_REASON_BYTES];

    pthread_mutex_lock(&link->lock);
    bool was_up = link->state == LINE_UP ||
                  (link->state == LINE_CLOSED && !link->closing);
    if (was_up) {
        link->subscribing = 0;
        bool steady = link_now_ms() - link->up_since_ms >= STEADY_MS;
        link->failures = steady ? 0 : link->failures + 1;
        link->short_lives = steady ? 0 : link->short_lives + 1;
        say_lost(link, why, reason);
        schedule(link);
    }
    pthread_mutex_unlock(&link->lock);
    if (!was_up)
        return;
    tickets_report_lost(link, reason);
    tell(link, reason);
}

static void on_connected(void *context, char *cause)
{
    struct link *link = context;

    (void)cause;
    wake_for_connect(false);
    pthread_mutex_lock(&link->lock);
    link->state = LINE_UP;
    link->up_since_ms = link_now_ms();
    link->connect_ms = link->up_since_ms - link->attempt_ms;
    link->told[0] = '\0';
    link->is_unwelcome = false;
    pulse_begin(link);
    size_t count = link->filter_count;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    filters_subscribe(link, 0, count);
    if (link->callbacks.connected)
        link->callbacks.connected(link->callbacks.context);
}

static void on_connection_lost(void *context, char *cause)
{
    size_t oversize = wake_take_oversize();
    char text[80];

    if (oversize > 0) {
        snprintf(text, sizeof text,
                 "the broker sent a packet of %zu bytes, %d at most", oversize,
                 LINK_CUT_BYTES);
        cause = text;
    }
    line_lost(context, cause ? cause : "the connection broke");
}

/* A DISCONNECT from the broker; Paho does not call connectionLost then. */
static void on_disconnected(void *context, MQTTProperties *properties,
                            enum MQTTReasonCodes code)
{
    struct link *link = context;
    const char *name = MQTTReasonCode_toString(code);

    (void)properties;
    line_lost(link, name ? name : "the broker ended it");
}

static int on_message(void *context, char *topic, int topic_bytes,
                      MQTTAsync_message *message)
{
    struct link *link = context;
    size_t bytes = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;

    if (bytes > LIMIT_MESSAGE_BYTES)
        bytes = LIMIT_MESSAGE_BYTES + 1;
    pulse_heard(link);
    /* A topic of another length than its text holds NUL: none of ours. */
    bool whole = topic_bytes == 0 || (size_t)topic_bytes == strlen(topic);
    if (whole && link->callbacks.message)
        link->callbacks.message(link->callbacks.context, topic,
                                message->payload, bytes, message->retained);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
}

/* Nothing is asked of the broker with files that cannot serve. */
static bool files_are_good(struct link *link)
{
    struct problem problem = {0};
    char text[TLS_REASON_BYTES];

    if (!link->tls || link_check_files(&link->options, &problem))
        return true;
    problem.field[0] = '\0'; /* the file says enough */
    problem_format(&problem, text, sizeof text);
    line_attempt_failed(link, text, true);
    return false;
}

/* Lock held on entry and on return. */
static void attempt(struct link *link)
{
    size_t broker = link->broker;
    int limit_s = pace_limit_s(link);

    link->state = LINE_TRYING;
    link->attempt_ms = link_now_ms();
    link->next_ms = link->attempt_ms + GIVE_UP_MS;
    link->tls_error[0] = '\0';
    pthread_mutex_unlock(&link->lock);
    wake_for_connect(true);
    if (files_are_good(link)) {
        int result = line_connect(link, broker, limit_s);
        if (result != MQTTASYNC_SUCCESS)
            line_attempt_failed(link, MQTTAsync_strerror(result), false);
    }
    pthread_mutex_lock(&link->lock);
}

/* When the keeper has to do something though nothing changed. */
static int64_t next_turn_ms(const struct link *link)
{
    int64_t pulse_ms = pulse_due_ms(link);

    if (link->state == LINE_DOWN || link->state == LINE_TRYING)
        return link->next_ms;
    if (link->state != LINE_UP)
        return INT64_MAX;
    return nudge_is_wanted(link) && link->nudge_ms < pulse_ms ? link->nudge_ms
                                                              : pulse_ms;
}

static void wait_for_change(struct link *link)
{
    int64_t until_ms = next_turn_ms(link);
    struct timespec until = {.tv_sec = until_ms / 1000,
                             .tv_nsec = until_ms % 1000 * 1000000};

    if (until_ms < INT64_MAX)
        pthread_cond_timedwait(&link->changed, &link->lock, &until);
    else
        pthread_cond_wait(&link->changed, &link->lock);
}

static void *keep_line(void *context)
{
    struct link *link = context;

    pthread_mutex_lock(&link->lock);
    while (!link->closing) {
        bool due = link_now_ms() >= link->next_ms;
        if (link->state == LINE_DOWN && due) {
            attempt(link);
        } else if (link->state == LINE_FAILED) {
            settle_failure(link);
        } else if (link->state == LINE_TRYING && due) {
            pthread_mutex_unlock(&link->lock);
            line_attempt_failed(link, "no answer", true);
            pthread_mutex_lock(&link->lock);
        } else if (link->state == LINE_UP &&
                   link_now_ms() >= pulse_due_ms(link)) {
            pulse_turn(link);
        } else if (nudge_is_wanted(link) && link_now_ms() >= link->nudge_ms) {
            nudge_paho(link);
        } else {
            wait_for_change(link);
        }
    }
    pthread_mutex_unlock(&link->lock);
    return NULL;
}

bool line_start_keeper(struct link *link)
{
    return pthread_create(&link->keeper, NULL, keep_line, link) == 0;
}

void line_stop_keeper(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->closing = true;
    bool started = link->started;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    if (started)
        pthread_join(link->keeper, NULL);
}

static void note_closed(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->state = LINE_CLOSED;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

static void on_closed5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    note_closed(context);
}

static void on_closed(void *context, MQTTAsync_successData *data)
{
    (void)data;
    note_closed(context);
}

void line_close(struct link *link)
{
    MQTTAsync_disconnectOptions end = MQTTAsync_disconnectOptions_initializer;
    int64_t limit_ms = link_now_ms() + CLOSE_LIMIT_MS;
    struct timespec until = {.tv_sec = limit_ms / 1000,
                             .tv_nsec = limit_ms % 1000 * 1000000};
    int result = 0;

    end.context = link;
    if (link->options.mqtt_version == MQTTVERSION_5)
        end.onSuccess5 = on_closed5;
    else
        end.onSuccess = on_closed;
    if (MQTTAsync_disconnect(link->client, &end) != MQTTASYNC_SUCCESS)
        return;
    pthread_mutex_lock(&link->lock);
    while (link->state == LINE_UP && result == 0)
        result = pthread_cond_timedwait(&link->changed, &link->lock, &until);
    pthread_mutex_unlock(&link->lock);
}

void line_drop(struct link *link, const char *why)
{
    line_close(link);
    line_lost(link, why);
}

void line_set_callbacks(struct link *link)
{
    MQTTAsync_setCallbacks(link->client, link, on_connection_lost, on_message,
                           NULL);
    MQTTAsync_setConnected(link->client, link, on_connected);
    MQTTAsync_setDisconnected(link->client, link, on_disconnected);
}
