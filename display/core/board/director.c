/* Gives the glass or a part of it to alerts; the programme uses the rest. */
#include "display/core/board/director.h"

#include "display/core/board/alert_turns.h"
#include "display/core/board/panel_cycle.h"
#include "display/core/board/tracks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct director {
    struct tracks tracks; /* what is shown now */
    struct alert_turns turns;
    struct panel_cycle cycle;
};

struct director *director_create(const struct director_options *options)
{
    assert(options->plan.pages && options->plan.dwell_ms);
    struct director *director = calloc(1, sizeof *director);

    if (director)
        tracks_init(&director->tracks, options);
    return director;
}

void director_destroy(struct director *director)
{
    free(director);
}

/* The programme will begin again with its entrance. */
static void interrupt_programme(struct tracks *tracks)
{
    tracks->programme.kind = SCENE_PLAIN;
    tracks->programme.message = NULL;
    tracks->interrupted = true;
}

static void show_nothing(struct tracks *tracks, const struct moment *now)
{
    const struct page_place place = {.presentation = PRESENTATION_FULL};
    struct track *track = &tracks->programme;

    track->position = track->total = 0;
    track->candidates = 0;
    if (track->kind != SCENE_PLAIN || tracks->interrupted)
        tracks_show(tracks, track, SCENE_PLAIN, NULL, &place, 0, now);
    tracks->interrupted = false;
}

void director_advance(struct director *director,
                      const struct director_stage *stage,
                      const struct moment *now)
{
    struct tracks *tracks = &director->tracks;

    alert_turns_follow(&director->turns, tracks, stage, now);
    if (tracks_alert_is_full(tracks))
        interrupt_programme(tracks);
    else if (!panel_cycle_follow(&director->cycle, tracks, stage, now))
        show_nothing(tracks, now);
}

struct director_panel director_panel(const struct director *director)
{
    const struct panel_cycle *cycle = &director->cycle;
    const struct message_identity *current =
        &director->tracks.programme.current;
    struct director_panel panel = {.seq = -1};

    memcpy(panel.id, cycle->shown.id, sizeof panel.id);
    if (strcmp(current->id, panel.id) == 0) {
        memcpy(panel.scope, current->scope, sizeof panel.scope);
        panel.seq = current->seq;
    }
    return panel;
}

struct scene director_scene(const struct director *director,
                            const struct moment *now)
{
    return tracks_scene(&director->tracks, now);
}

bool director_has_told(const struct director *director,
                       const struct message *farewell)
{
    return panel_cycle_has_told(&director->cycle, farewell);
}

void director_pause(struct director *director, bool paused,
                    const struct moment *now)
{
    tracks_pause(&director->tracks, paused, now);
}

void director_seek(struct director *director, int64_t delta_ms,
                   const struct moment *now)
{
    struct tracks *tracks = &director->tracks;

    tracks_seek(tracks,
                tracks_alert_is_full(tracks) ? &tracks->alert
                                             : &tracks->programme,
                delta_ms, now);
}

void director_step(struct director *director,
                   const struct director_stage *stage, int direction,
                   const struct moment *now)
{
    struct tracks *tracks = &director->tracks;
    struct track *track = &tracks->alert;

    if (!tracks_alert_is_full(tracks)) {
        struct director_stage after = *stage;
        if (tracks->programme.kind != SCENE_PANEL)
            return;
        panel_cycle_step(&director->cycle, tracks, stage, direction, now);
        after.standing = tracks->programme.message;
        director_advance(director, &after, now);
        return;
    }
    if (track->kind != SCENE_ALERT)
        return;
    size_t count = stage->alert_count;
    size_t at = track_find_current(track, stage->alerts, count);
    if (at == count || track_stands_alone(track))
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
    place.position = (int)at + 1;
    tracks_show(tracks, track, track->kind, stage->alerts[at], &place, page,
                now);
    director_advance(director, stage, now);
}
