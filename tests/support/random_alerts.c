/* Makes histories in which everything happens that may: messages late, twice,
 * never; restarts; clocks that jump and are not to be trusted. */
#include "tests/support/random_alerts.h"

#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "tests/support/made_message.h"

enum { HOUR = 60, DAY = 24 * HOUR };

/* The order of the model: the third key may speak to a group alone. */
static struct key_ring ring;

static const struct screen_identity screen = {
    .org = "erqi",
    .screen = "s1",
    .groups = {"lobby"},
    .group_count = 1,
};

struct trust random_alerts_trust(void)
{
    /* By their names they stand in the order of their numbers. */
    static const char *const first_digits[RANDOM_ALERTS_KEYS] = {
        "01234", "56789", "abcdef"};

    while (ring.count < RANDOM_ALERTS_KEYS) {
        struct key_grant grant = key_grant_of(KEY_ROLE_ALERTS);
        struct key *key = NULL;
        if (ring.count == RANDOM_ALERTS_KEYS - 1)
            strcpy(grant.scopes[grant.scope_count++], "group-lobby");
        if (!key_generate(KEY_ED25519, &key, NULL))
            abort();
        if (!strchr(first_digits[ring.count], *key_id(key)))
            key_destroy(key);
        else if (!key_ring_put(&ring, key, &grant))
            abort();
    }
    return (struct trust){&ring, &screen};
}

static const char *key_name(int key)
{
    return key_id(random_alerts_trust().ring->entries[key].key);
}

/* splitmix64 (public domain algorithm by Sebastiano Vigna). */
static uint64_t draw(struct random_alerts *random)
{
    uint64_t bits = (random->state += 0x9E3779B97F4A7C15U);

    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
    return bits ^ (bits >> 31);
}

static int below(struct random_alerts *random, int bound)
{
    return (int)(draw(random) % (uint64_t)bound);
}

bool random_alerts_chance(struct random_alerts *random, unsigned percent)
{
    return (unsigned)below(random, 100) < percent;
}

static uint32_t draw_references(struct random_alerts *random)
{
    uint32_t references = 0;

    for (int i = below(random, 3); i > 0; i--)
        references |= 1U << below(random, RANDOM_ALERTS_IDS);
    return references;
}

/* As a publisher would: numbers of an id grow, time goes on, mostly. */
static void plan_message(struct random_alerts *random, int *seqs, int *issued)
{
    struct alert_model_message *plan = &random->pool[random->pool_count++];

    *issued += below(random, 40) - 5;
    *plan = (struct alert_model_message){
        .id = below(random, RANDOM_ALERTS_IDS),
        .key = random_alerts_chance(random, 50)
                   ? 0
                   : below(random, RANDOM_ALERTS_KEYS),
        .grouped = random_alerts_chance(random, 40),
        .status = random_alerts_chance(random, 70) ? 0 : 1 + below(random, 2),
        .is_cancel = random_alerts_chance(random, 30),
        .issued = *issued + (random_alerts_chance(random, 10) ? 2 * HOUR : 0),
        .sent = ALERT_MODEL_NONE,
        .effective = ALERT_MODEL_NONE,
        .expires = ALERT_MODEL_NONE,
        .level = below(random, 5),
        .urgency = below(random, 5),
        .references = draw_references(random),
    };
    plan->grouped |= plan->key == RANDOM_ALERTS_KEYS - 1;
    /* Two messages of one number: only the first that comes is believed. */
    plan->seq = random_alerts_chance(random, 95) ? ++seqs[plan->id]
                                                 : seqs[plan->id] + 1;
    if (random_alerts_chance(random, 30))
        plan->sent = plan->issued - below(random, HOUR) + 5;
    if (random_alerts_chance(random, 20))
        plan->effective = plan->issued + below(random, 2 * HOUR) - HOUR / 2;
    if (random_alerts_chance(random, 60))
        plan->expires = plan->issued + 2 * HOUR + below(random, 4 * HOUR);
    else if (random_alerts_chance(random, 30))
        plan->expires = plan->issued + 1 + below(random, HOUR);
    if (plan->effective != ALERT_MODEL_NONE &&
        plan->expires != ALERT_MODEL_NONE && plan->expires <= plan->effective)
        plan->effective = ALERT_MODEL_NONE;
}

