/* Keeps messages on the disk before they are sent. */
#include "publisher/outbox/outbox.h"

#include "base/files.h"
#include "base/sqlite.h"
#include "protocol/limits.h"
#include "protocol/topic.h"
#include "publisher/outbox/kept_receipts.h"
#include "publisher/outbox/outbox_schema.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
/* Screens end an alert without an expiry within three days of its issue. */
#define ALERT_MATTERS_MS (4 * DAY_MS)
/* For a message whose end is not known here. */
#define REMOVAL_MATTERS_MS (30 * DAY_MS)
/* As long as a broker keeps a cancel; its alert may last as long. */
#define CANCEL_KEPT_MS (181 * DAY_MS)

/* The body after the envelope line. */
#define BODY "CAST(substr(payload, instr(payload, x'0A') + 1) AS TEXT)"
/* The key's name in the envelope line. */
#define SIGNER "CAST(substr(payload, 9, 16) AS TEXT)"

/* For a cancel: the latest end of the alerts that it cancels, as far as they
 * were sent from here. */
#define ENDED_AT                                                               \
    "SELECT max(s.expires_ms) FROM sent_alert s"                               \
    " WHERE s.org = ?1 AND s.body IS NOT NULL"                                 \
    " AND (s.id = json_extract(live.body, '$.id')"                             \
    " OR s.id IN (SELECT value"                                                \
    " FROM json_each(live.body, '$.cancel.references')))"

enum {
    BUSY_LIMIT_MS = 10000, /* wait for another operator's transaction */
    STEP_MS = 20,          /* between two tries to begin a file */
    /* A body contains its time of issue in whole seconds. */
    ISSUED_STEP_MS = 1000,
};

struct outbox {
    struct sqlite_file file;
    int held; /* descriptor of FILE-sending, where a lock on byte N means that
                 message N is being sent; -1: not opened */
};

static bool ensure_parent(const char *file, struct problem *problem)
{
    char *folder = file_folder(file);

    if (!folder)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    bool made = folder_ensure(folder, problem);
    free(folder);
    return made;
}

/* Refuses an outbox that other users may write: they could restore dropped
 * messages or drop waiting ones. A file that does not exist is fine. */
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

static struct outbox *make_outbox(const char *path, struct problem *problem)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);

    if (outbox && (outbox->file.path = strdup(path))) {
        outbox->file.what = "outbox";
        outbox->held = -1;
        return outbox;
    }
    free(outbox);
    problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return NULL;
}

/* SQLite does not wait when two processes create a file at the same time. */
static bool begin_file(struct outbox *outbox, struct problem *problem)
{
    int result = SQLITE_BUSY;

    sqlite3_busy_timeout(outbox->file.connection, BUSY_LIMIT_MS);
    for (int waited_ms = 0; waited_ms < BUSY_LIMIT_MS; waited_ms += STEP_MS) {
        result = sqlite3_exec(outbox->file.connection,
                              "PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = FULL;",
                              NULL, NULL, NULL);
        if (result != SQLITE_BUSY)
            break;
        sqlite3_sleep(STEP_MS);
    }
    return result == SQLITE_OK ||
           sqlite_fail(&outbox->file, "cannot be written", problem);
}

bool outbox_open(const char *path, struct outbox **out, struct problem *problem)
{
    if (!check_mode(path, problem) || !ensure_parent(path, problem))
        return false;
    struct outbox *outbox = make_outbox(path, problem);
    if (!outbox)
        return false;
    /* SQLite creates its files with the mode that the umask leaves. */
    mode_t before = umask(S_IRWXG | S_IRWXO);
    bool opened = sqlite3_open(path, &outbox->file.connection) == SQLITE_OK ||
                  sqlite_fail(&outbox->file, "cannot be opened", problem);
    opened = opened && begin_file(outbox, problem) &&
             outbox_schema_prepare(&outbox->file, problem);
    umask(before);
    if (!opened) {
        outbox_close(outbox);
        return false;
    }
    *out = outbox;
    return true;
}

/* Reads only a file of this version, because reading changes no schema. */
static bool open_as(struct outbox *outbox, const char *name, int flags)
{
    return sqlite3_open_v2(name, &outbox->file.connection, flags, NULL) ==
               SQLITE_OK &&
           outbox_schema_is_current(&outbox->file);
}

bool outbox_open_reading(const char *path, struct outbox **out,
                         struct problem *problem)
{
    char *real = realpath(path, NULL);
    struct outbox *outbox = check_mode(path, problem)
                                ? make_outbox(path, problem)
                                : NULL;
    char *name = outbox && real ? sqlite3_mprintf("file://%s?immutable=1", real)
                                : NULL;
    bool opened = outbox && open_as(outbox, path, SQLITE_OPEN_READONLY);

