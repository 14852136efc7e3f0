/* A SQLite file, and the steps of a statement. An error of SQLite becomes a
 * problem that names the file. */
#ifndef GAOSHI_BASE_SQLITE_H
#define GAOSHI_BASE_SQLITE_H

#include "base/problem.h"

#include <sqlite3.h>
#include <stdbool.h>

/* The owner opens and closes the connection. */
struct sqlite_file {
    sqlite3 *connection;
    const char *what; /* begins the text of each problem: "outbox" */
    char *path;       /* as the user named it: the place of each problem */
};

/* Sets a problem: what could not be done, then SQLite's last error. Returns
 * false. */
bool sqlite_fail(const struct sqlite_file *file, const char *failure,
                 struct problem *problem);

/* Runs statements that take no values and give no rows. */
bool sqlite_execute(const struct sqlite_file *file, const char *sql,
                    struct problem *problem);

/* The caller passes *out to one of the functions below, which ends it. */
bool sqlite_prepare(const struct sqlite_file *file, const char *sql,
                    sqlite3_stmt **out, struct problem *problem);

/* The text is borrowed until the statement ends; NULL is allowed. */
void sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text);

/* Runs a statement that gives no rows, and ends it. */
bool sqlite_run(const struct sqlite_file *file, sqlite3_stmt *statement,
                struct problem *problem);

/* Steps to the next row; *row is false after the last one. The caller ends the
 * statement with sqlite3_finalize. */
bool sqlite_step(const struct sqlite_file *file, sqlite3_stmt *statement,
                 bool *row, struct problem *problem);

/* Calls back for each row until a callback returns false, and ends the
 * statement. Returns false if a callback or SQLite failed. A callback that
 * fails fills the problem itself. */
bool sqlite_each(const struct sqlite_file *file, sqlite3_stmt *statement,
                 bool (*each)(void *context, sqlite3_stmt *row), void *context,
                 struct problem *problem);

#endif
