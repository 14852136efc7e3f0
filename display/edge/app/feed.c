/* Passes received messages to the board and keeps the accepted ones. Nothing
 * here draws. */
#include "display/edge/app/feed.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/timestamp.h"

enum { REFUSALS_PAUSE_MS = 500 };

static void trust_inbox(struct feed *feed)
{
    const struct trust trust = board_trust(feed->board);

    if (!inbox_trust(feed->line->inbox, &trust))
        log_write(LOG_ERROR, "inbox: no memory for the keys; alerts under new "
                             "keys wait among the panels");
}

void feed_begin(struct feed *feed, struct screen_line *line)
{
    feed->line = line;
    trust_inbox(feed);
}

/* A new list of keys: passes the keys to all parts that need them. Messages
 * refused for lack of a key may now be valid, and the broker still has them. */
static void follow_keys(struct feed *feed, const struct moment *now)
{
    const struct trust trust = board_trust(feed->board);

    log_write(LOG_INFO, "keys: list %lld is in force",
              (long long)board_figures(feed->board).keys_seq);
    trust_inbox(feed);
    screen_clock_distrust(feed->clock, &trust);
    keeper_distrust(feed->keeper);
    screen_line_ask_now(feed->line, now);
}

/* A removal or cancel is on the disk before the next frame; alerts, and
 * messages that must not be accepted twice, after it. */
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

static void keep(struct feed *feed, const struct verified_message *verified,
                 const struct board_intake *judged, const struct moment *now)
{
    const struct slot_row row = {
        .slot = judged->slot,
        .topic = verified->topic_text,
        .payload = verified->payload,
        .bytes = verified->bytes,
        .seq = judged->seq,
        .received_ms = moment_trusted_wall_ms(now),
        .order_ms = judged->order_ms,
        .ends_ms = judged->ends_ms,
    };

    keeper_put(feed->keeper, &row, urgency(judged));
}

/* True: an alert was accepted. */
static bool take(struct feed *feed, struct verified_message *verified,
                 bool stored, bool retained, const struct moment *now)
{
    struct problem problem = {0};
    struct board_intake judged = board_take(
        feed->board, verified, moment_trusted_wall_ms(now), now, &problem);
    const struct telemetry_arrival arrival = {.topic = verified->topic_text,
                                              .payload = verified->payload,
                                              .bytes = verified->bytes};

    telemetry_judged(feed->telemetry, &arrival, &judged, &problem, now);
    screen_clock_hear(feed->clock, &judged);
    if (judged.keep && stored)
        keep(feed, verified, &judged, now);
    if (judged.effect == BOARD_COMMAND)
        remote_obey(feed->remote, &judged, retained, now);
    if (judged.kind == MESSAGE_KEYS && judged.keep)
        follow_keys(feed, now);
    return judged.effect == BOARD_ACCEPTED && judged.kind == MESSAGE_ALERT;
}

static void refuse(struct feed *feed, const struct telemetry_arrival *arrival,
                   const struct problem *problem, const struct moment *now)
{
    const struct board_intake refusal = board_refusal(arrival->topic);

    telemetry_judged(feed->telemetry, arrival, &refusal, problem, now);
}

static void take_chunk(struct feed *feed, const struct inbox_item *item,
                       const struct moment *now)
{
    struct topic topic;

    if (feed->album && topic_parse(item->topic, &topic))
        album_take_chunk(feed->album, topic.id, (size_t)atoi(topic.chunk),
                         item->payload, item->bytes, now->mono_ms);
}

/* True: an alert was accepted. */
static bool take_item(struct feed *feed, struct inbox_item *item,
                      const struct problem *problem, const struct moment *now)
{
    const struct telemetry_arrival arrival = {
        .topic = item->topic, .payload = item->payload, .bytes = item->bytes};
    const struct session_message arrived = {
        .topic = item->topic, .payload = item->payload, .bytes = item->bytes};

    if (item->class == INBOX_CHUNKS) {
        take_chunk(feed, item, now);
        return false;
    }
    telemetry_note(feed->telemetry, "received", item->topic, NULL, now);
    session_note(feed->session, &arrived, now);
    if (item->verified.message)
        return take(feed, &item->verified, true, item->retained, now);
    refuse(feed, &arrival, problem, now);
    return false;
}

