/* N screens in one process: each has its own line, keys, board, receipts and
 * back-off, as gaoshi-display has them, and no pixels. What a board puts on the
 * glass counts as shown at the next turn.
 *
 * fleet --port N [--port N]… --trust FILE [--screens N] [--first N]
 *   [--dead N] [--refusing N] [--slow N] [--ca FILE --cert FILE --key FILE]
 *   [--verify each|once]
 *
 * Screens are called s-1, s-2, … (from --first on) and lie in the communities
 * of one city, as AREA in tests/fleet/run has it. The first ones are dead (they
 * connect and drop the line), the next know only another key, the next show
 * everything two seconds late. With several ports, the first screen begins at
 * the first one, the second at the second, and each goes to the next one when
 * its broker fails. With --ca the lines are of mutual TLS. With --verify once a
 * signature is verified by the first screen only (verify_once.h).
 *
 * It writes to standard error: «ready» when all screens are subscribed; «away»
 * and the time when the first of those that live has lost its line, «back» when
 * all of them have it and their messages again; at the end, which is the end of
 * standard input, when screens showed what they showed. */
#include "base/clock.h"
#include "display/core/board/board.h"
#include "protocol/key.h"
#include "protocol/link/keep_alive.h"
#include "protocol/link/reconnect.h"
#include "protocol/receipt.h"
#include "protocol/topic.h"
#include "tests/fleet/mqtt.h"
#include "tests/fleet/verify_once.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    FRAME_MS = 16,
    LOOK_MS = 2, /* between two looks at all screens at least */
    SLOW_MS = 2000,
    CONNECTING_MAX = 500, /* at once, within the broker's backlog */
    EVENTS = 64,
    PORTS_MAX = 8,
    SEEN_MAX = 16, /* alerts that a screen remembers to have shown */
};

/* As the display in news.c: what a broker withholds is asked for, again and
 * again. */
enum {
    WATCH_MS = 5000,
    PAUSE_FIRST_MS = 30000,
    PAUSE_LAST_MS = 10 * 60 * 1000,
};

/* As SUBSCRIBER_SPREAD_US and SUBSCRIBER_SPREAD_MAX_MS of the display. */
enum { SPREAD_US = 200, SPREAD_MAX_MS = 10000 };

/* A receipt, until the broker acknowledges it. */
struct held {
    struct receipt receipt;
    uint16_t packet; /* on this line; 0: not sent on it */
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
    bool refused;     /* a filter: the line is given up */
    bool up;          /* the broker took the connection */
    bool knows_index; /* from any line */
    bool heard_index; /* on this line */
    bool current;     /* it has its line, its filters and what is retained */
    struct reconnect reconnect;
    struct keep_alive alive;
    int64_t run;
    int64_t watch_ms; /* monotonic: it looks for what is withheld */
    int64_t ask_ms;   /* monotonic: not before; 0: nothing is withheld */
    int64_t pause_ms;
    int64_t frame_ms;  /* monotonic: what is there then is shown; 0: none due */
    int64_t told_ms;   /* monotonic: the receipts leave; 0: none wait */
    struct held *held; /* the oldest first */
    int64_t shown_seq; /* of the message that stands there */
    char shown_id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t alert_ms;       /* wall clock: the last alert was shown */
    int64_t seen[SEEN_MAX]; /* sequence numbers of alerts that it showed */
    size_t shows, again;    /* alerts shown; of these, some that it had shown */
};

