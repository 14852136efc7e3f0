/* Reads the configuration file with inih, line numbers and all. */
#include "display/edge/config/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "display/edge/config/options.h"

#define NO_PAIR "neither [section] nor key = value"

void config_init(struct config *config)
{
    struct problem problem = {0};

    memset(config, 0, sizeof *config);
    for (const struct option *row = option_table; row->section; row++)
        option_set(row, row->fallback, config, &problem);
}

/* One reading of a file. inih neither tells the line nor stops: both are kept
 * here, and the first problem stands. */
struct reading {
    FILE *file;
    int line;
    bool in_broker; /* the section of the line */
    struct config config;
    bool failed;
    struct problem *problem;
};

/* True: the reading goes on all the same. */
static bool forgive_here(struct reading *reading)
{
    struct config *config = &reading->config;

    reading->problem->line = reading->line;
    if (!reading->in_broker || !config->forgives_line) {
        reading->failed = true;
        return false;
    }
    if (config->line_problem.code == PROBLEM_NONE)
        config->line_problem = *reading->problem;
    return true;
}

static void skip_rest_of_line(FILE *file)
{
    int letter;

    while ((letter = getc(file)) != EOF && letter != '\n')
        continue;
}

/* What inih would refuse, in the section that may be wrong. */
static bool is_nonsense(const struct reading *reading, const char *text)
{
    size_t indent = strspn(text, " \t");

    return reading->in_broker && indent == 0 && !strpbrk(text, "=:") &&
           !strchr("[;#\r\n", text[0]);
}

static void note_section(struct reading *reading, const char *text)
{
    text += strspn(text, " \t");
    if (text[0] == '[')
        reading->in_broker = strncmp(text, "[broker]", 8) == 0;
}

/* fgets that counts lines and refuses one that inih would split. */
static char *read_line(char *text, int size, void *stream)
{
    struct reading *reading = stream;

    if (reading->failed || !fgets(text, size, reading->file))
        return NULL;
    reading->line++;
    note_section(reading, text);
    if (strlen(text) + 1 == (size_t)size && !strchr(text, '\n')) {
        problem_set(reading->problem, PROBLEM_TOO_LARGE,
                    "the line is longer than %d bytes", size - 3);
        if (!forgive_here(reading))
            return NULL;
        skip_rest_of_line(reading->file);
        return strcpy(text, "\n");
    }
    if (is_nonsense(reading, text)) {
        problem_set(reading->problem, PROBLEM_SYNTAX, NO_PAIR);
        return forgive_here(reading) ? strcpy(text, "\n") : NULL;
    }
    return text;
}

/* A list may go on in an indented line, which inih gives as the key again. */
static bool is_given_twice(struct reading *reading, const struct option *row)
{
    int *seen = &reading->config.lines[row - option_table];

    if (*seen && !option_is_list(row))
        return true;
    if (!*seen)
        option_clear(row, &reading->config);
    *seen = reading->line;
    return false;
}

static int take_pair(void *user, const char *section, const char *name,
                     const char *value)
{
    struct reading *reading = user;
    const struct option *row = option_find(section, name);
    char key[96];

    snprintf(key, sizeof key, "%.40s.%.40s", section, name);
    if (reading->failed)
        return 1;
    if (!row) {
        problem_set_field(reading->problem, key,
                          option_has_section(section) ? "no such key"
                                                      : "no such section");
        return forgive_here(reading);
    }
    if (is_given_twice(reading, row)) {
        problem_set_field(reading->problem, key, "given twice");
        return forgive_here(reading);
    }
    if (!option_set(row, value, &reading->config, reading->problem))
        return forgive_here(reading);
    return 1;
}

/* Puts the folder of the configuration before a relative path. */
static bool place_path(const char *folder, char path[CONFIG_TEXT_BYTES],
                       struct problem *problem)
{
    char placed[CONFIG_TEXT_BYTES];

