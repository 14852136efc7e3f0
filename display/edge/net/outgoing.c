/* A ring buffer between the loop and the thread that sends, and a list of what
 * was sent and not acknowledged yet. */
#include "display/edge/net/outgoing.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

enum outgoing_kind {
    OUTGOING_REFRESH, /* subscribe again */
    OUTGOING_SUBSCRIBE,
    OUTGOING_UNSUBSCRIBE,
    OUTGOING_PUBLISH
};

struct outgoing_item {
    enum outgoing_kind kind;
    char *topic; /* or filter; NULL: of everything */
    char *text;
    char *about; /* NULL: nothing replaces it */
    enum outgoing_care care;
    int64_t spread_ms;
    int64_t due_ms; /* monotonic: not before */
};

/* A message that is kept until the broker acknowledges it. */
struct kept {
    struct outgoing_item item;
    uint64_t token; /* of the link; 0: it is not on its way */
};

struct outgoing {
    struct link *link; /* constant after create, like the next */
    pthread_t thread;
    pthread_mutex_t lock; /* never held during calls of the link */
    pthread_cond_t changed;
    /* Guarded by lock: */
    struct outgoing_item items[OUTGOING_ITEMS];
    size_t first, count;
    struct kept kept[OUTGOING_KEPT_MAX]; /* the oldest first */
    size_t kept_count;
    uint64_t lines; /* that came up so far */
    bool closing;
};

/* Something may go, or nothing will come any more. */
static bool is_due(const struct outgoing *outgoing)
{
    return outgoing->closing || outgoing->count >= OUTGOING_ITEMS / 2 ||
           (outgoing->count > 0 &&
            outgoing->items[outgoing->first].due_ms <= clock_monotonic_ms());
}

/* Until the first item is due, or something changes. */
static void wait_for_change(struct outgoing *outgoing)
{
    if (outgoing->count == 0) {
        pthread_cond_wait(&outgoing->changed, &outgoing->lock);
        return;
    }
    int64_t due_ms = outgoing->items[outgoing->first].due_ms;
    struct timespec until = {.tv_sec = due_ms / 1000,
                             .tv_nsec = due_ms % 1000 * 1000000};
    pthread_cond_timedwait(&outgoing->changed, &outgoing->lock, &until);
}

/* Waits for an item. False: none is left and the end was requested. */
static bool take(struct outgoing *outgoing, struct outgoing_item *out)
{
    pthread_mutex_lock(&outgoing->lock);
    while (!is_due(outgoing))
        wait_for_change(outgoing);
    bool any = outgoing->count > 0;
    if (any) {
        *out = outgoing->items[outgoing->first];
        outgoing->first = (outgoing->first + 1) % OUTGOING_ITEMS;
        outgoing->count--;
    }
    pthread_mutex_unlock(&outgoing->lock);
    return any;
}

static void item_finish(struct outgoing_item *item)
{
    free(item->topic);
    free(item->text);
    free(item->about);
}

/* Lock held. NULL: it is not kept any more. */
static struct kept *find_kept(struct outgoing *outgoing, uint64_t token)
{
    for (size_t i = 0; i < outgoing->kept_count; i++)
        if (outgoing->kept[i].token == token)
            return &outgoing->kept[i];
    return NULL;
}

/* Lock held. */
static void remove_kept(struct outgoing *outgoing, struct kept *kept)
{
    size_t behind = outgoing->kept_count - 1 - (size_t)(kept - outgoing->kept);

    memmove(kept, kept + 1, behind * sizeof *kept);
    outgoing->kept_count--;
}

static int64_t draw_lot(int64_t most)
{
    uint64_t random = 0;

    if (most <= 0 || getrandom(&random, sizeof random, 0) != sizeof random)
        return 0;
    return (int64_t)(random % (uint64_t)(most + 1));
}

/* Lock held. Takes the item on success. What comes behind others waits with
 * them. */
static bool append(struct outgoing *outgoing, const struct outgoing_item *item)
{
    if (outgoing->count == OUTGOING_ITEMS)
        return false;
    struct outgoing_item *first = &outgoing->items[outgoing->first];
    struct outgoing_item *last =
        &outgoing->items[(outgoing->first + outgoing->count) % OUTGOING_ITEMS];
    *last = *item;
    last->due_ms = outgoing->count > 0
                       ? first->due_ms
                       : clock_monotonic_ms() + draw_lot(item->spread_ms);
    outgoing->count++;
    pthread_cond_signal(&outgoing->changed);
    return true;
}