    /* With one of these characters the path would mean another file in a URI.
     */
    if (!opened && name && !strpbrk(real, "?#%")) {
        sqlite3_close(outbox->file.connection);
        outbox->file.connection = NULL;
        opened = open_as(outbox, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    }
    if (!opened && outbox)
        sqlite_fail(&outbox->file, "cannot be read", problem);
    sqlite3_free(name);
    free(real);
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
    sqlite3_close(outbox->file.connection);
    if (outbox->held >= 0)
        close(outbox->held);
    free(outbox->file.path);
    free(outbox);
}

/* The locks need a file of their own: closing a second descriptor of the
 * database would end SQLite's locks. */
static bool open_held(struct outbox *outbox)
{
    char *name = NULL;

    if (outbox->held < 0 &&
        asprintf(&name, "%s-sending", outbox->file.path) >= 0) {
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

    /* If this fails, another command asks about these messages, which does no
     * harm. */
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

const struct sqlite_file *outbox_file(const struct outbox *outbox)
{
    return &outbox->file;
}

bool outbox_begin(struct outbox *outbox, struct problem *problem)
{
    return sqlite_execute(&outbox->file, "BEGIN IMMEDIATE", problem);
}

bool outbox_commit(struct outbox *outbox, struct problem *problem)
{
    return sqlite_execute(&outbox->file, "COMMIT", problem);
}

void outbox_rollback(struct outbox *outbox)
{
    if (!sqlite3_get_autocommit(outbox->file.connection))
        sqlite_execute(&outbox->file, "ROLLBACK", NULL);
}

bool outbox_last_sequence(struct outbox *outbox, int64_t *out,
                          struct problem *problem)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;

    if (!sqlite_prepare(&outbox->file, "SELECT max(last) FROM sequence",
                        &statement, problem))
        return false;
    bool read = sqlite_step(&outbox->file, statement, &row, problem);
    if (row)
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return read;
}

/* The same rule as in the statement of outbox_next_sequence. */
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

    /* Screens refuse messages with a number this far ahead: the clock was wrong
     * then, so the number is ignored. */
    if (!sqlite_prepare(
            &outbox->file,
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
        sqlite_fail(&outbox->file, "no sequence number", problem);
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

    if (!sqlite_prepare(&outbox->file, "DELETE FROM message WHERE topic = ?1",
                        &statement, problem))
        return false;
    sqlite_bind_text(statement, 1, topic);
    return sqlite_run(&outbox->file, statement, problem);
}

bool outbox_add(struct outbox *outbox, const struct outbox_message *message,
                struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!forget_topic(outbox, message->topic, problem) ||
        !sqlite_prepare(&outbox->file,
                        "INSERT INTO message"
                        " (seq, org, topic, payload, expires_ms, state)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, message->seq);
    sqlite_bind_text(statement, 2, message->org);
    sqlite_bind_text(statement, 3, message->topic);
    sqlite3_bind_blob64(statement, 4, message->payload, message->bytes,
                        SQLITE_STATIC);
    sqlite3_bind_int64(statement, 5, message->expires_ms);
    sqlite3_bind_int(statement, 6, OUTBOX_WAITING);
    return sqlite_run(&outbox->file, statement, problem);
}

struct reading {
    bool (*each)(void *context, const struct outbox_message *message);
    void *context;
};

static bool read_row(void *context, sqlite3_stmt *row)
{
    const struct reading *reading = context;
    const struct outbox_message message = {
        .seq = sqlite3_column_int64(row, 0),
        .org = (const char *)sqlite3_column_text(row, 1),
        .topic = (const char *)sqlite3_column_text(row, 2),
        .payload = sqlite3_column_blob(row, 3),
        .bytes = (size_t)sqlite3_column_bytes(row, 3),
        .expires_ms = sqlite3_column_int64(row, 4),
        .state = (enum outbox_state)sqlite3_column_int(row, 5),
    };

    return reading->each(reading->context, &message);
}

static bool each_row(struct outbox *outbox, sqlite3_stmt *statement,
                     bool (*each)(void *context,
                                  const struct outbox_message *message),
                     void *context, struct problem *problem)
{
    struct reading reading = {each, context};

    return sqlite_each(&outbox->file, statement, read_row, &reading, problem);
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

    /* Without an expiry the column contains the smallest number there is. */
    if (!sqlite_prepare(
            &outbox->file,
            "SELECT seq, org, topic, payload, expires_ms, state FROM message"
            " WHERE state = ?1 AND org = ?2"
            " AND (expires_ms < 0 OR expires_ms > ?3) ORDER BY seq",
            &statement, problem))
        return false;
    sqlite3_bind_int(statement, 1, (int)state);
    sqlite_bind_text(statement, 2, org);
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

    return sqlite_prepare(
               &outbox->file,
               "SELECT seq, org, topic, payload, expires_ms, state FROM message"
               " ORDER BY seq",
               &statement, problem) &&
           each_row(outbox, statement, each, context, problem);
}

/* kind: the word in the topic. */
static bool each_of_id(struct outbox *outbox, const char *org, const char *kind,
                       const char *id,
                       bool (*each)(void *context,
                                    const struct outbox_message *message),
                       void *context, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(
            &outbox->file,
            "SELECT seq, org, topic, payload, expires_ms, state FROM message"
            " WHERE org = ?1 AND topic GLOB"
            " 'gaoshi/1/' || ?1 || '/down/*/' || ?3 || '/' || ?2"
            " ORDER BY seq DESC",
            &statement, problem))
        return false;
    sqlite_bind_text(statement, 1, org);
    sqlite_bind_text(statement, 2, id);
    sqlite_bind_text(statement, 3, kind);
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

    if (!sqlite_prepare(&outbox->file,
                        "UPDATE message SET state = ?2 WHERE seq = ?1",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, seq);
    sqlite3_bind_int(statement, 2, (int)state);
    return sqlite_run(&outbox->file, statement, problem);
}

bool outbox_drop(struct outbox *outbox, int64_t seq, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!outbox_mark(outbox, seq, OUTBOX_DROPPED, problem) ||
        !sqlite_prepare(&outbox->file,
                        "UPDATE sent_alert SET cancelled_ms = NULL"
                        " WHERE seq = ?1 AND body IS NOT NULL",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, seq);
    return sqlite_run(&outbox->file, statement, problem);
}

/* When a message of this kind no longer matters. Expired messages are not read
 * at all. */
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

/* The columns are those of outbox_each_live. False: the message no longer
 * matters. */
static bool read_live(sqlite3_stmt *statement, int64_t now_ms,
                      struct outbox_live *out)
{
    static const enum message_kind kinds[] = {
        MESSAGE_ALERT,         MESSAGE_ALERT_CANCEL, MESSAGE_PANEL,
        MESSAGE_PANEL_REMOVAL, MESSAGE_INDEX,        MESSAGE_SETTINGS};
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

struct live_reading {
    int64_t now_ms;
    bool (*each)(void *context, const struct outbox_live *live);
    void *context;
};

static bool read_live_row(void *context, sqlite3_stmt *row)
{
    const struct live_reading *reading = context;
    struct outbox_live live;

    return !read_live(row, reading->now_ms, &live) ||
           reading->each(reading->context, &live);
}

bool outbox_each_live(struct outbox *outbox, const char *org,
                      const char *key_id, int64_t now_ms,
                      bool (*each)(void *context,
                                   const struct outbox_live *live),
                      void *context, struct problem *problem)
{
    struct live_reading reading = {now_ms, each, context};
    sqlite3_stmt *statement = NULL;

    /* Without an expiry the column contains the smallest number there is. */
    if (!sqlite_prepare(
            &outbox->file,
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
    sqlite_bind_text(statement, 1, org);
    sqlite_bind_text(statement, 2, key_id);
    sqlite3_bind_int(statement, 3, OUTBOX_WAITING);
    sqlite3_bind_int(statement, 5, OUTBOX_CONFIRMED);
    sqlite3_bind_int64(statement, 4, now_ms);
    return sqlite_each(&outbox->file, statement, read_live_row, &reading,
                       problem);
}

static bool copy_found(sqlite3_stmt *statement, struct outbox_row *out,
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

    if (!sqlite_prepare(
            &outbox->file,
            "SELECT seq, state, payload FROM message WHERE topic = ?1",
            &statement, problem))
        return false;
    sqlite_bind_text(statement, 1, topic);
    bool row = false;
    bool found = sqlite_step(&outbox->file, statement, &row, problem);
    if (found && row)
        found = copy_found(statement, out, problem);
    else if (found)
        *out = (struct outbox_row){.payload = NULL};
    sqlite3_finalize(statement);
    return found;
}

bool outbox_prune(struct outbox *outbox, int64_t now_ms,
                  struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    /* A sequence number is the time of issue, or at most a day later. */
    if (!sqlite_prepare(&outbox->file,
                        "DELETE FROM message WHERE expires_ms BETWEEN 0 AND ?1"
                        " OR (expires_ms < 0 AND seq < ?1 AND json_valid(" BODY
                        ")"
                        " AND CASE json_extract(" BODY ", '$.kind')"
                        " WHEN 'panel-removal' THEN 1 WHEN 'alert' THEN 1"
                        " WHEN 'figure' THEN 1"
                        " WHEN 'alert-cancel' THEN seq < ?2 END)",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, now_ms - REMOVAL_MATTERS_MS - DAY_MS);
    sqlite3_bind_int64(statement, 2, now_ms - CANCEL_KEPT_MS);
    return sqlite_run(&outbox->file, statement, problem) &&
           kept_receipts_prune(&outbox->file, problem);
}
