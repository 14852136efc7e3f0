/* Reads and applies the hours of the glass. */
#include "display/core/schedule/glass_hours.h"

#include <stdio.h>
#include <string.h>

enum { RULE_BYTES = 256 };

bool glass_rules_parse(const char *words, struct glass_rules *out,
                       const char **wrong, size_t *bytes)
{
    struct glass_rules rules = {.count = 0};

    while (*words) {
        char rule[RULE_BYTES];
        size_t length = strcspn(words, ",");
        const char *in_rule = rule;
        *wrong = words;
        *bytes = length;
        if (rules.count == GLASS_RULES_MAX || length >= sizeof rule)
            return false;
        snprintf(rule, sizeof rule, "%.*s", (int)length, words);
        if (rule[strspn(rule, " \t")] == '\0')
            return false;
        if (!schedule_times_parse(rule, &rules.rules[rules.count], &in_rule,
                                  bytes)) {
            *wrong = words + (in_rule - rule);
            return false;
        }
        rules.count++;
        words += length;
        words += *words == ',';
    }
    *out = rules;
    return true;
}

static bool holds(const struct glass_hours *hours,
                  const struct calendar *calendar, enum glass_light light,
                  int64_t ms)
{
    const struct glass_rules *rules = &hours->of[light];

    for (size_t i = 0; i < rules->count; i++)
        if (timetable_holds(&rules->rules[i], calendar, ms))
            return true;
    return false;
}

enum glass_light glass_hours_light(const struct glass_hours *hours,
                                   const struct calendar *calendar, int64_t ms)
{
    if (holds(hours, calendar, LIGHT_BRIGHT, ms))
        return LIGHT_BRIGHT;
    if (holds(hours, calendar, LIGHT_DARK, ms))
        return LIGHT_DARK;
    return holds(hours, calendar, LIGHT_DIMMED, ms) ? LIGHT_DIMMED
                                                    : LIGHT_BRIGHT;
}

int64_t glass_hours_next_ms(const struct glass_hours *hours,
                            const struct calendar *calendar, int64_t ms)
{
    int64_t next_ms = INT64_MAX;

    for (int light = 0; light < LIGHT_COUNT; light++) {
        const struct glass_rules *rules = &hours->of[light];
        for (size_t i = 0; i < rules->count; i++) {
            int64_t change_ms = timetable_next_ms(&rules->rules[i], calendar,
                                                  ms);
            if (change_ms < next_ms)
                next_ms = change_ms;
        }
    }
    return next_ms;
}

const char *glass_light_name(enum glass_light light)
{
    static const char *const names[LIGHT_COUNT] = {
        [LIGHT_BRIGHT] = "bright",
        [LIGHT_DIMMED] = "dimmed",
        [LIGHT_DARK] = "dark",
    };

    return names[light];
}
