/* N screens in one process: each has its own line, keys, board and receipts,
 * as gaoshi-display has them, and no pixels. What a board puts on the glass
 * counts as shown at the next turn.
 *
 * fleet --port N --trust FILE [--screens N] [--dead N] [--refusing N] [--slow
 * N]
 *
 * Screens are called s-1, s-2, …; the first ones are dead (they connect and
 * drop the line), the next know only another key, the next show everything
 * three seconds late. «ready» on standard output: all of them are subscribed.
 * It ends when standard input ends. */
#include "base/clock.h"
#include "display/core/board/board.h"
#include "protocol/key.h"
#include "protocol/receipt.h"
#include "protocol/topic.h"
#include "tests/fleet/mqtt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    FRAME_MS = 16,
    LOOK_MS = 10, /* between two looks at all screens at least */
    SLOW_MS = 3000,
    PING_MS = 60000,
    CONNECTING_MAX = 500, /* at once, within the broker's backlog */
    EVENTS = 512,
    AREA_BYTES = 13,
};

/* As SUBSCRIBER_SPREAD_US and SUBSCRIBER_SPREAD_MAX_MS of the display. */
enum { SPREAD_US = 200, SPREAD_MAX_MS = 10000 };

struct held {
    struct receipt receipt;
    struct held *next;
};

struct fleet;

struct screen {
    struct fleet *fleet;
    struct mqtt mqtt;
    struct board *board; /* NULL: it is dead */
    struct screen_identity identity;
    size_t filters; /* not answered yet */
    bool is_dead, refuses, is_slow, connecting, done;
    int64_t run;
    int64_t frame_ms; /* monotonic: what is there then is shown; 0: none due */
    int64_t told_ms;  /* monotonic: the receipts leave; 0: none wait */
    struct held *held, **held_end;
    int64_t shown_seq; /* of the message that stands there */
    char shown_id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t alert_ms; /* wall clock: the last alert was shown */
};

struct fleet {
    int port, epoll;
    struct screen *screens;
    size_t count, next, connecting, ready;
    struct key_ring trusted, other;
    bool told_ready;
    int64_t look_ms; /* monotonic: when screens are looked at next */
};

static size_t one_page(void *context, const struct message *message,
                       const struct page_place *place)
{
    (void)context, (void)message, (void)place;
    return 1;
}

static int64_t one_dwell(void *context, const struct message *message,
                         const struct page_place *place, size_t page)
{
    (void)context, (void)message, (void)place, (void)page;
    return 15000;
}

static struct moment read_clocks(void)
{
    return (struct moment){.mono_ms = clock_monotonic_ms(),
                           .wall_ms = clock_wall_ms(),
                           .wall_trusted = true,
                           .wall_confirmed = true,
                           .floor_ms = TIMESTAMP_NONE};
}

static void make_topic(const struct screen *screen, enum topic_kind kind,
                       char out[LIMIT_TOPIC_BYTES])
{
    struct topic topic = {.kind = kind};

    memcpy(topic.org, screen->identity.org, sizeof topic.org);
    memcpy(topic.screen, screen->identity.screen, sizeof topic.screen);
    if (!topic_format(&topic, out))
        abort();
}

/* Takes the text. */
static void say(struct screen *screen, enum topic_kind kind, char *text,
                bool retained)
{
    char topic[LIMIT_TOPIC_BYTES];

    make_topic(screen, kind, topic);
    mqtt_publish(&screen->mqtt, topic, text, retained);
    free(text);
}

static void say_state(struct screen *screen)
{
    char showing[LIMIT_IDENTIFIER_BYTES + 16] = "plain";
    struct screen_alert shown = {screen->shown_id, screen->shown_seq,
                                 screen->alert_ms};
    struct screen_alert live[SCREEN_STATE_ALERTS];
    size_t alerts = 0;
    struct screen_state state = {
        .screen = screen->identity.screen,
        .version = GAOSHI_VERSION,
        .run = screen->run,
        .area = screen->identity.area,
        .showing = showing,
        .since_ms = clock_wall_ms(),
        .until_ms = TIMESTAMP_NONE,
        .live = live,
        .clock_trusted = true,
        .store_ok = true,
        .news_ms = TIMESTAMP_NONE,
        .tick_ms = TIMESTAMP_NONE,
        .at_ms = clock_wall_ms(),
    };

    if (screen->shown_seq) {
        snprintf(showing, sizeof showing, "%s/%s",
                 screen->alert_ms ? "alert" : "panel", screen->shown_id);
        state.showing_seq = screen->shown_seq;
    }
    if (screen->alert_ms) {
        state.shown = &shown;
        state.shown_count = 1;
    }
    const struct message *const *list =
        screen->board ? board_alerts(screen->board, &alerts) : NULL;
    for (size_t i = 0; i < alerts && i < SCREEN_STATE_ALERTS; i++)
        live[state.live_count++] =
            (struct screen_alert){list[i]->id, list[i]->seq, TIMESTAMP_NONE};
    state.alerts = (int)alerts;
    say(screen, TOPIC_STATE, screen_state_format(&state), true);
}

