/* Opens the store's file, makes sure that it is whole and of this version, and
 * reads what is left of one that is not. */
#include "display/edge/store/store_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Alone: no other process can hold the log from going over into the file, and
 * no mapped file can be cut short under us. */
static const char settings[] = "PRAGMA locking_mode = EXCLUSIVE;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA cell_size_check = ON;"
                               "PRAGMA journal_mode = WAL;";

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS kept ("
    " slot TEXT PRIMARY KEY NOT NULL, topic TEXT NOT NULL, payload BLOB NOT "
    "NULL,"
    " seq INTEGER NOT NULL, received_ms INTEGER NOT NULL,"
    " order_ms INTEGER NOT NULL, ends_ms INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS floor ("
    " class TEXT PRIMARY KEY NOT NULL, order_ms INTEGER NOT NULL);";

/* Version 1 had a row a topic, whose slot and age the board will tell. */
static const char migration[] =
    "INSERT OR IGNORE INTO kept SELECT topic, topic, payload, seq,"
    " received_ms, received_ms, received_ms FROM slot;"
    "DROP TABLE slot;";

static int execute(struct store *store, const char *sql)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL);
}

/* The first column of the first row as a number. */
static int read_number(struct store *store, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL);

    if (result == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    int ended = sqlite3_finalize(statement);
    return result == SQLITE_OK ? ended : result;
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

/* Nothing that stands in the file may act: ours has tables and no more. */
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

static int set_bounds(struct store *store)
{
    char sql[192];
    int64_t page_bytes = 0;
    int result = read_number(store, "PRAGMA page_size", &page_bytes);

    if (result != SQLITE_OK || page_bytes <= 0)
        return result == SQLITE_OK ? SQLITE_CORRUPT : result;
    snprintf(sql, sizeof sql,
             "PRAGMA max_page_count = %lld; PRAGMA wal_autocheckpoint = %lld;"
             "PRAGMA journal_size_limit = %d",
             (long long)(STORE_FILE_BYTES / page_bytes),
             (long long)(STORE_LOG_BYTES / page_bytes), STORE_LOG_BYTES);
    return execute(store, sql);
}

/* Brings the tables to this version, in one transaction. It always writes
 * something, so that a folder or file that is read-only is found out now and
 * not at the first alert. */
static int bring_up_to_date(struct store *store)
{
    char mark[48];
    int64_t old = 0;
    int result = execute(store, "BEGIN IMMEDIATE");

    if (result == SQLITE_OK)
        result = execute(store, schema);
    if (result == SQLITE_OK)
        result = read_number(store,
                             "SELECT count(*) FROM sqlite_schema "
                             "WHERE name = 'slot'",
                             &old);
    if (result == SQLITE_OK && old > 0)
        result = execute(store, migration);
    snprintf(mark, sizeof mark, "PRAGMA user_version = %d", STORE_VERSION);
    if (result == SQLITE_OK)
        result = execute(store, mark);
    if (result == SQLITE_OK)
        result = store_prepare(store);
    if (result == SQLITE_OK)
        result = execute(store, "COMMIT");
    return result;
}

/* A memory card may tear the sector beside the one that it writes: psow=0 makes
 * SQLite begin each commit in a sector of its own. Only a URI can say so. */
static bool make_uri(const char *file, char out[3 * STORE_PATH_BYTES])
{
    size_t length = (size_t)sprintf(out, "file:");

    if (strlen(file) >= STORE_PATH_BYTES)
        return false;
    for (; *file; file++)
        length += (size_t)sprintf(
            out + length, strchr("%?#", *file) ? "%%%02X" : "%c", *file);
    strcpy(out + length, "?psow=0");
    return true;
}

/* Up to where nothing was written yet. */
static int open_database(struct store *store, const char *file)
{
    char uri[3 * STORE_PATH_BYTES + 16];
    int result = SQLITE_CANTOPEN;

    if (make_uri(file, uri))
        result = sqlite3_open_v2(
            uri, &store->database,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL);
    if (result != SQLITE_OK)
        return result;
    sqlite3_busy_timeout(store->database, STORE_BUSY_MS);
    result = disarm(store->database);
    if (result == SQLITE_OK)
        result = execute(store, settings);
    return result == SQLITE_OK ? set_bounds(store) : result;
}

static bool open_file(struct store *store, const char *file, bool *damaged,
                      struct problem *problem)
{
    int64_t version = 0;
    int result = open_database(store, file);

    snprintf(store->log_file, sizeof store->log_file, "%s-wal", file);
    if (result == SQLITE_OK)
        result = read_number(store, "PRAGMA user_version", &version);
    if (result == SQLITE_OK && version > STORE_VERSION)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "%s: written by a newer gaoshi-display", file);
    if (result == SQLITE_OK)
        result = sqlite3_exec(store->database, "PRAGMA integrity_check(1)",
                              check_health, damaged, NULL);
    if (result == SQLITE_OK && !*damaged)
        result = bring_up_to_date(store);
    if (is_damage(result))
        *damaged = true;
    return (result == SQLITE_OK && !*damaged) ||
           store_fail(store, file, problem);
}

bool store_open(const char *file, struct store **out, bool *damaged,
                struct problem *problem)
{
    struct store *store = calloc(1, sizeof *store);
    bool broken = store_file_bytes(file) > STORE_FILE_BYTES;

    if (!store)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (broken)
        problem_set(problem, PROBLEM_SYSTEM, "%s: more than %d bytes", file,
                    STORE_FILE_BYTES);
    if (broken || !open_file(store, file, &broken, problem)) {
        store_close(store);
        bool again = broken && !*damaged && store_file_move_aside(file);
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
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->database);
    free(store);
}

/* A copy may be changed as is needed to read it; what fails is passed over. */
bool store_rescue(const char *file, const struct store_reader *reader)
{
    struct store *store = calloc(1, sizeof *store);
    char copy[STORE_PATH_BYTES];
    bool read = false;

    if (!store || !store_file_copy(file, STORE_FILE_BYTES, copy)) {
        free(store);
        return false;
    }
    if (open_database(store, copy) == SQLITE_OK) {
        bring_up_to_date(store);
        store_prepare(store);
        store_load(store, reader, NULL);
        read = store->statements[STATEMENT_LOAD] != NULL;
    }
    store_close(store);
    store_file_remove_copy(copy);
    return read;
}