/* Lock held. Queues what is kept and not on its way once more. */
static void send_again(struct outgoing *outgoing)
{
    struct kept *kept;

    while ((kept = find_kept(outgoing, 0)) != NULL &&
           append(outgoing, &kept->item))
        remove_kept(outgoing, kept);
}

/* Takes what the item holds, before it is sent with this token. Returns how
 * many lines came up before. */
static uint64_t keep(struct outgoing *outgoing,
                     const struct outgoing_item *item, uint64_t token)
{
    pthread_mutex_lock(&outgoing->lock);
    if (outgoing->kept_count == OUTGOING_KEPT_MAX) {
        item_finish(&outgoing->kept[0].item);
        remove_kept(outgoing, &outgoing->kept[0]);
    }
    outgoing->kept[outgoing->kept_count++] = (struct kept){*item, token};
    uint64_t lines = outgoing->lines;
    pthread_mutex_unlock(&outgoing->lock);
    return lines;
}

/* The link did not take the item. A line that came up meanwhile takes it. */
static void note_not_sent(struct outgoing *outgoing, uint64_t token,
                          uint64_t lines)
{
    pthread_mutex_lock(&outgoing->lock);
    struct kept *kept = find_kept(outgoing, token);
    if (kept)
        kept->token = 0;
    if (outgoing->lines != lines)
        send_again(outgoing);
    pthread_mutex_unlock(&outgoing->lock);
}

static bool link_publish_item(struct outgoing *outgoing,
                              const struct outgoing_item *item, uint64_t token)
{
    return link_publish(outgoing->link, item->topic, item->text,
                        strlen(item->text), 1, item->care == OUTGOING_RETAINED,
                        token);
}

/* Takes what the item holds. The broker's answer can come before link_publish
 * returns, and then the item is gone: so a copy is sent. */
static void send_kept(struct outgoing *outgoing, struct outgoing_item *item,
                      uint64_t token)
{
    const struct outgoing_item sent = {.topic = strdup(item->topic),
                                       .text = strdup(item->text)};

    if (sent.topic && sent.text) {
        uint64_t lines = keep(outgoing, item, token);
        *item = (struct outgoing_item){.topic = NULL};
        if (!link_publish_item(outgoing, &sent, token))
            note_not_sent(outgoing, token, lines);
    }
    free(sent.topic);
    free(sent.text);
}

static void send_item(struct outgoing *outgoing, struct outgoing_item *item,
                      uint64_t token)
{
    struct problem problem = {0};

    switch (item->kind) {
    case OUTGOING_REFRESH:
        link_refresh(outgoing->link);
        return;
    case OUTGOING_SUBSCRIBE:
        if (!link_subscribe(outgoing->link, item->topic, &problem))
            log_problem(LOG_ERROR, "subscriber", &problem);
        return;
    case OUTGOING_UNSUBSCRIBE:
        link_unsubscribe(outgoing->link, item->topic);
        return;
    case OUTGOING_PUBLISH:
        if (item->care == OUTGOING_KEPT)
            send_kept(outgoing, item, token);
        else
            link_publish_item(outgoing, item, token);
        return;
    }
}

static void *send_items(void *context)
{
    struct outgoing *outgoing = context;
    struct outgoing_item item;
    uint64_t token = 0;

    while (take(outgoing, &item)) {
        send_item(outgoing, &item, ++token);
        item_finish(&item);
    }
    return NULL;
}

void outgoing_connected(struct outgoing *outgoing)
{
    pthread_mutex_lock(&outgoing->lock);
    outgoing->lines++;
    send_again(outgoing);
    pthread_mutex_unlock(&outgoing->lock);
}

void outgoing_published(struct outgoing *outgoing, uint64_t token,
                        enum link_result result)
{
    struct outgoing_item done = {.topic = NULL};

    pthread_mutex_lock(&outgoing->lock);
    struct kept *kept = find_kept(outgoing, token);
    if (kept && result == LINK_UNCONFIRMED) {
        kept->token = 0;
    } else if (kept) {
        done = kept->item;
        remove_kept(outgoing, kept);
    }
    /* The link takes no more than so many at once; there is room now. */
    if (result == LINK_DELIVERED)
        send_again(outgoing);
    pthread_mutex_unlock(&outgoing->lock);
    item_finish(&done);
}

