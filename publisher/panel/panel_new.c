/* panel new: makes a panel from flags and writes it to a file. panel push
 * --kind sends it at once. */
#include "publisher/panel/panel_new.h"

#include "base/clock.h"
#include "base/data_path.h"
#include "base/files.h"
#include "base/translate.h"
#include "publisher/cli/csv.h"
#include "publisher/cli/tell.h"
#include "publisher/panel/content.h"
#include "publisher/panel/panel.h"
#include "publisher/panel/panel_edit.h"
#include "publisher/send/compose.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/made_id.h"
#include "publisher/send/send_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MODE_FILE = 0644, TEXT_BYTES_MAX = 64 * 1024 };

bool panel_new_is_wanted(const struct options *options)
{
    return options_are_typed(options, OPTION_CONTENT);
}

/* Lines end with LF, the last one with nothing. */
static void tidy_lines(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++)
        if (at[0] != '\r' || at[1] != '\n')
            *to++ = *at;
    while (to > text && to[-1] == '\n')
        to--;
    *to = '\0';
}

/* TEXT, - or @FILE. The caller frees *owned. */
static bool read_text(const char **text, char **owned, struct problem *problem)
{
    bool standard = strcmp(*text, "-") == 0;
    enum csv_encoding encoding;
    size_t bytes = 0;

    if (!standard && (*text)[0] != '@')
        return true;
    if (standard && isatty(STDIN_FILENO))
        tell_line("type the text, then Ctrl-D");
    char *raw = file_read_any(standard ? "-" : *text + 1, TEXT_BYTES_MAX,
                              &bytes, problem);
    if (!raw)
        return false;
    *owned = csv_decode(raw, bytes, &encoding, problem);
    free(raw);
    if (!*owned)
        return false;
    tidy_lines(*owned);
    *text = *owned;
    return true;
}

static void name_flag(struct problem *problem)
{
    char name[CONTENT_NAME_BYTES];

    if (!problem->field[0])
        return;
    bool known = content_name_of(problem->field, name);
    if (!known && strncmp(problem->field, "panel.", 6) == 0)
        return;
    if (!known)
        snprintf(name, sizeof name, "%.20s", problem->field);
    name[strcspn(name, "123456789")] = '\0';
    /* A part of a figure stands in --figure. */
    if (strncmp(problem->field, "panel.figures", 13) == 0)
        snprintf(name, sizeof name, "figure");
    snprintf(problem->field, sizeof problem->field, "--%s", name);
}

static bool choose_id(struct content *content, char out[MADE_ID_BYTES],
                      struct problem *problem)
{
    if (content->words.id)
        return true;
    for (const struct option_choice *one = panel_kinds; one->name; one++)
        if (one->value == content->words.kind) {
            content->words.id = out;
            return made_id(one->name, out, problem);
        }
    return problem_set(problem, PROBLEM_FIELD, "no id: give --id");
}

bool panel_new_add(const struct options *options, struct drafts *drafts,
                   struct problem *problem)
{
    struct content content = {.words = options->content};
    char id[MADE_ID_BYTES];
    char *owned = NULL;

    if (option_is_typed(options, "scope"))
        content.scope = options->scope;
    bool good = (!content.words.text ||
                 read_text(&content.words.text, &owned, problem)) &&
                content_find_kind(&content, problem) &&
                choose_id(&content, id, problem);
    json_t *draft = good ? content_draft(&content, clock_wall_ms(), problem)
                         : NULL;
    free(owned);
    if (draft &&
        !panel_edit(options, json_object_get(draft, "panel"), problem)) {
        json_decref(draft);
        draft = NULL;
    }
    if (draft && drafts_add_json(drafts, draft, tr("command line"), problem))
        return true;
    if (problem)
        problem->place[0] = '\0';
    name_flag(problem);
    return false;
}

/* «file:///usr/share/gaoshi/data/schema/message.schema.json»; NULL where the
 * schemas are not installed. The caller frees it. */
static char *schema_url(void)
{
    struct data_path data;
    char path[DATA_PATH_BYTES];
    char *url = NULL;

    if (!data_path_installed(&data) ||
        !data_path_join(&data, "data/schema/message.schema.json", path,
                        sizeof path))
        return NULL;
    char *whole = realpath(path, NULL);
    if (whole && asprintf(&url, "file://%s", whole) < 0)
        url = NULL;
    free(whole);
    return url;
}

static char *print(const struct draft *draft)
{
    json_t *root = json_object();
    char *url = schema_url();
    char *text = NULL, *line = NULL;

    if (url)
        json_object_set_new(root, "$schema", json_string(url));
    if (json_object_update(root, draft->message->root) == 0)
        text = compose_print(root);
    free(url);
    json_decref(root);
    if (text && asprintf(&line, "%s\n", text) < 0)
        line = NULL;
    free(text);
    return line;
}

bool panel_new_write(const struct draft *draft, const char *file, bool replace,
                     struct problem *problem)
{
    char *text = print(draft);
    bool done;

    if (!text)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (!file)
        done = fputs(text, stdout) != EOF && fflush(stdout) == 0;
    else
        done = replace ? file_replace(file, MODE_FILE, text, problem)
                       : file_create(file, MODE_FILE, text, problem);
    free(text);
    return done;
}

static enum publish_exit write_new(const struct options *options,
                                   const struct draft *draft,
                                   struct problem *problem)
{
    const char *file = options->out_file;

    if (!compose_check(draft, problem) ||
        !panel_new_write(draft, file, false, problem)) {
        tell_problem(problem);
        return send_exit_code(problem);
    }
    if (file && options->json)
        tell_json(json_pack("{s:s, s:s, s:s}", "file", file, "template",
                            panel_template_name(draft->message->panel.template),
                            "id", draft->message->id));
    else if (file)
        tell_result("%s: %s %s", file,
                    tr(panel_template_name(draft->message->panel.template)),
                    draft->message->id);
    else if (!options->content.id)
        tell_line("id %s", draft->message->id);
    return PUBLISH_DONE;
}

enum publish_exit panel_new_run(const struct options *options, int count,
                                char **operands)
{
    struct problem problem = {.consequence = "nothing was written"};
    struct drafts drafts = {0};
    enum publish_exit code;

    (void)count, (void)operands;
    if (panel_new_add(options, &drafts, &problem)) {
        glyphs_check(&drafts, GLYPHS_WAIT_MS);
        code = write_new(options, &drafts.items[0], &problem);
    } else {
        tell_problem(&problem);
        code = problem.code == PROBLEM_FIELD ? PUBLISH_USAGE
                                             : send_exit_code(&problem);
    }
    drafts_finish(&drafts);
    return code;
}
