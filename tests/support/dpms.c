/* Forwards the X protocol in a process of its own. In the answer to
 * QueryExtension it says that there is DPMS, and in the place of its requests
 * the server gets requests that do nothing, so that sequence numbers agree. */
#include "tests/support/dpms.h"

#include "tests/support/process.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LINES_MAX = 8,
    BUFFER_BYTES = 1 << 20,
    NUMBER_FROM = 300,
    NUMBER_MOST = 400,
    MAJOR_OPCODE = 200, /* above those of the server's extensions */
    QUERY_EXTENSION = 98,
    NO_OPERATION = 127,
    FORCE_LEVEL = 6,
    LEVEL_ON = 0,
    GENERIC_EVENT = 35,
    HEAD_BYTES = 32, /* of a reply, an event, an error */
    SETUP_BYTES = 12,
};

/* Shared with the child. */
struct noted {
    volatile int on, off, level;
};

struct dpms {
    struct noted *noted;
    pid_t pid;
    int listener;
    int number;
    char *before; /* DISPLAY */
};

struct waiting {
    struct dpms *dpms;
    bool off;
    int times;
};

/* One direction: what came and is not whole yet. */
struct stream {
    uint8_t bytes[BUFFER_BYTES];
    size_t count;
    bool begun; /* behind the setup */
};

struct line {
    int client, server; /* -1: free */
    struct stream asked, told;
    uint16_t sequence, queried; /* queried 0: not waited for */
};

static uint16_t get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint32_t get32(const uint8_t *bytes)
{
    return get16(bytes) | (uint32_t)get16(bytes + 2) << 16;
}

static size_t padded(size_t bytes)
{
    return (bytes + 3) / 4 * 4;
}

static bool send_all(int fd, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        count -= (size_t)sent;
    }
    return true;
}

/* The bytes of the first request, or 0 if they are not all there. */
static size_t request_bytes(const struct stream *stream)
{
    const uint8_t *bytes = stream->bytes;
    size_t length = 0;

    if (!stream->begun && stream->count >= SETUP_BYTES)
        length = SETUP_BYTES + padded(get16(bytes + 6)) +
                 padded(get16(bytes + 8));
    else if (stream->begun && stream->count >= 8)
        length = get16(bytes + 2) > 0 ? get16(bytes + 2) * (size_t)4
                                      : get32(bytes + 4) * (size_t)4;
    else if (stream->begun && stream->count >= 4)
        length = get16(bytes + 2) * (size_t)4;
    return length <= stream->count ? length : 0;
}

static size_t answer_bytes(const struct stream *stream)
{
    const uint8_t *bytes = stream->bytes;
    size_t length = 0;

    if (!stream->begun && stream->count >= 8)
        length = 8 + get16(bytes + 6) * (size_t)4;
    else if (stream->begun && stream->count >= HEAD_BYTES)
        length = HEAD_BYTES + (bytes[0] == 1 || bytes[0] == GENERIC_EVENT
                                   ? get32(bytes + 4) * (size_t)4
                                   : 0);
    return length <= stream->count ? length : 0;
}

static void look_at_request(struct line *line, struct noted *noted,
                            uint8_t *bytes)
{
    static const char name[] = "DPMS";

    line->sequence++;
    if (bytes[0] == QUERY_EXTENSION && get16(bytes + 4) == strlen(name) &&
        memcmp(bytes + 8, name, strlen(name)) == 0)
        line->queried = line->sequence;
    if (bytes[0] != MAJOR_OPCODE)
        return;
    if (bytes[1] == FORCE_LEVEL) {
        noted->level = get16(bytes + 4);
        if (noted->level == LEVEL_ON)
            noted->on++;
        else
            noted->off++;
    }
    bytes[0] = NO_OPERATION;
}

static void look_at_answer(struct line *line, uint8_t *bytes)
{
    if (line->queried == 0 || bytes[0] != 1 ||
        get16(bytes + 2) != line->queried)
        return;
    line->queried = 0;
    bytes[8] = 1; /* present */
    bytes[9] = MAJOR_OPCODE;
}

static void drop(struct stream *stream, size_t bytes)
{
    stream->count -= bytes;
    memmove(stream->bytes, stream->bytes + bytes, stream->count);
}

static bool read_more(int fd, struct stream *stream)
{
    ssize_t got = read(fd, stream->bytes + stream->count,
                       sizeof stream->bytes - stream->count);

    if (got > 0)
        stream->count += (size_t)got;
    return got > 0;
}

static bool pass_on(struct line *line, struct noted *noted)
{
    size_t bytes;

    while ((bytes = request_bytes(&line->asked)) > 0) {
        if (line->asked.begun)
            look_at_request(line, noted, line->asked.bytes);
        line->asked.begun = true;
        if (!send_all(line->server, line->asked.bytes, bytes))
            return false;
        drop(&line->asked, bytes);
    }
    while ((bytes = answer_bytes(&line->told)) > 0) {
        if (line->told.begun)
            look_at_answer(line, line->told.bytes);
        line->told.begun = true;
        if (!send_all(line->client, line->told.bytes, bytes))
            return false;
        drop(&line->told, bytes);
    }
    return true;
}

