/* The executor's side of a turn: from a scene to damage on the glass. A page
 * that comes by a cut, as every alert does, ends a running transition. */
#include "display/edge/stage.h"

#include "display/edge/log.h"

static bool present(struct stage *stage, const struct rect *damage,
                    size_t count)
{
    struct renderer_pixels pixels = renderer_pixels(stage->glass->renderer);
    const struct rect whole = {0, 0, pixels.width, pixels.height};

    if (stage->exposed) {
        damage = &whole;
        count = 1;
    }
    if (stage->window && !window_present(stage->window, &pixels, damage, count))
        return false;
    stage->exposed = false;
    stage->any = true;
    stage->frames++;
    return true;
}

static void end_transition(struct stage *stage)
{
    if (stage->in_transition)
        renderer_transition_end(stage->glass->renderer);
    stage->in_transition = false;
}

/* The page to come is drawn as it is at its beginning. While an alert beside
 * it moves, it comes by a cut: a transition would hold the alert still. */
static void begin_transition(struct stage *stage, const struct scene *scene,
                             const struct frame_setting *setting)
{
    struct scene first = *scene;
    struct frame_info info;

    first.t_ms = 0;
    end_transition(stage);
    stage->in_transition =
        stage->any &&
        frame_compose(stage->glass, stage->cache, &first, setting, &info) &&
        !info.alert_moving &&
        renderer_transition_begin(stage->glass->renderer, &stage->glass->list);
}

static size_t draw_page(struct stage *stage, const struct scene *scene,
                        const struct frame_setting *setting,
                        struct stage_result *result,
                        struct rect damage[RENDERER_DAMAGE_MAX])
{
    end_transition(stage);
    result->healthy = frame_compose(stage->glass, stage->cache, scene, setting,
                                    &result->frame);
    return result->healthy ? renderer_draw(stage->glass->renderer,
                                           &stage->glass->list, damage)
                           : 0;
}

struct stage_result stage_draw(struct stage *stage, const struct scene *scene,
                               const struct frame_setting *setting)
{
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct stage_result result = {.healthy = true,
                                  .frame = {.next_change_ms = INT64_MAX}};
    bool fresh = !stage->any || scene->showing != stage->showing;
    size_t count;

    if (scene->transition != TRANSITION_CUT && fresh)
        begin_transition(stage, scene, setting);
    stage->showing = scene->showing;
    if (scene->transition != TRANSITION_CUT && stage->in_transition)
        count = renderer_transition_draw(
            stage->glass->renderer, scene->transition, scene->progress, damage);
    else
        count = draw_page(stage, scene, setting, &result, damage);
    fonts_trim(stage->glass->fonts);
    result.in_transition = stage->in_transition;
    if (result.healthy && (count > 0 || stage->exposed)) {
        result.presented = present(stage, damage, count);
        result.healthy = result.presented;
        /* What did not get through is shown as a whole next time. */
        stage->exposed = !result.presented;
    }
    return result;
}

void stage_resize(struct stage *stage, int width_px, int height_px)
{
    const struct glass_options *now = &stage->glass->options;

    if (width_px < GLASS_SIDE_MIN_PX || height_px < GLASS_SIDE_MIN_PX ||
        width_px > GLASS_SIDE_MAX_PX || height_px > GLASS_SIDE_MAX_PX)
        return;
    stage_expose(stage);
    if (width_px == now->width_px && height_px == now->height_px)
        return;
    if (!glass_resize(stage->glass, width_px, height_px)) {
        log_write(LOG_WARNING,
                  "window: no memory for %dx%d; the old size "
                  "stays",
                  width_px, height_px);
        return;
    }
    page_cache_clear(stage->cache);
    stage->in_transition = false;
}

void stage_expose(struct stage *stage)
{
    stage->exposed = true;
}