static int64_t draw_lot(int64_t most)
{
    uint32_t random = 0;

    if (most <= 0 || getrandom(&random, sizeof random, 0) != sizeof random)
        return 0;
    return random % (most + 1);
}

static void look_at(struct fleet *fleet, int64_t ms)
{
    if (ms < fleet->look_ms)
        fleet->look_ms = ms;
}

static struct receipt *hold(struct screen *screen, enum receipt_event event,
                            const char *id, int64_t seq)
{
    struct held *held = calloc(1, sizeof *held);
    int64_t spread_ms = screen->board
                            ? (int64_t)board_figures(screen->board).screens *
                                  SPREAD_US / 1000
                            : 0;

    if (!held)
        abort();
    held->receipt =
        (struct receipt){.event = event, .seq = seq, .at_ms = clock_wall_ms()};
    snprintf(held->receipt.message, sizeof held->receipt.message, "%s", id);
    memcpy(held->receipt.screen, screen->identity.screen,
           sizeof held->receipt.screen);
    if (!screen->held) {
        screen->held_end = &screen->held;
        screen->told_ms = clock_monotonic_ms() +
                          draw_lot(spread_ms < SPREAD_MAX_MS ? spread_ms
                                                             : SPREAD_MAX_MS);
        look_at(screen->fleet, screen->told_ms);
    }
    *screen->held_end = held;
    screen->held_end = &held->next;
    return &held->receipt;
}

static void tell_held(struct screen *screen)
{
    while (screen->held) {
        struct held *held = screen->held;
        say(screen, TOPIC_RECEIPT, receipt_format(&held->receipt), false);
        screen->held = held->next;
        free(held);
    }
    screen->told_ms = 0;
    say_state(screen);
}

static void make_board(struct screen *screen)
{
    const struct board_options options = {
        .identity = screen->identity,
        .ring = screen->refuses ? &screen->fleet->other
                                : &screen->fleet->trusted,
        .plan = {NULL, one_page, one_dwell, NULL},
        .show_exercises = true,
        .clear_ms = 8000,
    };

    screen->board = board_create(&options);
    if (!screen->board)
        abort();
}

/* No pixels: it says that it did it. */
static void answer_command(struct screen *screen,
                           const struct board_intake *judged)
{
    struct receipt receipt = {.event = RECEIPT_VERIFIED,
                              .seq = judged->seq,
                              .at_ms = clock_wall_ms(),
                              .text = "done"};

    snprintf(receipt.message, sizeof receipt.message, "%s", judged->id);
    memcpy(receipt.screen, screen->identity.screen, sizeof receipt.screen);
    say(screen, TOPIC_REPLY, receipt_format(&receipt), false);
}

static void refuse(struct screen *screen, const struct board_intake *judged,
                   const struct problem *problem, const char *payload,
                   size_t bytes)
{
    struct problem told = *problem;
    struct receipt own = {.event = RECEIPT_REFUSED, .seq = judged->seq};
    bool command = judged->kind == MESSAGE_COMMAND;

    if (judged->kind == MESSAGE_INDEX || judged->kind == MESSAGE_TICK ||
        judged->kind == MESSAGE_KEYS || !judged->id[0])
        return;
    struct receipt *receipt =
        command ? &own : hold(screen, RECEIPT_REFUSED, judged->id, judged->seq);
    snprintf(receipt->message, sizeof receipt->message, "%s", judged->id);
    memcpy(receipt->screen, screen->identity.screen, sizeof receipt->screen);
    told.place[0] = told.consequence[0] = '\0';
    snprintf(receipt->reason, sizeof receipt->reason, "%s",
             problem_code_name(problem->code));
    problem_format(&told, receipt->text, sizeof receipt->text);
    if (judged->seq == 0)
        envelope_digest(payload, bytes, receipt->digest);
    if (command)
        say(screen, TOPIC_REPLY, receipt_format(&own), false);
}

static void tell_ended(struct screen *screen, const struct moment *now)
{
    struct board_ended ended[BOARD_ENDED_MAX];
    size_t count = board_advance(screen->board, now, ended);

    for (size_t i = 0; i < count; i++) {
        struct receipt *receipt = hold(screen, RECEIPT_ENDED, ended[i].id,
                                       ended[i].seq);
        snprintf(receipt->reason, sizeof receipt->reason, "%s",
                 ended[i].reason);
    }
}

