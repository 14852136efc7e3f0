/* Several alerts on one glass, or in one part of it: the gravest leads and has
 * at least half of the time; the others get one page at a time out of what it
 * has earned. */
#include "display/core/board/director_state.h"

#include <string.h>

static enum presentation wanted(const struct director *director,
                                enum alert_level level)
{
    return director->options.presentations[level];
}

/* The gravest decides, but where one of them is to have the whole glass, all
 * have it. Without a programme there is nothing to go on below. */
static enum presentation choose_presentation(const struct director *director,
                                             const struct director_stage *stage)
{
    const struct page_plan *plan = &director->options.plan;
    enum alert_level level = stage->clear_level;

    if (stage->panel_count == 0 && !stage->farewell)
        return PRESENTATION_FULL;
    for (size_t i = 0; i < stage->alert_count; i++)
        if (wanted(director, stage->alerts[i]->alert.level) ==
            PRESENTATION_FULL)
            return PRESENTATION_FULL;
    if (!stage->clear)
        level = stage->alerts[0]->alert.level;
    enum presentation presentation = wanted(director, level);
    return plan->fit ? plan->fit(plan->context, presentation) : presentation;
}

static struct page_place place_of(const struct director *director,
                                  const struct director_stage *stage, size_t at)
{
    return (struct page_place){
        .presentation = choose_presentation(director, stage),
        .position = (int)at + 1,
        .total = (int)stage->alert_count};
}

static void show_alert(struct director *director,
                       const struct director_stage *stage, size_t at,
                       size_t page, const struct moment *now)
{
    struct director_track *track = &director->alert;
    struct page_place place = place_of(director, stage, at);

    track->position = place.position;
    director_show(director, track, SCENE_ALERT, stage->alerts[at], &place, page,
                  now);
}

static bool is_on_stage(const struct director_turn *turn,
                        const struct director_stage *stage)
{
    for (size_t i = 0; i < stage->alert_count; i++) {
        struct director_identity who = director_identify(stage->alerts[i]);
        if (director_is_same(&who, &turn->who))
            return true;
    }
    return false;
}

static void forget_turns(struct director *director,
                         const struct director_stage *stage)
{
    size_t kept = 0;

    for (size_t i = 0; i < director->turn_count; i++)
        if (is_on_stage(&director->turns[i], stage))
            director->turns[kept++] = director->turns[i];
    director->turn_count = kept;
}

static struct director_turn *find_turn(struct director *director,
                                       const struct message *message)
{
    struct director_identity who = director_identify(message);

    for (size_t i = 0; i < director->turn_count; i++)
        if (director_is_same(&director->turns[i].who, &who))
            return &director->turns[i];
    if (director->turn_count == DIRECTOR_TURNS_MAX)
        return NULL;
    struct director_turn *turn = &director->turns[director->turn_count++];
    *turn = (struct director_turn){.who = who};
    return turn;
}

/* Never seen comes first, then what was begun, then what waited longest. */
static bool goes_before(const struct director_turn *a,
                        const struct director_turn *b)
{
    bool a_is_new = a->last == 0 && a->page == 0;
    bool b_is_new = b->last == 0 && b->page == 0;

    if (a_is_new != b_is_new)
        return a_is_new;
    if ((a->page > 0) != (b->page > 0))
        return a->page > 0;
    return a->last < b->last;
}

/* Index of the lesser alert whose turn it is; there are at least two. */
static size_t choose_lesser(struct director *director,
                            const struct director_stage *stage, size_t *page)
{
    const struct director_turn *best = NULL;
    size_t found = 1;

    forget_turns(director, stage);
    *page = 0;
    for (size_t i = 1; i < stage->alert_count; i++) {
        const struct director_turn *turn = find_turn(director,
                                                     stage->alerts[i]);
        if (!turn || (best && !goes_before(turn, best)))
            continue;
        best = turn;
        found = i;
        *page = turn->page;
    }
    return found;
}

/* Books the time since the last booking, as earned or as spent. */
static void book_time(struct director *director, bool is_lead,
                      const struct moment *now)
{
    int64_t elapsed_ms = now->mono_ms - director->credited_mono_ms;

    director->credit_ms += is_lead ? elapsed_ms : -elapsed_ms;
    director->credited_mono_ms = now->mono_ms;
}

static void follow_lead(struct director *director,
                        const struct director_stage *stage,
                        const struct moment *now)
{
    size_t page;
    size_t lesser = choose_lesser(director, stage, &page);
    struct page_place place = place_of(director, stage, lesser);
    int64_t cost_ms = director_dwell_ms(director, stage->alerts[lesser], &place,
                                        page);

    if (director->credit_ms >= cost_ms) {
        director->credit_ms = cost_ms; /* no hoard is spent in one go */
        show_alert(director, stage, lesser, page, now);
    } else if (director->alert.page_count > 1) {
        show_alert(director, stage, 0, 0, now);
    } else {
        director->alert.page_end_mono_ms = now->mono_ms + cost_ms -
                                           director->credit_ms;
    }
}

