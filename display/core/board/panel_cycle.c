/* Decides which panel comes next. The ordinary panels go round in their order;
 * those of campaigns have the programme alone or a share of its time; those of
 * an emergency come in between both. */
#include "display/core/board/panel_cycle.h"

#include <string.h>

/* Times that the groups got are halved above this, so that a share is kept
 * within hours and not over weeks. */
#define GIVEN_MAX_MS (INT64_C(60) * 60 * 1000)

/* What takes part now: of each group all panels, or only those of the emergency
 * section, or none. */
struct round {
    const struct director_stage *stage;
    bool only_emergency;
    size_t first[GROUP_COUNT];
    size_t counts[GROUP_COUNT];
    int share; /* percent of the time for campaigns */
};

static void take_section(struct round *round, enum panel_group group)
{
    const struct panel_list *list = round->stage->panels[group];

    round->first[group] = panel_list_section(list, SECTION_EMERGENCY);
    round->counts[group] = list->sections[SECTION_EMERGENCY];
}

static struct round make_round(const struct tracks *tracks,
                               const struct director_stage *stage)
{
    struct round round = {.stage = stage};

    for (int i = 0; i < GROUP_COUNT; i++)
        round.counts[i] = stage->panels[i]->count;
    round.only_emergency = round.counts[GROUP_SITUATION] > 0 &&
                           tracks->options.situation == SITUATION_ONLY;
    if (round.only_emergency) {
        take_section(&round, GROUP_ORDINARY);
        take_section(&round, GROUP_CAMPAIGN);
    }
    if (round.counts[GROUP_CAMPAIGN] > 0)
        round.share = panel_list_share(stage->panels[GROUP_CAMPAIGN]);
    if (round.share == PANEL_SHARE_MAX)
        round.counts[GROUP_ORDINARY] = 0;
    return round;
}

static size_t count_base(const struct round *round)
{
    return round->counts[GROUP_ORDINARY] + round->counts[GROUP_CAMPAIGN];
}

static bool is_in(const struct round *round, enum panel_group group, size_t at)
{
    return at >= round->first[group] &&
           at - round->first[group] < round->counts[group];
}

static bool takes_part(const struct round *round, const struct message *message)
{
    enum panel_group group = panel_group_of(message);
    const struct panel_list *list = round->stage->panels[group];
    size_t at = panel_list_find(list, message);

    return at < list->count && is_in(round, group, at);
}

/* Whether a panel comes in this lap. Of as many laps as the greatest weight a
 * panel of weight w comes in w; its rank spreads the panels over the laps. */
static bool is_due(const struct message *panel, size_t rank, unsigned lap,
                   unsigned greatest)
{
    unsigned weight = (unsigned)panel->panel.schedule.weight;

    return (lap + (unsigned)rank) % greatest * weight % greatest < weight;
}

/* The group's next panel after the one shown last. A panel of the greatest
 * weight is due in every lap, so the search ends. The group is not empty. */
static const struct message *find_next(struct panel_cycle *cycle,
                                       const struct round *round,
                                       enum panel_group group)
{
    const struct panel_list *list = round->stage->panels[group];
    size_t first = round->first[group], end = first + round->counts[group];
    size_t at = panel_list_after(list, &cycle->places[group]);
    unsigned greatest = (unsigned)panel_list_weight(list);

    if (at < first)
        at = first;
    for (size_t steps = 0; steps < 2 * round->counts[group] + 1; steps++) {
        if (at >= end) {
            at = first;
            cycle->laps[group]++;
        }
        if (is_due(list->items[at], at - first, cycle->laps[group], greatest))
            return list->items[at];
        at++;
    }
    return list->items[first]; /* those of the greatest weight take no part */
}

/* Whose turn it is beside the situation's panels: the campaigns', as long as
 * they got less than their share of the time. */
static enum panel_group choose_base(const struct panel_cycle *cycle,
                                    const struct round *round)
{
    int64_t ordinary = cycle->given_ms[GROUP_ORDINARY];
    int64_t campaign = cycle->given_ms[GROUP_CAMPAIGN];

    if (round->counts[GROUP_CAMPAIGN] == 0)
        return GROUP_ORDINARY;
    if (round->counts[GROUP_ORDINARY] == 0)
        return GROUP_CAMPAIGN;
    return campaign * (PANEL_SHARE_MAX - round->share) <=
                   ordinary * round->share
               ? GROUP_CAMPAIGN
               : GROUP_ORDINARY;
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

    cycle->shown = cycle->places[panel_group_of(message)] =
        panel_place_of(message);
}