    if (!path[0] || path[0] == '/')
        return true;
    int length = snprintf(placed, sizeof placed, "%s/%s", folder, path);
    if (length < 0 || (size_t)length >= sizeof placed)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "'%.80s' is too long with the folder before it",
                           path);
    memcpy(path, placed, (size_t)length + 1);
    return true;
}

static bool place_list(const char *folder, struct config_list *list,
                       struct problem *problem)
{
    for (size_t i = 0; i < list->count; i++)
        if (!place_path(folder, list->texts[i], problem))
            return false;
    return true;
}

/* Files are named from the folder of the configuration, so that a screen's
 * files can be made, checked and carried together. */
static bool place_files(const char *file, struct config *config,
                        struct problem *problem)
{
    const char *slash = strrchr(file, '/');
    char folder[CONFIG_TEXT_BYTES];

    if (!slash)
        return true;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - file), file);
    return place_path(folder, config->password_file, problem) &&
           place_path(folder, config->ca_file, problem) &&
           place_path(folder, config->cert_file, problem) &&
           place_path(folder, config->key_file, problem) &&
           place_path(folder, config->store_file, problem) &&
           place_list(folder, &config->trust_root, problem) &&
           place_list(folder, &config->trust_panels, problem) &&
           place_list(folder, &config->trust_alerts, problem) &&
           place_list(folder, &config->trust_commands, problem);
}

bool config_read(const char *file, struct config *config,
                 struct problem *problem)
{
    struct reading reading = {.config = *config, .problem = problem};

    problem_set_place(problem, file);
    memset(reading.config.lines, 0, sizeof reading.config.lines);
    snprintf(reading.config.file, sizeof reading.config.file, "%s", file);
    reading.file = fopen(file, "re");
    if (!reading.file)
        return problem_set(problem, PROBLEM_SYSTEM, "%s", strerror(errno));
    int line = ini_parse_stream(read_line, &reading, take_pair, &reading);
    fclose(reading.file);
    if (reading.failed)
        return false;
    if (line != 0) {
        problem_set(problem, PROBLEM_SYNTAX, NO_PAIR);
        problem->line = line;
        return false;
    }
    if (!place_files(file, &reading.config, problem))
        return false;
    *config = reading.config;
    return true;
}

bool config_check(const struct config *config, struct problem *problem)
{
    if (!config->identity.org[0])
        return problem_set_field(problem, "screen.org", "missing");
    if (!config->identity.screen[0])
        return problem_set_field(problem, "screen.id", "missing");
    if (config->trust_root.count + config->trust_panels.count +
            config->trust_alerts.count ==
        0)
        return problem_set_field(problem, "trust.root",
                                 "no key is trusted: nothing could show");
    return config->forgives_line || config_check_line(config, problem);
}

bool config_check_line(const struct config *config, struct problem *problem)
{
    if (config->line_problem.code != PROBLEM_NONE) {
        *problem = config->line_problem;
        return false;
    }
    if (config->brokers.count == 0)
        return problem_set_field(problem, "broker.address", "missing");
    if (!config->cert_file[0] != !config->key_file[0])
        return problem_set_field(problem, "broker.key",
                                 "cert and key belong together");
    if (config->username[0] == '\0' && config->password_file[0])
        return problem_set_field(problem, "broker.username",
                                 "missing beside password_file");
    return true;
}

static int line_of(const struct config *config, const char *field)
{
    char section[48];
    const char *point = strchr(field, '.');

    if (!point)
        return 0;
    snprintf(section, sizeof section, "%.*s", (int)(point - field), field);
    const struct option *row = option_find(section, point + 1);
    return row ? config->lines[row - option_table] : 0;
}

void config_place_problem(const struct config *config, struct problem *problem)
{
    int line = line_of(config, problem->field);
    char words[sizeof problem->expected + sizeof problem->place + 2];

    if (problem->place[0]) {
        snprintf(words, sizeof words, "%s: %s", problem->place,
                 problem->expected);
        words[sizeof problem->expected - 1] = '\0';
        memcpy(problem->expected, words, sizeof problem->expected);
    }
    problem->place[0] = '\0';
    problem->line = line;
    problem_set_place(problem, config->file);
}
