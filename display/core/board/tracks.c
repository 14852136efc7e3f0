/* Puts pages on the tracks and computes how long they stay. */
#include "display/core/board/tracks.h"

#include <string.h>

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

struct message_identity identity_of(const struct message *message)
{
    struct message_identity who = {
        .kind = message->kind,
        .status = status_of(message),
        .seq = message->seq,
    };

    strncpy(who.id, message->id, sizeof who.id - 1);
    strncpy(who.scope, message->scope, sizeof who.scope - 1);
    memcpy(who.key_id, message->key_id, sizeof who.key_id);
    return who;
}

/* The same panel, or the same alert, whatever its sequence number. */
static bool is_same_slot(const struct message_identity *a,
                         const struct message_identity *b)
{
    return a->kind == b->kind && a->status == b->status &&
           strcmp(a->id, b->id) == 0 &&
           (a->kind != MESSAGE_ALERT || strcmp(a->key_id, b->key_id) == 0);
}

bool identity_is_same(const struct message_identity *a,
                      const struct message_identity *b)
{
    return is_same_slot(a, b) && a->seq == b->seq &&
           strcmp(a->scope, b->scope) == 0 && strcmp(a->key_id, b->key_id) == 0;
}

void tracks_init(struct tracks *tracks, const struct director_options *options)
{
    *tracks = (struct tracks){.options = *options};
    tracks->programme.page_end_mono_ms = INT64_MAX;
    tracks->alert.page_end_mono_ms = INT64_MAX;
}

bool tracks_alert_is_full(const struct tracks *tracks)
{
    return tracks->alert.kind != SCENE_PLAIN &&
           tracks->alert.place.presentation == PRESENTATION_FULL;
}

int64_t tracks_dwell_ms(const struct tracks *tracks,
                        const struct message *message,
                        const struct page_place *place, size_t page)
{
    const struct page_plan *plan = &tracks->options.plan;
    int64_t dwell_ms = plan->dwell_ms(plan->context, message, place, page);

    return dwell_ms < DIRECTOR_DWELL_MIN_MS ? DIRECTOR_DWELL_MIN_MS : dwell_ms;
}

static size_t count_pages(const struct tracks *tracks,
                          const struct message *message,
                          const struct page_place *place)
{
    const struct page_plan *plan = &tracks->options.plan;
    size_t count = plan->pages(plan->context, message, place);

    return count > 0 ? count : 1;
}

/* Alerts and 解除 appear with a cut, and when they go the glass is cut too.
 * Panels use the transition of their section, except the very first panel. */
static enum transition_kind choose_transition(const struct tracks *tracks,
                                              const struct track *track,
                                              enum scene_kind kind,
                                              const struct message *message,
                                              const struct moment *now)
{
    bool first = track->kind == SCENE_PLAIN && !tracks->interrupted;
    bool beside = tracks->alert.kind != SCENE_PLAIN;

    if (kind != SCENE_PANEL || first || tracks->options.transition_ms <= 0 ||
        (beside && tracks->alert.since_mono_ms == now->mono_ms))
        return TRANSITION_CUT;
    return tracks->options.transitions[message->panel.section];
}

static int64_t transition_ms(const struct tracks *tracks,
                             const struct track *track)
{
    return track->transition == TRANSITION_CUT ? 0
                                               : tracks->options.transition_ms;
}

static void plan_page(const struct tracks *tracks, struct track *track)
{
    track->page_count = count_pages(tracks, track->message, &track->place);
    if (track->page >= track->page_count)
        track->page = 0;
    track->page_end_mono_ms =
        track->since_mono_ms + transition_ms(tracks, track) +
        tracks_dwell_ms(tracks, track->message, &track->place, track->page);
}

/* Ends the transition; the page begins its entrance. */
static void end_transition(const struct tracks *tracks, struct track *track,
                           const struct moment *now)
{
    int64_t moving_ms = transition_ms(tracks, track);
    bool entered = now->mono_ms - track->since_mono_ms >= moving_ms;

    track->since_mono_ms = entered ? track->since_mono_ms + moving_ms
                                   : now->mono_ms;
    track->transition = TRANSITION_CUT;
}

