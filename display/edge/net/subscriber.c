/* Connects the link to the inbox. The callbacks run on Paho's thread: they hand
 * over and return. */
#include "display/edge/net/subscriber.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "display/edge/net/outgoing.h"
#include "protocol/link/diagnosis.h"
#include "protocol/topic.h"

struct subscriber {
    struct link *link;
    struct outgoing *outgoing;
    struct inbox *inbox;
    struct screen_identity identity;
    char presence_topic[LIMIT_TOPIC_BYTES];
    char state_topic[LIMIT_TOPIC_BYTES];
    char reply_topic[LIMIT_TOPIC_BYTES];
    char receipt_topic[LIMIT_TOPIC_BYTES];
    int64_t run; /* drawn by lot, see presence_format */
    int64_t spread_ms;
};

static void on_connected(void *context)
{
    struct subscriber *subscriber = context;

    outgoing_connected(subscriber->outgoing);
    inbox_set_line(subscriber->inbox, true, NULL);
}

static void on_disconnected(void *context, const char *reason)
{
    struct subscriber *subscriber = context;

    inbox_set_line(subscriber->inbox, false, reason);
}

static void on_message(void *context, const char *topic, const char *payload,
                       size_t bytes, bool retained)
{
    struct subscriber *subscriber = context;

    inbox_put(subscriber->inbox, topic, payload, bytes, retained);
}

static void on_published(void *context, uint64_t token, enum link_result result,
                         const char *reason)
{
    struct subscriber *subscriber = context;

    (void)reason;
    outgoing_published(subscriber->outgoing, token, result);
}

static void on_subscribed(void *context, const char *filter, bool granted)
{
    struct subscriber *subscriber = context;

    if (!granted)
        inbox_note_denied(subscriber->inbox, filter);
}

static bool own_topic(const struct subscriber *subscriber, enum topic_kind kind,
                      char out[LIMIT_TOPIC_BYTES])
{
    struct topic topic = {.kind = kind};

    snprintf(topic.org, sizeof topic.org, "%s", subscriber->identity.org);
    snprintf(topic.screen, sizeof topic.screen, "%s",
             subscriber->identity.screen);
    return topic_format(&topic, out);
}

/* file NULL: there is no password. End *out with file_forget_password. */
static bool read_password(const char *file, char **out, struct problem *problem)
{
    *out = NULL;
    if (!file[0])
        return true;
    *out = file_read_password(file, FILE_CARE_NONE, problem);
    if (!*out)
        snprintf(problem->field, sizeof problem->field, "broker.password_file");
    return *out != NULL;
}

static const char *text_or_null(const char *text)
{
    return text[0] ? text : NULL;
}

enum { CLIENT_ID_BYTES = 2 * LIMIT_IDENTIFIER_BYTES + 16 };

static struct link_options make_options(const struct config *config,
                                        char client_id[CLIENT_ID_BYTES])
{
    struct link_options options = {
        .broker_count = config->brokers.count,
        .client_id = client_id,
        .username = text_or_null(config->username),
        .ca_file = text_or_null(config->ca_file),
        .cert_file = text_or_null(config->cert_file),
        .key_file = text_or_null(config->key_file),
        .mqtt_version = config->mqtt_version,
        .keep_alive_s = SUBSCRIBER_KEEP_ALIVE_S,
        .hint = tr("gaoshi-display --check-config says more"),
    };

    snprintf(client_id, CLIENT_ID_BYTES, "gaoshi-%s-%s", config->identity.org,
             config->identity.screen);
    for (size_t i = 0; i < config->brokers.count; i++)
        options.brokers[i] = config->brokers.texts[i];
    return options;
}

