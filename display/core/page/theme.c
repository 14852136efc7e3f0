/* Reads a theme file: a table says where every key belongs and what it must
 * hold; nothing has a default. */
#include "display/core/page/theme.h"

#include <ini.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/translate.h"
#include "base/utf8.h"

enum key_kind {
    KEY_TEXT,
    KEY_COLOUR,
    KEY_MS,
    KEY_LAP,
    KEY_BEAT,
    KEY_SHARE,
    KEY_WEIGHT,
    KEY_TRANSITION
};

struct key {
    const char *section;
    const char *name;
    enum key_kind kind;
    size_t offset;
};

#define AT(member) offsetof(struct theme, member)
#define SECTION_KEYS(word, index)                                              \
    {"section " word, "label", KEY_TEXT, AT(sections[index].label)},           \
        {"section " word, "ground", KEY_COLOUR, AT(sections[index].ground)},   \
        {"section " word, "accent", KEY_COLOUR, AT(sections[index].accent)},   \
        {"section " word, "field", KEY_COLOUR, AT(sections[index].field)},     \
        {"section " word, "field_text", KEY_COLOUR,                            \
         AT(sections[index].field_text)},                                      \
    {                                                                          \
        "section " word, "transition", KEY_TRANSITION,                         \
            AT(sections[index].transition)                                     \
    }
#define LEVEL_KEYS(name, index)                                                \
    {"level " name, "ground", KEY_COLOUR, AT(levels[index].ground)},           \
        {"level " name, "text", KEY_COLOUR, AT(levels[index].text)},           \
        {"level " name, "movement", KEY_COLOUR, AT(levels[index].movement)},   \
    {                                                                          \
        "level " name, "word", KEY_TEXT, AT(levels[index].word)                \
    }
#define WORD_KEY(name, index)                                                  \
    {                                                                          \
        "words", name, KEY_TEXT, AT(words[index])                              \
    }

