/* A child process that draws, and the requests that wait for it. */
#include "publisher/console/painter.h"

#include "base/data_path.h"
#include "base/translate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Of an answer: a picture of 4K is smaller. */
enum { ANSWER_BYTES = 64 * 1024 * 1024, ANSWER_MS = 30000, FORGET_MS = 60000 };

struct job {
    char *request; /* its length and the JSON */
    size_t bytes;
    void (*done)(void *context, const json_t *head, const void *png,
                 size_t bytes);
    void *context;
    struct job *next;
};

struct painter {
    const struct options *options;
    const char *pictures;
    pid_t child; /* 0: it does not run */
    int fd;      /* a socket, its input and its output */
    struct job *first;
    size_t waiting;
    size_t sent;       /* bytes of the first one that were written */
    char *answer;      /* of the first one, so far */
    size_t got, room;  /* bytes of the answer */
    int64_t since_ms;  /* when the first one began; 0: not yet */
    int64_t failed_ms; /* when it ended last by itself */
    int failures;      /* since then, within FORGET_MS */
};

struct painter *painter_create(const struct options *options,
                               const char *pictures)
{
    struct painter *painter = calloc(1, sizeof *painter);

    if (painter)
        *painter = (struct painter){
            .options = options, .pictures = pictures, .fd = -1};
    return painter;
}

static void stop(struct painter *painter)
{
    if (painter->fd >= 0)
        close(painter->fd);
    painter->fd = -1;
    if (painter->child > 0) {
        kill(painter->child, SIGTERM);
        waitpid(painter->child, NULL, 0);
    }
    painter->child = 0;
    painter->sent = painter->got = 0;
}

static void job_free(struct job *job)
{
    free(job->request);
    free(job);
}

bool painter_ask(struct painter *painter, json_t *request,
                 void (*done)(void *context, const json_t *head,
                              const void *png, size_t bytes),
                 void *context)
{
    char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
    size_t length = text ? strlen(text) : 0;
    struct job *job = text && painter->waiting < PAINTER_WAITING
                          ? calloc(1, sizeof *job)
                          : NULL;
    char *bytes = job ? malloc(length + 4) : NULL;

    json_decref(request);
    if (!bytes) {
        free(text);
        free(job);
        return false;
    }
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(unsigned char)(length >> (24 - 8 * i));
    memcpy(bytes + 4, text, length);
    free(text);
    *job = (struct job){.request = bytes,
                        .bytes = length + 4,
                        .done = done,
                        .context = context};
    struct job **end = &painter->first;
    while (*end)
        end = &(*end)->next;
    *end = job;
    painter->waiting++;
    return true;
}

static bool spawn(struct painter *painter, int end)
{
    char program[DATA_PATH_BYTES];
    const char *words[16] = {program,       "render",     "--serve",
                             "--furniture", "--pictures", painter->pictures};
    size_t count = 6;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;

    program_beside("gaoshi-display", program);
    if (painter->options->preview_config) {
        words[count++] = "--config";
        words[count++] = painter->options->preview_config;
    }
    if (painter->options->data) {
        words[count++] = "--data";
        words[count++] = painter->options->data;
    }
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_adddup2(&actions, end, 0);
    posix_spawn_file_actions_adddup2(&actions, end, 1);
    bool spawned = posix_spawnp(&painter->child, program, &actions, &attributes,
                                (char *const *)(uintptr_t)words, environ) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (!spawned)
        painter->child = 0;
    return spawned;
}

static bool start(struct painter *painter)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    bool spawned = spawn(painter, ends[1]);
    close(ends[1]);
    if (!spawned) {
        close(ends[0]);
        return false;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    painter->fd = ends[0];
    return true;
}

/* The first one is answered. */
static void answer_first(struct painter *painter, const json_t *head,
                         const void *png, size_t bytes)
{
    struct job *job = painter->first;

    painter->first = job->next;
    painter->waiting--;
    painter->sent = painter->got = 0;
    painter->since_ms = 0;
    job->done(job->context, head, png, bytes);
    job_free(job);
}