static bool make_link(struct subscriber *subscriber,
                      const struct config *config, const char *password,
                      const char *will, struct problem *problem)
{
    char client_id[CLIENT_ID_BYTES];
    const struct link_callbacks callbacks = {
        .context = subscriber,
        .connected = on_connected,
        .disconnected = on_disconnected,
        .message = on_message,
        .published = on_published,
        .subscribed = on_subscribed,
    };
    struct link_options options = make_options(config, client_id);

    options.password = password;
    options.will_topic = subscriber->presence_topic;
    options.will_payload = will;
    return link_create(&options, &callbacks, &subscriber->link, problem);
}

bool subscriber_check(const struct config *config, struct problem *problem)
{
    char client_id[CLIENT_ID_BYTES];
    const struct link_options options = make_options(config, client_id);
    char *password = NULL;

    problem->place[0] = '\0';
    if (!config_check_line(config, problem))
        return false;
    if (read_password(config->password_file, &password, problem) &&
        link_check(&options, problem)) {
        file_forget_password(password);
        return true;
    }
    file_forget_password(password);
    config_place_problem(config, problem);
    return false;
}

bool subscriber_diagnose(const struct config *config, struct problem *problem)
{
    char client_id[CLIENT_ID_BYTES];
    const struct link_options options = make_options(config, client_id);
    struct diagnosis found;

    for (size_t i = 0; i < options.broker_count; i++) {
        link_diagnose(&options, i, &found);
        if (found.fault == DIAGNOSIS_UNREACHABLE)
            log_write(LOG_WARNING,
                      "%s: %s; its certificate could not be checked",
                      options.brokers[i], found.text);
        if (found.fault <= DIAGNOSIS_UNREACHABLE)
            continue;
        problem_set_field(problem, "broker.address", "%s: %s",
                          options.brokers[i], found.text);
        config_place_problem(config, problem);
        return false;
    }
    return true;
}

static bool subscribe(struct subscriber *subscriber, struct problem *problem)
{
    char filters[TOPIC_FILTER_MAX][LIMIT_TOPIC_BYTES];
    size_t count = topic_filters(&subscriber->identity, filters);

    for (size_t i = 0; i < count; i++) {
        if (!link_subscribe(subscriber->link, filters[i], problem))
            return false;
    }
    return true;
}

static bool begin(struct subscriber *subscriber, const struct config *config,
                  int64_t wall_ms, struct problem *problem)
{
    char *password = NULL;

    if (!own_topic(subscriber, TOPIC_PRESENCE, subscriber->presence_topic) ||
        !own_topic(subscriber, TOPIC_STATE, subscriber->state_topic) ||
        !own_topic(subscriber, TOPIC_REPLY, subscriber->reply_topic) ||
        !own_topic(subscriber, TOPIC_RECEIPT, subscriber->receipt_topic))
        return problem_set_field(problem, "screen.id", "makes no topic");
    if (!read_password(config->password_file, &password, problem))
        return false;
    char *will = presence_format(PRESENCE_OFFLINE, config->identity.screen,
                                 GAOSHI_VERSION, subscriber->run, wall_ms);
    bool made = will ? make_link(subscriber, config, password, will, problem)
                     : problem_set(problem, PROBLEM_SYSTEM, "no memory");
    free(will);
    file_forget_password(password);
    if (!made)
        return false;
    subscriber->outgoing = outgoing_create(subscriber->link);
    if (!subscriber->outgoing)
        return problem_set(problem, PROBLEM_SYSTEM, "no thread to send with");
    return subscribe(subscriber, problem) &&
           link_start(subscriber->link, problem);
}

static void close_line(struct subscriber *subscriber)
{
    outgoing_close(subscriber->outgoing);
    link_destroy(subscriber->link);
    outgoing_destroy(subscriber->outgoing);
}

/* From 1 to 2^48. */
static int64_t draw_run(void)
{
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (uint64_t)getpid();
    return (int64_t)(random >> 16) + 1;
}

bool subscriber_create(const struct config *config, struct inbox *inbox,
                       int64_t wall_ms, struct subscriber **out,
                       struct problem *problem)
{
    struct subscriber *subscriber = calloc(1, sizeof *subscriber);

