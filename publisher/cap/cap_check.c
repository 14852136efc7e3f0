/* cap check FILE…: prints what CAP files contain and which parts screens cannot
 * use. */
#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "publisher/cap/cap.h"
#include "publisher/cap/cap_file.h"
#include "publisher/cli/tell.h"
#include "publisher/send/drafts.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/message_times.h"

#include <string.h>

static const char *kind_name(enum cap_kind kind)
{
    return kind == CAP_KIND_CANCEL   ? N_("cancel")
           : kind == CAP_KIND_UPDATE ? N_("update")
                                     : N_("alert");
}

/* Makes the same checks as sending. */
static bool read_drafts(const struct cap_file *file, struct drafts *out,
                        struct problem *problem)
{
    const struct cap_mapping *mapping = &file->mapping;
    bool good = true;

    for (size_t i = 0; good && i < mapping->draft_count; i++)
        good = drafts_add_json(out, json_incref(mapping->drafts[i].json),
                               file->place, problem);
    return good;
}

/* A file whose alert is over is still a valid file. end: when that was. */
static const char *state_of(const struct message *message,
                            char end[TIMESTAMP_BYTES])
{
    int64_t now_ms = clock_wall_ms();
    int64_t end_ms = message_times_end_ms(message, now_ms);

    if (end_ms > now_ms)
        return "OK";
    timestamp_format(end_ms, clock_utc_offset_minutes(end_ms), end);
    return message->expires_ms == TIMESTAMP_NONE ? tr("over since")
                                                 : tr("expired at");
}

static void print_draft(const struct cap_file *file,
                        const struct cap_draft *draft,
                        const struct message *message)
{
    bool alert = message->kind == MESSAGE_ALERT;
    char end[TIMESTAMP_BYTES] = "";
    const char *state = state_of(message, end);

    tell_result("%s: %s%s%s: %s, %s %s %s%s%s %s to %s", file->place, state,
                end[0] ? " " : "", end, cap_dialect_name(file->alert->dialect),
                tr(alert_status_name(file->mapping.status)),
                tr(kind_name(file->mapping.kind)), draft->id, alert ? " " : "",
                alert ? tr(alert_level_name(draft->level)) : "",
                alert ? message->alert.event : message->cancel.event,
                draft->scope[0] ? draft->scope : tr("no area: give --scope"));
}

/* scope null: the file has no area. ended null: it is not over. */
static json_t *draft_json(const struct cap_draft *draft,
                          const struct message *message)
{
    bool alert = message->kind == MESSAGE_ALERT;
    char end[TIMESTAMP_BYTES] = "";

    state_of(message, end);
    return json_pack("{s:s, s:s*, s:s, s:s?, s:s?}", "id", draft->id, "level",
                     alert ? alert_level_name(draft->level) : NULL, "event",
                     alert ? message->alert.event : message->cancel.event,
                     "scope", draft->scope[0] ? draft->scope : NULL, "ended",
                     end[0] ? end : NULL);
}

static void print_json(const struct cap_file *file, const struct drafts *drafts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < drafts->count; i++)
        json_array_append_new(list, draft_json(&file->mapping.drafts[i],
                                               drafts->items[i].message));
    tell_json(json_pack("{s:s, s:b, s:s, s:s, s:s, s:o, s:o}", "file",
                        file->place, "ok", true, "dialect",
                        cap_dialect_name(file->alert->dialect), "status",
                        alert_status_name(file->mapping.status), "kind",
                        kind_name(file->mapping.kind), "alerts", list, "notes",
                        cap_file_notes(file)));
}

static void print_file(const struct cap_file *file, const struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++)
        print_draft(file, &file->mapping.drafts[i], drafts->items[i].message);
    cap_file_tell_notes(file);
    glyphs_check(drafts, GLYPHS_WAIT_MS);
    if (drafts->count > 0)
        message_times_tell(drafts->items[0].message, file->place,
                           clock_wall_ms());
}

static void tell_bad(const char *path, bool json, const struct problem *problem)
{
    if (!json) {
        tell_problem(problem);
        return;
    }
    json_t *object = json_pack("{s:s, s:b}", "file", path, "ok", false);
    json_object_update_new(object, tell_problem_object(problem));
    tell_json(object);
}

static bool check_file(const char *path, bool json)
{
    struct problem problem = {0};
    struct drafts drafts = {0};
    struct cap_file file;

    if (!cap_file_read(&file, path, NULL, NULL, &problem)) {
        tell_bad(path, json, &problem);
        return false;
    }
    bool good = cap_file_check_sent(&file, clock_wall_ms(), &problem) &&
                read_drafts(&file, &drafts, &problem);
    if (!good)
        tell_bad(path, json, &problem);
    else if (json)
        print_json(&file, &drafts);
    else
        print_file(&file, &drafts);
    drafts_finish(&drafts);
    cap_file_finish(&file);
    return good;
}

enum publish_exit cap_check_run(const struct options *options, int count,
                                char **operands)
{
    bool good = true;

    for (int i = 0; i < count; i++)
        good = check_file(operands[i], options->json) && good;
    return good ? PUBLISH_DONE : PUBLISH_REFUSED;
}
