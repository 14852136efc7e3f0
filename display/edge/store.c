/* Keeps accepted messages in SQLite. Everything here runs on the loop's
 * thread; whoever calls decides when a commit has to be on the disk. */
#include "display/edge/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/topic.h"

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_PUT,
    STATEMENT_TRIM,
    STATEMENT_LOAD,
    STATEMENT_COUNT
};

#define SQL_PUT                                                                \
    "INSERT INTO slot (topic, alert, payload, seq, received_ms) "              \
    "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (topic) DO UPDATE SET "           \
    "payload = ?3, seq = ?4, received_ms = ?5"

#define SQL_TRIM                                                               \
    "DELETE FROM slot WHERE topic IN (SELECT topic FROM slot "                 \
    "ORDER BY alert, received_ms, rowid LIMIT "                                \
    "max(0, (SELECT count(*) FROM slot) - ?1))"

#define SQL_LOAD                                                               \
    "SELECT topic, payload, seq, received_ms FROM slot "                       \
    "ORDER BY alert DESC, received_ms, rowid"

static const char *const statement_texts[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE", [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",     [STATEMENT_PUT] = SQL_PUT,
    [STATEMENT_TRIM] = SQL_TRIM,           [STATEMENT_LOAD] = SQL_LOAD,
};

static const char schema[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "CREATE TABLE IF NOT EXISTS slot ("
    " topic TEXT PRIMARY KEY, alert INTEGER NOT NULL, payload BLOB NOT NULL,"
    " seq INTEGER NOT NULL, received_ms INTEGER NOT NULL);";

struct store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    bool open; /* a transaction is */
};

static bool fail(struct store *store, const char *doing,
                 struct problem *problem)
{
    return problem_set(problem, PROBLEM_SYSTEM, "%s: %s", doing,
                       sqlite3_errmsg(store->database));
}

/* Runs a statement that gives no rows. */
static bool run(struct store *store, enum statement which)
{
    sqlite3_stmt *statement = store->statements[which];
    int result = sqlite3_step(statement);

    sqlite3_reset(statement);
    return result == SQLITE_DONE;
}

static int check_health(void *damaged, int columns, char **values, char **names)
{
    (void)names;
    if (columns < 1 || !values[0] || strcmp(values[0], "ok") != 0)
        *(bool *)damaged = true;
    return 0;
}

/* SQLITE_ERROR: the file has tables, but not ours. */
static bool is_damage(int result)
{
    return result == SQLITE_NOTADB || result == SQLITE_CORRUPT ||
           result == SQLITE_ERROR;
}

/* Nothing that stands in the file may act: ours has a table and no more. */
static int disarm(sqlite3 *database)
{
    int result = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0,
                                   NULL);

    if (result == SQLITE_OK)
        result = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0,
                                   NULL);
    if (result == SQLITE_OK)
        result = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
                                   NULL);
    return result;
}

static int prepare(struct store *store)
{
    int result = SQLITE_OK;

    for (int i = 0; i < STATEMENT_COUNT && result == SQLITE_OK; i++)
        result = sqlite3_prepare_v2(store->database, statement_texts[i], -1,
                                    &store->statements[i], NULL);
    return result;
}

/* Writes something, so that a folder or file that is read-only is found out
 * now and not at the first alert. */
static bool try_write(struct store *store)
{
    return run(store, STATEMENT_BEGIN) &&
           sqlite3_exec(store->database, "PRAGMA user_version = 1", NULL, NULL,
                        NULL) == SQLITE_OK &&
           run(store, STATEMENT_COMMIT);
}

static bool open_file(struct store *store, const char *file, bool *damaged,
                      struct problem *problem)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int result = sqlite3_open_v2(file, &store->database, flags, NULL);

    if (result == SQLITE_OK)
        result = disarm(store->database);
    if (result == SQLITE_OK) {
        sqlite3_busy_timeout(store->database, STORE_BUSY_MS);
        result = sqlite3_exec(store->database, schema, NULL, NULL, NULL);
    }
    if (result == SQLITE_OK)
        result = sqlite3_exec(store->database, "PRAGMA quick_check(1)",
                              check_health, damaged, NULL);
    if (result == SQLITE_OK && !*damaged)
        result = prepare(store);
    if (is_damage(result))
        *damaged = true;
    if (result != SQLITE_OK || *damaged)
        return fail(store, file, problem);
    if (!try_write(store))
        return fail(store, file, problem);
    return true;
}

