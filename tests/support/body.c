/* Builds and changes JSON bodies for tests. */
#include "tests/support/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *parse(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;

    assert_non_null(copy);
    for (char *c = copy; *c; c++) {
        if (*c == '\'')
            *c = '"';
    }
    json_t *value = json_loads(copy, JSON_DECODE_ANY, &error);
    if (!value)
        fail_msg("%s: %s", error.text, copy);
    free(copy);
    return value;
}

json_t *body_make(const char *text)
{
    return parse(text);
}

/* Sets or removes one member or entry. Takes value. */
static void put(json_t *parent, const char *name, size_t index, json_t *value)
{
    if (json_is_object(parent) && value)
        assert_int_equal(json_object_set_new(parent, name, value), 0);
    else if (json_is_object(parent))
        json_object_del(parent, name);
    else if (!value)
        assert_int_equal(json_array_remove(parent, index), 0);
    else if (index == json_array_size(parent))
        assert_int_equal(json_array_append_new(parent, value), 0);
    else
        assert_int_equal(json_array_set_new(parent, index, value), 0);
}

static void put_at(json_t *root, const char *path, json_t *value)
{
    char part[64];
    json_t *parent = root;

    for (;;) {
        size_t index = 0;
        bool in_list = *path == '[';
        if (in_list)
            index = strtoul(path + 1, NULL, 10);
        size_t length = in_list ? strcspn(path, "]") + 1 : strcspn(path, ".[");
        assert_true(length < sizeof part);
        memcpy(part, path, length);
        part[length] = '\0';
        path += length;
        path += *path == '.';
        if (!*path) {
            put(parent, part, index, value);
            return;
        }
        parent = in_list ? json_array_get(parent, index)
                         : json_object_get(parent, part);
        assert_non_null(parent);
    }
}

void body_set(json_t *root, const char *path, const char *text)
{
    put_at(root, path, text ? parse(text) : NULL);
}

void body_set_length(json_t *root, const char *path, size_t characters)
{
    char *text = malloc(3 * characters + 1);

    assert_non_null(text);
    for (size_t i = 0; i < characters; i++)
        memcpy(text + 3 * i, "区", 3);
    put_at(root, path, json_stringn(text, 3 * characters));
    free(text);
}

void body_set_count(json_t *root, const char *path, size_t count)
{
    const char *last = strrchr(path, '.');
    json_t *parent = root;

    if (last) {
        char part[64] = "";
        memcpy(part, path, (size_t)(last - path));
        parent = json_object_get(root, part);
    }
    json_t *list = json_object_get(parent, last ? last + 1 : path);
    assert_true(json_array_size(list) > 0);
    json_t *first = json_incref(json_array_get(list, 0));
    json_array_clear(list);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_deep_copy(first));
    json_decref(first);
}

void body_assert_problem(const struct problem *problem, const char *field,
                         const char *words)
{
    if (strcmp(problem->field, field) == 0 && strstr(problem->expected, words))
        return;
    fail_msg("«%s: %s» instead of «%s: … %s …»", problem->field,
             problem->expected, field, words);
}
