/* Holds a director and a stage that tests set by hand. */
#include "tests/support/glass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t count_pages(void *context, const struct message *message,
                          const struct page_place *place)
{
    (void)context;
    size_t count = (size_t)(message->id[strlen(message->id) - 1] - '0');
    bool part = place->presentation != PRESENTATION_FULL;
    return message->id[0] == 's' && part ? 2 * count : count;
}

static int64_t measure_dwell(void *context, const struct message *message,
                             const struct page_place *place, size_t page)
{
    (void)context;
    (void)place;
    (void)page;
    return message->id[0] == 'l' ? 3 * GLASS_DWELL_MS : GLASS_DWELL_MS;
}

static struct glass *start(const struct director_options *options)
{
    struct glass *glass = calloc(1, sizeof *glass);

    assert_non_null(glass);
    glass->director = director_create(options);
    assert_non_null(glass->director);
    return glass;
}

static struct director_options plain_options(int transition_ms)
{
    return (struct director_options){
        .plan = {NULL, count_pages, measure_dwell, NULL},
        .transition_ms = transition_ms,
        .transitions = {TRANSITION_FADE, TRANSITION_SLIDE, TRANSITION_WIPE},
    };
}

struct glass *glass_start(int transition_ms)
{
    const struct director_options options = plain_options(transition_ms);

    return start(&options);
}

struct glass *glass_start_sharing(int transition_ms,
                                  enum situation_share situation)
{
    struct director_options options = plain_options(transition_ms);

    options.presentations[ALERT_LEVEL_YELLOW] = PRESENTATION_UPPER;
    options.presentations[ALERT_LEVEL_UNKNOWN] = PRESENTATION_UPPER;
    options.presentations[ALERT_LEVEL_BLUE] = PRESENTATION_BANNER;
    options.situation = situation;
    return start(&options);
}

struct glass *
glass_start_as(const enum presentation presentations[ALERT_LEVEL_COUNT])
{
    struct director_options options = plain_options(0);

    memcpy(options.presentations, presentations, sizeof options.presentations);
    return start(&options);
}

void glass_stop(struct glass *glass)
{
    director_destroy(glass->director);
    for (size_t i = 0; i < glass->panel_count; i++)
        message_destroy(glass->panels[i]);
    for (size_t i = 0; i < glass->alert_count; i++)
        message_destroy(glass->alerts[i]);
    message_destroy(glass->clear);
    message_destroy(glass->farewell);
    for (int i = 0; i < GROUP_COUNT; i++)
        panel_list_finish(&glass->lists[i]);
    free(glass);
}

struct director_stage glass_stage(struct glass *glass)
{
    const struct director_panel shown = director_panel(glass->director);
    struct director_stage stage = {
        .alerts = (const struct message *const *)glass->alerts,
        .alert_count = glass->alert_count,
        .clear = glass->clear,
        .clear_level = glass->clear_level,
        .farewell = glass->farewell,
    };

    for (int i = 0; i < GROUP_COUNT; i++) {
        panel_list_finish(&glass->lists[i]);
        assert_true(panel_list_reserve(&glass->lists[i], GLASS_STAGE_MAX));
        stage.panels[i] = &glass->lists[i];
    }
    for (size_t i = 0; i < glass->panel_count; i++) {
        const struct message *panel = glass->panels[i];
        panel_list_put(&glass->lists[panel_group_of(panel)], panel);
        if (strcmp(panel->id, shown.id) == 0)
            stage.standing = panel;
    }
    return stage;
}

void glass_advance(struct glass *glass)
{
    const struct director_stage stage = glass_stage(glass);

    director_advance(glass->director, &stage, &glass->now);
}

struct scene glass_scene(const struct glass *glass)
{
    return director_scene(glass->director, &glass->now);
}

void glass_wait(struct glass *glass, int64_t ms)
{
    glass->now.mono_ms += ms;
    glass_advance(glass);
}

/* Sleeps as the loop does, until the scene itself says that it changes. */
void glass_wait_for_change(struct glass *glass)
{
    struct scene scene = glass_scene(glass);

    assert_true(scene.next_ms != INT64_MAX);
    glass->now.mono_ms = scene.next_ms;
    glass_advance(glass);
}

static void put(struct message **list, size_t *count, size_t at,
                struct message *message)
{
    assert_true(*count < GLASS_STAGE_MAX);
    memmove(list + at + 1, list + at, (*count - at) * sizeof(struct message *));
    list[at] = message;
    (*count)++;
}

static void drop(struct message **list, size_t *count, size_t at)
{
    message_destroy(list[at]);
    (*count)--;
    memmove(list + at, list + at + 1, (*count - at) * sizeof(struct message *));
}

void glass_put_panel(struct glass *glass, size_t at, struct made made)
{
    put(glass->panels, &glass->panel_count, at, made_panel(&made));
    glass_advance(glass);
}

void glass_change_panel(struct glass *glass, size_t at, struct made made)
{
    message_destroy(glass->panels[at]);
    glass->panels[at] = made_panel(&made);
    glass_advance(glass);
}

void glass_drop_panel(struct glass *glass, size_t at)
{
    drop(glass->panels, &glass->panel_count, at);
    glass_advance(glass);
}

void glass_put_alert(struct glass *glass, size_t at, struct made made)
{
    put(glass->alerts, &glass->alert_count, at, made_alert(&made));
    glass_advance(glass);
}

void glass_drop_alert(struct glass *glass, size_t at)
{
    drop(glass->alerts, &glass->alert_count, at);
    glass_advance(glass);
}

void glass_expect_beside(const struct glass *glass, const char *expected)
{
    const struct scene scene = glass_scene(glass);
    char text[80] = "";

    if (scene.alert.message)
        snprintf(text, sizeof text, "%s/%zu", scene.alert.message->id,
                 scene.alert.page);
    assert_string_equal(text, expected);
}

/* id/page, or nothing for the plain page. */
void glass_expect(const struct glass *glass, const char *expected)
{
    struct scene scene = glass_scene(glass);
    char text[80] = "";

    if (scene.message)
        snprintf(text, sizeof text, "%s/%zu", scene.message->id, scene.page);
    assert_string_equal(text, expected);
}
