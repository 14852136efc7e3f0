/* Reads settings. The rules of the hours are lines as in a configuration. */
#include "protocol/settings.h"

#include <string.h>

static const char *const level_names[] = {"red", "orange", "yellow", "blue"};

static const struct json_words levels = {
    .names = level_names,
    .count = 4,
    .absent = ALERT_LEVEL_BLUE,
    .unknown = -1,
    .passable = true,
};

struct settings_body {
    int dimmed_percent;
    enum alert_level wake;
};

struct rules_body {
    const char *lines[LIGHT_COUNT][GLASS_RULES_MAX];
    size_t counts[LIGHT_COUNT];
};

/* clang-format off */
#define BODY(member) .offset = offsetof(struct settings_body, member)
static const struct json_field settings_fields[] = {
    {.name = "hours", .shape = FIELD_OTHER},
    {"dimmed_percent", FIELD_INT, BODY(dimmed_percent), .least = 1,
     .most = 100},
    {"wake", FIELD_WORD, BODY(wake), .words = &levels},
    {0},
};

static const struct json_field line_field = {
    .name = "rule", .shape = FIELD_LINE, .most = GLASS_RULE_CHARACTERS,
};

#define RULES(light)                                                           \
    FIELD_TEXTS, .offset = offsetof(struct rules_body, lines[light]),          \
    .most = GLASS_RULES_MAX,                                                   \
    .list = &(const struct json_list){                                         \
        &line_field, sizeof(const char *),                                     \
        offsetof(struct rules_body, counts[light])}
static const struct json_field hours_fields[] = {
    {"bright", RULES(LIGHT_BRIGHT)},
    {"dimmed", RULES(LIGHT_DIMMED)},
    {"dark", RULES(LIGHT_DARK)},
    {0},
};
/* clang-format on */

static const struct json_place settings_place = {.name = "settings"};
static const struct json_place hours_place = {.parent = &settings_place,
                                              .name = "hours"};

static bool read_rules(const struct rules_body *body, enum glass_light light,
                       const char *name, struct glass_hours *out,
                       struct problem *problem)
{
    const struct json_place list = {.parent = &hours_place, .name = name};

    for (size_t i = 0; i < body->counts[light]; i++) {
        const struct json_place entry = {.parent = &list, .index = i};
        const char *wrong = body->lines[light][i];
        size_t bytes = 0;
        if (!schedule_times_parse(body->lines[light][i],
                                  &out->of[light].rules[i], &wrong, &bytes))
            return json_read_problem(problem, &entry, NULL,
                                     "«%.*s» found, days and hours such as "
                                     "«mon-fri 22:00-06:00» expected",
                                     (int)(bytes < 60 ? bytes : 60), wrong);
    }
    out->of[light].count = body->counts[light];
    return true;
}

static bool read_hours(json_t *object, struct glass_hours *out,
                       struct json_passed *passed, struct problem *problem)
{
    struct rules_body body = {.counts = {0}};

    return json_read_object(object, &hours_place, hours_fields, &body, passed,
                            problem) &&
           read_rules(&body, LIGHT_BRIGHT, "bright", out, problem) &&
           read_rules(&body, LIGHT_DIMMED, "dimmed", out, problem) &&
           read_rules(&body, LIGHT_DARK, "dark", out, problem);
}

bool settings_read(json_t *object, struct settings *out,
                   struct json_passed *passed, struct problem *problem)
{
    struct settings_body body = {0};

    if (!json_read_object(object, &settings_place, settings_fields, &body,
                          passed, problem))
        return false;
    json_t *hours = json_object_get(object, "hours");
    *out = (struct settings){
        .has_hours = hours != NULL,
        .dimmed_percent = body.dimmed_percent,
        .has_wake = json_object_get(object, "wake") != NULL,
        .wake = body.wake,
    };
    return !hours || read_hours(hours, &out->hours, passed, problem);
}
