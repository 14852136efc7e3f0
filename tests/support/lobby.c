/* Starts what a lobby with one screen has, and looks at its glass. */
#include "tests/support/lobby.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

enum { LOOK_NS = 50000, START_LIMIT_MS = 30000 };

static const char *const panels[LOBBY_PANELS] = {
    "{\"template\": \"figure\", \"section\": \"quality\", \"title\": "
    "\"建成区面积\", \"figures\": [{\"value\": 68.45, \"unit\": "
    "\"平方公里\"}]}",
    "{\"template\": \"share\", \"section\": \"warmth\", \"title\": "
    "\"花在民生上的钱\", \"figures\": [{\"label\": \"用于民生\", \"value\": "
    "70, \"unit\": \"%\"}], \"whole\": \"财政支出\"}",
    "{\"template\": \"honours\", \"section\": \"garden\", \"title\": "
    "\"尖岗水库\", \"items\": [{\"text\": \"全国首批“最美水站”\"}]}",
    "{\"template\": \"title\", \"section\": \"emergency\", \"title\": "
    "\"防汛救灾与疫情防控\", \"subtitle\": \"转移、救援、守护\"}",
};

double lobby_now_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

void lobby_pause(double ms)
{
    double whole_s = (double)(time_t)(ms / 1e3);
    const struct timespec pause = {.tv_sec = (time_t)whole_s,
                                   .tv_nsec = (long)(ms * 1e6 - whole_s * 1e9)};

    nanosleep(&pause, NULL);
}

double lobby_watch(bool (*is_so)(void *context), void *context, double limit_ms)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    double until_ms = lobby_now_ms() + limit_ms;

    while (lobby_now_ms() < until_ms) {
        if (is_so(context))
            return lobby_now_ms();
        nanosleep(&pause, NULL);
    }
    return -1;
}

static uint32_t grid_pixel(const struct lobby *lobby, int i)
{
    int x = (lobby->options.width - 1) * (i % LOBBY_GRID) / (LOBBY_GRID - 1);
    int y = (lobby->options.height - 1) * (i / LOBBY_GRID) / (LOBBY_GRID - 1);

    return xvfb_pixel(lobby->xvfb, x, y);
}

void lobby_remember(struct lobby *lobby)
{
    for (int i = 0; i < LOBBY_GRID * LOBBY_GRID; i++)
        lobby->grid[i] = grid_pixel(lobby, i);
}

bool lobby_has_moved(void *context)
{
    const struct lobby *lobby = context;

    for (int i = 0; i < LOBBY_GRID * LOBBY_GRID; i++) {
        if (grid_pixel(lobby, i) != lobby->grid[i])
            return true;
    }
    return false;
}

bool lobby_publish(struct lobby *lobby, const struct signer_message *message,
                   double *moment_ms)
{
    char topic[512];
    char *text = signer_seal(lobby->signer, message);

    signer_topic(message, topic);
    *moment_ms = lobby_now_ms();
    bool sent = text && link_publish(peer_link(lobby->peer), topic, text,
                                     strlen(text), 1, true, lobby->published);
    lobby->published += sent;
    free(text);
    return sent;
}

bool lobby_collect(struct lobby *lobby)
{
    const struct peer_answer *answer = peer_wait_answer(lobby->peer,
                                                        lobby->published - 1);

    return answer && answer->result == LINK_DELIVERED;
}

static bool push_panels(struct lobby *lobby)
{
    for (int i = 0; i < lobby->options.panel_count; i++) {
        char id[16];
        double moment_ms;
        const struct signer_message panel = {
            .kind = "panel", .id = id, .seq = 1, .content = panels[i]};
        snprintf(id, sizeof id, "p%d", i);
        if (!lobby_publish(lobby, &panel, &moment_ms) || !lobby_collect(lobby))
            return false;
    }
    return true;
}

static pid_t launch(const struct lobby *lobby, const char *program,
                    const char *store, const char *log)
{
    char size[32], dwell[16];
    const char *const words[] = {program,
                                 "--org",
                                 "erqi",
                                 "--screen",
                                 "lobby-1",
                                 "--place",
                                 "郑州市二七区",
                                 "--broker",
                                 broker_url(lobby->broker),
                                 "--trust",
                                 signer_file(lobby->signer),
                                 "--theme",
                                 "night",
                                 "--store",
                                 store,
                                 "--windowed",
                                 size,
                                 lobby->options.dwell_ms > 0 ? "--dwell" : NULL,
                                 dwell,
                                 NULL};

    snprintf(size, sizeof size, "%dx%d", lobby->options.width,
             lobby->options.height);
    snprintf(dwell, sizeof dwell, "%d", lobby->options.dwell_ms);
    return process_start(words, log, -1);
}

/* No client draws: the server's own ground is black. */
static bool is_dark(void *context)
{
    const struct lobby *lobby = context;

    for (int i = 0; i < LOBBY_GRID * LOBBY_GRID; i++) {
        if (grid_pixel(lobby, i) != 0)
            return false;
    }
    return true;
}

bool lobby_start_display(struct lobby *lobby)
{
    char *program = process_beside("gaoshi-display");
    char *store = folder_path(lobby->folder, "store.db");
    char *log = folder_path(lobby->folder, "display.log");
    pid_t pid = -1;

    bool dark = lobby_watch(is_dark, lobby, START_LIMIT_MS) > 0;
    lobby_remember(lobby);
    double begin_ms = lobby_now_ms();
    if (dark && program && store && log)
        pid = launch(lobby, program, store, log);
    free(program);
    free(store);
    free(log);
    if (pid <= 0)
        return false;
    lobby->display = pid;
    double seen_ms = lobby_watch(lobby_has_moved, lobby, START_LIMIT_MS);
    lobby->start_ms = seen_ms - begin_ms;
    return seen_ms > 0;
}

int lobby_stop_display(struct lobby *lobby)
{
    int status = lobby->display > 0 ? process_stop(lobby->display) : -1;

    lobby->display = 0;
    return status;
}

bool lobby_open(struct lobby *lobby, const struct lobby_options *options)
{
    *lobby = (struct lobby){.options = *options};
    prctl(PR_SET_TIMERSLACK, 1); /* looks are evenly spaced */
    lobby->folder = folder_make();
    lobby->xvfb = xvfb_start(options->width, options->height);
    lobby->broker = broker_start(NULL);
    if (!lobby->folder || !lobby->xvfb || !lobby->broker)
        return false;
    lobby->signer = signer_create(lobby->folder, "operator");
    lobby->peer = peer_connect(broker_url(lobby->broker), "operator");
    return lobby->signer && lobby->peer && push_panels(lobby) &&
           lobby_start_display(lobby);
}

int lobby_close(struct lobby *lobby)
{
    int status = lobby_stop_display(lobby);

    peer_destroy(lobby->peer);
    signer_destroy(lobby->signer);
    broker_destroy(lobby->broker);
    xvfb_destroy(lobby->xvfb);
    folder_remove(lobby->folder);
    free(lobby->folder);
    *lobby = (struct lobby){.folder = NULL};
    return status;
}
