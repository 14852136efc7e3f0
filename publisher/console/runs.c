/* Starts child processes and reads their two outputs without waiting. */
#include "publisher/console/runs.h"

#include "base/data_path.h"
#include "base/language.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct output {
    int fd; /* -1: closed */
    char *text;
    size_t bytes, room;
};

struct run {
    struct run_words words;
    void (*done)(void *context, const struct run_result *result);
    void *context;
    const char *language; /* of its messages; NULL: of this program */
    pid_t child;          /* 0: it waits */
    int64_t started_ms;
    struct output outputs[2]; /* standard output and error */
    struct run *next;
};

struct runs {
    const struct options *options; /* borrowed */
    char program[DATA_PATH_BYTES];
    struct run *first; /* those that run before those that wait */
};

static void take_word(struct run_words *words, char *text)
{
    if (text && words->count < RUN_WORDS_MAX) {
        words->texts[words->count++] = text;
        return;
    }
    free(text);
    words->failed = true;
}

void run_words_add(struct run_words *words, const char *text)
{
    take_word(words, strdup(text));
}

void run_words_flag(struct run_words *words, const char *flag,
                    const char *value)
{
    char *text = NULL;

    if (value)
        take_word(words,
                  asprintf(&text, "--%s=%s", flag, value) < 0 ? NULL : text);
}

void run_words_finish(struct run_words *words)
{
    while (words->count > 0)
        free(words->texts[--words->count]);
    *words = (struct run_words){.count = 0};
}

struct runs *runs_create(const struct options *options)
{
    struct runs *runs = calloc(1, sizeof *runs);

    if (!runs)
        return NULL;
    runs->options = options;
    program_beside("gaoshi-publish", runs->program);
    return runs;
}

static void run_free(struct run *run)
{
    for (size_t i = 0; i < 2; i++) {
        if (run->outputs[i].fd >= 0)
            close(run->outputs[i].fd);
        free(run->outputs[i].text);
    }
    run_words_finish(&run->words);
    free(run);
}

/* What the console was told of sending, also by its configuration. */
static void add_options(struct run_words *words, const struct options *options)
{
    char number[16];

    run_words_flag(words, "config", options->config_file);
    for (size_t i = 0; i < options->brokers.count; i++)
        run_words_flag(words, "broker", options->brokers.texts[i]);
    run_words_flag(words, "org", options->org);
    run_words_flag(words, "key", options->key_file);
    if (words->signs)
        run_words_flag(words, "pass-phrase-file", options->pass_phrase_file);
    run_words_flag(words, "state", options->state_file);
    run_words_flag(words, "username", options->username);
    run_words_flag(words, "password-file", options->password_file);
    run_words_flag(words, "ca", options->ca_file);
    run_words_flag(words, "cert", options->cert_file);
    run_words_flag(words, "cert-key", options->cert_key_file);
    snprintf(number, sizeof number, "%d", options->mqtt_version);
    run_words_flag(words, "mqtt", number);
    snprintf(number, sizeof number, "%d", options->timeout_s);
    run_words_flag(words, "timeout", number);
}

bool runs_start(struct runs *runs, struct run_words *words,
                void (*done)(void *context, const struct run_result *result),
                void *context)
{
    struct run **end = &runs->first;
    size_t waiting = 0;

    for (; *end; end = &(*end)->next)
        waiting += (*end)->child == 0;
    add_options(words, runs->options);
    struct run *run = words->failed || waiting >= RUNS_WAITING
                          ? NULL
                          : calloc(1, sizeof *run);
    if (!run) {
        run_words_finish(words);
        return false;
    }
    *run = (struct run){.words = *words,
                        .done = done,
                        .context = context,
                        .language = language_name_of_thread(),
                        .outputs = {{.fd = -1}, {.fd = -1}}};
    *words = (struct run_words){.count = 0};
    *end = run;
    return true;
}

/* The environment with the language instead of its own; the caller frees the
 * list, not its texts. */
static char **environment_of(const char *language, char setting[32])
{
    static const char *const others[] = {
        "LANGUAGE=", "LC_ALL=", "LC_MESSAGES=", "LC_CTYPE="};
    size_t count = 0, kept = 0;

    while (environ[count])
        count++;
    char **list = calloc(count + 3, sizeof *list);
    for (size_t i = 0; list && i < count; i++) {
        bool passes = true;
        for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
            passes = passes &&
                     strncmp(environ[i], others[k], strlen(others[k])) != 0;
        if (passes)
            list[kept++] = environ[i];
    }
    if (list) {
        static char locale[] = "LC_ALL=C.UTF-8";
        snprintf(setting, 32, "LANGUAGE=%s", language);
        list[kept++] = locale;
        list[kept] = setting;
    }
    return list;
}

