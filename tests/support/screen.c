/* Runs the display as people do, by its command line. */
#include "tests/support/screen.h"

#include "display/edge/render/picture.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

#include <dirent.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct screen {
    pid_t pid;
    char *folder;
    char *log_file;
};

static void add(const char **words, int *count, const char *word)
{
    if (*count < PROCESS_WORDS_MAX - 1)
        words[(*count)++] = word;
}

static pid_t launch(const struct screen *screen,
                    const struct screen_options *options)
{
    const char *words[PROCESS_WORDS_MAX] = {NULL};
    const char *const fixed[] = {"--org",       "erqi",         "--screen",
                                 "lobby-1",     "--place",      "郑州市二七区",
                                 "--record",    screen->folder, "--show-drills",
                                 options->mode, options->size};
    char *program = process_beside(options->program ? options->program
                                                    : "gaoshi-display");
    int count = 0;

    add(words, &count, program);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0] && fixed[i]; i++)
        add(words, &count, fixed[i]);
    if (options->broker) {
        add(words, &count, "--broker");
        add(words, &count, options->broker);
    }
    if (options->trust) {
        add(words, &count, "--trust");
        add(words, &count, options->trust);
    }
    if (options->store) {
        add(words, &count, "--store");
        add(words, &count, options->store);
    }
    for (int i = 0; i < SCREEN_EXTRA_MAX && options->extra[i]; i++)
        add(words, &count, options->extra[i]);
    pid_t pid = program ? process_start(words, screen->log_file, -1) : -1;
    free(program);
    return pid;
}

static void release(struct screen *screen)
{
    free(screen->folder);
    free(screen->log_file);
    free(screen);
}

/* A journal of an earlier run must not be taken for this one's. */
static void forget_journal(const char *folder)
{
    char *journal = folder_path(folder, "journal.jsonl");

    if (journal)
        unlink(journal);
    free(journal);
}

struct screen *screen_start(const struct screen_options *options)
{
    struct screen *screen = calloc(1, sizeof *screen);

    if (!screen)
        return NULL;
    forget_journal(options->folder);
    screen->folder = strdup(options->folder);
    screen->log_file = folder_path(options->folder, "display.log");
    screen->pid = screen->folder && screen->log_file ? launch(screen, options)
                                                     : -1;
    if (screen->pid > 0)
        return screen;
    release(screen);
    return NULL;
}

int screen_stop(struct screen *screen)
{
    int status = process_stop(screen->pid);

    release(screen);
    return status;
}

int screen_kill(struct screen *screen, int signal)
{
    kill(screen->pid, signal);
    return screen_wait_end(screen);
}

pid_t screen_pid(const struct screen *screen)
{
    return screen->pid;
}

int screen_wait_end(struct screen *screen)
{
    int status = process_wait(screen->pid);

    release(screen);
    return status;
}

char *screen_journal(struct screen *screen)
{
    return folder_read(screen->folder, "journal.jsonl");
}

char *screen_log(struct screen *screen)
{
    return folder_read(screen->folder, "display.log");
}

static bool line_tells(const char *line, size_t bytes, const char *event,
                       const char *id)
{
    json_t *entry = json_loadb(line, bytes, 0, NULL);
    const char *what = json_string_value(json_object_get(entry, "event"));
    const char *whose = json_string_value(json_object_get(entry, "id"));
    bool tells = what && strcmp(what, event) == 0 &&
                 strcmp(whose ? whose : "", id) == 0;

    json_decref(entry);
    return tells;
}

int screen_count(struct screen *screen, const char *event, const char *id)
{
    char *journal = screen_journal(screen);
    int count = 0;

    for (char *line = journal; line && *line;) {
        size_t bytes = strcspn(line, "\n");
        if (!line[bytes])
            break; /* half a line: the next look will see the whole */
        count += line_tells(line, bytes, event, id);
        line += bytes + 1;
    }
    free(journal);
    return count;
}

struct expected {
    struct screen *screen;
    const char *event;
    const char *id;
    int times;
};

static bool has_happened(void *context)
{
    struct expected *expected = context;

    return screen_count(expected->screen, expected->event, expected->id) >=
           expected->times;
}

bool screen_wait(struct screen *screen, const char *event, const char *id,
                 int times)
{
    struct expected expected = {screen, event, id, times};

    if (process_wait_until(has_happened, &expected))
        return true;
    char *log = screen_log(screen);
    fprintf(stderr, "the screen never told «%s %s»; its log:\n%s\n", event, id,
            log ? log : "");
    free(log);
    return false;
}

int screen_count_log(struct screen *screen, const char *text)
{
    char *log = screen_log(screen);
    int count = 0;

    for (char *line = log ? strtok(log, "\n") : NULL; line;
         line = strtok(NULL, "\n"))
        count += strstr(line, text) != NULL;
    free(log);
    return count;
}

static bool log_tells(void *context)
{
    struct expected *expected = context;

    return screen_count_log(expected->screen, expected->event) >=
           expected->times;
}

bool screen_wait_log(struct screen *screen, const char *text, int times)
{
    struct expected expected = {screen, text, "", times};

    return process_wait_until(log_tells, &expected);
}

static bool file_has(const char *folder, const char *name,
                     const uint32_t *pixels, int width, int height)
{
    char *file = folder_path(folder, name);
    struct problem problem = {0};
    uint32_t *own = NULL;
    int own_width, own_height;
    bool read = file &&
                picture_read(file, &own, &own_width, &own_height, &problem);
    bool same = read && own_width == width && own_height == height;

    for (size_t i = 0; same && i < (size_t)width * (size_t)height; i++)
        same = ((own[i] ^ pixels[i]) & 0xFFFFFF) == 0;
    free(own);
    free(file);
    return same;
}

bool screen_has_recorded(const char *folder, const char *id,
                         const uint32_t *pixels, int width, int height)
{
    DIR *files = opendir(folder);
    const struct dirent *entry;
    bool has = false;

    while (files && !has && (entry = readdir(files)))
        has = strstr(entry->d_name, ".png") && strstr(entry->d_name, id) &&
              file_has(folder, entry->d_name, pixels, width, height);
    if (files)
        closedir(files);
    return has;
}
