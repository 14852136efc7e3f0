/* Keeps the accepted panels and lists those that may be shown. Each panel has a
 * time at which it must be looked at again, and a heap has the earliest of them
 * on top: a turn looks only at panels that are due. */
#include "display/core/board/programme.h"

#include "base/timestamp.h"
#include "display/core/alerts/lifecycle_span.h"
#include "display/core/alerts/situation.h"
#include "protocol/scope.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

struct entry {
    struct message *message; /* owned */
    struct entry *next;      /* of the same bucket */
    size_t at;               /* in the heap */
    int64_t due_mono_ms;     /* when it must be looked at again */
    int rank;                /* how narrow its scope is */
    bool begun;
    bool on;      /* begun, and within its days and hours */
    bool waiting; /* its days and hours need a clock that is trusted */
    bool listed;
    struct lifecycle_span span;
};

struct farewell {
    struct message *message;
    bool owned; /* of a removed panel; otherwise the entries own it */
    int64_t end_mono_ms;
};

/* The clocks of the last advance, less the monotonic one. */
struct clocks {
    bool known, trusted;
    int64_t passed_ms; /* the wall clock or the floor; TIMESTAMP_NONE: neither
                        */
};

struct programme {
    const struct calendar *calendar;
    struct calendar own; /* without one of the place */
    struct entry **heap; /* earliest due_mono_ms first */
    size_t count, room, most;
    struct entry *buckets[BUCKETS]; /* by hash of the id */
    struct panel_list lists[GROUP_COUNT];
    size_t waiting;
    uint64_t pictures_version;
    struct clocks clocks;
    struct farewell farewells[PROGRAMME_FAREWELLS_MAX]; /* oldest first */
    size_t farewell_count;
};

struct programme *programme_create(const struct calendar *calendar, size_t most)
{
    struct programme *programme = calloc(1, sizeof *programme);

    if (programme) {
        programme->calendar = calendar ? calendar : &programme->own;
        programme->most = most;
    }
    return programme;
}

static struct entry **bucket_of(struct programme *programme, const char *id)
{
    uint32_t hash = 2166136261U;

    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 16777619U;
    return &programme->buckets[hash % BUCKETS];
}

static struct entry *first_of(const struct programme *programme, const char *id)
{
    return *bucket_of((struct programme *)(uintptr_t)programme, id);
}

static struct entry *find_slot(const struct programme *programme,
                               const char *scope, size_t scope_bytes,
                               const char *id)
{
    for (struct entry *entry = first_of(programme, id); entry;
         entry = entry->next)
        if (strcmp(entry->message->id, id) == 0 &&
            strncmp(entry->message->scope, scope, scope_bytes) == 0 &&
            entry->message->scope[scope_bytes] == '\0')
            return entry;
    return NULL;
}

static struct entry *find(const struct programme *programme,
                          const struct message *message)
{
    return find_slot(programme, message->scope, strlen(message->scope),
                     message->id);
}

static void heap_set(struct programme *programme, size_t at,
                     struct entry *entry)
{
    programme->heap[at] = entry;
    entry->at = at;
}

/* Moves the entry to its place after its time changed. */
static void heap_move(struct programme *programme, struct entry *entry)
{
    size_t at = entry->at;

    while (at > 0 &&
           programme->heap[(at - 1) / 2]->due_mono_ms > entry->due_mono_ms) {
        heap_set(programme, at, programme->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < programme->count &&
            programme->heap[child + 1]->due_mono_ms <
                programme->heap[child]->due_mono_ms)
            child++;
        if (child >= programme->count ||
            programme->heap[child]->due_mono_ms >= entry->due_mono_ms)
            break;
        heap_set(programme, at, programme->heap[child]);
        at = child;
    }
    heap_set(programme, at, entry);
}

static void heap_drop(struct programme *programme, struct entry *entry)
{
    struct entry *last = programme->heap[--programme->count];

    if (last == entry)
        return;
    heap_set(programme, entry->at, last);
    heap_move(programme, last);
}

