/* Asks the operator on the terminal. */
#include "publisher/send/confirm.h"

#include "base/ask.h"
#include "base/translate.h"
#include "publisher/cli/tell.h"
#include "publisher/send/backlog.h"
#include "publisher/send/send_options.h"

#include <stdio.h>
#include <string.h>

/* The width of a scope, by scope_rank. */
static const char *const widths[] = {
    "all",      "province",  "city",  "district",
    "township", "community", "group", "screen",
};
enum { WIDTH_COUNT = sizeof widths / sizeof widths[0], WIDTH_DISTRICT = 3 };

/* The operator confirms an actual alert of this level and this width or above.
 */
struct threshold {
    enum alert_level level;
    int rank;
};

static bool read_threshold(const struct options *options, struct threshold *out)
{
    const char *level = options->confirm_level;
    const char *scope = options->confirm_scope;
    int rank = scope ? 0 : WIDTH_DISTRICT;

    *out = (struct threshold){.level = ALERT_LEVEL_RED};
    for (int i = 0; level && i < ALERT_LEVEL_UNKNOWN; i++)
        if (strcmp(alert_level_name((enum alert_level)i), level) == 0) {
            out->level = (enum alert_level)i;
            level = NULL;
        }
    if (level) {
        tell_line("--confirm-level '%s': expected red, orange, yellow or blue",
                  level);
        return false;
    }
    while (scope && rank < WIDTH_COUNT && strcmp(widths[rank], scope) != 0)
        rank++;
    if (rank == WIDTH_COUNT) {
        tell_line("--confirm-scope '%s': expected all, province, city, "
                  "district, township, community, group or screen",
                  scope);
        return false;
    }
    out->rank = rank;
    return true;
}

static enum alert_status status_of(const struct message *message)
{
    return message->kind == MESSAGE_ALERT ? message->alert.status
                                          : message->cancel.status;
}

/* An unknown level may be the highest one, so it needs confirmation too. */
static bool wants_word(const struct options *options,
                       const struct message *message,
                       const struct threshold *threshold)
{
    const char *scope = send_options_scope(options, message);

    if ((message->kind != MESSAGE_ALERT &&
         message->kind != MESSAGE_ALERT_CANCEL) ||
        status_of(message) != ALERT_STATUS_ACTUAL || !scope_is_valid(scope))
        return false;
    if (strcmp(scope, "all") == 0)
        return true;
    return message->kind == MESSAGE_ALERT &&
           scope_rank(scope) <= threshold->rank &&
           (message->alert.level <= threshold->level ||
            message->alert.level == ALERT_LEVEL_UNKNOWN);
}

static const char *word_of(const struct message *message)
{
    return message->kind == MESSAGE_ALERT &&
                   message->alert.level != ALERT_LEVEL_UNKNOWN
               ? alert_level_name(message->alert.level)
               : N_("all");
}

/* Prints who will see the message. */
static void describe(const struct options *options,
                     const struct message *message)
{
    const struct alert *alert = &message->alert;
    const char *scope = send_options_scope(options, message);
    char whom[SCOPE_BYTES + 64];

    if (strcmp(scope, "all") == 0)
        snprintf(whom, sizeof whom, tr("EVERY screen"));
    else
        snprintf(whom, sizeof whom, tr("every screen in %s, a %s,"), scope,
                 tr(widths[scope_rank(scope)]));
    if (message->kind == MESSAGE_ALERT)
        tell_line("%s goes to %s of %s: %s %s, «%s»", message->id, whom,
                  options->org, tr(alert_level_name(alert->level)),
                  alert->event,
                  alert->instruction[0] ? alert->instruction : alert->headline);
    else
        tell_line("%s ends on %s of %s", message->id, whom, options->org);
}

static bool is_typed(const char *word)
{
    char question[96];
    char answer[ASK_ANSWER_BYTES];

    snprintf(question, sizeof question, tr("Type %s to send it: "), tr(word));
    if (ask_line(question, answer) &&
        (strcmp(answer, word) == 0 || strcmp(answer, tr(word)) == 0))
        return true;
    tell_line("'%s' is not '%s'; nothing was sent", answer, tr(word));
    return false;
}

bool confirm_drafts(const struct options *options, const struct drafts *drafts)
{
    const struct message *first = NULL;
    struct threshold threshold;

    if (!read_threshold(options, &threshold))
        return false;
    if (options->yes || !send_options_send(options))
        return true;
    for (size_t i = 0; i < drafts->count; i++) {
        const struct message *message = drafts->items[i].message;
        if (!wants_word(options, message, &threshold))
            continue;
        describe(options, message);
        first = first ? first : message;
    }
    if (!first)
        return true;
    if (ask_can())
        return is_typed(word_of(first));
    tell_line("scope %s wants «%s» typed on a terminal, or --yes, or a "
              "narrower --scope; nothing was sent",
              send_options_scope(options, first), tr(word_of(first)));
    return false;
}

static bool are_alerts(const struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++)
        if (drafts->items[i].message->kind != MESSAGE_ALERT &&
            drafts->items[i].message->kind != MESSAGE_ALERT_CANCEL)
            return false;
    return true;
}

static enum publish_exit ask(const struct backlog *backlog, bool *all)
{
    tell_line("%zu messages of earlier commands wait in the outbox:",
              backlog->count);
    backlog_print(backlog, tell_line);
    if (*all)
        return PUBLISH_DONE;
    if (ask_can()) {
        *all = is_typed(N_("send"));
        return *all ? PUBLISH_DONE : PUBLISH_USAGE;
    }
    tell_line("nothing was sent: --with-waiting sends them too, outbox drop "
              "drops them");
    return PUBLISH_USAGE;
}

enum publish_exit confirm_waiting(const struct options *options,
                                  const struct drafts *drafts,
                                  struct outbox *outbox, bool *all)
{
    struct problem problem = {.consequence = "what waits is not told"};
    struct backlog backlog = {.items = NULL};
    enum publish_exit code = PUBLISH_DONE;

    if (!backlog_load(outbox, options->org, &backlog, &problem)) {
        tell_problem(&problem);
        return are_alerts(drafts) ? PUBLISH_DONE : PUBLISH_OTHER;
    }
    backlog_without(&backlog, drafts, options);
    if (options->waiting_alerts)
        backlog_without_alerts(&backlog);
    if (backlog.count > 0 && (*all || !are_alerts(drafts)))
        code = ask(&backlog, all);
    else if (backlog.count > 0 && drafts->count > 0)
        tell_line("%zu messages of earlier commands wait in the outbox and "
                  "stay there (outbox list, send, drop)",
                  backlog.count);
    backlog_finish(&backlog);
    return code;
}
