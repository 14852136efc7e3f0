/* Keeps the newest value of each live figure, and tells how new the figures of
 * a panel are. */
#include "display/core/board/live_figures.h"

#include "base/timestamp.h"
#include "protocol/scope.h"

#include <stdlib.h>
#include <string.h>

struct live_figure {
    struct message *message; /* owned */
    uint64_t hash;           /* of the name */
    int rank;                /* how narrow its scope is */
    struct decimal from;     /* the value before */
    struct decimal room;     /* the widest of late */
    int64_t room_mono_ms;    /* when digits were so wide last */
    int64_t counts_mono_ms;  /* since when it counts; INT64_MIN: it does not */
    int64_t taken_mono_ms;
    bool live; /* it came from the broker in this run */
};

struct live_figures {
    struct live_figure items[LIVE_FIGURES_MAX];
    size_t count;
};

struct live_figures *live_figures_create(void)
{
    return calloc(1, sizeof(struct live_figures));
}

static void drop(struct live_figures *figures, struct live_figure *figure)
{
    message_destroy(figure->message);
    *figure = figures->items[--figures->count];
}

void live_figures_destroy(struct live_figures *figures)
{
    if (!figures)
        return;
    while (figures->count > 0)
        drop(figures, &figures->items[figures->count - 1]);
    free(figures);
}

size_t live_figures_count(const struct live_figures *figures)
{
    return figures->count;
}

static uint64_t hash_of(const char *name)
{
    return slot_hash(name, strlen(name));
}

static int64_t measured_ms(const struct message *message)
{
    return message->figure.at_ms == TIMESTAMP_NONE ? message->issued_ms
                                                   : message->figure.at_ms;
}

static struct live_figure *find(struct live_figures *figures,
                                const struct message *message)
{
    uint64_t hash = hash_of(message->id);

    for (size_t i = 0; i < figures->count; i++) {
        struct live_figure *figure = &figures->items[i];
        if (figure->hash == hash &&
            strcmp(figure->message->id, message->id) == 0 &&
            strcmp(figure->message->scope, message->scope) == 0)
            return figure;
    }
    return NULL;
}

static struct live_figure *add(struct live_figures *figures,
                               const struct message *message)
{
    if (figures->count == LIVE_FIGURES_MAX) {
        struct live_figure *oldest = &figures->items[0];
        for (size_t i = 1; i < figures->count; i++)
            if (measured_ms(figures->items[i].message) <
                measured_ms(oldest->message))
                oldest = &figures->items[i];
        drop(figures, oldest);
    }
    struct live_figure *figure = &figures->items[figures->count++];
    *figure = (struct live_figure){.hash = hash_of(message->id),
                                   .rank = scope_rank(message->scope),
                                   .from = message->figure.value,
                                   .room = message->figure.value,
                                   .counts_mono_ms = INT64_MIN};
    return figure;
}

static void keep_room(struct live_figure *figure, struct decimal value,
                      const struct moment *now)
{
    struct decimal room = page_live_wider(value, figure->room);
    bool as_wide = room.units == page_live_padded(value, room).units;
    bool late = now->mono_ms - figure->room_mono_ms > LIVE_FIGURES_ROOM_MS;

    figure->room = late ? value : room;
    if (late || as_wide)
        figure->room_mono_ms = now->mono_ms;
}

static bool is_other(struct decimal a, struct decimal b)
{
    return page_live_padded(a, b).units != page_live_padded(b, a).units;
}

/* Counts from what stands there to the new value, unless values come quickly
 * one after the other. */
static void replace(struct live_figure *figure, struct message *message,
                    const struct arrival *arrival, const struct moment *now)
{
    const struct decimal value = message->figure.value;
    bool counts = figure->message && arrival->live &&
                  is_other(figure->message->figure.value, value) &&
                  now->mono_ms - figure->taken_mono_ms >= PAGE_LIVE_CALM_MS;

    if (figure->message)
        figure->from = figure->message->figure.value;
    figure->counts_mono_ms = counts ? now->mono_ms : INT64_MIN;
    figure->taken_mono_ms = now->mono_ms;
    figure->live = arrival->live;
    keep_room(figure, value, now);
    message_destroy(figure->message);
    figure->message = message;
}

