/* The hand-over from the network thread to the loop: judged at the door, items
 * in, items out, under one lock that is never held while anything is verified
 * or drawn. */
#include "display/edge/net/inbox.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "display/edge/net/inbox_door.h"
#include "display/edge/net/inbox_queue.h"
#include "display/edge/net/inbox_refusals.h"

struct inbox {
    int wake_fd; /* constant after create */
    struct inbox_door door;
    pthread_mutex_t lock;
    /* Guarded by lock: */
    struct inbox_queue queues[INBOX_CLASS_COUNT];
    bool took_keys;      /* with the last item */
    int alerts_in_a_row; /* taken since the last of the others */
    struct inbox_refusals refusals;
    struct inbox_losses losses;
    struct inbox_line line;
};

static const struct {
    size_t items, bytes;
} bounds[INBOX_CLASS_COUNT] = {
    [INBOX_KEYS] = {INBOX_KEYS_ITEMS, INBOX_KEYS_BYTES},
    [INBOX_ALERTS] = {INBOX_ALERTS_ITEMS, INBOX_ALERTS_BYTES},
    [INBOX_OTHERS] = {INBOX_OTHERS_ITEMS, INBOX_OTHERS_BYTES},
};

static bool init(struct inbox *inbox)
{
    if (!inbox_door_init(&inbox->door))
        return false;
    if (pthread_mutex_init(&inbox->lock, NULL) != 0) {
        inbox_door_finish(&inbox->door);
        return false;
    }
    inbox->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (inbox->wake_fd >= 0)
        return true;
    pthread_mutex_destroy(&inbox->lock);
    inbox_door_finish(&inbox->door);
    return false;
}

struct inbox *inbox_create(void)
{
    struct inbox *inbox = calloc(1, sizeof *inbox);

    if (!inbox || init(inbox))
        return inbox;
    free(inbox);
    return NULL;
}

void inbox_destroy(struct inbox *inbox)
{
    if (!inbox)
        return;
    for (int i = 0; i < INBOX_CLASS_COUNT; i++)
        inbox_queue_finish(&inbox->queues[i]);
    close(inbox->wake_fd);
    pthread_mutex_destroy(&inbox->lock);
    inbox_door_finish(&inbox->door);
    free(inbox);
}

int inbox_fd(const struct inbox *inbox)
{
    return inbox->wake_fd;
}

static void wake(struct inbox *inbox)
{
    const uint64_t one = 1;

    /* It can only fail when the counter is full: then it is readable. */
    if (write(inbox->wake_fd, &one, sizeof one) < 0)
        return;
}

void inbox_quieten(struct inbox *inbox)
{
    uint64_t count;

    if (read(inbox->wake_fd, &count, sizeof count) < 0)
        return; /* it was quiet */
}

/* NULL: no memory. */
static struct inbox_item *copy(const char *topic, const char *payload,
                               size_t bytes)
{
    size_t topic_bytes = strlen(topic) + 1;
    struct inbox_item *item = malloc(sizeof *item + topic_bytes + bytes);

    if (!item)
        return NULL;
    *item = (struct inbox_item){.bytes = bytes, .class = INBOX_OTHERS};
    item->topic = memcpy(item->texts, topic, topic_bytes);
    item->payload = item->texts + topic_bytes;
    if (bytes > 0)
        memcpy(item->texts + topic_bytes, payload, bytes);
    return item;
}

/* Takes the authentic. NULL: no memory. */
static struct inbox_item *wrap(struct verified_message *authentic,
                               enum inbox_class class)
{
    struct inbox_item *item = malloc(sizeof *item);

    if (!item) {
        verified_message_destroy(authentic);
        return NULL;
    }
    *item = (struct inbox_item){
        .topic = verified_message_topic(authentic),
        .payload = verified_message_payload(authentic),
        .bytes = verified_message_bytes(authentic),
        .authentic = authentic,
        .class = class,
    };
    return item;
}

void inbox_item_destroy(struct inbox_item *item)
{
    if (!item)
        return;
    verified_message_destroy(item->authentic);
    free(item);
}

static void count_loss(struct inbox *inbox, enum inbox_class class)
{
    if (class == INBOX_OTHERS)
        inbox->losses.ordinary++;
    else
        inbox->losses.alerts++;
}

