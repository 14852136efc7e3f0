/* screens, screens show: what screens say of themselves, against the inventory.
 */
#include "publisher/screens/screens.h"

#include "base/clock.h"
#include "base/escape.h"
#include "base/language.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "protocol/link/certificate_end.h"
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"
#include "publisher/screens/snapshot.h"
#include "publisher/send/send_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    DRAW_MS = 100, /* between two drawings of --watch */
    PLACE_COLUMNS = 24,
    ID_COLUMNS_MIN = 8,
    ID_COLUMNS_MAX = 32,
    SHOWING_COLUMNS = 28,
    ROW_BYTES = 900,
};

/* One look at all screens. */
struct view {
    const struct options *options;
    const struct roster *roster;
    int64_t now_ms;
    char area[SCOPE_BYTES], group[SCOPE_BYTES]; /* "": no such filter */
    size_t counts[ROSTER_CONDITIONS];           /* within area and group */
    size_t unlisted;                            /* of these */
    size_t ending;      /* of these: their certificates end soon */
    int64_t own_end_ms; /* of the operator's certificate; 0: none */
    int id_columns;
};

static bool make_scope(const char *kind, const char *value,
                       char out[SCOPE_BYTES], const char *expected)
{
    out[0] = '\0';
    if (!value)
        return true;
    int length = snprintf(out, SCOPE_BYTES, "%s-%s", kind, value);
    if (length > 0 && length < SCOPE_BYTES && scope_is_valid(out))
        return true;
    tell_line("--%s '%s': expected %s", kind, value, expected);
    return false;
}

static bool view_init(struct view *view, const struct options *options,
                      const struct roster *roster)
{
    struct certificate_end own = {.ms = 0};

    if (options->cert_file)
        certificate_end_read(options->cert_file, &own);
    *view = (struct view){
        .options = options, .roster = roster, .own_end_ms = own.ms};
    return make_scope("area", options->area_code, view->area,
                      tr("2, 4, 6, 9 or 12 digits")) &&
           make_scope("group", options->group, view->group, "a-z 0-9 . _ -");
}

static bool lies_within(const struct view *view,
                        const struct roster_screen *screen)
{
    return (!view->area[0] || roster_covers(screen, view->area)) &&
           (!view->group[0] || roster_covers(screen, view->group));
}

static bool is_down(enum roster_condition condition)
{
    return condition == ROSTER_OFFLINE || condition == ROSTER_SILENT;
}

/* Also by --down and --old; with both, either. */
static bool is_chosen(const struct view *view,
                      const struct roster_screen *screen)
{
    const struct options *options = view->options;
    enum roster_condition condition = roster_condition(screen, view->now_ms);

    if (!lies_within(view, screen))
        return false;
    return (!options->down && !options->old) ||
           (options->down && is_down(condition)) ||
           (options->old && condition == ROSTER_OLD);
}

/* Counts anew. */
static void look(struct view *view)
{
    view->now_ms = clock_wall_ms();
    memset(view->counts, 0, sizeof view->counts);
    view->unlisted = 0;
    view->ending = 0;
    view->id_columns = ID_COLUMNS_MIN;
    for (size_t i = 0; i < view->roster->count; i++) {
        const struct roster_screen *screen = &view->roster->screens[i];
        int columns = (int)strlen(screen->id);
        if (!lies_within(view, screen))
            continue;
        view->counts[roster_condition(screen, view->now_ms)]++;
        view->unlisted += view->roster->inventory && !screen->listed;
        view->ending += roster_certificate_ends(screen, view->now_ms);
        if (columns > view->id_columns && is_chosen(view, screen))
            view->id_columns = columns < ID_COLUMNS_MAX ? columns
                                                        : ID_COLUMNS_MAX;
    }
}

static enum publish_exit verdict(const struct view *view)
{
    if (view->counts[ROSTER_OLD] + view->counts[ROSTER_OFFLINE] +
            view->counts[ROSTER_SILENT] >
        0)
        return PUBLISH_FEW;
    return view->ending > 0 ||
                   certificate_ends_soon(view->own_end_ms, view->now_ms)
               ? PUBLISH_SOON
               : PUBLISH_DONE;
}

