/* Creates and migrates the tables of the outbox's file. */
#include "publisher/outbox/outbox_schema.h"

#include "publisher/outbox/sent_alerts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* PRAGMA user_version. 0: without the table sent_alert. */
enum { VERSION = 1 };

/* The application id is «gaos» in ASCII and marks the file as ours. */
static const char tables[] =
    "PRAGMA application_id = 0x67616f73;"
    "CREATE TABLE IF NOT EXISTS sequence ("
    " one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS message ("
    " seq INTEGER PRIMARY KEY, org TEXT NOT NULL, topic TEXT NOT NULL,"
    " payload BLOB NOT NULL, expires_ms INTEGER NOT NULL,"
    " state INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS message_topic ON message (topic);"
    "CREATE TABLE IF NOT EXISTS cap_message ("
    " org TEXT NOT NULL, sender TEXT NOT NULL, identifier TEXT NOT NULL,"
    " sent_ms INTEGER NOT NULL, hash TEXT NOT NULL, id TEXT NOT NULL,"
    " kept_ms INTEGER NOT NULL,"
    " PRIMARY KEY (org, sender, identifier, sent_ms));"
    "CREATE TABLE IF NOT EXISTS cap_chain ("
    " org TEXT NOT NULL, id TEXT NOT NULL, status INTEGER NOT NULL,"
    " sent_ms INTEGER NOT NULL, kept_ms INTEGER NOT NULL,"
    " PRIMARY KEY (org, id, status));"
    "CREATE TABLE IF NOT EXISTS cap_scope ("
    " org TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL,"
    " PRIMARY KEY (org, id, scope));"
    "CREATE TABLE IF NOT EXISTS picture ("
    " org TEXT NOT NULL, digest TEXT NOT NULL, bytes BLOB NOT NULL,"
    " confirmed INTEGER NOT NULL, PRIMARY KEY (org, digest));"
    "CREATE TABLE IF NOT EXISTS receipt ("
    " seq INTEGER NOT NULL, screen TEXT NOT NULL, rank INTEGER NOT NULL,"
    " at_ms INTEGER, reason TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (seq, screen)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS receipt_count ("
    " seq INTEGER PRIMARY KEY, screens INTEGER NOT NULL);"
    "CREATE TRIGGER IF NOT EXISTS receipt_counted AFTER INSERT ON receipt BEGIN"
    " INSERT INTO receipt_count VALUES (new.seq, 1)"
    " ON CONFLICT (seq) DO UPDATE SET screens = screens + 1; END;";

static const char sent_alert_table[] =
    "CREATE TABLE sent_alert ("
    " org TEXT NOT NULL, id TEXT NOT NULL, status INTEGER NOT NULL,"
    " scope TEXT NOT NULL, seq INTEGER NOT NULL,"
    " issued_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
    " cancelled_ms INTEGER, body TEXT,"
    " PRIMARY KEY (org, id, status, scope));";

static bool read_version(const struct sqlite_file *file, int *out,
                         struct problem *problem)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;

    if (!sqlite_prepare(file, "PRAGMA user_version", &statement, problem))
        return false;
    bool read = sqlite_step(file, statement, &row, problem);
    if (row)
        *out = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return read;
}

struct filling {
    const struct sqlite_file *file;
    struct problem *problem;
};

/* A payload that cannot be read is skipped, so that the file is not refused
 * because of it. */
static bool record_alert(void *context, sqlite3_stmt *row)
{
    const struct filling *filling = context;
    const char *topic = (const char *)sqlite3_column_text(row, 0);
    const char *payload = sqlite3_column_blob(row, 1);
    size_t bytes = (size_t)sqlite3_column_bytes(row, 1);
    const char *line_end = payload ? memchr(payload, '\n', bytes) : NULL;
    struct message *message = NULL;

    if (!line_end)
        return true;
    bytes -= (size_t)(line_end + 1 - payload);
    char *body = strndup(line_end + 1, bytes);
    if (!body)
        return problem_set(filling->problem, PROBLEM_SYSTEM, "out of memory");
    bool kept =
        !message_parse(body, bytes, MESSAGE_WIRE, topic, &message, NULL) ||
        sent_alerts_keep(filling->file, message, body, filling->problem);
    message_destroy(message);
    free(body);
    return kept;
}

/* From version 0: fills the table of sent alerts from the messages. Within a
 * transaction, because another process may do the same. */
static bool migrate(const struct sqlite_file *file, struct problem *problem)
{
    struct filling filling = {file, problem};
    sqlite3_stmt *statement = NULL;
    char mark[64];
    int version = VERSION;

    snprintf(mark, sizeof mark, "PRAGMA user_version = %d", VERSION);
    return read_version(file, &version, problem) &&
           (version >= VERSION ||
            (sqlite_execute(file, sent_alert_table, problem) &&
             sqlite_prepare(file,
                            "SELECT topic, payload FROM message ORDER BY seq",
                            &statement, problem) &&
             sqlite_each(file, statement, record_alert, &filling, problem) &&
             sqlite_execute(file, mark, problem)));
}

bool outbox_schema_prepare(const struct sqlite_file *file,
                           struct problem *problem)
{
    int version = 0;

    if (!sqlite_execute(file, tables, problem) ||
        !read_version(file, &version, problem))
        return false;
    if (version > VERSION)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "outbox: %s was written by a newer gaoshi-publish",
                           file->path);
    if (version == VERSION)
        return true;
    if (!sqlite_execute(file, "BEGIN IMMEDIATE", problem))
        return false;
    if (migrate(file, problem) && sqlite_execute(file, "COMMIT", problem))
        return true;
    if (!sqlite3_get_autocommit(file->connection))
        sqlite_execute(file, "ROLLBACK", NULL);
    return false;
}

bool outbox_schema_is_current(const struct sqlite_file *file)
{
    int version = 0;

    return read_version(file, &version, NULL) && version == VERSION;
}
