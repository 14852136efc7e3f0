/* Keeps and reads the table of alerts that were sent. */
#include "publisher/outbox/sent_alerts.h"

#include "base/timestamp.h"
#include "protocol/alert_life.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* So long what ended is remembered. */
#define KEPT_MS (INT64_C(400) * 24 * 3600 * 1000)

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static bool run(struct outbox *outbox, sqlite3_stmt *statement,
                struct problem *problem)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;

    if (!done)
        outbox_fail(outbox, problem, "cannot be written");
    sqlite3_finalize(statement);
    return done;
}

static bool forget_old(struct outbox *outbox, int64_t now_ms,
                       struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(outbox,
                        "DELETE FROM sent_alert WHERE issued_ms < ?1"
                        " AND expires_ms < ?1",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, now_ms - KEPT_MS);
    return run(outbox, statement, problem);
}

static void bind_slot(sqlite3_stmt *statement, const struct message *message,
                      enum alert_status status)
{
    bind_text(statement, 1, message->org);
    bind_text(statement, 2, message->id);
    sqlite3_bind_int(statement, 3, (int)status);
    bind_text(statement, 4, message->scope);
    sqlite3_bind_int64(statement, 5, message->seq);
    sqlite3_bind_int64(statement, 6, message->issued_ms);
    sqlite3_bind_int64(statement, 7, message->expires_ms);
}

static bool keep_alert(struct outbox *outbox, const struct message *message,
                       const char *body, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(outbox,
                        "INSERT INTO sent_alert (org, id, status, scope, seq,"
                        " issued_ms, expires_ms, cancelled_ms, body)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8)"
                        " ON CONFLICT (org, id, status, scope) DO UPDATE SET"
                        " seq = ?5, issued_ms = ?6, expires_ms = ?7,"
                        " cancelled_ms = NULL, body = ?8",
                        &statement, problem))
        return false;
    bind_slot(statement, message, message->alert.status);
    bind_text(statement, 8, body);
    return run(outbox, statement, problem);
}

/* The body of the alert stays: it tells what was cancelled. */
static bool keep_cancel(struct outbox *outbox, const struct message *message,
                        struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(outbox,
                        "INSERT INTO sent_alert (org, id, status, scope, seq,"
                        " issued_ms, expires_ms, cancelled_ms, body)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, NULL)"
                        " ON CONFLICT (org, id, status, scope) DO UPDATE SET"
                        " seq = ?5, cancelled_ms = ?6",
                        &statement, problem))
        return false;
    bind_slot(statement, message, message->cancel.status);
    return run(outbox, statement, problem);
}

bool sent_alerts_keep(struct outbox *outbox, const struct message *message,
                      const char *body, struct problem *problem)
{
    switch (message->kind) {
    case MESSAGE_ALERT:
        return forget_old(outbox, message->issued_ms, problem) &&
               keep_alert(outbox, message, body, problem);
    case MESSAGE_ALERT_CANCEL:
        return keep_cancel(outbox, message, problem);
    default:
        return true;
    }
}

struct filling {
    struct outbox *outbox;
    struct problem *problem;
};

/* A payload that can't be read is no reason to refuse the whole outbox. */
static bool fill_in(void *context, const struct outbox_message *stored)
{
    struct filling *filling = context;
    const char *line_end = memchr(stored->payload, '\n', stored->bytes);
    struct message *message = NULL;

    if (!line_end)
        return true;
    size_t head = (size_t)(line_end + 1 - stored->payload);
    char *body = strndup(line_end + 1, stored->bytes - head);
    if (!body)
        return problem_set(filling->problem, PROBLEM_SYSTEM, "out of memory");
    bool kept = !message_parse(body, stored->bytes - head, MESSAGE_WIRE,
                               stored->topic, &message, NULL) ||
                sent_alerts_keep(filling->outbox, message, body,
                                 filling->problem);
    message_destroy(message);
    free(body);
    return kept;
}

