/* The queues between the network thread and the loop. There are two locks: one
 * for the keys, held while a signature is verified, and one for everything
 * else, never held while anything is verified or drawn. */
#include "display/edge/net/inbox.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "base/translate.h"

enum { QUEUE_BUCKETS = 4096 };

/* In order of arrival, with a look-up by topic. Zeroed is empty; owns its
 * items. */
struct queue {
    struct inbox_item *first, *last; /* oldest, newest */
    struct inbox_item *buckets[QUEUE_BUCKETS];
    size_t count;
    size_t bytes; /* of memory */
};

/* The keys with which the network thread verifies. */
struct door {
    pthread_mutex_t lock;
    /* Guarded by lock: */
    struct key_ring ring;
    struct screen_identity screen;
};

struct inbox {
    int wake_fd; /* constant after create */
    struct door door;
    pthread_mutex_t lock;
    /* Guarded by lock: */
    struct queue queues[INBOX_CLASS_COUNT];
    bool took_keys;      /* the last taken item was a list of keys */
    int alerts_in_a_row; /* alerts taken since the last item of the others */
    struct inbox_refusals refusals;
    struct inbox_losses losses;
    struct inbox_line line;
    char picture[PICTURE_DIGEST_BYTES + 1]; /* that is wanted; "": none */
};

/* How many messages of a class may wait, and which is dropped when there is no
 * room: a message of the same topic, an older list of keys, otherwise the new
 * message. */
static const struct rule {
    size_t items, bytes;
    size_t per_topic; /* 0: no limit by topic */
    bool oldest_leaves;
} rules[INBOX_CLASS_COUNT] = {
    [INBOX_KEYS] = {INBOX_KEYS_ITEMS, INBOX_KEYS_BYTES, 0, true},
    [INBOX_ALERTS] = {INBOX_ALERTS_ITEMS, INBOX_ALERTS_BYTES, 0, false},
    [INBOX_OTHERS] = {INBOX_OTHERS_ITEMS, INBOX_OTHERS_BYTES,
                      INBOX_OTHERS_PER_TOPIC, false},
    [INBOX_CHUNKS] = {INBOX_CHUNKS_ITEMS, INBOX_CHUNKS_BYTES, 1, false},
};

/* FNV-1a. */
static uint32_t hash_topic(const char *topic)
{
    uint32_t hash = 2166136261u;

    for (; *topic; topic++)
        hash = (hash ^ (unsigned char)*topic) * 16777619u;
    return hash;
}

static struct inbox_item **bucket_of(struct queue *queue, uint32_t hash)
{
    return &queue->buckets[hash % QUEUE_BUCKETS];
}

/* Owns the item from here on. next: queue it before that item; NULL: at the
 * end. */
static void queue_insert(struct queue *queue, struct inbox_item *item,
                         struct inbox_item *next)
{
    struct inbox_item **bucket = bucket_of(queue, item->hash);

    item->below = *bucket;
    *bucket = item;
    item->next = next;
    item->previous = next ? next->previous : queue->last;
    *(item->previous ? &item->previous->next : &queue->first) = item;
    *(next ? &next->previous : &queue->last) = item;
    queue->count++;
    queue->bytes += item->memory_bytes;
}

/* The caller then owns the item. */
static void queue_remove(struct queue *queue, struct inbox_item *item)
{
    struct inbox_item **hook = bucket_of(queue, item->hash);

    while (*hook != item)
        hook = &(*hook)->below;
    *hook = item->below;
    *(item->previous ? &item->previous->next : &queue->first) = item->next;
    *(item->next ? &item->next->previous : &queue->last) = item->previous;
    queue->count--;
    queue->bytes -= item->memory_bytes;
}

/* The waiting messages of a topic. */
struct waiting {
    size_t count;
    struct inbox_item *newest; /* NULL: nothing */
    bool identical;            /* one of them has the same bytes */
};

static struct waiting queue_look(struct queue *queue, const char *topic,
                                 const char *payload, size_t bytes)
{
    struct waiting waiting = {0};
    uint32_t hash = hash_topic(topic);
    struct inbox_item *item = *bucket_of(queue, hash);

    for (; item; item = item->below) {
        if (item->hash != hash || strcmp(item->topic, topic) != 0)
            continue;
        if (waiting.count++ == 0)
            waiting.newest = item;
        waiting.identical |= item->bytes == bytes &&
                             memcmp(item->payload, payload, bytes) == 0;
    }
    return waiting;
}

