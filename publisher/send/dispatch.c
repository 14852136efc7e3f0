/* Turns drafts into signed messages in the outbox, all or none of them. */
#include "publisher/send/dispatch.h"

#include "base/escape.h"
#include "base/timestamp.h"
#include "protocol/alert_life.h"
#include "protocol/envelope.h"
#include "publisher/cli/clock.h"
#include "base/files.h"
#include "publisher/cli/tell.h"
#include "publisher/outbox/live_index.h"
#include "publisher/outbox/outbox_live.h"
#include "publisher/outbox/sent_alerts.h"
#include "publisher/send/compose.h"
#include "publisher/send/confirm.h"
#include "publisher/send/grants.h"
#include "publisher/send/preview.h"
#include "publisher/send/private_key.h"
#include "publisher/send/sending.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A body that was composed, and what the checked body says. */
struct composed {
    char *body;
    size_t bytes;
    struct message *message;
    char topic[LIMIT_TOPIC_BYTES];
};

static void composed_finish(struct composed *composed)
{
    free(composed->body);
    message_destroy(composed->message);
}

static struct compose_frame frame_now(const struct options *options)
{
    int64_t now_ms = clock_wall_ms();

    return (struct compose_frame){
        .org = options->org,
        .scope = options->scope,
        .seq = now_ms,
        .issued_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
}

static void set_place(struct problem *problem, const char *place)
{
    problem_set_place(problem, place);
    problem->line = 0;
    problem->column = 0;
}

/* On success the caller finishes *out. */
static bool compose_draft(const struct draft *draft,
                          const struct compose_frame *frame,
                          struct composed *out, struct problem *problem)
{
    struct composed composed = {0};
    struct topic topic;

    bool done = compose_body(draft->message->root, frame, &composed.body,
                             &composed.bytes, problem) &&
                message_parse(composed.body, composed.bytes, MESSAGE_WIRE,
                              draft->place, &composed.message, problem);
    if (done && (!message_topic(composed.message, &topic) ||
                 !topic_format(&topic, composed.topic)))
        done = problem_set(problem, PROBLEM_TOPIC, "it has no topic");
    if (!done) {
        set_place(problem, draft->place);
        composed_finish(&composed);
        return false;
    }
    *out = composed;
    return true;
}

/* As it is for a program; what a terminal would obey is escaped. */
static void print_body(const char *body)
{
    bool escaping = isatty(STDOUT_FILENO);

    while (escaping && *body) {
        size_t length = strcspn(body, "\n");
        char *line = strndup(body, length);
        char *escaped = line ? escape_copy(line) : NULL;
        puts(escaped ? escaped : "");
        free(escaped);
        free(line);
        body += length + (body[length] == '\n');
    }
    if (!escaping)
        puts(body);
}

static enum publish_exit print_drafts(const struct options *options,
                                      const struct drafts *drafts,
                                      struct problem *problem)
{
    struct compose_frame frame = frame_now(options);

    for (size_t i = 0; i < drafts->count; i++, frame.seq++) {
        struct composed composed;
        if (!compose_draft(&drafts->items[i], &frame, &composed, problem))
            return PUBLISH_REFUSED;
        puts(composed.topic);
        print_body(composed.body);
        composed_finish(&composed);
    }
    return PUBLISH_DONE;
}

/* A picture goes to no topic: where neither draft nor options name an org, any
 * name will do. */
static const char *preview_org(const struct options *options,
                               const struct draft *draft)
{
    bool drafted = json_object_get(draft->message->root, "org") != NULL;

    return options->org || drafted ? options->org : "preview";
}

static enum publish_exit preview_drafts(const struct options *options,
                                        const struct drafts *drafts,
                                        struct problem *problem)
{
    struct compose_frame frame = frame_now(options);
    struct preview *preview = preview_create(options->preview_file, problem);
    enum publish_exit code = preview ? PUBLISH_DONE : PUBLISH_OTHER;

