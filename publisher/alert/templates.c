/* Finds, reads, applies and lists the templates of common events. */
#include "publisher/alert/templates.h"

#include "base/data_path.h"
#include "base/files.h"
#include "base/language.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/alert/alert.h"
#include "publisher/cli/tell.h"

#include <stdlib.h>
#include <string.h>

#define TEMPLATES_NAME "data/alerts/templates.json"

enum {
    TEMPLATES_BYTES = 256 * 1024,
    HOURS_MAX = 72, /* the longest life of an alert */
};

static char *find_file(const char *folder)
{
    struct data_path installed;
    char *path = NULL;

    if (!folder && !data_path_installed(&installed))
        return NULL;
    return asprintf(&path, "%s/" TEMPLATES_NAME,
                    folder ? folder : installed.root) < 0
               ? NULL
               : path;
}

bool templates_read(const char *folder, struct templates *out,
                    struct problem *problem)
{
    char *file = find_file(folder);
    size_t bytes = 0;
    json_error_t error;

    if (!file)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    char *text = file_read_text(file, TEMPLATES_BYTES, &bytes, problem);
    if (!text) {
        free(file);
        return false;
    }
    json_t *root = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    free(text);
    if (!root) {
        problem_set(problem, PROBLEM_SYNTAX, "%s", error.text);
        problem_set_place(problem, file);
        if (problem) {
            problem->line = error.line;
            problem->column = error.column;
        }
        free(file);
        return false;
    }
    *out = (struct templates){.root = root, .file = file};
    return true;
}

void templates_finish(struct templates *templates)
{
    json_decref(templates->root);
    free(templates->file);
    *templates = (struct templates){0};
}

static bool bad_template(const struct templates *templates, const char *name,
                         const char *field, const char *expected,
                         struct problem *problem)
{
    problem_set_field(problem, field, "template %s: expected %s", name,
                      expected);
    problem_set_place(problem, templates->file);
    return false;
}

static const json_t *find(const struct templates *templates, const char *name)
{
    const json_t *list = json_object_get(templates->root, "templates");
    const json_t *one;
    size_t index;

    json_array_foreach(list, index, one)
    {
        const char *own = json_string_value(json_object_get(one, "name"));
        const char *event = json_string_value(json_object_get(one, "event"));
        if (own &&
            (strcmp(own, name) == 0 || (event && strcmp(event, name) == 0)))
            return one;
    }
    return NULL;
}

/* Field: "name" or, for who types Chinese, "event". */
static void list_names(const struct templates *templates, const char *field,
                       char *out, size_t size)
{
    const json_t *list = json_object_get(templates->root, "templates");
    const json_t *one;
    size_t index, length = 0;

    out[0] = '\0';
    json_array_foreach(list, index, one)
    {
        const char *name = json_string_value(json_object_get(one, field));
        if (name && length < size)
            length += (size_t)snprintf(out + length, size - length, "%s%s",
                                       length > 0 ? " " : "", name);
    }
}

static const json_t *find_level(const struct templates *templates,
                                const char *name, const char *level,
                                struct problem *problem)
{
    const json_t *one = find(templates, name);
    char names[200];

    if (!one) {
        list_names(templates, (unsigned char)name[0] < 0x80 ? "name" : "event",
                   names, sizeof names);
        problem_set(problem, PROBLEM_FIELD,
                    "--template '%s': expected one of "
                    "%s",
                    name, names);
        return NULL;
    }
    const json_t *found = json_object_get(json_object_get(one, "levels"),
                                          level ? level : "");
    if (!found && !level)
        problem_set(problem, PROBLEM_FIELD,
                    "--level is missing: red, orange, yellow or blue");
    else if (!found)
        problem_set(problem, PROBLEM_FIELD,
                    "--level '%s': expected red, orange, yellow or blue",
                    level);
    return found;
}

/* Copies the field, or removes it where the source has none. */
static void take(json_t *alert, const json_t *from, const char *field)
{
    json_t *value = json_object_get(from, field);

    if (value)
        json_object_set(alert, field, value);
    else
        json_object_del(alert, field);
}