/* Notes the time that the page on the track will stand. */
static void give_time(struct panel_cycle *cycle, const struct tracks *tracks,
                      enum panel_group group, const struct moment *now)
{
    int64_t *given_ms = cycle->given_ms;

    given_ms[group] += tracks->programme.page_end_mono_ms - now->mono_ms;
    if (given_ms[GROUP_ORDINARY] + given_ms[GROUP_CAMPAIGN] > GIVEN_MAX_MS) {
        given_ms[GROUP_ORDINARY] /= 2;
        given_ms[GROUP_CAMPAIGN] /= 2;
    }
}

static void show_panel(struct panel_cycle *cycle, struct tracks *tracks,
                       const struct message *message, size_t page,
                       const struct moment *now)
{
    const struct page_place place = place_below(tracks);
    enum panel_group group = panel_group_of(message);

    tracks_show(tracks, &tracks->programme, SCENE_PANEL, message, &place, page,
                now);
    cycle->pages_between = group == GROUP_SITUATION ? 0
                                                    : cycle->pages_between + 1;
    if (group != GROUP_SITUATION) {
        cycle->base = group;
        give_time(cycle, tracks, group, now);
    }
    remember_place(cycle, tracks);
}

/* Goes on beside the situation: with the next page of the panel that was left,
 * or with the next panel. */
static void show_base(struct panel_cycle *cycle, struct tracks *tracks,
                      const struct round *round, const struct moment *now)
{
    const struct panel_list *list = round->stage->panels[cycle->base];
    size_t page = cycle->base_page;
    size_t at = panel_list_at(list, &cycle->places[cycle->base]);

    cycle->base_page = 0;
    if (page > 0 && at < list->count && is_in(round, cycle->base, at)) {
        show_panel(cycle, tracks, list->items[at], page, now);
        return;
    }
    show_panel(cycle, tracks,
               find_next(cycle, round, choose_base(cycle, round)), 0, now);
}

static void show_situation(struct panel_cycle *cycle, struct tracks *tracks,
                           const struct round *round, const struct moment *now)
{
    show_panel(cycle, tracks, find_next(cycle, round, GROUP_SITUATION), 0, now);
}

/* The page was shown for its time. */
static void follow_base(struct panel_cycle *cycle, struct tracks *tracks,
                        const struct round *round, const struct moment *now)
{
    const struct track *track = &tracks->programme;
    bool more = track->page + 1 < track->page_count;

    cycle->base_page = more ? track->page + 1 : 0;
    if (round->counts[GROUP_SITUATION] > 0 &&
        cycle->pages_between >= DIRECTOR_PAGES_BETWEEN_SITUATIONS)
        show_situation(cycle, tracks, round, now);
    else if (more || count_base(round) > 1 || track->page_count > 1)
        show_base(cycle, tracks, round, now);
}

static void follow_situation(struct panel_cycle *cycle, struct tracks *tracks,
                             const struct round *round,
                             const struct moment *now)
{
    const struct track *track = &tracks->programme;

    if (track->page + 1 < track->page_count)
        show_panel(cycle, tracks, track->message, track->page + 1, now);
    else if (count_base(round) > 0)
        show_base(cycle, tracks, round, now);
    else if (round->counts[GROUP_SITUATION] > 1 || track->page_count > 1)
        show_situation(cycle, tracks, round, now);
}

/* Something that takes part; the round is not empty. */
static void show_any(struct panel_cycle *cycle, struct tracks *tracks,
                     const struct round *round, const struct moment *now)
{
    bool situation = round->counts[GROUP_SITUATION] > 0 &&
                     cycle->pages_between >= DIRECTOR_PAGES_BETWEEN_SITUATIONS;

    cycle->base_page = 0;
    if (count_base(round) > 0 && !situation)
        show_base(cycle, tracks, round, now);
    else
        show_situation(cycle, tracks, round, now);
}

/* Counts the position among the panels of the base, or among those of the
 * situation if there are no others. */
