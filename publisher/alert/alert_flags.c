/* Reads the flags of alert raise and alert update. */
#include "publisher/alert/alert_flags.h"

#include "base/clock.h"
#include "base/translate.h"
#include "protocol/json_text.h"
#include "publisher/alert/templates.h"
#include "publisher/cli/options.h"
#include "publisher/cli/time_flag.h"

#include <stdlib.h>
#include <string.h>

static bool is_among(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

/* The response level as screens write it (Ⅰ to Ⅳ), from Ⅲ, III or 3, with or
 * without 级. NULL: none of these. */
static const char *response_level(const char *typed)
{
    static const char *const levels[][3] = {
        {"Ⅰ", "I", "1"}, {"Ⅱ", "II", "2"}, {"Ⅲ", "III", "3"}, {"Ⅳ", "IV", "4"}};
    static const char suffix[] = "级";
    size_t length = strlen(typed);
    size_t behind = sizeof suffix - 1;

    if (length > behind && strcmp(typed + length - behind, suffix) == 0)
        length -= behind;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        for (size_t k = 0; k < 3; k++)
            if (strlen(levels[i][k]) == length &&
                memcmp(typed, levels[i][k], length) == 0)
                return levels[i][0];
    return NULL;
}

/* A screen accepts an unknown word and ranks it; at the keyboard it is a typing
 * error. */
static bool check_words(const struct options *options, struct problem *problem)
{
    static const char *const levels[] = {"red", "orange", "yellow", "blue",
                                         NULL};
    static const char *const urgencies[] = {"immediate", "expected", "future",
                                            "past",      "unknown",  NULL};
    static const char *const certainties[] = {"observed", "likely",  "possible",
                                              "unlikely", "unknown", NULL};
    const struct {
        const char *flag, *value;
        const char *const *words;
        const char *expected;
    } rows[] = {
        {"level", options->level, levels,
         N_("red, orange, yellow or blue (红色, 橙色, 黄色, 蓝色)")},
        {"urgency", options->urgency, urgencies,
         N_("immediate, expected, future, past or unknown")},
        {"certainty", options->certainty, certainties,
         N_("observed, likely, possible, unlikely or unknown")},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].value && !is_among(rows[i].value, rows[i].words))
            return problem_set(problem, PROBLEM_FIELD, "--%s '%s': expected %s",
                               rows[i].flag, rows[i].value,
                               tr(rows[i].expected));
    if (options->response_level && !response_level(options->response_level))
        return problem_set(problem, PROBLEM_FIELD,
                           "--response-level '%s': expected Ⅰ, Ⅱ, Ⅲ or Ⅳ, or "
                           "I to IV, or 1 to 4",
                           options->response_level);
    return true;
}

bool alert_flags_expiry(const struct options *options, int hours,
                        char out[TIMESTAMP_BYTES], struct problem *problem)
{
    const char *text = options->expires ? options->expires : options->until;
    const char *flag = options->expires ? "--expires" : "--until";
    int64_t now_ms = clock_wall_ms();
    int64_t end_ms = now_ms + (int64_t)hours * 3600 * 1000;

    if (options->expires && options->until)
        return problem_set(problem, PROBLEM_FIELD,
                           "--expires and --until: give one of them");
    if (text &&
        !time_flag_read(flag, text, TIME_WORDS_END, now_ms, &end_ms, problem)) {
        snprintf(problem->field, sizeof problem->field, "%s", flag);
        return false;
    }
    out[0] = '\0';
    if (text || hours > 0)
        timestamp_format(end_ms, clock_utc_offset_minutes(end_ms), out);
    return true;
}

static json_t *build_contacts(const struct options *options,
                              struct problem *problem)
{
    json_t *contacts = json_array();

    for (size_t i = 0; i < options->contacts.count; i++) {
        const char *text = options->contacts.texts[i];
        const char *equals = strchr(text, '=');
        if (!equals || equals == text || equals[1] == '\0') {
            json_decref(contacts);
            problem_set(problem, PROBLEM_FIELD,
                        "--contact '%s': expected LABEL=NUMBER", text);
            return NULL;
        }
        if (json_array_append_new(contacts,
                                  json_pack("{s:s%, s:s}", "label", text,
                                            (size_t)(equals - text), "number",
                                            equals + 1)) == 0)
            continue;
        json_decref(contacts);
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
        return NULL;
    }
    return contacts;
}