static bool init(struct outgoing *outgoing)
{
    pthread_condattr_t monotonic;

    if (pthread_mutex_init(&outgoing->lock, NULL) != 0)
        return false;
    bool made = pthread_condattr_init(&monotonic) == 0;
    if (made) {
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        made = pthread_cond_init(&outgoing->changed, &monotonic) == 0;
        pthread_condattr_destroy(&monotonic);
    }
    if (!made) {
        pthread_mutex_destroy(&outgoing->lock);
        return false;
    }
    if (pthread_create(&outgoing->thread, NULL, send_items, outgoing) == 0)
        return true;
    pthread_cond_destroy(&outgoing->changed);
    pthread_mutex_destroy(&outgoing->lock);
    return false;
}

struct outgoing *outgoing_create(struct link *link)
{
    struct outgoing *outgoing = calloc(1, sizeof *outgoing);

    if (!outgoing)
        return NULL;
    outgoing->link = link;
    if (init(outgoing))
        return outgoing;
    free(outgoing);
    return NULL;
}

void outgoing_close(struct outgoing *outgoing)
{
    if (!outgoing)
        return;
    pthread_mutex_lock(&outgoing->lock);
    outgoing->closing = true;
    pthread_cond_signal(&outgoing->changed);
    pthread_mutex_unlock(&outgoing->lock);
    pthread_join(outgoing->thread, NULL);
}

void outgoing_destroy(struct outgoing *outgoing)
{
    if (!outgoing)
        return;
    for (size_t i = 0; i < outgoing->kept_count; i++)
        item_finish(&outgoing->kept[i].item);
    for (size_t i = 0; i < outgoing->count; i++)
        item_finish(&outgoing->items[(outgoing->first + i) % OUTGOING_ITEMS]);
    pthread_cond_destroy(&outgoing->changed);
    pthread_mutex_destroy(&outgoing->lock);
    free(outgoing);
}

/* Lock held. NULL: nothing that waits is about the same. */
static struct outgoing_item *find_about(struct outgoing *outgoing,
                                        const char *about)
{
    for (size_t i = 0; about && i < outgoing->count; i++) {
        struct outgoing_item *item =
            &outgoing->items[(outgoing->first + i) % OUTGOING_ITEMS];
        if (item->about && strcmp(item->about, about) == 0)
            return item;
    }
    return NULL;
}

/* Takes the item and puts it in the place of one that waits. False: none does.
 */
static bool replace(struct outgoing *outgoing, const struct outgoing_item *item)
{
    struct outgoing_item old = {.topic = NULL};

    pthread_mutex_lock(&outgoing->lock);
    struct outgoing_item *waiting = find_about(outgoing, item->about);
    if (waiting) {
        old = *waiting;
        *waiting = *item;
        waiting->due_ms = old.due_ms;
    }
    pthread_mutex_unlock(&outgoing->lock);
    item_finish(&old);
    return waiting != NULL;
}

/* Takes the item on success. */
static bool add(struct outgoing *outgoing, const struct outgoing_item *item)
{
    pthread_mutex_lock(&outgoing->lock);
    bool room = append(outgoing, item);
    pthread_mutex_unlock(&outgoing->lock);
    return room;
}

bool outgoing_publish(struct outgoing *outgoing, const char *topic,
                      const char *text, const char *about,
                      enum outgoing_care care, int64_t spread_ms)
{
    struct outgoing_item item = {.kind = OUTGOING_PUBLISH,
                                 .topic = strdup(topic),
                                 .text = strdup(text),
                                 .about = about ? strdup(about) : NULL,
                                 .care = care,
                                 .spread_ms = spread_ms};

    if (item.topic && item.text && (item.about || !about) &&
        (replace(outgoing, &item) || add(outgoing, &item)))
        return true;
    item_finish(&item);
    return false;
}

bool outgoing_refresh(struct outgoing *outgoing)
{
    const struct outgoing_item again = {.kind = OUTGOING_REFRESH};

    return add(outgoing, &again);
}

bool outgoing_subscribe(struct outgoing *outgoing, const char *filter,
                        bool wanted)
{
    struct outgoing_item item = {.kind = wanted ? OUTGOING_SUBSCRIBE
                                                : OUTGOING_UNSUBSCRIBE,
                                 .topic = strdup(filter)};

    if (item.topic && add(outgoing, &item))
        return true;
    item_finish(&item);
    return false;
}
