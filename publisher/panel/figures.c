/* figures set NAME=VALUE…: sends new values of live figures, from the command
 * line or line by line from a file or a program. figures list: the last value
 * of each. */
#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/cli/tell.h"
#include "publisher/cli/time_words.h"
#include "publisher/panel/panel.h"
#include "publisher/panel/panel_known.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/figures_known.h"
#include "publisher/send/send_options.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LINE_BYTES = 400, /* of a line, and of an operand */
    NAMES_MAX = 512,  /* as many as a screen keeps; sent at once */
    /* Lines that follow within this time are sent together; of a name the last
     * one. */
    TOGETHER_MS = 1000,
};

struct set {
    const struct options *options;
    const char *at; /* of --at; NULL: now, or the line's own */
    char at_text[TIMESTAMP_BYTES];
    struct drafts drafts;
    enum publish_exit code; /* of what was sent so far */
    bool bad;               /* a line or an operand was broken */
};

static void tell_bad(struct set *set, const char *place,
                     struct problem *problem)
{
    problem_set_place(problem, place);
    problem->line = problem->column = 0;
    tell_problem(problem);
    set->bad = true;
}

/* Of a name and scope the last value is sent. */
static void forget_rival(struct set *set)
{
    const struct draft *rival = drafts_rival_of_last(&set->drafts);
    struct drafts *drafts = &set->drafts;

    if (!rival)
        return;
    size_t at = (size_t)(rival - drafts->items);
    message_destroy(drafts->items[at].message);
    free(drafts->items[at].place);
    drafts->items[at] = drafts->items[--drafts->count];
}

/* text is changed. place: of the complaint. */
static bool add_value(struct set *set, char *text, const char *unit,
                      const char *at, const char *place,
                      struct problem *problem)
{
    char *equals = strchr(text, '=');

    if (!equals || equals == text)
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.60s', expected NAME=VALUE", text);
    *equals = '\0';
    if (!identifier_is_valid(text))
        return problem_set(problem, PROBLEM_FIELD,
                           "name '%.64s', expected a-z, 0-9, '.', '_' and '-', "
                           "64 at most",
                           text);
    json_t *draft = figure_draft(
        text, equals + 1, unit, at,
        set->options->scope ? set->options->scope : "all", problem);
    if (!draft || !drafts_add_json(&set->drafts, draft, place, problem))
        return false;
    forget_rival(set);
    return true;
}

static void drop_draft(struct set *set, size_t at, struct problem *problem)
{
    struct drafts *drafts = &set->drafts;

    tell_bad(set, drafts->items[at].place, problem);
    message_destroy(drafts->items[at].message);
    free(drafts->items[at].place);
    drafts->items[at] = drafts->items[--drafts->count];
}

/* Values older than what was sent are left out: screens would refuse them. */
static void drop_older(struct set *set, const struct figures_known *known)
{
    struct drafts *drafts = &set->drafts;

    for (size_t i = drafts->count; i-- > 0;) {
        const struct message *draft = drafts->items[i].message;
        const struct message *last = figures_known_find(known, draft->id,
                                                        draft->scope);
        if (!last || draft->figure.at_ms == TIMESTAMP_NONE ||
            draft->figure.at_ms >= figure_measured_ms(last))
            continue;
        char newest[TIMESTAMP_BYTES];
        struct problem problem = {.consequence = "it is not sent"};
        timestamp_format(figure_measured_ms(last),
                         clock_utc_offset_minutes(clock_wall_ms()), newest);
        problem_set(&problem, PROBLEM_STALE,
                    "%.64s: a newer value, of %s, was sent already", draft->id,
                    newest);
        drop_draft(set, i, &problem);
    }
}

/* The unit in which a live panel has the figure; NULL: it does not have it. */
static const char *unit_in(const struct known_panel *panel, const char *name)
{
    const struct message *message = panel->message;

    if (!known_panel_is_live(panel, clock_wall_ms()))
        return NULL;
    for (size_t i = 0; i < message->panel.figure_count; i++)
        if (strcmp(message->panel.figures[i].bind, name) == 0)
            return message->panel.figures[i].unit;
    return NULL;
}