static void describe_all(const struct view *view, char *out, size_t size)
{
    size_t total = 0;

    for (int i = 0; i < ROSTER_CONDITIONS; i++)
        total += view->counts[i];
    int length = snprintf(
        out, size, tr("%zu screens: %zu up, %zu old, %zu offline, %zu silent"),
        total, view->counts[ROSTER_UP], view->counts[ROSTER_OLD],
        view->counts[ROSTER_OFFLINE], view->counts[ROSTER_SILENT]);
    if (view->unlisted > 0)
        length += snprintf(out + length, size - (size_t)length,
                           tr("; %zu not in the inventory"), view->unlisted);
    if (view->ending > 0)
        snprintf(out + length, size - (size_t)length,
                 tr("; certificates of %zu end"), view->ending);
}

/* Puts a cell of so many columns and two blanks behind it at the end of the
 * row; what is longer is cut. */
static void put_cell(char row[ROW_BYTES], const char *text, int columns)
{
    char clean[400];
    size_t used = strlen(row);

    escape_text(text, clean, sizeof clean);
    clean[utf8_fitting(clean, columns)] = '\0';
    snprintf(row + used, ROW_BYTES - used, "%-*s  ",
             UTF8_FIELD(clean, columns));
}

static void make_row(const struct view *view,
                     const struct roster_screen *screen, char row[ROW_BYTES])
{
    enum roster_condition condition = roster_condition(screen, view->now_ms);
    char notes[ROSTER_NOTES_BYTES];

    row[0] = '\0';
    roster_notes(screen, view->now_ms, notes);
    put_cell(row, screen->id, view->id_columns);
    put_cell(row, tr(roster_condition_name(condition)), 7);
    put_cell(row,
             screen->state && !is_down(condition) ? tr(screen->state->showing)
                                                  : "-",
             SHOWING_COLUMNS);
    put_cell(row, roster_place(screen), PLACE_COLUMNS);
    put_cell(row, roster_area(screen), 12);
    size_t used = strlen(row);
    bool unlisted = view->roster->inventory && !screen->listed;
    escape_text(notes, row + used, ROW_BYTES - used - 32);
    if (unlisted)
        snprintf(row + strlen(row), 32, tr("%snot in the inventory"),
                 notes[0] ? tr(", ") : "");
}

/* What to do for the screens whose certificates end. */
static void tell_renewal(const struct view *view)
{
    enum { NAMED = 20 };
    size_t named = 0;

    for (size_t i = 0; i < view->roster->count && named < NAMED; i++) {
        const struct roster_screen *screen = &view->roster->screens[i];
        if (!lies_within(view, screen) ||
            !roster_certificate_ends(screen, view->now_ms))
            continue;
        tell_line("%s: gaoshi-publish provision renew %s --town DIR makes a "
                  "new certificate",
                  screen->id, screen->id);
        named++;
    }
    if (view->ending > named)
        tell_line("and %zu more; --json names them", view->ending - named);
}

static void print_table(const struct view *view)
{
    char row[ROW_BYTES], text[200];

    for (size_t i = 0; i < view->roster->count; i++) {
        if (!is_chosen(view, &view->roster->screens[i]))
            continue;
        make_row(view, &view->roster->screens[i], row);
        language_print(stdout, "%s\n", row);
    }
    describe_all(view, text, sizeof text);
    tell_result("%s", text);
    tell_renewal(view);
}

/* As many rows as the terminal has, the worst first. */
static void draw(const struct view *view)
{
    struct winsize window = {.ws_row = 24, .ws_col = 80};
    char row[ROW_BYTES], text[200];
    int left;

    ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
    if (window.ws_row == 0 || window.ws_col == 0) /* a serial line */
        window = (struct winsize){.ws_row = 24, .ws_col = 80};
    left = window.ws_row > 2 ? window.ws_row - 2 : 1;
    describe_all(view, text, sizeof text);
    fputs("\033[H\033[J", stdout);
    language_print(stdout, "%s\n", text);
    for (int worst = ROSTER_CONDITIONS - 1; worst >= 0; worst--)
        for (size_t i = 0; i < view->roster->count && left > 0; i++) {
            const struct roster_screen *screen = &view->roster->screens[i];
            char cut[ROW_BYTES] = "";
            if (!is_chosen(view, screen) ||
                (int)roster_condition(screen, view->now_ms) != worst)
                continue;
            make_row(view, screen, row);
            put_cell(cut, row, window.ws_col > 4 ? window.ws_col - 3 : 77);
            language_print(stdout, "%s\n", cut);
            left--;
        }
    fflush(stdout);
}

