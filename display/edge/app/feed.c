/* Judges what came in and keeps what was accepted. Nothing here draws. */
#include "display/edge/app/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "display/edge/app/clock_watch.h"
#include "protocol/topic.h"

enum { IDENTIFY_MS = 15000, REFUSALS_PAUSE_MS = 500 };

/* What takes something off is on the disk before the next frame; alerts, and
 * what must not come twice, behind it. */
static unsigned urgency(const struct board_intake *judged)
{
    bool reserved = judged->class == SLOT_ALERTS || judged->class == SLOT_KEYS;
    unsigned bits = reserved ? KEEPER_RESERVED : 0;

    if (judged->effect == BOARD_TOOK_OFF)
        return bits | KEEPER_FIRST;
    switch (judged->kind) {
    case MESSAGE_ALERT:
    case MESSAGE_ALERT_CANCEL:
    case MESSAGE_PANEL_REMOVAL:
    case MESSAGE_COMMAND:
    case MESSAGE_KEYS:
        return bits | KEEPER_SOON;
    default:
        return bits;
    }
}

static void keep(struct display *display, const char *topic,
                 const char *payload, size_t bytes,
                 const struct board_intake *judged, const struct moment *now)
{
    const struct slot_row row = {
        .slot = judged->slot,
        .topic = topic,
        .payload = payload,
        .bytes = bytes,
        .seq = judged->seq,
        .received_ms = moment_trusted_wall_ms(now),
        .order_ms = judged->order_ms,
        .ends_ms = judged->ends_ms,
    };

    keeper_put(display->keeper, &row, urgency(judged));
}

static void reply(struct display *display, const struct board_intake *judged,
                  bool done, const char *text, const struct moment *now)
{
    struct receipt receipt = {
        .event = done ? RECEIPT_VERIFIED : RECEIPT_REFUSED,
        .seq = judged->seq,
        .at_ms = moment_trusted_wall_ms(now),
    };

    snprintf(receipt.message, sizeof receipt.message, "%s", judged->id);
    snprintf(receipt.screen, sizeof receipt.screen, "%s",
             display->config->identity.screen);
    snprintf(receipt.text, sizeof receipt.text, "%s", text);
    log_write(LOG_INFO, "command: %s", text);
    if (display->subscriber)
        subscriber_tell_reply(display->subscriber, &receipt);
}

static void carry_out(struct display *display,
                      const struct board_intake *judged,
                      const struct moment *now)
{
    switch (judged->verb) {
    case COMMAND_IDENTIFY:
        display->identify_until_ms = now->mono_ms + IDENTIFY_MS;
        reply(display, judged, true, "identify: the screen shows its name",
              now);
        return;
    case COMMAND_RELOAD:
        page_cache_clear(display->cache);
        renderer_forget(display->glass.renderer);
        reply(display, judged, true, "reload: every page is set anew", now);
        return;
    case COMMAND_RESTART:
        display->restarting = true;
        display->restart = *judged;
        return;
    case COMMAND_SCREENSHOT:
    case COMMAND_BRIGHTNESS:
    case COMMAND_COUNT:
        reply(display, judged, false, "this screen has no such command", now);
        return;
    }
}

/* One that the broker keeps would be carried out by every screen that comes
 * later, and at each start of one that cannot remember. */
static void obey(struct display *display, const struct board_intake *judged,
                 bool retained, const struct moment *now)
{
    if (retained)
        reply(display, judged, false,
              "the broker had kept it; a command counts only as it is sent",
              now);
    else
        carry_out(display, judged, now);
}

/* Without a store the screen knows nothing of it afterwards: then only one of
 * this length of time is obeyed, and what is sent again is too old. */
void feed_restart(struct display *display, const struct moment *now)
{
    int64_t runs_ms = now->mono_ms - display->since_start_ms;

    if (!display->restarting)
        return;
    display->restarting = false;
    display->ending = keeper_is_settled(display->keeper) ||
                      runs_ms >= BOARD_COMMAND_FRESH_MS;
    reply(display, &display->restart, display->ending,
          display->ending ? "restart: the service manager starts it again"
                          : "restart: the store cannot remember it, and this "
                            "screen began less than 10 minutes ago",
          now);
}

/* What was refused for want of a key may count now: the broker still has it. */
static void follow_keys(struct display *display, const struct moment *now)
{
    log_write(LOG_INFO, "keys: list %lld is in force",
              (long long)board_figures(display->board).keys_seq);
    display_know_keys(display);
    clock_distrust(display);
    keeper_distrust(display->keeper);
    display->refresh_ms = now->mono_ms;
}