static bool init(struct inbox *inbox)
{
    if (pthread_mutex_init(&inbox->door.lock, NULL) != 0)
        return false;
    if (pthread_mutex_init(&inbox->lock, NULL) != 0) {
        pthread_mutex_destroy(&inbox->door.lock);
        return false;
    }
    inbox->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (inbox->wake_fd >= 0)
        return true;
    pthread_mutex_destroy(&inbox->lock);
    pthread_mutex_destroy(&inbox->door.lock);
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

void inbox_item_destroy(struct inbox_item *item)
{
    if (!item)
        return;
    verified_message_finish(&item->verified);
    free(item);
}

void inbox_destroy(struct inbox *inbox)
{
    if (!inbox)
        return;
    for (int i = 0; i < INBOX_CLASS_COUNT; i++) {
        struct inbox_item *next, *item = inbox->queues[i].first;
        for (; item; item = next) {
            next = item->next;
            inbox_item_destroy(item);
        }
    }
    close(inbox->wake_fd);
    pthread_mutex_destroy(&inbox->lock);
    pthread_mutex_destroy(&inbox->door.lock);
    key_ring_finish(&inbox->door.ring);
    free(inbox);
}

int inbox_fd(const struct inbox *inbox)
{
    return inbox->wake_fd;
}

static void wake(struct inbox *inbox)
{
    const uint64_t one = 1;

    /* It fails only when the counter is full, and then the descriptor is
     * readable anyway. */
    if (write(inbox->wake_fd, &one, sizeof one) < 0)
        return;
}

void inbox_quieten(struct inbox *inbox)
{
    uint64_t count;

    if (read(inbox->wake_fd, &count, sizeof count) < 0)
        return; /* nothing to read */
}

/* NULL: no memory. */
static struct inbox_item *item_create(const char *topic, const char *payload,
                                      size_t bytes)
{
    size_t topic_bytes = strlen(topic) + 1;
    struct inbox_item *item = malloc(sizeof *item + topic_bytes + bytes);

    if (!item)
        return NULL;
    *item = (struct inbox_item){.bytes = bytes, .hash = hash_topic(topic)};
    item->topic = memcpy(item->texts, topic, topic_bytes);
    item->payload = item->texts + topic_bytes;
    if (bytes > 0)
        memcpy(item->texts + topic_bytes, payload, bytes);
    return item;
}

/* Of several lists of keys only the newest counts. */
static struct inbox_item *find_oldest_list(const struct queue *queue)
{
    struct inbox_item *oldest = queue->first;

    for (struct inbox_item *item = oldest; item; item = item->next)
        if (item->verified.message->seq < oldest->verified.message->seq)
            oldest = item;
    return oldest;
}

static bool has_room(const struct queue *queue, const struct rule *rule,
                     const struct inbox_item *item,
                     const struct inbox_item *leaver)
{
    size_t count = queue->count - (leaver ? 1 : 0);
    size_t bytes = queue->bytes - (leaver ? leaver->memory_bytes : 0);

    return count < rule->items && bytes + item->memory_bytes <= rule->bytes;
}

static void count_loss(struct inbox *inbox, enum inbox_class class)
{
    if (class == INBOX_OTHERS)
        inbox->losses.ordinary++;
    else if (class != INBOX_CHUNKS) /* these are asked for again anyway */
        inbox->losses.alerts++;
}

/* Queues the new item. Returns the item to destroy: the one that it replaces,
 * the new one itself if it is a copy or finds no room, or NULL. */
static struct inbox_item *insert(struct inbox *inbox, struct inbox_item *item)
{
    const struct rule *rule = &rules[item->class];
    struct queue *queue = &inbox->queues[item->class];
    struct waiting waiting = queue_look(queue, item->topic, item->payload,
                                        item->bytes);
    struct inbox_item *leaver = NULL;

    if (waiting.identical)
        return item;
    if (rule->per_topic > 0 && waiting.count >= rule->per_topic)
        leaver = waiting.newest;
    else if (rule->oldest_leaves && !has_room(queue, rule, item, NULL))
        leaver = find_oldest_list(queue);
    if (!has_room(queue, rule, item, leaver)) {
        count_loss(inbox, item->class);
        return item;
    }
    struct inbox_item *next = leaver ? leaver->next : NULL;
    if (leaver)
        queue_remove(queue, leaver);
    queue_insert(queue, item, next);
    return leaver;
}

/* item NULL: there was no memory for it. */
static void put(struct inbox *inbox, enum inbox_class class,
                struct inbox_item *item)
{
    struct inbox_item *left = NULL;

    if (item)
        item->memory_bytes = sizeof *item + strlen(item->topic) + item->bytes +
                             verified_message_memory_bytes(&item->verified);
    pthread_mutex_lock(&inbox->lock);
    if (item)
        left = insert(inbox, item);
    else
        count_loss(inbox, class);
    pthread_mutex_unlock(&inbox->lock);
    inbox_item_destroy(left);
    wake(inbox);
}

/* The first refusal wakes the loop; the following ones wait with it. */
static void note_refusal(struct inbox *inbox, const char *topic,
                         const char *payload, size_t bytes,
                         const struct problem *problem)
{
    struct inbox_refusals *refusals = &inbox->refusals;

    pthread_mutex_lock(&inbox->lock);
    bool first = refusals->count == 0;
    if (refusals->count < INBOX_REFUSALS)
        refusals->count++;
    else
        refusals->untold++;
    struct inbox_refusal *refusal = &refusals->items[refusals->count - 1];
    snprintf(refusal->topic, sizeof refusal->topic, "%s", topic);
    envelope_digest(payload, bytes, refusal->digest);
    refusal->problem = *problem;
    pthread_mutex_unlock(&inbox->lock);
    if (first)
        wake(inbox);
}

/* The role that a key needs for its message to wait in a class of its own. 0:
 * the message waits among the others. */
static unsigned role_for(const char *topic, size_t bytes,
                         enum inbox_class *class)
{
    struct topic parts;

    if (!topic_parse(topic, &parts))
        return 0;
    if (parts.kind == TOPIC_ALERT && bytes <= LIMIT_ALERT_BYTES) {
        *class = INBOX_ALERTS;
        return KEY_ROLE_ALERTS;
    }
    if (parts.kind == TOPIC_KEYS && bytes <= LIMIT_MESSAGE_BYTES) {
        *class = INBOX_KEYS;
        return KEY_ROLE_ROOT;
    }
    return 0;
}

/* The class for a message, by its topic, its size and the key that it names.
 * Nothing is verified here. */
static enum inbox_class classify(struct door *door, const char *topic,
                                 const char *payload, size_t bytes)
{
    const char *name = envelope_peek_key_id(payload, bytes);
    const struct key_grant *grant;
    char id[LIMIT_KEY_ID_BYTES + 1];
    enum inbox_class class = INBOX_OTHERS;
    unsigned role = role_for(topic, bytes, &class);

    if (!name || !role)
        return INBOX_OTHERS;
    snprintf(id, sizeof id, "%.*s", LIMIT_KEY_ID_BYTES, name);
    pthread_mutex_lock(&door->lock);
    bool may = key_ring_find(&door->ring, id, &grant) &&
               (grant->roles & role) && grant->revoked_ms == TIMESTAMP_NONE;
    pthread_mutex_unlock(&door->lock);
    return may ? class : INBOX_OTHERS;
}

static bool verify(struct inbox_item *item, const struct trust *trust,
                   struct problem *problem)
{
    return verified_message_init(&item->verified, trust, item->topic,
                                 item->payload, item->bytes, problem);
}

static bool verify_at_door(struct door *door, struct inbox_item *item,
                           struct problem *problem)
{
    const struct trust trust = {&door->ring, &door->screen};

    pthread_mutex_lock(&door->lock);
    bool good = verify(item, &trust, problem);
    pthread_mutex_unlock(&door->lock);
    return good;
}

static bool is_waiting(struct inbox *inbox, enum inbox_class class,
                       const char *topic, const char *payload, size_t bytes)
{
    pthread_mutex_lock(&inbox->lock);
    bool waits =
        queue_look(&inbox->queues[class], topic, payload, bytes).identical;
    pthread_mutex_unlock(&inbox->lock);
    return waits;
}

static bool are_keys_waiting(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    bool waits = inbox->queues[INBOX_KEYS].count > 0;
    pthread_mutex_unlock(&inbox->lock);
    return waits;
}

/* Verifies an alert or a list of keys before it is queued. */
static void put_verified(struct inbox *inbox, struct inbox_item *item)
{
    struct problem problem = {0};

    if (verify_at_door(&inbox->door, item, &problem)) {
        put(inbox, item->class, item);
    } else if (problem.code == PROBLEM_SYSTEM) {
        put(inbox, item->class, NULL);
        inbox_item_destroy(item);
    } else if (problem.code == PROBLEM_AUTHORITY && are_keys_waiting(inbox)) {
        /* A list of keys that still waits for the loop may allow it. */
        item->class = INBOX_OTHERS;
        put(inbox, item->class, item);
    } else {
        note_refusal(inbox, item->topic, item->payload, item->bytes, &problem);
        inbox_item_destroy(item);
    }
}

/* Not counted as lost, because the broker would be asked for it again and
 * again. */
static void refuse_topic(struct inbox *inbox, const char *topic,
                         const char *payload, size_t bytes)
{
    struct problem problem = {0};

    problem_set(&problem, PROBLEM_TOPIC, "%zu bytes, %d at most", strlen(topic),
                LIMIT_TOPIC_BYTES - 1);
    note_refusal(inbox, topic, payload, bytes, &problem);
}

static bool is_wanted(struct inbox *inbox, const char *digest)
{
    pthread_mutex_lock(&inbox->lock);
    bool wanted = strcmp(inbox->picture, digest) == 0;
    pthread_mutex_unlock(&inbox->lock);
    return wanted;
}

/* True: it was a chunk. Whoever sends chunks that nobody asked for takes no
 * room with them. */
static bool put_chunk(struct inbox *inbox, const char *topic,
                      const char *payload, size_t bytes)
{
    struct topic parts;

    if (!topic_parse(topic, &parts) || parts.kind != TOPIC_PICTURE)
        return false;
    if (bytes == 0 || bytes > LIMIT_CHUNK_BYTES || !is_wanted(inbox, parts.id))
        return true;
    struct inbox_item *item = item_create(topic, payload, bytes);
    if (item)
        item->class = INBOX_CHUNKS;
    put(inbox, INBOX_CHUNKS, item);
    return true;
}

void inbox_want_picture(struct inbox *inbox, const char *digest)
{
    struct queue *queue = &inbox->queues[INBOX_CHUNKS];
    struct inbox_item *left = NULL;

    pthread_mutex_lock(&inbox->lock);
    snprintf(inbox->picture, sizeof inbox->picture, "%s", digest ? digest : "");
    while (queue->first) {
        struct inbox_item *item = queue->first;
        queue_remove(queue, item);
        item->next = left;
        left = item;
    }
    pthread_mutex_unlock(&inbox->lock);
    while (left) {
        struct inbox_item *next = left->next;
        inbox_item_destroy(left);
        left = next;
    }
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
    if (put_chunk(inbox, topic, payload, bytes))
        return;
    enum inbox_class class = classify(&inbox->door, topic, payload, bytes);
    if (class != INBOX_OTHERS &&
        is_waiting(inbox, class, topic, payload, bytes))
        return;
    struct inbox_item *item = item_create(topic, payload, bytes);
    if (item) {
        item->class = class;
        item->retained = retained;
    }
    if (item && class != INBOX_OTHERS)
        put_verified(inbox, item);
    else
        put(inbox, class, item);
}

bool inbox_trust(struct inbox *inbox, const struct trust *trust)
{
    struct key_ring ring = {.count = 0};

    if (!key_ring_copy(trust->ring, &ring))
        return false;
    pthread_mutex_lock(&inbox->door.lock);
    struct key_ring old = inbox->door.ring;
    inbox->door.ring = ring;
    inbox->door.screen = *trust->screen;
    pthread_mutex_unlock(&inbox->door.lock);
    key_ring_finish(&old);
    return true;
}

/* The class that is next. Lists of keys and alerts go first, but not for ever:
 * somebody who sends valid ones again and again must not keep the others
 * waiting. */
static enum inbox_class choose(const struct inbox *inbox)
{
    bool keys = inbox->queues[INBOX_KEYS].count > 0;
    bool alerts = inbox->queues[INBOX_ALERTS].count > 0;
    bool others = inbox->queues[INBOX_OTHERS].count > 0;

    if (others && inbox->alerts_in_a_row >= INBOX_ALERTS_IN_A_ROW)
        return INBOX_OTHERS;
    if (keys && !(inbox->took_keys && alerts))
        return INBOX_KEYS;
    if (alerts)
        return INBOX_ALERTS;
    return others ? INBOX_OTHERS : INBOX_CHUNKS;
}

struct inbox_item *inbox_take(struct inbox *inbox, const struct trust *trust,
                              struct problem *problem)
{
    pthread_mutex_lock(&inbox->lock);
    enum inbox_class class = choose(inbox);
    struct inbox_item *item = inbox->queues[class].first;
    if (item)
        queue_remove(&inbox->queues[class], item);
    inbox->took_keys = class == INBOX_KEYS;
    inbox->alerts_in_a_row = class >= INBOX_OTHERS ? 0
                                                   : inbox->alerts_in_a_row + 1;
    pthread_mutex_unlock(&inbox->lock);
    if (item && class == INBOX_OTHERS)
        verify(item, trust, problem);
    return item;
}

bool inbox_take_refusals(struct inbox *inbox, struct inbox_refusals *out)
{
    struct inbox_refusals *refusals = &inbox->refusals;

    pthread_mutex_lock(&inbox->lock);
    bool any = refusals->count > 0;
    if (any)
        *out = *refusals;
    refusals->count = 0;
    refusals->untold = 0;
    pthread_mutex_unlock(&inbox->lock);
    return any;
}

void inbox_set_line(struct inbox *inbox, bool up, const char *reason)
{
    struct inbox_line *line = &inbox->line;

    pthread_mutex_lock(&inbox->lock);
    line->up = up;
    if (up)
        line->ups++;
    else
        line->downs++;
    if (!up)
        snprintf(line->reason, sizeof line->reason, "%s",
                 reason ? reason : tr("no reason given"));
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