void random_alerts_start(struct random_alerts *random, uint64_t seed)
{
    int seqs[RANDOM_ALERTS_IDS] = {0};
    int issued = 0;

    memset(random, 0, sizeof *random);
    random->seed = seed;
    random->state = seed;
    int count = 2 + below(random, RANDOM_ALERTS_POOL - 1);
    for (int i = 0; i < count; i++)
        plan_message(random, seqs, &issued);
    random->trusted = random_alerts_chance(random, 80);
    random->confirmed = random_alerts_chance(random, 60);
    random->wall = random->trusted ? below(random, HOUR) : -50 * 365 * DAY;
    random->floor = random->told = ALERT_MODEL_NONE;
}

/* What is said of the time: it grows, is put right, is forgotten. */
static void move_floor(struct random_alerts *random, int step)
{
    if (random->floor != ALERT_MODEL_NONE)
        random->floor += step;
    if (random_alerts_chance(random, 8))
        random->floor = below(random, 8 * HOUR) - HOUR;
    else if (random_alerts_chance(random, 3))
        random->floor = ALERT_MODEL_NONE;
    if (random->told != ALERT_MODEL_NONE)
        random->told += step;
    if (random_alerts_chance(random, 5))
        random->told = below(random, 8 * HOUR) - HOUR;
    else if (random_alerts_chance(random, 5))
        random->told = ALERT_MODEL_NONE;
}

static void move_clocks(struct random_alerts *random)
{
    int step = random_alerts_chance(random, 80) ? below(random, 30)
                                                : below(random, 8 * HOUR);

    random->mono += step;
    random->wall += step;
    if (random_alerts_chance(random, 6))
        random->wall += below(random, 2 * DAY) - DAY;
    if (random_alerts_chance(random, 3))
        random->wall = -50 * 365 * DAY;
    else if (random_alerts_chance(random, 6))
        random->wall = below(random, 6 * HOUR);
    if (random_alerts_chance(random, 12))
        random->trusted = !random->trusted;
    if (random_alerts_chance(random, 12))
        random->confirmed = !random->confirmed;
    move_floor(random, step);
}

static struct alert_model_event *append(struct random_alerts *random)
{
    struct alert_model_event *event = &random->events[random->event_count++];

    *event = (struct alert_model_event){
        .live = true,
        .received = ALERT_MODEL_NONE,
        .mono = random->mono,
        .wall = random->wall,
        .trusted = random->trusted,
        .confirmed = random->trusted && random->confirmed,
        .floor = random->floor,
        .told = random->told,
    };
    return event;
}

static void reboot(struct random_alerts *random)
{
    random->rebooted = true;
    random->event_count = 0;
    random->mono = 0;
    memcpy(random->recalled, random->rows, sizeof random->rows);
    random->recalled_count = random->row_count;
    random->recalled_next = 0;
}

static void recall(struct random_alerts *random)
{
    struct alert_model_event *event = append(random);

    event->live = false;
    event->message = random->recalled[random->recalled_next].message;
    event->received = random->recalled[random->recalled_next].received;
    random->recalled_next++;
}

static void arrive(struct random_alerts *random)
{
    struct alert_model_event *event = append(random);

    event->message = &random->pool[below(random, (int)random->pool_count)];
    if (event->trusted)
        event->received = event->wall;
}

bool random_alerts_next(struct random_alerts *random)
{
    random->rebooted = false;
    if (random->recalled_next < random->recalled_count) {
        recall(random);
        return true;
    }
    if (random->steps++ == RANDOM_ALERTS_STEPS)
        return false;
    if (random_alerts_chance(random, 75))
        move_clocks(random);
    if (random_alerts_chance(random, 5))
        reboot(random);
    if (random->recalled_next < random->recalled_count)
        recall(random);
    else if (random_alerts_chance(random, 70))
        arrive(random);
    else
        append(random);
    return true;
}

void random_alerts_keep(struct random_alerts *random)
{
    const struct alert_model_event *event =
        &random->events[random->event_count - 1];
    size_t at = random->row_count;

    if (!event->live)
        return;
    for (size_t i = 0; i < random->row_count; i++)
        if (random->rows[i].message->id == event->message->id &&
            random->rows[i].message->key == event->message->key)
            at = i;
    if (at == random->row_count)
        random->row_count++;
    random->rows[at].message = event->message;
    random->rows[at].received = event->received;
}

