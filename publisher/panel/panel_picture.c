/* panel push PICTURE…: a panel made of picture files and flags. */
#include "base/clock.h"
#include "publisher/cli/tell.h"
#include "publisher/panel/content.h"
#include "publisher/panel/panel_known.h"
#include "publisher/panel/panel_push.h"

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

/* A poster, or of several pictures a series. */
static bool find_template(const struct options *options, int count,
                          struct content *content, struct problem *problem)
{
    static const enum panel_template made[] = {TEMPLATE_POSTER, TEMPLATE_PHOTO,
                                               TEMPLATE_SERIES};
    const char *name = options->template_name;

    content->words.kind = count > 1 ? TEMPLATE_SERIES : TEMPLATE_POSTER;
    for (size_t i = 0; name && i < sizeof made / sizeof made[0]; i++)
        if (strcmp(panel_template_name(made[i]), name) == 0) {
            content->words.kind = (int)made[i];
            return true;
        }
    return !name || problem_set(problem, PROBLEM_FIELD,
                                "--template '%s': expected poster, photo or "
                                "series",
                                name);
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
        if (options->content.caption && i == 0)
            json_object_set_new(object, "caption",
                                json_string(options->content.caption));
        if (options->credit)
            json_object_set_new(object, "credit", json_string(options->credit));
    }
    return true;
}

/* Two panels of one picture have one id by its name: the operator is told that
 * the first goes. The same panel once more is no news. */
static void tell_replaced(const struct options *options, const char *id,
                          int template)
{
    const char *scope = options->scope ? options->scope : "all";
    struct known_panels known = {.count = 0};
    struct problem ignored = {0};

    if (options->org)
        known_panels_load(options, id, &known, &ignored);
    for (size_t i = 0; i < known.count; i++) {
        const struct known_panel *panel = &known.items[i];
        const struct panel *old = &panel->message->panel;
        if (known_panel_is_live(panel, clock_wall_ms()) &&
            strcmp(panel->scope, scope) == 0 &&
            ((int)old->template != template ||
             strcmp(old->title, options->content.title) != 0))
            tell_line("'%s': this panel replaces «%s», which has the same id; "
                      "with --id NAME it does not",
                      id, old->title);
    }
    known_panels_finish(&known);
}

bool panel_push_pictures(struct panel_push *push, const struct options *options,
                         int count, char **paths, struct problem *problem)
{
    struct content content = {.words = options->content};
    char id[LIMIT_IDENTIFIER_BYTES + 1];

    if (!content.words.title)
        return problem_set(problem, PROBLEM_FIELD,
                           "--title is missing: what the picture is about; "
                           "screens without the picture show it");
    json_t *list = json_array();
    if (!list || !find_template(options, count, &content, problem) ||
        !add_pictures(push, options, count, paths, list, problem)) {
        json_decref(list);
        return false;
    }
    make_id(paths[0], push->pictures.items[push->pictures.count - 1].digest,
            id);
    if (!content.words.id) {
        content.words.id = id;
        tell_replaced(options, id, content.words.kind);
    }
    if (option_is_typed(options, "scope"))
        content.scope = options->scope;
    content.words.caption = NULL; /* the picture has it */
    json_t *draft = content_draft(&content, clock_wall_ms(), problem);
    if (!draft) {
        json_decref(list);
        return false;
    }
    json_object_set_new(json_object_get(draft, "panel"), "pictures", list);
    return drafts_add_json(&push->drafts, draft, paths[0], problem);
}
