/* Draws a scene and presents what changed. A page without a transition, such as
 * every alert, ends a running transition. */
#include "display/edge/app/stage.h"

#include <string.h>

#include "base/log.h"
#include "display/edge/config/config.h"

/* Longer than any entrance. */
enum { REST_MS = 60000 };

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
    memcpy(stage->damage, damage, count * sizeof *damage);
    stage->damage_count = count;
    stage->exposed = false;
    stage->any = true;
    stage->frames++;
    return true;
}

/* Frames are made where the window takes them from, if it has such memory. */
static bool make_ready(struct stage *stage)
{
    struct renderer *renderer = stage->glass->renderer;
    struct renderer_pixels shown = renderer_pixels(renderer);
    bool fresh;

    if (!stage->window)
        return true;
    uint32_t *pixels = window_pixels(stage->window, shown.width, shown.height,
                                     &fresh);
    return renderer_use(renderer, pixels, fresh);
}

bool stage_prove(struct stage *stage)
{
    const struct rect pixel = {0, 0, 1, 1};

    return make_ready(stage) && present(stage, &pixel, 1);
}

static void end_transition(struct stage *stage)
{
    if (stage->in_transition)
        renderer_transition_end(stage->glass->renderer);
    stage->in_transition = false;
}

/* The next page as it is at its beginning. */
static bool compose_first(struct stage *stage, const struct scene *scene,
                          const struct frame_setting *setting,
                          struct frame_info *info)
{
    struct scene first = *scene;

    first.t_ms = 0;
    return frame_compose(stage->glass, stage->cache, &first, setting, info);
}

/* While an alert above the programme is still entering, a new page appears
 * without a transition, because a transition would stop the alert's movement.
 * Afterwards the alert is drawn alike in both pages and its slow movement
 * continues. */
static void begin_transition(struct stage *stage, const struct scene *scene,
                             const struct frame_setting *setting)
{
    struct frame_info info;

    end_transition(stage);
    stage->at_begin = *setting;
    stage->at_begin.moved_ms = stage->moved_ms;
    stage->alert_place = scene->alert.place;
    stage->in_transition =
        stage->any && compose_first(stage, scene, &stage->at_begin, &info) &&
        !info.alert_moving &&
        renderer_transition_begin(stage->glass->renderer, &stage->glass->list);
}

/* Draws some of the glyphs that a panel needs and that were never drawn. True:
 * more remain. An alert is not prepared: it is drawn at once. */
static bool prepare(struct stage *stage, const struct scene *scene,
                    const struct frame_setting *setting)
{
    struct scene rest = *scene;
    struct frame_info info;

    rest.t_ms = REST_MS; /* at its beginning a page may be empty */
    if (!stage->any || scene->kind != SCENE_PANEL || scene->alert.message ||
        stage->preparing == STAGE_PREPARING_MAX ||
        !frame_compose(stage->glass, stage->cache, &rest, setting, &info))
        return false;
    bool more = glass_draw_ahead(stage->glass, &stage->glass->list,
                                 STAGE_GLYPHS_PER_TURN);
    stage->preparing += more;
    return more;
}

/* True: the page's pictures are being decoded, and it can wait for them. */
static bool await_pictures(struct stage *stage, const struct scene *scene,
                           const struct frame_setting *setting)
{
    struct scene rest = *scene;
    struct frame_info info;

    rest.t_ms = REST_MS;
    if (!stage->any || scene->kind != SCENE_PANEL || scene->alert.message ||
        !frame_compose(stage->glass, stage->cache, &rest, setting, &info) ||
        !info.pictures_due)
        return false;
    if (stage->waits_ms == 0)
        stage->waits_ms = setting->mono_ms;
    return setting->mono_ms - stage->waits_ms < STAGE_PICTURES_MS;
}

/* The slow movement of an alert continues above a transition. Clock and
 * countdowns stand still, because they belong to the two pages that are mixed.
 */
