/* Lets alerts take the glass or a part of it and gives it back; the programme
 * cycles in what they leave. */
#include "display/core/board/director_state.h"

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
    director->programme.page_end_mono_ms = INT64_MAX;
    director->alert.page_end_mono_ms = INT64_MAX;
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
    memcpy(who.key_id, message->key_id, sizeof who.key_id);
    return who;
}

bool director_is_same_slot(const struct director_identity *a,
                           const struct director_identity *b)
{
    return a->kind == b->kind && a->status == b->status &&
           strcmp(a->id, b->id) == 0 &&
           (a->kind != MESSAGE_ALERT || strcmp(a->key_id, b->key_id) == 0);
}

bool director_is_same(const struct director_identity *a,
                      const struct director_identity *b)
{
    return director_is_same_slot(a, b) && a->seq == b->seq &&
           strcmp(a->scope, b->scope) == 0 && strcmp(a->key_id, b->key_id) == 0;
}

bool director_alert_is_full(const struct director *director)
{
    return director->alert.kind != SCENE_PLAIN &&
           director->alert.place.presentation == PRESENTATION_FULL;
}

int64_t director_dwell_ms(const struct director *director,
                          const struct message *message,
                          const struct page_place *place, size_t page)
{
    const struct page_plan *plan = &director->options.plan;
    int64_t dwell_ms = plan->dwell_ms(plan->context, message, place, page);

    return dwell_ms < DIRECTOR_DWELL_MIN_MS ? DIRECTOR_DWELL_MIN_MS : dwell_ms;
}

static size_t count_pages(const struct director *director,
                          const struct message *message,
                          const struct page_place *place)
{
    const struct page_plan *plan = &director->options.plan;
    size_t count = plan->pages(plan->context, message, place);

    return count > 0 ? count : 1;
}

/* Alerts and 解除 cut in, and with them what they leave of the glass. Panels
 * come as their section wants, but the first one, which nothing comes before;
 * below an alert nothing slides, for the alert stands still. */
static enum transition_kind
choose_transition(const struct director *director,
                  const struct director_track *track, enum scene_kind kind,
                  const struct message *message, const struct moment *now)
{
    bool first = track->kind == SCENE_PLAIN && !director->interrupted;
    bool beside = director->alert.kind != SCENE_PLAIN;

    if (kind != SCENE_PANEL || first || director->options.transition_ms <= 0 ||
        (beside && director->alert.since_mono_ms == now->mono_ms))
        return TRANSITION_CUT;
    enum transition_kind wanted =
        director->options.transitions[message->panel.section];
    return beside && wanted != TRANSITION_CUT ? TRANSITION_FADE : wanted;
}

static int64_t transition_ms(const struct director *director,
                             const struct director_track *track)
{
    return track->transition == TRANSITION_CUT
               ? 0
               : director->options.transition_ms;
}

static void plan_page(const struct director *director,
                      struct director_track *track)
{
    track->page_count = count_pages(director, track->message, &track->place);
    if (track->page >= track->page_count)
        track->page = 0;
    track->page_end_mono_ms =
        track->since_mono_ms + transition_ms(director, track) +
        director_dwell_ms(director, track->message, &track->place, track->page);
}

/* A transition ends now, and the page begins its entrance. */
static void end_transition(const struct director *director,
                           struct director_track *track,
                           const struct moment *now)
{
    int64_t moving_ms = transition_ms(director, track);
    bool entered = now->mono_ms - track->since_mono_ms >= moving_ms;

    track->since_mono_ms = entered ? track->since_mono_ms + moving_ms
                                   : now->mono_ms;
    track->transition = TRANSITION_CUT;
}

void director_show(struct director *director, struct director_track *track,
                   enum scene_kind kind, const struct message *message,
                   const struct page_place *place, size_t page,
                   const struct moment *now)
{
    track->transition = choose_transition(director, track, kind, message, now);
    track->kind = kind;
    track->message = message;
    track->place = *place;
    track->page = page;
    track->page_count = 1;
    track->since_mono_ms = now->mono_ms;
    track->page_end_mono_ms = INT64_MAX;
    track->showing = ++director->showings;
    if (track == &director->alert) {
        director->credited_mono_ms = now->mono_ms;
        end_transition(director, &director->programme, now);
    }
    if (!message)
        return;
    track->current = director_identify(message);
    plan_page(director, track);
}

void director_move(struct director *director, struct director_track *track,
                   const struct page_place *place, const struct moment *now)
{
    size_t before = track->page_count;

    if (page_place_equals(&track->place, place))
        return;
    end_transition(director, track, now);
    track->place = *place;
    track->page_count = count_pages(director, track->message, place);
    track->page = track->page * track->page_count / before;
}

bool director_is_due(const struct director *director,
                     const struct director_track *track,
                     const struct moment *now)
{
    return !director->paused && now->mono_ms >= track->page_end_mono_ms;
}

