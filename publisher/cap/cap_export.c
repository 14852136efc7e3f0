/* cap export FILE|ID: writes an alert as CAP 1.2, from a file or from the
 * outbox. */
#include "base/clock.h"
#include "cap/cap_write.h"
#include "publisher/cap/cap.h"
#include "publisher/cli/tell.h"
#include "publisher/send/drafts.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCOPES_MAX = 256 };

/* The newest message of an id, and all scopes that it went to. */
struct sent {
    const char *id;
    struct message *message;
    char *scopes[SCOPES_MAX];
    size_t scope_count;
    struct problem *problem;
};

static enum publish_exit write_message(const struct options *options,
                                       const struct message *message,
                                       const char *const *scopes,
                                       size_t scope_count)
{
    int64_t now_ms = clock_wall_ms();
    struct cap_write_frame frame = {
        .org = options->org,
        .issued_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
        .scopes = scopes,
        .scope_count = scope_count,
    };

    if (cap_write(message, &frame, stdout))
        return PUBLISH_DONE;
    tell_line("%s: it is no alert and no cancel, or it can't be written",
              message->id);
    return PUBLISH_REFUSED;
}

static enum publish_exit export_file(const struct options *options,
                                     const char *file)
{
    struct drafts drafts = {0};
    struct problem problem = {0};
    enum publish_exit code = PUBLISH_REFUSED;

    if (drafts_add_file(&drafts, NULL, file, &problem))
        code = write_message(options, drafts.items[0].message, NULL, 0);
    else
        tell_problem(&problem);
    drafts_finish(&drafts);
    return code;
}

/* The newest message comes first. Older ones only add scopes. */
static bool take_sent(void *context, const struct outbox_message *stored)
{
    struct sent *sent = context;
    struct message *message = NULL;
    const char *body = memchr(stored->payload, '\n', stored->bytes);

    if (!body)
        return problem_set(sent->problem, PROBLEM_SYNTAX,
                           "the outbox holds no envelope");
    body++;
    if (!message_parse(body, stored->bytes - (size_t)(body - stored->payload),
                       MESSAGE_WIRE, stored->topic, &message, sent->problem))
        return false;
    bool wanted = !sent->message || sent->message->kind == message->kind;
    if (wanted && sent->scope_count < SCOPES_MAX &&
        (sent->scopes[sent->scope_count] = strdup(message->scope)))
        sent->scope_count++;
    if (!sent->message)
        sent->message = message;
    else
        message_destroy(message);
    return true;
}

static enum publish_exit export_sent(const struct options *options,
                                     const char *id)
{
    struct problem problem = {0};
    struct sent sent = {.id = id, .problem = &problem};
    struct outbox *outbox = NULL;
    enum publish_exit code = PUBLISH_REFUSED;

    if (send_options_open_outbox(options, &outbox, &problem) &&
        outbox_each_alert(outbox, options->org, id, take_sent, &sent,
                          &problem)) {
        if (sent.message)
            code = write_message(options, sent.message,
                                 (const char *const *)sent.scopes,
                                 sent.scope_count);
        else
            tell_line("%s: neither a file nor an alert that was sent from "
                      "here",
                      id);
    } else {
        tell_problem(&problem);
        code = PUBLISH_OTHER;
    }
    outbox_close(outbox);
    message_destroy(sent.message);
    for (size_t i = 0; i < sent.scope_count; i++)
        free(sent.scopes[i]);
    return code;
}

enum publish_exit cap_export_run(const struct options *options, int count,
                                 char **operands)
{
    (void)count;
    if (access(operands[0], F_OK) == 0 || !identifier_is_valid(operands[0]))
        return export_file(options, operands[0]);
    if (!options->org) {
        tell_line("--org is missing; give it, or set [publisher] org in the "
                  "configuration");
        return PUBLISH_USAGE;
    }
    return export_sent(options, operands[0]);
}