    for (size_t i = 0; code == PUBLISH_DONE && i < drafts->count; i++) {
        struct composed composed;
        frame.org = preview_org(options, &drafts->items[i]);
        if (!compose_draft(&drafts->items[i], &frame, &composed, problem)) {
            code = PUBLISH_REFUSED;
            break;
        }
        if (!preview_add(preview, composed.body, problem))
            code = PUBLISH_OTHER;
        composed_finish(&composed);
    }
    if (code == PUBLISH_DONE && !preview_draw(preview, options, problem))
        code = PUBLISH_OTHER;
    preview_destroy(preview);
    return code;
}

static size_t limit_bytes(enum message_kind kind)
{
    bool alert = kind == MESSAGE_ALERT || kind == MESSAGE_ALERT_CANCEL;

    return alert ? LIMIT_ALERT_BYTES : LIMIT_MESSAGE_BYTES;
}

/* A name as long as one may be. */
static const char *longest(const struct message *message, const char *field,
                           char out[LIMIT_IDENTIFIER_BYTES + 1])
{
    memset(out, 'x', LIMIT_IDENTIFIER_BYTES);
    out[LIMIT_IDENTIFIER_BYTES] = '\0';
    return json_object_get(message->root, field) ? NULL : out;
}

bool dispatch_check_draft(const struct draft *draft, struct problem *problem)
{
    const struct message *message = draft->message;
    char org[LIMIT_IDENTIFIER_BYTES + 1], name[LIMIT_IDENTIFIER_BYTES + 1];
    char scope[SCOPE_BYTES];
    int64_t now_ms = clock_wall_ms();
    struct compose_frame frame = {
        .org = longest(message, "org", org),
        .seq = now_ms,
        .issued_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
    struct composed composed;

    /* That an alert is over is no fault of its file: alert raise tells it. */
    if (message->kind == MESSAGE_ALERT &&
        message->expires_ms != TIMESTAMP_NONE && message->expires_ms <= now_ms)
        frame.issued_ms = message->expires_ms - 1000;
    if (message->kind != MESSAGE_PANEL && message->kind != MESSAGE_ALERT &&
        message->kind != MESSAGE_PANEL_REMOVAL &&
        message->kind != MESSAGE_ALERT_CANCEL)
        return true;
    if (longest(message, "scope", name)) {
        snprintf(scope, sizeof scope, "screen-%s", name);
        frame.scope = scope;
    }
    if (!compose_draft(draft, &frame, &composed, problem))
        return false;
    size_t bytes = ENVELOPE_LINE_BYTES + composed.bytes;
    composed_finish(&composed);
    if (bytes <= limit_bytes(message->kind))
        return true;
    problem_set(problem, PROBLEM_TOO_LARGE,
                "%zu bytes as it would be sent, %zu at most", bytes,
                limit_bytes(message->kind));
    set_place(problem, draft->place);
    return false;
}

/* The caller frees *payload, to which the message points. */
static bool seal(const struct key *key, const struct composed *composed,
                 struct outbox_message *message, char **payload,
                 struct problem *problem)
{
    size_t limit = limit_bytes(composed->message->kind);

    *message = (struct outbox_message){
        .seq = composed->message->seq,
        .org = composed->message->org,
        .topic = composed->topic,
        .expires_ms = composed->message->kind == MESSAGE_ALERT
                          ? alert_life_end_ms(composed->message)
                          : composed->message->expires_ms,
    };
    *payload = NULL;
    if (!envelope_seal(key, composed->body, composed->bytes, payload,
                       &message->bytes, problem))
        return false;
    message->payload = *payload;
    return message->bytes <= limit ||
           problem_set(problem, PROBLEM_TOO_LARGE,
                       "%zu bytes with the signature, %zu at most",
                       message->bytes, limit);
}

static bool queue_composed(struct outbox *outbox, const struct key *key,
                           const struct composed *composed,
                           struct problem *problem)
{
    struct outbox_message message;
    char *payload;

    bool queued = seal(key, composed, &message, &payload, problem) &&
                  outbox_add(outbox, &message, problem) &&
                  sent_alerts_keep(outbox, composed->message, composed->body,
                                   problem);
    free(payload);
    return queued;
}

static bool queue_draft(const struct draft *draft, struct outbox *outbox,
                        const struct key *key, struct compose_frame *frame,
                        struct problem *problem)
{
    struct composed composed;

    if (!outbox_next_sequence(outbox, frame->issued_ms, &frame->seq, problem) ||
        !compose_draft(draft, frame, &composed, problem))
        return false;
    bool queued = queue_composed(outbox, key, &composed, problem);
    if (!queued && problem->code != PROBLEM_SYSTEM)
        set_place(problem, draft->place);
    composed_finish(&composed);
    return queued;
}

/* The index follows what it lists, so that a screen never misses what is on
 * its way. */
static bool queue_indexes(const struct options *options, struct outbox *outbox,
                          const struct key *key,
                          const struct outbox_choice *choice, bool correcting,
                          struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    const struct live_index_frame frame = {
        .org = options->org,
        .key = key,
        .now_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
        .correcting = correcting,
        .sent = *choice,
    };

    return live_index_queue(outbox, &frame, problem);
}

static bool queue_all(const struct options *options,
                      const struct drafts *drafts, struct outbox *outbox,
                      const struct key *key,
                      const struct dispatch_record *record,
                      struct outbox_choice *choice, struct problem *problem)
{
    struct compose_frame frame = frame_now(options);

    if (record && !record->keep(record->context, outbox, problem))
        return false;
    for (size_t i = 0; i < drafts->count; i++) {
        if (!queue_draft(&drafts->items[i], outbox, key, &frame, problem))
            return false;
        if (i == 0)
            choice->first_seq = frame.seq;
        choice->last_seq = frame.seq;
    }
    if (drafts->count > 0)
        outbox_hold(outbox, choice->first_seq, choice->last_seq);
    return outbox_prune(outbox, frame.issued_ms, problem) &&
           queue_indexes(options, outbox, key, choice, false, problem);
}

/* The choice gets the sequence numbers that were given. */
static bool queue_drafts(const struct options *options,
                         const struct drafts *drafts, struct outbox *outbox,
                         const struct key *key,
                         const struct dispatch_record *record,
                         struct outbox_choice *choice, struct problem *problem)
{
    if (outbox_begin(outbox, problem) &&
        queue_all(options, drafts, outbox, key, record, choice, problem) &&
        outbox_commit(outbox, problem))
        return true;
    outbox_rollback(outbox);
    return false;
}

enum publish_exit dispatch_exit(const struct problem *problem)
{
    return problem->code == PROBLEM_SYSTEM      ? PUBLISH_OTHER
           : problem->code == PROBLEM_AUTHORITY ? PUBLISH_KEY
                                                : PUBLISH_REFUSED;
}

static char *default_state_file(void)
{
    const char *folder = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;
    int length = -1;

    if (folder && folder[0])
        length = asprintf(&path, "%s/gaoshi/outbox.db", folder);
    else if (home && home[0])
        length = asprintf(&path, "%s/.local/state/gaoshi/outbox.db", home);
    return length < 0 ? NULL : path;
}

/* The caller frees it. NULL: nowhere. */
static char *state_file(const struct options *options, struct problem *problem)
{
    char *file = options->state_file ? strdup(options->state_file)
                                     : default_state_file();

    if (!file)
        problem_set(problem, PROBLEM_SYSTEM,
                    "no HOME for the outbox; give --state FILE");
    return file;
}

bool dispatch_open_outbox(const struct options *options, struct outbox **out,
                          struct problem *problem)
{
    char *file = state_file(options, problem);
    bool opened = file && outbox_open(file, out, problem);

    free(file);
    return opened;
}

bool dispatch_open_outbox_reading(const struct options *options,
                                  struct outbox **out, struct problem *problem)
{
    char *file = state_file(options, problem);

    if (!file)
        return false;
    bool missing = access(file, F_OK) != 0 && errno == ENOENT;
    /* Why it cannot be written says more than why it cannot be read. */
    bool opened = missing || outbox_open(file, out, problem) ||
                  (problem->code == PROBLEM_SYSTEM &&
                   outbox_open_reading(file, out, NULL));
    if (opened)
        problem->code = PROBLEM_NONE;
    free(file);
    return opened;
}

bool dispatch_load_sent(const struct options *options, const char *id,
                        struct sent_alerts *out, struct problem *problem)
{
    struct outbox *outbox = NULL;
    bool loaded = dispatch_open_outbox_reading(options, &outbox, problem) &&
                  (!outbox ||
                   sent_alerts_load(outbox, options->org, id, out, problem));

    outbox_close(outbox);
    return loaded;
}

/* Once the broker has answered: what it refused reached no screen, and another
 * command may have signed an index without what was on its way here. Where the
 * index says just what is confirmed, nothing is signed or sent. */
static void settle_indexes(const struct options *options, struct outbox *outbox,
                           const struct key *key)
{
    const struct outbox_choice indexes = {.index_key = key_id(key)};
    struct problem problem = {.consequence = "screens may miss what the "
                                             "broker refused"};
    struct options own = *options;

    own.wait_shown = 0;
    if (outbox_begin(outbox, &problem) &&
        queue_indexes(options, outbox, key, &indexes, true, &problem) &&
        outbox_commit(outbox, &problem)) {
        sending_run(&own, outbox, &indexes);
        return;
    }
    outbox_rollback(outbox);
    tell_problem(&problem);
}

static bool are_alerts(const struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++)
        if (limit_bytes(drafts->items[i].message->kind) != LIMIT_ALERT_BYTES)
            return false;
    return drafts->count > 0;
}

/* What can be read of an outbox that cannot be written; else 0, and the clock
 * alone gives the number. */
static int64_t read_last_sequence(const struct options *options)
{
    struct problem problem = {0};
    struct outbox *outbox = NULL;
    char *file = state_file(options, &problem);
    int64_t last = 0;

    if (file && outbox_open_reading(file, &outbox, &problem))
        outbox_last_sequence(outbox, &last, &problem);
    outbox_close(outbox);
    free(file);
    return last;
}

static bool add_unkept(const struct draft *draft, const struct key *key,
                       const struct compose_frame *frame,
                       struct deliveries *deliveries, struct problem *problem)
{
    struct composed composed;
    struct outbox_message message;
    char *payload;

