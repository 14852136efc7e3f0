/* The outbox: committed to disk before anything is sent. */
#include "publisher/outbox/outbox.h"

#include "protocol/limits.h"
#include "protocol/topic.h"
#include "base/files.h"
#include "publisher/outbox/sent_alerts.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_LIMIT_MS = 10000, /* another operator's transaction */
    STEP_MS = 20,          /* between two tries to begin a file */
    /* "gaos" in ASCII: the file is ours. */
    APPLICATION_ID = 0x67616f73,
    /* Of the tables. 0: before alerts were recorded. */
    SCHEMA_VERSION = 1,
    /* A body tells its time of issue in whole seconds. */
    ISSUED_STEP_MS = 1000,
};

struct outbox {
    sqlite3 *database;
    char *file;
    int held; /* FILE-sending, whose bytes are numbers; -1: not opened */
};

bool outbox_fail(struct outbox *outbox, struct problem *problem,
                 const char *what)
{
    problem_set(problem, PROBLEM_SYSTEM, "outbox: %s: %s", what,
                sqlite3_errmsg(outbox->database));
    problem_set_place(problem, outbox->file);
    return false;
}

static bool execute(struct outbox *outbox, const char *sql,
                    struct problem *problem)
{
    if (sqlite3_exec(outbox->database, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return outbox_fail(outbox, problem, "cannot be written");
}

bool outbox_prepare(struct outbox *outbox, const char *sql,
                    sqlite3_stmt **statement, struct problem *problem)
{
    if (sqlite3_prepare_v2(outbox->database, sql, -1, statement, NULL) ==
        SQLITE_OK)
        return true;
    return outbox_fail(outbox, problem, "cannot be read");
}

/* Runs a statement that gives no rows, and ends it. */
static bool finish_statement(struct outbox *outbox, sqlite3_stmt *statement,
                             struct problem *problem)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;

    if (!done)
        outbox_fail(outbox, problem, "cannot be written");
    sqlite3_finalize(statement);
    return done;
}

/* SQLite does not wait where two processes begin a new file at once. */
static bool begin_file(struct outbox *outbox, struct problem *problem)
{
    int result = SQLITE_BUSY;

    for (int waited_ms = 0; waited_ms < BUSY_LIMIT_MS; waited_ms += STEP_MS) {
        result = sqlite3_exec(outbox->database,
                              "PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = FULL;",
                              NULL, NULL, NULL);
        if (result != SQLITE_BUSY)
            break;
        sqlite3_sleep(STEP_MS);
    }
    return result == SQLITE_OK ||
           outbox_fail(outbox, problem, "cannot be written");
}

static bool prepare_tables(struct outbox *outbox, struct problem *problem)
{
    char mark[64];

    snprintf(mark, sizeof mark, "PRAGMA application_id = %d", APPLICATION_ID);
    return begin_file(outbox, problem) && execute(outbox, mark, problem) &&
           execute(outbox,
                   "CREATE TABLE IF NOT EXISTS sequence ("
                   " one INTEGER PRIMARY KEY CHECK (one = 1),"
                   " last INTEGER NOT NULL);"
                   "CREATE TABLE IF NOT EXISTS message ("
                   " seq INTEGER PRIMARY KEY,"
                   " org TEXT NOT NULL,"
                   " topic TEXT NOT NULL,"
                   " payload BLOB NOT NULL,"
                   " expires_ms INTEGER NOT NULL,"
                   " state INTEGER NOT NULL);"
                   "CREATE INDEX IF NOT EXISTS message_topic"
                   " ON message (topic);",
                   problem);
}

static bool read_version(struct outbox *outbox, int *out,
                         struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(outbox, "PRAGMA user_version", &statement, problem))
        return false;
    bool read = sqlite3_step(statement) == SQLITE_ROW;
    if (read)
        *out = sqlite3_column_int(statement, 0);
    else
        outbox_fail(outbox, problem, "cannot be read");
    sqlite3_finalize(statement);
    return read;
}

/* Within a transaction: another process may have been quicker. */
static bool migrate(struct outbox *outbox, struct problem *problem)
{
    char mark[64];
    int version = SCHEMA_VERSION;

    snprintf(mark, sizeof mark, "PRAGMA user_version = %d", SCHEMA_VERSION);
    return read_version(outbox, &version, problem) &&
           (version >= SCHEMA_VERSION ||
            (sent_alerts_prepare(outbox, problem) &&
             execute(outbox, mark, problem)));
}

