/* programme show: what would run when on one screen or in an area, computed by
 * the display's program from the panels that the outbox knows. */
#include "base/clock.h"
#include "base/files.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "protocol/scope.h"
#include "publisher/cli/tell.h"
#include "publisher/cli/time_words.h"
#include "publisher/fleet/inventory_file.h"
#include "publisher/panel/panel.h"
#include "publisher/panel/panel_known.h"
#include "publisher/panel/schedule_words.h"
#include "publisher/send/compose.h"
#include "publisher/send/display_output.h"
#include "publisher/send/figures_known.h"
#include "publisher/send/picture_files.h"
#include "publisher/send/send_options.h"

#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TIME_BYTES = 6,
    DATE_BYTES = TIMESTAMP_DATE_BYTES,
    YEAR_CHARACTERS = 4,
};

struct show {
    const struct options *options;
    struct inventory inventory;
    const char *screen, *area, *groups; /* "": none */
    char date[DATE_BYTES];
    char from[SCHEDULE_TIME_BYTES], to[SCHEDULE_TIME_BYTES];
    struct known_panels known;
    struct figures_known figures;
    char folder[32]; /* of the bodies; "": not made */
    char pictures[48];
    const char **files;
    size_t file_count;
    json_t *answer;
};

static bool find_screen(struct show *show, struct problem *problem)
{
    const struct options *options = show->options;
    const struct inventory_screen *screen = NULL;

    show->screen = options->screen ? options->screen : "";
    show->area = options->area_code ? options->area_code : "";
    show->groups = "";
    if (!options->screen)
        return true;
    if (options->inventory_file) {
        if (!inventory_load(options->inventory_file, &show->inventory, problem))
            return false;
        screen = inventory_find(&show->inventory, options->screen);
    }
    if (!screen) {
        tell_line("%s is in no inventory: only what goes to all screens and to "
                  "this one alone is told (--inventory FILE)",
                  options->screen);
        return true;
    }
    show->area = screen->area;
    show->groups = screen->groups;
    return true;
}

/* Of an area: what goes to it as a whole, or to an area around it. */
static bool covers(const struct show *show, const char *scope)
{
    char code[SCOPE_BYTES];

    if (show->screen[0])
        return inventory_texts_cover(show->screen, show->area, show->groups,
                                     scope);
    snprintf(code, sizeof code, "area-%s", show->area);
    return scope_contains(scope, code);
}

static bool is_of_place(const struct show *show,
                        const struct known_panel *panel)
{
    return known_panel_is_live(panel, TIMESTAMP_NONE) &&
           covers(show, panel->scope);
}

static bool write_body(struct show *show, const struct message *message,
                       struct problem *problem)
{
    char *body = compose_print(message->root);
    char *file = NULL;
    bool written = body &&
                   asprintf(&file, "%s/%zu.json", show->folder,
                            show->file_count) >= 0 &&
                   file_create(file, 0600, body, problem);

    free(body);
    if (!written) {
        free(file);
        return problem->code != PROBLEM_NONE
                   ? false
                   : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    }
    show->files[show->file_count++] = file;
    return true;
}

static bool write_bodies(struct show *show, struct problem *problem)
{
    static const char pattern[] = "/tmp/gaoshi-programme-XXXXXX";

    if (!known_panels_load(show->options, NULL, &show->known, problem) ||
        !figures_known_load(show->options, &show->figures, problem))
        return false;
    show->files = calloc(show->known.count + show->figures.count + 1,
                         sizeof *show->files);
    memcpy(show->folder, pattern, sizeof pattern);
    if (!show->files || !mkdtemp(show->folder)) {
        show->folder[0] = '\0';
        return problem_set(problem, PROBLEM_SYSTEM, "/tmp: %s",
                           tr_error(errno));
    }
    snprintf(show->pictures, sizeof show->pictures, "%s/pictures",
             show->folder);
    for (size_t i = 0; i < show->known.count; i++) {
        const struct known_panel *panel = &show->known.items[i];
        if (is_of_place(show, panel) &&
            !write_body(show, panel->message, problem))
            return false;
    }
    for (size_t i = 0; i < show->figures.count; i++) {
        const struct message *figure = show->figures.items[i].message;
        if (covers(show, figure->scope) && !write_body(show, figure, problem))
            return false;
    }
    return true;
}

