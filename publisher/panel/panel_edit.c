/* Walks down a path such as figures[0].value and changes what is there. */
#include "publisher/panel/panel_edit.h"

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

bool panel_edit(const struct options *options, json_t *panel,
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
