/* What several requests need: answers, pictures from the helper, and commands,
 * each of which goes to the journal before it runs. */
#include "publisher/console/api_parts.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/timestamp.h"
#include "publisher/send/compose.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void api_answer_text(struct http_request *request, unsigned status,
                     const char *text)
{
    http_answer(request, status, "text/plain; charset=utf-8", text,
                strlen(text));
}

static void answer_no_memory(struct http_request *request)
{
    http_answer_json(request, 500, NULL);
}

void api_answer_problem(struct http_request *request,
                        const struct problem *problem)
{
    http_answer_problem(request, 422, problem->field, problem->expected);
}

int api_number(const char *text, int fallback, int most)
{
    char *end;
    long number = text ? strtol(text, &end, 10) : fallback;

    return text && (end == text || *end || number < 0 || number > most)
               ? fallback
               : (int)number;
}

static void answer_picture(void *context, const json_t *head, const void *png,
                           size_t bytes)
{
    struct http_request *request = context;
    const json_t *problem = json_object_get(head, "problem");
    char number[32];

    if (problem || bytes == 0) {
        const char *text = api_text(problem, "text");
        http_answer_problem(
            request, 422,
            api_text(problem, "field") ? api_text(problem, "field") : "",
            text ? text : "nothing was drawn");
        return;
    }
    snprintf(number, sizeof number, "%lld",
             json_integer_value(json_object_get(head, "pages")));
    http_add_header(request, "X-Gaoshi-Pages", number);
    snprintf(number, sizeof number, "%lld",
             json_integer_value(json_object_get(head, "page")));
    http_add_header(request, "X-Gaoshi-Page", number);
    http_answer(request, 200, "image/png", png, bytes);
}

/* Takes the request for the helper. */
void api_ask_painter(struct http_request *request, json_t *wanted)
{
    if (!wanted)
        answer_no_memory(request);
    else if (!painter_ask(api_of(request)->painter, wanted, answer_picture,
                          request))
        http_answer_problem(request, 503, "",
                            "too many pictures are asked for");
}

/* A picture of a body in a shape; body NULL: the page without any message. */
json_t *api_wanted_picture(const struct api *api, const char *body, int shape,
                           int page, int shrink)
{
    char now[TIMESTAMP_BYTES];
    int64_t now_ms = clock_wall_ms();
    json_t *wanted = shape_request(
        &api->shapes->items[shape < (int)api->shapes->count ? shape : 0]);

    timestamp_format(now_ms, clock_utc_offset_minutes(now_ms), now);
    json_object_set_new(wanted, "now", json_string(now));
    if (api->options->own_zone)
        json_object_set_new(json_object_get(wanted, "options"),
                            strchr("+-", api->options->own_zone[0])
                                ? "glass.utc_offset"
                                : "glass.zone",
                            json_string(api->options->own_zone));
    json_object_set_new(wanted, "page", json_integer(page > 0 ? page : 1));
    json_object_set_new(wanted, "shrink",
                        json_integer(shrink > 0 ? shrink : 1));
    if (body)
        json_object_set_new(wanted, "message", json_string(body));
    return wanted;
}

/* The JSON object of a POST; NULL: it was answered. The caller releases it. */
json_t *api_read_asked(struct http_request *request)
{
    json_t *asked = json_loadb(request->body, request->body_bytes,
                               JSON_REJECT_DUPLICATES, NULL);

    if (json_is_object(asked))
        return asked;
    json_decref(asked);
    http_answer_problem(request, 400, "", "expected a JSON object");
    return NULL;
}

/* Fields of a request that become flags of the same name. */
static const char *const alert_flags[] = {
    "template",    "level",     "scope",  "headline",       "instruction",
    "description", "area-text", "sender", "event",          "event-code",
    "urgency",     "certainty", "web",    "expires",        "until",
    "headline-en", "event-en",  "status", "instruction-en", "response-level"};
enum { ALERT_FLAGS = sizeof alert_flags / sizeof alert_flags[0] };

/* False: a field that is none of these, or no text. */
bool api_add_flags(struct run_words *words, const json_t *fields,
                   struct problem *problem)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)fields, name, value)
    {
        size_t i = 0;
        while (i < ALERT_FLAGS && strcmp(alert_flags[i], name) != 0)
            i++;
        if (i == ALERT_FLAGS || !json_is_string(value))
            return problem_set_field(problem, name, "no field of an alert");
        if (json_string_length(value) > 0)
            run_words_flag(words, name, json_string_value(value));
    }
    return true;
}

#define ALERT_GROUPS                                                           \
    (OPTION_SIGN | OPTION_RAISE | OPTION_NEW | OPTION_AREA | OPTION_CARE |     \
     OPTION_DATA | OPTION_OUTBOX)

/* The options of the command with these words, as it would read them itself. */
bool api_read_options(const struct api *api, struct run_words *words,
                      struct options *out, struct problem *problem)
{
    int operands;

    if (words->failed)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (!options_parse(out, ALERT_GROUPS, (int)words->count, words->texts, 0,
                       &operands, problem))
        return false;
    out->config_file = api->options->config_file;
    out->org = api->options->org;
    out->state_file = api->options->state_file;
    out->data = api->options->data;
    return options_read_config(out, problem);
}

/* The body as it would be signed. The caller frees it. NULL: the problem says
 * why. */
