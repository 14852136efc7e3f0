/* Compares the hours of the glass with the clock and the alerts in force. */
#include "display/edge/app/light.h"

#include "base/log.h"
#include "base/translate.h"

void light_init(struct light *light, const struct config *config,
                const struct calendar *calendar)
{
    *light = (struct light){
        .calendar = calendar,
        .wake = (enum alert_level)config->wake,
        .dimmed_percent = config->dimmed_percent,
    };
    for (int i = 0; i < LIGHT_COUNT; i++) {
        const char *wrong;
        size_t bytes;
        glass_rules_parse(config->hours[i], &light->hours.of[i], &wrong,
                          &bytes);
    }
}

/* An alert of an unknown level may be of any. */
static bool wakes(const struct light *light, const struct message *alert)
{
    const struct settings *settings = light->settings;
    enum alert_level wake = settings && settings->has_wake ? settings->wake
                                                           : light->wake;

    return alert->alert.level <= wake ||
           alert->alert.level == ALERT_LEVEL_UNKNOWN;
}

/* 解除 of an alert is seen, too, where the alert was. */
static bool is_end_of_alert(const struct scene *scene)
{
    return scene->kind == SCENE_CLEAR ||
           (scene->alert.message &&
            scene->alert.message->kind == MESSAGE_ALERT_CANCEL);
}

static bool is_awake(const struct light *light, const struct board *board,
                     const struct scene *scene)
{
    size_t count;
    const struct message *const *alerts = board_alerts(board, &count);

    for (size_t i = 0; i < count; i++)
        if (wakes(light, alerts[i]))
            return true;
    return light->light == LIGHT_BRIGHT && is_end_of_alert(scene);
}

static enum glass_light light_by_hours(struct light *light,
                                       const struct moment *now)
{
    const struct settings *settings = light->settings;
    const struct glass_hours *hours = settings && settings->has_hours
                                          ? &settings->hours
                                          : &light->hours;

    light->next_ms = INT64_MAX;
    if (!now->wall_trusted)
        return LIGHT_BRIGHT;
    int64_t change_ms = glass_hours_next_ms(hours, light->calendar,
                                            now->wall_ms);
    if (change_ms != INT64_MAX)
        light->next_ms = now->mono_ms + (change_ms - now->wall_ms);
    return glass_hours_light(hours, light->calendar, now->wall_ms);
}

enum glass_light light_turn(struct light *light, const struct board *board,
                            const struct scene *scene, const struct moment *now)
{
    light->settings = board_settings(board, now);
    enum glass_light next = light_by_hours(light, now);

    if (next != LIGHT_BRIGHT && is_awake(light, board, scene))
        next = LIGHT_BRIGHT;
    if (next != light->light)
        log_write(LOG_INFO, "glass: %s now", tr(glass_light_name(next)));
    light->light = next;
    light->percent = 100;
    if (next == LIGHT_DIMMED)
        light->percent = light->settings && light->settings->dimmed_percent > 0
                             ? light->settings->dimmed_percent
                             : light->dimmed_percent;
    light->settings = NULL;
    return next;
}
