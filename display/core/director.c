/* Cycles the programme, lets alerts take the glass and gives it back. */
#include "display/core/director_state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct director *director_create(const struct director_options *options)
{
    assert(options->plan.pages && options->plan.dwell_ms);
    struct director *director = calloc(1, sizeof *director);

    if (!director)
        return NULL;
    director->options = *options;
    director->kind = SCENE_PLAIN;
    director->page_end_mono_ms = INT64_MAX;
    return director;
}

void director_destroy(struct director *director)
{
    free(director);
}

static enum alert_status status_of(const struct message *message)
{
    switch (message->kind) {
    case MESSAGE_ALERT:
        return message->alert.status;
    case MESSAGE_ALERT_CANCEL:
        return message->cancel.status;
    default:
        return ALERT_STATUS_ACTUAL;
    }
}

struct director_identity director_identify(const struct message *message)
{
    struct director_identity who = {
        .kind = message->kind,
        .status = status_of(message),
        .seq = message->seq,
    };

    strncpy(who.id, message->id, sizeof who.id - 1);
    strncpy(who.scope, message->scope, sizeof who.scope - 1);
    return who;
}

bool director_is_same_slot(const struct director_identity *a,
                           const struct director_identity *b)
{
    return a->kind == b->kind && a->status == b->status &&
           strcmp(a->id, b->id) == 0;
}

bool director_is_same(const struct director_identity *a,
                      const struct director_identity *b)
{
    return director_is_same_slot(a, b) && a->seq == b->seq &&
           strcmp(a->scope, b->scope) == 0;
}

int64_t director_dwell_ms(const struct director *director,
                          const struct message *message, size_t page)
{
    const struct page_plan *plan = &director->options.plan;
    int64_t dwell_ms = plan->dwell_ms(plan->context, message, page);

    return dwell_ms < DIRECTOR_DWELL_MIN_MS ? DIRECTOR_DWELL_MIN_MS : dwell_ms;
}

/* Alerts and 解除 cut in; panels come as their section wants, but the first
 * one, which nothing comes before. */
static enum transition_kind choose_transition(const struct director *director,
                                              enum scene_kind kind,
                                              const struct message *message)
{
    if (kind != SCENE_PANEL || director->kind == SCENE_PLAIN ||
        director->options.transition_ms <= 0)
        return TRANSITION_CUT;
    return director->options.transitions[message->panel.section];
}

static int64_t transition_ms(const struct director *director)
{
    return director->transition == TRANSITION_CUT
               ? 0
               : director->options.transition_ms;
}

static void plan_page(struct director *director, const struct message *message)
{
    const struct page_plan *plan = &director->options.plan;
    size_t count = plan->pages(plan->context, message);

    director->page_count = count > 0 ? count : 1;
    if (director->page >= director->page_count)
        director->page = 0;
    director->page_end_mono_ms =
        director->since_mono_ms + transition_ms(director) +
        director_dwell_ms(director, message, director->page);
}

void director_show(struct director *director, enum scene_kind kind,
                   const struct message *message, size_t page,
                   const struct moment *now)
{
    director->transition = choose_transition(director, kind, message);
    director->kind = kind;
    director->message = message;
    director->page = page;
    director->page_count = 1;
    director->since_mono_ms = now->mono_ms;
    director->credited_mono_ms = now->mono_ms;
    director->page_end_mono_ms = INT64_MAX;
    director->showing++;
    if (message)
        director->current = director_identify(message);
    if (kind == SCENE_PANEL || kind == SCENE_ALERT)
        plan_page(director, message);
}

bool director_is_due(const struct director *director, const struct moment *now)
{
    return !director->paused && now->mono_ms >= director->page_end_mono_ms;
}

size_t director_find_current(struct director *director,
                             const struct message *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct director_identity who = director_identify(list[i]);
        if (!director_is_same_slot(&who, &director->current))
            continue;
        director->message = list[i];
        return i;
    }
    return count;
}

static void follow_clear(struct director *director, const struct message *clear,
                         const struct moment *now)
{
    struct director_identity who = director_identify(clear);

    director->position = director->total = 0;
    if (director->kind == SCENE_CLEAR &&
        director_is_same(&who, &director->current))
        director->message = clear;
    else
        director_show(director, SCENE_CLEAR, clear, 0, now);
}

void director_advance(struct director *director,
                      const struct director_stage *stage,
                      const struct moment *now)
{
    if (stage->alert_count == 0)
        director->lead_known = false;
    if (stage->clear) {
        follow_clear(director, stage->clear, now);
    } else if (stage->alert_count > 0) {
        director_follow_alerts(director, stage, now);
    } else if (stage->panel_count > 0) {
        director_follow_panels(director, stage, now);
    } else {
        director->position = director->total = 0;
        if (director->kind != SCENE_PLAIN)
            director_show(director, SCENE_PLAIN, NULL, 0, now);
    }
}

/* Nothing else is there to come: the page stays, at rest. */
static bool stands_alone(const struct director *director)
{
    return director->total <= 1 && director->page_count <= 1;
}

struct scene director_scene(const struct director *director,
                            const struct moment *now)
{
    int64_t moving_ms = transition_ms(director);
    int64_t age_ms = now->mono_ms - director->since_mono_ms;
    struct scene scene = {
        .kind = director->kind,
        .message = director->message,
        .page = director->page,
        .transition = TRANSITION_CUT,
        .progress = 1.0,
        .position = director->position,
        .total = director->total,
        .showing = director->showing,
    };

    if (age_ms < moving_ms) {
        scene.transition = director->transition;
        scene.progress = (double)age_ms / (double)moving_ms;
        scene.next_ms = director->since_mono_ms + moving_ms;
        return scene;
    }
    scene.t_ms = age_ms - moving_ms;
    scene.next_ms = director->paused || stands_alone(director)
                        ? INT64_MAX
                        : director->page_end_mono_ms;
    return scene;
}

void director_pause(struct director *director, bool paused,
                    const struct moment *now)
{
    if (paused == director->paused)
        return;
    director->paused = paused;
    if (paused) {
        director->paused_mono_ms = now->mono_ms;
        return;
    }
    int64_t from_ms = director->paused_mono_ms;
    if (director->since_mono_ms > from_ms)
        from_ms = director->since_mono_ms;
    director->credited_mono_ms += now->mono_ms - from_ms;
    if (director->page_end_mono_ms != INT64_MAX)
        director->page_end_mono_ms += now->mono_ms - from_ms;
}

void director_step(struct director *director,
                   const struct director_stage *stage, int direction,
                   const struct moment *now)
{
    bool alerts = director->kind == SCENE_ALERT;
    const struct message *const *list = alerts ? stage->alerts : stage->panels;
    size_t count = alerts ? stage->alert_count : stage->panel_count;

    if (director->kind != SCENE_ALERT && director->kind != SCENE_PANEL)
        return;
    size_t at = director_find_current(director, list, count);
    if (at == count || stands_alone(director))
        return;
    size_t page = 0;
    if (direction > 0 && director->page + 1 < director->page_count)
        page = director->page + 1;
    else if (direction > 0)
        at = (at + 1) % count;
    else if (director->page > 0)
        page = director->page - 1;
    else
        at = (at + count - 1) % count;
    director_show(director, director->kind, list[at], page, now);
    director_advance(director, stage, now);
}
