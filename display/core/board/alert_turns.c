/* Several alerts share the glass or a part of it. The gravest leads and has at
 * least half of the time. Each of the others gets one page at a time; the time
 * for which the leading alert was shown pays for it. */
#include "display/core/board/alert_turns.h"

#include <string.h>

static enum presentation wanted(const struct tracks *tracks,
                                enum alert_level level)
{
    return tracks->options.presentations[level];
}

/* The gravest alert decides, except that all alerts get the whole glass if any
 * of them wants it. Without a programme alerts have the whole glass. */
static enum presentation choose_presentation(const struct tracks *tracks,
                                             const struct director_stage *stage)
{
    const struct page_plan *plan = &tracks->options.plan;
    enum alert_level level = stage->clear_level;

    if (!director_stage_has_panels(stage) && !stage->farewell)
        return PRESENTATION_FULL;
    for (size_t i = 0; i < stage->alert_count; i++)
        if (wanted(tracks, stage->alerts[i]->alert.level) == PRESENTATION_FULL)
            return PRESENTATION_FULL;
    if (!stage->clear)
        level = stage->alerts[0]->alert.level;
    enum presentation presentation = wanted(tracks, level);
    return plan->fit ? plan->fit(plan->context, presentation) : presentation;
}

static struct page_place place_of(const struct tracks *tracks,
                                  const struct director_stage *stage, size_t at)
{
    return (struct page_place){
        .presentation = choose_presentation(tracks, stage),
        .position = (int)at + 1,
        .total = (int)stage->alert_count};
}

static void show_alert(struct tracks *tracks,
                       const struct director_stage *stage, size_t at,
                       size_t page, const struct moment *now)
{
    struct track *track = &tracks->alert;
    struct page_place place = place_of(tracks, stage, at);

    track->position = place.position;
    tracks_show(tracks, track, SCENE_ALERT, stage->alerts[at], &place, page,
                now);
}

static bool is_on_stage(const struct alert_turn *turn,
                        const struct director_stage *stage)
{
    for (size_t i = 0; i < stage->alert_count; i++) {
        struct message_identity who = identity_of(stage->alerts[i]);
        if (identity_is_same(&who, &turn->who))
            return true;
    }
    return false;
}

static void forget_turns(struct alert_turns *turns,
                         const struct director_stage *stage)
{
    size_t kept = 0;

    for (size_t i = 0; i < turns->count; i++)
        if (is_on_stage(&turns->items[i], stage))
            turns->items[kept++] = turns->items[i];
    turns->count = kept;
}

static struct alert_turn *find_turn(struct alert_turns *turns,
                                    const struct message *message)
{
    struct message_identity who = identity_of(message);

    for (size_t i = 0; i < turns->count; i++)
        if (identity_is_same(&turns->items[i].who, &who))
            return &turns->items[i];
    if (turns->count == ALERT_TURNS_MAX)
        return NULL;
    struct alert_turn *turn = &turns->items[turns->count++];
    *turn = (struct alert_turn){.who = who};
    return turn;
}

/* Alerts never shown come first, then those shown in part, then those that
 * waited longest. */
static bool goes_before(const struct alert_turn *a, const struct alert_turn *b)
{
    bool a_is_new = a->last == 0 && a->page == 0;
    bool b_is_new = b->last == 0 && b->page == 0;

    if (a_is_new != b_is_new)
        return a_is_new;
    if ((a->page > 0) != (b->page > 0))
        return a->page > 0;
    return a->last < b->last;
}

/* Index of the alert after the leading one whose turn it is; there are at least
 * two alerts. */
static size_t choose_lesser(struct alert_turns *turns,
                            const struct director_stage *stage, size_t *page)
{
    const struct alert_turn *best = NULL;
    size_t found = 1;

    forget_turns(turns, stage);
    *page = 0;
    for (size_t i = 1; i < stage->alert_count; i++) {
        const struct alert_turn *turn = find_turn(turns, stage->alerts[i]);
        if (!turn || (best && !goes_before(turn, best)))
            continue;
        best = turn;
        found = i;
        *page = turn->page;
    }
    return found;
}

/* Counts the time since the last call as earned or spent. */
static void book_time(struct alert_turns *turns, struct tracks *tracks,
                      bool is_lead, const struct moment *now)
{
    int64_t elapsed_ms = now->mono_ms - tracks->alert.booked_mono_ms;

    turns->credit_ms += is_lead ? elapsed_ms : -elapsed_ms;
    tracks->alert.booked_mono_ms = now->mono_ms;
}

static void follow_lead(struct alert_turns *turns, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now)
{
    size_t page;
    size_t lesser = choose_lesser(turns, stage, &page);
    struct page_place place = place_of(tracks, stage, lesser);
    int64_t cost_ms = tracks_dwell_ms(tracks, stage->alerts[lesser], &place,
                                      page);

    if (turns->credit_ms >= cost_ms) {
        turns->credit_ms = cost_ms; /* saved time is not all spent at once */
        show_alert(tracks, stage, lesser, page, now);
    } else if (tracks->alert.page_count > 1) {
        show_alert(tracks, stage, 0, 0, now);
    } else {
        tracks->alert.page_end_mono_ms = now->mono_ms + cost_ms -
                                         turns->credit_ms;
    }
}

