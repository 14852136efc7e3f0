/* Sends commands and takes the answers. */
#include "publisher/screens/asking.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "publisher/cli/tell.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/compose.h"
#include "publisher/send/send_options.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Publishes without an answer; further ones wait. */
enum { WINDOW = 64, LOOK_MS = 50 };

bool asking_has_whole(enum command_verb verb)
{
    return verb == COMMAND_SCREENSHOT || verb == COMMAND_CONFIG ||
           verb == COMMAND_PLAYS;
}

const struct asking_answer *asking_answer_of(const struct asking *asking,
                                             size_t screen)
{
    return asking->answers ? asking->answers[screen] : NULL;
}

static struct roster *roster_of(struct asking *asking)
{
    return &asking->snapshot.roster;
}

enum publish_exit asking_open(struct asking *asking,
                              const struct options *options)
{
    struct problem problem = {.consequence = "no screen was asked"};

    *asking = (struct asking){.options = options, .signal_fd = -1};
    if (!key_file_open_private(options, options->key_file, &asking->key,
                               &problem)) {
        tell_problem(&problem);
        return PUBLISH_KEY;
    }
    if (!command_check_clock(&problem)) {
        tell_problem(&problem);
        return PUBLISH_OTHER;
    }
    /* Before the line is opened: its threads shall not take the signals. */
    asking->signal_fd = command_open_signals();
    if (!snapshot_open(&asking->snapshot, options, true, &problem)) {
        tell_problem(&problem);
        return session_exit(&problem);
    }
    if (!snapshot_collect(&asking->snapshot))
        return session_explain(options) ? PUBLISH_KEY : PUBLISH_UNCONFIRMED;
    return PUBLISH_DONE;
}

static void forget_answers(struct asking *asking)
{
    for (size_t i = 0; asking->answers && i < roster_of(asking)->room; i++) {
        if (asking->answers[i])
            reply_assembly_finish(&asking->answers[i]->assembly);
        free(asking->answers[i]);
    }
    free(asking->answers);
    asking->answers = NULL;
    tally_finish(&asking->tally);
}

void asking_close(struct asking *asking)
{
    forget_answers(asking);
    snapshot_close(&asking->snapshot);
    if (asking->signal_fd >= 0)
        close(asking->signal_fd);
    key_destroy(asking->key);
}

/* One number for all of them: each screen gets only its own command. */
static bool take_sequence(struct asking *asking, struct problem *problem)
{
    struct outbox *outbox = NULL;
    bool taken = send_options_open_outbox(asking->options, &outbox, problem) &&
                 outbox_begin(outbox, problem) &&
                 outbox_next_sequence(outbox, clock_wall_ms(), &asking->seq,
                                      problem) &&
                 outbox_commit(outbox, problem);

    outbox_close(outbox);
    return taken;
}

