/* Answers requests: files of the page, what the wall knows, pictures from the
 * helper, and commands, each of which goes to the journal before it runs. */
#include "publisher/console/api.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/timestamp.h"
#include "protocol/scope.h"
#include "publisher/alert/alert.h"
#include "publisher/outbox/kept_pictures.h"
#include "publisher/send/compose.h"
#include "publisher/send/picture_files.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, SHRINK_MAX = 16, JOURNAL_ENTRIES = 100 };

static struct api *api_of(const struct http_request *request)
{
    return request->session;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void answer_no_memory(struct http_request *request)
{
    http_answer_json(request, 500, NULL);
}

static void answer_found_problem(struct http_request *request,
                                 const struct problem *problem)
{
    http_answer_problem(request, 422, problem->field, problem->expected);
}

/* --- What the wall knows ------------------------------------------------- */

static void get_start(struct http_request *request, const struct login *login)
{
    const struct api *api = api_of(request);
    const struct options *options = api->options;

    http_answer_json(
        request, 200,
        json_pack(
            "{s:s, s:s, s:s, s:s, s:s*, s:s*, s:s, s:o, s:O, s:o, s:o}", "who",
            login->who, "check", login->check, "version", GAOSHI_VERSION, "org",
            options->org, "sender", options->sender, "zone", options->own_zone,
            "scope", options->scope ? options->scope : "all", "shapes",
            shapes_json(api->shapes), "templates", api->templates, "line",
            wall_line(api->wall), "now_ms", json_integer(clock_wall_ms())));
}

static void get_screens(struct http_request *request, const struct login *login)
{
    (void)login;
    http_answer_json(request, 200, wall_screens(api_of(request)->wall));
}

static void answer_known(struct http_request *request, json_t *found)
{
    if (found)
        http_answer_json(request, 200, found);
    else
        http_answer_problem(request, 404, "id", "not known");
}

static void get_screen(struct http_request *request, const struct login *login)
{
    const char *id = http_query(request, "id");

    (void)login;
    answer_known(request, id ? wall_screen(api_of(request)->wall, id) : NULL);
}

static void get_messages(struct http_request *request,
                         const struct login *login)
{
    const struct wall *wall = api_of(request)->wall;

    (void)login;
    http_answer_json(request, 200,
                     json_pack("{s:o, s:o, s:o}", "alerts",
                               wall_messages(wall, true), "panels",
                               wall_messages(wall, false), "tallies",
                               wall_tallies(wall)));
}

static void get_tally(struct http_request *request, const struct login *login)
{
    const char *id = http_query(request, "id");

    (void)login;
    answer_known(request, id ? wall_tally(api_of(request)->wall, id) : NULL);
}

static void get_scope(struct http_request *request, const struct login *login)
{
    const char *scope = http_query(request, "scope");

    (void)login;
    if (scope && scope_is_valid(scope))
        http_answer_json(request, 200,
                         wall_scope(api_of(request)->wall, scope));
    else
        http_answer_problem(request, 422, "scope",
                            "expected all, area-CODE, group-NAME or screen-ID");
}

static void get_journal(struct http_request *request, const struct login *login)
{
    (void)login;
    http_answer_json(request, 200,
                     journal_newest(api_of(request)->journal, JOURNAL_ENTRIES));
}

static void get_events(struct http_request *request, const struct login *login)
{
    (void)login;
    http_answer_stream(request);
}

/* --- Pictures ------------------------------------------------------------ */

static void answer_picture(void *context, const json_t *head, const void *png,
                           size_t bytes)
{
    struct http_request *request = context;
    const json_t *problem = json_object_get(head, "problem");
    char number[32];

    if (problem || bytes == 0) {
        const char *text = text_of(problem, "text");
        http_answer_problem(
            request, 422,
            text_of(problem, "field") ? text_of(problem, "field") : "",
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
static void ask_painter(struct http_request *request, json_t *wanted)
{
    if (!wanted)
        answer_no_memory(request);
    else if (!painter_ask(api_of(request)->painter, wanted, answer_picture,
                          request))
        http_answer_problem(request, 503, "",
                            "too many pictures are asked for");
}

static int number_of(const char *text, int fallback, int most)
{
    char *end;
    long number = text ? strtol(text, &end, 10) : fallback;

    return text && (end == text || *end || number < 0 || number > most)
               ? fallback
               : (int)number;
}

/* A picture of a body in a shape; body NULL: the page without any message. */
static json_t *wanted_picture(const struct api *api, const char *body,
                              int shape, int page, int shrink)
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

/* The name of the place stands on a screen's own pages. */
static void name_place(json_t *wanted, const char *place)
{
    if (place && place[0])
        json_object_set_new(json_object_get(wanted, "options"), "screen.name",
                            json_string(place));
}

static bool write_picture(void *context, const struct kept_picture *picture)
{
    const struct api *api = context;
    char path[PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/%s", api->pictures,
                          picture->digest);

    if (length > 0 && (size_t)length < sizeof path && access(path, F_OK) != 0)
        file_replace_bytes(path, 0600, picture->bytes, picture->size, NULL);
    return true;
}

/* Pictures of our own panels lie in the outbox; those of others are not known
 * here, and their panels show their words. */
static void bring_pictures(struct api *api)
{
    struct outbox *outbox = NULL;
    struct problem problem = {0};

    if (send_options_open_reading(api->options, &outbox, &problem) && outbox)
        kept_pictures_each(outbox_file(outbox), api->options->org,
                           KEPT_PICTURES_NAMED, clock_wall_ms(), write_picture,
                           api, &problem);
    outbox_close(outbox);
}

/* What a screen that says so shows: slot, seq, shape, page, shrink, screen. Of
 * an alert the alert alone: screens do not tell which panel stands beside it.
 */
static void get_picture(struct http_request *request, const struct login *login)
{
    struct api *api = api_of(request);
    const char *slot = http_query(request, "slot");
    const char *seq = http_query(request, "seq");
    const struct wall_message *message = NULL;

    (void)login;
    if (!slot) {
        http_answer_problem(request, 422, "slot", "missing");
        return;
    }
    if (strcmp(slot, "plain") != 0) {
        message = wall_find(api->wall, slot, seq ? strtoll(seq, NULL, 10) : 0);
        if (!message) {
            http_answer_problem(request, 404, "slot",
                                "the broker does not have it");
            return;
        }
        if (strstr(message->body, "\"pictures\""))
            bring_pictures(api);
    }
    /* Thumbnails are kept: a clock that stands is better than a picture anew
     * each minute. That of one screen has the time and its place. */
    const char *screen = http_query(request, "screen");
    json_t *wanted =
        wanted_picture(api, message ? message->body : NULL,
                       number_of(http_query(request, "shape"), 0, 64),
                       number_of(http_query(request, "page"), 1, 9999),
                       number_of(http_query(request, "shrink"), 4, SHRINK_MAX));
    if (screen)
        name_place(wanted, wall_place(api->wall, screen));
    else
        http_add_header(request, "Cache-Control", "private, max-age=300");
    ask_painter(request, wanted);
}

/* --- Words of commands --------------------------------------------------- */

/* Fields of a request that become flags of the same name. */
static const char *const alert_flags[] = {
    "template",    "level",     "scope",  "headline",       "instruction",
    "description", "area-text", "sender", "event",          "event-code",
    "urgency",     "certainty", "web",    "expires",        "until",
    "headline-en", "event-en",  "status", "instruction-en", "response-level"};
enum { ALERT_FLAGS = sizeof alert_flags / sizeof alert_flags[0] };

/* False: a field that is none of these, or no text. */
static bool add_flags(struct run_words *words, const json_t *fields,
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
static bool read_options(const struct api *api, struct run_words *words,
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

static const struct sent_alert *find_sent(const struct sent_alerts *sent)
{
    for (size_t i = 0; i < sent->count; i++)
        if (sent->items[i].alert)
            return &sent->items[i];
    return NULL;
}

static bool draft_alert(const struct options *options, const char *update,
                        struct drafts *drafts, struct problem *problem)
{
    struct sent_alerts sent = {0};

    if (!update)
        return alert_raise_draft(drafts, options, problem);
    bool drafted = send_options_load_sent(options, update, &sent, problem);
    if (drafted && !find_sent(&sent))
        drafted = problem_set_field(problem, "id",
                                    "no alert of this id was sent from here");
    else if (drafted)
        drafted = alert_update_draft(drafts, options, find_sent(&sent),
                                     problem);
    sent_alerts_finish(&sent);
    return drafted;
}

/* The body as it would be signed. The caller frees it. NULL: the problem says
 * why. */
static char *body_of(const struct options *options, struct drafts *drafts,
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

    if (!compose_draft(&drafts->items[0], &frame, &composed, problem))
        return NULL;
    char *body = strdup(composed.body);
    composed_finish(&composed);
    return body;
}

static char *preview_alert(const struct api *api, const json_t *asked,
                           struct problem *problem)
{
    struct run_words words = {.count = 0};
    struct options options = {0};
    struct drafts drafts = {0};
    char *body = NULL;

    if (add_flags(&words, json_object_get(asked, "words"), problem) &&
        read_options(api, &words, &options, problem) &&
        draft_alert(&options, text_of(asked, "update"), &drafts, problem))
        body = body_of(&options, &drafts, problem);
    drafts_finish(&drafts);
    options_finish(&options);
    run_words_finish(&words);
    return body;
}

/* A draft may name only pictures that were dropped on the page: its folder has
 * nothing else of that name. */
static bool are_own_pictures(const json_t *draft, struct problem *problem)
{
    const json_t *list = json_object_get(json_object_get(draft, "panel"),
                                         "pictures");
    size_t index;
    json_t *picture;

    json_array_foreach(list, index, picture)
    {
        const json_t *file = json_object_get(picture, "file");
        const char *name = json_string_value(file);
        if (file && (!name || strncmp(name, "upload-", 7) != 0 ||
                     strspn(name + 7, "0123456789") != strlen(name + 7)))
            return problem_set_field(problem, "panel.pictures",
                                     "expected a picture of this page");
    }
    return true;
}

/* Writes the text of a draft into the folder. The caller removes and frees the
 * path. NULL: the problem says why. */
static char *keep_draft(struct api *api, const char *text,
                        struct problem *problem)
{
    json_t *draft = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL)
                         : NULL;
    char *path = NULL;
    bool good = json_is_object(draft) ||
                problem_set_field(problem, "draft", "expected a JSON object");

    good = good && are_own_pictures(draft, problem);
    json_decref(draft);
    if (!good)
        return NULL;
    if (asprintf(&path, "%s/draft-%u.json", api->folder, api->drafts++) < 0) {
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
        return NULL;
    }
    if (file_create(path, 0600, text, problem))
        return path;
    free(path);
    return NULL;
}

static void drop_draft(char *path)
{
    if (path)
        unlink(path);
    free(path);
}

static char *preview_panel(struct api *api, const json_t *asked,
                           struct problem *problem)
{
    struct options options = *api->options;
    struct picture_files pictures = {0};
    struct drafts drafts = {0};
    char *path = keep_draft(api, text_of(asked, "draft"), problem);
    char *body = NULL;

    /* The draft's own scope counts; it changes no picture. */
    options.scope = NULL;
    if (path && drafts_add_file(&drafts, &pictures, path, problem) &&
        picture_files_write(&pictures, api->pictures, problem))
        body = body_of(&options, &drafts, problem);
    picture_files_finish(&pictures);
    drafts_finish(&drafts);
    drop_draft(path);
    return body;
}

/* The JSON object of a POST; NULL: it was answered. The caller releases it. */
static json_t *read_asked(struct http_request *request)
{
    json_t *asked = json_loadb(request->body, request->body_bytes,
                               JSON_REJECT_DUPLICATES, NULL);

    if (json_is_object(asked))
        return asked;
    json_decref(asked);
    http_answer_problem(request, 400, "", "expected a JSON object");
    return NULL;
}

static void post_preview(struct http_request *request,
                         const struct login *login)
{
    struct api *api = api_of(request);
    struct problem problem = {0};
    json_t *asked = read_asked(request);

    (void)login;
    if (!asked)
        return;
    char *body = text_of(asked, "draft") ? preview_panel(api, asked, &problem)
                                         : preview_alert(api, asked, &problem);
    if (body) {
        json_t *wanted = wanted_picture(
            api, body,
            (int)(json_integer_value(json_object_get(asked, "shape")) & 63),
            (int)(json_integer_value(json_object_get(asked, "page")) & 4095),
            (int)(json_integer_value(json_object_get(asked, "shrink")) & 15));
        /* An alert shares the glass with some panel. */
        json_object_set_new(wanted, "over", json_string("sample"));
        ask_painter(request, wanted);
    } else {
        answer_found_problem(request, &problem);
    }
    free(body);
    json_decref(asked);
}

/* --- Commands ------------------------------------------------------------ */

/* A command that runs for a request. */
struct deed {
    struct http_request *request;
    struct api *api;
    char *who;
    json_t *words; /* for the journal */
    char *path;    /* of a draft, or of a picture that it makes; NULL: none */
    char *scope;   /* of what it sends; NULL: nothing to follow */
    char *id;      /* likewise */
    bool is_panel; /* likewise */
    bool is_unsigned; /* the command does not open the key */
    const char *type; /* of its output; NULL: a report of it */
};

static void deed_free(struct deed *deed)
{
    drop_draft(deed->path);
    json_decref(deed->words);
    free(deed->who);
    free(deed->scope);
    free(deed->id);
    free(deed);
}

static void follow(struct deed *deed)
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

static void answer_file(struct deed *deed)
{
    size_t bytes = 0;
    struct problem problem = {0};
    char *picture = file_read(deed->path, HTTP_PICTURE_BYTES, &bytes, &problem);

    if (picture)
        http_answer(deed->request, 200, "image/png", picture, bytes);
    else
        answer_found_problem(deed->request, &problem);
    free(picture);
}

static json_t *utf8_or_empty(const char *text)
{
    json_t *string = json_string(text);

    return string ? string : json_string("");
}

static void deed_done(void *context, const struct run_result *result)
{
    struct deed *deed = context;
    struct problem problem = {0};

    if (!journal_add(deed->api->journal,
                     json_pack("{s:s, s:s, s:O, s:i, s:o}", "who", deed->who,
                               "what", "done", "words", deed->words, "code",
                               result->code, "said",
                               utf8_or_empty(result->err)),
                     &problem))
        http_tell(deed->api->http, "trouble",
                  json_pack("{s:s}", "text", problem.expected));
    if (result->code == PUBLISH_DONE || result->code == PUBLISH_UNCONFIRMED)
        follow(deed);
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
                      deed->id, "out", utf8_or_empty(result->out), "said",
                      utf8_or_empty(result->err)));
    deed_free(deed);
}

static json_t *words_json(const struct run_words *words)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < words->count; i++)
        json_array_append_new(list, json_string(words->texts[i]));
    return list;
}

/* Takes the words; the deed is a template, whose texts it takes, too. Without
 * an entry in the journal nothing is done. */
static void run(struct http_request *request, const struct login *login,
                struct run_words *words, const struct deed *template)
{
    struct api *api = api_of(request);
    struct problem problem = {0};
    struct deed *deed = calloc(1, sizeof *deed);