bool sent_alerts_prepare(struct outbox *outbox, struct problem *problem)
{
    static const char table[] =
        "CREATE TABLE sent_alert ("
        " org TEXT NOT NULL, id TEXT NOT NULL, status INTEGER NOT NULL,"
        " scope TEXT NOT NULL, seq INTEGER NOT NULL,"
        " issued_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
        " cancelled_ms INTEGER, body TEXT,"
        " PRIMARY KEY (org, id, status, scope))";
    struct filling filling = {outbox, problem};

    if (sqlite3_exec(outbox_database(outbox), table, NULL, NULL, NULL) !=
        SQLITE_OK)
        return outbox_fail(outbox, problem, "cannot be written");
    return outbox_each(outbox, fill_in, &filling, problem);
}

static char *copy_column(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return text ? strdup(text) : NULL;
}

static void sent_alert_finish(struct sent_alert *alert)
{
    free(alert->id);
    free(alert->scope);
    message_destroy(alert->alert);
}

/* Columns as in load's statement. */
static bool read_row(sqlite3_stmt *statement, struct sent_alert *out,
                     struct problem *problem)
{
    const char *body = (const char *)sqlite3_column_text(statement, 6);
    struct sent_alert alert = {
        .id = copy_column(statement, 0),
        .status = (enum alert_status)sqlite3_column_int(statement, 1),
        .scope = copy_column(statement, 2),
        .issued_ms = sqlite3_column_int64(statement, 3),
        .expires_ms = sqlite3_column_int64(statement, 4),
        .cancelled_ms = TIMESTAMP_NONE,
        .state = (enum outbox_state)sqlite3_column_int(statement, 7),
        .overwritten = sqlite3_column_type(statement, 7) == SQLITE_NULL,
    };

    if (sqlite3_column_type(statement, 5) != SQLITE_NULL)
        alert.cancelled_ms = sqlite3_column_int64(statement, 5);
    bool read = (alert.id && alert.scope) ||
                problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (read && body)
        read = message_parse(body, strlen(body), MESSAGE_WIRE, alert.id,
                             &alert.alert, problem);
    if (!read) {
        sent_alert_finish(&alert);
        return false;
    }
    *out = alert;
    return true;
}

static bool add_row(struct sent_alerts *alerts, sqlite3_stmt *statement,
                    struct problem *problem)
{
    struct sent_alert *grown =
        realloc(alerts->items, (alerts->count + 1) * sizeof *alerts->items);

    if (!grown)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    alerts->items = grown;
    if (!read_row(statement, &grown[alerts->count], problem))
        return false;
    alerts->count++;
    return true;
}

bool sent_alerts_load(struct outbox *outbox, const char *org, const char *id,
                      struct sent_alerts *out, struct problem *problem)
{
    struct sent_alerts alerts = {0};
    sqlite3_stmt *statement = NULL;
    bool read = true;
    int step = SQLITE_DONE;

    if (!outbox_prepare(
            outbox,
            "SELECT s.id, s.status, s.scope, s.issued_ms, s.expires_ms,"
            " s.cancelled_ms, s.body, m.state FROM sent_alert s"
            " LEFT JOIN message m ON m.seq = s.seq"
            " WHERE s.org = ?1 AND (?2 IS NULL OR s.id = ?2)"
            " ORDER BY s.seq DESC",
            &statement, problem))
        return false;
    bind_text(statement, 1, org);
    bind_text(statement, 2, id);
    while (read && (step = sqlite3_step(statement)) == SQLITE_ROW)
        read = add_row(&alerts, statement, problem);
    if (read && step != SQLITE_DONE)
        read = outbox_fail(outbox, problem, "cannot be read");
    sqlite3_finalize(statement);
    if (!read) {
        sent_alerts_finish(&alerts);
        return false;
    }
    *out = alerts;
    return true;
}

void sent_alerts_finish(struct sent_alerts *alerts)
{
    for (size_t i = 0; i < alerts->count; i++)
        sent_alert_finish(&alerts->items[i]);
    free(alerts->items);
    *alerts = (struct sent_alerts){0};
}

int64_t sent_alert_end_ms(const struct sent_alert *alert)
{
    if (alert->cancelled_ms != TIMESTAMP_NONE || !alert->alert)
        return alert->cancelled_ms;
    return alert_life_end_ms(alert->alert);
}

bool sent_alert_is_live(const struct sent_alert *alert, int64_t now_ms)
{
    return alert->cancelled_ms == TIMESTAMP_NONE &&
           sent_alert_end_ms(alert) > now_ms;
}
