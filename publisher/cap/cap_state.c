/* Reads and writes the tables of imported messages. */
#include "publisher/cap/cap_state.h"

#include "base/sqlite.h"

#include <stdio.h>
#include <string.h>

/* How long a message is remembered: far longer than any alert lasts. */
#define KEPT_MS (INT64_C(400) * 24 * 3600 * 1000)

/* Every statement begins with the org. */
static bool prepare(struct cap_state *state, const char *sql,
                    sqlite3_stmt **out, struct problem *problem)
{
    if (!sqlite_prepare(state->file, sql, out, problem))
        return false;
    sqlite_bind_text(*out, 1, state->org);
    return true;
}

static bool find(void *context, const char *sender, const char *identifier,
                 char out[CAP_ID_BYTES])
{
    struct cap_state *state = context;
    sqlite3_stmt *statement = NULL;

    if (!prepare(state,
                 "SELECT id FROM cap_message WHERE org = ?1 AND sender = ?2"
                 " AND identifier = ?3 ORDER BY sent_ms DESC LIMIT 1",
                 &statement, NULL))
        return false;
    sqlite_bind_text(statement, 2, sender);
    sqlite_bind_text(statement, 3, identifier);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found)
        snprintf(out, CAP_ID_BYTES, "%s",
                 (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return found;
}

struct cap_history cap_state_history(struct cap_state *state)
{
    return (struct cap_history){.find = find, .context = state};
}

/* The hash of the file with this message; "": the message is new. */
static bool find_hash(struct cap_state *state,
                      const struct cap_mapping *mapping,
                      char out[CAP_HASH_BYTES], struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    out[0] = '\0';
    if (!prepare(state,
                 "SELECT hash FROM cap_message WHERE org = ?1 AND sender = ?2"
                 " AND identifier = ?3 AND sent_ms = ?4",
                 &statement, problem))
        return false;
    sqlite_bind_text(statement, 2, mapping->sender);
    sqlite_bind_text(statement, 3, mapping->identifier);
    sqlite3_bind_int64(statement, 4, mapping->sent_ms);
    bool row = false;
    bool read = sqlite_step(state->file, statement, &row, problem);
    if (row)
        snprintf(out, CAP_HASH_BYTES, "%s",
                 (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return read;
}

/* When the newest message of the chain was sent; INT64_MIN: never. */
static bool find_newest(struct cap_state *state, const char *id,
                        enum alert_status status, int64_t *out,
                        struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!prepare(state,
                 "SELECT sent_ms FROM cap_chain WHERE org = ?1 AND id = ?2"
                 " AND status = ?3",
                 &statement, problem))
        return false;
    sqlite_bind_text(statement, 2, id);
    sqlite3_bind_int(statement, 3, (int)status);
    bool row = false;
    bool read = sqlite_step(state->file, statement, &row, problem);
    *out = row ? sqlite3_column_int64(statement, 0) : INT64_MIN;
    sqlite3_finalize(statement);
    return read;
}

bool cap_state_judge(struct cap_state *state, const struct cap_mapping *mapping,
                     const char *hash, bool again, int64_t now_ms,
                     enum cap_verdict *out, struct problem *problem)
{
    char kept[CAP_HASH_BYTES];
    int64_t newest_ms;

    if (!find_hash(state, mapping, kept, problem) ||
        !find_newest(state, mapping->ids[0], mapping->status, &newest_ms,
                     problem))
        return false;
    *out = kept[0] && !again ? strcmp(kept, hash) == 0 ? CAP_VERDICT_SAME
                                                       : CAP_VERDICT_CONFLICT
           : mapping->sent_ms < newest_ms &&
                   newest_ms <= now_ms + CAP_SENT_AHEAD_MS
               ? CAP_VERDICT_OLDER
               : CAP_VERDICT_NEW;
    return true;
}

struct scopes {
    bool (*each)(void *context, const char *scope);
    void *context;
};

static bool read_scope(void *context, sqlite3_stmt *row)
{
    const struct scopes *scopes = context;

    return scopes->each(scopes->context,
                        (const char *)sqlite3_column_text(row, 0));
}

bool cap_state_each_scope(struct cap_state *state, const char *id,
                          bool (*each)(void *context, const char *scope),
                          void *context, struct problem *problem)
{
    struct scopes scopes = {each, context};
    sqlite3_stmt *statement = NULL;

    if (!prepare(state,
                 "SELECT scope FROM cap_scope WHERE org = ?1 AND id = ?2"
                 " ORDER BY scope",
                 &statement, problem))
        return false;
    sqlite_bind_text(statement, 2, id);
    return sqlite_each(state->file, statement, read_scope, &scopes, problem);
}

static bool keep_message(struct cap_state *state,
                         const struct cap_mapping *mapping, const char *hash,
                         int64_t now_ms, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!prepare(state,
                 "INSERT OR REPLACE INTO cap_message"
                 " (org, sender, identifier, sent_ms, hash, id, kept_ms)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                 &statement, problem))
        return false;
    sqlite_bind_text(statement, 2, mapping->sender);
    sqlite_bind_text(statement, 3, mapping->identifier);
    sqlite3_bind_int64(statement, 4, mapping->sent_ms);
    sqlite_bind_text(statement, 5, hash);
    sqlite_bind_text(statement, 6, mapping->ids[0]);
    sqlite3_bind_int64(statement, 7, now_ms);
    return sqlite_run(state->file, statement, problem);
}

static bool keep_chain(struct cap_state *state, const char *id,
                       const struct cap_mapping *mapping, int64_t now_ms,
                       struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!prepare(state,
                 "INSERT INTO cap_chain (org, id, status, sent_ms, kept_ms)"
                 " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (org, id, status)"
                 " DO UPDATE SET sent_ms = CASE WHEN sent_ms > ?6 THEN ?4"
                 " ELSE max(sent_ms, ?4) END, kept_ms = ?5",
                 &statement, problem))
        return false;
    sqlite_bind_text(statement, 2, id);
    sqlite3_bind_int(statement, 3, (int)mapping->status);
    sqlite3_bind_int64(statement, 4, mapping->sent_ms);
    sqlite3_bind_int64(statement, 5, now_ms);
    sqlite3_bind_int64(statement, 6, now_ms + CAP_SENT_AHEAD_MS);
    return sqlite_run(state->file, statement, problem);
}

static bool forget_old(struct cap_state *state, const char *sql,
                       int64_t before_ms, struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!prepare(state, sql, &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 2, before_ms);
    return sqlite_run(state->file, statement, problem);
}

bool cap_state_keep(struct cap_state *state, const struct cap_mapping *mapping,
                    const char *hash, int64_t now_ms, struct problem *problem)
{
    bool kept = keep_message(state, mapping, hash, now_ms, problem);

    for (size_t i = 0; kept && i < mapping->id_count; i++)
        kept = keep_chain(state, mapping->ids[i], mapping, now_ms, problem);
    return kept &&
           forget_old(state,
                      "DELETE FROM cap_message WHERE org = ?1"
                      " AND kept_ms < ?2",
                      now_ms - KEPT_MS, problem) &&
           forget_old(state,
                      "DELETE FROM cap_chain WHERE org = ?1 AND kept_ms < ?2",
                      now_ms - KEPT_MS, problem) &&
           forget_old(state,
                      "DELETE FROM cap_scope WHERE org = ?1 AND ?2 IS NOT NULL"
                      " AND id NOT IN"
                      " (SELECT id FROM cap_chain WHERE org = ?1)",
                      now_ms - KEPT_MS, problem);
}

static bool change_scope(struct cap_state *state, const char *sql,
                         const char *id, const char *scope,
                         struct problem *problem)
{
    sqlite3_stmt *statement = NULL;

    if (!prepare(state, sql, &statement, problem))
        return false;
    sqlite_bind_text(statement, 2, id);
    sqlite_bind_text(statement, 3, scope);
    return sqlite_run(state->file, statement, problem);
}

bool cap_state_keep_scope(struct cap_state *state, const char *id,
                          const char *scope, struct problem *problem)
{
    return change_scope(state,
                        "INSERT OR IGNORE INTO cap_scope (org, id, scope)"
                        " VALUES (?1, ?2, ?3)",
                        id, scope, problem);
}

bool cap_state_forget_scope(struct cap_state *state, const char *id,
                            const char *scope, struct problem *problem)
{
    return change_scope(state,
                        "DELETE FROM cap_scope WHERE org = ?1 AND id = ?2"
                        " AND scope = ?3",
                        id, scope, problem);
}