static void set_listed(struct programme *programme, struct entry *entry,
                       bool listed)
{
    struct panel_list *list = &programme->lists[panel_group_of(entry->message)];

    if (listed == entry->listed)
        return;
    entry->listed = listed;
    if (listed)
        panel_list_put(list, entry->message);
    else
        panel_list_drop(list, entry->message);
}

static bool is_narrower(const struct entry *a, const struct entry *b)
{
    if (a->rank != b->rank)
        return a->rank > b->rank;
    if (a->message->seq != b->message->seq)
        return a->message->seq > b->message->seq;
    return strcmp(a->message->scope, b->message->scope) > 0;
}

/* Of the panels of this id that are on, the one with the narrowest scope is
 * listed. */
static void list_id(struct programme *programme, const char *id)
{
    struct entry *best = NULL;

    for (struct entry *entry = first_of(programme, id); entry;
         entry = entry->next)
        if (strcmp(entry->message->id, id) == 0 && entry->on &&
            (!best || is_narrower(entry, best)))
            best = entry;
    for (struct entry *entry = first_of(programme, id); entry;
         entry = entry->next)
        if (strcmp(entry->message->id, id) == 0)
            set_listed(programme, entry, entry == best);
}

static void set_waiting(struct programme *programme, struct entry *entry,
                        bool waiting)
{
    if (waiting != entry->waiting)
        programme->waiting += waiting ? 1 : (size_t)-1;
    entry->waiting = waiting;
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
    for (size_t i = 0; i < programme->count; i++) {
        message_destroy(programme->heap[i]->message);
        free(programme->heap[i]);
    }
    for (int i = 0; i < GROUP_COUNT; i++)
        panel_list_finish(&programme->lists[i]);
    free(programme->heap);
    free(programme);
}

/* Removes the entry; the caller owns its message. */
static struct message *take_out(struct programme *programme,
                                struct entry *entry, const char *reason,
                                struct board_ended_queue *ended)
{
    struct message *message = entry->message;
    struct entry **link = bucket_of(programme, message->id);

    board_ended_add(ended, MESSAGE_PANEL, message->id, message->seq, reason);
    programme->pictures_version += message->panel.picture_count > 0;
    set_listed(programme, entry, false);
    set_waiting(programme, entry, false);
    forget_farewell(programme, message);
    heap_drop(programme, entry);
    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    free(entry);
    list_id(programme, message->id);
    return message;
}

static void drop(struct programme *programme, struct entry *entry,
                 const char *reason, struct board_ended_queue *ended)
{
    message_destroy(take_out(programme, entry, reason, ended));
}

/* A situation that was live on this screen. */
static bool was_live_here(const struct entry *entry)
{
    return entry->listed && situation_is_live(entry->message);
}

