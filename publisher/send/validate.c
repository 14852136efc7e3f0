/* validate FILE…: the checks that screens make, with file, line and column. */
#include "base/translate.h"
#include "publisher/send/send_commands.h"

#include "base/clock.h"
#include "base/files.h"
#include "protocol/message.h"
#include "publisher/cli/tell.h"
#include "publisher/send/compose.h"
#include "publisher/send/drafts.h"
#include "publisher/send/excerpt.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/message_times.h"
#include "publisher/send/picture_files.h"

#include <stdlib.h>
#include <string.h>

/* A captured message begins with the envelope line. */
static const char envelope_start[] = "gaoshi1 ";

enum { ENVELOPE_LINES = 1 }; /* lines before the body */

static bool skip_envelope(const char **text, size_t *bytes)
{
    size_t start = sizeof envelope_start - 1;

    if (*bytes < start || memcmp(*text, envelope_start, start) != 0)
        return false;
    const char *end = memchr(*text, '\n', *bytes);
    if (!end)
        return false;
    *bytes -= (size_t)(end + 1 - *text);
    *text = end + 1;
    return true;
}

/* The files of one command: drafts, read like «panel push» and «alert raise»
 * do, and captured messages. */
struct validation {
    bool json;
    struct drafts drafts;
    struct drafts captured;
    struct picture_files pictures;
};

static void tell_live(const struct message *message)
{
    if (message->kind != MESSAGE_PANEL)
        return;
    for (size_t i = 0; i < message->panel.figure_count; i++) {
        const struct panel_figure *figure = &message->panel.figures[i];
        char value[DECIMAL_BYTES];
        decimal_format(figure->value, value);
        if (figure->bind[0])
            tell_result("  %s: %s %s until a value comes", figure->bind, value,
                        figure->unit);
    }
}

/* A file whose alert is over is still a valid file. */
static void tell_good(const struct message *message, const char *file,
                      bool captured)
{
    int64_t now_ms = clock_wall_ms();
    int64_t end_ms = message_times_end_ms(message, now_ms);
    char end[CLOCK_MINUTE_BYTES];

    if (end_ms > now_ms || captured) {
        tell_result("%s: OK: %s %s%s", file,
                    tr(message_kind_name(message->kind)), message->id,
                    captured ? tr(", signature not checked") : "");
        tell_live(message);
        return;
    }
    clock_format_minute(end_ms, end);
    tell_result("%s: expired at %s, so alert raise refuses it: %s %s", file,
                end, tr(message_kind_name(message->kind)), message->id);
}

/* The same for a program: one object for each file. */
static void tell_json_file(const char *file, const struct message *message,
                           const struct problem *problem)
{
    json_t *object = json_pack("{s:s, s:b}", "file", file, "ok",
                               problem == NULL);

    if (message)
        json_object_update_new(object,
                               json_pack("{s:s, s:s}", "kind",
                                         message_kind_name(message->kind), "id",
                                         message->id));
    if (problem)
        json_object_update_new(object, tell_problem_object(problem));
    tell_json(object);
}

static bool check_captured(struct validation *validation, const char *text,
                           size_t bytes, const char *file,
                           struct problem *problem)
{
    struct message *message = NULL;

    if (!message_parse(text, bytes, MESSAGE_WIRE, file, &message, problem)) {
        if (problem->line > 0)
            problem->line += ENVELOPE_LINES;
        return false;
    }
    if (validation->json)
        tell_json_file(file, message, NULL);
    else
        tell_good(message, file, true);
    return drafts_add_message(&validation->captured, message, file, problem);
}

static bool check_draft(struct validation *validation, const char *file,
                        struct problem *problem)
{
    struct drafts *drafts = &validation->drafts;

    if (!drafts_add_file(drafts, &validation->pictures, file, problem))
        return false;
    const struct draft *last = &drafts->items[drafts->count - 1];
    const struct draft *rival = drafts_rival_of_last(drafts);
    if (rival) {
        problem_set_field(problem, "id", "'%s' is also that of %s",
                          last->message->id, rival->place);
        problem_set_place(problem, file);
        return false;
    }
    if (!compose_check(last, problem))
        return false;
    if (validation->json)
        tell_json_file(file, last->message, NULL);
    else
        tell_good(last->message, file, false);
    return true;
}

static void tell_bad(const struct validation *validation, const char *file,
                     const struct problem *problem, const char *text,
                     size_t bytes)
{
    if (validation->json)
        tell_json_file(file, NULL, problem);
    else if (text)
        excerpt_tell(problem, text, bytes);
    else
        tell_problem(problem);
}

/* Tells what is wrong; on a terminal with the line of the file. */
static bool check_file(struct validation *validation, const char *file)
{
    struct problem problem = {0};
    size_t bytes = 0;
    char *text = file_read_text(file, LIMIT_MESSAGE_BYTES, &bytes, &problem);
    size_t whole = bytes;
    const char *body = text;

    if (!text) {
        tell_bad(validation, file, &problem, NULL, 0);
        return false;
    }
    bool good = skip_envelope(&body, &bytes)
                    ? check_captured(validation, body, bytes, file, &problem)
                    : check_draft(validation, file, &problem);
    if (!good)
        tell_bad(validation, file, &problem, text, whole);
    free(text);
    return good;
}

enum publish_exit validate_run(const struct options *options, int count,
                               char **operands)
{
    struct validation validation = {.json = options->json};
    bool good = true;

    for (int i = 0; i < count; i++)
        good = check_file(&validation, operands[i]) && good;
    bool missing = glyphs_check(&validation.drafts, GLYPHS_WAIT_MS);
    missing = glyphs_check(&validation.captured, GLYPHS_WAIT_MS) || missing;
    drafts_finish(&validation.drafts);
    drafts_finish(&validation.captured);
    picture_files_finish(&validation.pictures);
    return good && !missing ? PUBLISH_DONE : PUBLISH_REFUSED;
}
