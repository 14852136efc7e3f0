/* Runs programme and director from change to change. */
#include "display/core/board/forecast.h"

#include "display/core/board/programme.h"

#include <stdlib.h>

struct forecast {
    const struct forecast_options *options;
    const struct forecast_visitor *visitor;
    struct programme *programme;
    struct director *director;
    struct moment now;
    struct board_ended_queue ended;
    struct forecast_page page; /* the one that is shown */
    uint64_t showing;
};

static void take_panels(struct forecast *forecast, struct message **panels,
                        size_t count)
{
    const struct arrival arrival = {.live = true,
                                    .received_ms = TIMESTAMP_NONE};

    for (size_t i = 0; i < count; i++) {
        programme_take(forecast->programme, panels[i], &arrival, &forecast->now,
                       &forecast->ended, NULL);
        forecast->ended.count = 0;
    }
}

static struct director_stage stage_of(const struct forecast *forecast)
{
    const struct director_panel shown = director_panel(forecast->director);
    struct director_stage stage = {
        .standing = programme_find(forecast->programme, shown.id, shown.scope,
                                   shown.seq)};

    for (int i = 0; i < GROUP_COUNT; i++)
        stage.panels[i] = programme_list(forecast->programme,
                                         (enum panel_group)i);
    return stage;
}

static int64_t wall_of(const struct forecast *forecast, int64_t mono_ms)
{
    int64_t until_ms = forecast->options->until_ms;

    if (mono_ms >= until_ms - forecast->options->from_ms)
        return until_ms;
    return forecast->options->from_ms + mono_ms;
}

/* All pages of all panels once, each for its time. */
static int64_t measure_round(const struct forecast *forecast)
{
    const struct page_plan *plan = &forecast->options->director.plan;
    const struct page_place place = {.presentation = PRESENTATION_FULL};
    int64_t round_ms = 0;

    for (int i = 0; i < GROUP_COUNT; i++) {
        const struct panel_list *list = programme_list(forecast->programme,
                                                       (enum panel_group)i);
        for (size_t j = 0; j < list->count; j++) {
            size_t pages = plan->pages(plan->context, list->items[j], &place);
            for (size_t page = 0; page < pages; page++)
                round_ms += plan->dwell_ms(plan->context, list->items[j],
                                           &place, page) +
                            forecast->options->director.transition_ms;
        }
    }
    return round_ms;
}

static void tell_span(const struct forecast *forecast, int64_t until_mono_ms)
{
    struct forecast_span span = {
        .from_ms = forecast->now.wall_ms,
        .until_ms = wall_of(forecast, until_mono_ms),
        .round_ms = measure_round(forecast),
    };

    for (int i = 0; i < GROUP_COUNT; i++)
        span.lists[i] = programme_list(forecast->programme,
                                       (enum panel_group)i);
    forecast->visitor->span(forecast->visitor->context, &span);
}

static void end_page(struct forecast *forecast)
{
    struct forecast_page *page = &forecast->page;

    page->until_ms = forecast->now.wall_ms;
    if (page->until_ms > page->from_ms)
        forecast->visitor->page(forecast->visitor->context, page);
}

/* Advances to now; returns when something changes next. */
static int64_t turn(struct forecast *forecast)
{
    const struct director_stage stage = stage_of(forecast);

    director_advance(forecast->director, &stage, &forecast->now);
    struct scene scene = director_scene(forecast->director, &forecast->now);
    if (scene.showing != forecast->showing) {
        end_page(forecast);
        forecast->page = (struct forecast_page){scene.message, scene.page,
                                                forecast->now.wall_ms, 0};
        forecast->showing = scene.showing;
    }
    forecast->page.message = scene.message;
    return scene.next_ms;
}

/* A page that ends with its panel is told before the panel is gone. */
static bool is_over(const struct forecast *forecast)
{
    const struct forecast_page *page = &forecast->page;

    return page->message && page->message->expires_ms != TIMESTAMP_NONE &&
           page->message->expires_ms <= forecast->now.wall_ms;
}

static void run(struct forecast *forecast)
{
    int64_t end_ms = forecast->options->until_ms - forecast->options->from_ms;
    int64_t change_ms = -1;

    while (forecast->now.mono_ms < end_ms) {
        if (is_over(forecast)) {
            end_page(forecast);
            forecast->page =
                (struct forecast_page){.from_ms = forecast->now.wall_ms};
        }
        programme_advance(forecast->programme, &forecast->now,
                          &forecast->ended);
        forecast->ended.count = 0;
        if (forecast->now.mono_ms >= change_ms) {
            change_ms = programme_next_ms(forecast->programme, &forecast->now);
            tell_span(forecast, change_ms);
        }
        int64_t next_ms = turn(forecast);
        next_ms = next_ms < change_ms ? next_ms : change_ms;
        if (next_ms <= forecast->now.mono_ms)
            next_ms = forecast->now.mono_ms + 1;
        next_ms = next_ms < end_ms ? next_ms : end_ms;
        forecast->now.wall_ms += next_ms - forecast->now.mono_ms;
        forecast->now.mono_ms = next_ms;
    }
    end_page(forecast);
}

bool forecast_run(const struct forecast_options *options,
                  struct message **panels, size_t count,
                  const struct forecast_visitor *visitor,
                  struct problem *problem)
{
    struct forecast *forecast = calloc(1, sizeof *forecast);
    bool good = forecast != NULL;

    if (good) {
        forecast->options = options;
        forecast->visitor = visitor;
        forecast->programme = programme_create(options->calendar, count);
        forecast->director = director_create(&options->director);
        forecast->now = (struct moment){.wall_ms = options->from_ms,
                                        .wall_trusted = true,
                                        .wall_confirmed = true,
                                        .floor_ms = TIMESTAMP_NONE};
        forecast->page.from_ms = options->from_ms;
        good = forecast->programme && forecast->director;
    }
    if (good) {
        take_panels(forecast, panels, count);
        run(forecast);
    } else {
        problem_set(problem, PROBLEM_SYSTEM, "no memory for a programme");
        for (size_t i = 0; i < count; i++)
            message_destroy(panels[i]);
    }
    if (forecast) {
        director_destroy(forecast->director);
        programme_destroy(forecast->programme);
    }
    free(forecast);
    return good;
}
