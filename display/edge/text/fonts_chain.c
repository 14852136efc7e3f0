/* Reads the chain of fonts with inih and looks for its files. */
#include "display/edge/text/fonts_chain.h"

#include <errno.h>
#include <ini.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/translate.h"
#include "display/edge/text/builtin.h"

/* State of the reading: inih does not give the line of a pair, and does not
 * stop at an error. */
struct reading {
    FILE *stream;
    int line;
    bool failed;
    char folders[FONTS_FOLDERS][FONTS_PATH_BYTES];
    int folder_count;
    struct fonts_chain *chain;
    struct problem *problem;
};

static const char *const role_names[TYPE_ROLE_COUNT] = {
    [TYPE_SANS] = "sans",
    [TYPE_SANS_BOLD] = "sans-bold",
    [TYPE_SERIF_BOLD] = "serif-bold",
};

const char *fonts_role_name(enum type_role role)
{
    return role_names[role];
}

static bool take_folder(struct reading *reading, const char *folder)
{
    if (reading->folder_count == FONTS_FOLDERS)
        return problem_set(reading->problem, PROBLEM_TOO_LARGE,
                           "more than %d folders", FONTS_FOLDERS);
    if (strlen(folder) >= FONTS_PATH_BYTES)
        return problem_set(reading->problem, PROBLEM_TOO_LARGE,
                           "the path is too long");
    strcpy(reading->folders[reading->folder_count++], folder);
    return true;
}

static void locate(const struct reading *reading, struct fonts_source *source)
{
    char path[2 * FONTS_PATH_BYTES];

    source->installed = source->file[0] == '/' &&
                        access(source->file, R_OK) == 0;
    if (source->file[0] == '/')
        return;
    for (int i = 0; i < reading->folder_count && !source->installed; i++) {
        int length = snprintf(path, sizeof path, "%s/%s", reading->folders[i],
                              source->file);
        if (length >= FONTS_PATH_BYTES || access(path, R_OK) != 0)
            continue;
        strcpy(source->file, path);
        source->installed = true;
    }
}

static int find_source(const struct fonts_chain *chain, const char *name)
{
    for (int i = 0; i < chain->source_count; i++) {
        if (strcmp(chain->sources[i].name, name) == 0)
            return i;
    }
    return -1;
}

/* The next comma-separated part of *text, without blanks around it. */
static bool next_part(const char **text, char *out, size_t size)
{
    const char *from = *text + strspn(*text, " \t");
    size_t length = strcspn(from, ",");

    *text = from + length + (from[length] == ',');
    while (length > 0 && (from[length - 1] == ' ' || from[length - 1] == '\t'))
        length--;
    if (length == 0 || length >= size)
        return false;
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

static bool parse_index(const char *text, int *out)
{
    char *end = NULL;

    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end || end == text || value < 0 || value > FONTS_INDEX_MAX)
        return false;
    *out = (int)value;
    return true;
}

static bool take_face(struct reading *reading, const char *name,
                      const char *value)
{
    struct fonts_chain *chain = reading->chain;
    struct fonts_source source = {0};
    char index[8];

    if (chain->source_count == FONTS_FACES)
        return problem_set(reading->problem, PROBLEM_TOO_LARGE,
                           "more than %d faces", FONTS_FACES);
    if (find_source(chain, name) >= 0)
        return problem_set_field(reading->problem, name, "given twice");
    if (strlen(name) >= sizeof source.name ||
        !next_part(&value, source.file, sizeof source.file) ||
        !next_part(&value, index, sizeof index) ||
        !parse_index(index, &source.index) ||
        !next_part(&value, source.family, sizeof source.family) || *value)
        return problem_set_field(reading->problem, name,
                                 "expected FILE, INDEX, FAMILY");
    strcpy(source.name, name);
    locate(reading, &source);
    chain->sources[chain->source_count++] = source;
    return true;
}

/* Of [roles] or [scripts]. */
static struct fonts_role *find_role(struct fonts_role roles[TYPE_ROLE_COUNT],
                                    const char *name)
{
    for (int i = 0; i < TYPE_ROLE_COUNT; i++) {
        if (strcmp(role_names[i], name) == 0)
            return &roles[i];
    }
    return NULL;
}

