/* Runs SQLite statements and turns their errors into problems. */
#include "base/sqlite.h"

#include "base/translate.h"

bool sqlite_fail(const struct sqlite_file *file, const char *failure,
                 struct problem *problem)
{
    problem_set(problem, PROBLEM_SYSTEM, "%s: %s: %s", tr(file->what),
                tr(failure), tr(sqlite3_errmsg(file->connection)));
    problem_set_place(problem, file->path);
    return false;
}

bool sqlite_execute(const struct sqlite_file *file, const char *sql,
                    struct problem *problem)
{
    return sqlite3_exec(file->connection, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sqlite_fail(file, "cannot be written", problem);
}

bool sqlite_prepare(const struct sqlite_file *file, const char *sql,
                    sqlite3_stmt **out, struct problem *problem)
{
    return sqlite3_prepare_v2(file->connection, sql, -1, out, NULL) ==
               SQLITE_OK ||
           sqlite_fail(file, "cannot be read", problem);
}

void sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

bool sqlite_run(const struct sqlite_file *file, sqlite3_stmt *statement,
                struct problem *problem)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE ||
                sqlite_fail(file, "cannot be written", problem);

    sqlite3_finalize(statement);
    return done;
}

bool sqlite_step(const struct sqlite_file *file, sqlite3_stmt *statement,
                 bool *row, struct problem *problem)
{
    int step = sqlite3_step(statement);

    *row = step == SQLITE_ROW;
    return *row || step == SQLITE_DONE ||
           sqlite_fail(file, "cannot be read", problem);
}

bool sqlite_each(const struct sqlite_file *file, sqlite3_stmt *statement,
                 bool (*each)(void *context, sqlite3_stmt *row), void *context,
                 struct problem *problem)
{
    bool row = false;
    bool going = sqlite_step(file, statement, &row, problem);

    while (going && row)
        going = each(context, statement) &&
                sqlite_step(file, statement, &row, problem);
    sqlite3_finalize(statement);
    return going;
}
