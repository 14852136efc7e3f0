/* Turns events into receipts, log lines and the journal of a rehearsal:
 * journal.jsonl has one line for each event, and there is one picture for each
 * page. */
#include "display/edge/app/telemetry.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/translate.h"
#include "display/edge/app/machine.h"
#include "display/edge/render/picture.h"
#include "protocol/link/certificate_end.h"

enum { JOURNAL_PATH_BYTES = 1024 };

struct journal {
    char folder[JOURNAL_PATH_BYTES];
    FILE *file;
    unsigned pictures;
};

/* One line of the journal. */
struct journal_entry {
    const char *event; /* received, verified, refused, shown, ended, came, … */
    int64_t wall_ms;
    const char *kind; /* NULL: left out, as every text below */
    const char *id;
    int64_t seq;            /* 0: left out */
    int64_t page;           /* from 1; 0: left out */
    const char *above_kind; /* kind of the alert above it on the glass */
    const char *above_id;
    const char *reason;
    int64_t turns; /* 0: left out; likewise below */
    int64_t frames;
};

/* Makes the folder if it does not exist. Overwrites the journal of an earlier
 * run. */
static bool journal_create(const char *folder, struct journal **out,
                           struct problem *problem)
{
    char name[JOURNAL_PATH_BYTES + 16];
    struct journal *journal = calloc(1, sizeof *journal);

    if (!journal)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    int length = snprintf(journal->folder, sizeof journal->folder, "%s",
                          folder);
    bool fits = length >= 0 && (size_t)length < sizeof journal->folder;
    snprintf(name, sizeof name, "%s/journal.jsonl", journal->folder);
    if (fits && (mkdir(folder, 0777) == 0 || errno == EEXIST))
        journal->file = fopen(name, "we");
    if (!journal->file) {
        free(journal);
        return problem_set(problem, PROBLEM_SYSTEM, "%.120s: %s", folder,
                           fits ? tr_error(errno) : "path too long");
    }
    *out = journal;
    return true;
}

/* NULL: does nothing. */
static void journal_destroy(struct journal *journal)
{
    if (!journal)
        return;
    fclose(journal->file);
    free(journal);
}

static void put_text(json_t *line, const char *key, const char *text)
{
    if (text && text[0])
        json_object_set_new(line, key, json_string(text));
}

static void put_number(json_t *line, const char *key, int64_t number)
{
    json_object_set_new(line, key, json_integer(number));
}

/* journal NULL: does nothing. The line is flushed before this returns. */
static void journal_write(struct journal *journal,
                          const struct journal_entry *entry)
{
    json_t *line = journal ? json_object() : NULL;

    if (!line)
        return;
    put_number(line, "at_ms", entry->wall_ms);
    put_text(line, "event", entry->event);
    put_text(line, "kind", entry->kind);
    put_text(line, "id", entry->id);
    if (entry->seq > 0)
        put_number(line, "seq", entry->seq);
    if (entry->page > 0)
        put_number(line, "page", entry->page);
    put_text(line, "above", entry->above_kind);
    put_text(line, "above_id", entry->above_id);
    put_text(line, "reason", entry->reason);
    if (entry->turns > 0)
        put_number(line, "turns", entry->turns);
    if (entry->frames > 0)
        put_number(line, "frames", entry->frames);
    char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(line);
    if (text && (fprintf(journal->file, "%s\n", text) < 0 ||
                 fflush(journal->file) != 0))
        log_write(LOG_WARNING, "journal: %s; the line is lost",
                  tr_error(errno));
    free(text);
}

/* Writes NNNN-KIND-ID-PAGE.png; a failure is logged. */
static void journal_picture(struct journal *journal,
                            const struct renderer_pixels *pixels,
                            const char *kind, const char *id, size_t page)
{
    char name[JOURNAL_PATH_BYTES + 256];
    struct problem problem = {0};

    snprintf(name, sizeof name, "%s/%04u-%s%s%s-%zu.png", journal->folder,
             ++journal->pictures, kind, id[0] ? "-" : "", id, page + 1);
    if (!picture_write(name, pixels, &problem))
        log_problem(LOG_WARNING, "journal", &problem);
}

