/* Keeps one line to a broker. Three kinds of threads meet here under one lock,
 * which guards all fields of struct link below it. Nobody holds the lock while
 * calling Paho or a callback of the user, because Paho calls us under a lock of
 * its own.
 * - Paho's thread runs the functions on_…. They write down what happened,
 *   signal `changed` and return. Only on_message also passes bytes on.
 * - The link's own thread, run(), does one piece of work after the other:
 *   next_work() chooses it with the lock held, do_work() carries it out without
 *   the lock. It makes all connections and calls all other callbacks.
 * - The user's threads call the functions of link.h. A function marked «Lock
 *   held» is called with the lock and never releases it; every other function
 *   takes the lock itself.
 * Paho's own reconnect is off: it tries only every three seconds, and of
 * several brokers only the last one. */
#include "protocol/link/link.h"

#include <MQTTAsync.h>
#include <inttypes.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "base/translate.h"
#include "protocol/broker_address.h"
#include "protocol/limits.h"
#include "protocol/link/in_flight.h"
#include "protocol/link/keep_alive.h"
#include "protocol/link/paho_calls.h"
#include "protocol/link/reconnect.h"

enum {
    /* The largest packet that a broker may send (MQTT 5); bodies are far
     * smaller. */
    PACKET_BYTES = 1024 * 1024,
    ANSWER_LIMIT_MS = 1000,
    CLOSE_LIMIT_MS = 2000,
    WHY_BYTES = 200,
    /* Until a filter that was refused is subscribed again; doubled each time.
     */
    REFUSED_FIRST_MS = 2000,
    REFUSED_LAST_MS = 5 * 60 * 1000,
    REASON_CODE_REFUSED = 0x80, /* MQTT 5: codes from here on are refusals */
};

/* A filter that nobody subscribes to. */
#define ASK_FILTER "gaoshi/nudge"

enum line_state {
    LINE_DOWN,   /* the next attempt begins at reconnect.next_ms */
    LINE_TRYING, /* Paho connects; given up at reconnect.next_ms */
    LINE_UP,
};

enum filter_answer { ANSWER_NONE, ANSWER_GRANTED, ANSWER_DENIED };

struct filter {
    struct link *link; /* for Paho's callbacks */
    /* Guarded by the link's lock, like the rest: */
    char text[LIMIT_TOPIC_BYTES];
    bool left;                 /* not wanted any more; its place is free */
    enum filter_answer answer; /* to be told */
    int64_t again_ms; /* monotonic: it was refused, and is tried again; 0: no */
    int64_t pause_ms; /* before that; 0: not refused on this line */
};

struct link {
    /* Constant after link_create. */
    struct link_options options; /* strings are ours */
    struct link_callbacks callbacks;
    bool tls;

    /* Only for the link's own thread, which replaces the client while callers
     * is 0. */
    MQTTAsync client; /* NULL: there was no memory for one */
    bool is_used;     /* it has tried to connect through a WebSocket */

    /* Only for the thread that starts and destroys the link. */
    bool started;
    pthread_t thread;

    pthread_mutex_t lock; /* guards every field below */
    pthread_cond_t changed;
    enum line_state state;
    size_t callers;     /* threads in a call of Paho with the client */
    bool renewing;      /* the client is being replaced: nobody may call Paho */
    bool is_open;       /* Paho has a connection, or has not reported its end */
    bool tell_up;       /* the line came up: report it and subscribe */
    bool tell_why;      /* the reason is to be told */
    int64_t closing_ms; /* link_destroy asked for the end; 0: not yet */
    /* limit of this line's broker; 0: none given */
    uint32_t packet_limit_bytes;
    struct reconnect reconnect;
    struct keep_alive alive;
    struct in_flight flight;
    struct filter filters[LINK_FILTER_MAX];
    size_t filter_count;
    char tls_error[WHY_BYTES];      /* of this attempt */
    char reason[LINK_REASON_BYTES]; /* why the line is down */
    char told[LINK_REASON_BYTES];   /* the reason last told */
};

/* Lock held. False: the time is up. */
static bool wait_until(struct link *link, int64_t until_ms)
{
    struct timespec until = {.tv_sec = until_ms / 1000,
                             .tv_nsec = until_ms % 1000 * 1000000};

    if (until_ms < INT64_MAX)
        return pthread_cond_timedwait(&link->changed, &link->lock, &until) == 0;
    return pthread_cond_wait(&link->changed, &link->lock) == 0;
}

static uint16_t random_number(void)
{
    uint16_t random = 0;

    return getrandom(&random, sizeof random, GRND_NONBLOCK) < 0 ? 0 : random;
}

/* Lock held. */
static const char *address_in_use(const struct link *link)
{
    return link->options.brokers[link->reconnect.broker];
}