/* One text of an alert that a flag sets. english: the field with its
 * translation; its other translations are among the texts. */
struct flag_text {
    const char *field;
    const char *value;
    const char *english;
};

/* What is said anew in Chinese is not said anew in other languages. */
static void drop_translations(json_t *alert, const char *field)
{
    const char *language;
    json_t *text;

    json_object_foreach(json_object_get(alert, "texts"), language, text)
        json_object_del(text, field);
}

static bool set_text(json_t *alert, const struct flag_text *text,
                     struct problem *problem)
{
    if (!text->value)
        return true;
    if (!json_text_set(alert, text->field, text->value, problem))
        return false;
    if (text->english) {
        json_object_del(alert, text->english);
        drop_translations(alert, text->field);
    }
    return true;
}

/* In the order of the schema, the English texts last. The sender of the
 * configuration is used only where the alert has none. */
static bool set_texts(json_t *alert, const struct options *options,
                      struct problem *problem)
{
    bool has_sender = json_object_get(alert, "sender") != NULL &&
                      !option_is_typed(options, "sender");
    const struct flag_text texts[] = {
        {"status", options->status, NULL},
        {"level", options->level, NULL},
        {"urgency", options->urgency, NULL},
        {"certainty", options->certainty, NULL},
        {"event", options->event, "event_en"},
        {"event_code", options->event_code, NULL},
        {"headline", options->headline, "headline_en"},
        {"instruction", options->instruction, "instruction_en"},
        {"description", options->description, NULL},
        {"area", options->area_text, NULL},
        {"sender", has_sender ? NULL : options->sender, NULL},
        {"response_level",
         options->response_level ? response_level(options->response_level)
                                 : NULL,
         NULL},
        {"web", options->web, NULL},
        {"event_en", options->event_en, NULL},
        {"headline_en", options->headline_en, NULL},
        {"instruction_en", options->instruction_en, NULL},
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!set_text(alert, &texts[i], problem))
            return false;
    return true;
}

static bool set_contacts(json_t *alert, const struct options *options,
                         struct problem *problem)
{
    json_t *contacts = build_contacts(options, problem);

    if (!contacts)
        return false;
    bool set = json_array_size(contacts) == 0 ||
               json_object_set(alert, "contacts", contacts) == 0 ||
               problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    json_decref(contacts);
    return set;
}

static bool check_needs(const struct templates *templates,
                        const struct options *options, const json_t *alert,
                        struct problem *problem)
{
    const char *needed = templates_needed_description(templates,
                                                      options->template_name);

    if (needed && !json_object_get(alert, "description"))
        return problem_set(problem, PROBLEM_FIELD,
                           "--template %s needs --description: %s",
                           options->template_name, tr(needed));
    if (!json_object_get(alert, "sender"))
        return problem_set(problem, PROBLEM_FIELD,
                           "--sender is missing; give it, or set [publisher] "
                           "sender in the configuration");
    return true;
}

/* Sets the level first, because the template's texts depend on it. */
static bool apply_template(const struct options *options, json_t *alert,
                           struct template_use *use, struct problem *problem)
{
    const struct flag_text before[] = {
        {"status",
         options->status                    ? options->status
         : json_object_get(alert, "status") ? NULL
                                            : "actual",
         NULL},
        {"level", options->level, NULL},
    };
    struct templates templates = {0};

    if (!set_text(alert, &before[0], problem) ||
        !set_text(alert, &before[1], problem) ||
        !templates_read(options->data, &templates, problem))
        return false;
    bool applied = templates_apply(&templates, options->template_name, alert,
                                   use, problem) &&
                   set_texts(alert, options, problem) &&
                   check_needs(&templates, options, alert, problem);
    templates_finish(&templates);
    return applied;
}

bool alert_flags_apply(const struct options *options, json_t *alert,
                       struct template_use *use, struct problem *problem)
{
    *use = (struct template_use){.hours = 0};
    if (!check_words(options, problem))
        return false;
    if (options->template_name && !apply_template(options, alert, use, problem))
        return false;
    return set_texts(alert, options, problem) &&
           set_contacts(alert, options, problem);
}

bool alert_flags_are_wrong(const struct problem *problem)
{
    return !problem->place[0] && problem->code == PROBLEM_FIELD;
}