static bool bring_up_to_date(struct outbox *outbox, struct problem *problem)
{
    int version = 0;

    if (!read_version(outbox, &version, problem))
        return false;
    if (version > SCHEMA_VERSION)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "outbox: %s was written by a newer gaoshi-publish",
                           outbox->file);
    if (version == SCHEMA_VERSION)
        return true;
    if (!outbox_begin(outbox, problem))
        return false;
    if (migrate(outbox, problem) && outbox_commit(outbox, problem))
        return true;
    outbox_rollback(outbox);
    return false;
}

static bool ensure_parent(const char *file, struct problem *problem)
{
    char *folder = file_folder(file);

    if (!folder)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    bool made = folder_ensure(folder, problem);
    free(folder);
    return made;
}

/* Who may write it could send, in the operator's name, what was taken back, or
 * let what waits vanish. A file that is not there yet is fine. */
static bool check_mode(const char *file, struct problem *problem)
{
    struct stat status;

    if (stat(file, &status) != 0 || !(status.st_mode & (S_IWGRP | S_IWOTH)))
        return true;
    problem_set(problem, PROBLEM_AUTHORITY,
                "an outbox that others may write; chmod 600 it once you know "
                "what stands in it (outbox list)");
    problem_set_place(problem, file);
    return false;
}

static struct outbox *make_outbox(const char *file, struct problem *problem)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);

    if (outbox && (outbox->file = strdup(file))) {
        outbox->held = -1;
        return outbox;
    }
    free(outbox);
    problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return NULL;
}

bool outbox_open(const char *file, struct outbox **out, struct problem *problem)
{
    if (!check_mode(file, problem) || !ensure_parent(file, problem))
        return false;
    struct outbox *outbox = make_outbox(file, problem);
    if (!outbox)
        return false;
    /* SQLite makes its files with what the mask leaves. */
    mode_t before = umask(S_IRWXG | S_IRWXO);
    bool opened = sqlite3_open(file, &outbox->database) == SQLITE_OK;
    if (!opened)
        outbox_fail(outbox, problem, "cannot be opened");
    if (opened)
        sqlite3_busy_timeout(outbox->database, BUSY_LIMIT_MS);
    opened = opened && prepare_tables(outbox, problem) &&
             bring_up_to_date(outbox, problem);
    umask(before);
    if (!opened) {
        outbox_close(outbox);
        return false;
    }
    *out = outbox;
    return true;
}

/* A file of another version is left alone. */
static bool open_as(struct outbox *outbox, const char *name, int flags)
{
    int version = 0;

    return sqlite3_open_v2(name, &outbox->database, flags, NULL) == SQLITE_OK &&
           read_version(outbox, &version, NULL) && version == SCHEMA_VERSION;
}

bool outbox_open_reading(const char *file, struct outbox **out,
                         struct problem *problem)
{
    char *path = realpath(file, NULL);
    struct outbox *outbox = check_mode(file, problem)
                                ? make_outbox(file, problem)
                                : NULL;
    char *name = outbox && path ? sqlite3_mprintf("file://%s?immutable=1", path)
                                : NULL;
    bool opened = outbox && open_as(outbox, file, SQLITE_OPEN_READONLY);

    /* Signs of a name that an address would read otherwise: not tried. */
    if (!opened && name && !strpbrk(path, "?#%")) {
        sqlite3_close(outbox->database);
        outbox->database = NULL;
        opened = open_as(outbox, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    }
    if (!opened && outbox)
        outbox_fail(outbox, problem, "cannot be read");
    sqlite3_free(name);
    free(path);
    if (opened)
        *out = outbox;
    else
        outbox_close(outbox);
    return opened;
}

void outbox_close(struct outbox *outbox)
{
    if (!outbox)
        return;
    sqlite3_close(outbox->database);
    if (outbox->held >= 0)
        close(outbox->held);
    free(outbox->file);
    free(outbox);
}

/* A file of its own: closing the database's would end SQLite's own locks. */
static bool open_held(struct outbox *outbox)
{
    char *name = NULL;

    if (outbox->held < 0 && asprintf(&name, "%s-sending", outbox->file) >= 0) {
        outbox->held = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                            S_IRUSR | S_IWUSR);
        free(name);
    }
    return outbox->held >= 0;
}

void outbox_hold(struct outbox *outbox, int64_t first_seq, int64_t last_seq)
{
    struct flock range = {.l_type = F_WRLCK,
                          .l_whence = SEEK_SET,
                          .l_start = first_seq,
                          .l_len = last_seq - first_seq + 1};

    /* Without it another command asks about what is on its way: no harm. */
    if (open_held(outbox))
        fcntl(outbox->held, F_OFD_SETLK, &range);
}

