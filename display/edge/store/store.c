/* The store's SQLite file: opens it, checks that it is whole and of this
 * version, writes and reads its rows, and reads what is left of a damaged one.
 * Everything here runs on the loop's thread; the keeper decides when something
 * must be on the disk. */
#include "display/edge/store/store.h"

#include "base/translate.h"
#include "display/edge/store/store_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_PUT,
    STATEMENT_PUT_WATERMARK,
    STATEMENT_SLOTS,
    STATEMENT_DELETE,
    STATEMENT_LOAD,
    STATEMENT_CLEAR_WATERMARKS,
    STATEMENT_LOAD_WATERMARKS,
    STATEMENT_COUNT
};

struct store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    char log_file[STORE_PATH_BYTES];
    bool open; /* a transaction is open */
};

#define SQL_PUT                                                                \
    "INSERT INTO kept VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "                    \
    "ON CONFLICT (slot) DO UPDATE SET topic = ?2, payload = ?3, seq = ?4, "    \
    "received_ms = ?5, order_ms = ?6, ends_ms = ?7"

#define SQL_PUT_WATERMARK                                                      \
    "INSERT INTO floor VALUES (?1, ?2) "                                       \
    "ON CONFLICT (class) DO UPDATE SET order_ms = max(order_ms, ?2)"

#define SQL_LOAD                                                               \
    "SELECT slot, topic, payload, seq, received_ms, order_ms, ends_ms "        \
    "FROM kept"

static const char *const statement_texts[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_PUT] = SQL_PUT,
    [STATEMENT_PUT_WATERMARK] = SQL_PUT_WATERMARK,
    [STATEMENT_SLOTS] = "SELECT slot FROM kept",
    [STATEMENT_DELETE] = "DELETE FROM kept WHERE slot = ?1",
    [STATEMENT_LOAD] = SQL_LOAD,
    [STATEMENT_CLEAR_WATERMARKS] = "DELETE FROM floor",
    [STATEMENT_LOAD_WATERMARKS] = "SELECT class, order_ms FROM floor",
};

/* Names of the classes in the file; a later version may number its classes
 * differently. */
static const char *const class_names[SLOT_CLASS_COUNT] = {
    [SLOT_KEYS] = "keys",       [SLOT_SERVICE] = "service",
    [SLOT_ALERTS] = "alerts",   [SLOT_PANELS] = "panels",
    [SLOT_FIGURES] = "figures",
};

enum { WATERMARK_NAME_BYTES = 16 + LIMIT_KEY_ID_BYTES };

/* Fills the problem with the errors of SQLite and the system. Returns false. */
static bool fail(struct store *store, const char *doing,
                 struct problem *problem)
{
    int code = sqlite3_errcode(store->database) & 0xFF;
    int number = code == SQLITE_IOERR || code == SQLITE_CANTOPEN
                     ? sqlite3_system_errno(store->database)
                     : 0;

    return problem_set(problem, PROBLEM_SYSTEM, "%s: %s%s%s", doing,
                       sqlite3_errmsg(store->database), number ? tr(": ") : "",
                       number ? tr_error(number) : "");
}

/* Runs a statement that gives no rows. */
static bool run(struct store *store, enum statement which)
{
    sqlite3_stmt *statement = store->statements[which];
    int result = sqlite3_step(statement);

    sqlite3_reset(statement);
    return result == SQLITE_DONE;
}

/* Prepares all statements that are not prepared yet. SQLITE_OK: all are
 * prepared. */
static int prepare(struct store *store)
{
    int result = SQLITE_OK;

    for (int i = 0; i < STATEMENT_COUNT && result == SQLITE_OK; i++)
        if (!store->statements[i])
            result = sqlite3_prepare_v2(store->database, statement_texts[i], -1,
                                        &store->statements[i], NULL);
    return result;
}

/* No other process may open the file: it could keep the log from being merged
 * into the file, or truncate a file that is mapped into memory. */
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