static size_t put_option(const char **words, size_t count, const char *name,
                         const char *value)
{
    if (!value)
        return count;
    words[count] = name;
    words[count + 1] = value;
    return count + 2;
}

static bool ask(struct show *show, struct problem *problem)
{
    enum { FLAGS_MAX = 32 };
    const struct options *options = show->options;
    const char **words = calloc(FLAGS_MAX + show->file_count, sizeof *words);
    size_t count = 0;

    if (!words)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    words[count++] = "gaoshi-display";
    words[count++] = "programme";
    count = put_option(words, count, "--on", show->date);
    count = put_option(words, count, "--from", show->from);
    count = put_option(words, count, "--to", show->to);
    count = put_option(words, count, "--zone", options->zone);
    count = put_option(words, count, "--size", options->preview_size);
    count = put_option(words, count, "--config", options->preview_config);
    count = put_option(words, count, "--data", options->data);
    count = put_option(words, count, "--sheet", options->sheet_file);
    count = put_option(words, count, "--pictures", show->pictures);
    memcpy(words + count, show->files, show->file_count * sizeof *words);
    char *text = display_output(words, problem);
    free(words);
    if (!text)
        return false;
    show->answer = json_loads(text, 0, NULL);
    free(text);
    return show->answer ||
           problem_set(problem, PROBLEM_SYSTEM,
                       "«gaoshi-display programme» printed no JSON");
}

/* 07:30 of a time in the answer. */
static const char *clock_of(const json_t *object, const char *name,
                            char out[TIME_BYTES])
{
    const char *time = json_string_value(json_object_get(object, name));

    snprintf(out, TIME_BYTES, "%.5s",
             time && strlen(time) > 16 ? time + 11 : "");
    return out;
}

/* The same of an end: that of the day is 24:00. */
static const char *end_of(const json_t *object, char out[TIME_BYTES])
{
    clock_of(object, "until", out);
    if (strcmp(out, "00:00") == 0)
        memcpy(out, "24:00", TIME_BYTES);
    return out;
}

static int64_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* «1:04:30», «4:30». */
static void span_words(int64_t ms, char out[32])
{
    long long s = (long long)ms / 1000;

    if (s >= 3600)
        snprintf(out, 32, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, 32, "%lld:%02lld", s / 60, s % 60);
}

static json_t *spans_of(const struct show *show)
{
    return json_object_get(show->answer, "spans");
}

/* Joins spans with the same panels: the display begins a new one at each hour
 * at which a panel might have changed. */
static void join_spans(struct show *show)
{
    json_t *spans = spans_of(show);

    for (size_t i = json_array_size(spans); i-- > 1;) {
        json_t *span = json_array_get(spans, i);
        json_t *before = json_array_get(spans, i - 1);
        if (!json_equal(json_object_get(span, "panels"),
                        json_object_get(before, "panels")))
            continue;
        json_object_set(before, "until", json_object_get(span, "until"));
        json_object_set_new(
            before, "ms",
            json_integer(number_of(before, "ms") + number_of(span, "ms")));
        json_array_remove(spans, i);
    }
}

/* How often a panel comes and for how long, in «times» and «shown_ms». */
static void count_pages(struct show *show)
{
    json_t *totals = json_array();
    size_t i;
    json_t *page;

    for (size_t k = 0; k < show->known.count; k++) {
        const struct known_panel *panel = &show->known.items[k];
        if (is_of_place(show, panel))
            json_array_append_new(
                totals, json_pack("{s:s, s:s, s:s, s:i, s:i}", "id",
                                  panel->message->id, "scope", panel->scope,
                                  "title", panel->message->panel.title, "times",
                                  0, "shown_ms", 0));
    }
    json_array_foreach(json_object_get(show->answer, "pages"), i, page)
    {
        size_t k;
        json_t *total;
        json_array_foreach(totals, k, total)
        {
            if (!json_equal(json_object_get(total, "id"),
                            json_object_get(page, "id")) ||
                !json_equal(json_object_get(total, "scope"),
                            json_object_get(page, "scope")))
                continue;
            if (number_of(page, "page") == 1)
                json_object_set_new(
                    total, "times",
                    json_integer(number_of(total, "times") + 1));
            if (!json_object_get(total, "first"))
                json_object_set(total, "first", json_object_get(page, "from"));
            json_object_set_new(total, "shown_ms",
                                json_integer(number_of(total, "shown_ms") +
                                             number_of(page, "ms")));
        }
    }
    json_object_set_new(show->answer, "panels", totals);
}

