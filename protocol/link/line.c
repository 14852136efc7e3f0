/* Keeps the line up: one thread of ours decides when Paho connects, and where
 * to. Paho's own reconnect stays off: it looks only every three seconds, and
 * of several brokers it returns to the last one alone. */
#include "protocol/link/link_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum {
    STEP_FIRST_MS = 500, /* doubled after each round of failures */
    STEP_LAST_MS = 4000,
    CONNECT_LIMIT_S = 4,
    /* Paho looks at its own limit every 3 s and may look up names before. */
    GIVE_UP_MS = 30000,
    STEADY_MS = 5000, /* a line that stood so long begins with short steps */
    CLOSE_LIMIT_MS = 2000,
    /* Bodies are far smaller: what a broker may send at most (MQTT 5). */
    PACKET_LIMIT_BYTES = 1024 * 1024,
};

int64_t link_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Between half of the step and all of it, so that a thousand screens do not
 * come back in the same moment. */
static int64_t step_ms(const struct link *link)
{
    unsigned rounds = link->failures / (unsigned)link->options.broker_count;
    int64_t step = STEP_FIRST_MS;
    uint16_t random = 0;

    for (unsigned i = 1; i < rounds && step < STEP_LAST_MS; i++)
        step *= 2;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
        random = 0;
    return step / 2 + step / 2 * random / UINT16_MAX;
}

/* Lock held. The next broker is tried at once while there is one that was
 * not tried in this round. */
