/* The line to the broker, and the queue of events between the link's thread and
 * the command's. */
#include "publisher/send/session.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/translate.h"
#include "protocol/link/certificate_end.h"
#include "protocol/link/diagnosis.h"
#include "protocol/topic.h"
#include "publisher/cli/tell.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* A limit for what screens say, so that a large fleet does not fill the memory;
 * the link limits answers. */
enum { NEWS_MAX = 40000, PARTS_MAX = 512 };

/* Of the message to ourselves; no delivery has it. */
#define MARK_TOKEN UINT64_MAX

struct session {
    struct link *link;
    int fd;               /* readable while the queue is not empty */
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t changed;
    struct session_event *first;
    struct session_event **end; /* where the next one is added */
    size_t news, parts, dropped;
    char mark[LIMIT_TOPIC_BYTES]; /* "": none; constant */
};

static bool is_news(enum session_event_kind kind)
{
    return kind == SESSION_RECEIPT || kind == SESSION_PRESENCE ||
           kind == SESSION_STATE || kind == SESSION_REPLY;
}

static void event_free(struct session_event *event)
{
    if (event) {
        free(event->state);
        free(event->part);
        free(event->payload);
    }
    free(event);
}

/* Owns the event from here on. */
static void append(struct session *session, struct session_event *event)
{
    bool news = is_news(event->kind);
    bool part = event->kind == SESSION_PART;

    pthread_mutex_lock(&session->lock);
    bool room = (!news || session->news < NEWS_MAX) &&
                (!part || session->parts < PARTS_MAX);
    session->dropped += !room;
    if (room) {
        *session->end = event;
        session->end = &event->next;
        session->news += news;
        session->parts += part;
        if (session->first == event)
            eventfd_write(session->fd, 1);
        pthread_cond_signal(&session->changed);
    }
    pthread_mutex_unlock(&session->lock);
    if (!room)
        event_free(event);
}

/* Without memory the event is lost; the command then ends by its time-out. */
static struct session_event *make(enum session_event_kind kind,
                                  const char *text)
{
    struct session_event *event = calloc(1, sizeof *event);

    if (!event)
        return NULL;
    event->kind = kind;
    snprintf(event->text, sizeof event->text, "%s", text);
    return event;
}

static void on_connected(void *context)
{
    struct session_event *event = make(SESSION_CONNECTED, "");

    if (event)
        append(context, event);
}

static void on_disconnected(void *context, const char *reason)
{
    struct session_event *event = make(SESSION_DISCONNECTED, reason);

    if (event)
        append(context, event);
}

static void on_subscribed(void *context, const char *filter, bool granted)
{
    struct session_event *event = make(SESSION_SUBSCRIBED, filter);

    if (!event)
        return;
    event->granted = granted;
    append(context, event);
}

static void on_published(void *context, uint64_t token, enum link_result result,
                         const char *reason)
{
    struct session_event *event = token == MARK_TOKEN
                                      ? NULL
                                      : make(SESSION_PUBLISHED, reason);

    if (!event)
        return;
    event->token = token;
    event->result = result;
    append(context, event);
}

/* Keeps the first line, which has the signature: it identifies the message. */
static bool read_heard(struct session_event *event, const char *payload,
                       size_t bytes)
{
    const char *end = memchr(payload, '\n', bytes);
    size_t length = end ? (size_t)(end - payload) : 0;

    if (length == 0 || length >= sizeof event->text)
        return false;
    event->kind = SESSION_HEARD;
    memcpy(event->text, payload, length);
    return true;
}

static bool read_state(struct session_event *event, const char *screen,
                       const char *payload, size_t bytes)
{
    event->kind = SESSION_STATE;
    event->state = screen_state_parse(payload, bytes);
    return event->state && strcmp(screen, event->state->screen) == 0;
}

static bool read_reply(struct session_event *event, const char *screen,
                       const char *payload, size_t bytes)
{
    event->kind = SESSION_REPLY;
    if (receipt_parse(payload, bytes, &event->receipt))
        return strcmp(screen, event->receipt.screen) == 0;
    event->kind = SESSION_PART;
    event->part = malloc(sizeof *event->part);
    return event->part && reply_part_parse(payload, bytes, event->part) &&
           strcmp(screen, event->part->screen) == 0;
}

static bool read_retained(struct session_event *event, const char *topic,
                          const char *payload, size_t bytes)
{
    if (strlen(topic) >= sizeof event->text)
        return false;
    event->kind = SESSION_RETAINED;
    memcpy(event->text, topic, strlen(topic) + 1);
    event->bytes = bytes;
    event->payload = malloc(bytes + 1);
    if (!event->payload)
        return false;
    memcpy(event->payload, payload, bytes);
    event->payload[bytes] = '\0';
    return true;
}

