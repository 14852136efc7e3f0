/* panel push PICTURE…: a panel made of picture files and flags. */
#include "base/clock.h"
#include "base/timestamp.h"
#include "publisher/cli/tell.h"
#include "publisher/panel/panel_push.h"
#include "publisher/send/message_times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file's name as far as an id allows; a name in Chinese has none of it, and
 * then the id is made of the digest. */
static void make_id(const char *path, const char *digest,
                    char out[LIMIT_IDENTIFIER_BYTES + 1])
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *end = strrchr(name, '.');
    size_t at = 0;

    for (; *name && name != end && at < LIMIT_IDENTIFIER_BYTES / 2; name++) {
        char c = *name >= 'A' && *name <= 'Z' ? (char)(*name | 32) : *name;
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (fits)
            out[at++] = c;
        else if (at > 0 && out[at - 1] != '-')
            out[at++] = '-';
    }
    while (at > 0 && out[at - 1] == '-')
        at--;
    out[at] = '\0';
    if (at == 0)
        snprintf(out, LIMIT_IDENTIFIER_BYTES + 1, "picture-%.12s", digest);
}

/* «30,55»: per cent of width and height. */
static bool put_focus(const struct options *options, json_t *object,
                      struct problem *problem)
{
    int x = -1, y = -1, end = 0;

    if (!options->focus)
        return true;
    if (sscanf(options->focus, "%3d,%3d%n", &x, &y, &end) != 2 ||
        options->focus[end] != '\0' || x < 0 || x > 100 || y < 0 || y > 100)
        return problem_set(problem, PROBLEM_FIELD,
                           "--focus '%s': expected X,Y in per cent of width "
                           "and height, such as 50,30",
                           options->focus);
    json_object_set_new(object, "focus_x", json_integer(x * 10));
    json_object_set_new(object, "focus_y", json_integer(y * 10));
    return true;
}

static bool find_expiry(const struct options *options,
                        char out[TIMESTAMP_BYTES], struct problem *problem)
{
    const char *text = options->expires ? options->expires : options->until;
    int64_t end_ms = 0;

    out[0] = '\0';
    if (!text)
        return true;
    if (options->expires && options->until)
        return problem_set(problem, PROBLEM_FIELD,
                           "--expires and --until: give one of them");
    if (!message_times_read_end(options->expires ? "expires" : "until", text,
                                clock_wall_ms(), &end_ms, problem))
        return false;
    timestamp_format(end_ms, clock_utc_offset_minutes(end_ms), out);
    return true;
}

static const char *template_of(const struct options *options, int count)
{
    if (options->template_name)
        return options->template_name;
    return count > 1 ? "series" : "poster";
}

static bool add_pictures(struct panel_push *push, const struct options *options,
                         int count, char **paths, json_t *list,
                         struct problem *problem)
{
    for (int i = 0; i < count; i++) {
        json_t *object = json_object();
        json_array_append_new(list, object);
        if (!object || !put_focus(options, object, problem) ||
            !picture_files_add(&push->pictures, paths[i], object, problem))
            return false;
        if (options->caption && i == 0)
            json_object_set_new(object, "caption",
                                json_string(options->caption));
        if (options->credit)
            json_object_set_new(object, "credit", json_string(options->credit));
    }
    return true;
}

bool panel_push_pictures(struct panel_push *push, const struct options *options,
                         int count, char **paths, struct problem *problem)
{
    char expires[TIMESTAMP_BYTES], id[LIMIT_IDENTIFIER_BYTES + 1];
    json_t *list = json_array();

    if (!options->title) {
        json_decref(list);
        return problem_set(problem, PROBLEM_FIELD,
                           "--title is missing: what the picture is about; "
                           "screens without the picture show it");
    }
    if (!list || !find_expiry(options, expires, problem) ||
        !add_pictures(push, options, count, paths, list, problem)) {
        json_decref(list);
        return false;
    }
    make_id(paths[0], push->pictures.items[push->pictures.count - 1].digest,
            id);
    json_t *body = json_pack(
        "{s:i, s:s, s:s, s:s*, s:{s:s, s:s, s:s, s:s*, s:o}}", "gaoshi", 1,
        "kind", "panel", "id", options->id ? options->id : id, "expires",
        expires[0] ? expires : NULL, "panel", "template",
        template_of(options, count), "section",
        options->section ? options->section : "general", "title",
        options->title, "subtitle", options->subtitle, "pictures", list);
    return drafts_add_json(&push->drafts, body, paths[0], problem);
}