static bool role_add(struct reading *reading, struct fonts_role *role,
                     const char *name)
{
    int source = find_source(reading->chain, name);

    if (source < 0)
        return problem_set_field(reading->problem, name,
                                 "no such face above in [faces]");
    if (role->count == FONTS_ROLE_FACES)
        return problem_set(reading->problem, PROBLEM_TOO_LARGE,
                           "more than %d faces in a role", FONTS_ROLE_FACES);
    role->faces[role->count++] = source;
    return true;
}

static bool take_role(struct reading *reading,
                      struct fonts_role roles[TYPE_ROLE_COUNT],
                      const char *name, const char *value)
{
    struct fonts_role *role = find_role(roles, name);

    if (!role)
        return problem_set_field(reading->problem, name, "no such role");
    if (role->count > 0)
        return problem_set_field(reading->problem, name, "given twice");
    while (*(value += strspn(value, " \t"))) {
        char face[FONTS_NAME_BYTES];
        size_t length = strcspn(value, " \t");
        snprintf(face, sizeof face, "%.*s", (int)length, value);
        if (!role_add(reading, role, face))
            return false;
        value += length;
    }
    return true;
}

static bool take_key(struct reading *reading, const char *section,
                     const char *name, const char *value)
{
    if (strcmp(section, "folders") == 0 && strcmp(name, "folder") == 0)
        return take_folder(reading, value);
    if (strcmp(section, "faces") == 0)
        return take_face(reading, name, value);
    if (strcmp(section, "roles") == 0)
        return take_role(reading, reading->chain->roles, name, value);
    if (strcmp(section, "scripts") == 0)
        return take_role(reading, reading->chain->scripts, name, value);
    return problem_set_field(reading->problem, name, "no such key in [%.40s]",
                             section);
}

static int take_pair(void *user, const char *section, const char *name,
                     const char *value)
{
    struct reading *reading = user;

    if (!reading->failed && !take_key(reading, section, name, value)) {
        reading->problem->line = reading->line;
        reading->failed = true;
    }
    return !reading->failed;
}

/* Like fgets, but counts lines and refuses one that inih would split. */
static char *read_line(char *text, int size, void *stream)
{
    struct reading *reading = stream;

    if (reading->failed || !fgets(text, size, reading->stream))
        return NULL;
    reading->line++;
    if (strlen(text) + 1 == (size_t)size && !strchr(text, '\n')) {
        problem_set(reading->problem, PROBLEM_TOO_LARGE,
                    "the line is longer than %d bytes", size - 3);
        reading->problem->line = reading->line;
        reading->failed = true;
        return NULL;
    }
    return text;
}

static bool parse(struct reading *reading)
{
    int line = ini_parse_stream(read_line, reading, take_pair, reading);

    if (reading->failed)
        return false;
    if (line != 0) {
        problem_set(reading->problem, PROBLEM_SYNTAX,
                    "neither [section] nor key = value");
        reading->problem->line = line;
        return false;
    }
    for (int i = 0; i < TYPE_ROLE_COUNT; i++) {
        if (reading->chain->roles[i].count == 0)
            return problem_set_field(reading->problem, role_names[i],
                                     "missing in [roles]");
    }
    return true;
}

/* Fonts beside the chain come first. */
static bool take_own_folder(struct reading *reading, const char *file)
{
    const char *slash = strrchr(file, '/');
    char folder[FONTS_PATH_BYTES];
    int length = slash ? snprintf(folder, sizeof folder, "%.*s",
                                  (int)(slash - file), file)
                       : snprintf(folder, sizeof folder, ".");

    if (length < 0 || (size_t)length >= sizeof folder)
        return problem_set(reading->problem, PROBLEM_TOO_LARGE,
                           "the path is too long");
    return take_folder(reading, folder);
}

static FILE *open_chain(const char *file)
{
    /* The stream is only read. */
    char *own = (char *)(uintptr_t)builtin_chain;

    return file ? fopen(file, "re") : fmemopen(own, strlen(own), "r");
}

bool fonts_chain_read(const char *file, struct fonts_chain *out,
                      struct problem *problem)
{
    struct fonts_chain *chain = calloc(1, sizeof *chain);
    struct reading reading = {.chain = chain, .problem = problem};

    problem_set_place(problem, file ? file : tr("built-in chain of fonts"));
    if (!chain)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    reading.stream = open_chain(file);
    if (!reading.stream) {
        free(chain);
        return problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
    }
    bool read = (!file || take_own_folder(&reading, file)) && parse(&reading);
    fclose(reading.stream);
    if (read)
        *out = *chain;
    free(chain);
    return read;
}
