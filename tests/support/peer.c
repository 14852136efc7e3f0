/* Remembers what a link tells, under one lock, for tests to wait upon. */
#include "tests/support/peer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PEER_LIMIT = 20000, PEER_BOUND_S = 120 };

struct peer {
    struct link *link;

    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t changed;
    size_t connected;
    size_t disconnected;
    size_t granted;
    size_t denied;
    struct peer_message messages[PEER_LIMIT];
    size_t message_count;
    struct peer_answer answers[PEER_LIMIT];
    size_t answer_count;
    char reason[LINK_REASON_BYTES];
};

static void on_connected(void *context)
{
    struct peer *peer = context;

    pthread_mutex_lock(&peer->lock);
    peer->connected++;
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

static void on_disconnected(void *context, const char *reason)
{
    struct peer *peer = context;

    pthread_mutex_lock(&peer->lock);
    peer->disconnected++;
    snprintf(peer->reason, sizeof peer->reason, "%s", reason);
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

static void on_message(void *context, const char *topic, const char *payload,
                       size_t bytes, bool retained)
{
    struct peer *peer = context;
    char *copy = malloc(bytes + 1);
    char *name = strdup(topic);

    if (!copy || !name)
        abort();
    memcpy(copy, payload, bytes);
    copy[bytes] = '\0';
    pthread_mutex_lock(&peer->lock);
    if (peer->message_count == PEER_LIMIT)
        abort();
    peer->messages[peer->message_count++] =
        (struct peer_message){name, copy, bytes, retained};
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

static void on_published(void *context, uint64_t token, enum link_result result,
                         const char *reason)
{
    struct peer *peer = context;

    pthread_mutex_lock(&peer->lock);
    if (peer->answer_count == PEER_LIMIT)
        abort();
    struct peer_answer *answer = &peer->answers[peer->answer_count++];
    answer->token = token;
    answer->result = result;
    snprintf(answer->reason, sizeof answer->reason, "%s", reason);
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

static void on_subscribed(void *context, const char *filter, bool granted)
{
    struct peer *peer = context;

    (void)filter;
    pthread_mutex_lock(&peer->lock);
    if (granted)
        peer->granted++;
    else
        peer->denied++;
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

struct link_options peer_options(const char *url, const char *client_id)
{
    return (struct link_options){.brokers = {url},
                                 .broker_count = 1,
                                 .client_id = client_id,
                                 .mqtt_version = 5,
                                 .keep_alive_s = 20};
}

struct peer *peer_create(const struct link_options *options)
{
    struct peer *peer = calloc(1, sizeof *peer);
    struct problem problem = {0};

    if (!peer)
        return NULL;
    struct link_callbacks callbacks = {
        peer,       on_connected, on_disconnected,
        on_message, on_published, on_subscribed};
    pthread_mutex_init(&peer->lock, NULL);
    pthread_cond_init(&peer->changed, NULL);
    if (link_create(options, &callbacks, &peer->link, &problem) &&
        link_start(peer->link, &problem))
        return peer;
    fprintf(stderr, "peer: %s\n", problem.expected);
    peer_destroy(peer);
    return NULL;
}

struct peer *peer_connect_with(const struct link_options *options)
{
    struct peer *peer = peer_create(options);

    if (peer && peer_wait_connected(peer, 1))
        return peer;
    peer_destroy(peer);
    return NULL;
}

struct peer *peer_connect(const char *url, const char *client_id)
{
    struct link_options options = peer_options(url, client_id);

    return peer_connect_with(&options);
}

void peer_close(struct peer *peer)
{
    link_destroy(peer->link);
    peer->link = NULL;
}

void peer_destroy(struct peer *peer)
{
    if (!peer)
        return;
    peer_close(peer);
    for (size_t i = 0; i < peer->message_count; i++) {
        free(peer->messages[i].topic);
        free(peer->messages[i].payload);
    }
    pthread_cond_destroy(&peer->changed);
    pthread_mutex_destroy(&peer->lock);
    free(peer);
}

struct link *peer_link(struct peer *peer)
{
    return peer->link;
}

/* Waits until *counter reaches the number. */
static bool wait_for(struct peer *peer, const size_t *counter, size_t number)
{
    struct timespec until;
    int result = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PEER_BOUND_S;
    pthread_mutex_lock(&peer->lock);
    while (*counter < number && result == 0)
        result = pthread_cond_timedwait(&peer->changed, &peer->lock, &until);
    bool reached = *counter >= number;
    pthread_mutex_unlock(&peer->lock);
    return reached;
}

static size_t read_counter(struct peer *peer, const size_t *counter)
{
    pthread_mutex_lock(&peer->lock);
    size_t value = *counter;
    pthread_mutex_unlock(&peer->lock);
    return value;
}

bool peer_wait_connected(struct peer *peer, size_t times)
{
    return wait_for(peer, &peer->connected, times);
}

bool peer_wait_disconnected(struct peer *peer, size_t times)
{
    return wait_for(peer, &peer->disconnected, times);
}

bool peer_wait_subscribed(struct peer *peer, size_t times)
{
    return wait_for(peer, &peer->granted, times);
}

const struct peer_message *peer_wait_message(struct peer *peer, size_t n)
{
    return wait_for(peer, &peer->message_count, n + 1) ? &peer->messages[n]
                                                       : NULL;
}

const struct peer_answer *peer_wait_answer(struct peer *peer, size_t n)
{
    return wait_for(peer, &peer->answer_count, n + 1) ? &peer->answers[n]
                                                      : NULL;
}

const struct peer_message *peer_wait_topic(struct peer *peer, const char *topic)
{
    const struct peer_message *message;

    for (size_t n = 0; (message = peer_wait_message(peer, n)) != NULL; n++)
        if (strcmp(message->topic, topic) == 0)
            return message;
    return NULL;
}

size_t peer_disconnects(struct peer *peer)
{
    return read_counter(peer, &peer->disconnected);
}

size_t peer_messages(struct peer *peer)
{
    return read_counter(peer, &peer->message_count);
}

size_t peer_answers(struct peer *peer)
{
    return read_counter(peer, &peer->answer_count);
}

void peer_reason(struct peer *peer, char *out, size_t size)
{
    pthread_mutex_lock(&peer->lock);
    snprintf(out, size, "%s", peer->reason);
    pthread_mutex_unlock(&peer->lock);
}

bool peer_subscribe(struct peer *peer, const char *filter)
{
    size_t before = read_counter(peer, &peer->granted);

    return link_subscribe(peer->link, filter, NULL) &&
           wait_for(peer, &peer->granted, before + 1);
}

bool peer_publish(struct peer *peer, const char *topic, const char *payload,
                  size_t bytes, bool retained)
{
    size_t before = read_counter(peer, &peer->answer_count);

    if (!link_publish(peer->link, topic, payload, bytes, 1, retained, before))
        return false;
    const struct peer_answer *answer = peer_wait_answer(peer, before);
    return answer && answer->result == LINK_DELIVERED;
}
