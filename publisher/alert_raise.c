/* alert raise: an alert from a file, or from flags. */
#include "protocol/timestamp.h"
#include "publisher/clock.h"
#include "publisher/command.h"
#include "publisher/dispatch.h"
#include "publisher/glyphs.h"
#include "publisher/option_table.h"
#include "publisher/tell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* +6h, +30m, +2d: milliseconds. */
static bool parse_span(const char *text, int64_t *out)
{
    static const struct {
        char letter;
        int64_t ms;
    } units[] = {{'m', 60000}, {'h', 3600000}, {'d', 86400000}};
    enum { MOST = 10000 };
    char *end = NULL;

    if (text[0] != '+' || text[1] < '0' || text[1] > '9')
        return false;
    errno = 0;
    long number = strtol(text + 1, &end, 10);
    if (errno != 0 || number < 1 || number > MOST)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (end[0] != units[i].letter || end[1] != '\0')
            continue;
        *out = number * units[i].ms;
        return true;
    }
    return false;
}

/* Writes the end of the alert, or leaves "" when none was given. */
static bool find_expiry(const struct options *options,
                        char out[TIMESTAMP_BYTES], struct problem *problem)
{
    int64_t span_ms = 0;
    int64_t now_ms = clock_wall_ms();

    out[0] = '\0';
    if (options->expires && options->until)
        return problem_set(problem, PROBLEM_FIELD,
                           "--expires and --until: give one of them");
    if (options->expires) {
        int64_t end_ms;
        if (!timestamp_parse(options->expires, &end_ms))
            return problem_set(problem, PROBLEM_FIELD,
                               "--expires '%s': expected "
                               "2021-07-20T18:30:00+08:00",
                               options->expires);
        snprintf(out, TIMESTAMP_BYTES, "%s", options->expires);
        return true;
    }
    if (!options->until)
        return true;
    if (!parse_span(options->until, &span_ms))
        return problem_set(problem, PROBLEM_FIELD,
                           "--until '%s': expected +30m, +6h or +2d",
                           options->until);
    timestamp_format(now_ms + span_ms, clock_utc_offset_minutes(now_ms), out);
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
        json_array_append_new(contacts, json_pack("{s:s%, s:s}", "label", text,
                                                  (size_t)(equals - text),
                                                  "number", equals + 1));
    }
    return contacts;
}

/* Sets the fields that were given, in the order of the schema. */
static void set_texts(json_t *alert, const struct options *options)
{
    const struct {
        const char *field;
        const char *value;
    } texts[] = {
        {"status", options->status},
        {"level", options->level},
        {"urgency", options->urgency},
        {"certainty", options->certainty},
        {"event", options->event},
        {"event_code", options->event_code},
        {"headline", options->headline},
        {"instruction", options->instruction},
        {"description", options->description},
        {"area", options->area_text},
        {"sender", options->sender},
        {"response_level", options->response_level},
        {"web", options->web},
        {"event_en", options->event_en},
        {"headline_en", options->headline_en},
        {"instruction_en", options->instruction_en},
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].value)
            json_object_set_new(alert, texts[i].field,
                                json_string(texts[i].value));
}

static bool add_from_flags(struct drafts *drafts, const struct options *options,
                           struct problem *problem)
{
    char expires[TIMESTAMP_BYTES];

    if (!options->id)
        return problem_set(problem, PROBLEM_FIELD,
                           "expected FILE, or --id ID with the other flags");
    if (!find_expiry(options, expires, problem))
        return false;
    json_t *contacts = build_contacts(options, problem);
    if (!contacts)
        return false;
    json_t *alert = json_object();
    set_texts(alert, options);
    if (json_array_size(contacts) > 0)
        json_object_set(alert, "contacts", contacts);
    json_decref(contacts);
    return drafts_add_json(drafts,
                           json_pack("{s:i, s:s, s:s, s:s*, s:o}", "gaoshi", 1,
                                     "kind", "alert", "id", options->id,
                                     "expires", expires[0] ? expires : NULL,
                                     "alert", alert),
                           "command line", problem);
}

static bool add_from_file(struct drafts *drafts, const struct options *options,
                          const char *file, struct problem *problem)
{
    uint64_t flags = 0;

    for (size_t i = 0; i < option_row_count; i++)
        if (option_rows[i].groups & OPTION_RAISE)
            flags |= option_bit(&option_rows[i]);
    if (options->given & flags)
        return problem_set(problem, PROBLEM_FIELD,
                           "either FILE or flags, not both");
    if (!drafts_add_file(drafts, file, problem))
        return false;
    if (drafts->items[0].message->kind == MESSAGE_ALERT)
        return true;
    problem_set_field(problem, "kind", "'%s', expected alert",
                      message_kind_name(drafts->items[0].message->kind));
    snprintf(problem->place, sizeof problem->place, "%s", file);
    return false;
}

enum publish_exit alert_raise_run(const struct options *options, int count,
                                  char **operands)
{
    struct drafts drafts = {0};
    struct problem problem = {.consequence = "nothing was sent"};
    enum publish_exit code = PUBLISH_REFUSED;

    bool good = count > 0
                    ? add_from_file(&drafts, options, operands[0], &problem)
                    : add_from_flags(&drafts, options, &problem);
    if (good) {
        glyphs_tell_missing_of(drafts.items[0].message, drafts.items[0].place);
        code = dispatch_drafts(options, &drafts);
    } else {
        tell_problem(&problem);
        /* Without a place it is the command line itself that is wrong. */
        if (!problem.place[0] && problem.code == PROBLEM_FIELD)
            code = PUBLISH_USAGE;
    }
    drafts_finish(&drafts);
    return code;
}
