/* The routes: files of the page, what the wall knows, pictures, and commands;
 * who may ask what stands in the table at the end. */
#include "publisher/console/api_parts.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/language.h"
#include "base/timestamp.h"
#include "protocol/scope.h"
#include "publisher/alert/alert.h"
#include "publisher/send/compose.h"
#include "publisher/send/picture_files.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, SHRINK_MAX = 16, JOURNAL_ENTRIES = 100 };

/* --- What the wall knows ------------------------------------------------- */

static json_t *roles_json(unsigned roles)
{
    return json_pack("{s:b, s:b, s:b}", "sees", (roles & ROLE_SEES) != 0,
                     "panels", (roles & ROLE_PANELS) != 0, "alerts",
                     (roles & ROLE_ALERTS) != 0);
}

static void get_start(struct http_request *request, const struct login *login)
{
    const struct api *api = api_of(request);
    const struct options *options = api->options;

    http_answer_json(
        request, 200,
        json_pack(
            "{s:s, s:o, s:b, s:b, s:s, s:s, s:s, s:s*, s:s*, s:s, s:o, s:O, "
            "s:o, s:o}",
            "who", login->who, "roles", roles_json(login->roles), "accounts",
            api->checker != NULL, "two_people", options->two_people >= 0,
            "check", login->check, "version", GAOSHI_VERSION, "org",
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
    http_answer_stream(request, login->number);
}

/* --- Pictures ------------------------------------------------------------ */

/* The name of the place stands on a screen's own pages. */
static void name_place(json_t *wanted, const char *place)
{
    if (place && place[0])
        json_object_set_new(json_object_get(wanted, "options"), "screen.name",
                            json_string(place));
}

/* When the screen told that it shows this, if that was lately. */
static int64_t told_ms(const char *text)
{
    enum { LATELY_MS = 7 * 24 * 3600 * 1000 };
    int64_t now_ms = clock_wall_ms();
    int64_t at_ms = text ? strtoll(text, NULL, 10) : 0;

    return at_ms > now_ms - LATELY_MS && at_ms <= now_ms ? at_ms : now_ms;
}

/* What a screen that says so shows: slot, seq, shape, page, shrink, screen, at.
 * Of an alert the alert alone: screens do not tell which panel stands beside
 * it.
 */
static void get_picture(struct http_request *request, const struct login *login)
{
    struct api *api = api_of(request);
    const char *slot = http_query(request, "slot");
    const char *seq = http_query(request, "seq");
    const struct wall_message *message = NULL;
    struct problem ignored = {0};

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
        /* Those of others are not known here: their panels show their words. */
        if (strstr(message->body, "\"pictures\""))
            picture_files_write_kept(api->options, api->pictures, &ignored);
    }
    /* That of one screen has its place; others are kept, and their clock is
     * that of the time at which the screen told. */
    const char *screen = http_query(request, "screen");
    json_t *wanted = api_wanted_picture(
        api, message ? message->body : NULL,
        api_number(http_query(request, "shape"), 0, 64),
        api_number(http_query(request, "page"), 1, 9999),
        api_number(http_query(request, "shrink"), 4, SHRINK_MAX));
    char now[TIMESTAMP_BYTES];
    int64_t at_ms = told_ms(http_query(request, "at"));

    timestamp_format(at_ms, clock_utc_offset_minutes(at_ms), now);
    json_object_set_new(wanted, "now", json_string(now));
    if (screen)
        name_place(wanted, wall_place(api->wall, screen));
    else
        http_add_header(request, "Cache-Control", "private, max-age=300");
    api_ask_painter(request, wanted);
}

/* --- Words of commands --------------------------------------------------- */

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

static char *preview_alert(const struct api *api, const json_t *asked,
                           struct problem *problem)
{
    struct run_words words = {.count = 0};
    struct options options = {0};
    struct drafts drafts = {0};
    char *body = NULL;

    if (api_add_flags(&words, json_object_get(asked, "words"), problem) &&
        api_read_options(api, &words, &options, problem) &&
        draft_alert(&options, api_text(asked, "update"), &drafts, problem))
        body = api_body_of(&options, &drafts.items[0], problem);
    drafts_finish(&drafts);
    options_finish(&options);
    run_words_finish(&words);
    return body;
}

static bool is_upload(const char *name)
{
    return strncmp(name, "upload-", 7) == 0 && name[7] &&
           strspn(name + 7, "0123456789") == strlen(name + 7);
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
        if (file && (!name || !is_upload(name)))
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

static char *preview_panel(struct api *api, const json_t *asked,
                           struct problem *problem)
{
    struct options options = *api->options;
    struct picture_files pictures = {0};
    struct drafts drafts = {0};
    char *path = keep_draft(api, api_text(asked, "draft"), problem);
    char *body = NULL;

    /* The draft's own scope counts; it changes no picture. */
    options.scope = NULL;
    if (path && drafts_add_file(&drafts, &pictures, path, problem) &&
        picture_files_write(&pictures, api->pictures, problem))
        body = api_body_of(&options, &drafts.items[0], problem);
    picture_files_finish(&pictures);
    drafts_finish(&drafts);
    api_drop_draft(path);
    return body;
}

static void post_preview(struct http_request *request,
                         const struct login *login)
{
    struct api *api = api_of(request);
    struct problem problem = {0};
    json_t *asked = api_read_asked(request);

    (void)login;
    if (!asked)
        return;
    char *body = api_text(asked, "draft") ? preview_panel(api, asked, &problem)
                                          : preview_alert(api, asked, &problem);
    if (body) {
        json_t *wanted = api_wanted_picture(
            api, body,
            (int)(json_integer_value(json_object_get(asked, "shape")) & 63),
            (int)(json_integer_value(json_object_get(asked, "page")) & 4095),
            (int)(json_integer_value(json_object_get(asked, "shrink")) & 15));
        /* An alert shares the glass with some panel. */
        json_object_set_new(wanted, "over", json_string("sample"));
        api_ask_painter(request, wanted);
    } else {
        api_answer_problem(request, &problem);
    }
    free(body);
    json_decref(asked);
}

/* --- Commands ------------------------------------------------------------ */

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

static void post_raise(struct http_request *request, const struct login *login)
{
    struct problem problem = {0};
    struct run_words words = {.count = 0};
    json_t *asked = api_read_asked(request);
    const json_t *fields = json_object_get(asked, "words");
    const char *update = api_text(asked, "update");
    const char *scope = api_text(fields, "scope");
    const char *template = api_text(fields, "template");
    const char *status = api_text(fields, "status");
    char id[MADE_ID_BYTES];

    if (!asked)
        return;
    run_words_add(&words, "alert");
    run_words_add(&words, update ? "update" : "raise");
    if (update && !identifier_is_valid(update))
        problem_set_field(&problem, "id", "no id of an alert");
    else if (!update && !scope)
        problem_set_field(&problem, "scope", "missing");
    else if (api_is_confirmed(asked, fields, &problem) &&
             (update || alert_raise_id(template ? template : "alert",
                                       status ? status : "", id, &problem)) &&
             api_add_flags(&words, fields, &problem)) {
        if (update)
            run_words_add(&words, update);
        else
            run_words_flag(&words, "id", id);
        run_words_add(&words, "--yes");
        if (api_alert_waits(request, login, fields, update, id))
            run_words_finish(&words);
        else
            api_run(request, login, &words,
                    &(struct api_deed){.scope = copy(scope),
                                       .id = copy(update ? update : id)});
        json_decref(asked);
        return;
    }
    run_words_finish(&words);
    api_answer_problem(request, &problem);
    json_decref(asked);
}

/* Commands that take an id: of an alert, a panel, or a waiting message. */
static void run_with_id(struct http_request *request, const struct login *login,
                        const char *first, const char *second, const char *flag,
                        bool is_panel)
{
    struct run_words words = {.count = 0};
    json_t *asked = api_read_asked(request);
    const char *id = api_text(asked, "id");
    const char *scope = api_text(asked, "scope");
    const char *reason = api_text(asked, "reason");

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
    api_run(request, login, &words,
            &(struct api_deed){.scope = copy(scope),
                               .id = copy(id),
                               .is_panel = is_panel,
                               .is_unsigned = strcmp(first, "outbox") == 0});
    json_decref(asked);
}

static void post_cancel(struct http_request *request, const struct login *login)
{
    if (!api_cancel_waits(request, login))
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
    api_run(request, login, &words, &(struct api_deed){.is_panel = false});
}

static void post_push(struct http_request *request, const struct login *login)
{
    struct problem problem = {0};
    struct run_words words = {.count = 0};
    json_t *asked = api_read_asked(request);
    const char *scope = api_text(asked, "scope");

    if (!asked)
        return;
    json_t *draft = api_text(asked, "draft")
                        ? json_loads(api_text(asked, "draft"), 0, NULL)
                        : NULL;
    char *id = copy(api_text(draft, "id"));
    json_decref(draft);
    char *path = scope && scope_is_valid(scope)
                     ? keep_draft(api_of(request), api_text(asked, "draft"),
                                  &problem)
                     : NULL;
    if (!path) {
        if (problem.code == PROBLEM_NONE)
            problem_set_field(&problem, "scope", "missing, or no scope");
        api_answer_problem(request, &problem);
        free(id);
    } else {
        run_words_add(&words, "panel");
        run_words_add(&words, "push");
        run_words_add(&words, path);
        run_words_flag(&words, "scope", scope);
        run_words_add(&words, "--with-waiting");
        api_run(request, login, &words,
                &(struct api_deed){.path = path,
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
    api_answer_problem(request, &problem);
}

static const char *picture_type(const char *bytes, size_t size)
{
    return size > 3 && memcmp(bytes, "\x89PNG", 4) == 0        ? "image/png"
           : size > 3 && memcmp(bytes, "RIFF", 4) == 0         ? "image/webp"
           : size > 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0 ? "image/jpeg"
                                                               : NULL;
}

/* A picture that was dropped on the page (file), or one of a panel that was
 * sent from here (sha256): forms show them again after a reload. */
static void get_upload(struct http_request *request, const struct login *login)
{
    struct api *api = api_of(request);
    const char *file = http_query(request, "file");
    const char *digest = http_query(request, "sha256");
    struct problem problem = {0};
    char path[PATH_BYTES];
    size_t bytes = 0;

    (void)login;
    bool is_file = file && is_upload(file);
    bool is_digest = digest && strlen(digest) == 64 &&
                     strspn(digest, "0123456789abcdef") == 64;
    if (is_digest)
        picture_files_write_kept(api->options, api->pictures, &problem);
    int length = snprintf(path, sizeof path, "%s/%s",
                          is_file ? api->folder : api->pictures,
                          is_file     ? file
                          : is_digest ? digest
                                      : "");
    char *picture = (is_file || is_digest) && length > 0 &&
                            (size_t)length < sizeof path
                        ? file_read(path, HTTP_PICTURE_BYTES, &bytes, &problem)
                        : NULL;
    const char *type = picture ? picture_type(picture, bytes) : NULL;
    if (type)
        http_answer(request, 200, type, picture, bytes);
    else
        http_answer_problem(request, 404, "file", "not known");
    free(picture);
}

static void post_command(struct http_request *request,
                         const struct login *login)
{
    static const char *const verbs[] = {"identify",   "screenshot", "night",
                                        "brightness", "restart",    "reload"};
    struct run_words words = {.count = 0};
    json_t *asked = api_read_asked(request);
    const char *screen = api_text(asked, "screen");
    const char *verb = api_text(asked, "verb");
    const char *value = api_text(asked, "value");
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
    api_run(
        request, login, &words,
        &(struct api_deed){.path = path, .type = shot ? "image/png" : NULL});
    json_decref(asked);
}

/* Questions that a command answers go to the journal as well: reading a log of
 * a screen is a signed command. */
static void get_plays(struct http_request *request, const struct login *login)
{
    struct run_words words = {.count = 0};
    const char *screen = http_query(request, "screen");
    const char *form = http_query(request, "form");
    bool is_json = form && strcmp(form, "json") == 0;

    if (!screen || !identifier_is_valid(screen)) {
        http_answer_problem(request, 422, "screen", "no id of a screen");
        return;
    }
    run_words_add(&words, "plays");
    run_words_flag(&words, "screen", screen);
    run_words_flag(&words, "from", http_query(request, "from"));
    run_words_flag(&words, "to", http_query(request, "to"));
    if (is_json)
        run_words_add(&words, "--json");
    api_run(request, login, &words,
            &(struct api_deed){.type = is_json ? "application/json"
                                               : "text/csv; charset=utf-8"});
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
                                   api_utf8(result->err)));
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

#define SENDS (ROLE_PANELS | ROLE_ALERTS)

static const struct route {
    const char *path;
    enum { GET, POST } method;
    unsigned roles; /* one of them is enough */
    /* The page asks by itself: that does not keep an idle login alive. */
    enum { BY_PERSON, BY_ITSELF } cause;
    void (*answer)(struct http_request *request, const struct login *login);
} routes[] = {
    {"/api/start", GET, ROLE_SEES, BY_PERSON, get_start},
    {"/api/screens", GET, ROLE_SEES, BY_ITSELF, get_screens},
    {"/api/screen", GET, ROLE_SEES, BY_ITSELF, get_screen},
    {"/api/messages", GET, ROLE_SEES, BY_ITSELF, get_messages},
    {"/api/tally", GET, ROLE_SEES, BY_ITSELF, get_tally},
    {"/api/scope", GET, ROLE_SEES, BY_PERSON, get_scope},
    {"/api/journal", GET, ROLE_SEES, BY_ITSELF, get_journal},
    {"/api/events", GET, ROLE_SEES, BY_ITSELF, get_events},
    {"/api/picture", GET, ROLE_SEES, BY_ITSELF, get_picture},
    {"/api/panel", GET, ROLE_SEES, BY_PERSON, get_panel},
    {"/api/outbox", GET, ROLE_SEES, BY_ITSELF, get_outbox},
    {"/api/programme", GET, ROLE_SEES, BY_PERSON, get_programme},
    {"/api/plays", GET, ROLE_SEES, BY_PERSON, get_plays},
    {"/api/upload", GET, ROLE_PANELS, BY_PERSON, get_upload},
    {"/api/preview", POST, SENDS, BY_PERSON, post_preview},
    {"/api/alert", POST, ROLE_ALERTS, BY_PERSON, post_raise},
    {"/api/alert/cancel", POST, ROLE_ALERTS, BY_PERSON, post_cancel},
    {"/api/approvals", GET, ROLE_ALERTS, BY_ITSELF, api_get_approvals},
    {"/api/approval/picture", GET, ROLE_ALERTS, BY_ITSELF,
     api_get_approval_picture},
    {"/api/approval/confirm", POST, ROLE_ALERTS, BY_PERSON, api_post_confirm},
    {"/api/approval/decline", POST, ROLE_ALERTS, BY_PERSON, api_post_decline},
    {"/api/panel/push", POST, ROLE_PANELS, BY_PERSON, post_push},
    {"/api/panel/remove", POST, ROLE_PANELS, BY_PERSON, post_remove},
    {"/api/upload", POST, ROLE_PANELS, BY_PERSON, post_picture},
    {"/api/outbox/send", POST, ROLE_ALERTS, BY_PERSON, post_send},
    {"/api/outbox/drop", POST, ROLE_ALERTS, BY_PERSON, post_drop},
    {"/api/command", POST, SENDS, BY_PERSON, post_command},
    {"/api/logout", POST, ROLE_SEES, BY_PERSON, api_post_logout},
};

bool api_takes_pictures(const char *path)
{
    return strcmp(path, "/api/upload") == 0;
}

static const struct route *find_route(const struct http_request *request)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        if (strcmp(routes[i].path, request->path) == 0 &&
            (routes[i].method == POST) == request->is_post)
            return &routes[i];
    return NULL;
}

static void answer_site(struct http_request *request,
                        const struct site_file *file)
{
    if (!file) {
        api_answer_text(request, 404, "there is nothing\n");
        return;
    }
    http_add_header(request, "Cache-Control", "no-cache");
    http_answer(request, 200, file->type, file->bytes, file->size);
}

static void answer_route(struct http_request *request,
                         const struct route *route, const struct login *login)
{
    if (login->roles & route->roles) {
        route->answer(request, login);
        return;
    }
    api_note(api_of(request), login->who, login->from, "refused",
             json_pack("{s:s}", "path", route->path));
    http_answer_problem(request, 403, "role", "this account may not do that");
}

static void handle(struct api *api, struct http_request *request)
{
    int64_t now_ms = clock_monotonic_ms();

    request->session = api;
    api_review(api, now_ms);
    const struct route *route = find_route(request);
    const struct site_file *file = request->is_post
                                       ? NULL
                                       : site_find(api->site, request->path);
    struct login *login = api_find_login(request, now_ms);
    if (api_enter(request, login))
        return;
    if (!login && file && file->is_open && api->checker) {
        answer_site(request, file);
    } else if (!login) {
        api_answer_stranger(request);
    } else if (request->is_post &&
               !login_is_checked(login,
                                 http_header(request, "X-Gaoshi-Check"))) {
        http_answer_problem(request, 403, "",
                            "the request does not come from the page");
    } else {
        http_from(request, login->from);
        if (!route || route->cause == BY_PERSON)
            login->used_ms = now_ms;
        if (route)
            answer_route(request, route, login);
        else
            answer_site(request, file);
    }
}

/* Problems are told in the language of the page, which says it with each
 * request. */
void api_handle(void *context, struct http_request *request)
{
    language_of_thread(http_header(request, "Accept-Language"));
    handle(context, request);
    language_of_thread(NULL);
}
