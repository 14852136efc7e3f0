/* The programme's cycle: panel after panel, page after page, in an order that
 * stays the same when panels come and go. While an emergency goes on, its
 * panels stand between the others. */
#include "display/core/board/panel_cycle.h"

#include <string.h>

/* The panels of the stage that may be shown now, by group. */
struct round {
    const struct director_stage *stage;
    bool only_emergency;
    size_t counts[GROUP_COUNT];
};

static enum panel_group group_of(const struct message *message)
{
    return situation_is_live(message) ? GROUP_SITUATION : GROUP_ORDINARY;
}

static bool takes_part(const struct round *round, const struct message *message)
{
    return !round->only_emergency || situation_is_live(message) ||
           message->panel.section == SECTION_EMERGENCY;
}

static struct round make_round(const struct tracks *tracks,
                               const struct director_stage *stage)
{
    struct round round = {.stage = stage};

    for (size_t i = 0; i < stage->panel_count; i++)
        if (situation_is_live(stage->panels[i]))
            round.counts[GROUP_SITUATION]++;
    round.only_emergency = round.counts[GROUP_SITUATION] > 0 &&
                           tracks->options.situation == SITUATION_ONLY;
    for (size_t i = 0; i < stage->panel_count; i++)
        if (!situation_is_live(stage->panels[i]) &&
            takes_part(&round, stage->panels[i]))
            round.counts[GROUP_ORDINARY]++;
    return round;
}

static int compare_place(const struct message *message,
                         const struct panel_place *place)
{
    if (message->panel.section != place->section)
        return message->panel.section < place->section ? -1 : 1;
    if (message->panel.order != place->order)
        return message->panel.order < place->order ? -1 : 1;
    return strcmp(message->id, place->id);
}

static bool is_in(const struct round *round, size_t at, enum panel_group group)
{
    const struct message *message = round->stage->panels[at];

    return group_of(message) == group && takes_part(round, message);
}

/* The group's first panel after the place, or its first panel; the group is not
 * empty. */
static size_t find_after(const struct round *round, enum panel_group group,
                         const struct panel_place *place)
{
    size_t first = round->stage->panel_count;

    for (size_t i = 0; i < round->stage->panel_count; i++) {
        if (!is_in(round, i, group))
            continue;
        if (!place->known || compare_place(round->stage->panels[i], place) > 0)
            return i;
        if (first == round->stage->panel_count)
            first = i;
    }
    return first;
}

/* Index of the panel at the place, or the number of panels. */
static size_t find_at(const struct round *round,
                      const struct panel_place *place)
{
    for (size_t i = 0; place->known && i < round->stage->panel_count; i++)
        if (strcmp(round->stage->panels[i]->id, place->id) == 0 &&
            takes_part(round, round->stage->panels[i]))
            return i;
    return round->stage->panel_count;
}

/* The panel that was interrupted, or the one after its place. */
static size_t find_return(const struct panel_cycle *cycle,
                          const struct round *round)
{
    const struct panel_place *place = &cycle->shown;
    size_t at = find_at(round, place);

    if (at < round->stage->panel_count)
        return at;
    for (size_t i = 0; place->known && i < round->stage->panel_count; i++)
        if (takes_part(round, round->stage->panels[i]) &&
            compare_place(round->stage->panels[i], place) > 0)
            return i;
    for (size_t i = 0; i < round->stage->panel_count; i++)
        if (takes_part(round, round->stage->panels[i]))
            return i;
    return 0;
}

static struct page_place place_below(const struct tracks *tracks)
{
    bool beside = tracks->alert.kind != SCENE_PLAIN;

    return (struct page_place){
        .presentation = beside ? tracks->alert.place.presentation
                               : PRESENTATION_FULL};
}

static void remember_place(struct panel_cycle *cycle, struct tracks *tracks)
{
    const struct message *message = tracks->programme.message;
    struct panel_place place = {.known = true,
                                .section = message->panel.section,
                                .order = message->panel.order};

    strncpy(place.id, message->id, sizeof place.id - 1);
    cycle->shown = cycle->places[group_of(message)] = place;
}

static void show_panel(struct panel_cycle *cycle, struct tracks *tracks,
                       const struct round *round, size_t at, size_t page,
                       const struct moment *now)
{
    const struct message *message = round->stage->panels[at];
    const struct page_place place = place_below(tracks);

    tracks_show(tracks, &tracks->programme, SCENE_PANEL, message, &place, page,
                now);
    cycle->pages_between = group_of(message) == GROUP_SITUATION
                               ? 0
                               : cycle->pages_between + 1;
    remember_place(cycle, tracks);
}

/* Continues with the ordinary panels: with the next page of the panel that was
 * left, or with the panel after it. */
static void show_ordinary(struct panel_cycle *cycle, struct tracks *tracks,
                          const struct round *round, const struct moment *now)
{
    const struct panel_place *place = &cycle->places[GROUP_ORDINARY];
    size_t page = cycle->ordinary_page;
    size_t at = page > 0 ? find_at(round, place) : round->stage->panel_count;

    cycle->ordinary_page = 0;
    if (at == round->stage->panel_count || !is_in(round, at, GROUP_ORDINARY)) {
        at = find_after(round, GROUP_ORDINARY, place);
        page = 0;
    }
    show_panel(cycle, tracks, round, at, page, now);
}