struct fleet {
    int ports[PORTS_MAX], epoll;
    size_t port_count;
    SSL_CTX *tls; /* NULL: without */
    struct screen *screens;
    int64_t *due_ms; /* of each screen: monotonic; INT64_MAX: nothing */
    size_t count, next, connecting, ready, current, alive;
    size_t unanswered; /* lines given up because the broker did not answer */
    struct key_ring trusted, other;
    bool told_ready, was_away;
    int64_t look_ms;  /* monotonic: when screens are looked at next */
    int64_t heard_ms; /* wall clock: the first alert came to any screen */
    struct {
        int64_t *after_ms; /* since then, of each first show */
        size_t count;
    } prompt, slow;
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
static uint16_t say(struct screen *screen, enum topic_kind kind, char *text,
                    bool retained)
{
    char topic[LIMIT_TOPIC_BYTES];

    make_topic(screen, kind, topic);
    uint16_t packet = mqtt_publish(&screen->mqtt, topic, text, retained);
    free(text);
    return packet;
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

/* When the attempt to connect is given up. */
static int64_t give_up_ms(const struct screen *screen)
{
    return screen->reconnect.attempt_ms +
           1000 * reconnect_limit_s(&screen->reconnect);
}

/* After one of the screen's times has changed. */
static void set_due(struct screen *screen)
{
    struct fleet *fleet = screen->fleet;
    int64_t due_ms = INT64_MAX;

    if (screen->mqtt.fd < 0 && screen->reconnect.next_ms)
        due_ms = screen->reconnect.next_ms;
    if (!screen->up && screen->mqtt.fd >= 0 && screen->done)
        due_ms = give_up_ms(screen);
    if (screen->up && screen->mqtt.fd >= 0)
        due_ms = keep_alive_due_ms(&screen->alive);
    if (screen->current && screen->board && screen->watch_ms < due_ms)
        due_ms = screen->watch_ms;
    if (screen->frame_ms && screen->frame_ms < due_ms)
        due_ms = screen->frame_ms;
    if (screen->up && screen->told_ms && screen->told_ms < due_ms)
        due_ms = screen->told_ms;
    fleet->due_ms[screen - fleet->screens] = due_ms;
    if (due_ms < fleet->look_ms)
        fleet->look_ms = due_ms;
}

/* What is shown was verified: of both, one answer is enough. */
static bool raise_held(struct screen *screen, enum receipt_event event,
                       const char *id, int64_t seq)
{
    for (struct held *held = screen->held; held; held = held->next) {
        struct receipt *receipt = &held->receipt;
        if (held->packet || event != RECEIPT_SHOWN ||
            receipt->event != RECEIPT_VERIFIED || receipt->seq != seq ||
            strcmp(receipt->message, id) != 0)
            continue;
        receipt->event = event;
        receipt->at_ms = clock_wall_ms();
        return true;
    }
    return false;
}

static int64_t spread_of(const struct screen *screen)
{
    int64_t spread_ms = screen->board
                            ? (int64_t)board_figures(screen->board).screens *
                                  SPREAD_US / 1000
                            : 0;

    return spread_ms < SPREAD_MAX_MS ? spread_ms : SPREAD_MAX_MS;
}

/* What waits leaves after a time drawn by lot. */
static void begin_to_wait(struct screen *screen)
{
    screen->told_ms = clock_monotonic_ms() + draw_lot(spread_of(screen));
    set_due(screen);
}

static struct receipt *hold(struct screen *screen, enum receipt_event event,
                            const char *id, int64_t seq)
{
    struct held *held = calloc(1, sizeof *held), **end = &screen->held;

    if (!held)
        abort();
    held->receipt =
        (struct receipt){.event = event, .seq = seq, .at_ms = clock_wall_ms()};
    snprintf(held->receipt.message, sizeof held->receipt.message, "%s", id);
    memcpy(held->receipt.screen, screen->identity.screen,
           sizeof held->receipt.screen);
    while (*end)
        end = &(*end)->next;
    *end = held;
    if (!screen->told_ms)
        begin_to_wait(screen);
    return &held->receipt;
}

static void tell_held(struct screen *screen)
{
    for (struct held *held = screen->held; held; held = held->next)
        if (!held->packet)
            held->packet = say(screen, TOPIC_RECEIPT,
                               receipt_format(&held->receipt), false);
    screen->told_ms = 0;
    set_due(screen);
    say_state(screen);
}

static void on_acknowledged(void *context, uint16_t packet)
{
    struct screen *screen = context;

    for (struct held **at = &screen->held; *at; at = &(*at)->next) {
        struct held *held = *at;
        if (held->packet != packet)
            continue;
        *at = held->next;
        free(held);
        return;
    }
}

/* The line broke: what was not acknowledged goes out on the next one. */
static void hold_again(struct screen *screen)
{
    for (struct held *held = screen->held; held; held = held->next)
        held->packet = 0;
    if (screen->held && !screen->told_ms)
        begin_to_wait(screen);
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

static void check_current(struct screen *screen)
{
    struct fleet *fleet = screen->fleet;

    if (screen->current || screen->filters > 0 || !screen->up ||
        (screen->knows_index && !screen->heard_index))
        return;
    screen->current = true;
    screen->watch_ms = clock_monotonic_ms() + draw_lot(WATCH_MS);
    set_due(screen);
    fleet->current++;
    if (fleet->current < fleet->alive || !fleet->was_away)
        return;
    fleet->was_away = false;
    fprintf(stderr, "back at %" PRId64 "\n", clock_wall_ms());
}

static void on_message(void *context, const char *topic, const char *payload,
                       size_t bytes)
{
    struct screen *screen = context;

    if (screen->is_dead)
        return;
    const struct moment now = read_clocks();
    if (screen->fleet->heard_ms == 0 && strstr(topic, "/alert/"))
        screen->fleet->heard_ms = now.wall_ms;
    if (strstr(topic, "/index/")) {
        screen->knows_index = screen->heard_index = true;
        check_current(screen);
    }
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
    set_due(screen);
}

static void note_show(struct screen *screen, int64_t seq, int64_t wall_ms)
{
    struct fleet *fleet = screen->fleet;
    size_t known = screen->shows < SEEN_MAX ? screen->shows : SEEN_MAX;
    bool before = false;

    for (size_t i = 0; i < known; i++)
        before = before || screen->seen[i] == seq;
    screen->again += before;
    screen->seen[screen->shows++ % SEEN_MAX] = seq;
    if (screen->shows > 1)
        return;
    if (screen->is_slow)
        fleet->slow.after_ms[fleet->slow.count++] = wall_ms - fleet->heard_ms;
    else
        fleet->prompt.after_ms[fleet->prompt.count++] = wall_ms -
                                                        fleet->heard_ms;
}

/* The frame is presented. */
static void show(struct screen *screen)
{
    const struct moment now = read_clocks();

    screen->frame_ms = 0;
    set_due(screen);
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
    if (screen->alert_ms)
        note_show(screen, message->seq, now.wall_ms);
    if (!raise_held(screen, RECEIPT_SHOWN, message->id, message->seq))
        hold(screen, RECEIPT_SHOWN, message->id, message->seq);
}

static void subscribe(struct screen *screen)
{
    char filters[TOPIC_FILTER_MAX][LIMIT_TOPIC_BYTES];
    size_t count = topic_filters(&screen->identity, filters);

    for (size_t i = 0; i < count; i++)
        mqtt_subscribe(&screen->mqtt, filters[i]);
    screen->filters += count;
}

/* Asks the broker for what it withholds; while a key is silent, for all. */
static void watch(struct screen *screen, int64_t now_ms)
{
    const struct moment now = read_clocks();

    screen->watch_ms = now_ms + WATCH_MS;
    tell_ended(screen, &now);
    screen->alive.patience_ms = screen->reconnect.patience_ms =
        spread_of(screen);
    const struct board_figures figures = board_figures(screen->board);
    if (figures.missing == 0 && !figures.frozen) {
        screen->ask_ms = 0;
        return;
    }
    bool first = screen->ask_ms == 0;
    if (now_ms < screen->ask_ms)
        return;
    screen->pause_ms = first ? PAUSE_FIRST_MS : 2 * screen->pause_ms;
    if (screen->pause_ms > PAUSE_LAST_MS)
        screen->pause_ms = PAUSE_LAST_MS;
    screen->ask_ms = now_ms + screen->pause_ms / 2 +
                     draw_lot(screen->pause_ms / 2);
    if (!first || figures.missing > 0)
        subscribe(screen);
}

static void on_connected(void *context)
{
    struct screen *screen = context;

    screen->up = true;
    screen->heard_index = false;
    reconnect_up(&screen->reconnect, clock_monotonic_ms());
    keep_alive_begin(&screen->alive, clock_monotonic_ms());
    set_due(screen);
    say(screen, TOPIC_PRESENCE,
        presence_format(PRESENCE_ONLINE, screen->identity.screen,
                        GAOSHI_VERSION, screen->run, clock_wall_ms()),
        true);
    say_state(screen);
    screen->filters = 0;
    subscribe(screen);
}

static void is_ready(struct screen *screen)
{
    struct fleet *fleet = screen->fleet;

    fleet->connecting -= screen->connecting;
    screen->connecting = false;
    fleet->ready += !screen->done;
    screen->done = true;
    check_current(screen);
}

static void on_subscribed(void *context, bool granted)
{
    struct screen *screen = context;

    screen->refused = screen->refused || !granted;
    if (--screen->filters == 0)
        is_ready(screen);
}

static bool connect_screen(struct fleet *fleet, struct screen *screen)
{
    char topic[LIMIT_TOPIC_BYTES];
    char *will = presence_format(PRESENCE_OFFLINE, screen->identity.screen,
                                 GAOSHI_VERSION, screen->run, clock_wall_ms());
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP |
                                          EPOLLET,
                                .data.ptr = screen};
    int port = fleet->ports[screen->reconnect.broker];

    make_topic(screen, TOPIC_PRESENCE, topic);
    if (!screen->is_dead && !screen->board)
        make_board(screen);
    reconnect_begin(&screen->reconnect, clock_monotonic_ms());
    bool connected =
        mqtt_connect(&screen->mqtt, port, fleet->tls, screen->identity.screen,
                     &(struct mqtt_will){topic, will}) &&
        epoll_ctl(fleet->epoll, EPOLL_CTL_ADD, screen->mqtt.fd, &event) == 0;
    free(will);
    screen->connecting = connected && !screen->done;
    fleet->connecting += screen->connecting;
    return connected;
}

static uint16_t draw_number(void)
{
    return (uint16_t)draw_lot(UINT16_MAX);
}

/* The line broke, or did not come up; the screen tries again as a display does.
 */
static void lose(struct screen *screen)
{
    struct fleet *fleet = screen->fleet;
    int64_t now_ms = clock_monotonic_ms();
    bool unanswered = screen->mqtt.reached && now_ms >= give_up_ms(screen);

    fleet->connecting -= screen->connecting;
    screen->connecting = false;
    mqtt_drop(&screen->mqtt);
    hold_again(screen);
    if (screen->is_dead && screen->done) {
        screen->reconnect.next_ms = 0;
        set_due(screen);
        return;
    }
    if (screen->up)
        reconnect_lost(&screen->reconnect, now_ms, draw_number());
    else if (unanswered)
        reconnect_unanswered(&screen->reconnect, now_ms, draw_number());
    else
        reconnect_failed(&screen->reconnect, now_ms, draw_number());
    fleet->current -= screen->current;
    if (screen->current && !fleet->was_away) {
        fleet->was_away = true;
        fprintf(stderr, "away at %" PRId64 "\n", clock_wall_ms());
    }
    screen->up = screen->current = screen->refused = false;
    set_due(screen);
}

/* closed: the broker sends nothing after what is there. */
static void handle(struct screen *screen, bool closed)
{
    const struct mqtt_events calls = {screen, on_connected, on_subscribed,
                                      on_message, on_acknowledged};
    bool up = screen->mqtt.fd >= 0 && mqtt_flush(&screen->mqtt) &&
              mqtt_read(&screen->mqtt, &calls) && mqtt_flush(&screen->mqtt);

    if (!up || closed || screen->refused || (screen->is_dead && screen->done)) {
        lose(screen);
        return;
    }
    if (screen->mqtt.heard)
        keep_alive_heard(&screen->alive, clock_monotonic_ms());
    screen->mqtt.heard = false;
    set_due(screen);
}

/* Asks the broker for a sign of life, as the link does. */
static void keep_alive(struct screen *screen, int64_t now_ms)
{
    if (keep_alive_turn(&screen->alive, now_ms) == 0) {
        mqtt_unsubscribe(&screen->mqtt, "gaoshi/nudge");
        set_due(screen);
        if (mqtt_flush(&screen->mqtt))
            return;
    } else {
        screen->fleet->unanswered++;
    }
    lose(screen);
}

/* Whether the broker must have sent something by now. */
static bool is_overdue(const struct screen *screen, int64_t now_ms)
{
    if (screen->mqtt.fd < 0 || !screen->done)
        return false;
    return now_ms >= (screen->up ? keep_alive_due_ms(&screen->alive)
                                 : give_up_ms(screen));
}

/* Does what is due for a screen. */
static void turn_screen(struct fleet *fleet, struct screen *screen,
                        int64_t now_ms)
{
    if (screen->frame_ms && screen->frame_ms <= now_ms)
        show(screen);
    if (screen->current && screen->board && screen->watch_ms <= now_ms) {
        watch(screen, now_ms);
        mqtt_flush(&screen->mqtt);
    }
    if (screen->up && screen->told_ms && screen->told_ms <= now_ms) {
        tell_held(screen);
        mqtt_flush(&screen->mqtt);
    }
    if (screen->mqtt.fd < 0 && screen->reconnect.next_ms &&
        screen->reconnect.next_ms <= now_ms) {
        if (!connect_screen(fleet, screen))
            lose(screen);
    } else if (is_overdue(screen, now_ms)) {
        /* One process does the work of many screens: an answer that it has not
         * read yet is there in time. */
        handle(screen, false);
    }
    if (!is_overdue(screen, now_ms)) {
        set_due(screen);
    } else if (screen->up) {
        keep_alive(screen, now_ms);
    } else {
        fleet->unanswered++;
        lose(screen);
    }
}

/* Frames, receipts and connects that are due. Returns how long nothing is. */
static int turn(struct fleet *fleet)
{
    int64_t now_ms = clock_monotonic_ms(), next_ms = now_ms + 1000;

    if (now_ms < fleet->look_ms)
        return (int)(fleet->look_ms - now_ms);
    fleet->look_ms = INT64_MAX;
    for (size_t i = 0; i < fleet->count; i++) {
        if (fleet->due_ms[i] <= now_ms)
            turn_screen(fleet, &fleet->screens[i], now_ms);
        if (fleet->due_ms[i] < next_ms)
            next_ms = fleet->due_ms[i];
    }
    fleet->look_ms = next_ms > now_ms + LOOK_MS ? next_ms : now_ms + LOOK_MS;
    return (int)(fleet->look_ms - now_ms);
}

static void run(struct fleet *fleet)
{
    struct epoll_event events[EVENTS];
    struct epoll_event end = {.events = EPOLLIN, .data.ptr = NULL};

    epoll_ctl(fleet->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &end);
    for (;;) {
        while (fleet->next < fleet->count && fleet->connecting < CONNECTING_MAX)
            if (!connect_screen(fleet, &fleet->screens[fleet->next++]))
                lose(&fleet->screens[fleet->next - 1]);
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
            handle(events[i].data.ptr, events[i].events & EPOLLRDHUP);
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

static SSL_CTX *make_tls(const char *ca, const char *cert, const char *key)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());

    if (!tls || !SSL_CTX_load_verify_locations(tls, ca, NULL) ||
        !SSL_CTX_use_certificate_chain_file(tls, cert) ||
        !SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM)) {
        fprintf(stderr, "--ca, --cert, --key: no files for TLS\n");
        exit(2);
    }
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    return tls;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *one = a, *other = b;

    return *one < *other ? -1 : *one > *other;
}

static void report(const char *who, int64_t *after_ms, size_t count)
{
    if (count == 0)
        return;
    qsort(after_ms, count, sizeof *after_ms, by_number);
    fprintf(stderr,
            "fleet: %s screens: %zu, half shown after %" PRId64
            " ms, the last after %" PRId64 " ms\n",
            who, count, after_ms[count / 2], after_ms[count - 1]);
}

static void report_all(const struct fleet *fleet)
{
    size_t shows = 0, again = 0;
    struct rusage usage;

    for (size_t i = 0; i < fleet->count; i++) {
        shows += fleet->screens[i].shows;
        again += fleet->screens[i].again;
    }
    getrusage(RUSAGE_SELF, &usage);
    report("prompt", fleet->prompt.after_ms, fleet->prompt.count);
    report("slow", fleet->slow.after_ms, fleet->slow.count);
    int64_t cpu_ms = 1000 * (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
    fprintf(stderr,
            "fleet: lines without an answer %zu\n"
            "fleet: alerts shown %zu, shown again %zu\n"
            "fleet: %ld MiB, %.1f s of processor\n",
            fleet->unanswered, shows, again, usage.ru_maxrss / 1024,
            (double)cpu_ms / 1e3);
}

struct plan {
    size_t first, dead, refusing, slow;
    const char *trust, *ca, *cert, *key;
};

static void read_words(int argc, char **argv, struct fleet *fleet,
                       struct plan *plan)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *word = argv[i], *value = argv[i + 1];
        size_t number = strtoul(value, NULL, 10);
        if (strcmp(word, "--port") == 0 && fleet->port_count < PORTS_MAX)
            fleet->ports[fleet->port_count++] = (int)number;
        else if (strcmp(word, "--screens") == 0)
            fleet->count = number;
        else if (strcmp(word, "--first") == 0)
            plan->first = number;
        else if (strcmp(word, "--dead") == 0)
            plan->dead = number;
        else if (strcmp(word, "--refusing") == 0)
            plan->refusing = number;
        else if (strcmp(word, "--slow") == 0)
            plan->slow = number;
        else if (strcmp(word, "--verify") == 0 && strcmp(value, "once") == 0)
            verify_once();
        else if (strcmp(word, "--trust") == 0)
            plan->trust = value;
        else if (strcmp(word, "--ca") == 0)
            plan->ca = value;
        else if (strcmp(word, "--cert") == 0)
            plan->cert = value;
        else if (strcmp(word, "--key") == 0)
            plan->key = value;
    }
}

