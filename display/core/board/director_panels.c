/* The programme's cycle: panel after panel, page after page, in an order that
 * holds when panels come and go. While an emergency goes on, its panels stand
 * between the others. */
#include "display/core/board/director_state.h"

#include <string.h>

/* What of the stage may be shown now, by group. */
struct cycle {
    const struct director_stage *stage;
    bool only_emergency;
    size_t counts[GROUP_COUNT];
};

static enum director_group group_of(const struct message *message)
{
    return situation_is_live(message) ? GROUP_SITUATION : GROUP_ORDINARY;
}

static bool takes_part(const struct cycle *cycle, const struct message *message)
{
    return !cycle->only_emergency || situation_is_live(message) ||
           message->panel.section == SECTION_EMERGENCY;
}

static struct cycle make_cycle(const struct director *director,
                               const struct director_stage *stage)
{
    struct cycle cycle = {.stage = stage};

    for (size_t i = 0; i < stage->panel_count; i++)
        if (situation_is_live(stage->panels[i]))
            cycle.counts[GROUP_SITUATION]++;
    cycle.only_emergency = cycle.counts[GROUP_SITUATION] > 0 &&
                           director->options.situation == SITUATION_ONLY;
    for (size_t i = 0; i < stage->panel_count; i++)
        if (!situation_is_live(stage->panels[i]) &&
            takes_part(&cycle, stage->panels[i]))
            cycle.counts[GROUP_ORDINARY]++;
    return cycle;
}

static int compare_place(const struct message *message,
                         const struct director_place *place)
{
    if (message->panel.section != place->section)
        return message->panel.section < place->section ? -1 : 1;
    if (message->panel.order != place->order)
        return message->panel.order < place->order ? -1 : 1;
    return strcmp(message->id, place->id);
}

static bool is_in(const struct cycle *cycle, size_t at,
                  enum director_group group)
{
    const struct message *message = cycle->stage->panels[at];

    return group_of(message) == group && takes_part(cycle, message);
}

/* The group's first panel after the place, over the end; the group has one. */
static size_t find_after(const struct cycle *cycle, enum director_group group,
                         const struct director_place *place)
{
    size_t first = cycle->stage->panel_count;

    for (size_t i = 0; i < cycle->stage->panel_count; i++) {
        if (!is_in(cycle, i, group))
            continue;
        if (!place->known || compare_place(cycle->stage->panels[i], place) > 0)
            return i;
        if (first == cycle->stage->panel_count)
            first = i;
    }
    return first;
}

/* The panel at the place, or the panel count. */
static size_t find_at(const struct cycle *cycle,
                      const struct director_place *place)
{
    for (size_t i = 0; place->known && i < cycle->stage->panel_count; i++)
        if (strcmp(cycle->stage->panels[i]->id, place->id) == 0 &&
            takes_part(cycle, cycle->stage->panels[i]))
            return i;
    return cycle->stage->panel_count;
}

/* The one that was interrupted, or what comes after its place. */
static size_t find_return(const struct director *director,
                          const struct cycle *cycle)
{
    const struct director_place *place = &director->shown;
    size_t at = find_at(cycle, place);

    if (at < cycle->stage->panel_count)
        return at;
    for (size_t i = 0; place->known && i < cycle->stage->panel_count; i++)
        if (takes_part(cycle, cycle->stage->panels[i]) &&
            compare_place(cycle->stage->panels[i], place) > 0)
            return i;
    for (size_t i = 0; i < cycle->stage->panel_count; i++)
        if (takes_part(cycle, cycle->stage->panels[i]))
            return i;
    return 0;
}

static struct page_place place_below(const struct director *director)
{
    bool beside = director->alert.kind != SCENE_PLAIN;

    return (struct page_place){
        .presentation = beside ? director->alert.place.presentation
                               : PRESENTATION_FULL};
}

static void remember_place(struct director *director)
{
    const struct message *message = director->programme.message;
    struct director_place place = {.known = true,
                                   .section = message->panel.section,
                                   .order = message->panel.order};

    strncpy(place.id, message->id, sizeof place.id - 1);
    director->shown = director->places[group_of(message)] = place;
}

static void show_panel(struct director *director, const struct cycle *cycle,
                       size_t at, size_t page, const struct moment *now)
{
    const struct message *message = cycle->stage->panels[at];
    const struct page_place place = place_below(director);

    director_show(director, &director->programme, SCENE_PANEL, message, &place,
                  page, now);
    director->pages_between = group_of(message) == GROUP_SITUATION
                                  ? 0
                                  : director->pages_between + 1;
    remember_place(director);
}

/* Where the ordinary panels go on: the next page of the one that was left, or
 * the panel after it. */
static void show_ordinary(struct director *director, const struct cycle *cycle,
                          const struct moment *now)
{
    const struct director_place *place = &director->places[GROUP_ORDINARY];
    size_t page = director->ordinary_page;
    size_t at = page > 0 ? find_at(cycle, place) : cycle->stage->panel_count;

    director->ordinary_page = 0;
    if (at == cycle->stage->panel_count || !is_in(cycle, at, GROUP_ORDINARY)) {
        at = find_after(cycle, GROUP_ORDINARY, place);
        page = 0;
    }
    show_panel(director, cycle, at, page, now);
}