static void on_message(void *context, const char *topic, const char *payload,
                       size_t bytes)
{
    struct screen *screen = context;

    if (screen->is_dead)
        return;
    const struct moment now = read_clocks();
    struct board_intake judged = board_refusal(topic);
    struct verified_message verified = {.message = NULL};
    struct problem problem = {0};

    const struct trust trust = board_trust(screen->board);
    if (verified_message_init(&verified, &trust, topic, payload, bytes,
                              &problem))
        judged = board_take(screen->board, &verified, now.wall_ms, &now,
                            &problem);
    verified_message_finish(&verified);
    if (judged.effect == BOARD_REFUSED)
        refuse(screen, &judged, &problem, payload, bytes);
    if (judged.effect == BOARD_COMMAND)
        answer_command(screen, &judged);
    if (judged.effect != BOARD_ACCEPTED && judged.effect != BOARD_TOOK_OFF)
        return;
    hold(screen, RECEIPT_VERIFIED, judged.id, judged.seq);
    tell_ended(screen, &now);
    screen->frame_ms = now.mono_ms + (screen->is_slow ? SLOW_MS : FRAME_MS);
    look_at(screen->fleet, screen->frame_ms);
}

/* The frame is presented. */
static void show(struct screen *screen)
{
    const struct moment now = read_clocks();

    screen->frame_ms = 0;
    tell_ended(screen, &now);
    const struct scene scene = board_scene(screen->board, &now);
    const struct message *message = scene.alert.message ? scene.alert.message
                                                        : scene.message;
    if (!message) {
        screen->shown_seq = screen->alert_ms = 0;
        return;
    }
    if (message->seq == screen->shown_seq)
        return;
    screen->shown_seq = message->seq;
    snprintf(screen->shown_id, sizeof screen->shown_id, "%s", message->id);
    screen->alert_ms = message->kind == MESSAGE_ALERT ? now.wall_ms : 0;
    hold(screen, RECEIPT_SHOWN, message->id, message->seq);
}

static void on_connected(void *context)
{
    struct screen *screen = context;
    char filters[TOPIC_FILTER_MAX][LIMIT_TOPIC_BYTES];

    say(screen, TOPIC_PRESENCE,
        presence_format(PRESENCE_ONLINE, screen->identity.screen,
                        GAOSHI_VERSION, screen->run, clock_wall_ms()),
        true);
    say_state(screen);
    screen->filters = topic_filters(&screen->identity, filters);
    for (size_t i = 0; i < screen->filters; i++)
        mqtt_subscribe(&screen->mqtt, filters[i]);
}

static void is_ready(struct screen *screen)
{
    struct fleet *fleet = screen->fleet;

    fleet->connecting -= screen->connecting;
    screen->connecting = false;
    fleet->ready += !screen->done;
    screen->done = true;
}

static void on_subscribed(void *context)
{
    struct screen *screen = context;

    if (--screen->filters == 0)
        is_ready(screen);
}

static bool connect_screen(struct fleet *fleet, struct screen *screen)
{
    char topic[LIMIT_TOPIC_BYTES];
    char *will = presence_format(PRESENCE_OFFLINE, screen->identity.screen,
                                 GAOSHI_VERSION, screen->run, clock_wall_ms());
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET,
                                .data.ptr = screen};

    make_topic(screen, TOPIC_PRESENCE, topic);
    if (!screen->is_dead)
        make_board(screen);
    bool connected =
        mqtt_connect(&screen->mqtt, fleet->port, screen->identity.screen,
                     &(struct mqtt_will){topic, will}) &&
        epoll_ctl(fleet->epoll, EPOLL_CTL_ADD, screen->mqtt.fd, &event) == 0;
    free(will);
    screen->connecting = connected;
    fleet->connecting += connected;
    return connected;
}

static void handle(struct screen *screen)
{
    const struct mqtt_events calls = {screen, on_connected, on_subscribed,
                                      on_message};
    bool up = screen->mqtt.fd >= 0 && mqtt_flush(&screen->mqtt) &&
              mqtt_read(&screen->mqtt, &calls) && mqtt_flush(&screen->mqtt);

    if (up && !(screen->is_dead && screen->done))
        return;
    if (!screen->done)
        fprintf(stderr, "%s: the line broke\n", screen->identity.screen);
    screen->fleet->connecting -= screen->connecting;
    screen->connecting = false;
    mqtt_drop(&screen->mqtt);
}