/* Lock held. The line is down; the reason is already noted. */
static void fall(struct link *link)
{
    paho_end_connect();
    link->state = LINE_DOWN;
    link->tell_up = false;
    link->tell_why = true;
    pthread_cond_broadcast(&link->changed);
}

static const char no_answer[] = "no answer";

/* Lock held. is_clear: the text says enough without OpenSSL's error. */
static void note_failed(struct link *link, const char *why, bool is_clear)
{
    bool in_tls = link->tls && !is_clear;
    const char *hint = in_tls ? link->options.hint : NULL;

    if (link->state != LINE_TRYING)
        return;
    if (in_tls && link->tls_error[0])
        why = link->tls_error;
    snprintf(link->reason, sizeof link->reason,
             tr("no connection to %.100s: %.130s%s%.60s"), address_in_use(link),
             tr(why), hint ? tr("; ") : "", hint ? tr(hint) : "");
    if (strcmp(why, no_answer) == 0 && paho_was_reached())
        reconnect_unanswered(&link->reconnect, clock_monotonic_ms(),
                             random_number());
    else
        reconnect_failed(&link->reconnect, clock_monotonic_ms(),
                         random_number());
    fall(link);
}

/* Lock held. mosquitto 2.0.11 gives no reason when it closes the older of two
 * clients with the same name. After repeated short lines the text therefore
 * asks about a second client. */
static void note_lost(struct link *link, const char *why)
{
    const char *address = address_in_use(link);

    if (link->state != LINE_UP)
        return;
    reconnect_lost(&link->reconnect, clock_monotonic_ms(), random_number());
    if (reconnect_is_unsteady(&link->reconnect))
        snprintf(
            link->reason, sizeof link->reason,
            tr("lost %.80s: %.40s, soon after it came up, again and again: "
               "does another client use the name '%.100s'?"),
            address, tr(why), link->options.client_id);
    else
        snprintf(link->reason, sizeof link->reason, tr("lost %.100s: %.120s"),
                 address, tr(why));
    in_flight_lose(&link->flight, link->reason);
    fall(link);
}

static void fail(struct link *link, const char *why, bool is_clear)
{
    pthread_mutex_lock(&link->lock);
    note_failed(link, why, is_clear);
    pthread_mutex_unlock(&link->lock);
}

/* From here on: functions of Paho's thread. */