static void end_lesser(struct director *director,
                       const struct director_stage *stage, size_t at,
                       const struct moment *now)
{
    const struct director_track *track = &director->alert;
    struct director_turn *turn = find_turn(director, stage->alerts[at]);

    if (turn && track->page + 1 < track->page_count) {
        turn->page = track->page + 1;
    } else if (turn) {
        turn->page = 0;
        turn->last = ++director->turn_clock;
    }
    show_alert(director, stage, 0, 0, now);
}

static void show_next(struct director *director,
                      const struct director_stage *stage, size_t at,
                      const struct moment *now)
{
    const struct director_track *track = &director->alert;

    book_time(director, at == 0, now);
    if (at > 0)
        end_lesser(director, stage, at, now);
    else if (track->page + 1 < track->page_count)
        show_alert(director, stage, 0, track->page + 1, now);
    else if (stage->alert_count > 1)
        follow_lead(director, stage, now);
    else if (track->page_count > 1)
        show_alert(director, stage, 0, 0, now);
}

/* What comes to lead while it has the glass keeps it for a dwell of its own. */
static void stay(struct director *director, const struct message *message,
                 const struct moment *now)
{
    struct director_track *track = &director->alert;

    director->credited_mono_ms = now->mono_ms;
    track->page_end_mono_ms = now->mono_ms +
                              director_dwell_ms(director, message,
                                                &track->place, track->page);
}

/* True when another alert leads than before, or the leading one changed. */
static bool lead_has_changed(struct director *director,
                             const struct director_stage *stage)
{
    struct director_identity lead = director_identify(stage->alerts[0]);

    if (director->lead_known && director_is_same(&lead, &director->lead))
        return false;
    director->lead = lead;
    director->lead_known = true;
    director->credit_ms = 0;
    return true;
}

static void follow_live(struct director *director,
                        const struct director_stage *stage,
                        const struct moment *now)
{
    struct director_track *track = &director->alert;
    size_t at = stage->alert_count;
    bool another_leads = lead_has_changed(director, stage);

    track->total = (int)stage->alert_count;
    track->candidates = stage->alert_count;
    if (track->kind == SCENE_ALERT)
        at = director_find_current(track, stage->alerts, at);
    if (at == stage->alert_count || (another_leads && at != 0)) {
        show_alert(director, stage, 0, 0, now);
        return;
    }
    struct page_place place = place_of(director, stage, at);
    track->position = place.position;
    if (!director_shows(track, stage->alerts[at]) ||
        place.presentation != track->place.presentation) {
        show_alert(director, stage, at, 0, now);
        return;
    }
    director_move(director, track, &place, now);
    if (another_leads)
        stay(director, stage->alerts[at], now);
    else if (director_is_due(director, track, now))
        show_next(director, stage, at, now);
}

/* Those that people may still have to heed: where it was an actual alert that
 * ended, drills are none. */
static int count_remaining(const struct director_stage *stage)
{
    bool drill = stage->clear->cancel.status != ALERT_STATUS_ACTUAL;
    int count = 0;

    for (size_t i = 0; i < stage->alert_count; i++)
        count += drill || stage->alerts[i]->alert.status == ALERT_STATUS_ACTUAL;
    return count;
}

/* 解除 has the part that the alert had; its pages follow each other while it
 * stands. */
static void follow_clear(struct director *director,
                         const struct director_stage *stage,
                         const struct moment *now)
{
    struct director_track *track = &director->alert;
    const struct page_place place = {
        .presentation = choose_presentation(director, stage),
        .total = count_remaining(stage)};
    size_t page = 0;

    track->position = track->total = 0;
    track->candidates = 1;
    if (track->kind == SCENE_CLEAR && director_shows(track, stage->clear) &&
        page_place_equals(&track->place, &place)) {
        track->message = stage->clear;
        if (track->page_count == 1 || !director_is_due(director, track, now))
            return;
        page = (track->page + 1) % track->page_count;
    }
    director_show(director, track, SCENE_CLEAR, stage->clear, &place, page,
                  now);
}

void director_follow_alerts(struct director *director,
                            const struct director_stage *stage,
                            const struct moment *now)
{
    struct director_track *track = &director->alert;

    if (stage->alert_count == 0)
        director->lead_known = false;
    if (stage->clear) {
        follow_clear(director, stage, now);
    } else if (stage->alert_count > 0) {
        follow_live(director, stage, now);
    } else {
        track->kind = SCENE_PLAIN;
        track->message = NULL;
        track->showing = 0;
    }
}