/* A panel that has the figure in another unit, if none has it in this one. */
static const struct known_panel *find_refuser(const struct known_panels *panels,
                                              const struct message *draft)
{
    const struct known_panel *refuser = NULL;

    for (size_t i = 0; i < panels->count && draft->figure.unit[0]; i++) {
        const char *unit = unit_in(&panels->items[i], draft->id);
        if (unit && strcmp(unit, draft->figure.unit) == 0)
            return NULL;
        if (unit)
            refuser = &panels->items[i];
    }
    return refuser;
}

/* A value that no panel takes would only take the place of the last good one.
 */
static void drop_foreign(struct set *set, const struct known_panels *panels)
{
    for (size_t i = set->drafts.count; i-- > 0 && !set->options->force;) {
        const struct message *draft = set->drafts.items[i].message;
        const struct known_panel *refuser = find_refuser(panels, draft);
        struct problem problem = {.consequence = "it is not sent"};
        if (!refuser)
            continue;
        problem_set(&problem, PROBLEM_FIELD,
                    "%.64s: panel %.64s has it in %s, not in %s; --force sends "
                    "it all the same",
                    draft->id, refuser->message->id,
                    unit_in(refuser, draft->id), draft->figure.unit);
        drop_draft(set, i, &problem);
    }
}

static void send_drafts(struct set *set)
{
    struct figures_known known = {0};
    struct known_panels panels = {0};
    struct problem problem = {0};

    if (set->drafts.count == 0)
        return;
    /* An outbox that cannot be read is told by the sending. */
    if (figures_known_load(set->options, &known, &problem))
        drop_older(set, &known);
    if (set->options->org &&
        known_panels_load(set->options, NULL, &panels, &problem))
        drop_foreign(set, &panels);
    if (set->drafts.count > 0) {
        enum publish_exit code = dispatch_drafts(set->options, &set->drafts);
        if (code != PUBLISH_DONE)
            set->code = code;
    }
    figures_known_finish(&known);
    known_panels_finish(&panels);
    drafts_finish(&set->drafts);
    fflush(stdout);
}

static bool is_time(const char *word)
{
    int64_t ms;

    return timestamp_parse(word, &ms);
}

/* NAME=VALUE [UNIT] [TIME]; text is changed. */
static void take_line(struct set *set, char *text, const char *file, int number)
{
    struct problem problem = {.consequence = "the other lines are sent"};
    const char *unit = set->options->figure_unit;
    const char *at = set->at;
    char place[LINE_BYTES];
    char *rest = NULL;
    char *value = strtok_r(text, " \t\r", &rest);

    if (!value || value[0] == '#')
        return;
    snprintf(place, sizeof place, "%.300s:%d",
             strcmp(file, "-") == 0 ? "stdin" : file, number);
    for (char *word; (word = strtok_r(NULL, " \t\r", &rest));) {
        if (is_time(word))
            at = word;
        else
            unit = word;
    }
    if (!add_value(set, value, unit, at, place, &problem))
        tell_bad(set, place, &problem);
    if (set->drafts.count == NAMES_MAX)
        send_drafts(set);
}

struct lines {
    int fd;
    const char *file;
    char line[LINE_BYTES];
    size_t length;
    int number;
    bool skipping; /* the rest of a line that is too long */
};

static void end_line(struct set *set, struct lines *lines)
{
    struct problem problem = {.consequence = "the other lines are sent"};
    char place[LINE_BYTES];

    lines->number++;
    lines->line[lines->length] = '\0';
    if (lines->skipping || strlen(lines->line) != lines->length) {
        snprintf(place, sizeof place, "%.300s:%d", lines->file, lines->number);
        problem_set(&problem, PROBLEM_FIELD,
                    lines->skipping ? "a line of %d bytes or more"
                                    : "a NUL in a line",
                    LINE_BYTES);
        tell_bad(set, place, &problem);
    } else {
        take_line(set, lines->line, lines->file, lines->number);
    }
    lines->length = 0;
    lines->skipping = false;
}

static void take_bytes(struct set *set, struct lines *lines, const char *bytes,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == '\n')
            end_line(set, lines);
        else if (lines->length + 1 < sizeof lines->line)
            lines->line[lines->length++] = bytes[i];
        else
            lines->skipping = true;
    }
}

