/* Keeps the accepted panels and lists the live ones. */
#include "display/core/board/programme.h"

#include "base/timestamp.h"
#include "display/core/alerts/lifecycle_span.h"
#include "display/core/alerts/situation.h"
#include "protocol/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct message *message; /* owned */
    int rank;                /* how narrow its scope is */
    bool begun;
    struct lifecycle_span span;
};

struct farewell {
    struct message *message;
    bool owned; /* of a removed panel; otherwise the entries own it */
    int64_t end_mono_ms;
};

struct programme {
    struct entry entries[PROGRAMME_PANELS_MAX];
    size_t count;
    const struct message *list[PROGRAMME_PANELS_MAX];
    size_t list_count;
    bool list_is_old;
    struct farewell farewells[PROGRAMME_FAREWELLS_MAX]; /* oldest first */
    size_t farewell_count;
};

struct programme *programme_create(void)
{
    return calloc(1, sizeof(struct programme));
}

static int compare_listed(const void *left, const void *right)
{
    const struct message *a = *(const struct message *const *)left;
    const struct message *b = *(const struct message *const *)right;

    if (a->panel.section != b->panel.section)
        return a->panel.section < b->panel.section ? -1 : 1;
    if (a->panel.order != b->panel.order)
        return a->panel.order < b->panel.order ? -1 : 1;
    return strcmp(a->id, b->id);
}

static struct entry *find(struct programme *programme,
                          const struct message *message)
{
    for (size_t i = 0; i < programme->count; i++) {
        const struct message *held = programme->entries[i].message;
        if (strcmp(held->id, message->id) == 0 &&
            strcmp(held->scope, message->scope) == 0)
            return &programme->entries[i];
    }
    return NULL;
}

static void unlist(struct programme *programme, const struct message *message)
{
    size_t kept = 0;

    for (size_t i = 0; i < programme->list_count; i++)
        if (programme->list[i] != message)
            programme->list[kept++] = programme->list[i];
    programme->list_count = kept;
}

static void end_farewell(struct programme *programme, size_t at)
{
    struct farewell *farewell = &programme->farewells[at];
    size_t after = --programme->farewell_count - at;

    if (farewell->owned)
        message_destroy(farewell->message);
    memmove(farewell, farewell + 1, after * sizeof *farewell);
}

static void add_farewell(struct programme *programme, struct message *message,
                         bool owned, const struct moment *now)
{
    if (programme->farewell_count == PROGRAMME_FAREWELLS_MAX)
        end_farewell(programme, 0);
    programme->farewells[programme->farewell_count++] =
        (struct farewell){message, owned, now->mono_ms + PROGRAMME_FAREWELL_MS};
}

static void forget_farewell(struct programme *programme,
                            const struct message *message)
{
    for (size_t i = programme->farewell_count; i-- > 0;)
        if (programme->farewells[i].message == message)
            end_farewell(programme, i);
}

void programme_destroy(struct programme *programme)
{
    if (!programme)
        return;
    while (programme->farewell_count > 0)
        end_farewell(programme, 0);
    for (size_t i = 0; i < programme->count; i++)
        message_destroy(programme->entries[i].message);
    free(programme);
}

/* Removes the entry; the caller owns its message. */
static struct message *take_out(struct programme *programme,
                                struct entry *entry, const char *reason,
                                struct board_ended_queue *ended)
{
    struct message *message = entry->message;

    board_ended_add(ended, MESSAGE_PANEL, message->id, message->seq, reason);
    unlist(programme, message);
    forget_farewell(programme, message);
    *entry = programme->entries[--programme->count];
    programme->list_is_old = true;
    return message;
}

static void drop(struct programme *programme, struct entry *entry,
                 const char *reason, struct board_ended_queue *ended)
{
    message_destroy(take_out(programme, entry, reason, ended));
}

/* A situation that was live on this screen. */
static bool was_live_here(const struct programme *programme,
                          const struct entry *entry)
{
    for (size_t i = 0; i < programme->list_count; i++)
        if (programme->list[i] == entry->message)
            return situation_is_live(entry->message);
    return false;
}