static void end_lesser(struct alert_turns *turns, struct tracks *tracks,
                       const struct director_stage *stage, size_t at,
                       const struct moment *now)
{
    const struct track *track = &tracks->alert;
    struct alert_turn *turn = find_turn(turns, stage->alerts[at]);

    if (turn && track->page + 1 < track->page_count) {
        turn->page = track->page + 1;
    } else if (turn) {
        turn->page = 0;
        turn->last = ++turns->clock;
    }
    show_alert(tracks, stage, 0, 0, now);
}

static void show_next(struct alert_turns *turns, struct tracks *tracks,
                      const struct director_stage *stage, size_t at,
                      const struct moment *now)
{
    const struct track *track = &tracks->alert;

    book_time(turns, tracks, at == 0, now);
    if (at > 0)
        end_lesser(turns, tracks, stage, at, now);
    else if (track->page + 1 < track->page_count)
        show_alert(tracks, stage, 0, track->page + 1, now);
    else if (stage->alert_count > 1)
        follow_lead(turns, tracks, stage, now);
    else if (track->page_count > 1)
        show_alert(tracks, stage, 0, 0, now);
}

/* An alert that begins to lead while it is shown stays for another dwell time.
 */
static void stay(struct tracks *tracks, const struct message *message,
                 const struct moment *now)
{
    struct track *track = &tracks->alert;

    tracks->alert.booked_mono_ms = now->mono_ms;
    track->page_end_mono_ms = now->mono_ms + tracks_dwell_ms(tracks, message,
                                                             &track->place,
                                                             track->page);
}

/* True when the leading alert is another one or has changed. */
static bool lead_has_changed(struct alert_turns *turns,
                             const struct director_stage *stage)
{
    struct message_identity lead = identity_of(stage->alerts[0]);

    if (turns->lead_known && identity_is_same(&lead, &turns->lead))
        return false;
    turns->lead = lead;
    turns->lead_known = true;
    turns->credit_ms = 0;
    return true;
}

static void follow_live(struct alert_turns *turns, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now)
{
    struct track *track = &tracks->alert;
    size_t at = stage->alert_count;
    bool another_leads = lead_has_changed(turns, stage);

    track->total = (int)stage->alert_count;
    track->candidates = stage->alert_count;
    if (track->kind == SCENE_ALERT)
        at = track_find_current(track, stage->alerts, at);
    if (at == stage->alert_count || (another_leads && at != 0)) {
        show_alert(tracks, stage, 0, 0, now);
        return;
    }
    struct page_place place = place_of(tracks, stage, at);
    track->position = place.position;
    if (!track_shows(track, stage->alerts[at]) ||
        place.presentation != track->place.presentation) {
        show_alert(tracks, stage, at, 0, now);
        return;
    }
    tracks_move(tracks, track, &place, now);
    if (another_leads)
        stay(tracks, stage->alerts[at], now);
    else if (tracks_is_due(tracks, track, now))
        show_next(turns, tracks, stage, at, now);
}

/* How many alerts remain that people must heed. After an actual alert ended,
 * drills do not count. */
static int count_remaining(const struct director_stage *stage)
{
    bool drill = stage->clear->cancel.status != ALERT_STATUS_ACTUAL;
    int count = 0;

    for (size_t i = 0; i < stage->alert_count; i++)
        count += drill || stage->alerts[i]->alert.status == ALERT_STATUS_ACTUAL;
    return count;
}

/* 解除 has the part of the glass that the alert had; it shows its pages one
 * after the other. */
static void follow_clear(struct tracks *tracks,
                         const struct director_stage *stage,
                         const struct moment *now)
{
    struct track *track = &tracks->alert;
    const struct page_place place = {
        .presentation = choose_presentation(tracks, stage),
        .total = count_remaining(stage)};
    size_t page = 0;

    track->position = track->total = 0;
    track->candidates = 1;
    if (track->kind == SCENE_CLEAR && track_shows(track, stage->clear) &&
        page_place_equals(&track->place, &place)) {
        track->message = stage->clear;
        if (track->page_count == 1 || !tracks_is_due(tracks, track, now))
            return;
        page = (track->page + 1) % track->page_count;
    }
    tracks_show(tracks, track, SCENE_CLEAR, stage->clear, &place, page, now);
}

void alert_turns_follow(struct alert_turns *turns, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now)
{
    struct track *track = &tracks->alert;

    if (stage->alert_count == 0)
        turns->lead_known = false;
    if (stage->clear) {
        follow_clear(tracks, stage, now);
    } else if (stage->alert_count > 0) {
        follow_live(turns, tracks, stage, now);
    } else {
        track->kind = SCENE_PLAIN;
        track->message = NULL;
        track->showing = 0;
    }
}
