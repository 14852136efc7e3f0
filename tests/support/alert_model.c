/* The reference model: read it beside docs/alerts.md. */
#include "tests/support/alert_model.h"

#include <limits.h>

enum { AHEAD = 15, HOUR = 60, NEVER = INT_MAX };

struct fact {
    const struct alert_model_message *message;
    bool believed; /* not in quarantine */
    bool signless; /* it came over the line, but its end is in doubt */
    bool gone;     /* a newer message of its slot took its place */
    bool dead;     /* cancelled or expired: for good */
    bool speaks;   /* the newest of its chain */
    bool began;
    int end;      /* wall clock */
    int deadline; /* monotonic */
    int known, known_mono;
    uint32_t names; /* itself and everything that it refers to */
};

struct model {
    struct fact facts[ALERT_MODEL_EVENTS_MAX];
    size_t count;
};

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static int sent_of(const struct alert_model_message *message)
{
    return message->is_cancel || message->sent == ALERT_MODEL_NONE
               ? message->issued
               : message->sent;
}

static int order_of(const struct alert_model_message *message)
{
    return least(sent_of(message), message->issued);
}

static int end_of(const struct alert_model_message *message)
{
    static const int hours[] = {6, 6, 12, 24, 12};
    int sent = sent_of(message);

    if (message->is_cancel)
        return NEVER;
    if (message->expires != ALERT_MODEL_NONE)
        return message->expires;
    return least(most(sent, message->effective) + hours[message->level] * HOUR,
                 sent + 72 * HOUR);
}

static bool is_same_slot(const struct fact *a, const struct fact *b)
{
    return a->message->id == b->message->id &&
           a->message->key == b->message->key &&
           a->message->status == b->message->status;
}

/* What the key could have sent itself. */
static bool may_touch(const struct alert_model_message *message,
                      const struct alert_model_message *alert)
{
    return message->key != 2 || alert->grouped;
}

/* What a screen that trusts no clock knows of the time, by now. */
static int reckon(const struct fact *fact, const struct alert_model_event *now)
{
    return fact->known + now->mono - fact->known_mono;
}

static void look_at_clock(struct fact *fact,
                          const struct alert_model_event *now)
{
    int passed = now->trusted ? now->wall : now->floor;

    if (passed == ALERT_MODEL_NONE)
        return;
    fact->known = most(reckon(fact, now), passed);
    fact->known_mono = now->mono;
    if (fact->end != NEVER)
        fact->deadline = least(fact->deadline,
                               now->mono + most(fact->end - passed, 0));
}

static int known_of(const struct alert_model_event *now)
{
    return most(most(now->message->issued, now->received), now->floor);
}

static bool seems_over(const struct fact *fact,
                       const struct alert_model_event *now)
{
    bool told = now->told != ALERT_MODEL_NONE && now->told < fact->end;

    return now->wall >= fact->end && !told;
}

static bool is_held(const struct fact *fact,
                    const struct alert_model_event *now)
{
    const struct alert_model_message *message = fact->message;

    if (now->trusted)
        return most(sent_of(message), message->issued) > now->wall + AHEAD;
    if (message->is_cancel)
        return false;
    if (now->live)
        return seems_over(fact, now);
    return now->wall < known_of(now) - AHEAD || now->wall >= fact->end;
}

static struct fact make_fact(const struct alert_model_event *now)
{
    const struct alert_model_message *message = now->message;
    struct fact fact = {.message = message,
                        .end = end_of(message),
                        .deadline = NEVER,
                        .known = known_of(now),
                        .known_mono = now->mono,
                        .names = message->references | 1U << message->id};

    fact.believed = !is_held(&fact, now);
    fact.signless = now->live && !now->trusted;
    if (fact.believed && !now->live)
        fact.known = most(fact.known, now->wall);
    if (!now->trusted && fact.end != NEVER)
        fact.deadline = now->mono + most(fact.end - fact.known, 0);
    look_at_clock(&fact, now);
    if (now->mono >= fact.deadline)
        fact.dead = fact.believed = true;
    return fact;
}