/* The same situation goes on in another scope. */
static bool goes_on(const struct programme *programme,
                    const struct message *message)
{
    for (size_t i = 0; i < programme->count; i++)
        if (strcmp(programme->entries[i].message->id, message->id) == 0 &&
            situation_is_live(programme->entries[i].message))
            return true;
    return false;
}

/* Keeps of a removed situation only its title and that it is over. */
static void turn_into_farewell(struct message *message,
                               const struct message *removal)
{
    message->seq = removal->seq;
    message->panel.level = situation_over_level;
    message->panel.date_ms = removal->issued_ms;
    message->panel.figure_count = 0;
    message->panel.line_count = 0;
}

static struct entry make_entry(struct message *message,
                               const struct arrival *arrival,
                               const struct moment *now)
{
    struct entry entry = {.message = message,
                          .rank = scope_rank(message->scope)};
    int64_t known_ms = message->issued_ms;
    int64_t ends_ms = message->expires_ms == TIMESTAMP_NONE
                          ? LIFECYCLE_NEVER_MS
                          : message->expires_ms;

    if (arrival->received_ms > known_ms)
        known_ms = arrival->received_ms;
    lifecycle_span_start(&entry.span, message->effective_ms, ends_ms, known_ms,
                         now);
    return entry;
}

static struct board_taken remove_panel(struct programme *programme,
                                       struct message *removal,
                                       const struct moment *now,
                                       struct board_ended_queue *ended)
{
    struct entry *entry = find(programme, removal);
    struct board_taken taken = {BOARD_NOTED, true, true};

    if (entry) {
        bool live = was_live_here(programme, entry);
        struct message *message = take_out(programme, entry, "removed", ended);
        taken.effect = BOARD_TOOK_OFF;
        if (live && !goes_on(programme, message)) {
            turn_into_farewell(message, removal);
            add_farewell(programme, message, true, now);
        } else {
            message_destroy(message);
        }
    }
    message_destroy(removal);
    return taken;
}

/* A panel that is already over when it arrives still ends the one that it
 * replaces. */
static struct board_taken take_expired(struct programme *programme,
                                       struct message *message,
                                       struct entry *old,
                                       struct board_ended_queue *ended,
                                       struct problem *problem)
{
    struct board_taken taken = {BOARD_REFUSED, true, true};

    if (old) {
        drop(programme, old, "replaced", ended);
        taken.effect = BOARD_TOOK_OFF;
    } else {
        problem_set(problem, PROBLEM_STALE, "the panel had expired already");
    }
    message_destroy(message);
    return taken;
}

struct board_taken
programme_take(struct programme *programme, struct message *message,
               const struct arrival *arrival, const struct moment *now,
               struct board_ended_queue *ended, struct problem *problem)
{
    if (message->kind == MESSAGE_PANEL_REMOVAL)
        return remove_panel(programme, message, now, ended);

    struct entry entry = make_entry(message, arrival, now);
    struct entry *old = find(programme, message);
    if (lifecycle_span_is_over(&entry.span, now))
        return take_expired(programme, message, old, ended, problem);
    bool ends = old && was_live_here(programme, old) &&
                situation_is_over(message) &&
                lifecycle_span_has_begun(&entry.span, now);
    if (old) {
        drop(programme, old, "replaced", ended);
    } else if (programme->count == PROGRAMME_PANELS_MAX) {
        problem_set(problem, PROBLEM_TOO_LARGE,
                    "the programme is full: %d panels, no more are taken",
                    PROGRAMME_PANELS_MAX);
        message_destroy(message);
        return (struct board_taken){BOARD_REFUSED, false, false};
    }
    programme->entries[programme->count++] = entry;
    if (ends)
        add_farewell(programme, message, false, now);
    return (struct board_taken){BOARD_ACCEPTED, true, true};
}

size_t programme_distrust(struct programme *programme,
                          const struct trust *trust,
                          struct board_ended_queue *ended)
{
    size_t before = programme->count;