static bool has_room(const struct inbox *inbox, const struct inbox_item *item)
{
    const struct inbox_queue *queue = &inbox->queues[item->class];

    return queue->count < bounds[item->class].items &&
           queue->bytes + inbox_item_weight(item) <= bounds[item->class].bytes;
}

/* Of lists of keys the newest counts, and no other. */
static struct inbox_item *find_oldest_list(const struct inbox_queue *queue)
{
    struct inbox_item *oldest = queue->first;

    for (struct inbox_item *item = oldest; item; item = item->next)
        if (verified_message_seq(item->authentic) <
            verified_message_seq(oldest->authentic))
            oldest = item;
    return oldest;
}

/* One of the others, whose topic has all it may have: the newest gives way. */
static struct inbox_item *
replace(struct inbox *inbox, struct inbox_item *newest, struct inbox_item *item)
{
    struct inbox_queue *queue = &inbox->queues[item->class];
    size_t left = queue->bytes - inbox_item_weight(newest);

    if (left + inbox_item_weight(item) > bounds[item->class].bytes) {
        count_loss(inbox, item->class);
        return item;
    }
    inbox_queue_replace(queue, newest, item);
    return newest;
}

/* Returns what has to be destroyed: what gave way, the new one if it is known
 * or found no room, or NULL. */
static struct inbox_item *insert(struct inbox *inbox, struct inbox_item *item)
{
    struct inbox_queue *queue = &inbox->queues[item->class];
    struct inbox_waiting waiting = inbox_queue_look(queue, item->topic,
                                                    item->payload, item->bytes);
    struct inbox_item *leaver = NULL;

    if (waiting.identical)
        return item;
    if (item->class == INBOX_OTHERS && waiting.count >= INBOX_OTHERS_PER_TOPIC)
        return replace(inbox, waiting.newest, item);
    if (item->class == INBOX_KEYS && !has_room(inbox, item)) {
        leaver = find_oldest_list(queue);
        inbox_queue_remove(queue, leaver);
    }
    if (has_room(inbox, item)) {
        inbox_queue_push(queue, item);
        return leaver;
    }
    count_loss(inbox, item->class);
    return item;
}

/* NULL: there was no memory for it. */
static void put(struct inbox *inbox, enum inbox_class class,
                struct inbox_item *item)
{
    struct inbox_item *left = NULL;

    pthread_mutex_lock(&inbox->lock);
    if (item)
        left = insert(inbox, item);
    else
        count_loss(inbox, class);
    pthread_mutex_unlock(&inbox->lock);
    inbox_item_destroy(left);
    wake(inbox);
}

/* The first wakes the loop; what follows waits with it until it is taken. */
static void note_refusal(struct inbox *inbox, const char *topic,
                         const char *payload, size_t bytes,
                         const struct problem *problem)
{
    pthread_mutex_lock(&inbox->lock);
    bool first = inbox_refusals_add(&inbox->refusals, topic, payload, bytes,
                                    problem);
    pthread_mutex_unlock(&inbox->lock);
    if (first)
        wake(inbox);
}

static bool waits_already(struct inbox *inbox, enum inbox_class class,
                          const char *topic, const char *payload, size_t bytes)
{
    pthread_mutex_lock(&inbox->lock);
    bool waits = inbox_queue_look(&inbox->queues[class], topic, payload, bytes)
                     .identical;
    pthread_mutex_unlock(&inbox->lock);
    return waits;
}

/* A list that the loop has not taken yet may allow what the door does not. */
static bool waits_for_keys(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    bool waits = inbox->queues[INBOX_KEYS].count > 0;
    pthread_mutex_unlock(&inbox->lock);
    return waits;
}

/* It claims to be an alert or a list of keys. */
static void put_judged(struct inbox *inbox, enum inbox_class class,
                       const char *topic, const char *payload, size_t bytes)
{
    struct verified_message *authentic = NULL;
    struct problem problem = {0};

    if (waits_already(inbox, class, topic, payload, bytes))
        return;
    if (inbox_door_judge(&inbox->door, topic, payload, bytes, &authentic,
                         &problem))
        put(inbox, class, wrap(authentic, class));
    else if (problem.code == PROBLEM_SYSTEM)
        put(inbox, class, NULL);
    else if (problem.code == PROBLEM_AUTHORITY && waits_for_keys(inbox))
        put(inbox, INBOX_OTHERS, copy(topic, payload, bytes));
    else
        note_refusal(inbox, topic, payload, bytes, &problem);
}