static void make_screen(struct fleet *fleet, const struct plan *plan, size_t i)
{
    struct screen *screen = &fleet->screens[i];
    size_t number = plan->first + i;

    *screen = (struct screen){
        .fleet = fleet,
        .mqtt.fd = -1,
        .run = draw_lot(INT32_MAX) + 1,
        .reconnect = {.broker_count = fleet->port_count,
                      .broker = i % fleet->port_count},
    };
    strcpy(screen->identity.org, "erqi");
    snprintf(screen->identity.area, sizeof screen->identity.area,
             "4101%02zu%03zu%03zu", number % 12 + 1, number % 7 + 1,
             number % 11 + 1);
    snprintf(screen->identity.screen, sizeof screen->identity.screen, "s-%zu",
             number);
    screen->is_dead = i < plan->dead;
    screen->refuses = !screen->is_dead && i < plan->dead + plan->refusing;
    screen->is_slow = !screen->refuses && i >= plan->dead &&
                      i < plan->dead + plan->refusing + plan->slow;
    fleet->alive += !screen->is_dead;
    fleet->due_ms[i] = INT64_MAX;
}

int main(int argc, char **argv)
{
    struct fleet fleet = {.epoll = epoll_create1(EPOLL_CLOEXEC), .count = 10};
    struct plan plan = {.first = 1};

    read_words(argc, argv, &fleet, &plan);
    if (!plan.trust || !load_keys(&fleet, plan.trust) ||
        fleet.port_count == 0) {
        fprintf(stderr, "--trust: no public key, or no --port\n");
        return 2;
    }
    if (plan.ca)
        fleet.tls = make_tls(plan.ca, plan.cert, plan.key);
    fleet.screens = calloc(fleet.count, sizeof *fleet.screens);
    fleet.due_ms = calloc(fleet.count, sizeof *fleet.due_ms);
    fleet.prompt.after_ms = calloc(fleet.count, sizeof *fleet.due_ms);
    fleet.slow.after_ms = calloc(fleet.count, sizeof *fleet.due_ms);
    for (size_t i = 0; i < fleet.count; i++)
        make_screen(&fleet, &plan, i);
    run(&fleet);
    report_all(&fleet);
    return 0;
}