/* Frames and receipts that are due. Returns how long nothing is. */
static int turn(struct fleet *fleet)
{
    int64_t now_ms = clock_monotonic_ms(), next_ms = now_ms + 1000;

    if (now_ms < fleet->look_ms)
        return (int)(fleet->look_ms - now_ms);
    for (size_t i = 0; i < fleet->count; i++) {
        struct screen *screen = &fleet->screens[i];
        if (screen->mqtt.fd < 0)
            continue;
        if (screen->frame_ms && screen->frame_ms <= now_ms)
            show(screen);
        if (screen->told_ms && screen->told_ms <= now_ms) {
            tell_held(screen);
            mqtt_flush(&screen->mqtt);
        }
        if (screen->frame_ms && screen->frame_ms < next_ms)
            next_ms = screen->frame_ms;
        if (screen->told_ms && screen->told_ms < next_ms)
            next_ms = screen->told_ms;
    }
    fleet->look_ms = next_ms > now_ms + LOOK_MS ? next_ms : now_ms + LOOK_MS;
    return (int)(fleet->look_ms - now_ms);
}

static void ping_all(struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++)
        if (fleet->screens[i].mqtt.fd >= 0) {
            mqtt_ping(&fleet->screens[i].mqtt);
            mqtt_flush(&fleet->screens[i].mqtt);
        }
}

static void run(struct fleet *fleet)
{
    struct epoll_event events[EVENTS];
    struct epoll_event end = {.events = EPOLLIN, .data.ptr = NULL};
    int64_t ping_ms = clock_monotonic_ms() + PING_MS;

    epoll_ctl(fleet->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &end);
    for (;;) {
        while (fleet->next < fleet->count && fleet->connecting < CONNECTING_MAX)
            if (!connect_screen(fleet, &fleet->screens[fleet->next++]))
                perror("connect");
        if (fleet->ready == fleet->count && !fleet->told_ready) {
            fleet->told_ready = true;
            fputs("ready\n", stderr);
        }
        int count = epoll_wait(fleet->epoll, events, EVENTS, turn(fleet));
        if (count < 0 && errno != EINTR)
            return;
        for (int i = 0; i < count; i++) {
            if (!events[i].data.ptr)
                return;
            handle(events[i].data.ptr);
        }
        if (clock_monotonic_ms() >= ping_ms) {
            ping_all(fleet);
            ping_ms = clock_monotonic_ms() + PING_MS;
        }
    }
}

static bool load_keys(struct fleet *fleet, const char *file)
{
    char pem[LIMIT_KEY_PEM_BYTES];
    struct problem problem = {0};
    struct key *key = NULL, *other = NULL;
    FILE *in = fopen(file, "re");

    if (!in)
        return false;
    size_t bytes = fread(pem, 1, sizeof pem, in);
    fclose(in);
    return key_from_public_pem(pem, bytes, &key, &problem) &&
           key_ring_add(&fleet->trusted, key,
                        KEY_ROLE_PANELS | KEY_ROLE_ALERTS |
                            KEY_ROLE_COMMANDS) &&
           key_generate(KEY_ED25519, &other, &problem) &&
           key_ring_add(&fleet->other, other,
                        KEY_ROLE_PANELS | KEY_ROLE_ALERTS | KEY_ROLE_COMMANDS);
}

int main(int argc, char **argv)
{
    struct fleet fleet = {.epoll = epoll_create1(EPOLL_CLOEXEC), .count = 10};
    size_t dead = 0, refusing = 0, slow = 0;
    const char *trust = NULL;

    for (int i = 1; i + 1 < argc; i += 2) {
        size_t number = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--port") == 0)
            fleet.port = (int)number;
        else if (strcmp(argv[i], "--screens") == 0)
            fleet.count = number;
        else if (strcmp(argv[i], "--dead") == 0)
            dead = number;
        else if (strcmp(argv[i], "--refusing") == 0)
            refusing = number;
        else if (strcmp(argv[i], "--slow") == 0)
            slow = number;
        else if (strcmp(argv[i], "--trust") == 0)
            trust = argv[i + 1];
    }
    if (!trust || !load_keys(&fleet, trust)) {
        fprintf(stderr, "--trust: no public key\n");
        return 2;
    }
    fleet.screens = calloc(fleet.count, sizeof *fleet.screens);
    for (size_t i = 0; i < fleet.count; i++) {
        struct screen *screen = &fleet.screens[i];
        *screen = (struct screen){
            .fleet = &fleet, .mqtt.fd = -1, .run = draw_lot(INT32_MAX) + 1};
        strcpy(screen->identity.org, "erqi");
        strcpy(screen->identity.area, "410103001002");
        snprintf(screen->identity.screen, sizeof screen->identity.screen,
                 "s-%zu", i + 1);
        screen->is_dead = i < dead;
        screen->refuses = !screen->is_dead && i < dead + refusing;
        screen->is_slow = !screen->refuses && i >= dead &&
                          i < dead + refusing + slow;
    }
    run(&fleet);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    fprintf(stderr, "fleet: %ld MiB, %ld.%03ld s of processor\n",
            usage.ru_maxrss / 1024, (long)usage.ru_utime.tv_sec,
            (long)usage.ru_utime.tv_usec / 1000);
    return 0;
}