/* It can never be taken, so it is no loss that would be asked for again. */
static void refuse_topic(struct inbox *inbox, const char *topic,
                         const char *payload, size_t bytes)
{
    struct problem problem = {0};

    problem_set(&problem, PROBLEM_TOPIC, "%zu bytes, %d at most", strlen(topic),
                LIMIT_TOPIC_BYTES - 1);
    note_refusal(inbox, topic, payload, bytes, &problem);
}

void inbox_put(struct inbox *inbox, const char *topic, const char *payload,
               size_t bytes, bool retained)
{
    if (bytes > INBOX_PAYLOAD_BYTES)
        bytes = INBOX_PAYLOAD_BYTES;
    if (strlen(topic) >= LIMIT_TOPIC_BYTES) {
        refuse_topic(inbox, topic, payload, bytes);
        return;
    }
    enum inbox_class class = inbox_door_classify(&inbox->door, topic, payload,
                                                 bytes);
    if (class != INBOX_OTHERS) {
        put_judged(inbox, class, topic, payload, bytes);
        return;
    }
    struct inbox_item *item = copy(topic, payload, bytes);
    if (item)
        item->retained = retained;
    put(inbox, class, item);
}

bool inbox_trust(struct inbox *inbox, const struct trust *trust)
{
    return inbox_door_trust(&inbox->door, trust);
}

/* The class whose turn it is. Lists of keys and alerts go first, but not
 * alone: whoever repeats what is authentic must not silence the rest. */
static enum inbox_class choose(struct inbox *inbox)
{
    bool keys = inbox->queues[INBOX_KEYS].count > 0;
    bool alerts = inbox->queues[INBOX_ALERTS].count > 0;
    bool others = inbox->queues[INBOX_OTHERS].count > 0;

    if (others && inbox->alerts_in_a_row >= INBOX_ALERTS_IN_A_ROW)
        return INBOX_OTHERS;
    if (keys && !(inbox->took_keys && alerts))
        return INBOX_KEYS;
    return alerts ? INBOX_ALERTS : INBOX_OTHERS;
}

struct inbox_item *inbox_take(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    enum inbox_class class = choose(inbox);
    struct inbox_item *item = inbox->queues[class].first;
    if (item)
        inbox_queue_remove(&inbox->queues[class], item);
    inbox->took_keys = class == INBOX_KEYS;
    inbox->alerts_in_a_row = class == INBOX_OTHERS ? 0
                                                   : inbox->alerts_in_a_row + 1;
    pthread_mutex_unlock(&inbox->lock);
    return item;
}

bool inbox_take_refusal(struct inbox *inbox, struct inbox_refusal *out)
{
    pthread_mutex_lock(&inbox->lock);
    bool any = inbox_refusals_take(&inbox->refusals, out);
    pthread_mutex_unlock(&inbox->lock);
    return any;
}

unsigned long inbox_take_refusals_untold(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    unsigned long untold = inbox->refusals.untold;
    inbox->refusals.untold = 0;
    pthread_mutex_unlock(&inbox->lock);
    return untold;
}

void inbox_set_line(struct inbox *inbox, bool up, const char *reason)
{
    pthread_mutex_lock(&inbox->lock);
    struct inbox_line *line = &inbox->line;
    line->up = up;
    if (up)
        line->ups++;
    else
        line->downs++;
    if (!up)
        snprintf(line->reason, sizeof line->reason, "%s",
                 reason ? reason : "no reason given");
    pthread_mutex_unlock(&inbox->lock);
    wake(inbox);
}

void inbox_note_denied(struct inbox *inbox, const char *filter)
{
    pthread_mutex_lock(&inbox->lock);
    inbox->line.denials++;
    snprintf(inbox->line.denied, sizeof inbox->line.denied, "%s", filter);
    pthread_mutex_unlock(&inbox->lock);
    wake(inbox);
}

struct inbox_line inbox_line(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    struct inbox_line line = inbox->line;
    pthread_mutex_unlock(&inbox->lock);
    return line;
}

struct inbox_losses inbox_losses(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    struct inbox_losses losses = inbox->losses;
    pthread_mutex_unlock(&inbox->lock);
    return losses;
}