static size_t step_alert(struct stage *stage, const struct scene *scene,
                         const struct frame_setting *setting,
                         struct frame_info *info,
                         struct rect damage[RENDERER_STEP_MAX])
{
    if (!scene->alert.message ||
        !page_place_equals(&scene->alert.place, &stage->alert_place))
        return 0;
    stage->at_begin.moved_ms = setting->moved_ms;
    if (!compose_first(stage, scene, &stage->at_begin, info))
        return 0;
    return renderer_transition_step(stage->glass->renderer, &stage->glass->list,
                                    damage);
}

static size_t draw_transition(struct stage *stage, const struct scene *scene,
                              const struct frame_setting *setting,
                              struct frame_info *info, struct rect *damage)
{
    size_t count = step_alert(stage, scene, setting, info, damage);

    return count + renderer_transition_draw(stage->glass->renderer,
                                            scene->transition, scene->progress,
                                            damage + count);
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

/* The movement begins with the first of several alerts and continues over all
 * their pages. */
static struct frame_setting with_movement(struct stage *stage,
                                          const struct scene *scene,
                                          const struct frame_setting *setting)
{
    struct frame_setting own = *setting;
    bool alerting = scene->kind == SCENE_ALERT || scene->alert.message;

    if (!stage->alerting || setting->mono_ms < stage->alert_ms)
        stage->alert_ms = setting->mono_ms;
    stage->alerting = alerting;
    own.moved_ms = alerting ? setting->mono_ms - stage->alert_ms : 0;
    return own;
}

struct stage_result stage_draw(struct stage *stage, const struct scene *scene,
                               const struct frame_setting *setting)
{
    struct rect damage[RENDERER_FRAME_MAX];
    struct stage_result result = {.healthy = true, .frame = frame_still};
    const struct frame_setting own = with_movement(stage, scene, setting);
    bool fresh = !stage->any || scene->showing != stage->showing;
    size_t count;

    if (!make_ready(stage)) {
        result.healthy = false;
        return result;
    }
    if (fresh && prepare(stage, scene, &own)) {
        result.preparing = true;
        return result;
    }
    stage->preparing = 0;
    if (fresh && await_pictures(stage, scene, &own)) {
        result.preparing = result.waiting = true;
        return result;
    }
    stage->waits_ms = 0;
    if (scene->transition != TRANSITION_CUT && fresh)
        begin_transition(stage, scene, &own);
    stage->showing = scene->showing;
    if (scene->transition != TRANSITION_CUT && stage->in_transition)
        count = draw_transition(stage, scene, &own, &result.frame, damage);
    else
        count = draw_page(stage, scene, &own, &result, damage);
    stage->moved_ms = own.moved_ms;
    fonts_trim(stage->glass->fonts);
    result.in_transition = stage->in_transition;
    if (result.healthy && (count > 0 || stage->exposed)) {
        result.presented = present(stage, damage, count);
        result.healthy = result.presented;
        /* If it was not presented, the next frame presents the whole glass. */
        stage->exposed = !result.presented;
    }
    return result;
}

struct stage_result stage_darken(struct stage *stage)
{
    const struct geometry *whole = &stage->glass->whole.geometry;
    const struct draw_item black = {
        .kind = DRAW_FILL,
        .bounds = {0, 0, whole->width_px, whole->height_px},
        .colour = 0xFF000000,
    };
    struct rect damage[RENDERER_FRAME_MAX];
    struct stage_result result = {.healthy = true, .frame = frame_still};

    draw_list_clear(&stage->glass->list);
    if (!make_ready(stage) || !draw_list_add(&stage->glass->list, &black)) {
        result.healthy = false;
        return result;
    }
    end_transition(stage);
    size_t count = renderer_draw(stage->glass->renderer, &stage->glass->list,
                                 damage);
    fonts_trim(stage->glass->fonts);
    if (count > 0 || stage->exposed) {
        result.presented = result.healthy = present(stage, damage, count);
        stage->exposed = !result.presented;
    }
    stage->any = false; /* the next page appears at once */
    stage->alerting = false;
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

void stage_renew(struct stage *stage)
{
    page_cache_clear(stage->cache);
    stage->in_transition = false;
    stage_expose(stage);
}