    if (!compose_draft(draft, frame, &composed, problem))
        return false;
    bool added = seal(key, &composed, &message, &payload, problem) &&
                 (deliveries_add(deliveries, &message, true) ||
                  problem_set(problem, PROBLEM_SYSTEM, "out of memory"));
    free(payload);
    composed_finish(&composed);
    return added;
}

/* An alert is not held up by a disk that is full or cannot be written. Its
 * number is at least the clock, as always, so what is sent later is newer. */
static enum publish_exit send_unkept(const struct options *options,
                                     const struct drafts *drafts,
                                     const struct key *key,
                                     struct problem *problem)
{
    struct compose_frame frame = frame_now(options);
    struct problem why = *problem;
    struct deliveries deliveries = {0};
    bool added = true;

    frame.seq = outbox_sequence_after(read_last_sequence(options),
                                      frame.issued_ms);
    for (size_t i = 0; added && i < drafts->count; i++, frame.seq++)
        added = add_unkept(&drafts->items[i], key, &frame, &deliveries,
                           problem);
    if (!added) {
        deliveries_finish(&deliveries);
        return dispatch_exit(problem);
    }
    snprintf(why.consequence, sizeof why.consequence,
             "sent without the outbox: alert list does not know it, and alert "
             "cancel wants --force and --scope");
    tell_problem(&why);
    problem->code = PROBLEM_NONE;
    return delivery_run_unkept(options, &deliveries);
}

static enum publish_exit send_drafts(const struct options *options,
                                     const struct drafts *drafts,
                                     const struct key *key,
                                     const struct dispatch_record *record,
                                     struct problem *problem)
{
    struct outbox_choice choice = {.index_key = key_id(key),
                                   .alerts = options->waiting_alerts,
                                   .all = options->with_waiting};
    struct outbox *outbox = NULL;
    enum publish_exit code = PUBLISH_DONE;