static char *print_body(const struct asking *asking, const char *screen,
                        const json_t *command)
{
    int64_t now_ms = clock_wall_ms();
    int offset = clock_utc_offset_minutes(now_ms);
    char issued[TIMESTAMP_BYTES], expires[TIMESTAMP_BYTES], scope[SCOPE_BYTES];

    timestamp_format(now_ms, offset, issued);
    timestamp_format(now_ms + ASKING_LASTS_S * INT64_C(1000), offset, expires);
    snprintf(scope, sizeof scope, "screen-%s", screen);
    json_t *body = json_pack("{s:i, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:O}",
                             "gaoshi", 1, "kind", "command", "org",
                             asking->options->org, "scope", scope, "id", screen,
                             "seq", (json_int_t)asking->seq, "issued", issued,
                             "expires", expires, "command", command);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

static bool publish(struct asking *asking, size_t screen, const char *payload,
                    size_t bytes)
{
    struct topic topic = {.kind = TOPIC_COMMAND};
    char text[LIMIT_TOPIC_BYTES];

    snprintf(topic.org, sizeof topic.org, "%s", asking->options->org);
    snprintf(topic.screen, sizeof topic.screen, "%s",
             roster_of(asking)->screens[screen].id);
    return topic_format(&topic, text) &&
           link_publish(session_link(asking->snapshot.session), text, payload,
                        bytes, 1, false, screen);
}

/* False: no memory, or no line. */
static bool send_one(struct asking *asking, size_t screen,
                     const json_t *command, struct problem *problem)
{
    const char *id = roster_of(asking)->screens[screen].id;
    struct asking_answer *answer = calloc(1, sizeof *answer);
    char *body = print_body(asking, id, command);
    char *payload = NULL;
    size_t bytes = 0;

    asking->answers[screen] = answer;
    bool sealed = answer && body &&
                  compose_seal(asking->key, body, &payload, &bytes, problem);
    if (!sealed && problem->code == PROBLEM_NONE)
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    bool sent = sealed && publish(asking, screen, payload, bytes);
    if (sealed && !sent)
        problem_set(problem, PROBLEM_SYSTEM, "the line broke");
    if (sent) {
        envelope_digest(payload, bytes, answer->digest);
        answer->asked = true;
        asking->open++;
    }
    free(payload);
    free(body);
    return sent;
}

static bool is_about(const struct asking *asking,
                     const struct asking_answer *answer,
                     const struct receipt *receipt)
{
    return receipt->seq == asking->seq ||
           (receipt->seq == 0 && receipt->digest[0] &&
            strcmp(receipt->digest, answer->digest) == 0);
}

/* A screen that answered before it was asked is not heard. */
static struct asking_answer *find_answer(const struct asking *asking,
                                         const char *screen, int *number)
{
    *number = roster_find(&asking->snapshot.roster, screen);
    struct asking_answer *answer = *number >= 0 ? asking->answers[*number]
                                                : NULL;
    return answer && answer->asked ? answer : NULL;
}

/* Done is what was told, and, where something follows, came whole. */
static void note_done(struct asking *asking, int screen,
                      const struct asking_answer *answer)
{
    if (answer->told && (answer->whole || !asking_has_whole(asking->verb)))
        tally_note(&asking->tally, 0, screen, TALLY_VERIFIED, answer->at_ms, "",
                   "");
}

static void take_reply(struct asking *asking, const struct receipt *receipt)
{
    int screen;
    struct asking_answer *answer = find_answer(asking, receipt->screen,
                                               &screen);

    if (!answer || answer->told || !is_about(asking, answer, receipt))
        return;
    answer->told = true;
    answer->at_ms = receipt->at_ms;
    memcpy(answer->text, receipt->text, sizeof answer->text);
    if (receipt->event == RECEIPT_REFUSED)
        tally_note(&asking->tally, 0, screen, TALLY_REFUSED, receipt->at_ms,
                   receipt->reason, receipt->text);
    else
        note_done(asking, screen, answer);
}

static void take_part(struct asking *asking, const struct reply_part *part)
{
    int screen;
    struct asking_answer *answer = find_answer(asking, part->screen, &screen);

    if (!answer || answer->whole || part->seq != asking->seq ||
        !asking_has_whole(asking->verb) ||
        tally_step_of(&asking->tally, 0, (size_t)screen) == TALLY_REFUSED)
        return;
    int before = answer->assembly.count;
    switch (reply_assembly_take(&answer->assembly, part)) {
    case REPLY_INCOMPLETE:
        if (answer->assembly.count > before)
            asking->part_ms = clock_monotonic_ms();
        return;
    case REPLY_COMPLETE:
        answer->whole = true;
        note_done(asking, screen, answer);
        return;
    case REPLY_FALSE:
        tally_note(&asking->tally, 0, screen, TALLY_REFUSED, TIMESTAMP_NONE,
                   "digest", tr("its parts do not agree with their digest"));
        break;
    case REPLY_NO_MEMORY:
        tally_note(&asking->tally, 0, screen, TALLY_REFUSED, TIMESTAMP_NONE,
                   "system", tr("no memory here"));
        break;
    }
    reply_assembly_finish(&answer->assembly);
}

/* The token is the screen's number. */
static void take_delivery(struct asking *asking,
                          const struct session_event *event)
{
    asking->open -= asking->open > 0;
    if (event->result != LINK_DELIVERED)
        tally_note(&asking->tally, 0, (int)event->token, TALLY_REFUSED,
                   TIMESTAMP_NONE, "broker",
                   event->result == LINK_REFUSED ? event->text
                                                 : "the line broke");
}

static void take_event(struct asking *asking, struct session_event *event)
{
    switch (event->kind) {
    case SESSION_REPLY:
        take_reply(asking, &event->receipt);
        return;
    case SESSION_PART:
        take_part(asking, event->part);
        free(event->part);
        return;
    case SESSION_PUBLISHED:
        take_delivery(asking, event);
        return;
    default:
        snapshot_take(&asking->snapshot, event);
        return;
    }
}

/* Takes what comes until then; sooner when a signal asks for the end. */
static void take_until(struct asking *asking, int64_t until_ms)
{
    struct pollfd files[] = {
        {.fd = asking->signal_fd, .events = POLLIN},
        {.fd = session_fd(asking->snapshot.session), .events = POLLIN},
    };
    struct session_event event;

    for (;;) {
        int64_t wait_ms = until_ms - clock_monotonic_ms();
        if (poll(files, 2, wait_ms > 0 ? (int)wait_ms : 0) < 0 &&
            errno != EINTR)
            return;
        asking->interrupted = asking->interrupted || files[0].revents & POLLIN;
        if (asking->interrupted ||
            !session_next(asking->snapshot.session, 0, &event))
            return;
        take_event(asking, &event);
    }
}

/* Those that are offline or silent get nothing: a broker keeps no command. */
static bool is_there(struct asking *asking, size_t screen)
{
    enum tally_class class;

    return tally_class_of(&asking->tally, 0, screen, &class) &&
           class == TALLY_WAITING;
}

static bool send_all(struct asking *asking, const json_t *command,
                     struct problem *problem)
{
    int64_t end_ms = clock_monotonic_ms() +
                     (int64_t)asking->options->timeout_s * 1000;

    for (size_t i = 0; i < roster_of(asking)->count; i++) {
        if (!is_there(asking, i))
            continue;
        while (asking->open >= WINDOW && clock_monotonic_ms() < end_ms &&
               !asking->interrupted)
            take_until(asking, clock_monotonic_ms() + LOOK_MS);
        if (asking->interrupted)
            return true;
        if (!send_one(asking, i, command, problem))
            return false;
    }
    return true;
}

static bool is_over(const struct asking *asking)
{
    struct tally_counts counts = tally_count(&asking->tally, 0);

    return counts.classes[TALLY_WAITING] == 0;
}

static void wait_for_answers(struct asking *asking)
{
    int wait_ms = asking->options->wait_ms;
    int64_t now_ms = clock_monotonic_ms();
    int64_t end_ms = now_ms + (wait_ms > 0 ? wait_ms : ASKING_WAIT_MS);

    while (!is_over(asking) && !asking->interrupted) {
        int64_t part_ms = asking->part_ms + ASKING_PART_MS;
        if (now_ms >= end_ms && now_ms >= part_ms)
            break;
        tally_view_update(&asking->view, &asking->tally, now_ms);
        take_until(asking, now_ms + LOOK_MS);
        now_ms = clock_monotonic_ms();
    }
    tally_view_clear(&asking->view);
}

/* Which screens are meant. False, told: there are none, or too many. */
static bool choose(struct asking *asking, const char *screen, const char *scope)
{
    struct tally_message message = {.is_command = true,
                                    .seq = asking->seq,
                                    .published_ms = clock_wall_ms()};

    snprintf(message.id, sizeof message.id, "%s",
             command_verb_name(asking->verb));
    snprintf(message.scope, sizeof message.scope, "%s%s",
             screen ? "screen-" : scope, screen ? screen : "");
    tally_init(&asking->tally, roster_of(asking));
    int named = screen ? roster_add(roster_of(asking), screen) : -1;
    if (!tally_add(&asking->tally, &message) || (screen && named < 0)) {
        tell_line("out of memory");
        return false;
    }
    tally_expect(&asking->tally, 0, named);
    struct tally_counts counts = tally_count(&asking->tally, 0);
    if (counts.expected == 0)
        tell_line("no screen lies in %s", scope);
    else if (asking_has_whole(asking->verb) &&
             counts.expected > ASKING_WHOLES_MAX)
        tell_line("%s: %zu screens, %d at most at once", message.id,
                  counts.expected, ASKING_WHOLES_MAX);
    else
        return true;
    return false;
}

bool asking_run(struct asking *asking, enum command_verb verb,
                const json_t *command, const char *screen, const char *scope,
                enum publish_exit *code)
{
    struct problem problem = {.consequence = "no screen was asked"};

    forget_answers(asking);
    asking->verb = verb;
    asking->open = 0;
    asking->part_ms = 0;
    asking->view = (struct tally_view){.drawn_ms = 0};
    *code = PUBLISH_OTHER;
    if (!take_sequence(asking, &problem)) {
        tell_problem(&problem);
        return false;
    }
    if (!choose(asking, screen, scope)) {
        *code = PUBLISH_USAGE;
        return false;
    }
    asking->answers = calloc(roster_of(asking)->room,
                             sizeof(struct asking_answer *));
    if (!asking->answers)
        problem_set(&problem, PROBLEM_SYSTEM, "out of memory");
    if (!asking->answers || !send_all(asking, command, &problem)) {
        snprintf(problem.consequence, sizeof problem.consequence,
                 "some screens were not asked");
        tell_problem(&problem);
        *code = PUBLISH_UNCONFIRMED;
        return false;
    }
    wait_for_answers(asking);
    *code = PUBLISH_DONE;
    return true;
}