static void show_situation(struct panel_cycle *cycle, struct tracks *tracks,
                           const struct round *round, const struct moment *now)
{
    const struct panel_place *place = &cycle->places[GROUP_SITUATION];

    show_panel(cycle, tracks, round, find_after(round, GROUP_SITUATION, place),
               0, now);
}

static void follow_ordinary(struct panel_cycle *cycle, struct tracks *tracks,
                            const struct round *round, const struct moment *now)
{
    const struct track *track = &tracks->programme;
    bool more = track->page + 1 < track->page_count;

    cycle->ordinary_page = more ? track->page + 1 : 0;
    if (round->counts[GROUP_SITUATION] > 0 &&
        cycle->pages_between >= DIRECTOR_PAGES_BETWEEN_SITUATIONS)
        show_situation(cycle, tracks, round, now);
    else if (more || round->counts[GROUP_ORDINARY] > 1 || track->page_count > 1)
        show_ordinary(cycle, tracks, round, now);
}

static void follow_situation(struct panel_cycle *cycle, struct tracks *tracks,
                             const struct round *round, size_t at,
                             const struct moment *now)
{
    const struct track *track = &tracks->programme;

    if (track->page + 1 < track->page_count)
        show_panel(cycle, tracks, round, at, track->page + 1, now);
    else if (round->counts[GROUP_ORDINARY] > 0)
        show_ordinary(cycle, tracks, round, now);
    else if (round->counts[GROUP_SITUATION] > 1 || track->page_count > 1)
        show_situation(cycle, tracks, round, now);
}

/* Counts the position among the ordinary panels, or among those of the
 * situation if there are no others. */
static void count_position(struct panel_cycle *cycle, struct tracks *tracks,
                           const struct round *round)
{
    enum panel_group group = round->counts[GROUP_ORDINARY] > 0
                                 ? GROUP_ORDINARY
                                 : GROUP_SITUATION;
    struct track *track = &tracks->programme;
    const struct panel_place *place = &cycle->places[group];

    track->total = (int)round->counts[group];
    track->candidates = round->counts[GROUP_ORDINARY] +
                        round->counts[GROUP_SITUATION];
    track->position = 0;
    for (size_t i = 0; place->known && i < round->stage->panel_count; i++)
        if (is_in(round, i, group) &&
            compare_place(round->stage->panels[i], place) <= 0)
            track->position++;
    if (track->position == 0)
        track->position = 1;
}

static void follow_cycle(struct panel_cycle *cycle, struct tracks *tracks,
                         const struct round *round, const struct moment *now)
{
    const struct director_stage *stage = round->stage;
    const struct page_place place = place_below(tracks);
    struct track *track = &tracks->programme;
    size_t at = stage->panel_count;

    if (track->kind == SCENE_PANEL)
        at = track_find_current(track, stage->panels, at);
    if (at == stage->panel_count || !takes_part(round, stage->panels[at])) {
        show_panel(cycle, tracks, round, find_return(cycle, round), 0, now);
        return;
    }
    if (!track_shows(track, stage->panels[at])) {
        show_panel(cycle, tracks, round, at, 0, now);
        return;
    }
    remember_place(cycle, tracks);
    tracks_move(tracks, track, &place, now);
    if (!tracks_is_due(tracks, track, now))
        return;
    if (group_of(stage->panels[at]) == GROUP_SITUATION)
        follow_situation(cycle, tracks, round, at, now);
    else
        follow_ordinary(cycle, tracks, round, now);
}

/* The end of an emergency is shown at once, page by page, and only once. */
static bool follow_farewell(struct panel_cycle *cycle, struct tracks *tracks,
                            const struct director_stage *stage,
                            const struct moment *now)
{
    struct track *track = &tracks->programme;
    const struct page_place place = place_below(tracks);
    size_t page = 0;

    if (!stage->farewell || panel_cycle_has_told(cycle, stage->farewell))
        return false;
    struct message_identity who = identity_of(stage->farewell);
    bool begun = cycle->farewell_known &&
                 identity_is_same(&who, &cycle->farewell);
    cycle->farewell = who;
    cycle->farewell_known = true;
    if (begun && track_shows(track, stage->farewell)) {
        track->message = stage->farewell;
        tracks_move(tracks, track, &place, now);
        if (!tracks_is_due(tracks, track, now))
            return true;
        page = track->page + 1;
        cycle->farewell_told = page == track->page_count;
        if (cycle->farewell_told)
            return false;
    }
    cycle->farewell_told = false;
    tracks_show(tracks, track, SCENE_PANEL, stage->farewell, &place, page, now);
    return true;
}

bool panel_cycle_has_told(const struct panel_cycle *cycle,
                          const struct message *farewell)
{
    struct message_identity who = identity_of(farewell);

    return cycle->farewell_told && cycle->farewell_known &&
           identity_is_same(&who, &cycle->farewell);
}

void panel_cycle_follow(struct panel_cycle *cycle, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now)
{
    struct round round = make_round(tracks, stage);

    bool farewell = follow_farewell(cycle, tracks, stage, now);
    if (!farewell && stage->panel_count > 0)
        follow_cycle(cycle, tracks, &round, now);
    tracks->interrupted = false;
    count_position(cycle, tracks, &round);
    if (farewell)
        tracks->programme.candidates += 2; /* it does not stay alone */
}
