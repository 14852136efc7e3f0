/* Reads panels from the outbox, lists them and prints one. */
#include "publisher/panel/panel_known.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "protocol/envelope.h"
#include "publisher/cli/tell.h"
#include "publisher/panel/panel.h"
#include "publisher/send/compose.h"
#include "publisher/send/figures_known.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

struct loading {
    const struct options *options;
    const char *id;
    struct known_panels *out;
    bool no_memory;
};

static bool put(struct loading *loading, const struct topic *topic,
                struct message *message, enum outbox_state state)
{
    struct known_panels *known = loading->out;
    struct known_panel *items = realloc(known->items,
                                        (known->count + 1) * sizeof *items);

    if (!items) {
        message_destroy(message);
        loading->no_memory = true;
        return false;
    }
    known->items = items;
    items[known->count] = (struct known_panel){.message = message,
                                               .state = state};
    memcpy(items[known->count++].scope, topic->scope, SCOPE_BYTES);
    return true;
}

static bool add(void *context, const struct outbox_message *row)
{
    struct loading *loading = context;
    struct message *message = NULL;
    struct topic topic;

    if (strcmp(row->org, loading->options->org) != 0 ||
        !topic_parse(row->topic, &topic) || topic.kind != TOPIC_PANEL ||
        (loading->id && strcmp(topic.id, loading->id) != 0) ||
        (option_is_typed(loading->options, "scope") &&
         strcmp(topic.scope, loading->options->scope) != 0) ||
        row->bytes < ENVELOPE_LINE_BYTES ||
        !message_parse(row->payload + ENVELOPE_LINE_BYTES,
                       row->bytes - ENVELOPE_LINE_BYTES, MESSAGE_RECEIVED,
                       row->topic, &message, NULL))
        return true;
    return put(loading, &topic, message, row->state);
}

static int compare(const void *left, const void *right)
{
    const struct known_panel *a = left, *b = right;
    int order = strcmp(a->message->id, b->message->id);

    return order != 0 ? order : strcmp(a->scope, b->scope);
}

bool known_panels_load(const struct options *options, const char *id,
                       struct known_panels *out, struct problem *problem)
{
    struct loading loading = {options, id, out, false};
    struct outbox *outbox = NULL;

    if (!send_options_open_reading(options, &outbox, problem))
        return false;
    bool good = !outbox || outbox_each(outbox, add, &loading, problem);
    if (loading.no_memory)
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    outbox_close(outbox);
    if (good && out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, compare);
    return good;
}

void known_panels_finish(struct known_panels *known)
{
    for (size_t i = 0; i < known->count; i++)
        message_destroy(known->items[i].message);
    free(known->items);
    *known = (struct known_panels){0};
}

static bool is_over(const struct message *message, int64_t now_ms)
{
    return message->expires_ms != TIMESTAMP_NONE &&
           message->expires_ms <= now_ms;
}

bool known_panel_is_live(const struct known_panel *panel, int64_t now_ms)
{
    return panel->message->kind == MESSAGE_PANEL &&
           panel->state != OUTBOX_REFUSED && panel->state != OUTBOX_DROPPED &&
           !is_over(panel->message, now_ms);
}

const char *known_panel_status(const struct known_panel *panel, int64_t now_ms)
{
    if (panel->message->kind != MESSAGE_PANEL)
        return N_("removed");
    if (panel->state == OUTBOX_REFUSED || panel->state == OUTBOX_DROPPED)
        return panel->state == OUTBOX_REFUSED ? N_("refused") : N_("dropped");
    if (is_over(panel->message, now_ms))
        return N_("expired");
    if (panel->message->effective_ms > now_ms)
        return N_("waits");
    return panel->state == OUTBOX_WAITING ? N_("unconfirmed") : N_("live");
}

/* The schedule as the panel has it, on one line; "" without one. The caller
 * frees it. */
static char *schedule_words(const struct message *message)
{
    json_t *schedule = json_object_get(json_object_get(message->root, "panel"),
                                       "schedule");
    char *text = schedule ? json_dumps(schedule, JSON_COMPACT) : strdup("");

    return text;
}

static void print_row(const struct known_panel *panel, int64_t now_ms)
{
    const struct message *message = panel->message;
    bool is_panel = message->kind == MESSAGE_PANEL;
    char until[CLOCK_MINUTE_BYTES] = "-";
    char *schedule = schedule_words(message);

    if (message->expires_ms != TIMESTAMP_NONE)
        clock_format_minute(message->expires_ms, until);
    const char *template =
        is_panel ? tr(panel_template_name(message->panel.template)) : "-";
    const char *section = is_panel
                              ? tr(panel_section_name(message->panel.section))
                              : "-";
    const char *title = is_panel ? message->panel.title : "-";
    tell_result("%-28s %-20s %-*s %-*s %-*s %5d %-22s %-*s %s", message->id,
                panel->scope,
                UTF8_FIELD(tr(known_panel_status(panel, now_ms)), 11),
                UTF8_FIELD(template, 10), UTF8_FIELD(section, 9),
                is_panel ? message->panel.order : 0, until,
                UTF8_FIELD(title, 24), schedule ? schedule : "");
    free(schedule);
}

