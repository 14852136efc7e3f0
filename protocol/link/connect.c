/* What Paho is told for one connect, and what it answers when that fails. */
#include "protocol/link/link_state.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Paho's words for it, at whatever stage: a SYN, a handshake, a CONNECT. */
static const char no_answer[] = "TCP connect timeout";

static void tell_failure(struct link *link, const char *why, bool is_refusal)
{
    bool silent = why && strcmp(why, no_answer) == 0;

    if (silent)
        why = "no answer";
    line_attempt_failed(link, why ? why : "the connection could not be made",
                        is_refusal || silent);
}

static void on_connect_failure5(void *context, MQTTAsync_failureData5 *data)
{
    const char *why = data->message;

    /* A refusal of the broker comes as code, not as reasonCode. */
    if (data->code > 0)
        why = MQTTReasonCode_toString((enum MQTTReasonCodes)data->code);
    tell_failure(context, why, data->code > 0);
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
    tell_failure(context, why, data->code > 0);
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

/* Comes before on_connected. What the CONNACK says of the largest packet holds
 * for this line. */
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

static void choose_version(struct link *link, MQTTAsync_connectOptions *connect,
                           MQTTProperties *properties)
{
    MQTTProperty limit = {
        .identifier = MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE,
        .value.integer4 = LINK_PACKET_BYTES,
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

int line_connect(struct link *link, size_t broker, int limit_s)
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
