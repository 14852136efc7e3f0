/* The configuration file fills what the command line left open. */
#include "publisher/cli/option_table.h"
#include "publisher/cli/options.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#define SYSTEM_CONFIG "/etc/gaoshi/publish.conf"

struct reading {
    struct options *options;
    const char *file;
    struct option_set from_command_line;
    struct problem *problem;
    bool failed; /* problem is the first one's */
};

static bool keep_text(struct options *options, const char *text,
                      const char **out)
{
    char *copy = strdup(text);
    char **grown = copy ? realloc(options->owned, (options->owned_count + 1) *
                                                      sizeof *options->owned)
                        : NULL;

    if (!grown) {
        free(copy);
        return false;
    }
    options->owned = grown;
    options->owned[options->owned_count++] = copy;
    *out = copy;
    return true;
}

/* A file is named from the folder of the configuration, so that an
 * operator's files can be carried together. */
static bool keep_value(const struct reading *reading,
                       const struct option_row *row, const char *value,
                       const char **out)
{
    const char *slash = strrchr(reading->file, '/');
    char *placed = NULL;

    if (row->kind != OPTION_FILE || value[0] == '/' || !slash)
        return keep_text(reading->options, value, out);
    if (asprintf(&placed, "%.*s/%s", (int)(slash - reading->file),
                 reading->file, value) < 0)
        return false;
    bool kept = keep_text(reading->options, placed, out);
    free(placed);
    return kept;
}

static const struct option_row *find_row(const char *section, const char *name)
{
    char key[128];

    snprintf(key, sizeof key, "%s.%s", section, name);
    for (size_t i = 0; i < option_row_count; i++)
        if (option_rows[i].config && strcmp(option_rows[i].config, key) == 0)
            return &option_rows[i];
    return NULL;
}

static bool take_entry(struct reading *reading, const char *section,
                       const char *name, const char *value)
{
    const struct option_row *row = find_row(section, name);
    const char *text = NULL;

    if (!row) {
        problem_set_field(reading->problem, name,
                          "section [%s] has no such key", section);
        return false;
    }
    if (value[0] == '\0')
        return problem_set_field(reading->problem, name, "no value");
    if (reading->from_command_line.has[option_number(row)])
        return true;
    if (!keep_value(reading, row, value, &text))
        return problem_set(reading->problem, PROBLEM_SYSTEM, "out of memory");
    if (option_store(reading->options, row, text, reading->problem))
        return true;
    if (row->kind == OPTION_BROKERS && reading->problem)
        snprintf(reading->problem->field, sizeof reading->problem->field, "%s",
                 row->config);
    return false;
}

/* inih goes on after an error and tells the line of the first one. */
static int on_entry(void *context, const char *section, const char *name,
                    const char *value)
{
    struct reading *reading = context;

    if (reading->failed)
        return 1;
    reading->failed = !take_entry(reading, section, name, value ? value : "");
    return !reading->failed;
}

static void set_place(struct problem *problem, const char *file, int line)
{
    if (!problem)
        return;
    problem_set_place(problem, file);
    problem->line = line;
}

static bool read_stream(struct options *options, FILE *stream, const char *file,
                        struct problem *problem)
{
    struct reading reading = {.options = options,
                              .file = file,
                              .from_command_line = options->given,
                              .problem = problem};
    int line = ini_parse_stream((ini_reader)fgets, stream, on_entry, &reading);

    if (line == 0)
        return true;
    if (!reading.failed)
        problem_set(problem, PROBLEM_SYNTAX,
                    "expected [section] or key = value");
    set_place(problem, file, line > 0 ? line : 0);
    return false;
}

static bool read_file(struct options *options, const char *file, bool needed,
                      bool *found, struct problem *problem)
{
    FILE *stream = fopen(file, "r");

    *found = stream != NULL;
    if (!stream && !needed && errno == ENOENT)
        return true;
    if (!stream) {
        problem_set(problem, PROBLEM_SYSTEM, "cannot be read: %s",
                    strerror(errno));
        set_place(problem, file, 0);
        return false;
    }
    bool read = read_stream(options, stream, file, problem);
    fclose(stream);
    return read;
}

static char *user_config(void)
{
    const char *folder = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;
    int length = -1;

    if (folder && folder[0])
        length = asprintf(&path, "%s/gaoshi/publish.conf", folder);
    else if (home && home[0])
        length = asprintf(&path, "%s/.config/gaoshi/publish.conf", home);
    return length < 0 ? NULL : path;
}

bool options_read_config(struct options *options, struct problem *problem)
{
    bool found = false;

    if (options->config_file)
        return read_file(options, options->config_file, true, &found, problem);
    char *own = user_config();
    bool read = !own || read_file(options, own, false, &found, problem);
    free(own);
    if (!read || found)
        return read;
    return read_file(options, SYSTEM_CONFIG, false, &found, problem);
}