static const struct key keys[] = {
    {"theme", "name", KEY_TEXT, AT(name)},
    {"colours", "ground", KEY_COLOUR, AT(ground)},
    {"colours", "card", KEY_COLOUR, AT(card)},
    {"colours", "text", KEY_COLOUR, AT(text)},
    {"colours", "muted", KEY_COLOUR, AT(muted)},
    {"colours", "past", KEY_COLOUR, AT(past)},
    {"colours", "rule", KEY_COLOUR, AT(rule)},
    {"colours", "drill_ground", KEY_COLOUR, AT(drill_ground)},
    {"colours", "drill_text", KEY_COLOUR, AT(drill_text)},
    {"colours", "clear_ground", KEY_COLOUR, AT(clear_ground)},
    {"colours", "clear_text", KEY_COLOUR, AT(clear_text)},
    {"colours", "code_ground", KEY_COLOUR, AT(code_ground)},
    {"colours", "code_dark", KEY_COLOUR, AT(code_dark)},
    SECTION_KEYS("quality", SECTION_QUALITY),
    SECTION_KEYS("garden", SECTION_GARDEN),
    SECTION_KEYS("warmth", SECTION_WARMTH),
    SECTION_KEYS("emergency", SECTION_EMERGENCY),
    SECTION_KEYS("general", SECTION_GENERAL),
    LEVEL_KEYS("red", ALERT_LEVEL_RED),
    LEVEL_KEYS("orange", ALERT_LEVEL_ORANGE),
    LEVEL_KEYS("yellow", ALERT_LEVEL_YELLOW),
    LEVEL_KEYS("blue", ALERT_LEVEL_BLUE),
    LEVEL_KEYS("unknown", ALERT_LEVEL_UNKNOWN),
    {"sizes", "ratio", KEY_SHARE, AT(size_ratio)},
    {"sizes", "hero", KEY_SHARE, AT(hero_share)},
    {"sizes", "unit", KEY_SHARE, AT(unit_share)},
    {"compose", "page", KEY_WEIGHT, AT(compose.page)},
    {"compose", "law", KEY_WEIGHT, AT(compose.law)},
    {"compose", "hero", KEY_WEIGHT, AT(compose.hero)},
    {"compose", "body", KEY_WEIGHT, AT(compose.body)},
    {"compose", "air", KEY_WEIGHT, AT(compose.air)},
    {"compose", "width", KEY_WEIGHT, AT(compose.width)},
    {"compose", "parted", KEY_WEIGHT, AT(compose.parted)},
    {"compose", "below", KEY_WEIGHT, AT(compose.below)},
    {"compose", "widow", KEY_WEIGHT, AT(compose.widow)},
    {"motion", "count_up_ms", KEY_MS, AT(count_up_ms)},
    {"motion", "transition_ms", KEY_MS, AT(transition_ms)},
    {"motion", "alert_lap_ms", KEY_LAP, AT(alert_lap_ms)},
    {"motion", "alert_beat_ms", KEY_BEAT, AT(alert_beat_ms)},
    {"reading", "floor_ms", KEY_MS, AT(dwell_floor_ms)},
    {"reading", "alert_floor_ms", KEY_MS, AT(alert_floor_ms)},
    {"reading", "base_ms", KEY_MS, AT(dwell_base_ms)},
    {"reading", "per_character_ms", KEY_MS, AT(dwell_per_character_ms)},
    WORD_KEY("drill", WORD_DRILL),
    WORD_KEY("test", WORD_TEST),
    WORD_KEY("clear", WORD_CLEAR),
    WORD_KEY("ended", WORD_ENDED),
    WORD_KEY("remaining", WORD_REMAINING),
    WORD_KEY("all_clear_en", WORD_ALL_CLEAR_EN),
    WORD_KEY("ended_en", WORD_ENDED_EN),
    WORD_KEY("ratio", WORD_RATIO),
    WORD_KEY("decline", WORD_DECLINE),
    WORD_KEY("share", WORD_SHARE),
    WORD_KEY("running", WORD_RUNNING),
    WORD_KEY("years", WORD_YEARS),
    WORD_KEY("unit", WORD_UNIT),
    WORD_KEY("days", WORD_DAYS),
    WORD_KEY("hours", WORD_HOURS),
    WORD_KEY("minutes", WORD_MINUTES),
    WORD_KEY("until_date", WORD_UNTIL_DATE),
    WORD_KEY("date", WORD_DATE),
    WORD_KEY("day", WORD_DAY),
    WORD_KEY("day_time", WORD_DAY_TIME),
    WORD_KEY("weekdays", WORD_WEEKDAYS),
    WORD_KEY("area", WORD_AREA),
    WORD_KEY("issued", WORD_ISSUED),
    WORD_KEY("expires", WORD_EXPIRES),
    WORD_KEY("sender", WORD_SENDER),
    WORD_KEY("contacts", WORD_CONTACTS),
    WORD_KEY("scan", WORD_SCAN),
    WORD_KEY("response", WORD_RESPONSE),
    WORD_KEY("over", WORD_OVER),
    WORD_KEY("stack", WORD_STACK),
    WORD_KEY("as_of", WORD_AS_OF),
    WORD_KEY("stale", WORD_STALE),
    WORD_KEY("stale_of", WORD_STALE_OF),
    WORD_KEY("news", WORD_NEWS),
    WORD_KEY("news_until", WORD_NEWS_UNTIL),
    WORD_KEY("no_news", WORD_NO_NEWS),
    WORD_KEY("safe", WORD_SAFE),
    WORD_KEY("age_minutes", WORD_AGE_MINUTES),
    WORD_KEY("age_hours", WORD_AGE_HOURS),
    WORD_KEY("age_days", WORD_AGE_DAYS),
    WORD_KEY("age_now", WORD_AGE_NOW),
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

/* Half a minute: nothing on the glass takes longer by design. A lap that were
 * shorter than the least would draw the eye by haste; a beat that were shorter
 * would cost as much as a film. */
enum {
    THEME_LONGEST_MS = 30000,
    THEME_LAP_LEAST_MS = 8000,
    THEME_BEAT_LEAST_MS = 40,
    THEME_BEAT_MOST_MS = 1000,
    THEME_WEIGHT_MOST = 10000,
};

static bool read_text(const char *value, char *out)
{
    size_t length = strlen(value);
    if (length == 0 || length >= THEME_TEXT_BYTES ||
        !utf8_is_valid(value, length, NULL))
        return false;
    memcpy(out, value, length + 1);
    return true;
}

static bool read_colour(const char *value, draw_colour *out)
{
    char *end = NULL;
    if (value[0] != '#' || strspn(value + 1, "0123456789abcdefABCDEF") != 6 ||
        value[7] != '\0')
        return false;
    *out = 0xFF000000u | (draw_colour)strtoul(value + 1, &end, 16);
    return true;
}

static bool read_whole(const char *value, int least, int most, int *out)
{
    if (value[0] == '\0' || strlen(value) > 5 ||
        strspn(value, "0123456789") != strlen(value))
        return false;
    int number = atoi(value);
    if (number < least || number > most)
        return false;
    *out = number;
    return true;
}

/* D.DD, without the locale that strtod would ask. */
static bool read_share(const char *value, double *out)
{
    size_t length = strlen(value);
    if (length < 3 || length > 6 || value[1] != '.' || value[0] < '0' ||
        value[0] > '3' || strspn(value + 2, "0123456789") != length - 2)
        return false;
    double number = value[0] - '0';
    double place = 0.1;
    for (size_t i = 2; i < length; i++, place /= 10)
        number += (value[i] - '0') * place;
    *out = number;
    return number > 0;
}

static bool read_transition(const char *value, enum transition_kind *out)
{
    static const char *const names[TRANSITION_COUNT] = {
        [TRANSITION_CUT] = "cut",
        [TRANSITION_FADE] = "fade",
        [TRANSITION_SLIDE] = "slide",
        [TRANSITION_WIPE] = "wipe",
    };
    for (int kind = 0; kind < TRANSITION_COUNT; kind++) {
        if (strcmp(value, names[kind]) == 0) {
            *out = (enum transition_kind)kind;
            return true;
        }
    }
    return false;
}

static bool read_value(const struct key *key, const char *value,
                       struct theme *theme)
{
    char *at = (char *)theme + key->offset;
    switch (key->kind) {
    case KEY_TEXT:
        return read_text(value, at);
    case KEY_COLOUR:
        return read_colour(value, (draw_colour *)(void *)at);
    case KEY_MS:
        return read_whole(value, 0, THEME_LONGEST_MS, (int *)(void *)at);
    case KEY_LAP:
        return read_whole(value, THEME_LAP_LEAST_MS, THEME_LONGEST_MS,
                          (int *)(void *)at);
    case KEY_BEAT:
        return read_whole(value, THEME_BEAT_LEAST_MS, THEME_BEAT_MOST_MS,
                          (int *)(void *)at);
    case KEY_WEIGHT:
        return read_whole(value, 0, THEME_WEIGHT_MOST, (int *)(void *)at);
    case KEY_SHARE:
        return read_share(value, (double *)(void *)at);
    case KEY_TRANSITION:
        return read_transition(value, (enum transition_kind *)(void *)at);
    }
    return false;
}

static const char *expected_of(enum key_kind kind)
{
    switch (kind) {
    case KEY_TEXT:
        return tr("a text of 1 to 95 bytes");
    case KEY_COLOUR:
        return tr("a colour as #RRGGBB");
    case KEY_MS:
        return tr("milliseconds from 0 to 30000");
    case KEY_LAP:
        return tr("milliseconds from 8000 to 30000");
    case KEY_BEAT:
        return tr("milliseconds from 40 to 1000");
    case KEY_WEIGHT:
        return tr("a weight from 0 to 10000");
    case KEY_SHARE:
        return tr("a number over 0 and under 4 such as 0.40");
    case KEY_TRANSITION:
        return tr("cut, fade, slide or wipe");
    }
    return "";
}

struct reading {
    struct theme theme;
    bool seen[KEY_COUNT];
    bool failed;
    struct problem problem;
};

static bool refuse(struct reading *reading, const char *section,
                   const char *name, const char *found, const char *expected)
{
    if (reading->failed)
        return false;
    reading->failed = true;
    char field[sizeof reading->problem.field];
    snprintf(field, sizeof field, "[%.40s] %.40s", section, name);
    return problem_set_field(
        &reading->problem, field, "%s%.60s%s%s", found == NULL ? "" : "'",
        found == NULL ? "" : found, found == NULL ? "" : tr("': expected "),
        tr(expected));
}

static int take_key(void *user, const char *section, const char *name,
                    const char *value)
{
    struct reading *reading = user;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].section, section) != 0 ||
            strcmp(keys[i].name, name) != 0)
            continue;
        if (reading->seen[i])
            return refuse(reading, section, name, NULL, "stands there twice");
        reading->seen[i] = true;
        if (!read_value(&keys[i], value, &reading->theme))
            return refuse(reading, section, name, value,
                          expected_of(keys[i].kind));
        return 1;
    }
    return refuse(reading, section, name, NULL, "no such key in a theme");
}