/* Until the end of the file. What a program writes is sent while it goes on. */
static bool read_lines(struct set *set, struct lines *lines,
                       struct problem *problem)
{
    int64_t send_ms = INT64_MAX;
    char bytes[4096];

    for (;;) {
        struct pollfd file = {.fd = lines->fd, .events = POLLIN};
        int64_t wait_ms = send_ms == INT64_MAX ? -1
                                               : send_ms - clock_monotonic_ms();
        int ready = wait_ms < 0 && send_ms != INT64_MAX
                        ? 0
                        : poll(&file, 1, (int)wait_ms);
        if (ready == 0) {
            send_drafts(set);
            send_ms = INT64_MAX;
            continue;
        }
        ssize_t count = read(lines->fd, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
        if (count == 0)
            break;
        take_bytes(set, lines, bytes, (size_t)count);
        if (set->drafts.count > 0 && send_ms == INT64_MAX)
            send_ms = clock_monotonic_ms() + TOGETHER_MS;
    }
    if (lines->length > 0 || lines->skipping)
        end_line(set, lines);
    send_drafts(set);
    return true;
}

static bool read_from(struct set *set, struct problem *problem)
{
    const char *file = set->options->figures_from;
    bool standard = strcmp(file, "-") == 0;
    struct lines lines = {.file = standard ? "stdin" : file,
                          .fd = standard ? STDIN_FILENO
                                         : open(file, O_RDONLY | O_CLOEXEC)};

    problem_set_place(problem, lines.file);
    if (lines.fd < 0)
        return problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
    bool read = read_lines(set, &lines, problem);
    if (!standard)
        close(lines.fd);
    return read;
}

static bool find_time(struct set *set, struct problem *problem)
{
    const char *at = set->options->figures_at;
    int64_t now_ms = clock_wall_ms();
    int64_t at_ms;

    if (!at)
        return true;
    if (!time_words_parse(at, now_ms, clock_utc_offset_minutes, &at_ms))
        return problem_set(problem, PROBLEM_FIELD, "--at '%.60s', expected %s",
                           at, tr(time_words_expected));
    /* 14:05 is the next one for time_words_parse. */
    if (at_ms > now_ms && at[0] >= '0' && at[0] <= '9' && strlen(at) <= 5)
        at_ms -= TIMESTAMP_DAY_MS;
    if (at_ms > now_ms)
        return problem_set(problem, PROBLEM_FIELD,
                           "--at '%.60s' is to come; a value is of a time that "
                           "has passed",
                           at);
    timestamp_format(at_ms, clock_utc_offset_minutes(at_ms), set->at_text);
    set->at = set->at_text;
    return true;
}

static bool take_operands(struct set *set, int count, char **operands)
{
    for (int i = 0; i < count; i++) {
        struct problem problem = {.consequence = "nothing was sent"};
        char *text = strdup(operands[i]);
        bool added = text ? add_value(set, text, set->options->figure_unit,
                                      set->at, operands[i], &problem)
                          : problem_set(&problem, PROBLEM_SYSTEM,
                                        "out of memory");
        free(text);
        if (!added)
            tell_bad(set, operands[i], &problem);
    }
    return !set->bad;
}

enum publish_exit figures_set_run(const struct options *options, int count,
                                  char **operands)
{
    struct set set = {.options = options, .code = PUBLISH_DONE};
    struct problem problem = {.consequence = "nothing was sent"};

    if (!send_options_check(options))
        return PUBLISH_USAGE;
    if ((count == 0) == (options->figures_from == NULL)) {
        tell_line("either NAME=VALUE or --from FILE is needed");
        return PUBLISH_USAGE;
    }
    if (!find_time(&set, &problem)) {
        tell_problem(&problem);
        return PUBLISH_USAGE;
    }
    if (options->figures_from && !read_from(&set, &problem)) {
        tell_problem(&problem);
        set.code = PUBLISH_OTHER;
    } else if (!options->figures_from && take_operands(&set, count, operands)) {
        send_drafts(&set);
    }
    drafts_finish(&set.drafts);
    return set.code == PUBLISH_DONE && set.bad ? PUBLISH_REFUSED : set.code;
}

static const char *state_word(enum outbox_state state)
{
    static const char *const words[] = {
        [OUTBOX_WAITING] = "unconfirmed",
        [OUTBOX_CONFIRMED] = "sent",
        [OUTBOX_REFUSED] = "refused",
        [OUTBOX_DROPPED] = "dropped",
    };

    return words[state];
}

/* The ids of the live panels that show it; the caller owns the list. */
static json_t *panels_of(const struct known_panels *panels, const char *name)
{
    json_t *ids = json_array();
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; i < panels->count; i++)
        if (known_panel_is_live(&panels->items[i], now_ms) &&
            figure_is_bound(panels->items[i].message, name))
            json_array_append_new(ids,
                                  json_string(panels->items[i].message->id));
    return ids;
}