static bool read_message(const struct session *session,
                         struct session_event *event, const char *topic,
                         const char *payload, size_t bytes)
{
    struct topic parts;

    if (!topic_parse(topic, &parts))
        return false;
    if (strcmp(topic, session->mark) == 0) {
        event->kind = SESSION_MARKED;
        return true;
    }
    event->topic = parts.kind;
    switch (parts.kind) {
    case TOPIC_RECEIPT:
    case TOPIC_RECEIPT_BEFORE:
        return receipt_parse(payload, bytes, &event->receipt) &&
               strcmp(parts.screen, event->receipt.screen) == 0;
    case TOPIC_PRESENCE:
        event->kind = SESSION_PRESENCE;
        return presence_parse(payload, bytes, &event->presence) &&
               strcmp(parts.screen, event->presence.screen) == 0;
    case TOPIC_REPLY:
        return read_reply(event, parts.screen, payload, bytes);
    case TOPIC_STATE:
        return read_state(event, parts.screen, payload, bytes);
    case TOPIC_TICK:
    case TOPIC_INDEX:
        return read_heard(event, payload, bytes);
    case TOPIC_ALERT:
    case TOPIC_PANEL:
        return read_retained(event, topic, payload, bytes);
    default:
        return false;
    }
}

static void on_message(void *context, const char *topic, const char *payload,
                       size_t bytes, bool retained)
{
    struct session_event *event = make(SESSION_RECEIPT, "");

    (void)retained;
    if (event && read_message(context, event, topic, payload, bytes))
        append(context, event);
    else
        event_free(event);
}

static bool init_queue(struct session *session)
{
    pthread_condattr_t monotonic;

    if (pthread_condattr_init(&monotonic) != 0)
        return false;
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    bool made = pthread_cond_init(&session->changed, &monotonic) == 0;
    pthread_condattr_destroy(&monotonic);
    if (made && pthread_mutex_init(&session->lock, NULL) != 0) {
        pthread_cond_destroy(&session->changed);
        made = false;
    }
    return made;
}

/* No screen's name begins with gaoshi-: nobody else hears it. */
static bool make_mark(struct session *session, const char *org,
                      struct problem *problem)
{
    struct topic topic = {.kind = TOPIC_PANEL, .id = "mark"};
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (uint64_t)getpid();
    snprintf(topic.org, sizeof topic.org, "%s", org);
    snprintf(topic.scope, sizeof topic.scope, "screen-gaoshi-%016" PRIx64,
             random);
    return topic_format(&topic, session->mark) ||
           problem_set(problem, PROBLEM_FIELD, "--org '%s': no name", org);
}

static struct link_callbacks callbacks_of(struct session *session)
{
    return (struct link_callbacks){
        .context = session,
        .connected = on_connected,
        .disconnected = on_disconnected,
        .message = on_message,
        .published = on_published,
        .subscribed = on_subscribed,
    };
}

enum { KEEP_ALIVE_S = 20 };

static void fill_link_options(const struct options *options,
                              const char *client_id, const char *password,
                              struct link_options *out)
{
    *out = (struct link_options){
        .broker_count = options->brokers.count,
        .client_id = client_id,
        .username = options->username,
        .password = password,
        .ca_file = options->ca_file,
        .cert_file = options->cert_file,
        .key_file = options->cert_key_file,
        .mqtt_version = options->mqtt_version,
        .keep_alive_s = KEEP_ALIVE_S,
    };
    for (size_t i = 0; i < options->brokers.count; i++)
        out->brokers[i] = options->brokers.texts[i];
}

/* A random id, because a broker closes the session of another client with the
 * same id. */
static void make_client_id(char *out, size_t size)
{
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (uint64_t)getpid();
    snprintf(out, size, "gaoshi-publish-%016" PRIx64, random);
}

static struct session *create(void)
{
    struct session *session = calloc(1, sizeof *session);

    if (!session)
        return NULL;
    session->end = &session->first;
    session->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (session->fd >= 0 && init_queue(session))
        return session;
    if (session->fd >= 0)
        close(session->fd);
    free(session);
    return NULL;
}

static bool start(struct session *session, const struct link_options *options,
                  const char *const *filters, size_t count,
                  struct problem *problem)
{
    struct link_callbacks callbacks = callbacks_of(session);

    if (!link_check(options, problem) ||
        !link_create(options, &callbacks, &session->link, problem))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!link_subscribe(session->link, filters[i], problem))
            return false;
    if (session->mark[0] &&
        !link_subscribe(session->link, session->mark, problem))
        return false;
    return link_start(session->link, problem);
}

static bool begin(struct session *session, const struct options *options,
                  const char *const *filters, size_t count,
                  struct problem *problem)
{
    struct link_options link_options;
    char client_id[40];
    char *password = NULL;