int64_t random_alerts_time(int minutes)
{
    return minutes == ALERT_MODEL_NONE
               ? TIMESTAMP_NONE
               : MADE_EPOCH_MS + minutes * MADE_MINUTE_MS;
}

struct moment random_alerts_moment(const struct alert_model_event *event)
{
    return (struct moment){
        .mono_ms = event->mono * MADE_MINUTE_MS,
        .wall_ms = random_alerts_time(event->wall),
        .wall_trusted = event->trusted,
        .wall_confirmed = event->confirmed,
        .floor_ms = random_alerts_time(event->floor),
        .told_ms = event->told == ALERT_MODEL_NONE
                       ? 0
                       : random_alerts_time(event->told),
    };
}

struct message *random_alerts_make(const struct alert_model_message *plan)
{
    static const char *const ids[RANDOM_ALERTS_IDS] = {"a", "b", "c", "d", "e"};
    struct made made = {
        .id = ids[plan->id],
        .seq = plan->seq,
        .scope = plan->grouped ? "group-lobby" : "all",
        .key_id = key_name(plan->key),
        .status = (enum alert_status)plan->status,
        .level = (enum alert_level)plan->level,
        .urgency = (enum alert_urgency)plan->urgency,
    };
    size_t count = 0;

    for (int i = 0; i < RANDOM_ALERTS_IDS; i++)
        if (plan->references & 1U << i)
            made.references[count++] = ids[i];
    struct message *message = plan->is_cancel ? made_cancel(&made)
                                              : made_alert(&made);
    message->issued_ms = random_alerts_time(plan->issued);
    message->effective_ms = random_alerts_time(plan->effective);
    message->expires_ms = random_alerts_time(plan->expires);
    if (!plan->is_cancel)
        message->alert.sent_ms = random_alerts_time(plan->sent);
    return message;
}

bool random_alerts_is(const struct message *message,
                      const struct alert_model_message *plan)
{
    return message->id[0] - 'a' == plan->id && message->seq == plan->seq &&
           (int)message->alert.status == plan->status &&
           strcmp(message->key_id, key_name(plan->key)) == 0 &&
           message->issued_ms == random_alerts_time(plan->issued);
}

bool random_alerts_is_cancelled(const struct random_alerts *random,
                                const struct message *message)
{
    for (size_t i = 0; i < random->event_count; i++) {
        const struct alert_model_event *event = &random->events[i];
        const struct alert_model_message *plan = event->message;
        if (plan && plan->is_cancel && plan->id == message->id[0] - 'a' &&
            plan->status == (int)message->alert.status &&
            strcmp(message->key_id, key_name(plan->key)) == 0 &&
            plan->seq > message->seq && event->trusted &&
            plan->issued <= event->wall)
            return true;
    }
    return false;
}

bool random_alerts_is_graver(const struct message *a, const struct message *b)
{
    static const int ranks[ALERT_LEVEL_COUNT] = {0, 1, 2, 3, 2};

    return ranks[a->alert.level] < ranks[b->alert.level];
}

void random_alerts_print(const struct random_alerts *random, FILE *out)
{
    for (size_t i = 0; i < random->event_count; i++) {
        const struct alert_model_event *event = &random->events[i];
        const struct alert_model_message *plan = event->message;
        fprintf(out, "mono %d wall %d%s floor %d told %d %s", event->mono,
                event->wall,
                event->confirmed ? "!"
                : event->trusted ? ""
                                 : "?",
                event->floor, event->told, event->live ? "live" : "stored");
        if (plan)
            fprintf(out,
                    " %s %c key %d %s status %d seq %d issued %d sent %d "
                    "effective %d "
                    "expires %d level %d references %x received %d",
                    plan->is_cancel ? "cancel" : "alert", 'a' + plan->id,
                    plan->key, plan->grouped ? "group" : "all", plan->status,
                    plan->seq, plan->issued, plan->sent, plan->effective,
                    plan->expires, plan->level, (unsigned)plan->references,
                    event->received);
        fputc('\n', out);
    }
}