    if (!deed) {
        run_words_finish(words);
        answer_no_memory(request);
        return;
    }
    *deed = *template;
    deed->request = request;
    deed->api = api;
    deed->who = strdup(login->who);
    deed->words = words_json(words);
    words->signs = !deed->is_unsigned;
    if (!deed->who || !deed->words ||
        !journal_add(api->journal,
                     json_pack("{s:s, s:s, s:O}", "who", deed->who, "what",
                               "asked", "words", deed->words),
                     &problem)) {
        run_words_finish(words);
        http_answer_problem(request, 500, "",
                            problem.expected[0] ? problem.expected
                                                : "out of memory");
        deed_free(deed);
        return;
    }
    if (runs_start(api->runs, words, deed_done, deed))
        return;
    http_answer_problem(request, 503, "", "too many commands wait");
    deed_free(deed);
}

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* An actual alert goes out only after the person typed its level. */
static bool is_confirmed(const json_t *asked, const json_t *fields,
                         struct problem *problem)
{
    static const char *const levels[][2] = {{"red", "红色"},
                                            {"orange", "橙色"},
                                            {"yellow", "黄色"},
                                            {"blue", "蓝色"}};
    const char *status = text_of(fields, "status");
    const char *level = text_of(fields, "level");
    const char *typed = text_of(asked, "confirm");

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

static void post_raise(struct http_request *request, const struct login *login)
{
    struct problem problem = {0};
    struct run_words words = {.count = 0};
    json_t *asked = read_asked(request);
    const json_t *fields = json_object_get(asked, "words");
    const char *update = text_of(asked, "update");
    const char *scope = text_of(fields, "scope");
    const char *template = text_of(fields, "template");
    const char *status = text_of(fields, "status");
    char id[MADE_ID_BYTES];

    if (!asked)
        return;
    run_words_add(&words, "alert");
    run_words_add(&words, update ? "update" : "raise");
    if (update && !identifier_is_valid(update))
        problem_set_field(&problem, "id", "no id of an alert");
    else if (!update && !scope)
        problem_set_field(&problem, "scope", "missing");
    else if (is_confirmed(asked, fields, &problem) &&
             (update || alert_raise_id(template ? template : "alert",
                                       status ? status : "", id, &problem)) &&
             add_flags(&words, fields, &problem)) {
        if (update)
            run_words_add(&words, update);
        else
            run_words_flag(&words, "id", id);
        run_words_add(&words, "--yes");
        run(request, login, &words,
            &(struct deed){.scope = copy(scope),
                           .id = copy(update ? update : id)});
        json_decref(asked);
        return;
    }
    run_words_finish(&words);
    answer_found_problem(request, &problem);
    json_decref(asked);
}

/* Commands that take an id: of an alert, a panel, or a waiting message. */
static void run_with_id(struct http_request *request, const struct login *login,
                        const char *first, const char *second, const char *flag,
                        bool is_panel)
{
    struct run_words words = {.count = 0};
    json_t *asked = read_asked(request);
    const char *id = text_of(asked, "id");
    const char *scope = text_of(asked, "scope");
    const char *reason = text_of(asked, "reason");

    if (!asked)
        return;
    if (!id || !identifier_is_valid(id) || (scope && !scope_is_valid(scope))) {
        http_answer_problem(request, 422, "id", "no id");
        json_decref(asked);
        return;
    }
    run_words_add(&words, first);
    run_words_add(&words, second);
    run_words_add(&words, id);
    if (flag)
        run_words_add(&words, flag);
    if (reason && reason[0])
        run_words_flag(&words, "reason", reason);
    if (is_panel && scope)
        run_words_flag(&words, "scope", scope);
    run(request, login, &words,
        &(struct deed){.scope = copy(scope),
                       .id = copy(id),
                       .is_panel = is_panel,
                       .is_unsigned = strcmp(first, "outbox") == 0});
    json_decref(asked);
}

static void post_cancel(struct http_request *request, const struct login *login)
{
    run_with_id(request, login, "alert", "cancel", "--yes", false);
}

static void post_remove(struct http_request *request, const struct login *login)
{
    run_with_id(request, login, "panel", "remove", "--with-waiting", true);
}

static void post_drop(struct http_request *request, const struct login *login)
{
    run_with_id(request, login, "outbox", "drop", NULL, false);
}

static void post_send(struct http_request *request, const struct login *login)
{
    struct run_words words = {.count = 0};

    run_words_add(&words, "outbox");
    run_words_add(&words, "send");
    run(request, login, &words, &(struct deed){.is_panel = false});
}

static void post_push(struct http_request *request, const struct login *login)
{
    struct problem problem = {0};
    struct run_words words = {.count = 0};
    json_t *asked = read_asked(request);
    const char *scope = text_of(asked, "scope");

    if (!asked)
        return;
    json_t *draft = text_of(asked, "draft")
                        ? json_loads(text_of(asked, "draft"), 0, NULL)
                        : NULL;
    char *id = copy(text_of(draft, "id"));
    json_decref(draft);
    char *path = scope && scope_is_valid(scope)
                     ? keep_draft(api_of(request), text_of(asked, "draft"),
                                  &problem)
                     : NULL;
    if (!path) {
        if (problem.code == PROBLEM_NONE)
            problem_set_field(&problem, "scope", "missing, or no scope");
        answer_found_problem(request, &problem);
        free(id);
    } else {
        run_words_add(&words, "panel");
        run_words_add(&words, "push");
        run_words_add(&words, path);
        run_words_flag(&words, "scope", scope);
        run_words_add(&words, "--with-waiting");
        run(request, login, &words,
            &(struct deed){.path = path,
                           .scope = copy(scope),
                           .id = id,
                           .is_panel = true});
    }
    json_decref(asked);
}

static void post_picture(struct http_request *request,
                         const struct login *login)
{
    struct api *api = api_of(request);
    struct problem problem = {0};
    struct picture_files files = {0};
    json_t *facts = json_object();
    char path[PATH_BYTES], name[32];

    (void)login;
    if (api->uploads >= API_UPLOADS_MAX) {
        http_answer_problem(request, 503, "",
                            "too many pictures: restart the console");
        json_decref(facts);
        return;
    }
    snprintf(name, sizeof name, "upload-%u", api->uploads);
    int length = snprintf(path, sizeof path, "%s/%s", api->folder, name);
    bool good = length > 0 && (size_t)length < sizeof path && facts &&
                file_replace_bytes(path, 0600, request->body,
                                   request->body_bytes, &problem) &&
                picture_files_add(&files, path, facts, &problem);
    picture_files_finish(&files);
    if (good) {
        api->uploads++;
        json_object_set_new(facts, "file", json_string(name));
        http_answer_json(request, 200, facts);
        return;
    }
    unlink(path);
    json_decref(facts);
    answer_found_problem(request, &problem);
}

static void post_command(struct http_request *request,
                         const struct login *login)
{
    static const char *const verbs[] = {"identify",   "screenshot", "night",
                                        "brightness", "restart",    "reload"};
    struct run_words words = {.count = 0};
    json_t *asked = read_asked(request);
    const char *screen = text_of(asked, "screen");
    const char *verb = text_of(asked, "verb");
    const char *value = text_of(asked, "value");
    size_t known = 0;
    char *path = NULL;

    if (!asked)
        return;
    while (known < 6 && (!verb || strcmp(verbs[known], verb) != 0))
        known++;
    bool shot = verb && strcmp(verb, "screenshot") == 0;
    if (known == 6 || !screen || !identifier_is_valid(screen) ||
        (value && value[0] == '-') ||
        (shot && asprintf(&path, "%s/shot-%u.png", api_of(request)->folder,
                          api_of(request)->drafts++) < 0)) {
        http_answer_problem(request, 422, "verb", "no such command");
        json_decref(asked);
        return;
    }
    run_words_add(&words, "command");
    run_words_add(&words, screen);
    run_words_add(&words, verb);
    if (value)
        run_words_add(&words, value);
    run_words_flag(&words, "out", path);
    run_words_flag(&words, "inventory",
                   api_of(request)->options->inventory_file);
    run(request, login, &words,
        &(struct deed){.path = path, .type = shot ? "image/png" : NULL});
    json_decref(asked);
}

/* Questions that a command answers go to the journal as well: reading a log of
 * a screen is a signed command. */
static void get_plays(struct http_request *request, const struct login *login)
{
    struct run_words words = {.count = 0};
    const char *screen = http_query(request, "screen");

    if (!screen || !identifier_is_valid(screen)) {
        http_answer_problem(request, 422, "screen", "no id of a screen");
        return;
    }
    run_words_add(&words, "plays");
    run_words_flag(&words, "screen", screen);
    run_words_flag(&words, "from", http_query(request, "from"));
    run_words_flag(&words, "to", http_query(request, "to"));
    run(request, login, &words,
        &(struct deed){.type = "text/csv; charset=utf-8"});
}

/* What only reads is not written to the journal. */
static void answer_run(void *context, const struct run_result *result)
{
    struct http_request *request = context;

    if (result->code == PUBLISH_DONE)
        http_answer(request, 200, "application/json",
                    result->out_bytes > 0 ? result->out : "null",
                    result->out_bytes > 0 ? result->out_bytes : 4);
    else
        http_answer_json(request, 422,
                         json_pack("{s:i, s:o}", "code", result->code, "said",
                                   utf8_or_empty(result->err)));
}

static void run_question(struct http_request *request, struct run_words *words)
{
    run_words_add(words, "--json");
    if (!runs_start(api_of(request)->runs, words, answer_run, request))
        http_answer_problem(request, 503, "", "too many commands wait");
}

static void get_programme(struct http_request *request,
                          const struct login *login)
{
    struct run_words words = {.count = 0};
    const char *screen = http_query(request, "screen");

    (void)login;
    run_words_add(&words, "programme");
    run_words_add(&words, "show");
    run_words_flag(&words, "screen", screen);
    run_words_flag(&words, "on", http_query(request, "on"));
    run_words_flag(&words, "inventory",
                   api_of(request)->options->inventory_file);
    run_question(request, &words);
}

static void get_outbox(struct http_request *request, const struct login *login)
{
    struct run_words words = {.count = 0};

    (void)login;
    run_words_add(&words, "outbox");
    run_words_add(&words, "list");
    run_question(request, &words);
}

static void get_panel(struct http_request *request, const struct login *login)
{
    const char *id = http_query(request, "id");
    const char *seq = http_query(request, "seq");
    char slot[LIMIT_IDENTIFIER_BYTES + 8];
    int length = snprintf(slot, sizeof slot, "panel/%s", id ? id : "");
    const struct wall_message *message =
        length > 0 && (size_t)length < sizeof slot
            ? wall_find(api_of(request)->wall, slot,
                        seq ? strtoll(seq, NULL, 10) : 0)
            : NULL;

    (void)login;
    if (message)
        http_answer(request, 200, "application/json", message->body,
                    strlen(message->body));
    else
        http_answer_problem(request, 404, "id", "not known");
}

/* --- Who may ask what ---------------------------------------------------- */

static const struct route {
    const char *path;
    bool is_post;
    void (*answer)(struct http_request *request, const struct login *login);
} routes[] = {
    {"/api/start", false, get_start},
    {"/api/screens", false, get_screens},
    {"/api/screen", false, get_screen},
    {"/api/messages", false, get_messages},
    {"/api/tally", false, get_tally},
    {"/api/scope", false, get_scope},
    {"/api/journal", false, get_journal},
    {"/api/events", false, get_events},
    {"/api/picture", false, get_picture},
    {"/api/panel", false, get_panel},
    {"/api/outbox", false, get_outbox},
    {"/api/programme", false, get_programme},
    {"/api/plays", false, get_plays},
    {"/api/preview", true, post_preview},
    {"/api/alert", true, post_raise},
    {"/api/alert/cancel", true, post_cancel},
    {"/api/panel/push", true, post_push},
    {"/api/panel/remove", true, post_remove},
    {"/api/upload", true, post_picture},
    {"/api/outbox/send", true, post_send},
    {"/api/outbox/drop", true, post_drop},
    {"/api/command", true, post_command},
};

bool api_takes_pictures(const char *path)
{
    return strcmp(path, "/api/upload") == 0;
}

static void cookie_name(const struct api *api, char out[32])
{
    /* Cookies know no ports. */
    snprintf(out, 32, "gaoshi-console-%d", http_port(api->http));
}

static void answer_text(struct http_request *request, unsigned status,
                        const char *text)
{
    http_answer(request, status, "text/plain; charset=utf-8", text,
                strlen(text));
}

/* The address with the token is used once, and leaves no trace in the history:
 * the answer leads to the page without it. */
static void enter(struct http_request *request, const char *token)
{
    struct api *api = api_of(request);
    const struct login *login = sessions_enter(&api->sessions, token, api->who,
                                               clock_monotonic_ms());
    char name[32], cookie[160];

    if (!login) {
        answer_text(request, 403,
                    "这个地址已经用过，请用终端里的新地址。\n"
                    "This address was used before: take the new one in the "
                    "terminal.\n");
        return;
    }
    cookie_name(api, name);
    snprintf(cookie, sizeof cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict",
             name, login->cookie);
    http_add_header(request, "Set-Cookie", cookie);
    http_add_header(request, "Location", "/");
    answer_text(request, 303, "");
    api->entered(api->context);
}

static const struct route *find_route(const struct http_request *request)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        if (strcmp(routes[i].path, request->path) == 0 &&
            routes[i].is_post == request->is_post)
            return &routes[i];
    return NULL;
}

static void answer_site(struct http_request *request)
{
    const struct site_file *file =
        request->is_post ? NULL
                         : site_find(api_of(request)->site, request->path);

    if (!file) {
        answer_text(request, 404, "there is nothing\n");
        return;
    }
    http_add_header(request, "Cache-Control", "no-cache");
    http_answer(request, 200, file->type, file->bytes, file->size);
}

void api_handle(void *context, struct http_request *request)
{
    struct api *api = context;
    const char *token = http_query(request, "token");
    char name[32];

    request->session = api;
    cookie_name(api, name);
    const struct login *login = sessions_find(
        &api->sessions, http_cookie(request, name), clock_monotonic_ms());
    if (token && strcmp(request->path, "/") == 0 && !request->is_post) {
        enter(request, token);
        return;
    }
    if (!login) {
        answer_text(request, 401,
                    "请用终端里的地址打开控制台。\n"
                    "Open the console with the address in the terminal.\n");
        return;
    }
    if (request->is_post &&
        !login_is_checked(login, http_header(request, "X-Gaoshi-Check"))) {
        http_answer_problem(request, 403, "",
                            "the request does not come from the page");
        return;
    }
    const struct route *route = find_route(request);
    if (route)
        route->answer(request, login);
    else
        answer_site(request);
}