    if (options->password_file) {
        password = file_read_password(options->password_file, FILE_CARE_SECRET,
                                      problem);
        if (!password)
            return false;
    }
    make_client_id(client_id, sizeof client_id);
    fill_link_options(options, client_id, password, &link_options);
    bool started = start(session, &link_options, filters, count, problem);
    file_forget_password(password);
    return started;
}

/* In time, while the old one still serves. */
static void tell_own_certificate(const struct options *options)
{
    int64_t now_ms = clock_wall_ms();
    char words[CERTIFICATE_WORDS_BYTES];
    struct certificate_end end;

    if (!options->cert_file ||
        !certificate_end_read(options->cert_file, &end) ||
        !certificate_ends_soon(end.ms, now_ms))
        return;
    certificate_end_describe(end.ms, now_ms, words);
    tell_line("%s: our certificate %s; gaoshi-publish provision renew %s "
              "--town DIR makes a new one, gaoshi-publish setup takes it",
              options->cert_file, words, end.name);
}

bool session_open(const struct options *options, const char *const *filters,
                  size_t count, bool marked, struct session **out,
                  struct problem *problem)
{
    struct session *session = create();

    if (!session)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if ((marked && !make_mark(session, options->org, problem)) ||
        !begin(session, options, filters, count, problem)) {
        session_close(session);
        return false;
    }
    tell_own_certificate(options);
    *out = session;
    return true;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    link_destroy(
        session
            ->link); /* first, because this ends the thread that adds events */
    while (session->first) {
        struct session_event *event = session->first;
        session->first = event->next;
        event_free(event);
    }
    pthread_cond_destroy(&session->changed);
    pthread_mutex_destroy(&session->lock);
    close(session->fd);
    free(session);
}

struct link *session_link(const struct session *session)
{
    return session->link;
}

int session_fd(const struct session *session)
{
    return session->fd;
}

size_t session_dropped(struct session *session)
{
    pthread_mutex_lock(&session->lock);
    size_t dropped = session->dropped;
    pthread_mutex_unlock(&session->lock);
    return dropped;
}

static struct session_event *take_first(struct session *session)
{
    struct session_event *event = session->first;

    if (!event)
        return NULL;
    session->first = event->next;
    if (!session->first) {
        eventfd_t none;
        session->end = &session->first;
        eventfd_read(session->fd, &none);
    }
    session->news -= is_news(event->kind);
    session->parts -= event->kind == SESSION_PART;
    return event;
}

bool session_next(struct session *session, int64_t deadline_ms,
                  struct session_event *out)
{
    struct timespec until = {.tv_sec = deadline_ms / 1000,
                             .tv_nsec = deadline_ms % 1000 * 1000000};
    int result = 0;

    pthread_mutex_lock(&session->lock);
    while (!session->first && result == 0 && deadline_ms > 0)
        result = pthread_cond_timedwait(&session->changed, &session->lock,
                                        &until);
    struct session_event *event = take_first(session);
    pthread_mutex_unlock(&session->lock);
    if (!event)
        return false;
    *out = *event;
    out->next = NULL;
    free(event);
    /* Behind the last subscription; without a line the next connect does it. */
    if (out->kind == SESSION_SUBSCRIBED && session->mark[0] &&
        strcmp(out->text, session->mark) == 0)
        link_publish(session->link, session->mark, "mark", 4, 1, false,
                     MARK_TOKEN);
    return true;
}

bool session_is_denied(const char *reason)
{
    /* Of MQTT 3.1.1 and 5, as the link tells them behind the address. */
    static const char *const denials[] = {
        N_("Bad user name or password"),
        N_("Not authorized"),
        N_("Banned"),
        N_("Bad authentication method"),
    };
    size_t length = strlen(reason);

    for (size_t i = 0; i < sizeof denials / sizeof denials[0]; i++) {
        const char *denial = tr(denials[i]);
        size_t end = strlen(denial);
        if (length > end + 2 &&
            memcmp(reason + length - end - 2, ": ", 2) == 0 &&
            strcmp(reason + length - end, denial) == 0)
            return true;
    }
    return false;
}

bool session_explain(const struct options *options)
{
    struct link_options link_options;
    struct diagnosis found;
    bool is_ours = false;

    fill_link_options(options, NULL, NULL, &link_options);
    for (size_t i = 0; i < link_options.broker_count; i++) {
        link_diagnose(&link_options, i, &found);
        if (found.fault != DIAGNOSIS_NONE)
            tell_line("%s: %s", link_options.brokers[i], found.text);
        is_ours = is_ours || found.fault == DIAGNOSIS_OURS;
    }
    return is_ours;
}

enum publish_exit session_exit(const struct problem *problem)
{
    return problem->code == PROBLEM_FIELD       ? PUBLISH_USAGE
           : problem->code == PROBLEM_AUTHORITY ? PUBLISH_KEY
                                                : PUBLISH_OTHER;
}