/* A drill has no say over an actual alert, nor has a key over what it could
 * not have sent. */
static bool has_say(const struct fact *fact,
                    const struct alert_model_message *alert)
{
    return fact->believed && !fact->gone && may_touch(fact->message, alert) &&
           (fact->message->status == alert->status ||
            fact->message->status == 0);
}

static uint32_t chain_of(const struct model *model, uint32_t names,
                         const struct alert_model_message *alert)
{
    uint32_t before;

    do {
        before = names;
        for (size_t i = 0; i < model->count; i++)
            if (has_say(&model->facts[i], alert) &&
                (model->facts[i].names & names))
                names |= model->facts[i].names;
    } while (names != before);
    return names;
}

static bool is_named(const struct model *model, const struct fact *fact,
                     const struct alert_model_message *alert)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct fact *other = &model->facts[i];
        if (has_say(other, alert) && other->message->id != fact->message->id &&
            order_of(other->message) == order_of(fact->message) &&
            (other->names & 1U << fact->message->id) &&
            !(fact->names & 1U << other->message->id))
            return true;
    }
    return false;
}

static bool is_newer(const struct model *model, const struct fact *a,
                     const struct fact *b,
                     const struct alert_model_message *alert)
{
    const int keys[][2] = {
        {order_of(a->message), order_of(b->message)},
        {a->message->is_cancel, b->message->is_cancel},
        {!is_named(model, a, alert), !is_named(model, b, alert)},
        {a->message->seq, b->message->seq},
        {a->message->id, b->message->id},
        {-a->message->status, -b->message->status},
        {a->message->key, b->message->key},
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] > keys[i][1];
    return false;
}

static const struct fact *find_speaker(const struct model *model,
                                       const struct fact *fact)
{
    const struct alert_model_message *alert = fact->message;
    uint32_t chain = chain_of(model, fact->names, alert);
    const struct fact *speaker = fact;

    for (size_t i = 0; i < model->count; i++) {
        const struct fact *other = &model->facts[i];
        if (has_say(other, alert) && (other->names & chain) &&
            is_newer(model, other, speaker, alert))
            speaker = other;
    }
    return speaker;
}

static void settle_slots(struct model *model)
{
    for (size_t i = 0; i < model->count * model->count; i++) {
        struct fact *newer = &model->facts[i / model->count];
        struct fact *older = &model->facts[i % model->count];
        bool both_held = !newer->believed && !older->believed;
        bool equal = newer->message->seq == older->message->seq;
        if (newer->gone || older->gone || newer == older ||
            !is_same_slot(newer, older) ||
            newer->message->seq < older->message->seq ||
            (equal && older->believed) || !(newer->believed || both_held))
            continue;
        older->gone = true;
        if (newer->believed && newer->message->is_cancel)
            newer->names |= older->names;
    }
}

static void settle(struct model *model)
{
    settle_slots(model);
    for (size_t i = 0; i < model->count; i++) {
        struct fact *fact = &model->facts[i];
        if (!fact->believed || fact->gone || fact->message->is_cancel)
            continue;
        const struct fact *speaker = find_speaker(model, fact);
        if (fact->speaks && speaker != fact)
            fact->began = false;
        fact->speaks = speaker == fact;
        if (speaker->message->is_cancel)
            fact->dead = true;
    }
}

/* What is believed makes older messages of its slot stale, and other bodies of
 * its number; what waits makes stale only what would have to wait, too. */
static bool is_stale(const struct model *model, const struct fact *fact)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct fact *other = &model->facts[i];
        if (is_same_slot(other, fact) && !other->gone &&
            other->message->seq >= fact->message->seq &&
            (other->believed || !fact->believed))
            return true;
    }
    return false;
}