bool telemetry_init(struct telemetry *telemetry,
                    const struct screen_identity *identity,
                    const char *store_file, const char *certificate_file,
                    const char *record, struct problem *problem)
{
    *telemetry = (struct telemetry){.identity = identity,
                                    .store_file = store_file,
                                    .certificate_file = certificate_file,
                                    .begun_ms = clock_monotonic_ms(),
                                    .error_ms = TIMESTAMP_NONE};
    return !record || journal_create(record, &telemetry->journal, problem);
}

void telemetry_finish(struct telemetry *telemetry)
{
    journal_destroy(telemetry->journal);
    telemetry->journal = NULL;
}

void telemetry_note(struct telemetry *telemetry, const char *event,
                    const char *id, const char *reason,
                    const struct moment *now)
{
    const struct journal_entry entry = {
        .event = event, .wall_ms = now->wall_ms, .id = id, .reason = reason};

    journal_write(telemetry->journal, &entry);
}

static bool is_alert(enum message_kind kind)
{
    return kind == MESSAGE_ALERT || kind == MESSAGE_ALERT_CANCEL;
}

static bool has_receipts(enum message_kind kind)
{
    return kind == MESSAGE_PANEL || kind == MESSAGE_PANEL_REMOVAL ||
           is_alert(kind);
}

static void release(struct telemetry *telemetry,
                    const struct telemetry_event *event)
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

    journal_write(telemetry->journal, &entry);
    if (!telemetry->subscriber || !receipt->message[0])
        return;
    if (has_receipts(event->kind))
        subscriber_tell_receipt(telemetry->subscriber, receipt);
    else if (event->kind == MESSAGE_COMMAND)
        subscriber_tell_reply(telemetry->subscriber, receipt);
}

void telemetry_release(struct telemetry *telemetry)
{
    for (size_t i = 0; i < telemetry->held_count; i++)
        release(telemetry, &telemetry->held[i]);
    telemetry->held_count = 0;
}

/* Holds a receipt for the end of the turn. Valid until the next call. */
static struct receipt *tell(struct telemetry *telemetry,
                            enum receipt_event event, enum message_kind kind,
                            const char *id, int64_t seq,
                            const struct moment *now, const char *reason,
                            const char *text)
{
    if (telemetry->held_count == TELEMETRY_HELD)
        telemetry_release(telemetry);
    struct telemetry_event *held = &telemetry->held[telemetry->held_count++];
    struct receipt *receipt = &held->receipt;
    held->kind = kind;
    held->wall_ms = now->wall_ms;
    *receipt = (struct receipt){
        .event = event, .seq = seq, .at_ms = moment_trusted_wall_ms(now)};
    snprintf(receipt->message, sizeof receipt->message, "%s", id);
    snprintf(receipt->screen, sizeof receipt->screen, "%s",
             telemetry->identity->screen);
    snprintf(receipt->reason, sizeof receipt->reason, "%s", reason);
    snprintf(receipt->text, sizeof receipt->text, "%s", text);
    return receipt;
}

/* False: the limit of this minute is reached, so this one is only counted. */
static bool may_tell(struct telemetry_quota *quota, unsigned limit,
                     const char *what, const struct moment *now)
{
    enum { MINUTE_MS = 60000 };

    if (now->mono_ms - quota->since_ms >= MINUTE_MS || quota->count == 0) {
        if (quota->count > limit)
            log_write(LOG_WARNING, "subscriber: %u %s untold",
                      quota->count - limit, tr(what));
        quota->since_ms = now->mono_ms;
        quota->count = 0;
    }
    return ++quota->count <= limit;
}

/* Logs the parts of an accepted message that do not reach the glass. */
static void tell_gaps(const struct board_intake *intake)
{
    const char *kind = tr(message_kind_name(intake->kind));

    if (intake->ignored[0])
        log_write(LOG_WARNING,
                  "subscriber: %s '%s' seq %lld: this version does not know "
                  "%s; the rest counts",
                  kind, intake->id, (long long)intake->seq, intake->ignored);
    if (intake->left_out[0])
        log_write(LOG_WARNING,
                  "subscriber: %s '%s' seq %lld: this version cannot display "
                  "%s; the rest is shown",
                  kind, intake->id, (long long)intake->seq, intake->left_out);
}

