/* Keeps rows in SQLite. Everything here runs on the loop's thread; the keeper
 * decides when something has to be on the disk. */
#include "display/edge/store/store_state.h"

#include <stdio.h>
#include <string.h>

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

/* As the file has them: a later version may number its classes otherwise. */
static const char *const class_names[LEDGER_CLASS_COUNT] = {
    [LEDGER_KEYS] = "keys",
    [LEDGER_SERVICE] = "service",
    [LEDGER_ALERTS] = "alerts",
    [LEDGER_PANELS] = "panels",
};

enum { WATERMARK_NAME_BYTES = 16 + LIMIT_KEY_ID_BYTES };

bool store_fail(struct store *store, const char *doing, struct problem *problem)
{
    int code = sqlite3_errcode(store->database) & 0xFF;
    int number = code == SQLITE_IOERR || code == SQLITE_CANTOPEN
                     ? sqlite3_system_errno(store->database)
                     : 0;

    return problem_set(problem, PROBLEM_SYSTEM, "%s: %s%s%s", doing,
                       sqlite3_errmsg(store->database), number ? ": " : "",
                       number ? strerror(number) : "");
}

/* Runs a statement that gives no rows. */
bool store_run(struct store *store, enum statement which)
{
    sqlite3_stmt *statement = store->statements[which];
    int result = sqlite3_step(statement);

    sqlite3_reset(statement);
    return result == SQLITE_DONE;
}

int store_prepare(struct store *store)
{
    int result = SQLITE_OK;

    for (int i = 0; i < STATEMENT_COUNT && result == SQLITE_OK; i++)
        if (!store->statements[i])
            result = sqlite3_prepare_v2(store->database, statement_texts[i], -1,
                                        &store->statements[i], NULL);
    return result;
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
    store_fail(store, doing, problem);
    store_run(store, STATEMENT_ROLLBACK);
    store->open = false;
    return false;
}

static bool begin(struct store *store, struct problem *problem)
{
    if (!store->open && !store_run(store, STATEMENT_BEGIN))
        return store_fail(store, "begin", problem);
    store->open = true;
    return true;
}

static bool bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    return sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC) ==
           SQLITE_OK;
}

static bool put_row(struct store *store, const struct kept_row *row)
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
    bool done = bound && store_run(store, STATEMENT_PUT);
    sqlite3_clear_bindings(put);
    return done;
}

bool store_put(struct store *store, const struct kept_row *row,
               struct problem *problem)
{
    if (!begin(store, problem))
        return false;
    return put_row(store, row) || give_up(store, "put", problem);
}

/* «alerts/KEYID»; «alerts» where it is not known whose. */
bool store_put_watermark(struct store *store, enum ledger_class class,
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
            store_run(store, STATEMENT_PUT_WATERMARK)) ||
           give_up(store, "put", problem);
}

bool store_clear_watermarks(struct store *store, struct problem *problem)
{
    if (!begin(store, problem))
        return false;
    return store_run(store, STATEMENT_CLEAR_WATERMARKS) ||
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
                   store_run(store, STATEMENT_DELETE);
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
    if (!store_run(store, STATEMENT_COMMIT))
        return give_up(store, "commit", problem);
    store->open = false;
    return true;
}

static bool read_watermark(const char *name, int64_t order_ms,
                           enum ledger_class *class, struct watermark *out)
{
    size_t length = strcspn(name, "/");
    const char *key_id = name + length + (name[length] == '/');

    if (strlen(key_id) > LIMIT_KEY_ID_BYTES)
        return false;
    for (int i = 0; i < LEDGER_CLASS_COUNT; i++) {
        if (strlen(class_names[i]) != length ||
            memcmp(class_names[i], name, length) != 0)
            continue;
        *class = (enum ledger_class)i;
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
        enum ledger_class class;
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
        struct kept_row row = {
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
    return result == SQLITE_DONE || store_fail(store, "load", problem);
}