static void refuse_missing(struct reading *reading)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        char expected[120];
        snprintf(expected, sizeof expected, tr("is missing: expected %s"),
                 expected_of(keys[i].kind));
        if (!reading->seen[i])
            refuse(reading, keys[i].section, keys[i].name, NULL, expected);
    }
}

bool theme_parse(const char *text, const char *name, struct theme *out,
                 struct problem *problem)
{
    struct reading *reading = calloc(1, sizeof *reading);
    if (reading == NULL)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    int line = ini_parse_string(text, take_key, reading);
    if (line > 0 && !reading->failed) {
        reading->failed = true;
        problem_set(&reading->problem, PROBLEM_SYNTAX,
                    "expected [section] or key = value");
    }
    if (line == 0)
        refuse_missing(reading);
    reading->problem.line = line > 0 ? line : 0;
    problem_set_place(&reading->problem, name);
    bool good = !reading->failed && line == 0;
    if (good)
        *out = reading->theme;
    else if (problem != NULL)
        *problem = reading->problem;
    free(reading);
    return good;
}

static double linear(draw_colour colour, int shift)
{
    double value = (colour >> shift & 0xFF) / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(draw_colour colour)
{
    return 0.2126 * linear(colour, 16) + 0.7152 * linear(colour, 8) +
           0.0722 * linear(colour, 0);
}

double colour_contrast(draw_colour a, draw_colour b)
{
    double light = luminance(a);
    double dark = luminance(b);
    if (light < dark) {
        double other = light;
        light = dark;
        dark = other;
    }
    return (light + 0.05) / (dark + 0.05);
}