/* The known one stays, and the number of the refused one counts as seen. */
static struct board_taken refuse(struct message *message, bool known)
{
    message_destroy(message);
    return (struct board_taken){BOARD_REFUSED, known, false};
}

struct board_taken live_figures_take(struct live_figures *figures,
                                     struct message *message,
                                     const struct arrival *arrival,
                                     const struct moment *now,
                                     struct problem *problem)
{
    struct live_figure *figure = find(figures, message);
    int64_t at_ms = measured_ms(message);

    if (now->wall_trusted && at_ms > now->wall_ms + LIMIT_ISSUED_AHEAD_MS) {
        problem_set(problem, PROBLEM_STALE,
                    "measured more than 15 minutes ahead of this screen's "
                    "clock");
        return refuse(message, false);
    }
    if (figure && at_ms < measured_ms(figure->message)) {
        problem_set(problem, PROBLEM_STALE,
                    "measured %lld s before the value that is known",
                    (long long)(measured_ms(figure->message) - at_ms) / 1000);
        return refuse(message, true);
    }
    if (!figure)
        figure = add(figures, message);
    replace(figure, message, arrival, now);
    return (struct board_taken){BOARD_NOTED, true, true};
}

void live_figures_distrust(struct live_figures *figures,
                           const struct trust *trust)
{
    for (size_t i = figures->count; i-- > 0;)
        if (!trust_in_message(trust, figures->items[i].message, NULL))
            drop(figures, &figures->items[i]);
}

static const struct live_figure *narrowest(const struct live_figures *figures,
                                           const struct panel *panel,
                                           size_t index)
{
    const char *name = panel->figures[index].bind;
    uint64_t hash = hash_of(name);
    const struct live_figure *best = NULL;

    for (size_t i = 0; i < figures->count; i++) {
        const struct live_figure *figure = &figures->items[i];
        if (figure->hash == hash && strcmp(figure->message->id, name) == 0 &&
            page_live_takes(panel, index, &figure->message->figure) &&
            (!best || figure->rank > best->rank ||
             (figure->rank == best->rank &&
              measured_ms(figure->message) > measured_ms(best->message))))
            best = figure;
    }
    return best;
}

static void show(const struct live_figure *figure, const struct moment *now,
                 struct page_live_figure *out)
{
    bool counts = figure->counts_mono_ms != INT64_MIN;

    out->value = figure->message->figure.value;
    out->from = figure->from;
    out->since_ms = counts ? now->mono_ms - figure->counts_mono_ms : INT64_MAX;
    out->room = page_live_wider(out->room, figure->room);
    out->at_ms = measured_ms(figure->message);
}

/* How long it is until the figure is stale; 0 or less: it is. Without any clock
 * only the time since a live arrival is known, and after a restart nothing. */
static int64_t fresh_ms(const struct page_live_figure *shown,
                        const struct live_figure *figure, int64_t limit_ms,
                        const struct moment *now)
{
    int64_t passed_ms = moment_passed_ms(now);

    if (passed_ms != TIMESTAMP_NONE && shown->at_ms != TIMESTAMP_NONE)
        return shown->at_ms + limit_ms - passed_ms;
    if (figure && figure->live)
        return figure->taken_mono_ms + limit_ms - now->mono_ms;
    return 0;
}

bool live_figures_find(const struct live_figures *figures,
                       const struct message *message, const struct moment *now,
                       struct page_live *out)
{
    const struct panel *panel = &message->panel;
    int64_t limit_ms = panel->stale_after_s * INT64_C(1000);

    if (message->kind != MESSAGE_PANEL || !panel_is_live(panel))
        return false;
    *out = page_live_of(message);
    out->now_ms = moment_trusted_wall_ms(now);
    for (size_t i = 0; i < panel->figure_count; i++) {
        struct page_live_figure *shown = &out->figures[i];
        if (!shown->bound)
            continue;
        const struct live_figure *figure = narrowest(figures, panel, i);
        if (figure)
            show(figure, now, shown);
        if (limit_ms == 0)
            continue;
        int64_t left_ms = fresh_ms(shown, figure, limit_ms, now);
        shown->stale = left_ms <= 0;
        if (left_ms > 0 && now->wall_ms + left_ms < out->next_ms)
            out->next_ms = now->wall_ms + left_ms;
    }
    return true;
}
