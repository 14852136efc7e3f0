/* Asks on the terminal. */
#include "publisher/confirm.h"

#include "publisher/dispatch.h"
#include "publisher/tell.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_BYTES = 64 };

static enum alert_status status_of(const struct message *message)
{
    return message->kind == MESSAGE_ALERT ? message->alert.status
                                          : message->cancel.status;
}

static bool reaches_everyone(const struct options *options,
                             const struct message *message)
{
    return status_of(message) == ALERT_STATUS_ACTUAL &&
           strcmp(dispatch_scope(options, message), "all") == 0;
}

static const char *word_of(const struct message *message)
{
    return message->kind == MESSAGE_ALERT &&
                   message->alert.level != ALERT_LEVEL_UNKNOWN
               ? alert_level_name(message->alert.level)
               : "all";
}

static void describe(const struct message *message, const char *org)
{
    const struct alert *alert = &message->alert;

    if (message->kind == MESSAGE_ALERT)
        tell_line("%s goes to EVERY screen of %s: %s %s, «%s»", message->id,
                  org, alert_level_name(alert->level), alert->event,
                  alert->instruction[0] ? alert->instruction : alert->headline);
    else
        tell_line("%s ends on EVERY screen of %s", message->id, org);
}

static bool read_answer(char out[ANSWER_BYTES])
{
    if (!fgets(out, ANSWER_BYTES, stdin))
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

static bool ask(const struct options *options, const struct message *message)
{
    const char *word = word_of(message);
    char answer[ANSWER_BYTES] = "";

    describe(message, options->org);
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        tell_line("scope all wants «%s» typed on a terminal, or --yes, or a "
                  "narrower --scope; nothing was sent",
                  word);
        return false;
    }
    fprintf(stderr, "Type %s to send it: ", word);
    fflush(stderr);
    if (read_answer(answer) && strcmp(answer, word) == 0)
        return true;
    tell_line("'%s' is not '%s'; nothing was sent", answer, word);
    return false;
}

bool confirm_drafts(const struct options *options, const struct drafts *drafts)
{
    if (options->yes || !dispatch_sends(options))
        return true;
    for (size_t i = 0; i < drafts->count; i++)
        if (reaches_everyone(options, drafts->items[i].message) &&
            !ask(options, drafts->items[i].message))
            return false;
    return true;
}
