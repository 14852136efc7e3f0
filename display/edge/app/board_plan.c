/* Answers the board's questions about pages. */
#include "display/edge/app/board_plan.h"

#include "display/core/templates/page_columns.h"

enum {
    /* How long 解除 is shown: the 15 s that the law requires for a static page,
     * and time to look up. */
    BOARD_CLEAR_MS = 20000,
};

static size_t plan_pages(void *context, const struct message *message,
                         const struct page_place *place)
{
    const struct board_plan *plan = context;

    return page_cache_count(plan->cache, message, place);
}

int board_plan_transition_ms(const struct board_plan *plan)
{
    int usual_ms = plan->glass->theme.transition_ms;
    int64_t hurried_ms = plan->dwell_ms / 10;

    if (plan->glass->options.motion == MOTION_NONE)
        return 0;
    if (hurried_ms == 0 || hurried_ms > usual_ms)
        return usual_ms;
    return (int)hurried_ms;
}

static int64_t plan_dwell_ms(void *context, const struct message *message,
                             const struct page_place *place, size_t page)
{
    const struct board_plan *plan = context;

    if (plan->dwell_ms > 0)
        return plan->dwell_ms - board_plan_transition_ms(plan);
    return page_cache_dwell_ms(plan->cache, message, place, page);
}

static enum presentation plan_fit(void *context, enum presentation wanted)
{
    const struct board_plan *plan = context;

    return presentation_fit(&plan->glass->whole.geometry, wanted);
}

static bool plan_is_barred(void *context, const struct message *message)
{
    const struct board_plan *plan = context;

    return plan->note && run_note_is_barred(plan->note, message);
}

static bool plan_is_low(void *context)
{
    const struct board_plan *plan = context;

    return !page_columns_have_room(&plan->glass->whole.geometry);
}

static enum transition_kind soften(enum transition_kind kind,
                                   enum motion_level motion)
{
    if (motion == MOTION_NONE)
        return TRANSITION_CUT;
    return motion == MOTION_REDUCED && kind != TRANSITION_CUT ? TRANSITION_FADE
                                                              : kind;
}

struct board_options board_plan_options(struct board_plan *plan,
                                        const struct config *config)
{
    const struct theme *theme = &plan->glass->theme;
    bool safe = plan->glass->options.safe;
    struct board_options options = {
        .identity = config->identity,
        .plan = {.context = plan,
                 .pages = plan_pages,
                 .dwell_ms = plan_dwell_ms,
                 .fit = plan_fit},
        .is_barred = plan_is_barred,
        .is_low = plan_is_low,
        .show_exercises = config->show_exercises,
        .show_tests = config->show_tests,
        .transition_ms = board_plan_transition_ms(plan),
        .clear_ms = plan->dwell_ms > 0 ? plan->dwell_ms : BOARD_CLEAR_MS,
        .situation = (enum situation_share)config->situation,
    };

    for (int i = 0; i < SECTION_COUNT; i++)
        options.transitions[i] = soften(theme->sections[i].transition,
                                        plan->glass->options.motion);
    for (int i = 0; i < ALERT_LEVEL_COUNT; i++)
        options.presentations[i] =
            safe ? PRESENTATION_FULL
                 : (enum presentation)config->presentations[i];
    return options;
}