static void fail_first(struct painter *painter, const char *why)
{
    json_t *head = json_pack("{s:{s:s, s:s}}", "problem", "field", "", "text",
                             tr(why));

    answer_first(painter, head, NULL, 0);
    json_decref(head);
}

/* The one that it was drawing may be the reason, so it is not tried again. */
static void note_failure(struct painter *painter, int64_t now_ms)
{
    stop(painter);
    if (now_ms > painter->failed_ms + FORGET_MS)
        painter->failures = 0;
    painter->failed_ms = now_ms;
    painter->failures++;
    fail_first(painter, "the program that draws ended");
}

static bool write_request(struct painter *painter)
{
    const struct job *job = painter->first;

    while (painter->sent < job->bytes) {
        ssize_t put = send(painter->fd, job->request + painter->sent,
                           job->bytes - painter->sent, MSG_NOSIGNAL);
        if (put < 0)
            return errno == EAGAIN || errno == EINTR;
        painter->sent += (size_t)put;
    }
    return true;
}

static size_t length_at(const char *bytes)
{
    const unsigned char *at = (const unsigned char *)bytes;

    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 |
           at[3];
}

static bool make_room(struct painter *painter, size_t bytes)
{
    if (bytes <= painter->room)
        return true;
    char *grown = bytes <= ANSWER_BYTES ? realloc(painter->answer, bytes)
                                        : NULL;
    if (!grown)
        return false;
    painter->answer = grown;
    painter->room = bytes;
    return true;
}

/* False: it ended, or says what it may not. *whole: the answer is there. */
static bool read_answer(struct painter *painter, bool *whole)
{
    *whole = false;
    for (;;) {
        size_t wanted = 8;
        if (painter->got >= 8)
            wanted += length_at(painter->answer) +
                      length_at(painter->answer + 4);
        if (painter->got == wanted && wanted > 8) {
            *whole = true;
            return true;
        }
        if (!make_room(painter, wanted))
            return false;
        ssize_t got = read(painter->fd, painter->answer + painter->got,
                           wanted - painter->got);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (got <= 0)
            return false;
        painter->got += (size_t)got;
    }
}

static void give(struct painter *painter)
{
    size_t head_bytes = length_at(painter->answer);
    size_t png_bytes = length_at(painter->answer + 4);
    json_t *head = json_loadb(painter->answer + 8, head_bytes, 0, NULL);

    if (head)
        answer_first(painter, head, painter->answer + 8 + head_bytes,
                     png_bytes);
    else
        fail_first(painter, "the program that draws said nothing sensible");
    json_decref(head);
}

void painter_turn(struct painter *painter, int64_t now_ms)
{
    while (painter->first) {
        bool whole;
        if (painter->child == 0 && (painter->failures >= PAINTER_STARTS &&
                                    now_ms < painter->failed_ms + FORGET_MS)) {
            fail_first(painter, "the program that draws ended too often");
            continue;
        }
        if (painter->child == 0 && !start(painter)) {
            fail_first(painter, "gaoshi-display cannot be run: it is neither "
                                "beside this program nor in PATH");
            continue;
        }
        if (painter->since_ms == 0)
            painter->since_ms = now_ms;
        if (!write_request(painter) || !read_answer(painter, &whole) ||
            now_ms >= painter->since_ms + ANSWER_MS) {
            note_failure(painter, now_ms);
            continue;
        }
        if (!whole)
            return;
        give(painter);
    }
}

size_t painter_poll(const struct painter *painter,
                    struct pollfd out[PAINTER_POLL_MAX])
{
    bool writes = painter->first && painter->sent < painter->first->bytes;

    if (painter->fd < 0)
        return 0;
    out[0] = (struct pollfd){
        .fd = painter->fd,
        .events = (short)(painter->first ? POLLIN | (writes ? POLLOUT : 0)
                                         : 0)};
    return painter->first ? 1 : 0;
}

void painter_destroy(struct painter *painter)
{
    if (!painter)
        return;
    stop(painter);
    while (painter->first)
        fail_first(painter, "the console ends");
    free(painter->answer);
    free(painter);
}
