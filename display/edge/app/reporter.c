/* Turns what happened into receipts, log lines and journal entries. */
#include "display/edge/app/reporter.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "display/edge/app/health.h"

const char *reporter_slot_kind(enum message_kind kind)
{
    bool alert = kind == MESSAGE_ALERT || kind == MESSAGE_ALERT_CANCEL;

    return alert ? "alert" : "panel";
}

static bool has_receipts(enum message_kind kind)
{
    return kind == MESSAGE_PANEL || kind == MESSAGE_PANEL_REMOVAL ||
           kind == MESSAGE_ALERT || kind == MESSAGE_ALERT_CANCEL;
}

static void release(struct reporter *reporter,
                    const struct reporter_event *event)
{
    const struct receipt *receipt = &event->receipt;
    const struct journal_entry entry = {
        .event = receipt_event_name(receipt->event),
        .wall_ms = event->wall_ms,
        .kind = message_kind_name(event->kind),
        .id = receipt->message,
        .seq = receipt->seq,
        .reason = receipt->reason[0] ? receipt->reason : receipt->text,
    };

    journal_write(reporter->journal, &entry);
    if (reporter->subscriber && receipt->message[0] &&
        has_receipts(event->kind))
        subscriber_tell_receipt(reporter->subscriber, receipt);
}

void reporter_release(struct reporter *reporter)
{
    for (size_t i = 0; i < reporter->held_count; i++)
        release(reporter, &reporter->held[i]);
    reporter->held_count = 0;
}

/* Valid until the next one. */
static struct receipt *tell(struct reporter *reporter, enum receipt_event event,
                            enum message_kind kind, const char *id, int64_t seq,
                            const struct moment *now, const char *reason,
                            const char *text)
{
    if (reporter->held_count == REPORTER_HELD)
        reporter_release(reporter);
    struct reporter_event *held = &reporter->held[reporter->held_count++];
    struct receipt *receipt = &held->receipt;
    held->kind = kind;
    held->wall_ms = now->wall_ms;
    *receipt = (struct receipt){
        .event = event, .seq = seq, .at_ms = moment_trusted_wall_ms(now)};
    snprintf(receipt->message, sizeof receipt->message, "%s", id);
    snprintf(receipt->screen, sizeof receipt->screen, "%s",
             reporter->identity->screen);
    snprintf(receipt->reason, sizeof receipt->reason, "%s", reason);
    snprintf(receipt->text, sizeof receipt->text, "%s", text);
    return receipt;
}

/* False: so many were told this minute that this one is only counted. */
static bool may_tell(struct reporter_quota *quota, unsigned limit,
                     const char *what, const struct moment *now)
{
    enum { MINUTE_MS = 60000 };

    if (now->mono_ms - quota->since_ms >= MINUTE_MS || quota->count == 0) {
        if (quota->count > limit)
            log_write(LOG_WARNING, "subscriber: %u %s untold",
                      quota->count - limit, what);
        quota->since_ms = now->mono_ms;
        quota->count = 0;
    }
    return ++quota->count <= limit;
}

/* What of a message does not reach the glass, though it was taken in. */
static void tell_gaps(const struct board_intake *intake)
{
    const char *kind = message_kind_name(intake->kind);

    if (intake->ignored[0])
        log_write(LOG_WARNING,
                  "subscriber: %s '%s' seq %lld: this version does not know "
                  "%s; the rest counts",
                  kind, intake->id, (long long)intake->seq, intake->ignored);
    if (intake->left_out[0])
        log_write(LOG_WARNING,
                  "subscriber: %s '%s' seq %lld: this version cannot set %s; "
                  "the rest is shown",
                  kind, intake->id, (long long)intake->seq, intake->left_out);
}

static void tell_refusal(struct reporter *reporter,
                         const struct reporter_arrival *arrival,
                         const struct board_intake *intake,
                         const struct problem *problem,
                         const struct moment *now)
{
    struct problem told = *problem;
    char text[240];

    if (!may_tell(&reporter->refusals, REPORTER_REFUSALS,
                  "more messages were refused", now))
        return;
    snprintf(told.place, sizeof told.place, "%s", arrival->topic);
    if (!told.consequence[0])
        snprintf(told.consequence, sizeof told.consequence,
                 "refused, the glass stays as it is");
    log_problem(LOG_WARNING, "subscriber", &told);
    told.place[0] = '\0';
    told.consequence[0] = '\0';
    problem_format(&told, text, sizeof text);
    struct receipt *receipt = tell(reporter, RECEIPT_REFUSED, intake->kind,
                                   intake->id, intake->seq, now,
                                   problem_code_name(problem->code), text);
    /* Whoever sent it could not tell otherwise that this is about it. */
    if (intake->seq == 0 && arrival->payload)
        envelope_digest(arrival->payload, arrival->bytes, receipt->digest);
    else if (intake->seq == 0)
        memcpy(receipt->digest, arrival->digest, sizeof receipt->digest);
}

static void tell_taken(struct reporter *reporter,
                       const struct board_intake *intake,
                       const struct moment *now)
{
    struct receipt *receipt = tell(reporter, RECEIPT_VERIFIED, intake->kind,
                                   intake->id, intake->seq, now, "", "");

    memcpy(receipt->ignored, intake->ignored, sizeof receipt->ignored);
    memcpy(receipt->left_out, intake->left_out, sizeof receipt->left_out);
    tell_gaps(intake);
}

