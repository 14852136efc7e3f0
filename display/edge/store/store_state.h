/* The store's inside, shared by its files; nobody else includes it. */
#ifndef GAOSHI_DISPLAY_STORE_STATE_H
#define GAOSHI_DISPLAY_STORE_STATE_H

#include "display/edge/store/store.h"
#include "display/edge/store/store_file.h"

#include <sqlite3.h>

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
    bool open; /* a transaction is */
};

/* Fills the problem with what SQLite and the system say. Returns false. */
bool store_fail(struct store *store, const char *doing,
                struct problem *problem);

/* Runs a statement that gives no rows. */
bool store_run(struct store *store, enum statement which);

/* Prepares what is not prepared yet. SQLITE_OK: all of them. */
int store_prepare(struct store *store);

#endif