static void tell_refusal(struct telemetry *telemetry,
                         const struct telemetry_arrival *arrival,
                         const struct board_intake *intake,
                         const struct problem *problem,
                         const struct moment *now)
{
    struct problem told = *problem;
    char text[240];

    if (!may_tell(&telemetry->refusals, TELEMETRY_REFUSALS,
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
    struct receipt *receipt = tell(telemetry, RECEIPT_REFUSED, intake->kind,
                                   intake->id, intake->seq, now,
                                   problem_code_name(problem->code), text);
    /* Without a sequence number only the digest identifies the message for the
     * sender. */
    if (intake->seq == 0 && arrival->payload)
        envelope_digest(arrival->payload, arrival->bytes, receipt->digest);
    else if (intake->seq == 0)
        memcpy(receipt->digest, arrival->digest, sizeof receipt->digest);
}

static void tell_taken(struct telemetry *telemetry,
                       const struct board_intake *intake,
                       const struct moment *now)
{
    struct receipt *receipt = tell(telemetry, RECEIPT_VERIFIED, intake->kind,
                                   intake->id, intake->seq, now, "", "");

    memcpy(receipt->ignored, intake->ignored, sizeof receipt->ignored);
    memcpy(receipt->left_out, intake->left_out, sizeof receipt->left_out);
    tell_gaps(intake);
}

void telemetry_judged(struct telemetry *telemetry,
                      const struct telemetry_arrival *arrival,
                      const struct board_intake *intake,
                      const struct problem *problem, const struct moment *now)
{
    enum log_level level = is_alert(intake->kind) ? LOG_INFO : LOG_DEBUG;

    switch (intake->effect) {
    case BOARD_REFUSED:
        tell_refusal(telemetry, arrival, intake, problem, now);
        return;
    case BOARD_ACCEPTED:
    case BOARD_TOOK_OFF:
        log_write(level, "subscriber: %s '%s' seq %lld accepted",
                  tr(message_kind_name(intake->kind)), intake->id,
                  (long long)intake->seq);
        tell_taken(telemetry, intake, now);
        return;
    case BOARD_NOTED: /* ticks and indexes are too frequent to be logged */
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

void telemetry_refused(struct telemetry *telemetry, unsigned long count)
{
    telemetry->refusals.count += (unsigned)count;
}

bool telemetry_has_shown(const struct telemetry *telemetry,
                         const struct message *message)
{
    if (!message)
        return true;
    for (size_t i = 0; i < TELEMETRY_SHOWN; i++) {
        const struct telemetry_shown *shown = &telemetry->shown[i];
        if (shown->seq == message->seq && shown->kind == message->kind &&
            strcmp(shown->id, message->id) == 0)
            return true;
    }
    return false;
}

void telemetry_shown(struct telemetry *telemetry, const struct message *message,
                     const struct moment *presented)
{
    if (telemetry_has_shown(telemetry, message))
        return;
    struct telemetry_shown *next = &telemetry->shown[telemetry->shown_next];
    telemetry->shown_next = (telemetry->shown_next + 1) % TELEMETRY_SHOWN;
    next->kind = message->kind;
    next->seq = message->seq;
    next->at_ms = moment_trusted_wall_ms(presented);
    telemetry->shown_alerts += message->kind == MESSAGE_ALERT;
    snprintf(next->id, sizeof next->id, "%s", message->id);
    if (message->kind == MESSAGE_ALERT)
        log_write(LOG_INFO, "alert '%s' seq %lld stands on the glass",
                  message->id, (long long)message->seq);
    tell(telemetry, RECEIPT_SHOWN, message->kind, message->id, message->seq,
         presented, "", "");
}

void telemetry_ended(struct telemetry *telemetry,
                     const struct board_ended *ended, const struct moment *now)
{
    if (is_alert(ended->kind))
        log_write(LOG_INFO, "alert '%s' ended: %s", ended->id, ended->reason);
    tell(telemetry, RECEIPT_ENDED, ended->kind, ended->id, ended->seq, now,
         ended->reason, "");
}

void telemetry_line(struct telemetry *telemetry, bool up, const char *reason,
                    const struct moment *now)
{
    telemetry->line_up = up;
    bool told = may_tell(&telemetry->lines, TELEMETRY_LINES,
                         "more times the line went or came", now);
    if (told && up)
        log_write(LOG_INFO, "subscriber: the line is up");
    else if (told)
        log_write(LOG_WARNING,
                  "subscriber: the line is down: %s; the screen "
                  "goes on with what it has",
                  reason);
    telemetry_note(telemetry, up ? "line-up" : "line-down", NULL,
                   up ? NULL : reason, now);
    if (!up)
        return;
    if (telemetry->subscriber)
        subscriber_tell_presence(telemetry->subscriber, PRESENCE_ONLINE,
                                 moment_trusted_wall_ms(now));
    telemetry->state_told = false;
}

/* The parts of the state that are published at once when they change; memory
 * and frames are not among them. */
static void make_state_key(const struct screen_state *state,
                           unsigned shown_alerts,
                           char out[TELEMETRY_STATE_KEY_BYTES])
{
    snprintf(out, TELEMETRY_STATE_KEY_BYTES,
             "%s %lld %s %d %d %d %d %lld %d %d %u %d %d %d %s", state->showing,
             (long long)state->showing_seq, state->glass ? state->glass : "",
             state->panels, state->alerts, state->missing, state->frozen,
             (long long)state->keys_seq, state->clock_trusted, state->store_ok,
             shown_alerts, state->waiting, state->pictures_missing,
             state->pictures_spoilt, state->light ? state->light : "");
}

/* What is told with every state and is no reason for one. */
struct extras {
    struct machine_vitals vitals;
    char system[MACHINE_SYSTEM_BYTES];
    char last_error[LOG_LAST_BYTES];
    char groups[LIMIT_GROUPS * (LIMIT_IDENTIFIER_BYTES + 1)];
    struct screen_alert shown[SCREEN_STATE_ALERTS];
};

/* The alerts of the ring, the newest first. */
static size_t list_shown(const struct telemetry *telemetry,
                         struct screen_alert out[SCREEN_STATE_ALERTS])
{
    size_t count = 0;

    for (size_t i = 1; i <= TELEMETRY_SHOWN && count < SCREEN_STATE_ALERTS;
         i++) {
        const struct telemetry_shown *shown =
            &telemetry->shown[(telemetry->shown_next + TELEMETRY_SHOWN - i) %
                              TELEMETRY_SHOWN];
        if (shown->seq > 0 && shown->kind == MESSAGE_ALERT)
            out[count++] = (struct screen_alert){shown->id, shown->seq,
                                                 shown->at_ms};
    }
    return count;
}

static void join_groups(const struct screen_identity *identity, char *out,
                        size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < identity->group_count; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s",
                                 i > 0 ? " " : "", identity->groups[i]);
}

/* The log does not know the time: it is that of the first turn after it. */
static void note_error(struct telemetry *telemetry, const struct moment *now,
                       char out[LOG_LAST_BYTES])
{
    unsigned errors = log_last(out);

    if (errors != telemetry->errors)
        telemetry->error_ms = moment_trusted_wall_ms(now);
    telemetry->errors = errors;
}

/* The file is read each time: a renewed one lies in the same place. Logs once
 * that it ends soon, where the clock knows that. */
static int64_t read_certificate(struct telemetry *telemetry,
                                const struct moment *now)
{
    int64_t now_ms = moment_trusted_wall_ms(now);
    char words[CERTIFICATE_WORDS_BYTES];
    struct certificate_end end;

    if (!telemetry->certificate_file || !telemetry->certificate_file[0] ||
        !certificate_end_read(telemetry->certificate_file, &end))
        return 0;
    if (now_ms != TIMESTAMP_NONE && end.ms != telemetry->certificate_told_ms &&
        certificate_ends_soon(end.ms, now_ms)) {
        certificate_end_describe(end.ms, now_ms, words);
        log_write(LOG_WARNING,
                  "%s: the certificate %s; after that the broker refuses this "
                  "screen: gaoshi-publish provision renew %s --town DIR makes "
                  "a new one",
                  telemetry->certificate_file, words,
                  telemetry->identity->screen);
        telemetry->certificate_told_ms = end.ms;
    }
    return end.ms;
}

/* extras holds the texts. */
static void add_extras(struct telemetry *telemetry, struct extras *extras,
                       struct screen_state *state, const struct moment *now)
{
    const struct screen_identity *identity = telemetry->identity;

    machine_read(telemetry->store_file ? telemetry->store_file : "",
                 &extras->vitals);
    machine_describe(extras->system);
    join_groups(identity, extras->groups, sizeof extras->groups);
    state->certificate_until_ms = read_certificate(telemetry, now);
    note_error(telemetry, now, extras->last_error);
    state->area = identity->area;
    state->groups = extras->groups;
    state->shown = extras->shown;
    state->shown_count = list_shown(telemetry, extras->shown);
    state->resident_bytes = extras->vitals.resident_bytes;
    state->memory_free_bytes = extras->vitals.memory_free_bytes;
    state->disk_free_bytes = extras->vitals.disk_free_bytes;
    state->temperature_c = extras->vitals.temperature_c;
    state->throttled = extras->vitals.throttled;
    state->system = extras->system;
    state->last_error = extras->last_error;
    state->last_error_ms = telemetry->error_ms;
    state->uptime_s = (now->mono_ms - telemetry->begun_ms) / 1000;
}

/* Screens that started together do not go on telling together. */
static int64_t draw_period_ms(void)
{
    uint32_t random = 0;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = 0;
    return TELEMETRY_STATE_MAX_MS - random % TELEMETRY_STATE_JITTER_MS;
}

static int64_t publish_state(struct telemetry *telemetry,
                             struct screen_state *state,
                             const struct moment *now)
{
    char key[sizeof telemetry->state_key];
    int64_t age_ms = now->mono_ms - telemetry->state_ms;

    /* The state is published when the line is up again. */
    if (!telemetry->subscriber || !telemetry->line_up)
        return INT64_MAX;
    make_state_key(state, telemetry->shown_alerts, key);
    bool changed = !telemetry->state_told ||
                   strcmp(key, telemetry->state_key) != 0;
    bool early = age_ms < TELEMETRY_STATE_MIN_MS && telemetry->state_ms > 0;
    struct extras extras;

    subscriber_set_screens(telemetry->subscriber, telemetry->screens);
    if (changed && early)
        return telemetry->state_ms + TELEMETRY_STATE_MIN_MS;
    if (changed || age_ms >= telemetry->state_period_ms) {
        add_extras(telemetry, &extras, state, now);
        telemetry->state_told = subscriber_tell_state(telemetry->subscriber,
                                                      state);
        telemetry->state_ms = now->mono_ms;
        telemetry->state_period_ms = draw_period_ms();
        memcpy(telemetry->state_key, key, sizeof key);
    }
    return telemetry->state_ms + telemetry->state_period_ms;
}

static const char *scene_kind_name(enum scene_kind kind)
{
    static const char *const names[] = {[SCENE_PLAIN] = "plain",
                                        [SCENE_PANEL] = "panel",
                                        [SCENE_ALERT] = "alert",
                                        [SCENE_CLEAR] = "clear"};

    return names[kind];
}

/* The kind of the message above the programme. */
static enum scene_kind above_kind(const struct scene *scene)
{
    return scene->alert.message->kind == MESSAGE_ALERT ? SCENE_ALERT
                                                       : SCENE_CLEAR;
}

/* «shown» is written once for each message, «came» each time that a page
 * appears, also when it comes back. */
static void tell_page(struct telemetry *telemetry, const struct scene *scene)
{
    const struct message *above = scene->alert.message;
    const struct journal_entry entry = {
        .event = "came",
        .wall_ms = clock_wall_ms(),
        .kind = scene_kind_name(scene->kind),
        .id = scene->message ? scene->message->id : NULL,
        .page = (int64_t)scene->page + 1,
        .above_kind = above ? scene_kind_name(above_kind(scene)) : NULL,
        .above_id = above ? above->id : NULL,
    };

    journal_write(telemetry->journal, &entry);
}

void telemetry_record(struct telemetry *telemetry, const struct scene *scene,
                      const struct stage *stage,
                      const struct stage_result *result)
{
    bool at_rest = !result->in_transition && !result->frame.moving;

    if (!telemetry->journal || !result->healthy)
        return;
    if (frame_mark_move(&telemetry->told, scene))
        tell_page(telemetry, scene);
    if (!at_rest || !frame_mark_move(&telemetry->recorded, scene))
        return;
    struct renderer_pixels pixels = renderer_pixels(stage->glass->renderer);
    journal_picture(telemetry->journal, &pixels, scene_kind_name(scene->kind),
                    scene->message ? scene->message->id : "", scene->page);
}

void telemetry_end(struct telemetry *telemetry, int64_t turns, int64_t frames)
{
    const struct journal_entry entry = {
        .event = "end",
        .wall_ms = clock_wall_ms(),
        .turns = turns,
        .frames = frames,
    };

    journal_write(telemetry->journal, &entry);
}

void telemetry_reply(struct telemetry *telemetry,
                     const struct board_intake *judged, const char *reason,
                     const char *text, const struct moment *now)
{
    struct receipt receipt = {
        .event = reason ? RECEIPT_REFUSED : RECEIPT_VERIFIED,
        .seq = judged->seq,
        .at_ms = moment_trusted_wall_ms(now),
    };

    snprintf(receipt.message, sizeof receipt.message, "%s", judged->id);
    snprintf(receipt.screen, sizeof receipt.screen, "%s",
             telemetry->identity->screen);
    snprintf(receipt.reason, sizeof receipt.reason, "%s", reason ? reason : "");
    snprintf(receipt.text, sizeof receipt.text, "%s", tr(text));
    log_write(LOG_INFO, "command: %s", tr(text));
    if (telemetry->subscriber)
        subscriber_tell_reply(telemetry->subscriber, &receipt);
}

bool telemetry_reply_part(struct telemetry *telemetry, struct reply_part *part)
{
    snprintf(part->screen, sizeof part->screen, "%s",
             telemetry->identity->screen);
    return !telemetry->subscriber ||
           subscriber_tell_part(telemetry->subscriber, part);
}

enum { SHOWING_BYTES = LIMIT_IDENTIFIER_BYTES + 16 };

/* If an alert shares the glass with the programme, the state names the alert.
 * Returns the named message; NULL: the plain page. */
static const struct message *find_shown(struct telemetry *telemetry,
                                        const struct scene *scene,
                                        const struct moment *now,
                                        char out[SHOWING_BYTES])
{
    bool beside = scene->alert.message != NULL;
    const struct message *message = beside ? scene->alert.message
                                           : scene->message;
    uint64_t page = beside ? scene->alert.showing : scene->showing;

    snprintf(out, SHOWING_BYTES, "plain");
    if (message)
        snprintf(out, SHOWING_BYTES, "%s/%s",
                 scene_kind_name(beside ? above_kind(scene) : scene->kind),
                 message->id);
    if (telemetry->since_showing != page || telemetry->since_ms == 0)
        telemetry->since_ms = moment_trusted_wall_ms(now);
    telemetry->since_showing = page;
    return message;
}

int64_t telemetry_state(struct telemetry *telemetry, const struct scene *scene,
                        const struct screen_state *state,
                        const struct moment *now)
{
    char showing[SHOWING_BYTES];
    const struct message *message = find_shown(telemetry, scene, now, showing);
    struct screen_state told = *state;

    told.screen = telemetry->identity->screen;
    told.version = GAOSHI_VERSION;
    told.showing = showing;
    told.showing_seq = message ? message->seq : 0;
    told.since_ms = telemetry->since_ms;
    told.until_ms = message ? message->expires_ms : TIMESTAMP_NONE;
    told.at_ms = moment_trusted_wall_ms(now);
    return publish_state(telemetry, &told, now);
}