static json_t *presence_object(const struct roster_screen *screen)
{
    const struct presence_said *said = &screen->presence;

    if (!screen->has_presence)
        return NULL;
    char *text = presence_format(said->presence, said->screen, said->version,
                                 said->run, said->at_ms);
    json_t *object = text ? json_loads(text, 0, NULL) : NULL;
    free(text);
    return object;
}

static json_t *state_object(const struct roster_screen *screen)
{
    char *text = screen->state ? screen_state_format(screen->state) : NULL;
    json_t *object = text ? json_loads(text, 0, NULL) : NULL;

    free(text);
    return object;
}

static json_t *screen_object(const struct view *view,
                             const struct roster_screen *screen)
{
    char notes[ROSTER_NOTES_BYTES];

    roster_notes(screen, view->now_ms, notes);
    return json_pack(
        "{s:s, s:s, s:b, s:s, s:s, s:s, s:s*, s:s, s:b, s:o*, s:o*}", "id",
        screen->id, "condition",
        roster_condition_name(roster_condition(screen, view->now_ms)),
        "in_inventory", screen->listed != NULL, "place", roster_place(screen),
        "area", roster_area(screen), "groups", roster_groups(screen), "notes",
        screen->listed ? screen->listed->notes : NULL, "trouble", notes,
        "certificate_ends", roster_certificate_ends(screen, view->now_ms),
        "presence", presence_object(screen), "state", state_object(screen));
}

static void print_json(const struct view *view)
{
    json_t *list = json_array();

    for (size_t i = 0; i < view->roster->count; i++)
        if (is_chosen(view, &view->roster->screens[i]))
            json_array_append_new(
                list, screen_object(view, &view->roster->screens[i]));
    tell_json(json_pack(
        "{s:o, s:i, s:i, s:i, s:i, s:i, s:i}", "screens", list, "up",
        (int)view->counts[ROSTER_UP], "old", (int)view->counts[ROSTER_OLD],
        "offline", (int)view->counts[ROSTER_OFFLINE], "silent",
        (int)view->counts[ROSTER_SILENT], "unlisted", (int)view->unlisted,
        "certificates_ending", (int)view->ending));
}

/* The text format of Prometheus: in a label's value these are escaped. */
static void print_label(const char *value)
{
    for (; *value; value++) {
        if (*value == '\\' || *value == '"')
            putchar('\\');
        putchar(*value);
    }
}

/* A number of each screen that has a state. */
struct metric {
    const char *name, *help;
    int64_t (*read)(const struct screen_state *state);
};

static int64_t read_alerts(const struct screen_state *state)
{
    return state->alerts;
}
static int64_t read_missing(const struct screen_state *state)
{
    return state->missing;
}
static int64_t read_pictures(const struct screen_state *state)
{
    return state->pictures_missing + state->pictures_spoilt;
}
static int64_t read_frozen(const struct screen_state *state)
{
    return state->frozen;
}
static int64_t read_clock(const struct screen_state *state)
{
    return state->clock_trusted;
}
static int64_t read_store(const struct screen_state *state)
{
    return state->store_ok;
}
static int64_t read_covered(const struct screen_state *state)
{
    return state->glass == NULL;
}
static int64_t read_memory(const struct screen_state *state)
{
    return state->resident_bytes;
}
static int64_t read_disk(const struct screen_state *state)
{
    return state->disk_free_bytes;
}
static int64_t read_temperature(const struct screen_state *state)
{
    return state->temperature_c;
}
static int64_t read_late(const struct screen_state *state)
{
    return state->frames_late;
}
static int64_t read_certificate(const struct screen_state *state)
{
    return state->certificate_until_ms / 1000;
}
static int64_t read_time(const struct screen_state *state)
{
    return state->at_ms == TIMESTAMP_NONE ? 0 : state->at_ms / 1000;
}