static void show_situation(struct director *director, const struct cycle *cycle,
                           const struct moment *now)
{
    const struct director_place *place = &director->places[GROUP_SITUATION];

    show_panel(director, cycle, find_after(cycle, GROUP_SITUATION, place), 0,
               now);
}

static void follow_ordinary(struct director *director,
                            const struct cycle *cycle, const struct moment *now)
{
    const struct director_track *track = &director->programme;
    bool more = track->page + 1 < track->page_count;

    director->ordinary_page = more ? track->page + 1 : 0;
    if (cycle->counts[GROUP_SITUATION] > 0 &&
        director->pages_between >= DIRECTOR_PAGES_BETWEEN_SITUATIONS)
        show_situation(director, cycle, now);
    else if (more || cycle->counts[GROUP_ORDINARY] > 1 || track->page_count > 1)
        show_ordinary(director, cycle, now);
}

static void follow_situation(struct director *director,
                             const struct cycle *cycle, size_t at,
                             const struct moment *now)
{
    const struct director_track *track = &director->programme;

    if (track->page + 1 < track->page_count)
        show_panel(director, cycle, at, track->page + 1, now);
    else if (cycle->counts[GROUP_ORDINARY] > 0)
        show_ordinary(director, cycle, now);
    else if (cycle->counts[GROUP_SITUATION] > 1 || track->page_count > 1)
        show_situation(director, cycle, now);
}

/* How far the ordinary panels have come; the situation's alone, where there
 * are no others. */
static void count_position(struct director *director, const struct cycle *cycle)
{
    enum director_group group = cycle->counts[GROUP_ORDINARY] > 0
                                    ? GROUP_ORDINARY
                                    : GROUP_SITUATION;
    struct director_track *track = &director->programme;
    const struct director_place *place = &director->places[group];

    track->total = (int)cycle->counts[group];
    track->candidates = cycle->counts[GROUP_ORDINARY] +
                        cycle->counts[GROUP_SITUATION];
    track->position = 0;
    for (size_t i = 0; place->known && i < cycle->stage->panel_count; i++)
        if (is_in(cycle, i, group) &&
            compare_place(cycle->stage->panels[i], place) <= 0)
            track->position++;
    if (track->position == 0)
        track->position = 1;
}

static void follow_cycle(struct director *director, const struct cycle *cycle,
                         const struct moment *now)
{
    const struct director_stage *stage = cycle->stage;
    const struct page_place place = place_below(director);
    struct director_track *track = &director->programme;
    size_t at = stage->panel_count;

    if (track->kind == SCENE_PANEL)
        at = director_find_current(track, stage->panels, at);
    if (at == stage->panel_count || !takes_part(cycle, stage->panels[at])) {
        show_panel(director, cycle, find_return(director, cycle), 0, now);
        return;
    }
    if (!director_shows(track, stage->panels[at])) {
        show_panel(director, cycle, at, 0, now);
        return;
    }
    remember_place(director);
    director_move(director, track, &place, now);
    if (!director_is_due(director, track, now))
        return;
    if (group_of(stage->panels[at]) == GROUP_SITUATION)
        follow_situation(director, cycle, at, now);
    else
        follow_ordinary(director, cycle, now);
}

/* The end of an emergency comes at once, page by page, and once. */
static bool follow_farewell(struct director *director,
                            const struct director_stage *stage,
                            const struct moment *now)
{
    struct director_track *track = &director->programme;
    const struct page_place place = place_below(director);
    size_t page = 0;

    if (!stage->farewell || director_has_told(director, stage->farewell))
        return false;
    struct director_identity who = director_identify(stage->farewell);
    bool begun = director->farewell_known &&
                 director_is_same(&who, &director->farewell);
    director->farewell = who;
    director->farewell_known = true;
    if (begun && director_shows(track, stage->farewell)) {
        track->message = stage->farewell;
        director_move(director, track, &place, now);
        if (!director_is_due(director, track, now))
            return true;
        page = track->page + 1;
        director->farewell_told = page == track->page_count;
        if (director->farewell_told)
            return false;
    }
    director->farewell_told = false;
    director_show(director, track, SCENE_PANEL, stage->farewell, &place, page,
                  now);
    return true;
}

bool director_has_told(const struct director *director,
                       const struct message *farewell)
{
    struct director_identity who = director_identify(farewell);

    return director->farewell_told && director->farewell_known &&
           director_is_same(&who, &director->farewell);
}

void director_follow_panels(struct director *director,
                            const struct director_stage *stage,
                            const struct moment *now)
{
    struct cycle cycle = make_cycle(director, stage);

    bool farewell = follow_farewell(director, stage, now);
    if (!farewell && stage->panel_count > 0)
        follow_cycle(director, &cycle, now);
    director->interrupted = false;
    count_position(director, &cycle);
    if (farewell)
        director->programme.candidates += 2; /* it ends by itself */
}