void reporter_judged(struct reporter *reporter,
                     const struct reporter_arrival *arrival,
                     const struct board_intake *intake,
                     const struct problem *problem, const struct moment *now)
{
    enum log_level level = has_receipts(intake->kind) &&
                                   strcmp(reporter_slot_kind(intake->kind),
                                          "alert") == 0
                               ? LOG_INFO
                               : LOG_DEBUG;

    switch (intake->effect) {
    case BOARD_REFUSED:
        tell_refusal(reporter, arrival, intake, problem, now);
        return;
    case BOARD_ACCEPTED:
    case BOARD_TOOK_OFF:
        log_write(level, "subscriber: %s '%s' seq %lld taken in",
                  message_kind_name(intake->kind), intake->id,
                  (long long)intake->seq);
        tell_taken(reporter, intake, now);
        return;
    case BOARD_NOTED: /* ticks and indexes come too often to be told of */
        if (intake->kind == MESSAGE_KEYS)
            tell_gaps(intake);
        return;
    case BOARD_COMMAND:
        tell_gaps(intake);
        return;
    case BOARD_DUPLICATE:
        return;
    }
}

void reporter_refused(struct reporter *reporter, unsigned long count)
{
    reporter->refusals.count += (unsigned)count;
}

bool reporter_has_shown(const struct reporter *reporter,
                        const struct message *message)
{
    if (!message)
        return true;
    for (size_t i = 0; i < REPORTER_SHOWN; i++) {
        const struct reporter_shown *shown = &reporter->shown[i];
        if (shown->seq == message->seq && shown->kind == message->kind &&
            strcmp(shown->id, message->id) == 0)
            return true;
    }
    return false;
}

void reporter_shown(struct reporter *reporter, const struct message *message,
                    const struct moment *presented)
{
    if (reporter_has_shown(reporter, message))
        return;
    struct reporter_shown *next = &reporter->shown[reporter->shown_next];
    reporter->shown_next = (reporter->shown_next + 1) % REPORTER_SHOWN;
    next->kind = message->kind;
    next->seq = message->seq;
    snprintf(next->id, sizeof next->id, "%s", message->id);
    if (message->kind == MESSAGE_ALERT)
        log_write(LOG_INFO, "alert '%s' seq %lld stands on the glass",
                  message->id, (long long)message->seq);
    tell(reporter, RECEIPT_SHOWN, message->kind, message->id, message->seq,
         presented, "", "");
}

void reporter_ended(struct reporter *reporter, const struct board_ended *ended,
                    const struct moment *now)
{
    if (strcmp(reporter_slot_kind(ended->kind), "alert") == 0)
        log_write(LOG_INFO, "alert '%s' ended: %s", ended->id, ended->reason);
    tell(reporter, RECEIPT_ENDED, ended->kind, ended->id, ended->seq, now,
         ended->reason, "");
}

void reporter_line(struct reporter *reporter, bool up, const char *reason,
                   const struct moment *now)
{
    const struct journal_entry entry = {.event = up ? "line-up" : "line-down",
                                        .wall_ms = now->wall_ms,
                                        .reason = up ? NULL : reason};

    reporter->line_up = up;
    bool told = may_tell(&reporter->lines, REPORTER_LINES,
                         "more times the line went or came", now);
    if (told && up)
        log_write(LOG_INFO, "subscriber: the line is up");
    else if (told)
        log_write(LOG_WARNING,
                  "subscriber: the line is down: %s; the screen "
                  "goes on with what it has",
                  reason);
    journal_write(reporter->journal, &entry);
    if (!up)
        return;
    if (reporter->subscriber)
        subscriber_tell_presence(reporter->subscriber, PRESENCE_ONLINE,
                                 moment_trusted_wall_ms(now));
    reporter->state_told = false;
}

/* What is worth telling at once; memory and frames are not. */
static void make_state_key(const struct screen_state *state,
                           char out[REPORTER_STATE_KEY_BYTES])
{
    snprintf(out, REPORTER_STATE_KEY_BYTES, "%s %lld %s %d %d %d %d %lld %d %d",
             state->showing, (long long)state->showing_seq,
             state->glass ? state->glass : "", state->panels, state->alerts,
             state->missing, state->frozen, (long long)state->keys_seq,
             state->clock_trusted, state->store_ok);
}

int64_t reporter_state(struct reporter *reporter,
                       const struct screen_state *state,
                       const struct moment *now)
{
    char key[sizeof reporter->state_key];
    int64_t age_ms = now->mono_ms - reporter->state_ms;

    /* Without a line the next word comes with the line. */
    if (!reporter->subscriber || !reporter->line_up)
        return INT64_MAX;
    make_state_key(state, key);
    bool changed = !reporter->state_told ||
                   strcmp(key, reporter->state_key) != 0;
    bool early = age_ms < REPORTER_STATE_MIN_MS && reporter->state_ms > 0;
    if (changed && early)
        return reporter->state_ms + REPORTER_STATE_MIN_MS;
    if (changed || age_ms >= REPORTER_STATE_MAX_MS) {
        struct screen_state told = *state;
        told.resident_bytes = health_resident_bytes();
        reporter->state_told = subscriber_tell_state(reporter->subscriber,
                                                     &told);
        reporter->state_ms = now->mono_ms;
        memcpy(reporter->state_key, key, sizeof key);
    }
    return reporter->state_ms + REPORTER_STATE_MAX_MS;
}
