/* A link's life: options copied and checked, started, taken down. */
#include "protocol/link/link.h"

#include "protocol/broker_address.h"
#include "protocol/link/link_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_LIMIT_MS = 1000 };

/* Paho keeps TLS on once one address asked for it. */
static bool check_kinds(const struct link_options *options,
                        struct problem *problem)
{
    struct broker_address first, each;

    for (size_t i = 0; i < options->broker_count; i++) {
        if (!broker_address_parse(options->brokers[i], &each, problem))
            return false;
        if (i == 0)
            first = each;
        if (each.tls != first.tls)
            return problem_set(problem, PROBLEM_FIELD,
                               "'%.100s': either all addresses are mqtts or "
                               "none is",
                               options->brokers[i]);
    }
    return true;
}

static bool check_addresses(const struct link_options *options,
                            struct problem *problem)
{
    bool good = options->broker_count >= 1 &&
                options->broker_count <= LINK_BROKER_MAX;

    if (!good)
        problem_set(problem, PROBLEM_FIELD, "expected 1 to %d broker addresses",
                    LINK_BROKER_MAX);
    good = good && check_kinds(options, problem);
    if (!good && problem)
        snprintf(problem->field, sizeof problem->field, "broker.address");
    return good;
}

static bool is_tls(const struct link_options *options)
{
    struct broker_address address;

    return broker_address_parse(options->brokers[0], &address, NULL) &&
           address.tls;
}

static bool check_certificates(const struct link_options *options,
                               struct problem *problem)
{
    bool tls = is_tls(options);

    if (tls && !options->ca_file)
        return problem_set_field(problem, "broker.ca",
                                 "missing; mqtts needs the file of the CA that "
                                 "signed the broker's certificate");
    if (!tls && (options->ca_file || options->cert_file || options->key_file))
        return problem_set_field(problem, "broker.address",
                                 "certificates are given, but '%.100s' is not "
                                 "mqtts",
                                 options->brokers[0]);
    if (!options->cert_file != !options->key_file)
        return problem_set_field(
            problem, options->cert_file ? "broker.key" : "broker.cert",
            "missing; cert and key belong together");
    return true;
}

static bool check_options(const struct link_options *options,
                          struct problem *problem)
{
    if (!check_addresses(options, problem) ||
        !check_certificates(options, problem))
        return false;
    if (options->mqtt_version != 4 && options->mqtt_version != 5)
        return problem_set(problem, PROBLEM_FIELD,
                           "MQTT version %d: expected 5, or 4 for 3.1.1",
                           options->mqtt_version);
    if (!options->client_id || !options->client_id[0])
        return problem_set(problem, PROBLEM_FIELD,
                           "the client needs an identifier");
    return true;
}

bool link_check(const struct link_options *options, struct problem *problem)
{
    return check_options(options, problem) &&
           link_check_files(options, problem);
}

/* Replaces a borrowed text by a copy of our own. */
static bool own(const char **text)
{
    if (!*text)
        return true;
    *text = strdup(*text);
    return *text != NULL;
}

/* Paho takes neither capitals nor an address without a port as we do. */
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

/* Goes over every text even after a failure, so that none stays borrowed. */
static bool own_texts(struct link_options *options)
{
    const char **texts[] = {
        &options->client_id,  &options->username,     &options->password,
        &options->ca_file,    &options->cert_file,    &options->key_file,
        &options->will_topic, &options->will_payload,
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
    line_set_callbacks(link);
    return true;
}

/* glibc asks a name server that is dead for ten seconds by default, and Paho
 * holds its lock meanwhile: the end of a program would wait for it longer
 * than a service manager does. Whoever has set options keeps them. */
static void bound_look_ups(void)
{
    setenv("RES_OPTIONS", "timeout:2 attempts:1", 0);
}

bool link_create(const struct link_options *options,
                 const struct link_callbacks *callbacks, struct link **out,
                 struct problem *problem)
{
    if (!check_options(options, problem))
        return false;
    bound_look_ups();
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    link->options = *options;
    link->callbacks = *callbacks;
    link->tls = is_tls(options);
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
    bool started = line_start_keeper(link);

    pthread_mutex_lock(&link->lock);
    link->started = started;
    pthread_mutex_unlock(&link->lock);
    return started ||
           problem_set(problem, PROBLEM_SYSTEM, "no thread for the line");
}

void link_destroy(struct link *link)
{
    if (!link)
        return;
    line_stop_keeper(link);
    tickets_wait_answered(link, ANSWER_LIMIT_MS);
    if (link->client)
        line_close(link);
    tickets_report_lost(link, "the link was closed");
    if (link->client)
        MQTTAsync_destroy(&link->client);
    tickets_free(link);
    filters_free(link);
    pthread_cond_destroy(&link->changed);
    pthread_mutex_destroy(&link->lock);
    release_texts(&link->options);
    free(link);
}

bool link_is_unwelcome(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    bool unwelcome = link->is_unwelcome;
    pthread_mutex_unlock(&link->lock);
    return unwelcome;
}
