/* Tells the truth about what is shown. */
#include "display/edge/app/telemetry.h"

#include <stdio.h>

static const char *scene_kind_name(enum scene_kind kind)
{
    static const char *const names[] = {[SCENE_PLAIN] = "plain",
                                        [SCENE_PANEL] = "panel",
                                        [SCENE_ALERT] = "alert",
                                        [SCENE_CLEAR] = "clear"};

    return names[kind];
}

/* The kind of what stands above the programme. */
static enum scene_kind above_kind(const struct scene *scene)
{
    return scene->alert.message->kind == MESSAGE_ALERT ? SCENE_ALERT
                                                       : SCENE_CLEAR;
}

/* «shown» is told once for each message; this tells of each page that comes,
 * so that what comes back is told too. */
static void tell_page(struct display *display, const struct scene *scene)
{
    const struct message *above = scene->alert.message;
    const struct journal_entry entry = {
        .event = "came",
        .wall_ms = clock_wall_ms(),
        .kind = scene_kind_name(scene->kind),
        .id = scene->message ? scene->message->id : NULL,
        .page = (int64_t)scene->page + 1,
        .above_kind = above ? scene_kind_name(above_kind(scene)) : NULL,
        .above_id = above ? above->id : NULL,
    };

    journal_write(display->journal, &entry);
}

static bool is_new(struct display_page *page, const struct scene *scene)
{
    const struct display_page now = {true, scene->showing,
                                     scene->alert.showing};
    bool same = page->known && page->showing == now.showing &&
                page->alert == now.alert;

    *page = now;
    return !same;
}

void telemetry_record(struct display *display, const struct scene *scene,
                      const struct stage_result *result)
{
    bool at_rest = !result->in_transition && !result->frame.moving;

    if (!display->journal || !result->healthy)
        return;
    if (is_new(&display->told, scene))
        tell_page(display, scene);
    if (!at_rest || !is_new(&display->recorded, scene))
        return;
    struct renderer_pixels pixels = renderer_pixels(display->glass.renderer);
    journal_picture(display->journal, &pixels, scene_kind_name(scene->kind),
                    scene->message ? scene->message->id : "", scene->page);
}

enum { SHOWING_BYTES = LIMIT_IDENTIFIER_BYTES + 16 };

/* An alert that shares the glass is what the state tells of. Returns its
 * message, or NULL: the plain page. */
static const struct message *find_shown(struct display *display,
                                        const struct scene *scene,
                                        const struct moment *now,
                                        char out[SHOWING_BYTES])
{
    bool beside = scene->alert.message != NULL;
    const struct message *message = beside ? scene->alert.message
                                           : scene->message;
    uint64_t page = beside ? scene->alert.showing : scene->showing;

    snprintf(out, SHOWING_BYTES, "plain");
    if (message)
        snprintf(out, SHOWING_BYTES, "%s/%s",
                 scene_kind_name(beside ? above_kind(scene) : scene->kind),
                 message->id);
    if (display->since_showing != page || display->since_ms == 0)
        display->since_ms = moment_trusted_wall_ms(now);
    display->since_showing = page;
    return message;
}

/* NULL: all of the glass is covered. */
static const char *find_glass(const struct display *display,
                              char out[WINDOW_COVER_TEXT_BYTES])
{
    if (!display->window)
        return NULL;
    const struct window_cover *cover = window_cover(display->window);
    if (cover->state == WINDOW_COVERED)
        return NULL;
    window_cover_format(cover, out);
    return out;
}

int64_t telemetry_state(struct display *display, const struct scene *scene,
                        const struct moment *now)
{
    struct board_figures figures = board_figures(display->board);
    char showing[SHOWING_BYTES], glass[WINDOW_COVER_TEXT_BYTES];
    const struct message *message = find_shown(display, scene, now, showing);
    const struct screen_state state = {
        .screen = display->config->identity.screen,
        .version = GAOSHI_VERSION,
        .showing = showing,
        .showing_seq = message ? message->seq : 0,
        .since_ms = display->since_ms,
        .glass = find_glass(display, glass),
        .panels = figures.panels,
        .alerts = figures.alerts,
        .missing = figures.missing,
        .frozen = figures.frozen,
        .tick_ms = figures.tick_ms,
        .keys_seq = figures.keys_seq,
        .clock_trusted = now->wall_trusted,
        .clock_reason = now->wall_trusted ? NULL
                                          : timekeeper_verdict_name(
                                                display->timekeeper.verdict),
        .line_problem = display->line_problem[0] ? display->line_problem : NULL,
        .store_ok = keeper_is_well(display->keeper),
        .news_ms = figures.news_ms,
        .frames = display->stage.frames,
        .frames_late = display->frames_late,
        .safe_mode = display->safe,
        .at_ms = moment_trusted_wall_ms(now),
    };
    return reporter_state(&display->reporter, &state, now);
}