static const struct metric metrics[] = {
    {"alerts", "Live alerts.", read_alerts},
    {"missing", "Messages that are live and not here.", read_missing},
    {"pictures_missing", "Pictures of panels that are not shown.",
     read_pictures},
    {"frozen", "A promised tick did not come.", read_frozen},
    {"clock_trusted", "The clock is believed.", read_clock},
    {"store_ok", "What was accepted outlives a restart.", read_store},
    {"glass_covered", "All of the glass shows the picture.", read_covered},
    {"resident_bytes", "Memory of the program.", read_memory},
    {"disk_free_bytes", "Free where the store lies; 0: not told.", read_disk},
    {"temperature_celsius", "The hottest sensor; 0: not told.",
     read_temperature},
    {"frames_late_total", "Frames that were due and left out.", read_late},
    {"certificate_end_timestamp_seconds",
     "When its certificate for the broker ends; 0: none.", read_certificate},
    {"state_timestamp_seconds", "When it last told its state; 0: no clock.",
     read_time},
};

static void print_prometheus(const struct view *view)
{
    puts("# HELP gaoshi_screens Screens by condition.\n"
         "# TYPE gaoshi_screens gauge");
    for (int i = 0; i < ROSTER_CONDITIONS; i++)
        printf("gaoshi_screens{condition=\"%s\"} %zu\n",
               roster_condition_name((enum roster_condition)i),
               view->counts[i]);
    printf("# HELP gaoshi_screens_unlisted Screens in no inventory.\n"
           "# TYPE gaoshi_screens_unlisted gauge\n"
           "gaoshi_screens_unlisted %zu\n"
           "# HELP gaoshi_certificate_end_timestamp_seconds When the "
           "operator's own certificate ends; 0: none.\n"
           "# TYPE gaoshi_certificate_end_timestamp_seconds gauge\n"
           "gaoshi_certificate_end_timestamp_seconds %" PRId64 "\n"
           "# HELP gaoshi_screen_up The screen is up.\n"
           "# TYPE gaoshi_screen_up gauge\n",
           view->unlisted, view->own_end_ms / 1000);
    for (size_t i = 0; i < view->roster->count; i++) {
        const struct roster_screen *screen = &view->roster->screens[i];
        if (!is_chosen(view, screen))
            continue;
        printf("gaoshi_screen_up{screen=\"%s\",area=\"", screen->id);
        print_label(roster_area(screen));
        fputs("\",place=\"", stdout);
        print_label(roster_place(screen));
        printf("\"} %d\n", roster_condition(screen, view->now_ms) == ROSTER_UP);
    }
    for (size_t m = 0; m < sizeof metrics / sizeof metrics[0]; m++) {
        printf("# HELP gaoshi_screen_%s %s\n# TYPE gaoshi_screen_%s gauge\n",
               metrics[m].name, metrics[m].help, metrics[m].name);
        for (size_t i = 0; i < view->roster->count; i++) {
            const struct roster_screen *screen = &view->roster->screens[i];
            if (is_chosen(view, screen) && screen->state)
                printf("gaoshi_screen_%s{screen=\"%s\"} %" PRId64 "\n",
                       metrics[m].name, screen->id,
                       metrics[m].read(screen->state));
        }
    }
}

/* Without a terminal: a line, or an object, for each screen that changed. */
static void tell_changes(struct snapshot *snapshot, const struct view *view)
{
    char row[ROW_BYTES];

    for (size_t i = 0; i < snapshot->roster.count; i++) {
        const struct roster_screen *screen = &snapshot->roster.screens[i];
        bool news = snapshot->news[i];
        snapshot->news[i] = 0;
        if (!news || !is_chosen(view, screen))
            continue;
        if (view->options->json) {
            tell_json(screen_object(view, screen));
            continue;
        }
        make_row(view, screen, row);
        language_print(stdout, "%s\n", row);
    }
    fflush(stdout);
}