    if (!subscriber)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    subscriber->inbox = inbox;
    subscriber->identity = config->identity;
    subscriber->run = draw_run();
    if (!begin(subscriber, config, wall_ms, problem)) {
        config_place_problem(config, problem);
        close_line(subscriber);
        free(subscriber);
        return false;
    }
    *out = subscriber;
    return true;
}

void subscriber_destroy(struct subscriber *subscriber, int64_t wall_ms)
{
    if (!subscriber)
        return;
    subscriber_tell_presence(subscriber, PRESENCE_OFFLINE, wall_ms);
    close_line(subscriber);
    free(subscriber);
}

void subscriber_set_screens(struct subscriber *subscriber, int screens)
{
    int64_t spread_ms = (int64_t)screens * SUBSCRIBER_SPREAD_US / 1000;

    if (spread_ms > SUBSCRIBER_SPREAD_MAX_MS)
        spread_ms = SUBSCRIBER_SPREAD_MAX_MS;
    if (spread_ms == subscriber->spread_ms)
        return;
    subscriber->spread_ms = spread_ms;
    link_set_patience(subscriber->link, spread_ms);
}

bool subscriber_refresh(struct subscriber *subscriber)
{
    return outgoing_refresh(subscriber->outgoing);
}

bool subscriber_want_picture(struct subscriber *subscriber, const char *digest,
                             bool wanted)
{
    char filter[LIMIT_TOPIC_BYTES];

    return topic_picture_filter(subscriber->identity.org, digest, filter) &&
           outgoing_subscribe(subscriber->outgoing, filter, wanted);
}

/* Frees the text, which is NULL if there was no memory for it. */
static bool publish(struct subscriber *subscriber, const char *topic,
                    char *text, const char *about, enum outgoing_care care,
                    int64_t spread_ms)
{
    bool sent = text && outgoing_publish(subscriber->outgoing, topic, text,
                                         about, care, spread_ms);

    free(text);
    return sent;
}

void subscriber_tell_presence(struct subscriber *subscriber,
                              enum presence presence, int64_t wall_ms)
{
    publish(subscriber, subscriber->presence_topic,
            presence_format(presence, subscriber->identity.screen,
                            GAOSHI_VERSION, subscriber->run, wall_ms),
            NULL, OUTGOING_RETAINED, 0);
}

void subscriber_tell_receipt(struct subscriber *subscriber,
                             const struct receipt *receipt)
{
    bool progress = receipt->event == RECEIPT_SHOWN ||
                    (receipt->event == RECEIPT_VERIFIED &&
                     !receipt->ignored[0] && !receipt->left_out[0]);
    char about[LIMIT_IDENTIFIER_BYTES + 32];

    /* What is shown was verified: of both, one answer is enough, unless the
     * first one says more. */
    snprintf(about, sizeof about, "%s %" PRId64, receipt->message,
             receipt->seq);
    /* Without a valid id the receipt could not name its message. */
    if (identifier_is_valid(receipt->message))
        publish(subscriber, subscriber->receipt_topic, receipt_format(receipt),
                progress ? about : NULL, OUTGOING_KEPT, subscriber->spread_ms);
}

void subscriber_tell_reply(struct subscriber *subscriber,
                           const struct receipt *receipt)
{
    publish(subscriber, subscriber->reply_topic, receipt_format(receipt), NULL,
            OUTGOING_KEPT, 0);
}

bool subscriber_tell_part(struct subscriber *subscriber,
                          const struct reply_part *part)
{
    return publish(subscriber, subscriber->reply_topic, reply_part_format(part),
                   NULL, OUTGOING_PASSING, 0);
}

bool subscriber_tell_state(struct subscriber *subscriber,
                           const struct screen_state *state)
{
    struct screen_state told = *state;

    told.run = subscriber->run;
    return publish(subscriber, subscriber->state_topic,
                   screen_state_format(&told), "state", OUTGOING_RETAINED,
                   subscriber->spread_ms);
}
