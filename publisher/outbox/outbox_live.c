/* Reads the messages of the outbox as lists of what is live. */
#include "publisher/outbox/outbox_live.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
/* Screens end an alert without an expiry within three days of its issue. */
#define ALERT_MATTERS_MS (4 * DAY_MS)
/* Nobody here knows how long it could stand. */
#define REMOVAL_MATTERS_MS (30 * DAY_MS)
/* As long as a broker keeps it: an alert may have an end far away. */
#define CANCEL_KEPT_MS (181 * DAY_MS)

/* The body behind the envelope line. */
#define BODY "CAST(substr(payload, instr(payload, x'0A') + 1) AS TEXT)"
/* The key's name in the envelope line. */
#define SIGNER "CAST(substr(payload, 9, 16) AS TEXT)"

/* Of a cancel: when the last of what it takes off would have ended by itself,
 * as far as that was sent from here. */
#define ENDED_AT                                                               \
    "SELECT max(s.expires_ms) FROM sent_alert s"                               \
    " WHERE s.org = ?1 AND s.body IS NOT NULL"                                 \
    " AND (s.id = json_extract(live.body, '$.id')"                             \
    " OR s.id IN (SELECT value"                                                \
    " FROM json_each(live.body, '$.cancel.references')))"

/* When a message of the kind is not of interest any more: what expired is not
 * even read. */
static int64_t matters_until_ms(enum message_kind kind, int64_t issued_ms,
                                sqlite3_stmt *statement)
{
    enum { ENDS = 4 }; /* column */
    bool known = sqlite3_column_type(statement, ENDS) != SQLITE_NULL;
    int64_t ends_ms = sqlite3_column_int64(statement, ENDS);
    int64_t until_ms = issued_ms + ALERT_MATTERS_MS;

    switch (kind) {
    case MESSAGE_ALERT:
    case MESSAGE_ALERT_CANCEL:
        if (!known)
            return issued_ms + REMOVAL_MATTERS_MS;
        return ends_ms > until_ms ? ends_ms : until_ms;
    case MESSAGE_PANEL_REMOVAL:
        return issued_ms + REMOVAL_MATTERS_MS;
    default:
        return INT64_MAX;
    }
}

/* Columns as in outbox_each_live's statement; false: not of interest. */
static bool read_live(sqlite3_stmt *statement, int64_t now_ms,
                      struct outbox_live *out)
{
    static const enum message_kind kinds[] = {
        MESSAGE_ALERT, MESSAGE_ALERT_CANCEL, MESSAGE_PANEL,
        MESSAGE_PANEL_REMOVAL, MESSAGE_INDEX};
    const char *name = (const char *)sqlite3_column_text(statement, 2);
    int64_t issued_ms = sqlite3_column_int64(statement, 3);

    for (size_t i = 0; name && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(name, message_kind_name(kinds[i])) != 0)
            continue;
        *out = (struct outbox_live){
            .seq = sqlite3_column_int64(statement, 0),
            .topic = (const char *)sqlite3_column_text(statement, 1),
            .waits = sqlite3_column_int(statement, 5) == OUTBOX_WAITING,
            .kind = kinds[i],
        };
        return now_ms < matters_until_ms(kinds[i], issued_ms, statement);
    }
    return false;
}

static bool
step_live(struct outbox *outbox, sqlite3_stmt *statement, int64_t now_ms,
          bool (*each)(void *context, const struct outbox_live *live),
          void *context, struct problem *problem)
{
    bool going = true;
    int step = SQLITE_DONE;

    while (going && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct outbox_live live;
        if (read_live(statement, now_ms, &live))
            going = each(context, &live);
    }
    return going && (step == SQLITE_DONE ||
                     outbox_fail(outbox, problem, "cannot be read"));
}

bool outbox_each_live(struct outbox *outbox, const char *org,
                      const char *key_id, int64_t now_ms,
                      bool (*each)(void *context,
                                   const struct outbox_live *live),
                      void *context, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    /* Without an expiry the column holds the smallest number there is. */
    if (!outbox_prepare(
            outbox,
            "SELECT seq, topic, json_extract(body, '$.kind') AS kind,"
            " strftime('%s', json_extract(body, '$.issued')) * 1000,"
            " CASE json_extract(body, '$.kind') WHEN 'alert' THEN expires_ms"
            " WHEN 'alert-cancel' THEN (" ENDED_AT ") END, state"
            " FROM (SELECT seq, topic, expires_ms, state,"
            " CASE WHEN json_valid(" BODY ") THEN " BODY " END AS body"
            " FROM message WHERE org = ?1 AND " SIGNER " = ?2"
            " AND state IN (?3, ?5) AND (expires_ms < 0 OR expires_ms > ?4)) "
            "live"
            " ORDER BY kind IN ('alert', 'alert-cancel') DESC, seq DESC",
            &statement, problem))
        return false;
    sqlite3_bind_text(statement, 1, org, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, key_id, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, OUTBOX_WAITING);
    sqlite3_bind_int(statement, 5, OUTBOX_CONFIRMED);
    sqlite3_bind_int64(statement, 4, now_ms);
    bool done = step_live(outbox, statement, now_ms, each, context, problem);
    sqlite3_finalize(statement);
    return done;
}

static bool copy_row(sqlite3_stmt *statement, struct outbox_row *out,
                     struct problem *problem)
{
    size_t bytes = (size_t)sqlite3_column_bytes(statement, 2);
    char *payload = malloc(bytes + 1);

    if (!payload)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (bytes > 0)
        memcpy(payload, sqlite3_column_blob(statement, 2), bytes);
    payload[bytes] = '\0';
    *out = (struct outbox_row){
        .seq = sqlite3_column_int64(statement, 0),
        .state = (enum outbox_state)sqlite3_column_int(statement, 1),
        .payload = payload,
        .bytes = bytes,
    };
    return true;
}

bool outbox_find(struct outbox *outbox, const char *topic,
                 struct outbox_row *out, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(
            outbox, "SELECT seq, state, payload FROM message WHERE topic = ?1",
            &statement, problem))
        return false;
    sqlite3_bind_text(statement, 1, topic, -1, SQLITE_STATIC);
    int step = sqlite3_step(statement);
    bool found = true;
    if (step == SQLITE_ROW)
        found = copy_row(statement, out, problem);
    else if (step == SQLITE_DONE)
        *out = (struct outbox_row){.payload = NULL};
    else
        found = outbox_fail(outbox, problem, "cannot be read");
    sqlite3_finalize(statement);
    return found;
}

bool outbox_prune(struct outbox *outbox, int64_t now_ms,
                  struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    /* Sequence numbers are times of issue, or a day ahead of them. */
    if (!outbox_prepare(outbox,
                        "DELETE FROM message WHERE expires_ms BETWEEN 0 AND ?1"
                        " OR (expires_ms < 0 AND seq < ?1 AND json_valid(" BODY
                        ")"
                        " AND CASE json_extract(" BODY ", '$.kind')"
                        " WHEN 'panel-removal' THEN 1 WHEN 'alert' THEN 1"
                        " WHEN 'alert-cancel' THEN seq < ?2 END)",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, now_ms - REMOVAL_MATTERS_MS - DAY_MS);
    sqlite3_bind_int64(statement, 2, now_ms - CANCEL_KEPT_MS);
    bool done = sqlite3_step(statement) == SQLITE_DONE ||
                outbox_fail(outbox, problem, "cannot be written");
    sqlite3_finalize(statement);
    return done;
}
