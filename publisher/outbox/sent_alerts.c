/* Writes and reads the table of sent alerts. */
#include "publisher/outbox/sent_alerts.h"

#include "base/sqlite.h"
#include "base/timestamp.h"
#include "protocol/message.h"

#include <stdlib.h>
#include <string.h>

/* How long an ended alert is remembered. */
#define KEPT_MS (INT64_C(400) * 24 * 3600 * 1000)

static bool forget_old(const struct sqlite_file *file, int64_t now_ms,
                       struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(file,
                        "DELETE FROM sent_alert WHERE issued_ms < ?1"
                        " AND expires_ms < ?1",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, now_ms - KEPT_MS);
    return sqlite_run(file, statement, problem);
}

static void bind_slot(sqlite3_stmt *statement, const struct message *message,
                      enum alert_status status)
{
    sqlite_bind_text(statement, 1, message->org);
    sqlite_bind_text(statement, 2, message->id);
    sqlite3_bind_int(statement, 3, (int)status);
    sqlite_bind_text(statement, 4, message->scope);
    sqlite3_bind_int64(statement, 5, message->seq);
    sqlite3_bind_int64(statement, 6, message->issued_ms);
    sqlite3_bind_int64(statement, 7, message->expires_ms);
}

static bool keep_alert(const struct sqlite_file *file,
                       const struct message *message, const char *body,
                       struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(file,
                        "INSERT INTO sent_alert (org, id, status, scope, seq,"
                        " issued_ms, expires_ms, cancelled_ms, body)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8)"
                        " ON CONFLICT (org, id, status, scope) DO UPDATE SET"
                        " seq = ?5, issued_ms = ?6, expires_ms = ?7,"
                        " cancelled_ms = NULL, body = ?8",
                        &statement, problem))
        return false;
    bind_slot(statement, message, message->alert.status);
    sqlite_bind_text(statement, 8, body);
    return sqlite_run(file, statement, problem);
}

/* The body of the alert stays, so that the list shows what was cancelled. */
static bool keep_cancel(const struct sqlite_file *file,
                        const struct message *message, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(file,
                        "INSERT INTO sent_alert (org, id, status, scope, seq,"
                        " issued_ms, expires_ms, cancelled_ms, body)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, NULL)"
                        " ON CONFLICT (org, id, status, scope) DO UPDATE SET"
                        " seq = ?5, cancelled_ms = ?6",
                        &statement, problem))
        return false;
    bind_slot(statement, message, message->cancel.status);
    return sqlite_run(file, statement, problem);
}

bool sent_alerts_keep(const struct sqlite_file *file,
                      const struct message *message, const char *body,
                      struct problem *problem)
{
    switch (message->kind) {
    case MESSAGE_ALERT:
        return forget_old(file, message->issued_ms, problem) &&
               keep_alert(file, message, body, problem);
    case MESSAGE_ALERT_CANCEL:
        return keep_cancel(file, message, problem);
    default:
        return true;
    }
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

struct loading {
    struct sent_alerts alerts;
    struct problem *problem;
};

/* The columns are those of the statement in sent_alerts_load. */
static bool read_row(sqlite3_stmt *row, struct sent_alert *out,
                     struct problem *problem)
{
    const char *body = (const char *)sqlite3_column_text(row, 6);
    struct sent_alert alert = {
        .id = copy_column(row, 0),
        .status = (enum alert_status)sqlite3_column_int(row, 1),
        .scope = copy_column(row, 2),
        .issued_ms = sqlite3_column_int64(row, 3),
        .expires_ms = sqlite3_column_int64(row, 4),
        .cancelled_ms = TIMESTAMP_NONE,
        .state = (enum outbox_state)sqlite3_column_int(row, 7),
        .overwritten = sqlite3_column_type(row, 7) == SQLITE_NULL,
    };

    if (sqlite3_column_type(row, 5) != SQLITE_NULL)
        alert.cancelled_ms = sqlite3_column_int64(row, 5);
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

static bool add_row(void *context, sqlite3_stmt *row)
{
    struct loading *loading = context;
    struct sent_alerts *alerts = &loading->alerts;
    struct sent_alert *grown =
        realloc(alerts->items, (alerts->count + 1) * sizeof *alerts->items);

    if (!grown)
        return problem_set(loading->problem, PROBLEM_SYSTEM, "out of memory");
    alerts->items = grown;
    if (!read_row(row, &grown[alerts->count], loading->problem))
        return false;
    alerts->count++;
    return true;
}

bool sent_alerts_load(const struct sqlite_file *file, const char *org,
                      const char *id, struct sent_alerts *out,
                      struct problem *problem)
{
    struct loading loading = {.problem = problem};
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(
            file,
            "SELECT s.id, s.status, s.scope, s.issued_ms, s.expires_ms,"
            " s.cancelled_ms, s.body, m.state FROM sent_alert s"
            " LEFT JOIN message m ON m.seq = s.seq"
            " WHERE s.org = ?1 AND (?2 IS NULL OR s.id = ?2)"
            " ORDER BY s.seq DESC",
            &statement, problem))
        return false;
    sqlite_bind_text(statement, 1, org);
    sqlite_bind_text(statement, 2, id);
    if (!sqlite_each(file, statement, add_row, &loading, problem)) {
        sent_alerts_finish(&loading.alerts);
        return false;
    }
    *out = loading.alerts;
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
    return message_alert_end_ms(alert->alert);
}

bool sent_alert_is_live(const struct sent_alert *alert, int64_t now_ms)
{
    return alert->cancelled_ms == TIMESTAMP_NONE &&
           sent_alert_end_ms(alert) > now_ms;
}