static void count_position(struct panel_cycle *cycle, struct tracks *tracks,
                           const struct round *round)
{
    struct track *track = &tracks->programme;
    enum panel_group group = count_base(round) == 0 ? GROUP_SITUATION
                             : round->counts[GROUP_ORDINARY] > 0
                                 ? GROUP_ORDINARY
                                 : GROUP_CAMPAIGN;
    size_t after = panel_list_after(round->stage->panels[group],
                                    &cycle->places[group]);

    track->total = (int)round->counts[group];
    track->candidates = count_base(round) + round->counts[GROUP_SITUATION];
    track->position = after > round->first[group]
                          ? (int)(after - round->first[group])
                          : 1;
    if (track->position > track->total)
        track->position = track->total;
    if (track->position < 1)
        track->position = 1;
}

/* The panel on the track takes part no longer, because its hours are over or a
 * campaign has begun: its page stays for its time. False: it does not. */
static bool follow_leaving(struct tracks *tracks, const struct round *round,
                           const struct moment *now)
{
    const struct message *standing = round->stage->standing;
    struct track *track = &tracks->programme;
    const struct page_place place = place_below(tracks);

    if (track->kind != SCENE_PANEL || !standing || round->only_emergency ||
        !track_shows(track, standing))
        return false;
    track->message = standing;
    tracks_move(tracks, track, &place, now);
    return !tracks_is_due(tracks, track, now);
}

static void follow_current(struct panel_cycle *cycle, struct tracks *tracks,
                           const struct round *round, const struct moment *now)
{
    const struct page_place place = place_below(tracks);
    struct track *track = &tracks->programme;

    track->message = round->stage->standing;
    remember_place(cycle, tracks);
    tracks_move(tracks, track, &place, now);
    if (!tracks_is_due(tracks, track, now))
        return;
    if (panel_group_of(track->message) == GROUP_SITUATION)
        follow_situation(cycle, tracks, round, now);
    else
        follow_base(cycle, tracks, round, now);
}

/* True: the panel on the track takes part no longer, and its page stays. */
static bool follow_cycle(struct panel_cycle *cycle, struct tracks *tracks,
                         const struct round *round, const struct moment *now)
{
    const struct message *standing = round->stage->standing;
    const struct track *track = &tracks->programme;
    bool empty = count_base(round) + round->counts[GROUP_SITUATION] == 0;

    if (standing && takes_part(round, standing)) {
        if (track->kind == SCENE_PANEL && track_shows(track, standing))
            follow_current(cycle, tracks, round, now);
        else /* a new edition, or it was interrupted */
            show_panel(cycle, tracks, standing, 0, now);
        return false;
    }
    if (follow_leaving(tracks, round, now))
        return true;
    if (!empty)
        show_any(cycle, tracks, round, now);
    return false;
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

bool panel_cycle_follow(struct panel_cycle *cycle, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now)
{
    const struct round round = make_round(tracks, stage);
    bool any = count_base(&round) + round.counts[GROUP_SITUATION] > 0;

    if (round.counts[GROUP_CAMPAIGN] == 0 || round.counts[GROUP_ORDINARY] == 0)
        memset(cycle->given_ms, 0, sizeof cycle->given_ms);
    bool farewell = follow_farewell(cycle, tracks, stage, now);
    bool leaving = !farewell && follow_cycle(cycle, tracks, &round, now);
    if (!any && !farewell && !leaving)
        return false;
    tracks->interrupted = false;
    count_position(cycle, tracks, &round);
    if (farewell || leaving)
        tracks->programme.candidates += 2; /* it does not stay alone */
    return true;
}

void panel_cycle_step(struct panel_cycle *cycle, struct tracks *tracks,
                      const struct director_stage *stage, int direction,
                      const struct moment *now)
{
    const struct round round = make_round(tracks, stage);
    const struct message *standing = stage->standing;
    struct track *track = &tracks->programme;

    if (!standing || !takes_part(&round, standing) || track_stands_alone(track))
        return;
    enum panel_group group = panel_group_of(standing);
    const struct panel_list *list = stage->panels[group];
    size_t rank = panel_list_find(list, standing) - round.first[group];
    size_t count = round.counts[group];
    size_t page = 0;
    if (direction > 0 && track->page + 1 < track->page_count)
        page = track->page + 1;
    else if (direction > 0)
        rank = (rank + 1) % count;
    else if (track->page > 0)
        page = track->page - 1;
    else
        rank = (rank + count - 1) % count;
    show_panel(cycle, tracks, list->items[round.first[group] + rank], page,
               now);
}