    bool queued = dispatch_open_outbox(options, &outbox, problem);
    if (queued)
        code = confirm_waiting(options, drafts, outbox, &choice.all);
    queued = queued && code == PUBLISH_DONE &&
             queue_drafts(options, drafts, outbox, key, record, &choice,
                          problem);
    if (queued)
        code = sending_run(options, outbox, &choice);
    else if (code == PUBLISH_DONE)
        code = problem->code == PROBLEM_SYSTEM && are_alerts(drafts)
                   ? send_unkept(options, drafts, key, problem)
                   : dispatch_exit(problem);
    if (queued && (code == PUBLISH_DONE || code == PUBLISH_REFUSED))
        settle_indexes(options, outbox, key);
    outbox_close(outbox);
    return code;
}

const char *dispatch_scope(const struct options *options,
                           const struct message *message)
{
    return message->scope[0] ? message->scope
           : options->scope  ? options->scope
                             : "all";
}

bool dispatch_sends(const struct options *options)
{
    return !options->dry_run && !options->preview_file;
}

bool dispatch_check_org(const struct options *options)
{
    if (!options->org)
        tell_line("--org is missing; give it, or set [publisher] org in the "
                  "configuration");
    return options->org != NULL;
}

bool dispatch_check_given(const struct options *options)
{
    const struct {
        const void *value;
        const char *name;
        const char *config;
    } needed[] = {
        {options->org, "--org", "[publisher] org"},
        {options->key_file, "--key", "[publisher] key"},
        {options->brokers.texts[0], "--broker", "[broker] address"},
    };
    size_t count = sizeof needed / sizeof needed[0];

    for (size_t i = 0; i < (dispatch_sends(options) ? count : 1); i++) {
        if (needed[i].value)
            continue;
        tell_line("%s is missing; give it, or set %s in the configuration",
                  needed[i].name, needed[i].config);
        return false;
    }
    return true;
}

enum publish_exit dispatch_recorded(const struct options *options,
                                    const struct drafts *drafts,
                                    const struct dispatch_record *record,
                                    struct problem *problem)
{
    struct key *key = NULL;

    if (options->preview_file)
        return preview_drafts(options, drafts, problem);
    if (!dispatch_check_given(options))
        return PUBLISH_USAGE;
    if (options->dry_run)
        return print_drafts(options, drafts, problem);
    if (!private_key_open(options, options->key_file, &key, problem))
        return PUBLISH_KEY;
    enum publish_exit code = grants_check(options, key, drafts, problem)
                                 ? send_drafts(options, drafts, key, record,
                                               problem)
                                 : dispatch_exit(problem);
    key_destroy(key);
    return code;
}

enum publish_exit dispatch_drafts(const struct options *options,
                                  const struct drafts *drafts)
{
    struct problem problem = {.consequence = "nothing was sent"};
    enum publish_exit code = dispatch_recorded(options, drafts, NULL, &problem);

    if (problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    return code;
}