bool outbox_is_held(struct outbox *outbox, int64_t seq)
{
    struct flock range = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = seq, .l_len = 1};

    return open_held(outbox) && fcntl(outbox->held, F_OFD_GETLK, &range) == 0 &&
           range.l_type != F_UNLCK;
}

struct sqlite3 *outbox_database(struct outbox *outbox)
{
    return outbox->database;
}

bool outbox_begin(struct outbox *outbox, struct problem *problem)
{
    return execute(outbox, "BEGIN IMMEDIATE", problem);
}

bool outbox_commit(struct outbox *outbox, struct problem *problem)
{
    return execute(outbox, "COMMIT", problem);
}

void outbox_rollback(struct outbox *outbox)
{
    if (!sqlite3_get_autocommit(outbox->database))
        execute(outbox, "ROLLBACK", NULL);
}

bool outbox_last_sequence(struct outbox *outbox, int64_t *out,
                          struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(outbox, "SELECT max(last) FROM sequence", &statement,
                        problem))
        return false;
    bool read = sqlite3_step(statement) == SQLITE_ROW;
    if (read)
        *out = sqlite3_column_int64(statement, 0);
    else
        outbox_fail(outbox, problem, "cannot be read");
    sqlite3_finalize(statement);
    return read;
}

/* As the statement of outbox_next_sequence has it. */
int64_t outbox_sequence_after(int64_t last, int64_t now_ms)
{
    if (last < now_ms ||
        last >= now_ms + LIMIT_SEQUENCE_AHEAD_MS - ISSUED_STEP_MS)
        return now_ms;
    return last + 1;
}

bool outbox_next_sequence(struct outbox *outbox, int64_t now_ms, int64_t *out,
                          struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    /* Screens refused what was numbered by a clock so far ahead. */
    if (!outbox_prepare(
            outbox,
            "INSERT INTO sequence (one, last) VALUES (1, max(?1, 1))"
            " ON CONFLICT (one) DO UPDATE SET last = CASE"
            " WHEN last >= ?1 + ?2 THEN ?1 ELSE max(last + 1, ?1) END"
            " RETURNING last",
            &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, now_ms);
    sqlite3_bind_int64(statement, 2, LIMIT_SEQUENCE_AHEAD_MS - ISSUED_STEP_MS);
    int64_t seq = 0;
    bool given = sqlite3_step(statement) == SQLITE_ROW;
    if (given)
        seq = sqlite3_column_int64(statement, 0);
    else
        outbox_fail(outbox, problem, "no sequence number");
    sqlite3_finalize(statement);
    if (given && seq > LIMIT_SEQUENCE)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "sequence numbers are used up; the clock is wrong");
    if (given)
        *out = seq;
    return given;
}

static bool forget_topic(struct outbox *outbox, const char *topic,
                         struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(outbox, "DELETE FROM message WHERE topic = ?1",
                        &statement, problem))
        return false;
    sqlite3_bind_text(statement, 1, topic, -1, SQLITE_STATIC);
    return finish_statement(outbox, statement, problem);
}