static struct board_intake take(struct display *display,
                                const struct inbox_item *item,
                                const struct moment *now,
                                struct problem *problem)
{
    int64_t received_ms = moment_trusted_wall_ms(now);

    if (item->authentic)
        return board_take_verified(display->board, item->authentic, received_ms,
                                   now, problem);
    return board_take(display->board, item->topic, item->payload, item->bytes,
                      received_ms, now, problem);
}

static struct feed judge(struct display *display, const struct inbox_item *item,
                         bool stored, const struct moment *now)
{
    const struct reporter_arrival arrival = {
        .topic = item->topic, .payload = item->payload, .bytes = item->bytes};
    struct problem problem = {0};
    struct board_intake judged = take(display, item, now, &problem);

    reporter_judged(&display->reporter, &arrival, &judged, &problem, now);
    clock_hear(display, &judged);
    if (judged.keep && stored)
        keep(display, item->topic, item->payload, item->bytes, &judged, now);
    if (judged.effect == BOARD_COMMAND)
        obey(display, &judged, item->retained, now);
    if (judged.kind == MESSAGE_KEYS && judged.keep)
        follow_keys(display, now);
    return (struct feed){
        .alert = judged.effect == BOARD_ACCEPTED &&
                 judged.kind == MESSAGE_ALERT,
    };
}

static void note_received(struct display *display, const char *topic,
                          const struct moment *now)
{
    const struct journal_entry entry = {
        .event = "received", .wall_ms = now->wall_ms, .id = topic};

    journal_write(display->journal, &entry);
}

/* What was refused at the inbox's door, now and then: a flood of it must not
 * turn the loop. */
static void tell_refusals(struct display *display, const struct moment *now)
{
    struct inbox_refusal refusal;
    struct topic topic;

    if (now->mono_ms < display->refusals_ms)
        return;
    while (inbox_take_refusal(display->inbox, &refusal)) {
        struct board_intake judged = {.effect = BOARD_REFUSED,
                                      .issued_ms = TIMESTAMP_NONE};
        if (topic_parse(refusal.topic, &topic))
            memcpy(judged.id, topic.id, sizeof judged.id);
        note_received(display, refusal.topic, now);
        const struct reporter_arrival arrival = {.topic = refusal.topic,
                                                 .digest = refusal.digest};
        reporter_judged(&display->reporter, &arrival, &judged, &refusal.problem,
                        now);
        display->refusals_ms = now->mono_ms + REFUSALS_PAUSE_MS;
    }
    reporter_refused(&display->reporter,
                     inbox_take_refusals_untold(display->inbox));
}

/* The turn's share of time and messages is used up. */
static bool is_enough(int count, const struct moment *now)
{
    return count == FEED_PER_TURN ||
           clock_monotonic_ms() - now->mono_ms >= FEED_TURN_MS;
}

struct feed feed_drain(struct display *display, const struct moment *now)
{
    struct feed all = {0};
    struct inbox_item *item;
    int count = 0;

    tell_refusals(display, now);
    while (!all.more && (item = inbox_take(display->inbox)) != NULL) {
        note_received(display, item->topic, now);
        struct feed one = judge(display, item, true, now);
        inbox_item_destroy(item);
        all.alert |= one.alert;
        all.more = all.alert || is_enough(++count, now);
    }
    return all;
}

struct feed feed_own(struct display *display, const char *topic,
                     const char *payload, size_t bytes,
                     const struct moment *now)
{
    const struct inbox_item own = {.topic = topic,
                                   .payload = payload,
                                   .bytes = bytes,
                                   .class = INBOX_OTHERS};

    note_received(display, topic, now);
    return judge(display, &own, false, now);
}

struct board_intake feed_recall(void *context, const struct slot_row *row,
                                const struct moment *now)
{
    struct display *display = context;
    struct problem problem = {0};
    const struct moment known = clock_after_messages(display);
    struct board_intake judged =
        board_recall(display->board, row->topic, row->payload, row->bytes,
                     row->received_ms, &known, &problem);

    clock_recall(display, &judged, row->received_ms);
    if (judged.effect == BOARD_REFUSED) {
        problem_set_place(&problem, row->topic);
        log_problem(LOG_DEBUG, "store", &problem);
    }
    if (judged.kind == MESSAGE_KEYS && judged.keep && display->inbox)
        follow_keys(display, now);
    return judged;
}
