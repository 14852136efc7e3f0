/* The table of pictures. */
#include "publisher/outbox/kept_pictures.h"

#include "base/sqlite.h"
#include "publisher/outbox/outbox.h"

/* The body after the envelope line, if it is JSON. */
#define BODY "CAST(substr(payload, instr(payload, x'0A') + 1) AS TEXT)"

/* The digests that live panels name; ?1 the org, ?2 now, ?3 and ?4 the states
 * that count. Without an expiry the column contains the smallest number. */
#define NAMED                                                                  \
    "(SELECT json_extract(p.value, '$.sha256') FROM"                           \
    " (SELECT CASE WHEN json_valid(" BODY ") THEN " BODY                       \
    " ELSE '{}' END AS body FROM message WHERE org = ?1"                       \
    " AND state IN (?3, ?4) AND topic GLOB 'gaoshi/1/*/down/*/panel/*'"        \
    " AND (expires_ms < 0 OR expires_ms > ?2)) live,"                          \
    " json_each(live.body, '$.panel.pictures') p"                              \
    " WHERE json_extract(p.value, '$.sha256') IS NOT NULL)"

bool kept_pictures_add(const struct sqlite_file *file, const char *org,
                       const struct kept_picture *picture,
                       struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(file,
                        "INSERT INTO picture (org, digest, bytes, confirmed)"
                        " VALUES (?1, ?2, ?3, 0) ON CONFLICT (org, digest)"
                        " DO UPDATE SET confirmed = 0",
                        &statement, problem))
        return false;
    sqlite_bind_text(statement, 1, org);
    sqlite_bind_text(statement, 2, picture->digest);
    sqlite3_bind_blob64(statement, 3, picture->bytes, picture->size,
                        SQLITE_STATIC);
    return sqlite_run(file, statement, problem);
}

struct reading {
    bool (*each)(void *context, const struct kept_picture *picture);
    void *context;
};

static bool read_row(void *context, sqlite3_stmt *row)
{
    const struct reading *reading = context;
    const struct kept_picture picture = {
        .digest = (const char *)sqlite3_column_text(row, 0),
        .bytes = sqlite3_column_blob(row, 1),
        .size = (size_t)sqlite3_column_bytes(row, 1),
    };

    return reading->each(reading->context, &picture);
}

bool kept_pictures_each(const struct sqlite_file *file, const char *org,
                        enum kept_pictures_which which, int64_t now_ms,
                        bool (*each)(void *context,
                                     const struct kept_picture *picture),
                        void *context, struct problem *problem)
{
    static const char *const queries[] = {
        [KEPT_PICTURES_WAITING] = "SELECT digest, bytes FROM picture WHERE org "
                                  "= ?1 AND confirmed = 0 AND digest IN " NAMED,
        [KEPT_PICTURES_NAMED] = "SELECT digest, bytes FROM picture WHERE org = "
                                "?1 AND digest IN " NAMED,
        [KEPT_PICTURES_LEFT] = "SELECT digest, bytes FROM picture WHERE org = "
                               "?1 AND digest NOT IN " NAMED,
    };
    struct reading reading = {each, context};
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(file, queries[which], &statement, problem))
        return false;
    sqlite_bind_text(statement, 1, org);
    sqlite3_bind_int64(statement, 2, now_ms);
    sqlite3_bind_int(statement, 3, OUTBOX_WAITING);
    sqlite3_bind_int(statement, 4, OUTBOX_CONFIRMED);
    return sqlite_each(file, statement, read_row, &reading, problem);
}

static bool change(const struct sqlite_file *file, const char *sql,
                   const char *org, const char *digest, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(file, sql, &statement, problem))
        return false;
    sqlite_bind_text(statement, 1, org);
    sqlite_bind_text(statement, 2, digest);
    return sqlite_run(file, statement, problem);
}

bool kept_pictures_confirm(const struct sqlite_file *file, const char *org,
                           const char *digest, struct problem *problem)
{
    return change(file,
                  "UPDATE picture SET confirmed = 1 WHERE org = ?1 AND digest"
                  " = ?2",
                  org, digest, problem);
}

bool kept_pictures_forget(const struct sqlite_file *file, const char *org,
                          const char *digest, struct problem *problem)
{
    return change(file, "DELETE FROM picture WHERE org = ?1 AND digest = ?2",
                  org, digest, problem);
}