bool outbox_add(struct outbox *outbox, const struct outbox_message *message,
                struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!forget_topic(outbox, message->topic, problem) ||
        !outbox_prepare(outbox,
                        "INSERT INTO message"
                        " (seq, org, topic, payload, expires_ms, state)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, message->seq);
    sqlite3_bind_text(statement, 2, message->org, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, message->topic, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 4, message->payload, message->bytes,
                        SQLITE_STATIC);
    sqlite3_bind_int64(statement, 5, message->expires_ms);
    sqlite3_bind_int(statement, 6, OUTBOX_WAITING);
    return finish_statement(outbox, statement, problem);
}

static struct outbox_message read_row(sqlite3_stmt *statement)
{
    return (struct outbox_message){
        .seq = sqlite3_column_int64(statement, 0),
        .org = (const char *)sqlite3_column_text(statement, 1),
        .topic = (const char *)sqlite3_column_text(statement, 2),
        .payload = sqlite3_column_blob(statement, 3),
        .bytes = (size_t)sqlite3_column_bytes(statement, 3),
        .expires_ms = sqlite3_column_int64(statement, 4),
    };
}

static bool each_row(struct outbox *outbox, sqlite3_stmt *statement,
                     bool (*each)(void *context,
                                  const struct outbox_message *message),
                     void *context, struct problem *problem)
{
    bool going = true;
    int step = SQLITE_DONE;

    while (going && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct outbox_message message = read_row(statement);
        going = each(context, &message);
    }
    if (going && step != SQLITE_DONE)
        going = outbox_fail(outbox, problem, "cannot be read");
    sqlite3_finalize(statement);
    return going;
}

bool outbox_is_chosen(const struct outbox_choice *choice, int64_t seq,
                      const char *topic)
{
    struct topic parts;

    if (choice->all || (choice->first_seq <= seq && seq <= choice->last_seq))
        return true;
    if (!topic_parse(topic, &parts))
        return false;
    return (choice->alerts && parts.kind == TOPIC_ALERT) ||
           (choice->index_key && parts.kind == TOPIC_INDEX &&
            strcmp(parts.id, choice->index_key) == 0);
}

static bool each_in_state(struct outbox *outbox, const char *org,
                          int64_t now_ms, enum outbox_state state,
                          bool (*each)(void *context,
                                       const struct outbox_message *message),
                          void *context, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    /* Without an expiry the column holds the smallest number there is. */
    if (!outbox_prepare(
            outbox,
            "SELECT seq, org, topic, payload, expires_ms FROM message"
            " WHERE state = ?1 AND org = ?2"
            " AND (expires_ms < 0 OR expires_ms > ?3) ORDER BY seq",
            &statement, problem))
        return false;
    sqlite3_bind_int(statement, 1, (int)state);
    sqlite3_bind_text(statement, 2, org, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, now_ms);
    return each_row(outbox, statement, each, context, problem);
}

bool outbox_each_waiting(struct outbox *outbox, const char *org, int64_t now_ms,
                         bool (*each)(void *context,
                                      const struct outbox_message *message),
                         void *context, struct problem *problem)
{
    return each_in_state(outbox, org, now_ms, OUTBOX_WAITING, each, context,
                         problem);
}

bool outbox_each_confirmed(struct outbox *outbox, const char *org,
                           int64_t now_ms,
                           bool (*each)(void *context,
                                        const struct outbox_message *message),
                           void *context, struct problem *problem)
{
    return each_in_state(outbox, org, now_ms, OUTBOX_CONFIRMED, each, context,
                         problem);
}

bool outbox_each(struct outbox *outbox,
                 bool (*each)(void *context,
                              const struct outbox_message *message),
                 void *context, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    return outbox_prepare(
               outbox,
               "SELECT seq, org, topic, payload, expires_ms FROM message"
               " ORDER BY seq",
               &statement, problem) &&
           each_row(outbox, statement, each, context, problem);
}

/* kind: as the topic has it. */
static bool each_of_id(struct outbox *outbox, const char *org, const char *kind,
                       const char *id,
                       bool (*each)(void *context,
                                    const struct outbox_message *message),
                       void *context, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(
            outbox,
            "SELECT seq, org, topic, payload, expires_ms FROM message"
            " WHERE org = ?1 AND topic GLOB"
            " 'gaoshi/1/' || ?1 || '/down/*/' || ?3 || '/' || ?2"
            " ORDER BY seq DESC",
            &statement, problem))
        return false;
    sqlite3_bind_text(statement, 1, org, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, kind, -1, SQLITE_STATIC);
    return each_row(outbox, statement, each, context, problem);
}

bool outbox_each_alert(struct outbox *outbox, const char *org, const char *id,
                       bool (*each)(void *context,
                                    const struct outbox_message *message),
                       void *context, struct problem *problem)
{
    return each_of_id(outbox, org, "alert", id, each, context, problem);
}

bool outbox_each_panel(struct outbox *outbox, const char *org, const char *id,
                       bool (*each)(void *context,
                                    const struct outbox_message *message),
                       void *context, struct problem *problem)
{
    return each_of_id(outbox, org, "panel", id, each, context, problem);
}

bool outbox_mark(struct outbox *outbox, int64_t seq, enum outbox_state state,
                 struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_prepare(outbox, "UPDATE message SET state = ?2 WHERE seq = ?1",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, seq);
    sqlite3_bind_int(statement, 2, (int)state);
    return finish_statement(outbox, statement, problem);
}

bool outbox_drop(struct outbox *outbox, int64_t seq, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_mark(outbox, seq, OUTBOX_DROPPED, problem) ||
        !outbox_prepare(outbox,
                        "UPDATE sent_alert SET cancelled_ms = NULL"
                        " WHERE seq = ?1 AND body IS NOT NULL",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, seq);
    return finish_statement(outbox, statement, problem);
}
