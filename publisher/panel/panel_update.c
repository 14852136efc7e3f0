/* panel update ID: sends the last body of the panel again, with the fields that
 * flags set, to every scope that it was sent to. */
#include "base/clock.h"
#include "base/timestamp.h"
#include "publisher/cli/tell.h"
#include "publisher/panel/panel.h"
#include "publisher/panel/panel_known.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 64 };

static bool refuse_path(const char *path, struct problem *problem)
{
    return problem_set(problem, PROBLEM_FIELD,
                       "'%.60s', expected a field of the panel, such as title, "
                       "schedule.weight or figures[0].value",
                       path);
}

/* One step of a path: «name», or «name[2]» (then *index is 2, otherwise -1). */
static const char *next_step(const char *path, char name[NAME_BYTES],
                             int *index)
{
    size_t length = strcspn(path, ".[=");
    const char *rest = path + length;

    *index = -1;
    if (length == 0 || length >= NAME_BYTES)
        return NULL;
    memcpy(name, path, length);
    name[length] = '\0';
    if (*rest == '[') {
        char *end;
        long number = strtol(rest + 1, &end, 10);
        if (end == rest + 1 || *end != ']' || number < 0 || number > 999)
            return NULL;
        *index = (int)number;
        rest = end + 1;
    }
    return *rest == '.' ? rest + 1 : rest;
}

/* What is at the step; an object that is missing is made. NULL: it cannot be.
 */
static json_t *enter(json_t *object, const char *name, int index)
{
    json_t *value = json_object_get(object, name);

    if (index >= 0)
        return json_array_get(value, (size_t)index);
    if (!value) {
        value = json_object();
        json_object_set_new(object, name, value);
    }
    return json_is_object(value) ? value : NULL;
}

/* Takes value; NULL: removes the field. */
static bool put_step(json_t *object, const char *name, int index, json_t *value)
{
    json_t *list = json_object_get(object, name);

    if (index < 0 && !value)
        return json_object_del(object, name) == 0;
    if (index < 0)
        return json_object_set_new(object, name, value) == 0;
    if (!value)
        return json_array_remove(list, (size_t)index) == 0;
    if ((size_t)index == json_array_size(list))
        return json_array_append_new(list, value) == 0;
    return json_array_set_new(list, (size_t)index, value) == 0;
}

/* Text stays text; otherwise it is JSON, or text that is none. */
static json_t *read_value(const json_t *old, const char *text)
{
    json_t *value = json_is_string(old)
                        ? NULL
                        : json_loads(text, JSON_DECODE_ANY, NULL);

    return value ? value : json_string(text);
}

/* edit is «PATH=VALUE», or with remove «PATH». */
static bool apply(json_t *panel, const char *edit, bool remove,
                  struct problem *problem)
{
    const char *rest = edit;
    char name[NAME_BYTES];
    int index;

    for (json_t *object = panel; object; object = enter(object, name, index)) {
        rest = next_step(rest, name, &index);
        if (!rest)
            break;
        if (*rest != '=' && *rest != '\0')
            continue;
        if (remove != (*rest == '\0'))
            break;
        json_t *old = json_object_get(object, name);
        if (index >= 0)
            old = json_array_get(old, (size_t)index);
        if (put_step(object, name, index,
                     remove ? NULL : read_value(old, rest + 1)))
            return true;
        break;
    }
    return refuse_path(edit, problem);
}

static bool apply_all(const struct options *options, json_t *panel,
                      struct problem *problem)
{
    for (size_t i = 0; i < options->unset_fields.count; i++)
        if (!apply(panel, options->unset_fields.texts[i], true, problem))
            return false;
    for (size_t i = 0; i < options->set_fields.count; i++)
        if (!apply(panel, options->set_fields.texts[i], false, problem))
            return false;
    return true;
}

/* The end that flags give, otherwise that of the last body. */
static bool find_end(const struct options *options, const struct message *last,
                     const char **out, struct problem *problem)
{
    int64_t end_ms = last->expires_ms;

    *out = json_string_value(json_object_get(last->root, "expires"));
    if (options->expires) {
        *out = options->expires;
        if (!timestamp_parse(options->expires, &end_ms))
            return problem_set_field(problem, "--expires",
                                     "'%.60s', expected a time such as "
                                     "2021-07-20T18:30:00+08:00",
                                     options->expires);
    }
    return end_ms == TIMESTAMP_NONE || end_ms > clock_wall_ms() ||
           problem_set(problem, PROBLEM_FIELD, "it ended at %s: give --expires",
                       *out);
}

static bool add_known(struct drafts *drafts, const struct options *options,
                      const struct known_panel *known, struct problem *problem)
{
    const struct message *last = known->message;
    const char *expires;
    const char *effective =
        last->effective_ms > clock_wall_ms()
            ? json_string_value(json_object_get(last->root, "effective"))
            : NULL;

    if (!find_end(options, last, &expires, problem))
        return false;
    json_t *panel = json_deep_copy(json_object_get(last->root, "panel"));
    if (!apply_all(options, panel, problem)) {
        json_decref(panel);
        return false;
    }
    return drafts_add_json(
        drafts,
        json_pack("{s:i, s:s, s:s, s:s, s:s*, s:s*, s:o}", "gaoshi", 1, "kind",
                  "panel", "id", last->id, "scope", known->scope, "effective",
                  effective, "expires", expires, "panel", panel),
        last->id, problem);
}

static bool add_all(struct drafts *drafts, const struct options *options,
                    const char *id, const struct known_panels *known,
                    struct problem *problem)
{
    for (size_t i = 0; i < known->count; i++)
        if (known->items[i].message->kind == MESSAGE_PANEL &&
            !add_known(drafts, options, &known->items[i], problem))
            return false;
    return drafts->count > 0 ||
           problem_set(problem, PROBLEM_STALE,
                       known->count > 0
                           ? "'%s' was removed: push it again"
                           : "'%s': no panel of this id was sent from here; "
                             "panel list tells the ids",
                       id);
}

enum publish_exit panel_update_run(const struct options *options, int count,
                                   char **operands)
{
    struct problem problem = {.consequence = "nothing was sent"};
    struct known_panels known = {0};
    struct drafts drafts = {0};
    struct options own = *options;
    enum publish_exit code;

    (void)count;
    if (!send_options_check(options))
        return PUBLISH_USAGE;
    if (options->set_fields.count + options->unset_fields.count == 0 &&
        !options->expires) {
        tell_line("nothing to change: give --set, --unset or --expires; "
                  "nothing was sent");
        return PUBLISH_USAGE;
    }
    own.scope = NULL; /* each draft has its own scope */
    if (known_panels_load(options, operands[0], &known, &problem) &&
        add_all(&drafts, options, operands[0], &known, &problem)) {
        glyphs_check(&drafts, GLYPHS_WAIT_MS);
        code = dispatch_drafts(&own, &drafts);
    } else {
        tell_problem(&problem);
        code = problem.code == PROBLEM_FIELD ? PUBLISH_USAGE
                                             : send_exit_code(&problem);
    }
    drafts_finish(&drafts);
    known_panels_finish(&known);
    return code;
}
