/* Composes one frame from the page, the marks beside it and an alert; it knows
 * no renderer. */
#include "display/edge/app/frame.h"

#include "display/core/page/news_mark.h"

const struct frame_info frame_still = {.step_ms = INT64_MAX,
                                       .next_change_ms = INT64_MAX};

static bool compose_plain(struct glass *glass,
                          const struct frame_setting *setting)
{
    const struct plain_page plain = {.place_name = setting->place_name,
                                     .now_ms = setting->clock_ms,
                                     .news_old = setting->news_old,
                                     .news = setting->news,
                                     .line = setting->line};

    draw_list_clear(&glass->list);
    return plain_page_frame(&plain, &glass->whole, &glass->list);
}

static bool add_furniture(struct glass *glass, const struct scene *scene,
                          const struct frame_setting *setting,
                          struct frame_info *info)
{
    const struct glass_parts *parts = &glass->parts[scene->place.presentation];
    const bool ticker = setting->ticker && setting->ticker[0];
    const struct furniture furniture = {
        .parts = parts->furniture,
        .place_name = setting->place_name,
        .now_ms = setting->clock_ms,
        .section = scene->message->panel.section,
        .on_field = page_has_field(scene->message, glass->options.safe),
        .position = scene->position,
        .total = scene->total,
        .news_old = setting->news_old,
        .news = setting->news,
        .ticker = ticker ? setting->ticker : NULL,
    };
    int64_t change_ms = furniture_next_change_ms(&furniture, &parts->programme);

    if (change_ms < info->next_change_ms)
        info->next_change_ms = change_ms;
    return furniture_frame(&furniture, &parts->programme, &glass->list);
}

/* A page depends only on its time; in a fast rehearsal that time runs faster.
 */
static int64_t page_time_ms(const struct frame_setting *setting, int64_t t_ms,
                            int64_t entrance_ms)
{
    if (setting->hurry_ms <= 0 || entrance_ms <= setting->hurry_ms)
        return t_ms;
    if (t_ms >= setting->hurry_ms)
        return entrance_ms + t_ms - setting->hurry_ms;
    return t_ms * entrance_ms / setting->hurry_ms;
}

/* Gives the pictures from an item of the list on their pixels. */
static void resolve_pictures(struct glass *glass, size_t from,
                             struct frame_info *info)
{
    for (size_t i = from; i < glass->list.count; i++) {
        struct draw_item *item = &glass->list.items[i];
        if (item->kind != DRAW_PICTURE || !glass->album)
            continue;
        const struct image_part part = {
            item->picture.part_x, item->picture.part_y,
            item->picture.part_width, item->picture.part_height};
        const struct album_pixels found =
            album_pixels(glass->album, item->picture.digest, &part,
                         item->bounds.width, item->bounds.height);
        item->picture.pixels = found.pixels;
        item->picture.serial = found.serial;
        info->pictures_due |= found.due;
    }
}

/* One page on its part of the glass. */
struct shown {
    const struct message *message;
    struct page_place place;
    size_t page;
    int64_t t_ms;
};

static bool add_page(struct glass *glass, struct page_cache *cache,
                     const struct shown *shown,
                     const struct frame_setting *setting,
                     struct frame_info *info)
{
    const struct page_set *set = page_cache_get(cache, shown->message,
                                                &shown->place);

    if (!set)
        return false;
    size_t count = page_set_count(set);
    size_t page = shown->page < count ? shown->page : count - 1;
    int64_t entrance_ms = page_entrance_ms(set, page);
    int64_t t_ms = page_time_ms(setting, shown->t_ms, entrance_ms);
    int64_t change_ms = page_next_change_ms(set, setting->clock_ms);
    int64_t step_ms = page_next_step_ms(set, page, setting->moved_ms);
    struct page_live now;
    const struct page_live *live = page_cache_live(cache, shown->message, &now)
                                       ? &now
                                       : NULL;
    const struct page_time time = {t_ms, setting->clock_ms, setting->moved_ms,
                                   live};
    size_t from = glass->list.count;
    if (!page_frame(set, page, &time, &glass->list))
        return false;
    resolve_pictures(glass, from, info);
    info->moving |= t_ms < entrance_ms ||
                    (live && page_live_is_moving(set, live));
    if (live && live->next_ms < change_ms)
        change_ms = live->next_ms;
    if (step_ms < info->step_ms)
        info->step_ms = step_ms;
    if (change_ms < info->next_change_ms)
        info->next_change_ms = change_ms;
    return true;
}

/* While the broker may be withholding the end of an alert, the alert is marked,
 * so that nobody takes it for current. */
static bool add_margin(struct glass *glass, const struct scene *scene,
                       const struct frame_setting *setting,
                       struct frame_info *info)
{
    (void)info;
    return !setting->news_old ||
           news_mark_in_margin(&setting->news, setting->clock_ms,
                               scene->message, &glass->whole, &glass->list);
}

/* An alert on the whole glass is drawn alone. A panel is drawn with the marks
 * around it, and below an alert that shares the glass with it. */
static bool compose_message(struct glass *glass, struct page_cache *cache,
                            const struct scene *scene,
                            const struct frame_setting *setting,
                            struct frame_info *info)
{
    const struct shown shown = {scene->message, scene->place, scene->page,
                                scene->t_ms};
    int top_px = glass->parts[scene->place.presentation].programme_top_px;

    draw_list_clear(&glass->list);
    if (!add_page(glass, cache, &shown, setting, info))
        return false;
    bool panel = scene->message->kind == MESSAGE_PANEL;
    if (!(panel ? add_furniture : add_margin)(glass, scene, setting, info))
        return false;
    if (scene->alert.message)
        draw_list_move(&glass->list, 0, 0, top_px);
    return true;
}

static bool compose_beside(struct glass *glass, struct page_cache *cache,
                           const struct scene *scene,
                           const struct frame_setting *setting,
                           struct frame_info *info)
{
    const struct scene_alert *alert = &scene->alert;
    const struct shown shown = {alert->message, alert->place, alert->page,
                                alert->t_ms};
    struct frame_info own = frame_still;

    if (!alert->message)
        return true;
    if (!add_page(glass, cache, &shown, setting, &own))
        return false;
    info->alert_moving = own.moving;
    info->moving |= own.moving;
    info->step_ms = own.step_ms;
    return true;
}

bool frame_compose(struct glass *glass, struct page_cache *cache,
                   const struct scene *scene,
                   const struct frame_setting *setting, struct frame_info *info)
{
    *info = frame_still;
    if (scene->message && compose_message(glass, cache, scene, setting, info) &&
        compose_beside(glass, cache, scene, setting, info))
        return true;
    *info = frame_still;
    if (compose_plain(glass, setting))
        return true;
    draw_list_clear(&glass->list);
    return false;
}

bool frame_mark_is_of(const struct frame_mark *mark, const struct scene *scene)
{
    return mark->known && mark->showing == scene->showing &&
           mark->alert == scene->alert.showing;
}

bool frame_mark_move(struct frame_mark *mark, const struct scene *scene)
{
    bool moved = !frame_mark_is_of(mark, scene);

    *mark = (struct frame_mark){true, scene->showing, scene->alert.showing};
    return moved;
}