static void lose(struct link *link, const char *why)
{
    pthread_mutex_lock(&link->lock);
    link->is_open = false;
    note_lost(link, why);
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

static void hear(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    keep_alive_heard(&link->alive, clock_monotonic_ms());
    pthread_mutex_unlock(&link->lock);
}

/* Paho has one text for every missing answer: to a SYN, a handshake or a
 * CONNECT. */
static void fail_connect(struct link *link, const char *why, bool is_refusal)
{
    bool silent = why && strcmp(why, "TCP connect timeout") == 0;
    const char *tls = ERR_reason_error_string(paho_take_tls_error());
    const char *web = paho_take_web_problem();

    if (tls && !is_refusal)
        why = tls;
    if (silent)
        why = no_answer;
    if (web)
        why = web;
    fail(link, why ? why : "the connection could not be made",
         is_refusal || silent || web);
}

static void on_connect_failure5(void *context, MQTTAsync_failureData5 *data)
{
    const char *why = data->message;

    /* Paho puts the broker's refusal into code, not into reasonCode. */
    if (data->code > 0)
        why = MQTTReasonCode_toString((enum MQTTReasonCodes)data->code);
    fail_connect(context, why, data->code > 0);
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
    fail_connect(context, why, data->code > 0);
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

/* Called before on_connected. The CONNACK contains the packet limit of this
 * line. */
static void on_connect5(void *context, MQTTAsync_successData5 *data)
{
    static const enum MQTTPropertyCodes code =
        MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE;
    struct link *link = context;
    uint32_t limit_bytes = 0;

    if (MQTTProperties_hasProperty(&data->properties, code))
        limit_bytes =
            (uint32_t)MQTTProperties_getNumericValue(&data->properties, code);
    pthread_mutex_lock(&link->lock);
    link->packet_limit_bytes = limit_bytes;
    pthread_mutex_unlock(&link->lock);
}

static void on_connected(void *context, char *cause)
{
    struct link *link = context;
    int64_t time_ms = clock_monotonic_ms();

    (void)cause;
    paho_end_connect();
    pthread_mutex_lock(&link->lock);
    if (link->renewing) { /* of an attempt that was given up */
        pthread_mutex_unlock(&link->lock);
        return;
    }
    for (size_t i = 0; i < link->filter_count; i++)
        link->filters[i].again_ms = link->filters[i].pause_ms = 0;
    link->state = LINE_UP;
    link->is_open = true;
    link->tell_up = true;
    reconnect_up(&link->reconnect, time_ms);
    keep_alive_begin(&link->alive, time_ms);
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

static void on_connection_lost(void *context, char *cause)
{
    size_t oversize = paho_take_oversize();
    const char *web = paho_take_web_problem();
    char text[80];

    if (oversize > 0) {
        snprintf(text, sizeof text,
                 tr("the broker sent a packet of %zu bytes, %d at most"),
                 oversize, PAHO_PACKET_BYTES);
        cause = text;
    }
    if (web)
        cause = (char *)(uintptr_t)web;
    lose(context, cause ? cause : "the connection broke");
}

/* A DISCONNECT from the broker; Paho does not call connectionLost then. */
static void on_disconnected(void *context, MQTTProperties *properties,
                            enum MQTTReasonCodes code)
{
    const char *name = MQTTReasonCode_toString(code);

    (void)properties;
    lose(context, name ? name : "the broker ended it");
}

static int on_message(void *context, char *topic, int topic_bytes,
                      MQTTAsync_message *message)
{
    struct link *link = context;
    size_t bytes = message->payloadlen > 0 ? (size_t)message->payloadlen : 0;

    if (bytes > LIMIT_MESSAGE_BYTES)
        bytes = LIMIT_MESSAGE_BYTES + 1;
    hear(link);
    /* If the length differs, the topic contains NUL and is none of ours. */
    bool whole = topic_bytes == 0 || (size_t)topic_bytes == strlen(topic);
    if (whole && link->callbacks.message)
        link->callbacks.message(link->callbacks.context, topic,
                                message->payload, bytes, message->retained);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
}

static void note_closed(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->is_open = false;
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

static void on_asked5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    hear(context);
}

static void on_asked(void *context, MQTTAsync_successData *data)
{
    (void)data;
    hear(context);
}

/* Lock held. A cluster refuses for some seconds while one of its nodes is away.
 * A refusal is told once. */
static void try_again_later(struct filter *filter)
{
    if (filter->pause_ms == 0)
        filter->pause_ms = REFUSED_FIRST_MS;
    else if (filter->pause_ms < REFUSED_LAST_MS)
        filter->pause_ms *= 2;
    filter->again_ms = clock_monotonic_ms() + filter->pause_ms;
}

static void end_subscribe(struct filter *filter, enum filter_answer answer)
{
    struct link *link = filter->link;

    pthread_mutex_lock(&link->lock);
    in_flight_subscribed(&link->flight);
    keep_alive_heard(&link->alive, clock_monotonic_ms());
    if (answer != ANSWER_NONE &&
        (answer == ANSWER_GRANTED || !filter->pause_ms))
        filter->answer = answer;
    if (answer == ANSWER_DENIED && !filter->left)
        try_again_later(filter);
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

static void on_subscribed5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    end_subscribe(context, ANSWER_GRANTED);
}

static void on_subscribed(void *context, MQTTAsync_successData *data)
{
    (void)data;
    end_subscribe(context, ANSWER_GRANTED);
}

/* A broken line is no refusal: the next connect subscribes again. */
static void on_subscribe_failure5(void *context, MQTTAsync_failureData5 *data)
{
    bool denied = (int)data->reasonCode >= MQTT_BAD_SUBSCRIBE;

    end_subscribe(context, denied ? ANSWER_DENIED : ANSWER_NONE);
}

static void on_subscribe_failure(void *context, MQTTAsync_failureData *data)
{
    bool denied = data->code == MQTT_BAD_SUBSCRIBE;

    end_subscribe(context, denied ? ANSWER_DENIED : ANSWER_NONE);
}

static void end_publish(struct publish *publish, enum link_result result,
                        const char *reason)
{
    struct link *link = publish->link;
    char text[LINK_REASON_BYTES] = "";

    pthread_mutex_lock(&link->lock);
    if (result == LINK_REFUSED)
        snprintf(text, sizeof text, "%.100s: %s", address_in_use(link), reason);
    if (result != LINK_UNCONFIRMED)
        keep_alive_heard(&link->alive, clock_monotonic_ms());
    in_flight_answer(&link->flight, publish, result,
                     result == LINK_REFUSED ? text : reason,
                     clock_monotonic_ms());
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

static void on_published5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    end_publish(context, LINK_DELIVERED, "");
}

static void on_published(void *context, MQTTAsync_successData *data)
{
    (void)data;
    end_publish(context, LINK_DELIVERED, "");
}

static void on_publish_failure5(void *context, MQTTAsync_failureData5 *data)
{
    const char *name = MQTTReasonCode_toString(data->reasonCode);
    char text[80];

    if ((int)data->reasonCode < REASON_CODE_REFUSED) {
        end_publish(context, LINK_UNCONFIRMED, "the line broke");
        return;
    }
    snprintf(text, sizeof text, "%s (0x%02x)", name ? tr(name) : tr("refused"),
             (unsigned)data->reasonCode);
    end_publish(context, LINK_REFUSED, text);
}

/* In MQTT 3.1.1 a broker cannot refuse a publish. */
static void on_publish_failure(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    end_publish(context, LINK_UNCONFIRMED, "the line broke");
}

/* From here on: functions of the link's own thread. */

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
        .value.integer4 = PACKET_BYTES,
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
    connect->onSuccess5 = on_connect5;
    if (MQTTProperties_add(properties, &limit) == 0)
        connect->connectProperties = properties;
}

/* Paho checks the limit every 3 to 4 s. */
static int connect_paho(struct link *link, size_t broker, int limit_s)
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
    connect.connectTimeout = limit_s;
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

/* Without good files no connection is tried. */
static bool files_are_good(struct link *link)
{
    struct problem problem = {0};
    char text[WHY_BYTES];

    if (!link->tls || link_check_files(&link->options, &problem))
        return true;
    problem.field[0] = '\0'; /* the place, which is the file, says enough */
    problem_format(&problem, text, sizeof text);
    fail(link, text, true);
    return false;
}

static bool create_client(struct link *link, struct problem *problem)
{
    MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer;

    create.MQTTVersion = link->options.mqtt_version;
    create.maxBufferedMessages = LINK_PENDING_MAX + 1;
    int result = MQTTAsync_createWithOptions(
        &link->client, link->options.brokers[0], link->options.client_id,
        MQTTCLIENT_PERSISTENCE_NONE, NULL, &create);
    if (result != MQTTASYNC_SUCCESS)
        return problem_set(problem, PROBLEM_SYSTEM, "MQTT client: %s",
                           MQTTAsync_strerror(result));
    MQTTAsync_setCallbacks(link->client, link, on_connection_lost, on_message,
                           NULL);
    MQTTAsync_setConnected(link->client, link, on_connected);
    MQTTAsync_setDisconnected(link->client, link, on_disconnected);
    return true;
}

static bool is_web(const struct link *link, size_t broker)
{
    struct broker_address address;

    return broker_address_parse(link->options.brokers[broker], &address,
                                NULL) &&
           address.web;
}

/* Paho keeps what it has read of a WebSocket's frame when the line breaks, and
 * takes it for the answer of the next connection, which then fails: of a
 * message of 64 KiB some thousand times. So each connection through a WebSocket
 * has a client of its own. */
static bool renew_client(struct link *link)
{
    struct problem problem = {0};

    pthread_mutex_lock(&link->lock);
    link->renewing = true;
    while (link->callers > 0)
        pthread_cond_wait(&link->changed, &link->lock);
    pthread_mutex_unlock(&link->lock);
    MQTTAsync_destroy(&link->client);
    bool made = create_client(link, &problem);
    pthread_mutex_lock(&link->lock);
    in_flight_release(&link->flight);
    link->renewing = !made;
    pthread_mutex_unlock(&link->lock);
    return made;
}

static bool prepare_client(struct link *link, size_t broker)
{
    bool used = link->is_used;

    link->is_used = is_web(link, broker);
    return (!used && link->client) || renew_client(link);
}

static void connect_line(struct link *link, size_t broker, int limit_s)
{
    if (!files_are_good(link))
        return;
    if (!prepare_client(link, broker)) {
        fail(link, "no MQTT client", true);
        return;
    }
    paho_begin_connect(is_web(link, broker));
    int result = connect_paho(link, broker, limit_s);
    if (result != MQTTASYNC_SUCCESS)
        fail(link, MQTTAsync_strerror(result), false);
}

/* Closes Paho's connection and waits for the end. */
static void close_connection(struct link *link)
{
    MQTTAsync_disconnectOptions end = MQTTAsync_disconnectOptions_initializer;
    int64_t limit_ms = clock_monotonic_ms() + CLOSE_LIMIT_MS;

    end.context = link;
    if (link->options.mqtt_version == MQTTVERSION_5)
        end.onSuccess5 = on_closed5;
    else
        end.onSuccess = on_closed;
    if (MQTTAsync_disconnect(link->client, &end) != MQTTASYNC_SUCCESS)
        return;
    pthread_mutex_lock(&link->lock);
    while (link->is_open && wait_until(link, limit_ms))
        ;
    link->is_open = false;
    pthread_mutex_unlock(&link->lock);
}

/* The line is marked as down first, so that no publish begins meanwhile. */
static void drop(struct link *link, const char *why)
{
    const char *web = paho_take_web_problem();

    pthread_mutex_lock(&link->lock);
    note_lost(link, web ? web : why);
    pthread_mutex_unlock(&link->lock);
    close_connection(link);
}

/* Unsubscribes from a filter that has no subscription, which changes nothing.
 * The broker's answer shows that it is alive. The request also wakes Paho's
 * sender, which waits on a condition without a predicate: a request queued just
 * when the sender begins to wait stays for a second, unless another one
 * follows. False: Paho has no connection. */
static bool ask(struct link *link)
{
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

    response.context = link;
    if (link->options.mqtt_version == MQTTVERSION_5)
        response.onSuccess5 = on_asked5;
    else
        response.onSuccess = on_asked;
    return MQTTAsync_unsubscribe(link->client, ASK_FILTER, &response) ==
           MQTTASYNC_SUCCESS;
}

/* The counterpart of link->callers++. */
static void leave_paho(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->callers--;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

static void subscribe(struct link *link, struct filter *filter)
{
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    char text[LIMIT_TOPIC_BYTES];

    response.context = filter;
    if (link->options.mqtt_version == MQTTVERSION_5) {
        response.onSuccess5 = on_subscribed5;
        response.onFailure5 = on_subscribe_failure5;
    } else {
        response.onSuccess = on_subscribed;
        response.onFailure = on_subscribe_failure;
    }
    pthread_mutex_lock(&link->lock);
    if (link->renewing || filter->left) {
        pthread_mutex_unlock(&link->lock);
        return; /* the next connect subscribes */
    }
    memcpy(text, filter->text, sizeof text);
    link->callers++;
    in_flight_subscribe(&link->flight, clock_monotonic_ms());
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    int result = MQTTAsync_subscribe(link->client, text, 1, &response);
    leave_paho(link);
    if (result == MQTTASYNC_SUCCESS)
        return;
    /* No line or no memory; the next connect subscribes again. */
    pthread_mutex_lock(&link->lock);
    in_flight_subscribed(&link->flight);
    pthread_mutex_unlock(&link->lock);
}

static void subscribe_all(struct link *link, size_t first, size_t count)
{
    for (size_t i = first; i < count; i++)
        subscribe(link, &link->filters[i]);
}

static void come_up(struct link *link, size_t filter_count)
{
    if (link->callbacks.connected)
        link->callbacks.connected(link->callbacks.context);
    subscribe_all(link, 0, filter_count);
}

enum work_kind {
    WORK_END,
    WORK_TELL_PUBLISHED,  /* token, result, text */
    WORK_TELL_SUBSCRIBED, /* filter, granted */
    WORK_COME_UP,         /* filter: the number of filters to subscribe */
    WORK_SUBSCRIBE,       /* filter: refused before */
    WORK_TELL_DOWN,       /* text */
    WORK_CONNECT,         /* broker, limit_s */
    WORK_ASK,             /* for a sign of life */
    WORK_WAKE,            /* Paho's sender */
    WORK_DROP,            /* text */
};

struct work {
    uint64_t token;
    enum link_result result;
    size_t filter;
    bool granted;
    size_t broker;
    int limit_s;
    char text[LINK_REASON_BYTES];
    char topic[LIMIT_TOPIC_BYTES]; /* the filter's text */
};

/* Lock held. True: the answer for a filter is to be reported. */
static bool take_filter_answer(struct link *link, struct work *work)
{
    for (size_t i = 0; i < link->filter_count; i++) {
        if (link->filters[i].answer == ANSWER_NONE)
            continue;
        work->filter = i;
        memcpy(work->topic, link->filters[i].text, sizeof work->topic);
        work->granted = link->filters[i].answer == ANSWER_GRANTED;
        link->filters[i].answer = ANSWER_NONE;
        return true;
    }
    return false;
}

/* Lock held. Takes what is to be reported, in the order in which it happened. A
 * line that broke before it was reported is not reported. */
static bool take_news(struct link *link, struct work *work,
                      enum work_kind *kind)
{
    if (in_flight_take(&link->flight, &work->token, &work->result,
                       work->text)) {
        *kind = WORK_TELL_PUBLISHED;
    } else if (take_filter_answer(link, work)) {
        *kind = WORK_TELL_SUBSCRIBED;
    } else if (link->tell_why) {
        link->tell_why = false;
        if (strcmp(link->told, link->reason) == 0)
            return take_news(link, work, kind);
        memcpy(link->told, link->reason, sizeof link->told);
        memcpy(work->text, link->reason, sizeof work->text);
        *kind = WORK_TELL_DOWN;
    } else if (link->tell_up) {
        link->tell_up = false;
        link->told[0] = '\0';
        work->filter = link->filter_count;
        *kind = WORK_COME_UP;
    } else {
        return false;
    }
    return true;
}

/* Lock held. When the next refused filter is subscribed again; INT64_MAX: none
 * was refused. */
static int64_t refused_due_ms(const struct link *link, size_t *filter)
{
    int64_t due_ms = INT64_MAX;

    for (size_t i = 0; i < link->filter_count; i++)
        if (link->filters[i].again_ms > 0 &&
            link->filters[i].again_ms < due_ms) {
            due_ms = link->filters[i].again_ms;
            *filter = i;
        }
    return due_ms;
}

/* Lock held. The line is up: takes what is due on it. False: nothing yet. */
static bool take_upkeep(struct link *link, int64_t time_ms, struct work *work,
                        enum work_kind *kind)
{
    if (time_ms >= keep_alive_due_ms(&link->alive)) {
        int64_t waited_ms = keep_alive_turn(&link->alive, time_ms);
        *kind = waited_ms > 0 ? WORK_DROP : WORK_ASK;
        snprintf(work->text, sizeof work->text, tr("no answer for %.1f s"),
                 (double)waited_ms / 1e3);
        return true;
    }
    if (time_ms >= refused_due_ms(link, &work->filter)) {
        link->filters[work->filter].again_ms = 0;
        *kind = WORK_SUBSCRIBE;
        return true;
    }
    if (time_ms < in_flight_wake_due_ms(&link->flight))
        return false;
    in_flight_woken(&link->flight, time_ms);
    *kind = WORK_WAKE;
    return true;
}

/* Lock held. */
static void begin_attempt(struct link *link, int64_t time_ms, struct work *work)
{
    work->broker = link->reconnect.broker;
    work->limit_s = reconnect_limit_s(&link->reconnect);
    link->state = LINE_TRYING;
    link->tls_error[0] = '\0';
    reconnect_begin(&link->reconnect, time_ms);
}

/* Lock held. Whether link_destroy still waits for answers. */
static bool awaits_answers(const struct link *link, int64_t time_ms)
{
    return link->state == LINE_UP && link->flight.pending.first &&
           time_ms < link->closing_ms + ANSWER_LIMIT_MS;
}

/* Lock held. False: nothing is due. */
static bool take_work(struct link *link, int64_t time_ms, struct work *work,
                      enum work_kind *kind)
{
    if (link->state == LINE_TRYING && time_ms >= link->reconnect.next_ms)
        note_failed(link, no_answer, true);
    if (take_news(link, work, kind))
        return true;
    if (link->closing_ms && !awaits_answers(link, time_ms)) {
        *kind = WORK_END;
        return true;
    }
    if (link->state == LINE_UP)
        return take_upkeep(link, time_ms, work, kind);
    if (link->state != LINE_DOWN || time_ms < link->reconnect.next_ms)
        return false;
    begin_attempt(link, time_ms, work);
    *kind = WORK_CONNECT;
    return true;
}

/* Lock held. When something becomes due even if nothing changes. */
static int64_t next_due_ms(const struct link *link)
{
    int64_t wake_ms = in_flight_wake_due_ms(&link->flight);
    int64_t due_ms = keep_alive_due_ms(&link->alive);
    size_t filter;

    if (link->state != LINE_UP)
        return link->reconnect.next_ms;
    int64_t again_ms = refused_due_ms(link, &filter);
    if (again_ms < due_ms)
        due_ms = again_ms;
    if (wake_ms < due_ms)
        due_ms = wake_ms;
    if (link->closing_ms && link->closing_ms + ANSWER_LIMIT_MS < due_ms)
        due_ms = link->closing_ms + ANSWER_LIMIT_MS;
    return due_ms;
}

/* Waits until there is work. */
static enum work_kind next_work(struct link *link, struct work *work)
{
    enum work_kind kind = WORK_END;

    pthread_mutex_lock(&link->lock);
    while (!take_work(link, clock_monotonic_ms(), work, &kind))
        wait_until(link, next_due_ms(link));
    pthread_mutex_unlock(&link->lock);
    return kind;
}

static void do_work(struct link *link, enum work_kind kind,
                    const struct work *work)
{
    const struct link_callbacks *callbacks = &link->callbacks;

    switch (kind) {
    case WORK_TELL_PUBLISHED:
        if (callbacks->published)
            callbacks->published(callbacks->context, work->token, work->result,
                                 work->text);
        return;
    case WORK_TELL_SUBSCRIBED:
        if (callbacks->subscribed)
            callbacks->subscribed(callbacks->context, work->topic,
                                  work->granted);
        return;
    case WORK_SUBSCRIBE:
        subscribe(link, &link->filters[work->filter]);
        return;
    case WORK_COME_UP:
        come_up(link, work->filter);
        return;
    case WORK_TELL_DOWN:
        if (callbacks->disconnected)
            callbacks->disconnected(callbacks->context, work->text);
        return;
    case WORK_CONNECT:
        connect_line(link, work->broker, work->limit_s);
        return;
    case WORK_ASK:
        if (!ask(link))
            drop(link, "the connection broke");
        return;
    case WORK_WAKE:
        ask(link);
        return;
    case WORK_DROP:
        drop(link, work->text);
        return;
    case WORK_END:
        return;
    }
}

/* Publishes without an answer are reported as unconfirmed. */
static void finish_line(struct link *link)
{
    struct work work;

    close_connection(link);
    pthread_mutex_lock(&link->lock);
    link->state = LINE_DOWN;
    in_flight_lose(&link->flight, tr("the link was closed"));
    pthread_mutex_unlock(&link->lock);
    for (;;) {
        pthread_mutex_lock(&link->lock);
        bool left = in_flight_take(&link->flight, &work.token, &work.result,
                                   work.text);
        pthread_mutex_unlock(&link->lock);
        if (!left)
            return;
        do_work(link, WORK_TELL_PUBLISHED, &work);
    }
}

static void *run(void *context)
{
    struct link *link = context;
    struct work work;
    enum work_kind kind;

    while ((kind = next_work(link, &work)) != WORK_END)
        do_work(link, kind, &work);
    finish_line(link);
    return NULL;
}

/* From here on: functions of the user's threads. */

/* The arguments of a publish; Paho copies all of them. */
struct sending {
    const char *topic;
    const char *payload;
    size_t bytes;
    int qos;
    bool retained;
    uint32_t lasts_s; /* 0: for ever */
};

static int send_message(struct link *link, const struct sending *sending,
                        struct publish *publish)
{
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    MQTTProperty expiry = {
        .identifier = MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL,
        .value.integer4 = sending->lasts_s,
    };

    response.context = publish;
    if (link->options.mqtt_version == MQTTVERSION_5) {
        response.onSuccess5 = on_published5;
        response.onFailure5 = on_publish_failure5;
        if (sending->lasts_s > 0)
            MQTTProperties_add(&response.properties, &expiry);
    } else {
        response.onSuccess = on_published;
        response.onFailure = on_publish_failure;
    }
    int result = MQTTAsync_send(link->client, sending->topic,
                                (int)sending->bytes, sending->payload,
                                sending->qos, sending->retained, &response);
    MQTTProperties_free(&response.properties);
    return result;
}

/* The size of its PUBLISH packet in MQTT 5 (section 3.3 of the standard). */
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

/* Lock held. A broker would close the line because of a packet over its limit,
 * so such a publish ends at once. */
static bool refuse_too_large(struct link *link, const struct sending *sending,
                             struct publish *publish)
{
    size_t bytes = packet_bytes(sending);
    char reason[LINK_REASON_BYTES];

    if (link->packet_limit_bytes == 0 || bytes <= link->packet_limit_bytes)
        return false;
    snprintf(reason, sizeof reason,
             tr("%.100s takes packets of %" PRIu32 " bytes at most, this one "
                "has %zu"),
             address_in_use(link), link->packet_limit_bytes, bytes);
    in_flight_answer(&link->flight, publish, LINK_REFUSED, reason,
                     clock_monotonic_ms());
    return true;
}

static bool publish(struct link *link, const struct sending *sending,
                    uint64_t token)
{
    struct publish *publish = NULL;
    bool refused = false;

    if (sending->bytes > LIMIT_MESSAGE_BYTES)
        return false;
    pthread_mutex_lock(&link->lock);
    if (link->state == LINE_UP && !link->closing_ms && !link->renewing)
        publish = in_flight_add(&link->flight, link, token,
                                clock_monotonic_ms());
    if (publish)
        refused = refuse_too_large(link, sending, publish);
    bool goes_on = publish && !refused;
    link->callers += goes_on;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    if (!goes_on)
        return refused;
    int result = send_message(link, sending, publish);
    leave_paho(link);
    if (result == MQTTASYNC_SUCCESS)
        return true;
    pthread_mutex_lock(&link->lock);
    bool never_was = in_flight_cancel(&link->flight, publish);
    pthread_mutex_unlock(&link->lock);
    return !never_was;
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

/* Lock held. If not, the link's thread subscribes after it reports the line. */
static bool is_subscribed(const struct link *link)
{
    return link->state == LINE_UP && !link->tell_up;
}

/* Lock held. The place of the filter, else a free one; NULL: there is none. */
static struct filter *find_filter(struct link *link, const char *text)
{
    struct filter *free_place = NULL;

    for (size_t i = 0; i < link->filter_count; i++) {
        if (strcmp(link->filters[i].text, text) == 0)
            return &link->filters[i];
        if (link->filters[i].left && !free_place)
            free_place = &link->filters[i];
    }
    if (!free_place && link->filter_count < LINK_FILTER_MAX)
        free_place = &link->filters[link->filter_count++];
    return free_place;
}

bool link_subscribe(struct link *link, const char *text,
                    struct problem *problem)
{
    if (strlen(text) >= LIMIT_TOPIC_BYTES)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "a filter of %zu bytes, %d at most", strlen(text),
                           LIMIT_TOPIC_BYTES - 1);
    pthread_mutex_lock(&link->lock);
    struct filter *filter = find_filter(link, text);
    if (filter) {
        *filter = (struct filter){.link = link};
        memcpy(filter->text, text, strlen(text));
    }
    bool now = filter && is_subscribed(link);
    pthread_mutex_unlock(&link->lock);
    if (!filter)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "more than %d subscriptions", LINK_FILTER_MAX);
    if (now)
        subscribe(link, filter);
    return true;
}

void link_unsubscribe(struct link *link, const char *text)
{
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    bool now = false;

    pthread_mutex_lock(&link->lock);
    for (size_t i = 0; i < link->filter_count; i++) {
        struct filter *filter = &link->filters[i];
        if (strcmp(filter->text, text) != 0)
            continue;
        filter->left = true;
        filter->answer = ANSWER_NONE;
        filter->again_ms = 0;
        now = is_subscribed(link) && !link->renewing;
    }
    link->callers += now;
    pthread_mutex_unlock(&link->lock);
    if (!now)
        return;
    MQTTAsync_unsubscribe(link->client, text, &response);
    leave_paho(link);
}

void link_set_patience(struct link *link, int64_t patience_ms)
{
    pthread_mutex_lock(&link->lock);
    link->alive.patience_ms = patience_ms;
    link->reconnect.patience_ms = patience_ms;
    pthread_mutex_unlock(&link->lock);
}

void link_refresh(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    size_t count = is_subscribed(link) ? link->filter_count : 0;
    pthread_mutex_unlock(&link->lock);
    subscribe_all(link, 0, count);
}

/* Replaces a borrowed text by a copy of our own. */
static bool own(const char **text)
{
    if (!*text)
        return true;
    *text = strdup(*text);
    return *text != NULL;
}

/* Paho accepts neither capitals nor an address without a port. */
static bool own_address(const char **text)
{
    struct broker_address address;
    char whole[BROKER_ADDRESS_BYTES];

    if (!broker_address_parse(*text, &address, NULL))
        return own(text);
    broker_address_format(&address, whole);
    *text = strdup(whole);
    return *text != NULL;
}

/* Continues after a failure, so that release_texts frees only copies. */
static bool own_texts(struct link_options *options)
{
    const char **texts[] = {
        &options->client_id,  &options->username,     &options->password,
        &options->ca_file,    &options->cert_file,    &options->key_file,
        &options->will_topic, &options->will_payload, &options->hint,
    };
    bool all = true;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        all = own(texts[i]) && all;
    for (size_t i = 0; i < options->broker_count; i++)
        all = own_address(&options->brokers[i]) && all;
    return all;
}

static void release(const char *text)
{
    free((char *)(uintptr_t)text);
}

static void release_texts(struct link_options *options)
{
    char *password = (char *)(uintptr_t)options->password;

    if (password)
        explicit_bzero(password, strlen(password));
    release(options->client_id);
    release(options->username);
    release(options->password);
    release(options->ca_file);
    release(options->cert_file);
    release(options->key_file);
    release(options->will_topic);
    release(options->will_payload);
    release(options->hint);
    for (size_t i = 0; i < options->broker_count; i++)
        release(options->brokers[i]);
}

static bool init_waiting(struct link *link)
{
    pthread_condattr_t monotonic;

    if (pthread_condattr_init(&monotonic) != 0)
        return false;
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    bool made = pthread_cond_init(&link->changed, &monotonic) == 0;
    pthread_condattr_destroy(&monotonic);
    if (made && pthread_mutex_init(&link->lock, NULL) != 0) {
        pthread_cond_destroy(&link->changed);
        made = false;
    }
    return made;
}

/* By default glibc waits ten seconds for a dead name server. Paho holds its
 * lock meanwhile, and the program would end later than a service manager
 * allows. Options that are set already stay. */
static void bound_look_ups(void)
{
    setenv("RES_OPTIONS", "timeout:2 attempts:1", 0);
}

bool link_create(const struct link_options *options,
                 const struct link_callbacks *callbacks, struct link **out,
                 struct problem *problem)
{
    if (!link_check_options(options, problem))
        return false;
    bound_look_ups();
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    link->options = *options;
    link->callbacks = *callbacks;
    link->tls = link_is_tls(options);
    link->reconnect.broker_count = options->broker_count;
    if (!own_texts(&link->options) || !init_waiting(link)) {
        release_texts(&link->options);
        free(link);
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    }
    if (!create_client(link, problem)) {
        link_destroy(link);
        return false;
    }
    *out = link;
    return true;
}

bool link_start(struct link *link, struct problem *problem)
{
    link->started = pthread_create(&link->thread, NULL, run, link) == 0;
    return link->started ||
           problem_set(problem, PROBLEM_SYSTEM, "no thread for the line");
}

static void stop(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->closing_ms = clock_monotonic_ms();
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    pthread_join(link->thread, NULL);
}

void link_destroy(struct link *link)
{
    if (!link)
        return;
    if (link->started)
        stop(link);
    if (link->client)
        MQTTAsync_destroy(&link->client);
    in_flight_finish(&link->flight);
    pthread_cond_destroy(&link->changed);
    pthread_mutex_destroy(&link->lock);
    release_texts(&link->options);
    free(link);
}
