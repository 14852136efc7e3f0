/* Composes one frame from page and furniture; knows no renderer. */
#include "display/edge/frame.h"

#include "protocol/timestamp.h"

static bool compose_plain(struct glass *glass,
                          const struct frame_setting *setting)
{
    const struct plain_page plain = {.place_name = setting->place_name,
                                     .now_ms = setting->clock_ms,
                                     .news_ms = setting->news_ms,
                                     .line = setting->line};

    draw_list_clear(&glass->list);
    return plain_page_frame(&plain, &glass->whole, &glass->list);
}

static bool add_furniture(struct glass *glass, const struct scene *scene,
                          const struct frame_setting *setting)
{
    const bool ticker = setting->ticker && setting->ticker[0];
    const struct furniture furniture = {
        .parts = glass->options.furniture,
        .place_name = setting->place_name,
        .now_ms = setting->clock_ms,
        .section = scene->message->panel.section,
        .position = scene->position,
        .total = scene->total,
        .line_down = setting->line_down,
        .news_ms = setting->news_ms,
        .ticker = ticker ? setting->ticker : NULL,
    };

    return furniture_frame(&furniture, &glass->whole, &glass->list);
}

static bool compose_message(struct glass *glass, struct page_cache *cache,
                            const struct scene *scene,
                            const struct frame_setting *setting,
                            struct frame_info *info)
{
    const struct page_set *set = page_cache_get(cache, scene->message);

    if (!set)
        return false;
    size_t count = page_set_count(set);
    size_t page = scene->page < count ? scene->page : count - 1;
    draw_list_clear(&glass->list);
    if (!page_frame(set, page, scene->t_ms, setting->now_ms, &glass->list))
        return false;
    info->moving = scene->t_ms < page_entrance_ms(set, page);
    info->next_change_ms = page_next_change_ms(set, setting->now_ms);
    /* Alerts are a world of their own: nothing stands beside them. */
    return scene->message->kind != MESSAGE_PANEL ||
           add_furniture(glass, scene, setting);
}

bool frame_compose(struct glass *glass, struct page_cache *cache,
                   const struct scene *scene,
                   const struct frame_setting *setting, struct frame_info *info)
{
    *info = (struct frame_info){.next_change_ms = INT64_MAX};
    if (scene->message && compose_message(glass, cache, scene, setting, info))
        return true;
    *info = (struct frame_info){.next_change_ms = INT64_MAX};
    if (compose_plain(glass, setting))
        return true;
    draw_list_clear(&glass->list);
    return false;
}