static void watch(struct snapshot *snapshot, struct view *view, int signal_fd)
{
    enum { IDLE_MS = 10000 }; /* states grow old without news */
    bool terminal = isatty(STDOUT_FILENO) && !view->options->json;
    bool going = true;

    while (going) {
        int64_t now_ms = clock_monotonic_ms();
        look(view);
        if (terminal)
            draw(view);
        else
            tell_changes(snapshot, view);
        snapshot->any_news = false;
        going = snapshot_follow(snapshot, signal_fd, now_ms + DRAW_MS);
        if (going && !snapshot->any_news)
            going = snapshot_follow(snapshot, signal_fd,
                                    snapshot->any_news ? 0 : now_ms + IDLE_MS);
    }
}

static void print(struct view *view)
{
    look(view);
    if (view->options->json)
        print_json(view);
    else if (view->options->prometheus)
        print_prometheus(view);
    else
        print_table(view);
}

static bool check(const struct options *options)
{
    if (options->prometheus && (options->json || options->watch)) {
        tell_line("--prometheus goes with neither --json nor --watch");
        return false;
    }
    if (!options->org || options->brokers.count == 0) {
        tell_line("%s is missing; give it, or set it in the configuration",
                  options->org ? "--broker" : "--org");
        return false;
    }
    return true;
}

static enum publish_exit fail(const struct problem *problem)
{
    tell_problem(problem);
    return session_exit(problem);
}

static enum publish_exit run(const struct options *options,
                             struct snapshot *snapshot, struct view *view)
{
    int signal_fd = options->watch ? command_open_signals() : -1;
    struct problem problem = {.consequence = "no screen was asked"};
    enum publish_exit code = PUBLISH_DONE;

    if (!snapshot_open(snapshot, options, false, &problem))
        code = fail(&problem);
    else if (!snapshot_collect(snapshot))
        code = session_explain(options) ? PUBLISH_KEY : PUBLISH_UNCONFIRMED;
    else if (options->watch)
        watch(snapshot, view, signal_fd);
    else
        print(view);
    if (code == PUBLISH_DONE && !options->watch)
        code = verdict(view);
    if (signal_fd >= 0)
        close(signal_fd);
    return code;
}

enum publish_exit screens_run(const struct options *options, int count,
                              char **operands)
{
    struct snapshot snapshot = {.session = NULL};
    struct view view;

    (void)count, (void)operands;
    if (!view_init(&view, options, &snapshot.roster) || !check(options))
        return PUBLISH_USAGE;
    enum publish_exit code = run(options, &snapshot, &view);
    snapshot_close(&snapshot);
    return code;
}

enum { NAME_COLUMNS = 16 };

static void show_text(const char *name, const char *text)
{
    if (text && text[0])
        tell_result("%-*s %s", UTF8_FIELD(tr(name), NAME_COLUMNS), text);
}

static void show_number(const char *name, int64_t number, const char *unit)
{
    if (number != 0)
        tell_result("%-*s %" PRId64 "%s", UTF8_FIELD(tr(name), NAME_COLUMNS),
                    number, unit);
}

static void show_time(const char *name, int64_t ms)
{
    char text[TIMESTAMP_BYTES];

    if (ms == TIMESTAMP_NONE || ms == 0)
        return;
    timestamp_format(ms, clock_utc_offset_minutes(ms), text);
    tell_result("%-*s %s", UTF8_FIELD(tr(name), NAME_COLUMNS), text);
}

static void show_alerts(const char *name, const struct screen_alert *alerts,
                        size_t count)
{
    char time[CLOCK_MINUTE_BYTES];

    for (size_t i = 0; i < count; i++) {
        clock_format_minute(alerts[i].at_ms, time);
        tell_result("%-*s %s seq %" PRId64 "%s%s",
                    UTF8_FIELD(tr(name), NAME_COLUMNS), alerts[i].id,
                    alerts[i].seq,
                    alerts[i].at_ms == TIMESTAMP_NONE ? "" : tr(" since "),
                    alerts[i].at_ms == TIMESTAMP_NONE ? "" : time);
    }
}