void tracks_show(struct tracks *tracks, struct track *track,
                 enum scene_kind kind, const struct message *message,
                 const struct page_place *place, size_t page,
                 const struct moment *now)
{
    track->transition = choose_transition(tracks, track, kind, message, now);
    track->kind = kind;
    track->message = message;
    track->place = *place;
    track->page = page;
    track->page_count = 1;
    track->since_mono_ms = now->mono_ms;
    track->page_end_mono_ms = INT64_MAX;
    track->showing = ++tracks->showings;
    track->booked_mono_ms = now->mono_ms;
    if (track == &tracks->alert)
        end_transition(tracks, &tracks->programme, now);
    if (!message)
        return;
    track->current = identity_of(message);
    plan_page(tracks, track);
}

void tracks_move(struct tracks *tracks, struct track *track,
                 const struct page_place *place, const struct moment *now)
{
    size_t before = track->page_count;

    if (page_place_equals(&track->place, place))
        return;
    end_transition(tracks, track, now);
    track->place = *place;
    track->page_count = count_pages(tracks, track->message, place);
    track->page = track->page * track->page_count / before;
}

bool tracks_is_due(const struct tracks *tracks, const struct track *track,
                   const struct moment *now)
{
    return !tracks->paused && now->mono_ms >= track->page_end_mono_ms;
}

size_t track_find_current(struct track *track,
                          const struct message *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct message_identity who = identity_of(list[i]);
        if (!is_same_slot(&who, &track->current))
            continue;
        track->message = list[i];
        return i;
    }
    return count;
}

bool track_shows(const struct track *track, const struct message *message)
{
    struct message_identity who = identity_of(message);

    return track->kind != SCENE_PLAIN &&
           identity_is_same(&who, &track->current);
}

bool track_stands_alone(const struct track *track)
{
    return track->candidates <= 1 && track->page_count <= 1;
}

static int64_t next_ms(const struct tracks *tracks, const struct track *track)
{
    return tracks->paused || track_stands_alone(track)
               ? INT64_MAX
               : track->page_end_mono_ms;
}

static struct scene scene_of(const struct tracks *tracks,
                             const struct track *track,
                             const struct moment *now)
{
    int64_t moving_ms = transition_ms(tracks, track);
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
    scene.next_ms = next_ms(tracks, track);
    return scene;
}

struct scene tracks_scene(const struct tracks *tracks, const struct moment *now)
{
    const struct track *alert = &tracks->alert;

    if (tracks_alert_is_full(tracks))
        return scene_of(tracks, alert, now);
    struct scene scene = scene_of(tracks, &tracks->programme, now);
    if (alert->kind == SCENE_PLAIN)
        return scene;
    struct scene beside = scene_of(tracks, alert, now);
    scene.alert = (struct scene_alert){.message = beside.message,
                                       .page = beside.page,
                                       .place = beside.place,
                                       .t_ms = beside.t_ms,
                                       .showing = beside.showing};
    if (beside.next_ms < scene.next_ms)
        scene.next_ms = beside.next_ms;
    return scene;
}

/* Does not count the time for which the track was paused. */
static void resume(struct track *track, int64_t paused_ms, int64_t now_ms)
{
    int64_t from_ms = track->since_mono_ms > paused_ms ? track->since_mono_ms
                                                       : paused_ms;

    if (track->page_end_mono_ms != INT64_MAX)
        track->page_end_mono_ms += now_ms - from_ms;
    track->booked_mono_ms += now_ms - from_ms;
}

void tracks_pause(struct tracks *tracks, bool paused, const struct moment *now)
{
    if (paused == tracks->paused)
        return;
    tracks->paused = paused;
    if (paused) {
        tracks->paused_mono_ms = now->mono_ms;
        return;
    }
    int64_t from_ms = tracks->paused_mono_ms;
    resume(&tracks->programme, from_ms, now->mono_ms);
    resume(&tracks->alert, from_ms, now->mono_ms);
}

void tracks_seek(const struct tracks *tracks, struct track *track,
                 int64_t delta_ms, const struct moment *now)
{
    int64_t moving_ms = transition_ms(tracks, track);
    int64_t age_ms = now->mono_ms - track->since_mono_ms;
    int64_t last_ms = track->page_end_mono_ms == INT64_MAX
                          ? INT64_MAX
                          : track->page_end_mono_ms - track->since_mono_ms - 1;
    int64_t to_ms = age_ms + delta_ms;

    if (to_ms > last_ms && delta_ms > 0)
        to_ms = last_ms > age_ms ? last_ms : age_ms;
    if (to_ms < moving_ms)
        to_ms = moving_ms;
    track->since_mono_ms += age_ms - to_ms;
    track->booked_mono_ms += age_ms - to_ms;
    if (track->page_end_mono_ms != INT64_MAX)
        track->page_end_mono_ms += age_ms - to_ms;
}
