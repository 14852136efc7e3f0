/* Keeps three lists of publishes: not answered, answered but not reported, and
 * reported. */
#include "protocol/link/in_flight.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    WAKE_FIRST_MS = 10, /* a broker near by answers within this time */
    WAKE_LAST_MS = 1000,
};

static void list_remove(struct publish *publish)
{
    struct publish_list *list = publish->list;

    if (publish->previous)
        publish->previous->next = publish->next;
    else
        list->first = publish->next;
    if (publish->next)
        publish->next->previous = publish->previous;
    else
        list->last = publish->previous;
    list->count--;
}

static void list_append(struct publish_list *list, struct publish *publish)
{
    publish->list = list;
    publish->next = NULL;
    publish->previous = list->last;
    if (list->last)
        list->last->next = publish;
    else
        list->first = publish;
    list->last = publish;
    list->count++;
}

static void expect_answer(struct in_flight *flight, int64_t now_ms)
{
    flight->wake_step_ms = WAKE_FIRST_MS;
    flight->wake_ms = now_ms + WAKE_FIRST_MS;
}

struct publish *in_flight_add(struct in_flight *flight, struct link *link,
                              uint64_t token, int64_t now_ms)
{
    struct publish *publish = NULL;

    if (flight->pending.count + flight->ended.count < LINK_PENDING_MAX)
        publish = calloc(1, sizeof *publish);
    if (!publish)
        return NULL;
    publish->link = link;
    publish->token = token;
    publish->is_held = true;
    list_append(&flight->pending, publish);
    expect_answer(flight, now_ms);
    return publish;
}

static void end(struct in_flight *flight, struct publish *publish,
                enum link_result result, const char *reason)
{
    publish->result = result;
    snprintf(publish->reason, sizeof publish->reason, "%s", reason);
    list_remove(publish);
    list_append(&flight->ended, publish);
}

/* Paho no longer needs a publish that is already reported. */
static void let_go(struct in_flight *flight, struct publish *publish)
{
    publish->is_held = false;
    if (publish->list != &flight->told)
        return; /* in_flight_take frees it */
    list_remove(publish);
    free(publish);
}

void in_flight_answer(struct in_flight *flight, struct publish *publish,
                      enum link_result result, const char *reason,
                      int64_t now_ms)
{
    if (publish->list == &flight->pending) {
        end(flight, publish, result, reason);
        expect_answer(flight, now_ms);
    }
    let_go(flight, publish);
}

bool in_flight_cancel(struct in_flight *flight, struct publish *publish)
{
    if (publish->list != &flight->pending) {
        let_go(flight, publish);
        return false;
    }
    list_remove(publish);
    free(publish);
    return true;
}

void in_flight_lose(struct in_flight *flight, const char *reason)
{
    while (flight->pending.first)
        end(flight, flight->pending.first, LINK_UNCONFIRMED, reason);
    flight->subscriptions = 0;
}

static void free_all(struct publish_list *list)
{
    while (list->first) {
        struct publish *publish = list->first;
        list_remove(publish);
        free(publish);
    }
}

void in_flight_release(struct in_flight *flight)
{
    for (struct publish *each = flight->ended.first; each; each = each->next)
        each->is_held = false;
    free_all(&flight->told);
}

bool in_flight_take(struct in_flight *flight, uint64_t *token,
                    enum link_result *result, char reason[LINK_REASON_BYTES])
{
    struct publish *publish = flight->ended.first;

    if (!publish)
        return false;
    *token = publish->token;
    *result = publish->result;
    snprintf(reason, LINK_REASON_BYTES, "%s", publish->reason);
    list_remove(publish);
    if (publish->is_held)
        list_append(&flight->told, publish);
    else
        free(publish);
    return true;
}

void in_flight_subscribe(struct in_flight *flight, int64_t now_ms)
{
    flight->subscriptions++;
    expect_answer(flight, now_ms);
}

void in_flight_subscribed(struct in_flight *flight)
{
    if (flight->subscriptions > 0)
        flight->subscriptions--;
}

int64_t in_flight_wake_due_ms(const struct in_flight *flight)
{
    return flight->pending.first || flight->subscriptions > 0 ? flight->wake_ms
                                                              : INT64_MAX;
}

void in_flight_woken(struct in_flight *flight, int64_t now_ms)
{
    if (flight->wake_step_ms < WAKE_LAST_MS)
        flight->wake_step_ms *= 2;
    flight->wake_ms = now_ms + flight->wake_step_ms;
}

void in_flight_finish(struct in_flight *flight)
{
    free_all(&flight->pending);
    free_all(&flight->ended);
    free_all(&flight->told);
}