static json_t *row_json(const struct known_panel *panel, int64_t now_ms)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:I}", "id", panel->message->id,
                               "scope", panel->scope, "status",
                               known_panel_status(panel, now_ms), "seq",
                               (json_int_t)panel->message->seq);

    json_object_set(object, "body", panel->message->root);
    return object;
}

static void print_json(const struct known_panels *known, bool all)
{
    json_t *rows = json_array();
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; i < known->count; i++)
        if (all || known_panel_is_live(&known->items[i], now_ms))
            json_array_append_new(rows, row_json(&known->items[i], now_ms));
    tell_json(json_pack("{s:o}", "panels", rows));
}

static void print_rows(const struct known_panels *known, bool all)
{
    int64_t now_ms = clock_wall_ms();
    size_t shown = 0;

    for (size_t i = 0; i < known->count; i++) {
        if (!all && !known_panel_is_live(&known->items[i], now_ms))
            continue;
        if (shown++ == 0)
            tell_result("%-*s %-*s %-*s %-*s %-*s %*s %-*s %-*s %s",
                        UTF8_FIELD(tr("ID"), 28), UTF8_FIELD(tr("SCOPE"), 20),
                        UTF8_FIELD(tr("STATE"), 11),
                        UTF8_FIELD(tr("TEMPLATE"), 10),
                        UTF8_FIELD(tr("SECTION"), 9),
                        UTF8_FIELD(tr("ORDER"), 5), UTF8_FIELD(tr("UNTIL"), 22),
                        UTF8_FIELD(tr("TITLE"), 24), tr("SCHEDULE"));
        print_row(&known->items[i], now_ms);
    }
    if (shown < known->count)
        tell_line("%zu more that ended; --all lists them",
                  known->count - shown);
    else if (shown == 0)
        tell_line("no panel was sent from here");
}

/* The last values of the panel's live figures. */
static void tell_figures(const struct known_panel *panel,
                         const struct figures_known *figures)
{
    for (size_t i = 0; i < figures->count; i++) {
        const struct message *message = figures->items[i].message;
        char value[DECIMAL_BYTES], at[CLOCK_MINUTE_BYTES];
        if (!figure_is_bound(panel->message, message->id))
            continue;
        decimal_format(message->figure.value, value);
        clock_format_minute(figure_measured_ms(message), at);
        tell_line("%s: %s is %s%s%s as of %s", message->scope, message->id,
                  value, message->figure.unit[0] ? " " : "",
                  message->figure.unit, at);
    }
}

static void print_whole(const struct options *options,
                        const struct known_panels *known)
{
    struct figures_known figures = {0};
    struct problem problem = {0};

    if (!figures_known_load(options, &figures, &problem))
        tell_problem(&problem);
    for (size_t i = 0; i < known->count; i++) {
        char *body = compose_print(known->items[i].message->root);
        tell_line("%s: %s", known->items[i].scope,
                  tr(known_panel_status(&known->items[i], clock_wall_ms())));
        tell_figures(&known->items[i], &figures);
        fprintf(stdout, "%s\n", body ? body : "");
        free(body);
    }
    figures_known_finish(&figures);
}

static enum publish_exit list(const struct options *options, const char *id,
                              bool whole)
{
    struct known_panels known = {0};
    struct problem problem = {0};
    enum publish_exit code = PUBLISH_DONE;

    if (!send_options_check_org(options))
        return PUBLISH_USAGE;
    if (!known_panels_load(options, id, &known, &problem)) {
        tell_problem(&problem);
        code = send_exit_code(&problem);
    } else if (id && known.count == 0) {
        tell_line("'%s': no panel of this id was sent from here", id);
        code = PUBLISH_REFUSED;
    } else if (options->json) {
        print_json(&known, options->all || whole);
    } else if (whole) {
        print_whole(options, &known);
    } else {
        print_rows(&known, options->all);
    }
    known_panels_finish(&known);
    return code;
}

enum publish_exit panel_list_run(const struct options *options, int count,
                                 char **operands)
{
    (void)count, (void)operands;
    return list(options, NULL, false);
}

enum publish_exit panel_show_run(const struct options *options, int count,
                                 char **operands)
{
    (void)count;
    return list(options, operands[0], true);
}
