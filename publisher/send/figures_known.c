/* Reads live figures from the outbox, and makes drafts of new ones. */
#include "publisher/send/figures_known.h"

#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "publisher/cli/tell.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

struct loading {
    const struct options *options;
    struct figures_known *out;
    struct problem *problem;
};

static bool put(struct loading *loading, struct message *message,
                enum outbox_state state)
{
    struct figures_known *known = loading->out;
    struct known_figure *items = realloc(known->items,
                                         (known->count + 1) * sizeof *items);

    if (!items) {
        message_destroy(message);
        return problem_set(loading->problem, PROBLEM_SYSTEM, "out of memory");
    }
    known->items = items;
    items[known->count++] = (struct known_figure){message, state};
    return true;
}

static bool add(void *context, const struct outbox_message *row)
{
    struct loading *loading = context;
    struct message *message = NULL;
    struct topic topic;

    if (strcmp(row->org, loading->options->org) != 0 ||
        !topic_parse(row->topic, &topic) || topic.kind != TOPIC_FIGURE ||
        row->bytes < ENVELOPE_LINE_BYTES ||
        !message_parse(row->payload + ENVELOPE_LINE_BYTES,
                       row->bytes - ENVELOPE_LINE_BYTES, MESSAGE_RECEIVED,
                       row->topic, &message, NULL))
        return true;
    return put(loading, message, row->state);
}

static int compare(const void *left, const void *right)
{
    const struct known_figure *a = left, *b = right;
    int order = strcmp(a->message->id, b->message->id);

    return order != 0 ? order : strcmp(a->message->scope, b->message->scope);
}

bool figures_known_load(const struct options *options,
                        struct figures_known *out, struct problem *problem)
{
    struct loading loading = {options, out, problem};
    struct outbox *outbox = NULL;

    if (!options->org)
        return true;
    if (!send_options_open_reading(options, &outbox, problem))
        return false;
    bool good = !outbox || outbox_each(outbox, add, &loading, problem);
    outbox_close(outbox);
    if (good && out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, compare);
    return good;
}

void figures_known_finish(struct figures_known *known)
{
    for (size_t i = 0; i < known->count; i++)
        message_destroy(known->items[i].message);
    free(known->items);
    *known = (struct figures_known){0};
}

const struct message *figures_known_find(const struct figures_known *known,
                                         const char *name, const char *scope)
{
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(known->items[i].message->id, name) == 0 &&
            strcmp(known->items[i].message->scope, scope) == 0)
            return known->items[i].message;
    return NULL;
}

int64_t figure_measured_ms(const struct message *figure)
{
    return figure->figure.at_ms == TIMESTAMP_NONE ? figure->issued_ms
                                                  : figure->figure.at_ms;
}

json_t *figure_draft(const char *name, const char *text, const char *unit,
                     const char *at, const char *scope, struct problem *problem)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

    if (!json_is_number(value)) {
        json_decref(value);
        problem_set(problem, PROBLEM_FIELD,
                    "%.64s: '%.40s', expected a number such as 3.42", name,
                    text);
        return NULL;
    }
    json_t *draft = json_pack("{s:i, s:s, s:s, s:s*, s:{s:o, s:s*, s:s*}}",
                              "gaoshi", 1, "kind", "figure", "id", name,
                              "scope", scope, "figure", "value", value, "unit",
                              unit, "at", at);
    if (!draft)
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return draft;
}

bool figure_is_bound(const struct message *panel, const char *name)
{
    if (panel->kind != MESSAGE_PANEL)
        return false;
    for (size_t i = 0; i < panel->panel.figure_count; i++)
        if (strcmp(panel->panel.figures[i].bind, name) == 0)
            return true;
    return false;
}
