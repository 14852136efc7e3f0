/* Raises and cancels the drills of a rehearsal. */
#include "display/edge/app/drill.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/timestamp.h"

enum { DRILL_LASTS_MS = 30 * 60 * 1000, DRILL_OFFSET_MINUTES = 480 };

static const char *const drill_files[ALERT_LEVEL_COUNT] = {
    [ALERT_LEVEL_RED] = "data/drills/flood-red.json",
    [ALERT_LEVEL_ORANGE] = "data/drills/flood-orange.json",
    [ALERT_LEVEL_YELLOW] = "data/drills/flood-yellow.json",
    [ALERT_LEVEL_BLUE] = "data/drills/flood-blue.json",
};

struct drill {
    struct own_sender *sender;
    json_t *drafts[ALERT_LEVEL_COUNT];
    bool raised[ALERT_LEVEL_COUNT];
};

static bool load_draft(const struct data_path *data, const char *name,
                       json_t **out, struct problem *problem)
{
    char file[DATA_PATH_BYTES];
    char *text = NULL;
    size_t bytes = 0;
    json_error_t error;

    if (!data_path_join(data, name, file, sizeof file))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    text = file_read_any(file, LIMIT_ALERT_BYTES, &bytes, problem);
    if (!text)
        return false;
    *out = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    free(text);
    problem_set_place(problem, file);
    return *out || problem_set(problem, PROBLEM_SYNTAX, "%s", error.text);
}

bool drill_create(struct own_sender *sender, const struct data_path *data,
                  struct drill **out, struct problem *problem)
{
    struct drill *drill = calloc(1, sizeof *drill);

    if (!drill)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    drill->sender = sender;
    for (int i = 0; i < ALERT_LEVEL_COUNT; i++) {
        if (drill_files[i] &&
            !load_draft(data, drill_files[i], &drill->drafts[i], problem)) {
            drill_destroy(drill);
            return false;
        }
    }
    problem->place[0] = '\0'; /* later problems are not about these files */
    *out = drill;
    return true;
}

void drill_destroy(struct drill *drill)
{
    if (!drill)
        return;
    for (int i = 0; i < ALERT_LEVEL_COUNT; i++)
        json_decref(drill->drafts[i]);
    free(drill);
}

static json_t *make_raise(const json_t *draft, int64_t wall_ms)
{
    char expires[TIMESTAMP_BYTES];
    json_t *body = json_deep_copy(draft);

    timestamp_format(wall_ms + DRILL_LASTS_MS, DRILL_OFFSET_MINUTES, expires);
    json_object_set_new(json_object_get(body, "alert"), "status",
                        json_string("exercise"));
    json_object_set_new(body, "expires", json_string(expires));
    return body;
}

static json_t *make_cancel(const json_t *draft)
{
    return json_pack("{s:O, s:s, s:O, s:{s:s, s:O, s:s}}", "gaoshi",
                     json_object_get(draft, "gaoshi"), "kind", "alert-cancel",
                     "id", json_object_get(draft, "id"), "cancel", "status",
                     "exercise", "event",
                     json_object_get(json_object_get(draft, "alert"), "event"),
                     "reason", "演练结束");
}

bool drill_next(struct drill *drill, enum alert_level level, int64_t wall_ms,
                struct own_message *out, struct problem *problem)
{
    const json_t *draft = drill->drafts[level];
    json_t *body = drill->raised[level] ? make_cancel(draft)
                                        : make_raise(draft, wall_ms);

    if (!body)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for the drill");
    bool made = own_sender_seal(drill->sender, body, wall_ms, out, problem);
    json_decref(body);
    if (made)
        drill->raised[level] = !drill->raised[level];
    return made;
}

bool drill_is_raised(const struct drill *drill, enum alert_level level)
{
    return drill->raised[level];
}

void drill_forget(struct drill *drill)
{
    memset(drill->raised, 0, sizeof drill->raised);
}