/* The same situation goes on in another scope. */
static bool goes_on(const struct programme *programme,
                    const struct message *message)
{
    for (struct entry *entry = first_of(programme, message->id); entry;
         entry = entry->next)
        if (strcmp(entry->message->id, message->id) == 0 &&
            situation_is_live(entry->message))
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

static struct board_taken remove_panel(struct programme *programme,
                                       struct message *removal,
                                       const struct moment *now,
                                       struct board_ended_queue *ended)
{
    struct entry *entry = find(programme, removal);
    struct board_taken taken = {BOARD_NOTED, true, true};

    if (entry) {
        bool live = was_live_here(entry);
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

static struct lifecycle_span span_of(const struct message *message,
                                     const struct arrival *arrival,
                                     const struct moment *now)
{
    struct lifecycle_span span;
    int64_t known_ms = message->issued_ms;
    int64_t ends_ms = message->expires_ms == TIMESTAMP_NONE
                          ? LIFECYCLE_NEVER_MS
                          : message->expires_ms;

    if (arrival->received_ms > known_ms)
        known_ms = arrival->received_ms;
    lifecycle_span_start(&span, message->effective_ms, ends_ms, known_ms, now);
    return span;
}

static bool reserve(struct programme *programme)
{
    enum { LEAST = 64 };
    size_t count = programme->count + 1;

    for (int i = 0; i < GROUP_COUNT; i++)
        if (!panel_list_reserve(&programme->lists[i], count))
            return false;
    if (count <= programme->room)
        return true;
    size_t room = programme->room > 0 ? 2 * programme->room : LEAST;
    struct entry **heap = realloc(programme->heap, room * sizeof *heap);
    if (!heap)
        return false;
    programme->heap = heap;
    programme->room = room;
    return true;
}

/* The next advance looks at it. */
static void add_entry(struct programme *programme, struct entry *entry)
{
    struct entry **bucket = bucket_of(programme, entry->message->id);

    entry->next = *bucket;
    *bucket = entry;
    programme->pictures_version += entry->message->panel.picture_count > 0;
    heap_set(programme, programme->count++, entry);
    heap_move(programme, entry);
}

static struct board_taken refuse(struct message *message)
{
    message_destroy(message);
    return (struct board_taken){BOARD_REFUSED, false, false};
}

struct board_taken
programme_take(struct programme *programme, struct message *message,
               const struct arrival *arrival, const struct moment *now,
               struct board_ended_queue *ended, struct problem *problem)
{
    if (message->kind == MESSAGE_PANEL_REMOVAL)
        return remove_panel(programme, message, now, ended);

    const struct lifecycle_span span = span_of(message, arrival, now);
    struct entry *old = find(programme, message);
    if (lifecycle_span_is_over(&span, now))
        return take_expired(programme, message, old, ended, problem);
    if (!old && programme->count >= programme->most) {
        problem_set(problem, PROBLEM_TOO_LARGE,
                    "the programme is full: %zu panels, no more are taken",
                    programme->most);
        return refuse(message);
    }
    struct entry *entry = reserve(programme) ? calloc(1, sizeof *entry) : NULL;
    if (!entry) {
        problem_set(problem, PROBLEM_SYSTEM, "no memory for a panel");
        return refuse(message);
    }
    bool ends = old && was_live_here(old) && situation_is_over(message) &&
                lifecycle_span_has_begun(&span, now);
    if (old)
        drop(programme, old, "replaced", ended);
    *entry = (struct entry){.message = message,
                            .due_mono_ms = now->mono_ms,
                            .rank = scope_rank(message->scope),
                            .span = span};
    add_entry(programme, entry);
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
    /* While all are due at once, none moves in the heap when another one is
     * dropped. */
    programme->clocks.known = false;
    for (size_t i = 0; i < programme->count; i++)
        programme->heap[i]->due_mono_ms = INT64_MIN;
    for (size_t i = programme->count; i-- > 0;)
        if (!trust_in_message(trust, programme->heap[i]->message, NULL))
            drop(programme, programme->heap[i], "revoked", ended);
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
    static const char kind[] = "panel/";
    const char *scope = slot + sizeof kind - 1;
    const char *id = strrchr(slot, '/') + 1;

    if (strncmp(slot, kind, sizeof kind - 1) != 0 || id <= scope)
        return false;
    const struct entry *entry = find_slot(programme, scope,
                                          (size_t)(id - 1 - scope), id);
    return entry && entry->message->seq == seq;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whether its days and hours hold now. *next_ms: the monotonic time of the next
 * change. */
static bool is_on(struct programme *programme, struct entry *entry,
                  const struct moment *now, int64_t *next_ms)
{
    const struct schedule_times *times = &entry->message->panel.schedule.times;
    bool timed = schedule_times_need_clock(times);

    *next_ms = INT64_MAX;
    set_waiting(programme, entry, timed && !now->wall_trusted);
    if (!timed || !now->wall_trusted)
        return !timed;
    int64_t change_ms = timetable_next_ms(times, programme->calendar,
                                          now->wall_ms);
    if (change_ms != INT64_MAX)
        *next_ms = now->mono_ms + (change_ms - now->wall_ms);
    return timetable_holds(times, programme->calendar, now->wall_ms);
}

/* Brings one panel up to now. */
static void look_at(struct programme *programme, struct entry *entry,
                    const struct moment *now, struct board_ended_queue *ended)
{
    int64_t next_ms = INT64_MAX;

    lifecycle_span_watch(&entry->span, now);
    if (lifecycle_span_is_over(&entry->span, now)) {
        drop(programme, entry, "expired", ended);
        return;
    }
    if (!entry->begun)
        entry->begun = lifecycle_span_has_begun(&entry->span, now);
    if (entry->begun)
        entry->on = is_on(programme, entry, now, &next_ms);
    else
        next_ms = lifecycle_span_begin_mono_ms(&entry->span, now);
    entry->due_mono_ms = earlier(next_ms, entry->span.deadline_mono_ms);
    heap_move(programme, entry);
    list_id(programme, entry->message->id);
}

static bool differs(int64_t a, int64_t b, int64_t most)
{
    if (a == TIMESTAMP_NONE || b == TIMESTAMP_NONE)
        return a != b;
    return a > b + most || b > a + most;
}

/* Notes the clocks. True: they moved against the monotonic clock, so that the
 * times at which panels are due no longer hold. A clock that is slewed moves a
 * little all the time; that counts only when something is due soon. */
static bool note_clocks(struct programme *programme, const struct moment *now)
{
    struct clocks *old = &programme->clocks;
    int64_t passed_ms = moment_passed_ms(now);
    bool soon = programme->count > 0 && programme->heap[0]->due_mono_ms <=
                                            now->mono_ms + PROGRAMME_DRIFT_MS;

    if (passed_ms != TIMESTAMP_NONE)
        passed_ms -= now->mono_ms;
    bool moved = !old->known || old->trusted != now->wall_trusted ||
                 differs(old->passed_ms, passed_ms,
                         soon ? 0 : PROGRAMME_DRIFT_MS);
    if (moved)
        *old = (struct clocks){true, now->wall_trusted, passed_ms};
    return moved;
}

void programme_advance(struct programme *programme, const struct moment *now,
                       struct board_ended_queue *ended)
{
    if (note_clocks(programme, now))
        for (size_t i = 0; i < programme->count; i++)
            programme->heap[i]->due_mono_ms = now->mono_ms;
    while (programme->count > 0 &&
           programme->heap[0]->due_mono_ms <= now->mono_ms)
        look_at(programme, programme->heap[0], now, ended);
    for (size_t i = programme->farewell_count; i-- > 0;)
        if (now->mono_ms >= programme->farewells[i].end_mono_ms)
            end_farewell(programme, i);
}

const struct panel_list *programme_list(const struct programme *programme,
                                        enum panel_group group)
{
    return &programme->lists[group];
}

void programme_each_picture(const struct programme *programme,
                            programme_visit_picture *visit, void *context)
{
    for (size_t i = 0; i < programme->count; i++) {
        const struct panel *panel = &programme->heap[i]->message->panel;
        for (size_t k = 0; k < panel->picture_count; k++)
            visit(context, &panel->pictures[k]);
    }
}

uint64_t programme_pictures_version(const struct programme *programme)
{
    return programme->pictures_version;
}

size_t programme_count(const struct programme *programme)
{
    size_t count = 0;

    for (int i = 0; i < GROUP_COUNT; i++)
        count += programme->lists[i].count;
    return count;
}

size_t programme_waiting(const struct programme *programme)
{
    return programme->waiting;
}

const struct message *programme_find(const struct programme *programme,
                                     const char *id, const char *scope,
                                     int64_t seq)
{
    const struct entry *listed = NULL;

    for (const struct entry *entry = first_of(programme, id); entry;
         entry = entry->next) {
        const struct message *message = entry->message;
        if (strcmp(message->id, id) != 0)
            continue;
        if (message->seq == seq && strcmp(message->scope, scope) == 0 &&
            entry->begun && (entry->listed || !entry->on))
            return message;
        if (entry->listed)
            listed = entry;
    }
    return listed ? listed->message : NULL;
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

    (void)now;
    return programme->count > 0
               ? earlier(next_ms, programme->heap[0]->due_mono_ms)
               : next_ms;
}
