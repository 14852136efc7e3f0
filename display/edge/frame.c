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

/* A page is a function of t: in a hurry, t runs faster. */
static int64_t page_time_ms(const struct frame_setting *setting, int64_t t_ms,
                            int64_t entrance_ms)
{
    if (setting->hurry_ms <= 0 || entrance_ms <= setting->hurry_ms)
        return t_ms;
    if (t_ms >= setting->hurry_ms)
        return entrance_ms + t_ms - setting->hurry_ms;
    return t_ms * entrance_ms / setting->hurry_ms;
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
    int64_t entrance_ms = page_entrance_ms(set, page);
    int64_t t_ms = page_time_ms(setting, scene->t_ms, entrance_ms);
    draw_list_clear(&glass->list);
    if (!page_frame(set, page, t_ms, setting->now_ms, &glass->list))
        return false;
    info->moving = t_ms < entrance_ms;
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
