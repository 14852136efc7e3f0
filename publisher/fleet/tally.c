/* Counts what became of messages on screens. */
#include "publisher/fleet/tally.h"

#include "base/translate.h"
#include "protocol/envelope.h"
#include "protocol/message.h"
#include "protocol/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In a mark, above the step. */
enum { EXPECTED = 0x80, STEP_BITS = 0x0F };

void tally_init(struct tally *tally, struct roster *roster)
{
    *tally = (struct tally){.roster = roster};
}

void tally_finish(struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++)
        free(tally->messages[i].marks);
    free(tally->messages);
    free(tally->refusals);
    *tally = (struct tally){.roster = NULL};
}

bool tally_message_describe(const char *topic, const char *payload,
                            size_t bytes, struct tally_message *out)
{
    struct message *message = NULL;
    struct topic parts;

    if (!topic_parse(topic, &parts) ||
        (parts.kind != TOPIC_PANEL && parts.kind != TOPIC_ALERT) ||
        bytes < ENVELOPE_LINE_BYTES ||
        !message_parse(payload + ENVELOPE_LINE_BYTES,
                       bytes - ENVELOPE_LINE_BYTES, MESSAGE_WIRE, topic,
                       &message, NULL))
        return false;
    memcpy(out->id, parts.id, sizeof out->id);
    memcpy(out->scope, parts.scope, sizeof out->scope);
    out->is_alert = parts.kind == TOPIC_ALERT;
    out->ends_something = message->kind == MESSAGE_ALERT_CANCEL ||
                          message->kind == MESSAGE_PANEL_REMOVAL;
    message_destroy(message);
    return true;
}

/* With an inventory only its screens are expected. */
static void expect(const struct tally *tally, struct tally_message *message,
                   size_t screen)
{
    const struct roster_screen *known = &tally->roster->screens[screen];

    if (tally->roster->inventory && !known->listed)
        return;
    if (roster_covers(known, message->scope))
        message->marks[screen] |= EXPECTED;
}

bool tally_add(struct tally *tally, const struct tally_message *message)
{
    struct tally_message *grown = realloc(tally->messages,
                                          (tally->count + 1) * sizeof *grown);
    unsigned char *marks = calloc(tally->roster->room, 1);

    if (grown)
        tally->messages = grown;
    if (!grown || !marks) {
        free(marks);
        return false;
    }
    struct tally_message *added = &grown[tally->count++];
    *added = *message;
    added->marks = marks;
    added->last_after_ms = -1;
    for (size_t i = 0; i < tally->roster->count; i++)
        expect(tally, added, i);
    return true;
}

void tally_forget_first(struct tally *tally)
{
    size_t kept = 0;

    if (tally->count == 0)
        return;
    free(tally->messages[0].marks);
    memmove(tally->messages, tally->messages + 1,
            --tally->count * sizeof *tally->messages);
    for (size_t i = 0; i < tally->refusal_count; i++) {
        if (tally->refusals[i].message == 0)
            continue;
        tally->refusals[kept] = tally->refusals[i];
        tally->refusals[kept++].message--;
    }
    tally->refusal_count = kept;
}

void tally_expect(struct tally *tally, size_t message, int screen)
{
    if (screen >= 0)
        tally->messages[message].marks[screen] |= EXPECTED;
}

static void keep_refusal(struct tally *tally, size_t message, size_t screen,
                         const char *reason, const char *text)
{
    if (tally->refusal_count == TALLY_REFUSALS_MAX)
        return;
    if (tally->refusal_count == tally->refusal_room) {
        size_t room = tally->refusal_room ? 2 * tally->refusal_room : 16;
        struct tally_refusal *grown = realloc(tally->refusals,
                                              room * sizeof *grown);
        if (!grown)
            return;
        tally->refusals = grown;
        tally->refusal_room = room;
    }
    struct tally_refusal *refusal = &tally->refusals[tally->refusal_count++];
    *refusal = (struct tally_refusal){.message = message, .screen = screen};
    snprintf(refusal->reason, sizeof refusal->reason, "%s", reason);
    snprintf(refusal->text, sizeof refusal->text, "%s", text);
}

static bool is_reached(const struct tally_message *message,
                       enum tally_step step)
{
    return step == TALLY_SHOWN ||
           ((message->ends_something || message->is_command) &&
            step == TALLY_VERIFIED);
}

void tally_note(struct tally *tally, size_t message, int screen,
                enum tally_step step, int64_t at_ms, const char *reason,
                const char *text)
{
    struct tally_message *about = &tally->messages[message];

    if (screen < 0 || (about->marks[screen] & STEP_BITS) >= (int)step)
        return;
    about->marks[screen] = (unsigned char)((about->marks[screen] & EXPECTED) |
                                           step);
    if (step == TALLY_REFUSED)
        keep_refusal(tally, message, (size_t)screen, reason, text);
    /* A screen that does not trust its clock names no time. */
    if (!is_reached(about, step) || at_ms <= 0 || about->published_ms <= 0)
        return;
    if (at_ms - about->published_ms > about->last_after_ms)
        about->last_after_ms = at_ms - about->published_ms;
}