size_t director_find_current(struct director_track *track,
                             const struct message *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct director_identity who = director_identify(list[i]);
        if (!director_is_same_slot(&who, &track->current))
            continue;
        track->message = list[i];
        return i;
    }
    return count;
}

bool director_shows(const struct director_track *track,
                    const struct message *message)
{
    struct director_identity who = director_identify(message);

    return track->kind != SCENE_PLAIN &&
           director_is_same(&who, &track->current);
}

/* The programme comes back from its entrance. */
static void interrupt_programme(struct director *director)
{
    director->programme.kind = SCENE_PLAIN;
    director->programme.message = NULL;
    director->interrupted = true;
}

static void show_nothing(struct director *director, const struct moment *now)
{
    const struct page_place place = {.presentation = PRESENTATION_FULL};
    struct director_track *track = &director->programme;

    track->position = track->total = 0;
    track->candidates = 0;
    if (track->kind != SCENE_PLAIN || director->interrupted)
        director_show(director, track, SCENE_PLAIN, NULL, &place, 0, now);
    director->interrupted = false;
}

void director_advance(struct director *director,
                      const struct director_stage *stage,
                      const struct moment *now)
{
    director_follow_alerts(director, stage, now);
    if (director_alert_is_full(director))
        interrupt_programme(director);
    else if (stage->panel_count > 0 || stage->farewell)
        director_follow_panels(director, stage, now);
    else
        show_nothing(director, now);
}

/* Nothing else is there to come: the page stays, at rest. */
static bool stands_alone(const struct director_track *track)
{
    return track->candidates <= 1 && track->page_count <= 1;
}

static int64_t next_ms(const struct director *director,
                       const struct director_track *track)
{
    return director->paused || stands_alone(track) ? INT64_MAX
                                                   : track->page_end_mono_ms;
}

static struct scene scene_of(const struct director *director,
                             const struct director_track *track,
                             const struct moment *now)
{
    int64_t moving_ms = transition_ms(director, track);
    int64_t age_ms = now->mono_ms - track->since_mono_ms;
    struct scene scene = {
        .kind = track->kind,
        .message = track->message,
        .page = track->page,
        .place = track->place,
        .transition = TRANSITION_CUT,
        .progress = 1.0,
        .position = track->position,
        .total = track->total,
        .showing = track->showing,
    };

    if (age_ms < moving_ms) {
        scene.transition = track->transition;
        scene.progress = (double)age_ms / (double)moving_ms;
        scene.next_ms = track->since_mono_ms + moving_ms;
        return scene;
    }
    scene.t_ms = age_ms - moving_ms;
    scene.next_ms = next_ms(director, track);
    return scene;
}

struct scene director_scene(const struct director *director,
                            const struct moment *now)
{
    const struct director_track *alert = &director->alert;

    if (director_alert_is_full(director))
        return scene_of(director, alert, now);
    struct scene scene = scene_of(director, &director->programme, now);
    if (alert->kind == SCENE_PLAIN)
        return scene;
    struct scene beside = scene_of(director, alert, now);
    scene.alert = (struct scene_alert){.message = beside.message,
                                       .page = beside.page,
                                       .place = beside.place,
                                       .t_ms = beside.t_ms,
                                       .showing = beside.showing};
    if (beside.next_ms < scene.next_ms)
        scene.next_ms = beside.next_ms;
    return scene;
}

/* What a track lost while time stood still is given back. */
static void resume(struct director_track *track, int64_t paused_ms,
                   int64_t now_ms)
{
    int64_t from_ms = track->since_mono_ms > paused_ms ? track->since_mono_ms
                                                       : paused_ms;

    if (track->page_end_mono_ms != INT64_MAX)
        track->page_end_mono_ms += now_ms - from_ms;
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
    resume(&director->programme, from_ms, now->mono_ms);
    resume(&director->alert, from_ms, now->mono_ms);
    if (director->alert.since_mono_ms > from_ms)
        from_ms = director->alert.since_mono_ms;
    director->credited_mono_ms += now->mono_ms - from_ms;
}

void director_step(struct director *director,
                   const struct director_stage *stage, int direction,
                   const struct moment *now)
{
    bool alerts = director_alert_is_full(director);
    struct director_track *track = alerts ? &director->alert
                                          : &director->programme;
    const struct message *const *list = alerts ? stage->alerts : stage->panels;
    size_t count = alerts ? stage->alert_count : stage->panel_count;

    if (track->kind != SCENE_ALERT && track->kind != SCENE_PANEL)
        return;
    size_t at = director_find_current(track, list, count);
    if (at == count || stands_alone(track))
        return;
    size_t page = 0;
    if (direction > 0 && track->page + 1 < track->page_count)
        page = track->page + 1;
    else if (direction > 0)
        at = (at + 1) % count;
    else if (track->page > 0)
        page = track->page - 1;
    else
        at = (at + count - 1) % count;
    struct page_place place = track->place;
    if (alerts)
        place.position = (int)at + 1;
    director_show(director, track, track->kind, list[at], &place, page, now);
    director_advance(director, stage, now);
}