static void set_all(const json_t *root, const json_t *one, const json_t *level,
                    json_t *alert)
{
    static const char *const of_level[] = {"urgency", "certainty",
                                           "instruction", "instruction_en"};
    static const char *const of_event[] = {"event", "event_code", "headline",
                                           "event_en", "headline_en"};

    for (size_t i = 0; i < sizeof of_level / sizeof of_level[0]; i++)
        take(alert, level, of_level[i]);
    for (size_t i = 0; i < sizeof of_event / sizeof of_event[0]; i++)
        take(alert, one, of_event[i]);
    if (json_object_get(one, "contacts"))
        take(alert, one, "contacts");
    if (!json_object_get(alert, "area"))
        take(alert, root, "area");
}

bool templates_apply(const struct templates *templates, const char *name,
                     json_t *alert, struct template_use *use,
                     struct problem *problem)
{
    const json_t *level =
        find_level(templates, name,
                   json_string_value(json_object_get(alert, "level")), problem);

    if (!level)
        return false;
    json_int_t lasts = json_integer_value(json_object_get(level, "hours"));
    if (lasts < 1 || lasts > HOURS_MAX)
        return bad_template(templates, name, "hours", tr("1 to 72"), problem);
    if (!json_string_value(json_object_get(level, "instruction")))
        return bad_template(templates, name, "instruction", tr("a text"),
                            problem);
    const json_t *one = find(templates, name);
    set_all(templates->root, one, level, alert);
    use->hours = (int)lasts;
    snprintf(use->name, sizeof use->name, "%s",
             json_string_value(json_object_get(one, "name")));
    return true;
}

const char *templates_needed_description(const struct templates *templates,
                                         const char *name)
{
    const json_t *one = find(templates, name);

    return json_string_value(json_object_get(one, "needs_description"));
}

static const char *text_of(const json_t *object, const char *field)
{
    const char *text = json_string_value(json_object_get(object, field));

    return text ? text : "";
}

void templates_each(const struct templates *templates,
                    void (*each)(void *context, const char *name,
                                 const char *event),
                    void *context)
{
    const json_t *list = json_object_get(templates->root, "templates");
    const json_t *one;
    size_t index;

    json_array_foreach(list, index, one)
        each(context, text_of(one, "name"), text_of(one, "event"));
}

static void print_one(const json_t *one, FILE *out)
{
    const char *level;
    json_t *row;

    language_print(out, "%s  %s %s\n", text_of(one, "name"),
                   text_of(one, "event"), text_of(one, "event_code"));
    json_object_foreach(json_object_get(one, "levels"), level, row)
        language_print(
            out, "  %-*s%2lld h  %s\n", UTF8_FIELD(tr(level), 8),
            (long long)json_integer_value(json_object_get(row, "hours")),
            text_of(row, "instruction"));
    if (json_object_get(one, "needs_description"))
        language_print(out, "  with --description: %s\n",
                       tr(text_of(one, "needs_description")));
}

/* False with a problem: there are none. */
static bool check_list(const struct templates *templates,
                       struct problem *problem)
{
    if (json_array_size(json_object_get(templates->root, "templates")) > 0)
        return true;
    problem_set_field(problem, "templates", "expected a list of templates");
    problem_set_place(problem, templates->file);
    return false;
}

static bool print_json(const struct templates *templates,
                       struct problem *problem)
{
    if (!check_list(templates, problem))
        return false;
    tell_json(json_pack("{s:O}", "templates",
                        json_object_get(templates->root, "templates")));
    return true;
}

/* One line each: name, event, instruction by level. */
static bool print_all(const struct templates *templates, FILE *out,
                      struct problem *problem)
{
    const json_t *list = json_object_get(templates->root, "templates");
    const json_t *one;
    size_t index;

    if (!check_list(templates, problem))
        return false;
    json_array_foreach(list, index, one) print_one(one, out);
    return true;
}

enum publish_exit alert_templates_run(const struct options *options, int count,
                                      char **operands)
{
    struct templates templates = {0};
    struct problem problem = {0};

    (void)count;
    (void)operands;
    bool printed = templates_read(options->data, &templates, &problem) &&
                   (options->json ? print_json(&templates, &problem)
                                  : print_all(&templates, stdout, &problem));
    templates_finish(&templates);
    if (printed)
        return PUBLISH_DONE;
    tell_problem(&problem);
    return PUBLISH_OTHER;
}