/* Moves the file and what SQLite keeps beside it. */
static bool move_aside(const char *file)
{
    static const char *const tails[] = {"", "-wal", "-shm"};
    char from[4096], to[4096];

    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        int a = snprintf(from, sizeof from, "%s%s", file, tails[i]);
        int b = snprintf(to, sizeof to, "%s.damaged%s", file, tails[i]);
        if (a < 0 || b < 0 || (size_t)b >= sizeof to)
            return false;
        if (rename(from, to) != 0 && i == 0)
            return false;
    }
    return true;
}

bool store_open(const char *file, struct store **out, bool *damaged,
                struct problem *problem)
{
    struct store *store = calloc(1, sizeof *store);
    bool broken = false;

    if (!store)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (!open_file(store, file, &broken, problem)) {
        store_close(store);
        bool again = broken && !*damaged && move_aside(file);
        if (again)
            *damaged = true;
        return again && store_open(file, out, damaged, problem);
    }
    *out = store;
    return true;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    if (store->open)
        run(store, STATEMENT_COMMIT);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->database);
    free(store);
}

static void roll_back(struct store *store)
{
    run(store, STATEMENT_ROLLBACK);
    store->open = false;
}

/* What is loaded first and makes room last: the list of keys, by which the
 * others are verified, then alerts. */
static int rank(const char *topic)
{
    struct topic parts;

    if (!topic_parse(topic, &parts))
        return 0;
    return parts.kind == TOPIC_KEYS ? 2 : parts.kind == TOPIC_ALERT;
}

static bool put_row(struct store *store, const struct store_row *row)
{
    sqlite3_stmt *put = store->statements[STATEMENT_PUT];
    int bytes = (int)row->bytes; /* at most LIMIT_MESSAGE_BYTES */

    bool bound = sqlite3_bind_text(put, 1, row->topic, -1, SQLITE_STATIC) ==
                     SQLITE_OK &&
                 sqlite3_bind_int(put, 2, rank(row->topic)) == SQLITE_OK &&
                 sqlite3_bind_blob(put, 3, row->payload, bytes,
                                   SQLITE_STATIC) == SQLITE_OK &&
                 sqlite3_bind_int64(put, 4, row->seq) == SQLITE_OK &&
                 sqlite3_bind_int64(put, 5, row->received_ms) == SQLITE_OK;
    bool done = bound && run(store, STATEMENT_PUT);
    sqlite3_clear_bindings(put);
    return done;
}

static bool trim(struct store *store)
{
    return sqlite3_bind_int(store->statements[STATEMENT_TRIM], 1, STORE_ROWS) ==
               SQLITE_OK &&
           run(store, STATEMENT_TRIM);
}

bool store_put(struct store *store, const struct store_row *row,
               struct problem *problem)
{
    if (!store->open && !run(store, STATEMENT_BEGIN))
        return fail(store, "begin", problem);
    store->open = true;
    if (put_row(store, row))
        return true;
    fail(store, "put", problem);
    roll_back(store);
    return false;
}

bool store_commit(struct store *store, struct problem *problem)
{
    if (!store->open)
        return true;
    if (trim(store) && run(store, STATEMENT_COMMIT)) {
        store->open = false;
        return true;
    }
    fail(store, "commit", problem);
    roll_back(store);
    return false;
}

bool store_load(struct store *store,
                void (*each)(void *context, const struct store_row *row),
                void *context, struct problem *problem)
{
    sqlite3_stmt *load = store->statements[STATEMENT_LOAD];
    int result;

    while ((result = sqlite3_step(load)) == SQLITE_ROW) {
        struct store_row row = {
            .topic = (const char *)sqlite3_column_text(load, 0),
            .payload = sqlite3_column_blob(load, 1),
            .bytes = (size_t)sqlite3_column_bytes(load, 1),
            .seq = sqlite3_column_int64(load, 2),
            .received_ms = sqlite3_column_int64(load, 3),
        };
        if (row.topic && row.payload)
            each(context, &row);
    }
    sqlite3_reset(load);
    return result == SQLITE_DONE || fail(store, "load", problem);
}