char *api_body_of(const struct options *options, const struct draft *draft,
                  struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    const struct compose_frame frame = {
        .org = options->org,
        .scope = options->scope,
        .seq = now_ms,
        .issued_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
    struct composed composed;

    if (!compose_draft(draft, &frame, &composed, problem))
        return NULL;
    char *body = strdup(composed.body);
    composed_finish(&composed);
    return body;
}

/* An actual alert goes out only after the person typed its level. */
bool api_is_confirmed(const json_t *asked, const json_t *fields,
                      struct problem *problem)
{
    static const char *const levels[][2] = {{"red", "红色"},
                                            {"orange", "橙色"},
                                            {"yellow", "黄色"},
                                            {"blue", "蓝色"}};
    const char *status = api_text(fields, "status");
    const char *level = api_text(fields, "level");
    const char *typed = api_text(asked, "confirm");

    if (status &&
        (strcmp(status, "exercise") == 0 || strcmp(status, "test") == 0))
        return true;
    for (size_t i = 0; level && typed && i < 4; i++)
        if (strcmp(levels[i][0], level) == 0 &&
            (strcmp(typed, levels[i][0]) == 0 ||
             strcmp(typed, levels[i][1]) == 0))
            return true;
    return problem_set_field(problem, "confirm",
                             "type the level of the alert to send it");
}

bool api_note(struct api *api, const char *who, const char *from,
              const char *what, json_t *more)
{
    struct problem problem = {0};
    json_t *entry = json_pack("{s:s, s:s, s:s}", "who", who, "from", from,
                              "what", what);
    bool kept;

    json_object_update(entry, more);
    json_decref(more);
    kept = entry && journal_add(api->journal, entry, &problem);
    if (!kept)
        http_tell(api->http, "trouble",
                  json_pack("{s:s}", "text",
                            entry ? problem.expected : "out of memory"));
    http_tell(api->http, "journal", json_true());
    return kept;
}

json_t *api_utf8(const char *text)
{
    json_t *string = json_string(text);

    return string ? string : json_string("");
}

void api_drop_draft(char *path)
{
    if (path)
        unlink(path);
    free(path);
}

static void deed_free(struct api_deed *deed)
{
    api_drop_draft(deed->path);
    json_decref(deed->words);
    free(deed->who);
    free(deed->scope);
    free(deed->id);
    free(deed);
}

static void follow(struct api_deed *deed)
{
    struct topic topic = {.kind = deed->is_panel ? TOPIC_PANEL : TOPIC_ALERT};
    char text[LIMIT_TOPIC_BYTES];

    if (!deed->scope || !deed->id)
        return;
    snprintf(topic.org, sizeof topic.org, "%s", deed->api->options->org);
    snprintf(topic.scope, sizeof topic.scope, "%s", deed->scope);
    snprintf(topic.id, sizeof topic.id, "%s", deed->id);
    if (topic_format(&topic, text))
        wall_follow(deed->api->wall, text);
}

static void answer_file(struct api_deed *deed)
{
    size_t bytes = 0;
    struct problem problem = {0};
    char *picture = file_read(deed->path, HTTP_PICTURE_BYTES, &bytes, &problem);

    if (picture)
        http_answer(deed->request, 200, "image/png", picture, bytes);
    else
        api_answer_problem(deed->request, &problem);
    free(picture);
}

static void deed_done(void *context, const struct run_result *result)
{
    struct api_deed *deed = context;
    struct problem problem = {0};

    if (!journal_add(deed->api->journal,
                     json_pack("{s:s, s:s, s:s, s:O, s:i, s:o}", "who",
                               deed->who, "from", deed->from, "what", "done",
                               "words", deed->words, "code", result->code,
                               "said", api_utf8(result->err)),
                     &problem))
        http_tell(deed->api->http, "trouble",
                  json_pack("{s:s}", "text", problem.expected));
    if (result->code == PUBLISH_DONE || result->code == PUBLISH_UNCONFIRMED)
        follow(deed);
    if (deed->approval[0]) {
        approvals_sent(&deed->api->approvals, deed->approval, result->code);
        http_tell(deed->api->http, "approvals", json_true());
    }
    http_tell(deed->api->http, "journal", json_true());
    if (result->code == PUBLISH_DONE && deed->type && deed->path)
        answer_file(deed);
    else if (result->code == PUBLISH_DONE && deed->type)
        http_answer(deed->request, 200, deed->type, result->out,
                    result->out_bytes);
    else
        http_answer_json(
            deed->request, result->code == PUBLISH_DONE ? 200 : 422,
            json_pack("{s:i, s:s*, s:o, s:o}", "code", result->code, "id",
                      deed->id, "out", api_utf8(result->out), "said",
                      api_utf8(result->err)));
    deed_free(deed);
}

static json_t *words_json(const struct run_words *words)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < words->count; i++)
        json_array_append_new(list, json_string(words->texts[i]));
    return list;
}

bool api_run(struct http_request *request, const struct login *login,
             struct run_words *words, const struct api_deed *template)
{
    struct api *api = api_of(request);
    struct problem problem = {0};
    struct api_deed *deed = calloc(1, sizeof *deed);

    if (!deed) {
        run_words_finish(words);
        answer_no_memory(request);
        return false;
    }
    *deed = *template;
    deed->request = request;
    deed->api = api;
    deed->who = strdup(login->who);
    memcpy(deed->from, login->from, sizeof deed->from);
    deed->words = words_json(words);
    words->signs = !deed->is_unsigned;
    if (!deed->who || !deed->words ||
        !journal_add(api->journal,
                     json_pack("{s:s, s:s, s:s, s:O}", "who", deed->who, "from",
                               deed->from, "what", "asked", "words",
                               deed->words),
                     &problem)) {
        run_words_finish(words);
        http_answer_problem(request, 500, "",
                            problem.expected[0] ? problem.expected
                                                : "out of memory");
        deed_free(deed);
        return false;
    }
    if (runs_start(api->runs, words, deed_done, deed))
        return true;
    http_answer_problem(request, 503, "", "too many commands wait");
    deed_free(deed);
    return false;
}