    for (size_t i = programme->farewell_count; i-- > 0;)
        if (!trust_in_message(trust, programme->farewells[i].message, NULL))
            end_farewell(programme, i);
    for (size_t i = programme->count; i-- > 0;)
        if (!trust_in_message(trust, programme->entries[i].message, NULL))
            drop(programme, &programme->entries[i], "revoked", ended);
    return before - programme->count;
}

void programme_slot(const char *scope, const char *id,
                    char out[PROGRAMME_SLOT_BYTES])
{
    snprintf(out, PROGRAMME_SLOT_BYTES, "panel/%s/%s", scope, id);
}

bool programme_holds(const struct programme *programme, const char *slot,
                     int64_t seq)
{
    for (size_t i = 0; i < programme->count; i++) {
        const struct message *message = programme->entries[i].message;
        char name[PROGRAMME_SLOT_BYTES];
        if (message->seq != seq)
            continue;
        programme_slot(message->scope, message->id, name);
        if (strcmp(name, slot) == 0)
            return true;
    }
    return false;
}

static bool is_narrower(const struct entry *a, const struct entry *b)
{
    if (a->rank != b->rank)
        return a->rank > b->rank;
    if (a->message->seq != b->message->seq)
        return a->message->seq > b->message->seq;
    return strcmp(a->message->scope, b->message->scope) > 0;
}

static bool is_listed(const struct programme *programme,
                      const struct entry *entry)
{
    if (!entry->begun)
        return false;
    for (size_t i = 0; i < programme->count; i++) {
        const struct entry *other = &programme->entries[i];
        if (other != entry && other->begun &&
            strcmp(other->message->id, entry->message->id) == 0 &&
            is_narrower(other, entry))
            return false;
    }
    return true;
}

static void make_list(struct programme *programme)
{
    programme->list_count = 0;
    programme->list_is_old = false;
    for (size_t i = 0; i < programme->count; i++)
        if (is_listed(programme, &programme->entries[i]))
            programme->list[programme->list_count++] =
                programme->entries[i].message;
    qsort(programme->list, programme->list_count, sizeof programme->list[0],
          compare_listed);
}

void programme_advance(struct programme *programme, const struct moment *now,
                       struct board_ended_queue *ended)
{
    for (size_t i = programme->count; i-- > 0;) {
        struct entry *entry = &programme->entries[i];
        lifecycle_span_watch(&entry->span, now);
        if (lifecycle_span_is_over(&entry->span, now)) {
            drop(programme, entry, "expired", ended);
            continue;
        }
        if (!entry->begun && lifecycle_span_has_begun(&entry->span, now)) {
            entry->begun = true;
            programme->list_is_old = true;
        }
    }
    for (size_t i = programme->farewell_count; i-- > 0;)
        if (now->mono_ms >= programme->farewells[i].end_mono_ms)
            end_farewell(programme, i);
    if (programme->list_is_old)
        make_list(programme);
}

const struct message *const *programme_list(const struct programme *programme,
                                            size_t *count)
{
    *count = programme->list_count;
    return programme->list;
}

const struct message *programme_farewell(const struct programme *programme)
{
    return programme->farewell_count > 0 ? programme->farewells[0].message
                                         : NULL;
}

void programme_end_farewell(struct programme *programme)
{
    if (programme->farewell_count > 0)
        end_farewell(programme, 0);
}

int64_t programme_next_ms(const struct programme *programme,
                          const struct moment *now)
{
    int64_t next_ms = programme->farewell_count > 0
                          ? programme->farewells[0].end_mono_ms
                          : INT64_MAX;

    for (size_t i = 0; i < programme->count; i++) {
        const struct entry *entry = &programme->entries[i];
        int64_t change_ms =
            entry->begun ? entry->span.deadline_mono_ms
                         : lifecycle_span_begin_mono_ms(&entry->span, now);
        if (change_ms < next_ms)
            next_ms = change_ms;
        if (entry->span.deadline_mono_ms < next_ms)
            next_ms = entry->span.deadline_mono_ms;
    }
    return next_ms;
}