static void show_state(const struct screen_state *state)
{
    enum { MIB = 1024 * 1024 };

    show_text("showing", state->showing ? tr(state->showing) : NULL);
    show_time("since", state->since_ms);
    show_time("until", state->until_ms);
    show_text("glass", state->glass);
    show_text("light", state->light);
    tell_result("%-*s %d panels, %d alerts",
                UTF8_FIELD(tr("live"), NAME_COLUMNS), state->panels,
                state->alerts);
    show_number("waiting", state->waiting, tr(" panels, for a trusted clock"));
    show_alerts("live alert", state->live, state->live_count);
    show_alerts("shown alert", state->shown, state->shown_count);
    show_number("missing", state->missing, "");
    show_number("pictures missing", state->pictures_missing, "");
    show_number("pictures spoilt", state->pictures_spoilt, "");
    show_text("frozen",
              state->frozen ? tr("a promised tick did not come") : "");
    show_time("last news", state->news_ms);
    show_time("last tick", state->tick_ms);
    show_number("key list", state->keys_seq, "");
    show_text("clock",
              state->clock_trusted ? tr("trusted") : tr(state->clock_reason));
    show_text("store", state->store_ok ? tr("good") : tr("not kept"));
    show_text("line", state->line_problem);
    show_text("safe mode", state->safe_mode ? tr("yes: words only") : "");
    show_text("system", state->system);
    show_number("up for", state->uptime_s, " s");
    show_number("memory", state->resident_bytes / MIB, " MiB");
    show_number("memory free", state->memory_free_bytes / MIB, " MiB");
    show_number("disk free", state->disk_free_bytes / MIB, " MiB");
    show_number("temperature", state->temperature_c, " °C");
    show_text("slowed down", state->throttled);
    if (state->certificate_until_ms != 0)
        show_time("certificate to", state->certificate_until_ms);
    tell_result("%-*s %" PRId64 ", %" PRId64 " left out",
                UTF8_FIELD(tr("frames"), NAME_COLUMNS), state->frames,
                state->frames_late);
    show_text("last error", state->last_error);
    show_time("at", state->last_error_ms);
    show_time("told", state->at_ms);
}

static void show(const struct roster_screen *screen)
{
    enum roster_condition condition = roster_condition(screen, clock_wall_ms());
    char notes[ROSTER_NOTES_BYTES];

    show_text("screen", screen->id);
    show_text("condition", tr(roster_condition_name(condition)));
    show_text("place", roster_place(screen));
    show_text("area", roster_area(screen));
    show_text("groups", roster_groups(screen));
    show_text("notes", screen->listed ? screen->listed->notes : "");
    roster_notes(screen, clock_wall_ms(), notes);
    show_text("trouble", notes);
    if (screen->has_presence)
        show_text("version", screen->presence.version);
    if (screen->state)
        show_state(screen->state);
}

enum publish_exit screens_show_run(const struct options *options, int count,
                                   char **operands)
{
    struct snapshot snapshot = {.session = NULL};
    struct problem problem = {.consequence = "no screen was asked"};
    enum publish_exit code = PUBLISH_DONE;
    const char *id = operands[0];
    struct view view;

    (void)count;
    if (!check(options) || !view_init(&view, options, &snapshot.roster))
        return PUBLISH_USAGE;
    if (!snapshot_open(&snapshot, options, false, &problem))
        code = fail(&problem);
    else if (!snapshot_collect(&snapshot))
        code = session_explain(options) ? PUBLISH_KEY : PUBLISH_UNCONFIRMED;
    int number = code == PUBLISH_DONE ? roster_find(&snapshot.roster, id) : -1;
    view.now_ms = clock_wall_ms();
    if (code == PUBLISH_DONE && number < 0) {
        tell_line("'%s': no inventory lists it, and it never said anything",
                  id);
        code = PUBLISH_REFUSED;
    } else if (number >= 0) {
        const struct roster_screen *screen = &snapshot.roster.screens[number];
        if (options->json)
            tell_json(screen_object(&view, screen));
        else
            show(screen);
        if (roster_condition(screen, view.now_ms) != ROSTER_UP)
            code = PUBLISH_FEW;
        else if (roster_certificate_ends(screen, view.now_ms))
            code = PUBLISH_SOON;
    }
    snapshot_close(&snapshot);
    return code;
}