void tally_note_receipt(struct tally *tally, size_t message,
                        const struct receipt *receipt)
{
    static const enum tally_step steps[RECEIPT_COUNT] = {
        [RECEIPT_VERIFIED] = TALLY_VERIFIED,
        [RECEIPT_REFUSED] = TALLY_REFUSED,
        [RECEIPT_SHOWN] = TALLY_SHOWN,
        /* It says that it was there, not that anybody could see it. */
        [RECEIPT_ENDED] = TALLY_VERIFIED,
    };
    int known = roster_find(tally->roster, receipt->screen);
    int screen = roster_add(tally->roster, receipt->screen);

    if (known < 0 && screen >= 0)
        tally_note_screen(tally, screen);
    tally_note(tally, message, screen, steps[receipt->event], receipt->at_ms,
               receipt->reason, receipt->text);
}

static bool names(const struct screen_alert *alerts, size_t count,
                  const struct tally_message *message, int64_t *at_ms)
{
    for (size_t i = 0; i < count; i++)
        if (alerts[i].seq == message->seq &&
            strcmp(alerts[i].id, message->id) == 0) {
            *at_ms = alerts[i].at_ms;
            return true;
        }
    return false;
}

/* What a state tells of a message. */
static enum tally_step step_in(const struct screen_state *state,
                               const struct tally_message *message,
                               int64_t *at_ms)
{
    char showing[LIMIT_IDENTIFIER_BYTES + 16];

    *at_ms = 0;
    if (message->is_alert && !message->ends_something &&
        names(state->shown, state->shown_count, message, at_ms))
        return TALLY_SHOWN;
    snprintf(showing, sizeof showing, "%s/%s",
             message->is_alert ? "alert" : "panel", message->id);
    if (state->showing_seq == message->seq && !state->glass &&
        strcmp(state->showing, showing) == 0)
        return TALLY_SHOWN;
    return message->is_alert &&
                   names(state->live, state->live_count, message, at_ms)
               ? TALLY_VERIFIED
               : TALLY_NOTHING;
}

void tally_note_screen(struct tally *tally, int screen)
{
    if (screen < 0)
        return;
    const struct screen_state *state = tally->roster->screens[screen].state;
    for (size_t i = 0; i < tally->count; i++) {
        struct tally_message *message = &tally->messages[i];
        int64_t at_ms = 0;
        expect(tally, message, (size_t)screen);
        enum tally_step step = state && !message->is_command
                                   ? step_in(state, message, &at_ms)
                                   : TALLY_NOTHING;
        tally_note(tally, i, screen, step, at_ms, "", "");
    }
}

const char *tally_class_name(const struct tally_message *message,
                             enum tally_class class)
{
    static const char *const names_of[TALLY_CLASSES] = {
        [TALLY_REACHED] = "shown",   [TALLY_REFUSING] = "refused",
        [TALLY_WAITING] = "waiting", [TALLY_OFFLINE] = "offline",
        [TALLY_SILENT] = "silent",
    };

    if (class != TALLY_REACHED)
        return names_of[class];
    return message->is_command       ? N_("done")
           : message->ends_something ? N_("taken")
                                     : N_("shown");
}

static enum tally_class classify(const struct roster_screen *screen,
                                 const struct tally_message *message,
                                 enum tally_step step)
{
    if (is_reached(message, step))
        return TALLY_REACHED;
    if (step == TALLY_REFUSED)
        return TALLY_REFUSING;
    switch (roster_condition(screen, 0)) {
    case ROSTER_OFFLINE:
        return TALLY_OFFLINE;
    case ROSTER_SILENT:
        return step == TALLY_NOTHING ? TALLY_SILENT : TALLY_WAITING;
    default:
        return TALLY_WAITING;
    }
}

enum tally_step tally_step_of(const struct tally *tally, size_t message,
                              size_t screen)
{
    return (enum tally_step)(tally->messages[message].marks[screen] &
                             STEP_BITS);
}

bool tally_class_of(const struct tally *tally, size_t message, size_t screen,
                    enum tally_class *out)
{
    const struct tally_message *about = &tally->messages[message];
    unsigned char mark = about->marks[screen];

    if (!(mark & EXPECTED))
        return false;
    *out = classify(&tally->roster->screens[screen], about,
                    (enum tally_step)(mark & STEP_BITS));
    return true;
}

struct tally_counts tally_count(const struct tally *tally, size_t message)
{
    const struct tally_message *about = &tally->messages[message];
    struct tally_counts counts = {.expected = 0};

    for (size_t i = 0; i < tally->roster->count; i++) {
        enum tally_step step = (enum tally_step)(about->marks[i] & STEP_BITS);
        enum tally_class class;
        if (!tally_class_of(tally, message, i, &class)) {
            counts.unlisted += step >= TALLY_VERIFIED;
            continue;
        }
        counts.expected++;
        counts.classes[class]++;
        counts.taken += class == TALLY_WAITING && step == TALLY_VERIFIED;
    }
    return counts;
}

int tally_thousandths(const struct tally_counts *counts)
{
    return counts->expected == 0 ? 1000
                                 : (int)(counts->classes[TALLY_REACHED] * 1000 /
                                         counts->expected);
}

const struct tally_refusal *tally_find_refusal(const struct tally *tally,
                                               size_t message, size_t screen)
{
    for (size_t i = 0; i < tally->refusal_count; i++)
        if (tally->refusals[i].message == message &&
            tally->refusals[i].screen == screen)
            return &tally->refusals[i];
    return NULL;
}
