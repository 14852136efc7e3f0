/* The queue between Paho's thread and the command. */
#include "publisher/send/events.h"

#include "protocol/topic.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* Receipts of a great fleet must not fill the memory; answers are bounded by
 * the link. */
enum { RECEIPTS_MAX = 20000 };

struct events {
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t changed;
    struct event *first;
    struct event **end; /* where the next one is hung */
    size_t receipts;
    int fd; /* says that the queue is not empty; constant */
};

int64_t events_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Takes the event. */
static void append(struct events *events, struct event *event)
{
    bool receipt = event->kind == EVENT_RECEIPT;

    pthread_mutex_lock(&events->lock);
    bool room = !receipt || events->receipts < RECEIPTS_MAX;
    if (room) {
        *events->end = event;
        events->end = &event->next;
        events->receipts += receipt;
        eventfd_write(events->fd, 1);
        pthread_cond_signal(&events->changed);
    }
    pthread_mutex_unlock(&events->lock);
    if (!room)
        free(event);
}

/* Without memory the event is lost; the command then ends by its time-out. */
static struct event *make(enum event_kind kind, const char *text)
{
    struct event *event = calloc(1, sizeof *event);

    if (!event)
        return NULL;
    event->kind = kind;
    snprintf(event->text, sizeof event->text, "%s", text);
    return event;
}

static void on_connected(void *context)
{
    struct event *event = make(EVENT_CONNECTED, "");

    if (event)
        append(context, event);
}

static void on_disconnected(void *context, const char *reason)
{
    struct event *event = make(EVENT_DISCONNECTED, reason);

    if (event)
        append(context, event);
}

static void on_subscribed(void *context, const char *filter, bool granted)
{
    struct event *event = make(EVENT_SUBSCRIBED, filter);

    if (!event)
        return;
    event->granted = granted;
    append(context, event);
}

static void on_published(void *context, uint64_t token, enum link_result result,
                         const char *reason)
{
    struct event *event = make(EVENT_PUBLISHED, reason);

    if (!event)
        return;
    event->token = token;
    event->result = result;
    append(context, event);
}

/* The signature stands in the first line: it tells messages apart. */
static bool read_heard(struct event *event, const char *payload, size_t bytes)
{
    const char *end = memchr(payload, '\n', bytes);
    size_t length = end ? (size_t)(end - payload) : 0;

    if (length == 0 || length >= sizeof event->text)
        return false;
    event->kind = EVENT_HEARD;
    memcpy(event->text, payload, length);
    return true;
}

static bool read_message(struct event *event, const char *topic,
                         const char *payload, size_t bytes)
{
    struct topic parts;

    if (!topic_parse(topic, &parts))
        return false;
    event->topic = parts.kind;
    switch (parts.kind) {
    case TOPIC_RECEIPT:
    case TOPIC_RECEIPT_BEFORE:
        return receipt_parse(payload, bytes, &event->receipt) &&
               strcmp(parts.screen, event->receipt.screen) == 0;
    case TOPIC_TICK:
    case TOPIC_INDEX:
        return read_heard(event, payload, bytes);
    default:
        return false;
    }
}

static void on_message(void *context, const char *topic, const char *payload,
                       size_t bytes, bool retained)
{
    struct event *event = make(EVENT_RECEIPT, "");

    (void)retained;
    if (event && read_message(event, topic, payload, bytes))
        append(context, event);
    else
        free(event);
}

static bool init_waiting(struct events *events)
{
    pthread_condattr_t monotonic;

    if (pthread_condattr_init(&monotonic) != 0)
        return false;
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    bool made = pthread_cond_init(&events->changed, &monotonic) == 0;
    pthread_condattr_destroy(&monotonic);
    if (made && pthread_mutex_init(&events->lock, NULL) != 0) {
        pthread_cond_destroy(&events->changed);
        made = false;
    }
    return made;
}

struct events *events_create(void)
{
    struct events *events = calloc(1, sizeof *events);

    if (!events)
        return NULL;
    events->end = &events->first;
    events->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (events->fd >= 0 && init_waiting(events))
        return events;
    if (events->fd >= 0)
        close(events->fd);
    free(events);
    return NULL;
}

void events_destroy(struct events *events)
{
    if (!events)
        return;
    while (events->first) {
        struct event *event = events->first;
        events->first = event->next;
        free(event);
    }
    pthread_cond_destroy(&events->changed);
    pthread_mutex_destroy(&events->lock);
    close(events->fd);
    free(events);
}

int events_fd(const struct events *events)
{
    return events->fd;
}

struct link_callbacks events_callbacks(struct events *events)
{
    return (struct link_callbacks){
        .context = events,
        .connected = on_connected,
        .disconnected = on_disconnected,
        .message = on_message,
        .published = on_published,
        .subscribed = on_subscribed,
    };
}

static struct event *take_first(struct events *events)
{
    struct event *event = events->first;

    if (!event)
        return NULL;
    events->first = event->next;
    if (!events->first) {
        eventfd_t none;
        events->end = &events->first;
        eventfd_read(events->fd, &none);
    }
    events->receipts -= event->kind == EVENT_RECEIPT;
    return event;
}

bool events_wait(struct events *events, int64_t deadline_ms, struct event *out)
{
    struct timespec until = {.tv_sec = deadline_ms / 1000,
                             .tv_nsec = deadline_ms % 1000 * 1000000};
    int result = 0;

    pthread_mutex_lock(&events->lock);
    while (!events->first && result == 0)
        result = pthread_cond_timedwait(&events->changed, &events->lock,
                                        &until);
    struct event *event = take_first(events);
    pthread_mutex_unlock(&events->lock);
    if (!event)
        return false;
    *out = *event;
    out->next = NULL;
    free(event);
    return true;
}