/* Logs at most twice a second, so that a flood of refusals does not keep the
 * loop awake. */
static void tell_refusals(struct feed *feed, const struct moment *now)
{
    struct inbox_refusals refusals;

    if (now->mono_ms < feed->refusals_ms ||
        !inbox_take_refusals(feed->line->inbox, &refusals))
        return;
    for (size_t i = 0; i < refusals.count; i++) {
        const struct inbox_refusal *refusal = &refusals.items[i];
        const struct telemetry_arrival arrival = {.topic = refusal->topic,
                                                  .digest = refusal->digest};
        telemetry_note(feed->telemetry, "received", refusal->topic, NULL, now);
        refuse(feed, &arrival, &refusal->problem, now);
    }
    telemetry_refused(feed->telemetry, refusals.untold);
    feed->refusals_ms = now->mono_ms + REFUSALS_PAUSE_MS;
}

int64_t feed_next_ms(const struct feed *feed, const struct moment *now)
{
    return feed->refusals_ms > now->mono_ms ? feed->refusals_ms : INT64_MAX;
}

/* Whether the turn has used its share of time and messages. */
static bool is_enough(int count, const struct moment *now)
{
    return count == FEED_PER_TURN ||
           clock_monotonic_ms() - now->mono_ms >= FEED_TURN_MS;
}

bool feed_drain(struct feed *feed, const struct moment *now)
{
    int count = 0;

    tell_refusals(feed, now);
    for (;;) {
        const struct trust trust = board_trust(feed->board);
        struct problem problem = {0};
        struct inbox_item *item = inbox_take(feed->line->inbox, &trust,
                                             &problem);
        if (!item)
            return false;
        bool alert = take_item(feed, item, &problem, now);
        inbox_item_destroy(item);
        if (alert || is_enough(++count, now))
            return true;
    }
}

void feed_own(struct feed *feed, const char *topic, const char *payload,
              size_t bytes, const struct moment *now)
{
    const struct telemetry_arrival arrival = {
        .topic = topic, .payload = payload, .bytes = bytes};
    const struct session_message made = {
        .topic = topic, .payload = payload, .bytes = bytes};
    const struct trust trust = board_trust(feed->board);
    struct verified_message verified;
    struct problem problem = {0};

    telemetry_note(feed->telemetry, "received", topic, NULL, now);
    session_note(feed->session, &made, now);
    if (verified_message_init(&verified, &trust, topic, payload, bytes,
                              &problem))
        take(feed, &verified, false, false, now);
    else
        refuse(feed, &arrival, &problem, now);
}

static struct board_intake recall(void *context, const struct slot_row *row,
                                  const struct moment *now)
{
    struct feed *feed = context;
    const struct moment known = screen_clock_after_messages(feed->clock);
    const struct trust trust = board_trust(feed->board);
    struct board_intake judged = board_refusal(row->topic);
    const struct session_message stored = {.topic = row->topic,
                                           .payload = row->payload,
                                           .bytes = row->bytes,
                                           .stored = true,
                                           .received_ms = row->received_ms};
    struct verified_message verified;
    struct problem problem = {0};

    session_note(feed->session, &stored, now);
    if (verified_message_init(&verified, &trust, row->topic, row->payload,
                              row->bytes, &problem))
        judged = board_recall(feed->board, &verified, row->received_ms, &known,
                              &problem);
    screen_clock_recall(feed->clock, &judged, row->received_ms);
    if (judged.effect == BOARD_REFUSED) {
        problem_set_place(&problem, row->topic);
        log_problem(LOG_DEBUG, "store", &problem);
    }
    if (judged.kind == MESSAGE_KEYS && judged.keep && feed->line)
        follow_keys(feed, now);
    return judged;
}

static void raise_watermark(void *context, enum slot_class class,
                            const struct watermark *watermark)
{
    struct feed *feed = context;

    board_raise_watermark(feed->board, class, watermark);
}

struct keeper_judge feed_judge(struct feed *feed)
{
    return (struct keeper_judge){
        .context = feed, .recall = recall, .raise_watermark = raise_watermark};
}