/* Version 1 had one row for each topic; the board computes slot and age. */
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

/* SQLITE_ERROR: the file has tables other than ours. */
static bool is_damage(int result)
{
    return result == SQLITE_NOTADB || result == SQLITE_CORRUPT ||
           result == SQLITE_ERROR;
}

/* Nothing in the file may be executed: our schema consists of tables only. */
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

/* Migrates the tables to this version in one transaction. It always writes
 * something, so that a read-only folder or file is found now and not at the
 * first alert. */
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
        result = prepare(store);
    if (result == SQLITE_OK)
        result = execute(store, "COMMIT");
    return result;
}

/* A memory card may damage the sector beside the one that it writes: psow=0
 * makes SQLite begin each commit in a sector of its own. Only a URI can set it.
 */
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

/* Opens the database and sets it up, without writing anything yet. */
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
    return (result == SQLITE_OK && !*damaged) || fail(store, file, problem);
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

bool store_is_in_place(struct store *store)
{
    sqlite3_vfs *vfs = NULL;
    int moved = 0, there = 0;

    sqlite3_file_control(store->database, "main", SQLITE_FCNTL_HAS_MOVED,
                         &moved);
    sqlite3_file_control(store->database, "main", SQLITE_FCNTL_VFS_POINTER,
                         &vfs);
    return !moved && vfs &&
           vfs->xAccess(vfs, store->log_file, SQLITE_ACCESS_EXISTS, &there) ==
               SQLITE_OK &&
           there;
}

static bool give_up(struct store *store, const char *doing,
                    struct problem *problem)
{
    fail(store, doing, problem);
    run(store, STATEMENT_ROLLBACK);
    store->open = false;
    return false;
}

static bool begin(struct store *store, struct problem *problem)
{
    if (!store->open && !run(store, STATEMENT_BEGIN))
        return fail(store, "begin", problem);
    store->open = true;
    return true;
}

static bool bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    return sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC) ==
           SQLITE_OK;
}

static bool put_row(struct store *store, const struct slot_row *row)
{
    sqlite3_stmt *put = store->statements[STATEMENT_PUT];
    const int64_t numbers[] = {row->seq, row->received_ms, row->order_ms,
                               row->ends_ms};
    int bytes = (int)row->bytes; /* at most LIMIT_MESSAGE_BYTES */
    bool bound = bind_text(put, 1, row->slot) && bind_text(put, 2, row->topic);

    bound = bound && sqlite3_bind_blob(put, 3, row->payload, bytes,
                                       SQLITE_STATIC) == SQLITE_OK;
    for (int i = 0; i < 4; i++)
        bound = bound &&
                sqlite3_bind_int64(put, 4 + i, numbers[i]) == SQLITE_OK;
    bool done = bound && run(store, STATEMENT_PUT);
    sqlite3_clear_bindings(put);
    return done;
}

bool store_put(struct store *store, const struct slot_row *row,
               struct problem *problem)
{
    if (!begin(store, problem))
        return false;
    return put_row(store, row) || give_up(store, "put", problem);
}

/* The name is «alerts/KEYID», or «alerts» for an unknown key. */
bool store_put_watermark(struct store *store, enum slot_class class,
                         const struct watermark *watermark,
                         struct problem *problem)
{
    sqlite3_stmt *put = store->statements[STATEMENT_PUT_WATERMARK];
    char name[WATERMARK_NAME_BYTES];

    if (!begin(store, problem))
        return false;
    snprintf(name, sizeof name, "%s%s%s", class_names[class],
             watermark->key_id[0] ? "/" : "", watermark->key_id);
    return (bind_text(put, 1, name) &&
            sqlite3_bind_int64(put, 2, watermark->order_ms) == SQLITE_OK &&
            run(store, STATEMENT_PUT_WATERMARK)) ||
           give_up(store, "put", problem);
}