static bool spawn(struct runs *runs, struct run *run, int pipes[2][2])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    char *words[RUN_WORDS_MAX + 2] = {runs->program};
    char setting[32];
    char **environment = run->language ? environment_of(run->language, setting)
                                       : NULL;

    memcpy(words + 1, run->words.texts, sizeof run->words.texts);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipes[0][1], 1);
    posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 2);
    bool spawned = posix_spawnp(&run->child, runs->program, &actions,
                                &attributes, words,
                                environment ? environment : environ) == 0;
    free(environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return spawned;
}

static bool start(struct runs *runs, struct run *run, int64_t now_ms)
{
    int pipes[2][2] = {{-1, -1}, {-1, -1}};
    bool started = pipe2(pipes[0], O_CLOEXEC) == 0 &&
                   pipe2(pipes[1], O_CLOEXEC) == 0 && spawn(runs, run, pipes);

    run->started_ms = now_ms;
    for (size_t i = 0; i < 2; i++) {
        if (pipes[i][1] >= 0)
            close(pipes[i][1]);
        if (started)
            fcntl(pipes[i][0], F_SETFL, O_NONBLOCK);
        else if (pipes[i][0] >= 0)
            close(pipes[i][0]);
        run->outputs[i].fd = started ? pipes[i][0] : -1;
    }
    return started;
}

/* Further output than is kept is read and forgotten. */
static void keep(struct output *output, const char *bytes, size_t count)
{
    size_t needed = output->bytes + count + 1;

    if (needed > RUN_OUTPUT_BYTES)
        return;
    if (needed > output->room) {
        char *grown = realloc(output->text, 2 * needed);
        if (!grown)
            return;
        output->text = grown;
        output->room = 2 * needed;
    }
    memcpy(output->text + output->bytes, bytes, count);
    output->bytes += count;
    output->text[output->bytes] = '\0';
}

static void read_output(struct output *output)
{
    char bytes[16 * 1024];

    while (output->fd >= 0) {
        ssize_t got = read(output->fd, bytes, sizeof bytes);
        if (got > 0) {
            keep(output, bytes, (size_t)got);
            continue;
        }
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        close(output->fd);
        output->fd = -1;
    }
}

/* Takes it off the list first: who is called back may start another one. */
static void end(struct run **at, int code)
{
    struct run *run = *at;
    const struct run_result result = {
        .code = code,
        .out = run->outputs[0].text ? run->outputs[0].text : "",
        .out_bytes = run->outputs[0].bytes,
        .err = run->outputs[1].text ? run->outputs[1].text : "",
    };

    *at = run->next;
    run->done(run->context, &result);
    run_free(run);
}

/* True: it is over, and was taken off. */
static bool turn_one(struct run **at, int64_t now_ms)
{
    struct run *run = *at;
    int status;

    read_output(&run->outputs[0]);
    read_output(&run->outputs[1]);
    if (now_ms >= run->started_ms + RUN_LASTS_MS)
        kill(run->child, SIGTERM);
    if (run->outputs[0].fd >= 0 || run->outputs[1].fd >= 0)
        return false;
    /* Both outputs are closed: it is just ending. */
    while (waitpid(run->child, &status, 0) < 0)
        if (errno != EINTR)
            status = -1;
    end(at, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return true;
}

void runs_turn(struct runs *runs, int64_t now_ms)
{
    size_t running = 0;
    struct run **at = &runs->first;

    while (*at) {
        struct run *run = *at;
        if (run->child == 0 && running >= RUNS_MAX)
            return;
        if (run->child == 0 && !start(runs, run, now_ms)) {
            keep(&run->outputs[1], "gaoshi-publish cannot be run", 28);
            end(at, -1);
            continue;
        }
        running++;
        if (!turn_one(at, now_ms))
            at = &(*at)->next;
    }
}

size_t runs_poll(const struct runs *runs, struct pollfd out[RUNS_POLL_MAX])
{
    size_t count = 0;

    for (const struct run *run = runs->first; run; run = run->next)
        for (size_t i = 0; i < 2; i++)
            if (run->child > 0 && run->outputs[i].fd >= 0)
                out[count++] = (struct pollfd){.fd = run->outputs[i].fd,
                                               .events = POLLIN};
    return count;
}

void runs_destroy(struct runs *runs)
{
    while (runs && runs->first) {
        struct run *run = runs->first;
        if (run->child > 0) {
            kill(run->child, SIGTERM);
            waitpid(run->child, NULL, 0);
        }
        keep(&run->outputs[1], "the console ended", 17);
        end(&runs->first, -1);
    }
    free(runs);
}