static void print_row(const struct known_figure *figure, const json_t *ids)
{
    const struct message *message = figure->message;
    char value[DECIMAL_BYTES], at[TIMESTAMP_BYTES], panels[200] = "";
    int64_t at_ms = figure_measured_ms(message);
    size_t i, length = 0;
    json_t *id;

    decimal_format(message->figure.value, value);
    timestamp_format(at_ms, clock_utc_offset_minutes(at_ms), at);
    json_array_foreach(ids, i, id)
    {
        if (length < sizeof panels)
            length += (size_t)snprintf(panels + length, sizeof panels - length,
                                       "%s%s", i > 0 ? " " : "",
                                       json_string_value(id));
    }
    tell_result("%-28s %-20s %12s %-*s %-25s %-*s %s", message->id,
                message->scope, value, UTF8_FIELD(message->figure.unit, 8), at,
                UTF8_FIELD(tr(state_word(figure->state)), 11), panels);
}

static json_t *row_json(const struct known_figure *figure, json_t *ids)
{
    const struct message *message = figure->message;
    char at[TIMESTAMP_BYTES];
    int64_t at_ms = figure_measured_ms(message);

    timestamp_format(at_ms, clock_utc_offset_minutes(at_ms), at);
    json_t *row = json_pack(
        "{s:s, s:s, s:O, s:s, s:s, s:O}", "name", message->id, "scope",
        message->scope, "value",
        json_object_get(json_object_get(message->root, "figure"), "value"),
        "at", at, "state", state_word(figure->state), "panels", ids);
    if (message->figure.unit[0])
        json_object_set_new(row, "unit", json_string(message->figure.unit));
    return row;
}

static void print(const struct options *options,
                  const struct figures_known *known,
                  const struct known_panels *panels)
{
    json_t *rows = json_array();

    if (!options->json && known->count > 0)
        tell_result("%-*s %-*s %*s %-*s %-*s %-*s %s",
                    UTF8_FIELD(tr("NAME"), 28), UTF8_FIELD(tr("SCOPE"), 20),
                    UTF8_FIELD(tr("VALUE"), 12), UTF8_FIELD(tr("UNIT"), 8),
                    UTF8_FIELD(tr("AS OF"), 25), UTF8_FIELD(tr("STATE"), 11),
                    tr("PANELS"));
    for (size_t i = 0; i < known->count; i++) {
        json_t *ids = panels_of(panels, known->items[i].message->id);
        if (options->json)
            json_array_append_new(rows, row_json(&known->items[i], ids));
        else
            print_row(&known->items[i], ids);
        json_decref(ids);
    }
    if (options->json)
        tell_json(json_pack("{s:O}", "figures", rows));
    else if (known->count == 0)
        tell_line("no value was sent from here");
    json_decref(rows);
}

enum publish_exit figures_list_run(const struct options *options, int count,
                                   char **operands)
{
    struct figures_known known = {0};
    struct known_panels panels = {0};
    struct problem problem = {0};
    enum publish_exit code = PUBLISH_DONE;

    (void)count, (void)operands;
    if (!send_options_check_org(options))
        return PUBLISH_USAGE;
    if (figures_known_load(options, &known, &problem) &&
        known_panels_load(options, NULL, &panels, &problem)) {
        print(options, &known, &panels);
    } else {
        tell_problem(&problem);
        code = send_exit_code(&problem);
    }
    figures_known_finish(&known);
    known_panels_finish(&panels);
    return code;
}