static struct fact *find_known(struct model *model, const struct fact *fact)
{
    for (size_t i = 0; i < model->count; i++) {
        struct fact *other = &model->facts[i];
        if (is_same_slot(other, fact) && !other->gone &&
            other->message == fact->message)
            return other;
    }
    return NULL;
}

static bool has_begun(const struct fact *fact,
                      const struct alert_model_event *now)
{
    int time = now->trusted ? now->wall : reckon(fact, now);

    return time >= fact->message->effective;
}

static void go_on(struct model *model, const struct alert_model_event *now)
{
    for (size_t i = 0; i < model->count; i++) {
        struct fact *fact = &model->facts[i];
        const struct alert_model_message *message = fact->message;
        look_at_clock(fact, now);
        if (now->mono >= fact->deadline)
            fact->dead = fact->believed = true;
        if (now->trusted &&
            most(sent_of(message), message->issued) <= now->wall + AHEAD)
            fact->believed = true;
        if (!now->trusted && fact->signless && now->told != ALERT_MODEL_NONE &&
            !seems_over(fact, now))
            fact->believed = true;
    }
    settle(model);
    for (size_t i = 0; i < model->count; i++) {
        struct fact *fact = &model->facts[i];
        if (fact->speaks && has_begun(fact, now))
            fact->began = true;
    }
}

/* Signed after what the clock says that nobody vouches for: it is judged as
 * without a clock. */
static bool makes_doubt(const struct alert_model_event *now)
{
    return now->live && !now->confirmed &&
           now->message->issued > now->wall + AHEAD;
}

static void arrive(struct model *model, const struct alert_model_event *event)
{
    struct alert_model_event now = *event;

    now.trusted = now.trusted && !makes_doubt(event);
    struct fact fact = make_fact(&now);
    struct fact *known = find_known(model, &fact);
    bool again = known && !known->believed && now.live && !now.trusted;
    bool freed = again && !seems_over(known, &now);
    bool fresh = !known && !is_stale(model, &fact);
    if (again)
        known->signless = true;
    if (freed)
        known->believed = true;
    if (fresh)
        model->facts[model->count++] = fact;
    settle(model);
    if (freed || fresh)
        go_on(model, &now);
}

static int rank_of(const struct alert_model_message *message)
{
    static const int levels[] = {0, 1, 2, 3, 2};
    static const int urgencies[] = {0, 1, 3, 4, 2};

    return (message->status != 0) * 100 + levels[message->level] * 10 +
           urgencies[message->urgency];
}

static bool leads(const struct alert_model_message *a,
                  const struct alert_model_message *b)
{
    const int keys[][2] = {
        {rank_of(a), rank_of(b)}, {order_of(b), order_of(a)}, {b->seq, a->seq},
        {a->id, b->id},           {a->status, b->status},     {a->key, b->key},
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1];
    return false;
}

static size_t list(const struct model *model,
                   const struct alert_model_message *out[])
{
    size_t count = 0;
    size_t actual = 0;

    for (size_t i = 0; i < model->count; i++) {
        const struct fact *fact = &model->facts[i];
        if (fact->gone || fact->dead || !fact->believed || !fact->speaks ||
            !fact->began || fact->message->is_cancel)
            continue;
        size_t at = count++;
        for (; at > 0 && leads(fact->message, out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = fact->message;
        actual += fact->message->status == 0;
    }
    return actual > 0 ? actual : count;
}

size_t
alert_model_run(const struct alert_model_event *events, size_t count,
                bool drills,
                const struct alert_model_message *out[ALERT_MODEL_EVENTS_MAX])
{
    struct model model = {.count = 0};

    for (size_t i = 0; i < count; i++) {
        const struct alert_model_event *event = &events[i];
        if (event->message && (event->message->status == 0 || drills))
            arrive(&model, event);
        go_on(&model, event);
    }
    return list(&model, out);
}