bool store_clear_watermarks(struct store *store, struct problem *problem)
{
    if (!begin(store, problem))
        return false;
    return run(store, STATEMENT_CLEAR_WATERMARKS) ||
           give_up(store, "clear", problem);
}

bool store_sweep(struct store *store,
                 bool (*knows)(void *context, const char *slot), void *context,
                 struct problem *problem)
{
    sqlite3_stmt *slots = store->statements[STATEMENT_SLOTS];
    sqlite3_stmt *delete = store->statements[STATEMENT_DELETE];
    bool good = true;
    int result;

    if (!begin(store, problem))
        return false;
    while (good && (result = sqlite3_step(slots)) == SQLITE_ROW) {
        const char *slot = (const char *)sqlite3_column_text(slots, 0);
        if (!slot || !knows(context, slot))
            good = sqlite3_bind_value(delete, 1,
                                      sqlite3_column_value(slots, 0)) ==
                       SQLITE_OK &&
                   run(store, STATEMENT_DELETE);
    }
    good = good && result == SQLITE_DONE;
    if (!good)
        give_up(store, "sweep", problem);
    sqlite3_reset(slots);
    return good;
}

bool store_commit(struct store *store, struct problem *problem)
{
    if (!store->open)
        return true;
    if (!run(store, STATEMENT_COMMIT))
        return give_up(store, "commit", problem);
    store->open = false;
    return true;
}

static bool read_watermark(const char *name, int64_t order_ms,
                           enum slot_class *class, struct watermark *out)
{
    size_t length = strcspn(name, "/");
    const char *key_id = name + length + (name[length] == '/');

    if (strlen(key_id) > LIMIT_KEY_ID_BYTES)
        return false;
    for (int i = 0; i < SLOT_CLASS_COUNT; i++) {
        if (strlen(class_names[i]) != length ||
            memcmp(class_names[i], name, length) != 0)
            continue;
        *class = (enum slot_class)i;
        *out = watermark_of(key_id, order_ms);
        return true;
    }
    return false;
}

static void load_watermarks(struct store *store,
                            const struct store_reader *reader)
{
    sqlite3_stmt *load = store->statements[STATEMENT_LOAD_WATERMARKS];

    while (sqlite3_step(load) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(load, 0);
        enum slot_class class;
        struct watermark watermark;
        if (name && read_watermark(name, sqlite3_column_int64(load, 1), &class,
                                   &watermark))
            reader->watermark(reader->context, class, &watermark);
    }
    sqlite3_reset(load);
}

bool store_load(struct store *store, const struct store_reader *reader,
                struct problem *problem)
{
    sqlite3_stmt *load = store->statements[STATEMENT_LOAD];
    int result;

    while ((result = sqlite3_step(load)) == SQLITE_ROW) {
        struct slot_row row = {
            .slot = (const char *)sqlite3_column_text(load, 0),
            .topic = (const char *)sqlite3_column_text(load, 1),
            .payload = sqlite3_column_blob(load, 2),
            .bytes = (size_t)sqlite3_column_bytes(load, 2),
            .seq = sqlite3_column_int64(load, 3),
            .received_ms = sqlite3_column_int64(load, 4),
            .order_ms = sqlite3_column_int64(load, 5),
            .ends_ms = sqlite3_column_int64(load, 6),
        };
        if (row.slot && row.topic && row.payload)
            reader->row(reader->context, &row);
    }
    sqlite3_reset(load);
    load_watermarks(store, reader);
    return result == SQLITE_DONE || fail(store, "load", problem);
}

/* The copy may be changed in order to read it; rows that cannot be read are
 * skipped. */
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
        prepare(store);
        store_load(store, reader, NULL);
        read = store->statements[STATEMENT_LOAD] != NULL;
    }
    store_close(store);
    store_file_remove_copy(copy);
    return read;
}

size_t store_memory(void)
{
    return (size_t)sqlite3_memory_used();
}