static void schedule(struct link *link)
{
    size_t count = link->options.broker_count;

    link->state = LINE_DOWN;
    link->next_ms = link_now_ms();
    link->broker = (link->broker + 1) % count;
    if (link->failures % count == 0)
        link->next_ms += step_ms(link);
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

static void attempt_failed(struct link *link, const char *why)
{
    char reason[LINK_REASON_BYTES];

    pthread_mutex_lock(&link->lock);
    bool trying = link->state == LINE_TRYING;
    bool tls = link->tls_error[0] != '\0';
    snprintf(reason, sizeof reason, "no connection to %.100s: %.120s",
             link->options.brokers[link->broker], tls ? link->tls_error : why);
    if (trying) {
        link->failures++;
        schedule(link);
    }
    pthread_mutex_unlock(&link->lock);
    if (trying)
        tell(link, reason);
}

static void line_lost(struct link *link, const char *why)
{
    char reason[LINK_REASON_BYTES];

    pthread_mutex_lock(&link->lock);
    bool was_up = link->state == LINE_UP;
    snprintf(reason, sizeof reason, "lost %.100s: %.120s",
             link->options.brokers[link->broker], why);
    if (was_up) {
        link->subscribing = 0;
        bool steady = link_now_ms() - link->up_since_ms >= STEADY_MS;
        link->failures = steady ? 0 : link->failures + 1;
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
    pthread_mutex_lock(&link->lock);
    link->state = LINE_UP;
    link->up_since_ms = link_now_ms();
    link->told[0] = '\0';
    size_t count = link->filter_count;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    filters_subscribe(link, 0, count);
    if (link->callbacks.connected)
        link->callbacks.connected(link->callbacks.context);
}

static void on_connection_lost(void *context, char *cause)
{
    line_lost(context, cause ? cause : "the connection broke");
}

/* A DISCONNECT from the broker; Paho does not call connectionLost then. */
static void on_disconnected(void *context, MQTTProperties *properties,
                            enum MQTTReasonCodes code)
{
    const char *name = MQTTReasonCode_toString(code);

    (void)properties;
    line_lost(context, name ? name : "the broker ended it");
}

static void on_connect_failure5(void *context, MQTTAsync_failureData5 *data)
{
    const char *why = data->message;

    /* A refusal of the broker comes as code, not as reasonCode. */
    if (data->code > 0)
        why = MQTTReasonCode_toString((enum MQTTReasonCodes)data->code);
    attempt_failed(context, why ? why : "the connection could not be made");
}

static void on_connect_failure(void *context, MQTTAsync_failureData *data)
{
    static const char *const refusals[] = {
        [1] = "Unacceptable protocol version",
        [2] = "Client identifier rejected",
        [3] = "Server unavailable",
        [4] = "Bad user name or password",
        [5] = "Not authorized",
    };
    const char *why = data->message;

    if (data->code > 0 && data->code <= 5)
        why = refusals[data->code];
    attempt_failed(context, why ? why : "the connection could not be made");
}

static int on_message(void *context, char *topic, int topic_bytes,
                      MQTTAsync_message *message)
{
    struct link *link = context;
    size_t bytes = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;

    if (bytes > LIMIT_MESSAGE_BYTES)
        bytes = LIMIT_MESSAGE_BYTES + 1;
    /* A topic of another length than its text holds NUL: none of ours. */
    bool whole = topic_bytes == 0 || (size_t)topic_bytes == strlen(topic);
    if (whole && link->callbacks.message)
        link->callbacks.message(link->callbacks.context, topic,
                                message->payload, bytes, message->retained);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
}

/* OpenSSL's line is thread:error:code:library:function:reason:file:…; people
 * need the reason. */
static int on_tls_error(const char *text, size_t bytes, void *context)
{
    struct link *link = context;
    const char *end = text + bytes;

    for (int field = 0; field < 5 && text < end; field++) {
        const char *colon = memchr(text, ':', (size_t)(end - text));
        text = colon ? colon + 1 : end;
    }
    const char *colon = memchr(text, ':', (size_t)(end - text));
    int length = (int)((colon ? colon : end) - text);
    pthread_mutex_lock(&link->lock);
    if (length > 0)
        snprintf(link->tls_error, sizeof link->tls_error, "TLS: %.*s", length,
                 text);
    pthread_mutex_unlock(&link->lock);
    return 1;
}

static MQTTAsync_SSLOptions tls_options(struct link *link)
{
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;

    tls.trustStore = link->options.ca_file;
    tls.keyStore = link->options.cert_file;
    tls.privateKey = link->options.key_file;
    tls.enableServerCertAuth = 1;
    tls.verify = 1; /* the host's name; off by default */
    tls.disableDefaultTrustStore = 1;
    tls.sslVersion = MQTT_SSL_VERSION_TLS_1_2;
    tls.ssl_error_cb = on_tls_error;
    tls.ssl_error_context = link;
    return tls;
}

static void choose_version(struct link *link, MQTTAsync_connectOptions *connect,
                           MQTTProperties *properties)
{
    MQTTProperty limit = {
        .identifier = MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE,
        .value.integer4 = PACKET_LIMIT_BYTES,
    };

    if (link->options.mqtt_version != MQTTVERSION_5) {
        connect->MQTTVersion = MQTTVERSION_3_1_1;
        connect->cleansession = 1;
        connect->onFailure = on_connect_failure;
        return;
    }
    connect->MQTTVersion = MQTTVERSION_5;
    connect->cleansession = 0;
    connect->cleanstart = 1;
    connect->onFailure5 = on_connect_failure5;
    if (MQTTProperties_add(properties, &limit) == 0)
        connect->connectProperties = properties;
}

static int connect_to(struct link *link, size_t broker)
{
    MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer;
    MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
    MQTTAsync_SSLOptions tls = tls_options(link);
    MQTTProperties properties = MQTTProperties_initializer;
    char *address = (char *)(uintptr_t)link->options.brokers[broker];

    choose_version(link, &connect, &properties);
    connect.context = link;
    connect.serverURIcount = 1;
    connect.serverURIs = &address;
    connect.keepAliveInterval = link->options.keep_alive_s;
    connect.connectTimeout = CONNECT_LIMIT_S;
    connect.username = link->options.username;
    connect.password = link->options.password;
    if (link->tls)
        connect.ssl = &tls;
    if (link->options.will_topic) {
        will.topicName = link->options.will_topic;
        will.message = link->options.will_payload;
        will.qos = 1;
        will.retained = 1;
        connect.will = &will;
    }
    int result = MQTTAsync_connect(link->client, &connect);
    MQTTProperties_free(&properties);
    return result;
}

/* Lock held on entry and on return. */
static void attempt(struct link *link)
{
    size_t broker = link->broker;

    link->state = LINE_TRYING;
    link->next_ms = link_now_ms() + GIVE_UP_MS;
    link->tls_error[0] = '\0';
    pthread_mutex_unlock(&link->lock);
    int result = connect_to(link, broker);
    if (result != MQTTASYNC_SUCCESS)
        attempt_failed(link, MQTTAsync_strerror(result));
    pthread_mutex_lock(&link->lock);
}

static void wait_for_change(struct link *link)
{
    bool nudge = nudge_is_wanted(link);
    int64_t until_ms = nudge ? link->nudge_ms : link->next_ms;
    struct timespec until = {.tv_sec = until_ms / 1000,
                             .tv_nsec = until_ms % 1000 * 1000000};

    if (nudge || link->state == LINE_DOWN || link->state == LINE_TRYING)
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
        } else if (link->state == LINE_TRYING && due) {
            pthread_mutex_unlock(&link->lock);
            attempt_failed(link, "no answer");
            pthread_mutex_lock(&link->lock);
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

void line_set_callbacks(struct link *link)
{
    MQTTAsync_setCallbacks(link->client, link, on_connection_lost, on_message,
                           NULL);
    MQTTAsync_setConnected(link->client, link, on_connected);
    MQTTAsync_setDisconnected(link->client, link, on_disconnected);
}