static void warn(struct show *show, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void warn(struct show *show, const char *format, ...)
{
    json_t *warnings = json_object_get(show->answer, "warnings");
    char text[400];
    va_list arguments;

    va_start(arguments, format);
    tr_format(text, sizeof text, format, arguments);
    va_end(arguments);
    json_array_append_new(warnings, json_string(text));
    tell_line("warning: %s", text);
}

static void warn_of_spans(struct show *show)
{
    size_t i;
    json_t *span;

    json_array_foreach(spans_of(show), i, span)
    {
        char from[TIME_BYTES], until[TIME_BYTES], round[32], lasts[32];
        size_t panels = json_array_size(json_object_get(span, "panels"));
        clock_of(span, "from", from);
        end_of(span, until);
        span_words(number_of(span, "round_ms"), round);
        span_words(number_of(span, "ms"), lasts);
        if (panels == 0)
            warn(show, "%s to %s: nothing to show", from, until);
        else if (number_of(span, "round_ms") > number_of(span, "ms"))
            warn(show,
                 "%s to %s: a round of %zu panels takes %s, but this time "
                 "lasts %s: not all of it comes",
                 from, until, panels, round, lasts);
    }
}

static void warn_of_panels(struct show *show)
{
    size_t i;
    json_t *total;

    json_array_foreach(json_object_get(show->answer, "panels"), i, total)
    {
        if (number_of(total, "shown_ms") == 0)
            warn(show, "%s (%s) never comes in this time",
                 json_string_value(json_object_get(total, "id")),
                 json_string_value(json_object_get(total, "scope")));
    }
}

/* Days that no table has follow the week. A notice names the days of a year. */
static bool names_day_kinds(const struct show *show)
{
    for (size_t i = 0; i < show->known.count; i++)
        if (is_of_place(show, &show->known.items[i]) &&
            show->known.items[i].message->panel.schedule.times.day_kinds)
            return true;
    return false;
}

static void warn_of_holidays(struct show *show)
{
    const char *last =
        json_string_value(json_object_get(show->answer, "holidays_until"));

    if (!names_day_kinds(show))
        return;
    if (!last)
        warn(show, "there is no table of holidays: all days count by the week "
                   "alone");
    else if (strncmp(last, show->date, YEAR_CHARACTERS) < 0)
        warn(show,
             "the tables of holidays end with %.4s: days of %.4s count by the "
             "week alone",
             last, show->date);
}

static void warn_all(struct show *show)
{
    json_object_set_new(show->answer, "warnings", json_array());
    warn_of_spans(show);
    warn_of_panels(show);
    warn_of_holidays(show);
}

static void print_span(const json_t *span)
{
    char from[TIME_BYTES], until[TIME_BYTES], round[32];
    const json_t *panels = json_object_get(span, "panels");

    span_words(number_of(span, "round_ms"), round);
    tell_result("%s-%s  %3zu panels, a round of %s",
                clock_of(span, "from", from), end_of(span, until),
                json_array_size(panels), round);
    for (size_t i = 0; i < json_array_size(panels); i++) {
        const json_t *panel = json_array_get(panels, i);
        const char *group = json_string_value(json_object_get(panel, "group"));
        char weight[16] = "";
        if (number_of(panel, "weight") > 1)
            snprintf(weight, sizeof weight, tr(", weight %d"),
                     (int)number_of(panel, "weight"));
        tell_result("             %s%s%s%s",
                    json_string_value(json_object_get(panel, "id")),
                    strcmp(group, "ordinary") != 0 ? ", " : "",
                    strcmp(group, "ordinary") != 0 ? tr(group) : "", weight);
    }
}

static void print_table(const struct show *show)
{
    size_t i;
    json_t *span, *total;

    tell_result("%s %s on %s", show->screen[0] ? tr("screen") : tr("area"),
                show->screen[0] ? show->screen : show->area, show->date);
    json_array_foreach(spans_of(show), i, span) print_span(span);
    tell_result("%-*s %-*s %*s %*s %-*s %s", UTF8_FIELD(tr("PANEL"), 28),
                UTF8_FIELD(tr("SCOPE"), 20), UTF8_FIELD(tr("TIMES"), 6),
                UTF8_FIELD(tr("SHOWN"), 9), UTF8_FIELD(tr("FIRST"), 6),
                tr("TITLE"));
    json_array_foreach(json_object_get(show->answer, "panels"), i, total)
    {
        char shown[32], first[TIME_BYTES];
        span_words(number_of(total, "shown_ms"), shown);
        tell_result("%-28s %-20s %6lld %*s %-6s %s",
                    json_string_value(json_object_get(total, "id")),
                    json_string_value(json_object_get(total, "scope")),
                    (long long)number_of(total, "times"), UTF8_FIELD(shown, 9),
                    clock_of(total, "first", first),
                    json_string_value(json_object_get(total, "title")));
    }
}

static int remove_entry(const char *path, const struct stat *status, int kind,
                        struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(path);
}

static void finish(struct show *show)
{
    enum { HANDLES = 4 };

    if (show->folder[0])
        nftw(show->folder, remove_entry, HANDLES, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < show->file_count; i++)
        free((char *)(uintptr_t)show->files[i]);
    free(show->files);
    known_panels_finish(&show->known);
    figures_known_finish(&show->figures);
    inventory_finish(&show->inventory);
    json_decref(show->answer);
}

static bool find_day(const struct options *options, struct show *show)
{
    int64_t now_ms = clock_wall_ms(), ms = now_ms;

    if (options->day &&
        !time_words_parse_as(options->day, TIME_WORDS_DATE, now_ms,
                             clock_utc_offset_minutes, &ms)) {
        tell_line("--on '%s', expected a date such as 2026-10-01, 明天 or "
                  "tomorrow",
                  options->day);
        return false;
    }
    ms += clock_utc_offset_minutes(ms) * INT64_C(60000);
    timestamp_format_date((int)(ms / TIMESTAMP_DAY_MS), show->date);
    return true;
}

/* The display checks that there is such a time. */
static bool find_time(const char *flag, const char *given,
                      const char *otherwise, char out[SCHEDULE_TIME_BYTES])
{
    if (schedule_words_time(given ? given : otherwise, out))
        return true;
    tell_line("%s '%s', expected a time such as 07:00", flag, given);
    return false;
}

static bool check(const struct options *options, struct show *show)
{
    char scope[SCOPE_BYTES];

    if (!send_options_check_org(options))
        return false;
    if (!options->screen == !options->area_code) {
        tell_line("either --screen ID or --area CODE is needed");
        return false;
    }
    snprintf(scope, sizeof scope, "area-%.60s",
             options->area_code ? options->area_code : "41");
    if (!scope_is_valid(scope) ||
        (options->screen && !identifier_is_valid(options->screen))) {
        tell_line("%s: no screen and no area code",
                  options->screen ? options->screen : options->area_code);
        return false;
    }
    return find_day(options, show) &&
           find_time("--from", options->day_from, "00:00", show->from) &&
           find_time("--to", options->day_to, "24:00", show->to);
}

enum publish_exit programme_show_run(const struct options *options, int count,
                                     char **operands)
{
    struct show show = {.options = options};
    struct problem problem = {0};
    enum publish_exit code = PUBLISH_DONE;

    (void)count, (void)operands;
    if (!check(options, &show))
        return PUBLISH_USAGE;
    if (find_screen(&show, &problem) && write_bodies(&show, &problem) &&
        picture_files_write_kept(options, show.pictures, &problem) &&
        ask(&show, &problem)) {
        join_spans(&show);
        count_pages(&show);
        warn_all(&show);
        if (options->json)
            tell_json(json_incref(show.answer));
        else
            print_table(&show);
    } else {
        tell_problem(&problem);
        code = send_exit_code(&problem);
    }
    finish(&show);
    return code;
}