static void hang_up(struct line *line)
{
    close(line->client);
    close(line->server);
    line->client = line->server = -1;
}

static struct sockaddr_un address_of(int number)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/.X11-unix/X%d",
             number);
    return address;
}

static void take_line(struct line *lines, int listener, int server_number)
{
    const struct sockaddr_un address = address_of(server_number);
    int client = accept(listener, NULL, NULL);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    for (int i = 0; i < LINES_MAX; i++) {
        struct line *line = &lines[i];
        if (line->client >= 0)
            continue;
        memset(line, 0, sizeof *line);
        line->client = client;
        line->server = server;
        if (connect(server, (const struct sockaddr *)&address,
                    sizeof address) != 0)
            hang_up(line);
        return;
    }
    close(client);
    close(server);
}

static _Noreturn void serve(struct noted *noted, int listener, int number)
{
    struct line *lines = calloc(LINES_MAX, sizeof *lines);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; lines && i < LINES_MAX; i++)
        lines[i].client = lines[i].server = -1;
    while (lines) {
        struct pollfd files[1 + 2 * LINES_MAX] = {{listener, POLLIN, 0}};
        for (int i = 0; i < LINES_MAX; i++) {
            files[1 + 2 * i] = (struct pollfd){lines[i].client, POLLIN, 0};
            files[2 + 2 * i] = (struct pollfd){lines[i].server, POLLIN, 0};
        }
        if (poll(files, 1 + 2 * LINES_MAX, -1) < 0)
            break;
        for (int i = 0; i < LINES_MAX; i++) {
            struct line *line = &lines[i];
            bool up = line->client >= 0;
            if (up && files[1 + 2 * i].revents)
                up = read_more(line->client, &line->asked);
            if (up && files[2 + 2 * i].revents)
                up = read_more(line->server, &line->told);
            if (line->client >= 0 && !(up && pass_on(line, noted)))
                hang_up(line);
        }
        if (files[0].revents)
            take_line(lines, listener, number);
    }
    _exit(1);
}

static bool listen_on_free_number(struct dpms *dpms)
{
    dpms->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    for (int number = NUMBER_FROM; number < NUMBER_MOST; number++) {
        const struct sockaddr_un address = address_of(number);
        if (bind(dpms->listener, (const struct sockaddr *)&address,
                 sizeof address) != 0)
            continue;
        dpms->number = number;
        return listen(dpms->listener, LINES_MAX) == 0;
    }
    return false;
}

struct dpms *dpms_start(void)
{
    struct dpms *dpms = calloc(1, sizeof *dpms);
    const char *display = getenv("DISPLAY");
    char name[16];

    if (!dpms || !display || display[0] != ':' ||
        !listen_on_free_number(dpms)) {
        dpms_destroy(dpms);
        return NULL;
    }
    dpms->before = strdup(display);
    dpms->noted = mmap(NULL, sizeof *dpms->noted, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (dpms->noted == MAP_FAILED) {
        dpms->noted = NULL;
        dpms_destroy(dpms);
        return NULL;
    }
    dpms->pid = fork();
    if (dpms->pid == 0)
        serve(dpms->noted, dpms->listener, atoi(display + 1));
    snprintf(name, sizeof name, ":%d", dpms->number);
    setenv("DISPLAY", name, 1);
    return dpms;
}

void dpms_destroy(struct dpms *dpms)
{
    if (!dpms)
        return;
    if (dpms->pid > 0) {
        kill(dpms->pid, SIGKILL);
        waitpid(dpms->pid, NULL, 0);
    }
    if (dpms->before)
        setenv("DISPLAY", dpms->before, 1);
    if (dpms->number > 0)
        unlink(address_of(dpms->number).sun_path);
    if (dpms->listener >= 0)
        close(dpms->listener);
    if (dpms->noted)
        munmap(dpms->noted, sizeof *dpms->noted);
    free(dpms->before);
    free(dpms);
}

int dpms_count(const struct dpms *dpms, bool off)
{
    return off ? dpms->noted->off : dpms->noted->on;
}

static bool is_counted(void *context)
{
    const struct waiting *waiting = context;

    return dpms_count(waiting->dpms, waiting->off) >= waiting->times;
}

bool dpms_wait(struct dpms *dpms, bool off, int times)
{
    struct waiting waiting = {dpms, off, times};

    return process_wait_until(is_counted, &waiting);
}

bool dpms_is_off(const struct dpms *dpms)
{
    return dpms->noted->level != LEVEL_ON;
}
